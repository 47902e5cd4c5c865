"""Separated text becomes one table: a few rows to look at, the rest as columns; a row's number is its record's."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from loaders.arrays import Body, joined, of_rows, parsed
from loaders.limits import LONGEST_LINE, MOST_COLUMNS
from loaders.problems import LoadError, Problem
from loaders.shapes import HEAD_ROWS, Table

SEPARATORS = {",": ",", "\t": "Tab", ";": ";"}
PIECE_ROWS = 50_000
_LINE_END = re.compile(rb"\r\n|\r|\n")
Record = tuple[int, list[str]]


class _Head(NamedTuple):
    """The first records of a text under one separator, where the rest begins, and the number of its first record."""

    records: list[Record]
    end: int
    next_number: int


def separated(data: bytes) -> tuple[Table, list[Problem]]:
    """The one table of a text with separated values, and a note on its separator; LoadError F04 or F05."""
    _refuse_long_line(data)
    separator = max(SEPARATORS, key=lambda sign: _fitness(data, sign))
    notes = [] if separator == "," else [Problem("M02", value=SEPARATORS[separator], facts={"why": "separator"})]
    head = _head(data, separator)
    table = Table([cells for _, cells in head.records], [number for number, _ in head.records], "")
    if head.end < len(data):
        table.body, table.ragged = _rest(data, separator, head)
    return table, notes


def _refuse_long_line(data: bytes) -> None:
    """LoadError F05 where a line is longer than any table's; only a few places of the text are looked at."""
    place = 0
    while len(data) - place > LONGEST_LINE:
        window = place + LONGEST_LINE + 1
        end = max(data.rfind(b"\n", place, window), data.rfind(b"\r", place, window))
        if end < 0:
            raise LoadError("F05", value=str(LONGEST_LINE), why="line")
        place = end + 1


def _lines(data: bytes, start: int = 0) -> Iterator[tuple[str, int]]:
    """Each line with its end, as Python's csv takes them, and the place behind it."""
    place = start
    for end in (found.end() for found in _LINE_END.finditer(data, start)):
        yield data[place:end].decode("utf-8"), end
        place = end
    if place < len(data):
        yield data[place:].decode("utf-8"), len(data)


def _followed(data: bytes, place: list[int]) -> Iterator[str]:
    """Each line of a text from a place on, which moves along."""
    for line, end in _lines(data, place[0]):
        place[0] = end
        yield line


class _Records:
    """The records of a text, one after the other, and how far they have been read."""

    def __init__(self, data: bytes, separator: str, start: int = 0) -> None:
        # Apart from the object itself, which would otherwise hold the text in a circle with its reader.
        self._place = [start]
        self._reader = csv.reader(_followed(data, self._place), delimiter=separator, strict=True)

    @property
    def end(self) -> int:
        """The place behind the last line that was read."""
        return self._place[0]

    def numbered(self, number: int) -> Iterator[Record]:
        """Each record with its number; LoadError F04 at an unclosed quote, F05 at too many cells."""
        while True:
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise LoadError("F04", row=number, value=str(error), why="quote") from error
            if len(cells) > MOST_COLUMNS:
                raise LoadError("F05", row=number, value=str(len(cells)), why="wide")
            yield number, cells
            number += 1


def _head(data: bytes, separator: str) -> _Head:
    """The first records that hold anything."""
    records: list[Record] = []
    reader, number = _Records(data, separator), 0
    for number, cells in reader.numbered(1):
        if any(cell.strip() for cell in cells):
            records.append((number, cells))
        if len(records) == HEAD_ROWS:
            break
    return _Head(records, reader.end, number + 1)


def _fitness(data: bytes, separator: str) -> tuple[int, int]:
    """How many of the first records have the same number of cells, more than one, and how many these are."""
    widths: Counter[int] = Counter()
    try:
        for number, cells in _Records(data, separator).numbered(1):
            widths[len(cells)] += any(cell.strip() for cell in cells)
            if number > 2 * HEAD_ROWS or sum(widths.values()) == HEAD_ROWS:
                break
    except LoadError:
        pass
    return max(((count, width) for width, count in widths.items() if width > 1), default=(0, 0))


def _rest(data: bytes, separator: str, head: _Head) -> tuple[Body | None, list[Record]]:
    """All behind the first records: those of the usual width as columns, the others as lists with their numbers."""
    widths = Counter(len(cells) for _, cells in head.records)
    width = max(widths, key=lambda width: (widths[width], width))
    found = parsed(data, head.end, separator, width, head.next_number) if width > 1 else None
    if found is None:
        return _one_by_one(data, separator, head, width)
    body, others = found
    records = csv.reader((text for _, text in others), delimiter=separator, strict=True)
    ragged = [(number, cells) for (number, _), cells in zip(others, records, strict=True) if any(cell.strip() for cell in cells)]
    if wide := next((record for record in ragged if len(record[1]) > MOST_COLUMNS), None):
        raise LoadError("F05", row=wide[0], value=str(len(wide[1])), why="wide")
    return body, ragged


def _one_by_one(data: bytes, separator: str, head: _Head, width: int) -> tuple[Body | None, list[Record]]:
    """The same as columns and lists where the text is irregular: every record is looked at."""
    bodies, ragged, piece = [], [], []
    for number, cells in _Records(data, separator, head.end).numbered(head.next_number):
        if len(cells) == width:
            piece.append((number, cells))
        elif any(cell.strip() for cell in cells):
            ragged.append((number, cells))
        if len(piece) == PIECE_ROWS:
            bodies.append(of_rows([cells for _, cells in piece], [number for number, _ in piece], width))
            piece = []
    bodies.append(of_rows([cells for _, cells in piece], [number for number, _ in piece], width))
    return joined(bodies), ragged
