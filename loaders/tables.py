"""Files of any dress become tables of text; the door to workbooks, and the way to the readers of documents."""

import csv
import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import python_calamine

from loaders.problems import LoadError, Problem

LARGEST_UNPACKED = 400 * 2**20
MOST_MEMBERS = 5000
MOST_COLUMNS = 200
LONGEST_LINE = 1_000_000
EXACT = 10**15
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_KINDS = {
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    b"{\\rtf": "RTF",
}


class Table(NamedTuple):
    """One table of text: its rows, the row numbers of the sender's file, where it stands."""

    rows: list[list[str]]
    numbers: list[int]
    name: str


class Tables(NamedTuple):
    """All tables of one file, the text around them, and what was repaired to read it."""

    tables: list[Table]
    text: str
    form: str
    problems: list[Problem]


def read_tables(content: bytes) -> Tables:
    """The tables of a file, told by its content and not by its name; LoadError F01, F02 or F05."""
    from loaders import converted, documents, printed  # noqa: PLC0415 - they build the tables of this module

    if not content.removeprefix(b"\xef\xbb\xbf").strip() or content in (b"\xff\xfe", b"\xfe\xff"):
        raise LoadError("F01")
    if content.startswith(b"%PDF"):
        return printed.printed(content)
    for sign, kind in _KINDS.items():
        if content.startswith(sign):
            raise LoadError("F05", value=kind, why="kind")
    if content.startswith(b"PK\x03\x04"):
        return _packed(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "WordDocument".encode("utf-16-le") in content:
            return documents.old_word(content)
        return _workbook(content)
    text, problems = _decoded(content)
    return converted.converted(text, problems) or _separated(text, problems)


def _packed(content: bytes) -> Tables:
    """A zipped office file, after a look at its declared size; LoadError F05 for any other archive."""
    from loaders import documents  # noqa: PLC0415 - it builds the tables of this module

    try:
        members = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except zipfile.BadZipFile as error:
        raise LoadError("F05", value="ZIP", why="damaged") from error
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST_UNPACKED:
        raise LoadError("F05", value="ZIP", why="large")
    names = {member.filename for member in members}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise LoadError("F05", value="VBA", why="macro")
    if any(name.startswith("word/") for name in names):
        return documents.word(content)
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names or "content.xml" in names:
        return _workbook(content)
    raise LoadError("F05", value="ZIP", why="kind")


def _workbook(content: bytes) -> Tables:
    """The sheets of an .xlsx, .xls or .ods that hold anything, every cell as text."""
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [(name, book.get_sheet_by_name(name)) for name in book.sheet_names]
        tables = [_sheet(name, sheet) for name, sheet in sheets]
    except (LoadError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # the library panics on some damaged files, past Exception
        raise LoadError("F05", value="XLSX", why="damaged") from error
    if not any(table.rows for table in tables):
        raise LoadError("F01")
    return Tables([table for table in tables if table.rows], "", "workbook", [])


def _sheet(name: str, sheet: Any) -> Table:
    if sheet.width > MOST_COLUMNS:
        raise LoadError("F05", value=f"{sheet.width}", why="wide")
    rows, numbers = [], []
    for number, values in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        cells = [_text(value) for value in values]
        if any(cell.strip() for cell in cells):
            rows.append(cells)
            numbers.append(number)
    return Table(rows, numbers, name)


def _text(value: Any) -> str:
    """A spreadsheet value as text: a number with the 15 digits that Excel shows."""
    if isinstance(value, float):
        return f"{Decimal(f'{value:.15g}'):f}" if abs(value) < EXACT else repr(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat(sep=" ")[:10] if isinstance(value, datetime) else value.isoformat()
    return "" if value is None else str(value)


def _decoded(content: bytes) -> tuple[str, list[Problem]]:
    """The text of a file and a note where it was not plain UTF-8; LoadError F02 with the line."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(content, "utf-16"), [_encoding("UTF-16")]
    is_marked = content.startswith(b"\xef\xbb\xbf")
    content = content.removeprefix(b"\xef\xbb\xbf")
    if bad := _CONTROL.search(content):
        raise LoadError("F02", row=content[: bad.start()].count(b"\n") + 1, value=repr(bad[0])[2:-1])
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError as error:
        if is_marked or _mostly_utf8(content):
            raise LoadError("F02", row=content[: error.start].count(b"\n") + 1) from error
    return _strict(content, "gb18030"), [_encoding("GB18030")]


def _mostly_utf8(content: bytes) -> bool:
    """Whether the bytes hold more characters of UTF-8 than faults: then it is damaged UTF-8, not GBK."""
    text = content.decode("utf-8", errors="replace")
    faults = text.count("\ufffd")
    return sum(1 for sign in text if "\u4e00" <= sign <= "\u9fff") > 2 * faults


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise LoadError("F02", row=content[: error.start].count(b"\n") + 1) from error


def _encoding(name: str) -> Problem:
    return Problem("M02", value=name, facts={"why": "encoding"})


def _separated(text: str, problems: list[Problem]) -> Tables:
    """The one table of a text with separated values; a row's number is its record's."""
    lines = text.splitlines()
    if max((len(line) for line in lines), default=0) > LONGEST_LINE:
        raise LoadError("F05", value=str(LONGEST_LINE), why="line")
    separator = max(",\t;", key=lambda sign: sum(line.count(sign) for line in lines[:20]))
    if separator != ",":
        problems = [*problems, Problem("M02", value={"\t": "Tab", ";": ";"}[separator], facts={"why": "separator"})]
    rows, numbers = [], []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            if len(cells) > MOST_COLUMNS:
                raise LoadError("F05", row=number, value=str(len(cells)), why="wide")
            if any(cell.strip() for cell in cells):
                rows.append(cells)
                numbers.append(number)
    except csv.Error as error:
        raise LoadError("F04", row=reader.line_num, value=str(error), why="quote") from error
    return Tables([Table(rows, numbers, "")], text, "csv", problems)
