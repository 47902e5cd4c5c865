"""How far the cells of an .xls reach, and which of them failed, told from its records before a library unpacks them."""

import struct
from collections.abc import Iterator

from loaders.extents import DENSITY, MOST_ERRORS, Cell, letters_of
from loaders.limits import MOST_COLUMNS, SPARSE_CELLS
from loaders.problems import LoadError

MOST_RECORDS = 5_000_000
_END, _SHEET, _PASSWORD, _STRINGS, _AREA = 0x000A, 0x0085, 0x002F, 0x00FC, 0x0200
_FORMULA, _ERROR, _NUMBERS = 0x0006, 0x0205, 0x00BD
# Formula, shared text, rich text, number, text, truth or error, short number, short numbers.
_CELLS = {0x0006, 0x00FD, 0x00D6, 0x0203, 0x0204, 0x0205, 0x027E, 0x00BD}
_WORDS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


def failed_cells(stream: bytes) -> dict[int, dict[Cell, str]]:
    """The cells that failed, by their sheet's place in the workbook; LoadError F05 where it is locked, too wide or sparse."""
    failed: dict[int, dict[Cell, str]] = {}
    left = MOST_RECORDS
    for sheet, start in enumerate(_sheets(stream)):
        failed[sheet], seen = _sheet(stream, start, left)
        left -= seen
    return failed


def _records(stream: bytes, place: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place and size of each record up to the end of its part of the stream."""
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        yield kind, place + 4, min(size, len(stream) - place - 4)
        if kind == _END:
            return
        place += 4 + size


def _sheets(stream: bytes) -> list[int]:
    """Where the records of each sheet begin."""
    starts = []
    for kind, place, size in _records(stream, 0):
        if kind == _PASSWORD and any(stream[place : place + 2]):
            raise LoadError("F05", value="XLS", why="password")
        if kind == _STRINGS and size >= 8 and struct.unpack_from("<I", stream, place + 4)[0] > len(stream):  # noqa: PLR2004 - two counts
            raise LoadError("F05", value="XLS", why="damaged")
        if kind == _SHEET and size >= 4:  # noqa: PLR2004 - a place
            starts.append(struct.unpack_from("<I", stream, place)[0])
    return starts


def _sheet(stream: bytes, start: int, most: int) -> tuple[dict[Cell, str], int]:
    """The failed cells of one sheet and the number of its records."""
    failed: dict[Cell, str] = {}
    rows = columns = cells = declared = seen = 0
    for seen, (kind, place, size) in enumerate(_records(stream, start), start=1):
        if seen > most:
            raise LoadError("F05", value=str(MOST_RECORDS), why="cells")
        if kind == _AREA and size >= 12:  # noqa: PLR2004 - two rows, two columns
            first, end, left, right = struct.unpack_from("<IIHH", stream, place)
            declared = max(end - first + 1, 0) * max(right - left + 1, 0)
        if kind not in _CELLS or size < 6:  # noqa: PLR2004 - row, column, style
            continue
        row, column = struct.unpack_from("<HH", stream, place)
        last = struct.unpack_from("<H", stream, place + size - 2)[0] if kind == _NUMBERS else column
        rows, columns, cells = max(rows, row + 1), max(columns, last + 1), cells + 1
        if columns > MOST_COLUMNS:
            raise LoadError("F05", value=str(columns), why="wide")
        if (word := _failure(stream[place : place + size], kind)) and len(failed) < MOST_ERRORS:
            failed[Cell(row, column)] = word
    if max(rows * columns, declared) > SPARSE_CELLS + DENSITY * cells:
        raise LoadError("F05", value=f"{letters_of(columns)}{rows}", why="sparse")
    return failed, seen


def _failure(record: bytes, kind: int) -> str | None:
    """The word of a failed formula or an error that stands in a cell; None for any other."""
    if kind == _FORMULA and record[6:7] == b"\x02" and record[12:14] == b"\xff\xff":
        return _WORDS.get(record[8])
    return _WORDS.get(record[6]) if kind == _ERROR and record[7:8] == b"\x01" else None
