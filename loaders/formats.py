"""How many decimals a workbook shows of a number, read from its own styles for just the cells asked about."""

import io
import re
from collections import defaultdict
from collections.abc import Iterable
from xml.etree import ElementTree

from loaders.extents import Cell, column_of, letters_of
from loaders.packages import Package

# The formats that every workbook has without spelling them out.
_BUILT_IN = {1: 0, 2: 2, 3: 0, 4: 2, 5: 0, 6: 0, 7: 2, 8: 2, 37: 0, 38: 0, 39: 2, 40: 2, 41: 0, 42: 0, 43: 2, 44: 2}
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_NUMBER_TYPE = re.compile(rb"""\bt=["']([^"']*)["']""")
_STYLE = re.compile(rb"""\bs=["']([0-9]+)["']""")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_OVERLAP = 4096
LONGEST_FORMAT = 255


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


def _shown_by_style(package: Package) -> list[int | None]:
    """The decimals that each cell style of the workbook shows."""
    try:
        styles = ElementTree.parse(io.BytesIO(package.read("xl/styles.xml"))).getroot()
    except (ElementTree.ParseError, LookupError, ValueError):
        return []
    space = _STRICT if styles.tag.startswith(_STRICT) else _MAIN
    own = {format_.get("numFmtId"): format_.get("formatCode", "") for format_ in styles.iter(f"{space}numFmt")}
    shown = []
    for style in styles.iterfind(f"{space}cellXfs/{space}xf"):
        number = style.get("numFmtId", "0")
        shown.append(decimals_shown(own[number]) if number in own else _BUILT_IN.get(int(number)) if number.isdigit() else None)
    return shown


def shown(package: Package, sheet: str, asked: Iterable[Cell]) -> dict[Cell, int]:
    """For each cell asked about that holds a number and shows a fixed number of decimals, that number."""
    part = sheet_parts(package).get(sheet)
    styles = _shown_by_style(package)
    if part is None or not styles:
        return {}
    rows = defaultdict(set)
    for cell in asked:
        rows[letters_of(cell.column)].add(cell.row)
    form = re.compile(rb"""<c\s+(?:[^<>]*?\s)?r=["'](%b)([0-9]{1,7})["'][^<>]*>""" % "|".join(rows).encode())
    found: dict[Cell, int] = {}
    rest = b""
    for piece in package.pieces(part):
        text = rest + piece
        for tag in form.finditer(text):
            letters, row = tag[1].decode(), int(tag[2]) - 1
            style = _STYLE.search(tag[0])
            kind = _NUMBER_TYPE.search(tag[0])
            number = int(style[1]) if style else 0
            if row in rows[letters] and (kind is None or kind[1] == b"n") and number < len(styles) and styles[number] is not None:
                found[Cell(row, column_of(letters))] = styles[number]
        rest = text[-_OVERLAP:]
    return found
