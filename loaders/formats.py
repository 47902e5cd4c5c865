"""What a workbook shows of a number, read from its own styles for just the cells asked about: decimals, or another number."""

import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar
from xml.etree import ElementTree

from loaders.extents import Cell, column_of, last_start, letters_of
from loaders.packages import Package

# The formats that every workbook has without spelling them out.
_BUILT_IN = {1: 0, 2: 2, 3: 0, 4: 2, 5: 0, 6: 0, 7: 2, 8: 2, 37: 0, 38: 0, 39: 2, 40: 2, 41: 0, 42: 0, 43: 2, 44: 2}
_SHARES = (9, 10)
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_FOREIGN = re.compile(r"US\$|HK\$|\[\$(?!¥|￥|CNY|RMB|-)[^\]]*\]|[€£]|\b(?:USD|EUR|HKD|GBP|JPY)\b|美元|港元|港币|欧元|日元", re.IGNORECASE)
_HIDDEN = re.compile(rb"""<row\s(?=[^<>]*\br=["']([0-9]{1,7})["'])(?=[^<>]*\bhidden=["'](?:1|true)["'])""")
_NUMBER_TYPE = re.compile(rb"""\bt=["']([^"']*)["']""")
_STYLE = re.compile(rb"""\bs=["']([0-9]+)["']""")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_OVERLAP = 4096
LONGEST_FORMAT = 255
Found = TypeVar("Found")


def sheet_parts(package: Package) -> dict[str, str]:
    """The member of the archive that holds each worksheet, by the sheet's name; empty where the workbook does not say."""
    try:
        book = ElementTree.parse(io.BytesIO(package.read("xl/workbook.xml")))
        links = ElementTree.parse(io.BytesIO(package.read("xl/_rels/workbook.xml.rels")))
    except (ElementTree.ParseError, LookupError, ValueError):
        return {}
    targets = {link.get("Id"): link.get("Target", "") for link in links.getroot()}
    parts = {}
    for sheet in (element for element in book.iter() if element.tag in (f"{_MAIN}sheet", f"{_STRICT}sheet")):
        target = targets.get(sheet.get(_RELATION) or sheet.get(_STRICT_RELATION), "")
        name = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if name in package.members:
            parts[sheet.get("name", "")] = name
    return parts


def decimals_shown(code: str) -> int | None:
    """The fixed number of decimals that a number format shows; None for a percentage, a date, a scale such as 万 or an open number."""
    if re.search("[百千万亿]", code):
        return None
    positive = _LITERAL.sub("", code[:LONGEST_FORMAT].split(";", maxsplit=1)[0]).strip()
    found = re.fullmatch(r"[^0#?.]*?[#,]*[0#?,]*[0#?](?:\.(0+))?[^0#?.,%EeYyDdHhSsMm/]*", positive)
    return len(found[1] or "") if found else None


def disguises(code: str) -> bool:
    """Whether a number format shows another number than the cell holds: a share, thousands or 万 of it, other money, or none at all."""
    first = _LITERAL.sub("", code[:LONGEST_FORMAT].split(";", maxsplit=1)[0])
    is_scaled = re.search(r"[0#?],+(?![0#?,])|[0#?]!\.", first) is not None
    is_hidden = ";" in code and not re.search(r"[0#?@]|General|[ymdhs]", first, re.IGNORECASE)
    return "%" in first or is_scaled or is_hidden or _FOREIGN.search(code[:LONGEST_FORMAT]) is not None


def _by_style(package: Package, judge: Callable[[str], Found | None], known: Mapping[int, Found]) -> list[Found | None]:
    """What `judge` says of the number format of each cell style of the workbook; `known` of those that every workbook has."""
    try:
        styles = ElementTree.parse(io.BytesIO(package.read("xl/styles.xml"))).getroot()
    except (ElementTree.ParseError, LookupError, ValueError):
        return []
    space = _STRICT if styles.tag.startswith(_STRICT) else _MAIN
    own = {format_.get("numFmtId"): format_.get("formatCode", "") for format_ in styles.iter(f"{space}numFmt")}
    told = []
    for style in styles.iterfind(f"{space}cellXfs/{space}xf"):
        number = style.get("numFmtId", "0")
        told.append(judge(own[number]) if number in own else known.get(int(number)) if number.isdigit() else None)
    return told


def shown(package: Package, sheet: str, asked: Iterable[Cell]) -> dict[Cell, int]:
    """For each cell asked about that holds a number and shows a fixed number of decimals, that number."""
    rows = defaultdict(set)
    for cell in asked:
        rows[cell.column].add(cell.row)
    styled = _cells(package, sheet, list(rows), _by_style(package, decimals_shown, _BUILT_IN))
    return {cell: decimals for cell, decimals in styled if cell.row in rows[cell.column]}


def disguised(package: Package, sheet: str, columns: list[int]) -> list[Cell]:
    """The cells of some columns that hold a number and show another one or none."""
    styles = _by_style(package, lambda code: disguises(code) or None, dict.fromkeys(_SHARES, True))
    return [cell for cell, _ in _cells(package, sheet, columns, styles)] if any(styles) else []


def hidden_rows(package: Package, sheet: str) -> list[int]:
    """The numbers of the rows of a sheet that a filter or a hand has hidden."""
    part, rest = sheet_parts(package).get(sheet), b""
    found = []
    for piece in package.pieces(part) if part else ():
        text = rest + piece
        cut = last_start(text, b"<row")
        found += [int(tag[1]) for tag in _HIDDEN.finditer(text[:cut])]
        rest = text[cut:]
    return found + [int(tag[1]) for tag in _HIDDEN.finditer(rest)]


def _cells(package: Package, sheet: str, columns: list[int], styles: list[Found | None]) -> Iterator[tuple[Cell, Found]]:
    """The cells of some columns that hold a number and whose style something is said of, with that."""
    part = sheet_parts(package).get(sheet)
    if part is None or not styles or not columns:
        return
    form = re.compile(rb"""<c\s+(?:[^<>]*?\s)?r=["'](%b)([0-9]{1,7})["'][^<>]*>""" % "|".join(map(letters_of, columns)).encode())
    rest = b""
    for piece in package.pieces(part):
        text = rest + piece
        for tag in form.finditer(text):
            style, kind = _STYLE.search(tag[0]), _NUMBER_TYPE.search(tag[0])
            number = int(style[1]) if style else 0
            told = styles[number] if number < len(styles) and (kind is None or kind[1] == b"n") else None
            if told is not None:
                yield Cell(int(tag[2]) - 1, column_of(tag[1].decode())), told
        rest = text[-_OVERLAP:]
