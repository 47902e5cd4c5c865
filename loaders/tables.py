"""Files of any dress become tables of text, told by their content."""

import io
import re
import zipfile
import zlib
from typing import Any

from loaders.compound import Compound
from loaders.decoding import decoded
from loaders.limits import LARGEST_TEXT
from loaders.packages import Package
from loaders.problems import LoadError
from loaders.separated import separated
from loaders.shapes import Table, Tables, Told
from loaders.workbooks import read_binary, read_packed

CONVERTER_WITHIN = 2**20
PAGE_WITHIN = 4096
_NOTHING = (b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_KINDS = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    b"\xfd7zXZ": "XZ",
    b"{\\rtf": "RTF",
}
_WORD = "WordDocument".encode("utf-16-le")
_PAGE = re.compile(rb"<(?:!doctype|html|head|body|table|meta|\?xml|!--|xml|style)\b|MIME-Version:", re.IGNORECASE)
_NOISE = re.compile(r"\[bookmark:[^\]]*\]|Evaluation Warning:.*|.*Created with Aspose.*", re.IGNORECASE)
_UNIT_LINE = re.compile(r"\d{6}\D.*")


def read_tables(content: bytes, told: Told = lambda *_: None) -> Tables:
    """The tables of a file, told by its content and not by its name; LoadError F01, F02, F04 or F05."""
    if content in _NOTHING or content.removeprefix(_NOTHING[1]).isspace():
        raise LoadError("F01")
    for sign, kind in _KINDS.items():
        if content.startswith(sign):
            raise LoadError("F05", value=kind, why="kind")
    if content.startswith(b"PK\x03\x04"):
        return _packed(content, told)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return _old(content, told)
    if len(content) > LARGEST_TEXT:
        raise LoadError("F05", value=str(LARGEST_TEXT // 2**20), why="huge")
    return _text(content, told)


def _old(content: bytes, told: Told) -> Tables:
    """A workbook of an old Office program; LoadError F05 for a document of one, or for what a password locks."""
    try:
        compound = Compound(content)
    except LoadError:
        if _WORD in content:
            raise LoadError("F05", value=".doc", why="doc") from None
        raise
    streams = compound.streams.keys()
    if "WordDocument" in streams:
        raise LoadError("F05", value=".doc", why="doc")
    if "EncryptedPackage" in streams:
        raise LoadError("F05", value="XLSX", why="password")
    told("reading.columns", 0.0)
    return Tables(read_binary(compound, content, told), "", "workbook", [])


def _text(content: bytes, told: Told) -> Tables:
    """The table of a text file, which is separated values or what a converter left of a document."""
    told("reading.decode", 0.0)
    data, problems = decoded(content)
    if not data or data.isspace():
        raise LoadError("F01")
    if _PAGE.match(data[:PAGE_WITHIN].lstrip()):
        raise LoadError("F05", value="HTML", why="page")
    told("reading.columns", 0.2)
    text = data[:CONVERTER_WITHIN].decode("utf-8", errors="ignore")
    if "\t" in text and _is_converter_text(text):
        text = data.decode("utf-8")
        return Tables([_converter_table(text)], text, "text", problems)
    table, notes = separated(data)
    return Tables([table], text, "csv", [*problems, *notes])


def _packed(content: bytes, told: Told) -> Tables:
    """A zipped office file, after a look at all that it would unpack to; LoadError F05 for any other archive."""
    package = Package(content)
    names = package.members.keys()
    if "word/document.xml" in names:
        package.inspect({})
        try:
            return _document(content)
        except (TypeError, AttributeError, LookupError, ArithmeticError, AssertionError) as error:
            raise LoadError("F05", value=".docx", why="damaged") from error
    if "xl/workbook.bin" in names:
        raise LoadError("F05", value="XLSB", why="kind")
    if "OFD.xml" in names:
        raise LoadError("F05", value="OFD", why="kind")
    is_open_sheet = "content.xml" in names and b"spreadsheet" in package.read("mimetype" if "mimetype" in names else "content.xml")
    if "xl/workbook.xml" not in names and not is_open_sheet:
        raise LoadError("F05", value="ZIP", why="kind")
    told("reading.columns", 0.0)
    return Tables(read_packed(package, told), "", "workbook", [])


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
