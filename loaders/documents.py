"""Word documents become tables of text; the only door to their XML, and to the office program that opens old ones."""

import contextlib
import io
import os
import shutil
import signal
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from loaders.problems import LoadError
from loaders.shapes import Table, Tables

MOST_SECONDS = 45
LARGEST_PART = 60 * 2**20
# Column lines this near to each other are one line drawn twice; in twentieths of a point, 3 mm.
_NEAR = 170
_GONE = frozenset({"del", "moveFrom", "txbxContent", "AlternateContent", "pict", "drawing", "object", "pPr", "rPr", "rt", "tbl"})
_THROUGH = frozenset({"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"})
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


class _Cell(NamedTuple):
    """A cell of a Word table: the grid column that it begins at, its text, the tables nested in it."""

    start: int
    text: str
    nested: list[Any]


def word(content: bytes) -> Tables:
    """The tables of a .docx, and the text around them; LoadError F05 for a damaged one.

    A cell merged sideways or downwards is its text once and then empty cells. Nested tables follow the row in
    which they stand; text boxes, headers, footers and what was deleted in track changes are left out.
    """
    from lxml import etree  # noqa: PLC0415 - only Word files need it

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        etree.fromstring(archive.read("[Content_Types].xml"), parser)
        part = _main_part(etree.fromstring(archive.read("_rels/.rels"), parser))
        if archive.getinfo(part).file_size > LARGEST_PART:
            raise LoadError("F05", value=".docx", why="large")
        body = etree.fromstring(archive.read(part), parser)
        elements = list(_elements(body[0]))
        tables = [_table(number, element) for number, element in enumerate((e for e in elements if _name(e) == "tbl"), start=1)]
    except (SyntaxError, KeyError, IndexError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise LoadError("F05", value=".docx", why="damaged") from error
    return Tables(tables, "\n".join(_text(element) for element in elements if _name(element) == "p"), "docx", [])


def _main_part(relations: Any) -> str:
    """Where the package keeps its document; KeyError where it names none."""
    for relation in relations:
        if relation.get("Type", "").endswith("/officeDocument"):
            return relation.get("Target", "").lstrip("/")
    raise KeyError("officeDocument")


def _name(element: Any) -> str:
    """The element's name without its namespace, which has two spellings; empty for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _elements(parent: Any) -> Iterator[Any]:
    """The paragraphs, tables, rows or cells of an element, through content controls and accepted insertions."""
    for element in parent:
        if _name(element) in _THROUGH:
            yield from _elements(element)
        elif _name(element) not in _GONE or _name(element) == "tbl":
            yield element


def _text(parent: Any) -> str:
    """The visible text of a paragraph."""
    parts = []
    for element in parent:
        name = _name(element)
        if name == "t":
            parts.append(element.text or "")
        elif name in _BREAKS:
            parts.append(_BREAKS[name])
        elif name not in _GONE:
            parts.append(_text(element))
    return "".join(parts)


def _table(number: int, table: Any) -> Table:
    rows = _rows(table)
    return Table(rows, list(range(1, len(rows) + 1)), f"表{number}")


def _rows(table: Any) -> list[list[str]]:
    """The rows of a table with a cell for each of its columns, nested tables after the row that holds them."""
    rows = [_cells(row) for row in _elements(table) if _name(row) == "tr" and not _is_deleted(row)]
    columns = _columns(table, {cell.start for row in rows for cell in row})
    width = max(columns.values(), default=0) + 1
    found = []
    for row in rows:
        texts = [""] * width
        last = -1
        for cell in row:
            last = max(columns[cell.start], last + 1)
            texts += [""] * (last + 1 - len(texts))
            texts[last] = cell.text
        found.append(texts)
        found += [nested for cell in row for inner in cell.nested for nested in _rows(inner)]
    return found


def _cells(row: Any) -> list[_Cell]:
    place = int(_property(row, "trPr", "gridBefore") or 0)
    cells = []
    for cell in _elements(row):
        if _name(cell) != "tc":
            continue
        merge = _property(cell, "tcPr", "vMerge")
        inner = list(_elements(cell))
        text = "\n".join(_text(element) for element in inner if _name(element) == "p")
        goes_on = merge is not None and merge != "restart"
        cells.append(_Cell(place, "" if goes_on else text, [element for element in inner if _name(element) == "tbl"]))
        place += int(_property(cell, "tcPr", "gridSpan") or 1)
    return cells


def _property(element: Any, group: str, name: str) -> str | None:
    """The value of a property, empty where it stands without one; None where it does not stand."""
    for properties in element:
        if _name(properties) == group:
            for entry in properties:
                if _name(entry) == name:
                    return next((value for key, value in entry.attrib.items() if key.rpartition("}")[2] == "val"), "")
    return None


def _is_deleted(row: Any) -> bool:
    return _property(row, "trPr", "del") is not None


def _columns(table: Any, starts: set[int]) -> dict[int, int]:
    """Which column each grid line begins; lines drawn a hair apart in different rows are the same."""
    grid = next((element for element in table if _name(element) == "tblGrid"), ())
    widths = [next((value for key, value in column.attrib.items() if key.endswith("}w")), "") for column in grid]
    lines = [0]
    for width in widths:
        lines.append(lines[-1] + (int(width) if width.isdigit() else 10 * _NEAR))
    columns: dict[int, int] = {}
    last, column = -10 * _NEAR, -1
    for start in sorted(starts):
        line = lines[start] if start < len(lines) else lines[-1] + 10 * _NEAR * (start + 1 - len(lines))
        if line - last > _NEAR:
            column, last = column + 1, line
        columns[start] = column
    return columns


def old_word(content: bytes) -> Tables:
    """The tables of a .doc, opened by LibreOffice where the machine has it; LoadError F05 where it has not, or fails."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        raise LoadError("F05", value=".doc", why="doc")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "old.doc")
        source.write_bytes(content)
        profile = Path(folder, "profile").as_uri()
        options = ["--headless", "--norestore", "--nolockcheck", f"-env:UserInstallation={profile}"]
        _run([office, *options, "--convert-to", "docx", "--outdir", folder, str(source)])
        converted = source.with_suffix(".docx")
        if not converted.is_file():
            raise LoadError("F05", value=".doc", why="converter")
        return word(converted.read_bytes())


def _run(command: list[str]) -> None:
    """Run the office program to its end; it and what it started are ended after the time limit."""
    quiet = {name: subprocess.DEVNULL for name in ("stdin", "stdout", "stderr")}
    with subprocess.Popen(command, start_new_session=True, **quiet) as office:
        try:
            office.wait(timeout=MOST_SECONDS)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError, AttributeError):
                os.killpg(office.pid, signal.SIGKILL)
            office.kill()
