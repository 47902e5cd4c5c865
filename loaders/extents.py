"""How far the cells of a sheet reach, and which of them failed, told from its XML as it goes by."""

import re
from typing import NamedTuple

from loaders.limits import MOST_CELLS, MOST_COLUMNS, SPARSE_CELLS
from loaders.problems import LoadError

MOST_ERRORS = 100_000
LONGEST_ROW = 4 * 2**20
DENSITY = 8
_LETTERS = 26
_ERROR = re.compile(rb'<c\s([^>]*\bt="e"[^>]*)>(?:(?!</c>).)*?<v>([^<]*)</v>', re.DOTALL)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"', re.IGNORECASE)


class Cell(NamedTuple):
    """The place of a cell in its sheet, both numbers counted from 0."""

    row: int
    column: int


def column_of(letters: str) -> int:
    """The place of a spreadsheet column by its letters, counted from 0."""
    place = 0
    for letter in letters.upper():
        place = place * _LETTERS + ord(letter) - ord("A") + 1
    return place - 1


def letters_of(column: int) -> str:
    """The letters of a spreadsheet column, counted from 0."""
    letters = ""
    while column >= 0:
        letters = chr(ord("A") + column % _LETTERS) + letters
        column = column // _LETTERS - 1
    return letters


def _columns_beyond(column: int) -> str:
    """A pattern for the letters of every column to the right of one among the first 26 * 26."""
    *first, last = letters_of(column)
    later = f"[{chr(ord(last) + 1)}-Z]" if last != "Z" else "(?!)"
    if not first:
        return f"{later}|[A-Z]{{2,}}"
    return f"{first[0]}{later}|[{chr(ord(first[0]) + 1)}-Z][A-Z]|[A-Z]{{3,}}"


def _rows_beyond(row: int) -> str:
    """A pattern for every row number from 10 on that has more digits, or as many and greater first two."""
    first, second, *rest = str(row)
    later = [f"{first}[{int(second) + 1}-9]"] if second != "9" else []
    later += [f"[{int(first) + 1}-9][0-9]"] if first != "9" else []
    return "|".join([*(f"{digits}[0-9]{{{len(rest)}}}" for digits in later), f"[0-9]{{{len(rest) + 3},}}"])


def last_start(text: bytes, row: bytes) -> int:
    """Where the last row of a text begins, or its last tag where no row does."""
    place = text.rfind(row)
    return place if place >= 0 else max(text.rfind(b"<"), 0)


class Extent:
    """The area that the filled cells of a worksheet span, its rows within a tenth, and the cells that failed."""

    def __init__(self) -> None:
        """Nothing has gone by."""
        self.errors: dict[Cell, str] = {}
        self._rest, self._is_over = b"", False
        self._column, self._row, self._cells = 0, 99, 0
        self._beyond = self._pattern()

    def _pattern(self) -> re.Pattern[bytes]:
        """Every filled cell outside of the area known so far."""
        place = f"(?:{_columns_beyond(self._column)})[0-9]+|[A-Z]{{1,3}}(?:{_rows_beyond(self._row)})|[a-z][A-Za-z]*[0-9]+"
        return re.compile(rf""" r="({place})"[^<>]*(?<!/)>\s*<(?!/)""".encode())

    def see(self, piece: bytes) -> None:
        """Look at the next piece of the sheet, up to its last whole row."""
        if self._is_over:
            return
        text, end, _ = (self._rest + piece).partition(b"</sheetData>")
        self._is_over = bool(end)
        cut = len(text) if end else last_start(text, b"<row")
        if len(text) - cut > LONGEST_ROW:
            raise LoadError("F05", value=str(MOST_COLUMNS), why="wide")
        self._look(text[:cut])
        self._rest = text[cut:]

    def end(self) -> None:
        """Look at what is left over; LoadError F05 where few cells span a large area."""
        self._look(self._rest)
        if self._row * (self._column + 1) > SPARSE_CELLS + DENSITY * self._cells:
            raise LoadError("F05", value=f"{letters_of(self._column)}{self._row}", why="sparse")

    def _look(self, text: bytes) -> None:
        if b" r='" in text:
            text = text.replace(b"'", b'"')
        place = 0
        while found := self._beyond.search(text, place):
            letters, row = re.fullmatch(r"([A-Z]+)([0-9]+)", found[1].decode().upper()).groups()
            self._reach(column_of(letters), int(row))
            place = found.end()
        cells = text.count(b"<c ") + text.count(b"<c>")
        self._cells += cells
        if cells > text.count(b' r="') - text.count(b"<row"):
            # Cells without a reference stand one after the other.
            rows = text.split(b"<row")[1:]
            self._reach(max((row.count(b"<c ") + row.count(b"<c>") for row in rows), default=1) - 1, self._row + len(rows))
        if self._cells > MOST_CELLS:
            raise LoadError("F05", value=str(MOST_CELLS), why="cells")
        if b't="e"' in text:
            self._keep_errors(text)

    def _reach(self, column: int, row: int) -> None:
        if column >= MOST_COLUMNS:
            raise LoadError("F05", value=str(column + 1), why="wide")
        self._column, self._row = max(self._column, column), max(self._row, row)
        self._beyond = self._pattern()

    def _keep_errors(self, text: bytes) -> None:
        for found in _ERROR.finditer(text):
            if (place := _PLACE.search(found[1])) and len(self.errors) < MOST_ERRORS:
                self.errors[Cell(int(place[2]) - 1, column_of(place[1].decode()))] = found[2].decode("utf-8", "replace")[:20]
