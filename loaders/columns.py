"""Which heading of a table is which of our columns."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from loaders.cells import label
from loaders.problems import Problem

HEADER_WITHIN = 20
_LIKE = 0.5


class Column(NamedTuple):
    """One of our columns: its name and the headings it goes by, the first being ours."""

    name: str
    headings: tuple[str, ...]
    needed: bool = False


class Header(NamedTuple):
    """Where the header stands in a table and which column is at which place."""

    row: int
    places: dict[str, int]
    problems: list[Problem]


def _named(columns: Sequence[Column]) -> dict[str, str]:
    return {label(heading): column.name for column in columns for heading in column.headings}


def score(row: Sequence[str], columns: Sequence[Column]) -> int:
    """How many different columns the cells of a row name."""
    names = _named(columns)
    return len({names[label(cell)] for cell in row if label(cell) in names})


def find_header(rows: Sequence[Sequence[str]], columns: Sequence[Column]) -> int | None:
    """The place of the row that names most of the columns, at least two; None without one."""
    scores = [score(row, columns) for row in rows[:HEADER_WITHIN]]
    best = max(scores, default=0)
    return scores.index(best) if best >= 2 else None  # noqa: PLR2004 - one word alone may be a title


def match(rows: Sequence[Sequence[str]], columns: Sequence[Column], row_number: int, numbers: Sequence[int] = ()) -> Header:
    """The header of a table: each column's place; missing and double headings as problems.

    `row_number` is the header's place in `rows`, counted from 0.
    """
    header = rows[row_number]
    names = _named(columns)
    places: dict[str, int] = {}
    problems = []
    for place, cell in enumerate(header):
        name = names.get(label(cell))
        if name is None:
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
    free = [cell.strip() for cell in header if cell.strip() and label(cell) not in names]
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


def _likeness(cell: str, column: Column) -> float:
    return max(SequenceMatcher(None, label(cell), label(heading)).ratio() for heading in column.headings)
