"""Files of any dress become tables of text; the only door to document libraries."""

import csv
import io
import re
import zipfile
import zlib
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
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    b"{\\rtf": "RTF",
}
_NOISE = re.compile(r"\[bookmark:[^\]]*\]|Evaluation Warning:.*|.*Created with Aspose.*", re.IGNORECASE)
_UNIT_LINE = re.compile(r"\d{6}\D.*")


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
    if not content.removeprefix(b"\xef\xbb\xbf").strip() or content in (b"\xff\xfe", b"\xfe\xff"):
        raise LoadError("F01")
    for sign, kind in _KINDS.items():
        if content.startswith(sign):
            raise LoadError("F05", value=kind, why="kind")
    if content.startswith(b"PK\x03\x04"):
        return _packed(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "WordDocument".encode("utf-16-le") in content:
            raise LoadError("F05", value=".doc", why="doc")
        return _workbook(content)
    text, problems = _decoded(content)
    if _is_converter_text(text):
        return Tables([_converter_table(text)], text, "text", problems)
    return _separated(text, problems)


def _packed(content: bytes) -> Tables:
    """A zipped office file, after a look at its declared size; LoadError F05 for any other archive."""
    try:
        members = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except zipfile.BadZipFile as error:
        raise LoadError("F05", value="ZIP", why="damaged") from error
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST_UNPACKED:
        raise LoadError("F05", value="ZIP", why="large")
    names = {member.filename for member in members}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise LoadError("F05", value="VBA", why="macro")
    if "word/document.xml" in names:
        return _document(content)
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names or "content.xml" in names:
        return _workbook(content)
    raise LoadError("F05", value="ZIP", why="kind")


def _document(content: bytes) -> Tables:
    """The tables of a .docx; the continuation of a vertically merged cell is an empty cell."""
    import docx  # noqa: PLC0415 - half a second that only Word files need
    from docx.opc.exceptions import PackageNotFoundError  # noqa: PLC0415

    try:
        document = docx.Document(io.BytesIO(content))
        tables = [_word_table(number, table) for number, table in enumerate(document.tables, start=1)]
    except (PackageNotFoundError, SyntaxError, KeyError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise LoadError("F05", value=".docx", why="damaged") from error
    return Tables(tables, "\n".join(paragraph.text for paragraph in document.paragraphs), "docx", [])


def _word_table(number: int, table: Any) -> Table:
    """A Word table as text: a cell merged sideways once, a cell merged downwards empty below its first row."""
    seen: set[Any] = set()
    rows = []
    for row in table.rows:
        cells, before = [], None
        for cell in row.cells:
            if cell._tc is before:
                continue
            before = cell._tc
            cells.append("" if before in seen else cell.text)
            seen.add(before)
        rows.append(cells)
    return Table(rows, list(range(1, len(rows) + 1)), f"表{number}")


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


def _is_converter_text(text: str) -> bool:
    """Whether a word-processing file was turned into text with one cell a line, each led by a tab."""
    cells = [line for line in text.splitlines() if line.lstrip(" \f").startswith("\t")]
    return len(cells) > 10 and sum("\t" in cell.strip() for cell in cells) < len(cells) / 10  # noqa: PLR2004


def _converter_table(text: str) -> Table:
    """The rows of a converter's text: a cell a line, a blank line ends a row, the rest is noise.

    A page break before a tab, a unit line and a line without a tab start anew; an empty cell is
    the continuation of a merged one.
    """
    rows: list[list[str]] = []
    numbers: list[int] = []
    is_open = False
    for number, line in enumerate(text.split("\n"), start=1):
        bare = _NOISE.sub("", line.rstrip("\r"))
        if not bare.lstrip(" \f").startswith("\t"):
            is_open = False
            continue
        cell = bare.lstrip(" \f")[1:]
        if not is_open or bare[0] != "\t" or _UNIT_LINE.fullmatch(cell.strip()):
            rows.append([])
            numbers.append(number)
            is_open = True
        rows[-1].append(cell)
    return Table(rows, numbers, "")


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
