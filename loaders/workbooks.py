"""Workbooks become tables of text, sheet by sheet; the only door to calamine."""

import io
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

import python_calamine
from python_calamine import SheetTypeEnum, SheetVisibleEnum

from loaders.arrays import Body, joined, of_columns
from loaders.binary import failed_cells
from loaders.compound import Compound
from loaders.extents import Cell, Extent
from loaders.formats import disguised, hidden_rows, sheet_parts, shown
from loaders.limits import MOST_CELLS, MOST_COLUMNS
from loaders.opendocument import OpenExtent
from loaders.packages import Package
from loaders.problems import LoadError
from loaders.shapes import HEAD_ROWS, Table, Told

EXACT = 10**15
PIECE_ROWS = 20_000
UNPACKED, CUT = 0.1, 0.4
Errors = dict[Cell, str]
Failed = dict[Cell, tuple[str, tuple[Any, ...]]]


def read_packed(package: Package, told: Told) -> list[Table]:
    """The visible sheets of an .xlsx or .ods that hold anything, looked over before they are unpacked; LoadError F05."""
    content = package.content
    if "content.xml" in package.members:
        open_extent = OpenExtent()
        _refuse_locked_open_document(package)
        package.inspect({"content.xml": open_extent})
        return _sheets(content, lambda place, _: open_extent.errors.get(place, {}), told, ("", 0.0))
    parts = sheet_parts(package)
    extents = {name: Extent() for name in package.members if name.startswith("xl/worksheets/") or name in parts.values()}
    package.inspect(extents)
    tables = _sheets(content, lambda _, name: extents[parts[name]].errors if name in parts else {}, told)
    for table in tables:
        table.shown = lambda cells, name=table.name: shown(package, name, cells)
        table.disguised = lambda columns, name=table.name: disguised(package, name, columns)
        table.hidden = lambda name=table.name: hidden_rows(package, name)
    return tables


def read_binary(compound: Compound, content: bytes, told: Told) -> list[Table]:
    """The visible sheets of an .xls that hold anything, looked over before they are unpacked; LoadError F05."""
    stream = compound.streams.get("Workbook") or compound.streams.get("Book")
    if stream is None:
        raise LoadError("F05", value="XLS", why="damaged")
    failed = failed_cells(stream)
    return _sheets(content, lambda place, _: failed.get(place, {}), told)


def _refuse_locked_open_document(package: Package) -> None:
    if "META-INF/manifest.xml" in package.members and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise LoadError("F05", value="ODS", why="password")


def _sheets(content: bytes, errors: Callable[[int, str], Errors], told: Told, instead: tuple[Any, ...] = ("",)) -> list[Table]:
    """Every visible sheet that holds anything.

    `errors` gives the failed cells of a sheet by its place and name; the library leaves one of `instead` in them.
    """
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        tables = []
        for place, sheet in enumerate(book.sheets_metadata):
            told("reading.columns", UNPACKED + (CUT - UNPACKED) * place / len(book.sheets_metadata))
            if (sheet.visible, sheet.typ) == (SheetVisibleEnum.Visible, SheetTypeEnum.WorkSheet):
                found = book.get_sheet_by_index(place)
                failed = {cell: (word, instead) for cell, word in errors(place, sheet.name).items()}
                tables.append(_table(sheet.name, found, failed))
    except (LoadError, MemoryError):
        raise
    except python_calamine.PasswordError as error:
        raise LoadError("F05", value="XLS", why="password") from error
    except BaseException as error:
        # On some damaged files the library panics, past Exception; any other interruption is not the file's.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise LoadError("F05", value="XLSX", why="damaged") from error
    tables = [table for table in tables if table.head]
    if not tables:
        raise LoadError("F01")
    return tables


def _table(name: str, sheet: Any, failed: Failed) -> Table:
    """One sheet: its first rows as lists, the rest as columns; a cell that failed has its word, such as #REF!."""
    if sheet.total_width > MOST_COLUMNS:
        raise LoadError("F05", value=f"{sheet.total_width}", why="wide")
    if sheet.total_width * sheet.total_height > MOST_CELLS:
        raise LoadError("F05", value=f"{MOST_CELLS}", why="cells")
    left = sheet.start[1] if sheet.start else 0
    rows = _failing(sheet.iter_rows(), left, failed) if failed else iter(sheet.iter_rows())
    head: list[list[str]] = []
    numbers: list[int] = []
    number = 0
    for number, values in enumerate(rows, start=1):
        cells = ["" for _ in range(left)] + [_text(value) for value in values]
        if any(cell.strip() for cell in cells):
            head.append(cells)
            numbers.append(number)
        if len(head) == HEAD_ROWS:
            break
    return Table(head, numbers, name, _rest(rows, left, number + 1))


def _rest(rows: Iterator[list[Any]], left: int, first: int) -> Body | None:
    """The rows behind the first ones as columns, piece by piece."""
    bodies = []
    while piece := list(islice(rows, PIECE_ROWS)):
        columns = [[""] * len(piece) for _ in range(left)]
        columns += [[value if type(value) is str else _text(value) for value in values] for values in zip(*piece, strict=True)]
        bodies.append(of_columns(columns, first))
        first += len(piece)
    return joined(bodies) if bodies else None


def _failing(rows: Iterator[list[Any]], left: int, failed: Failed) -> Iterator[list[Any]]:
    """The rows with the words of failed cells."""
    by_row: dict[int, list[Cell]] = {}
    for cell in failed:
        by_row.setdefault(cell.row, []).append(cell)
    for number, row in enumerate(rows):
        for cell in by_row.get(number, ()):
            word, instead = failed[cell]
            if 0 <= cell.column - left < len(row) and row[cell.column - left] in instead:
                row[cell.column - left] = word
        yield row


def _text(value: Any) -> str:
    """A spreadsheet value as text: a number with the 15 digits that Excel shows."""
    if type(value) is float:
        digits = f"{value:.15g}"
        return digits if "e" not in digits else repr(value) if abs(value) >= EXACT else f"{Decimal(digits):f}"
    if isinstance(value, (datetime, date)):
        return value.isoformat(sep=" ")[:10] if isinstance(value, datetime) else value.isoformat()
    return "" if value is None else str(value)
