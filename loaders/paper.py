"""Pages of ruled tables joined: rows that a page break cuts made whole, columns the same throughout the document."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from loaders import layouts
from loaders.shapes import Table

_NEAR = 3
_UNIT = re.compile(r"[(（\[【《“‘]*(?:[A-Za-z0-9.,%≥≤/\-]+|.)[)）\]】》”’，。、；：！？,;:!?%]*")
_ENDED = re.compile(r"[。；：！？;:!?.]$")
_LISTED = re.compile(r"[0-9]{1,2}[.、)）]|[(（][0-9一二三四五六七八九十]|[一二三四五六七八九十]+[、.]|目标[0-9一二三]|[-—·•●○◆]")
_LETTERS = re.compile(r"[A-Za-z]")


class Box(NamedTuple):
    """A cell on a page: its edges, its text, the room behind its last line and the size of its signs, in points."""

    left: float
    right: float
    bottom: float
    text: str
    room: float
    size: float


class Page(NamedTuple):
    """What stands on a page: its tables as rows of cells (None where a merged cell goes on), the text around, how full."""

    tables: list[list[list[Box | None]]]
    text: str
    is_begun: bool
    is_filled: bool


def unparted(text: str) -> str:
    """The signs at the beginning of a text that no line break parts."""
    found = _UNIT.match(text)
    return found[0] if found else text[:1]


def goes_on(before: str, after: str, room: float, widths: tuple[float, float]) -> bool:
    """Whether a line goes on with the next: what cannot be parted there had no room left, or a sentence is cut.

    `widths` are those of the next line's first unparted signs and of the whole line; a line that would have fitted
    behind the one before was begun on purpose.
    """
    begins, whole = widths
    return room < begins or (room < whole and not _ENDED.search(before) and not _LISTED.match(after))


def join(before: str, after: str) -> str:
    """Two pieces of one line: a blank between two words, none between signs or figures."""
    blank = " " if _LETTERS.match(before[-1:]) and _LETTERS.match(after[:1]) else ""
    return f"{before}{blank}{after}"


def joined(pages: dict[int, Page]) -> list[Table]:
    """The tables of all pages in the columns of the whole document; a row cut by a page break is whole where it begins."""
    columns = _columns(box.left for page in pages.values() for rows in page.tables for row in rows for box in row if box)
    found: list[Table] = []
    before: Page | None = None
    for number, page in pages.items():
        for place, rows in enumerate(page.tables):
            last = before.tables[-1] if place == 0 and before and before.is_filled and page.is_begun else None
            if last:
                _lift(last, rows)
            cut = bool(last) and _is_cut(last[-1], rows[0])
            if last and cut:
                _mend(last[-1], rows[0])
            found.append(Table([], list(range(cut + 1, len(rows) + 1)), f"第{number}页"))
        before = page if page.tables else before
    every = [rows for page in pages.values() for rows in page.tables]
    return [
        Table([_texts(row, columns) for row in rows[len(rows) - len(table.numbers) :]], table.numbers, table.name)
        for table, rows in zip(found, every, strict=True)
        if table.numbers
    ]


def _columns(lefts: Iterable[float]) -> list[float]:
    """Where the columns of the document begin; edges less than three points apart are the same."""
    columns: list[float] = []
    for left in sorted(lefts):
        if not columns or left - columns[-1] >= _NEAR:
            columns.append(left)
    return columns


def _texts(row: list[Box | None], columns: list[float]) -> list[str]:
    """The texts of a row, each in the column at which its cell begins."""
    texts = [""] * len(columns)
    for box in row:
        if box:
            texts[max(place for place, left in enumerate(columns) if left <= box.left)] += box.text
    return texts


def _same(one: Box | None, other: Box) -> bool:
    return one is not None and abs(one.left - other.left) < _NEAR and abs(one.right - other.right) < _NEAR


def _is_cut(last: list[Box | None], first: list[Box | None]) -> bool:
    """Whether the first row of a page only goes on with the last one: it fills some of its cells, and no new ones."""
    filled = [box for box in first if box and box.text]
    before = [box for box in last if box and box.text]
    if not filled or not all(any(_same(one, box) for one in before) for box in filled):
        return False
    pairs = [(one.text, box.text) for box in filled for one in before if _same(one, box)]
    if any(layouts.name_of(upper + lower) and not layouts.name_of(upper) for upper, lower in pairs):
        return True  # a label that the page break cuts
    if any(layouts.name_of(box.text) or layouts.is_title(box.text) for box in filled):
        return False
    due = [one for one in before if one.left > filled[0].left - _NEAR]
    return len(filled) < len(due) or len(due) == 1


def _mend(last: list[Box | None], first: list[Box | None]) -> None:
    """Put what stands on the new page behind the cells that it goes on with."""
    for box in (box for box in first if box and box.text):
        place, one = next((place, one) for place, one in enumerate(last) if one and one.text and _same(one, box))
        width = sum(one.size / (2 if sign.isascii() else 1) for sign in unparted(box.text))
        whole = sum(one.size / (2 if sign.isascii() else 1) for sign in box.text)
        is_one = goes_on(one.text, box.text, one.room - 1, (width, min(whole, one.right - one.left)))
        last[place] = box._replace(text=join(one.text, box.text) if is_one else f"{one.text}\n{box.text}")


def _lift(before: list[list[Box | None]], rows: list[list[Box | None]]) -> None:
    """A merged cell that a page break cuts may bear its text on the new page: put it where the cell begins.

    A piece at the top of the page before may belong to a cell that began still earlier; it is left alone.
    """
    end = max((box.bottom for row in before for box in row if box), default=0.0)
    if layouts.indicator_columns([box.text if box else "" for box in rows[0]]):
        return
    for place, box in enumerate(rows[0]):
        if box is None or not box.text or layouts.name_of(box.text):
            continue
        for row in before[1:-1]:
            column = next((column for column, one in enumerate(row) if _same(one, box)), len(row))
            piece = row[column] if column < len(row) else None
            if piece and not piece.text and end - piece.bottom < _NEAR:
                row[column], rows[0][place] = box._replace(bottom=end), box._replace(text="")
