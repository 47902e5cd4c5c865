"""A form as a grid of boxes, merged as on paper: one description that a workbook and a Word document are written from."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

Value = str | int | Decimal


class Box(NamedTuple):
    """What stands in a rectangle of cells, from row and column on; `kind` is how it looks."""

    row: int
    column: int
    height: int
    width: int
    value: Value
    kind: str


class Sheet(NamedTuple):
    """A form laid out: its title and the line under it, its boxes over columns of these widths, the lines below."""

    name: str
    title: str
    under: str
    widths: Sequence[float]
    boxes: Sequence[Box]
    feet: Sequence[str]

    @property
    def rows(self) -> int:
        """How many rows the boxes take."""
        return max((box.row + box.height for box in self.boxes), default=0)


def lines(sheet: Sheet) -> list[int]:
    """How many lines of text each row must hold; no spreadsheet makes room by itself when it opens a file."""
    found = [1] * sheet.rows
    for box in sorted(sheet.boxes, key=lambda box: box.height):
        rows = range(box.row, box.row + box.height)
        found[rows[-1]] += max(0, _needed(box, sheet.widths) - sum(found[row] for row in rows))
    return found


def _needed(box: Box, widths: Sequence[float]) -> int:
    room = max(sum(widths[box.column : box.column + box.width]) - 1, 2)
    return sum(int(-(-signs(line) // room)) or 1 for line in str(box.value).split("\n")) if isinstance(box.value, str) else 1


def signs(text: str) -> int:
    """How wide a text is, in western signs."""
    return sum(2 if sign > "\u2000" else 1 for sign in text)


def spread(first: int, widths: Sequence[float], shares: Sequence[float]) -> list[tuple[int, int]]:
    """Place and width, in columns from `first` on, of as many cells as there are shares, about as wide as these ask."""
    room, whole = widths[first:], sum(shares)
    ends, taken = [], 0
    for place in range(len(shares)):
        target = sum(room) * sum(shares[: place + 1]) / whole
        low, high = taken + 1, len(room) - (len(shares) - place - 1)
        taken = min(range(low, high + 1), key=lambda end: abs(sum(room[:end]) - target)) if low < high else low
        ends.append(taken if place < len(shares) - 1 else len(room))
    return [(first + start, end - start) for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def runs(values: Sequence[Any]) -> Iterator[tuple[int, int]]:
    """Start and length of each run of equal values."""
    start = 0
    for place in range(1, len(values) + 1):
        if place == len(values) or values[place] != values[start]:
            yield start, place - start
            start = place
