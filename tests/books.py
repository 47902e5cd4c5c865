"""Workbooks made by hand, byte by byte where no library makes them: XLSX, XLS, ODS, whole and spoilt."""

import io
import struct
import zipfile
from html import escape

import openpyxl

SECTOR = 512
SMALLEST_STREAM = 4096
ERRORS = {"#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D, "#NUM!": 0x24, "#N/A": 0x2A}
SHEET = "xl/worksheets/sheet1.xml"


def xlsx(*rows, formats=None, sheets=None, hidden=()):
    """An .xlsx of one sheet of rows, or of several by name; `formats` are number formats by cell."""
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for name, lines in (sheets or {"Sheet1": rows}).items():
        sheet = book.create_sheet(name)
        for row in lines:
            sheet.append(row)
        for place, form in (formats or {}).items():
            sheet[place].number_format = form
        if name in hidden:
            sheet.sheet_state = "hidden"
    book.save(content)
    return content.getvalue()


def with_member(content, name, member):
    """The same archive with one member replaced or added."""
    old, new = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in old.infolist():
            if entry.filename != name:
                archive.writestr(entry.filename, old.read(entry.filename))
        archive.writestr(name, member)
    return new.getvalue()


def with_sheet(content, change):
    """The same workbook with its first sheet's XML changed."""
    return with_member(content, SHEET, change(zipfile.ZipFile(io.BytesIO(content)).read(SHEET)))


def raw_sheet(data):
    """A workbook whose one sheet holds this sheet data."""
    return with_sheet(xlsx(["x"]), lambda xml: xml.split(b"<sheetData>")[0] + b"<sheetData>" + data + b"</sheetData></worksheet>")


def xls(**sheets):
    """An .xls (BIFF8) of sheets of rows; a text such as #REF! becomes a failed formula."""
    bodies = [_biff_sheet(rows) for rows in sheets.values()]
    names = [name.encode("utf-16-le") for name in sheets]
    start = _biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    place = len(start) + sum(4 + 8 + len(name) for name in names) + 4
    for name, body in zip(names, bodies, strict=True):
        start += _biff(0x0085, struct.pack("<IBBBB", place, 0, 0, len(name) // 2, 1) + name)
        place += len(body)
    return _compound(start + _biff(0x000A, b"") + b"".join(bodies))


def _biff(kind, data):
    return struct.pack("<HH", kind, len(data)) + data


def _biff_sheet(rows):
    records = _biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            at = struct.pack("<HHH", row, column, 0)
            if cell in ERRORS:
                failed = bytes([2, 0, ERRORS[cell], 0, 0, 0, 0xFF, 0xFF])
                records += _biff(0x0006, at + failed + struct.pack("<HIHBB", 0, 0, 2, 0x1C, ERRORS[cell]))
            elif isinstance(cell, str):
                records += _biff(0x0204, at + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
            elif cell is not None:
                records += _biff(0x0203, at + struct.pack("<d", cell))
    return records + _biff(0x000A, b"")


def _compound(stream, name="Workbook"):
    """An OLE file of one stream."""
    stream = stream.ljust(SMALLEST_STREAM, b"\0")
    count = -(-len(stream) // SECTOR)
    fats = -(-(count + 2) // (SECTOR // 4 - 1)) + 1
    table = [*range(1, count), 0xFFFFFFFE, 0xFFFFFFFE, *[0xFFFFFFFD] * fats]
    table += [0xFFFFFFFF] * (fats * SECTOR // 4 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, fats, count, 0, SMALLEST_STREAM, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", *[count + 1 + place for place in range(fats)], *[0xFFFFFFFF] * (109 - fats))
    folder = _entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + _entry(name, 2, 0xFFFFFFFF, 0, len(stream)) + bytes(256)
    return header + stream.ljust(count * SECTOR, b"\0") + folder + struct.pack(f"<{len(table)}I", *table)


def _entry(name, kind, child, start, size):
    text = name.encode("utf-16-le") + b"\0\0"
    return text.ljust(64, b"\0") + struct.pack("<HBBIII16xI8x8xIII", len(text), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child, 0, start, size, 0)


def encrypted():
    """What Office makes of a workbook that needs a password: an OLE file with an encrypted package."""
    return _compound(bytes(8) + bytes(range(256)) * 20, "EncryptedPackage")


def ods(**sheets):
    """An .ods of sheets of rows; a text that begins with # is shown by a formula that failed, its value 0."""
    return raw_ods("".join(f'<table:table table:name="{escape(name)}">{_ods_rows(rows)}</table:table>' for name, rows in sheets.items()))


def _ods_rows(rows):
    return "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)


def _ods_cell(cell):
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, str) and cell.startswith("#"):
        return f'<table:table-cell office:value-type="float" office:value="0"><text:p>{cell}</text:p></table:table-cell>'
    if isinstance(cell, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'


def raw_ods(tables, manifest="<manifest:manifest/>"):
    """An .ods around these tables."""
    names = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        archive.writestr(
            "content.xml", f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}>{body}</office:document-content>'
        )
    return content.getvalue()
