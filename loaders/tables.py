"""Files of any dress become tables of text, told by their content."""

import re

from loaders import converted, documents, printed
from loaders.decoding import decoded
from loaders.limits import LARGEST_TEXT
from loaders.packages import Package
from loaders.problems import LoadError
from loaders.separated import separated
from loaders.shapes import Tables, Told
from loaders.workbooks import read_binary, read_packed

CONVERTER_WITHIN = 2**20
PAGE_WITHIN = 4096
_NOTHING = (b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_KINDS = {
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
_PAGE = re.compile(rb"<(?:!doctype|html|head|body|table|meta|\?xml|!--|xml|style)\b|MIME-Version:", re.IGNORECASE)


def read_tables(content: bytes, told: Told = lambda *_: None) -> Tables:
    """The tables of a file, told by its content and not by its name; LoadError F01, F02, F04 or F05."""
    if content in _NOTHING or content.removeprefix(_NOTHING[1]).isspace():
        raise LoadError("F01")
    if content.startswith(b"%PDF"):
        told("reading.columns", 0.0)
        return printed.printed(content)
    for sign, kind in _KINDS.items():
        if content.startswith(sign):
            raise LoadError("F05", value=kind, why="kind")
    if content.startswith(b"PK\x03\x04"):
        return _packed(content, told)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "WordDocument".encode("utf-16-le") in content:
            return documents.old_word(content)
        told("reading.columns", 0.0)
        return Tables(read_binary(content, told), "", "workbook", [])
    if len(content) > LARGEST_TEXT:
        raise LoadError("F05", value=str(LARGEST_TEXT // 2**20), why="huge")
    return _text(content, told)


def _text(content: bytes, told: Told) -> Tables:
    """The tables of a text file, which is separated values or what a converter left of a document; its start tells which."""
    told("reading.decode", 0.0)
    data, problems = decoded(content)
    if not data or data.isspace():
        raise LoadError("F01")
    if _PAGE.match(data[:PAGE_WITHIN].lstrip()):
        raise LoadError("F05", value="HTML", why="page")
    told("reading.columns", 0.2)
    text = data[:CONVERTER_WITHIN].decode("utf-8", errors="ignore")
    if (left := converted.converted(text, problems)) is not None:
        return left if len(data) <= CONVERTER_WITHIN else converted.converted(data.decode("utf-8"), problems) or left
    table, notes = separated(data)
    return Tables([table], text, "csv", [*problems, *notes])


def _packed(content: bytes, told: Told) -> Tables:
    """A zipped office file, after a look at all that it would unpack to; LoadError F05 for any other archive."""
    package = Package(content)
    names = package.members.keys()
    if any(name.startswith("word/") for name in names):
        package.inspect({})
        return documents.word(content)
    if "xl/workbook.bin" in names:
        raise LoadError("F05", value="XLSB", why="kind")
    if "OFD.xml" in names or any(name.startswith("ppt/") for name in names):
        raise LoadError("F05", value="OFD" if "OFD.xml" in names else "PPT", why="kind")
    is_open_sheet = "content.xml" in names and b"spreadsheet" in package.read("mimetype" if "mimetype" in names else "content.xml")
    if "xl/workbook.xml" not in names and not is_open_sheet:
        raise LoadError("F05", value="ZIP", why="kind")
    told("reading.columns", 0.0)
    return Tables(read_packed(package, told), "", "workbook", [])
