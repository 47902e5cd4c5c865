"""Which heading of a table is which of our columns."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache
from typing import NamedTuple

from loaders.cells import label
from loaders.problems import Problem

HEADER_WITHIN = 20
LONGEST_HEADING = 40
_LIKE = 0.5


class Column(NamedTuple):
    """One of our columns: its name and the headings it goes by, the first being ours.

    `also` are headings that count only where none of `headings` is there; beside one they are the sender's own columns.
    """

    name: str
    headings: tuple[str, ...]
    needed: bool = False
    also: tuple[str, ...] = ()


class Header(NamedTuple):
    """Where the header stands in a table and which column is at which place."""

    row: int
    places: dict[str, int]
    problems: list[Problem]


@cache
def _named(columns: tuple[Column, ...]) -> dict[str, str]:
    return {label(heading): column.name for column in columns for heading in (*column.headings, *column.also)}


def named_in(row: Sequence[str], columns: tuple[Column, ...]) -> set[str]:
    """The columns that the cells of a row name."""
    names = _named(columns)
    return {names[text] for text in map(label, row) if text in names}


def score(row: Sequence[str], columns: tuple[Column, ...]) -> int:
    """How many different columns the cells of a row name."""
    return len(named_in(row, columns))


def find_header(rows: Sequence[Sequence[str]], columns: tuple[Column, ...]) -> int | None:
    """The place of the row that names most of the columns, at least two; None without one."""
    scores = [score(row, columns) for row in rows[:HEADER_WITHIN]]
    best = max(scores, default=0)
    return scores.index(best) if best >= 2 else None  # noqa: PLR2004 - one word alone may be a title


def match(rows: Sequence[Sequence[str]], columns: tuple[Column, ...], row_number: int, numbers: Sequence[int] = ()) -> Header:
    """The header of a table: each column's place; missing and double headings as problems.

    `row_number` is the header's place in `rows`, counted from 0.
    """
    header = rows[row_number]
    names = _named(columns)
    places: dict[str, int] = {}
    problems = []
    second = _second_choices(header, columns)
    for place, cell in enumerate(header):
        name = names.get(label(cell))
        if name is None or place in second:
            continue
        if name in places:
            problems.append(
                Problem(
                    "F03",
                    row=numbers[row_number] if numbers else row_number + 1,
                    column=header[places[name]].strip(),
                    value=cell.strip(),
                    facts={"why": "twice", "near": cell.strip()},
                )
            )
        places.setdefault(name, place)
    free = [cell.strip() for cell in header if cell.strip() and len(cell) <= LONGEST_HEADING and label(cell) not in names]
    for column in columns:
        if column.needed and column.name not in places:
            near = max(free, key=lambda cell: _likeness(cell, column), default=None)
            near = near if near and _likeness(near, column) >= _LIKE else None
            problems.append(
                Problem(
                    "F03",
                    row=numbers[row_number] if numbers else row_number + 1,
                    column=column.headings[0],
                    value=near,
                    expected=column.headings[0],
                    facts={"why": "near" if near else "missing", "column_wanted": column.headings[0], "near": near},
                )
            )
    return Header(row_number, places, problems)


def _second_choices(header: Sequence[str], columns: tuple[Column, ...]) -> set[int]:
    """The places of headings that stand back behind another of the same column."""
    labels = [label(cell) for cell in header]
    second: set[int] = set()
    for column in columns:
        lesser = [place for place, text in enumerate(labels) if text in {label(heading) for heading in column.also}]
        if {label(heading) for heading in column.headings} & set(labels):
            second |= set(lesser)
        elif not column.needed:
            second |= set(lesser[1:])
    return second


def _likeness(cell: str, column: Column) -> float:
    return max(SequenceMatcher(None, label(cell), label(heading)).ratio() for heading in column.headings)
