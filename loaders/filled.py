"""A list of ours that comes back filled in: the tables of a file that have its columns, row by row."""

from collections.abc import Sequence
from typing import NamedTuple

from loaders.columns import Column, Header, find_header, match
from loaders.problems import LoadError, Problem, Reading
from loaders.shapes import Table
from loaders.tables import read_tables

# The sender's row number, and the cells by the names of their columns.
Row = tuple[int, dict[str, str]]


class Filled(NamedTuple):
    """One of the lists in a file: the name of its sheet, its headings by the names of their columns, its rows below these."""

    sheet: str
    headings: dict[str, str]
    rows: list[Row]


def read_filled(content: bytes, columns: Sequence[Column], kind: str, missing: str) -> tuple[Reading, list[Row]]:
    """The reading so far, and the rows of the first list of a file; finding `missing` where there is none. Never an exception."""
    reading, lists = read_lists(content, columns, kind, missing)
    if not lists:
        return reading, []
    reading.headings = lists[0].headings
    return reading, lists[0].rows


def read_lists(content: bytes, columns: Sequence[Column], kind: str, missing: str) -> tuple[Reading, list[Filled]]:
    """The same with all lists of a file, in the order of its sheets."""
    try:
        tables = read_tables(content)
    except LoadError as error:
        return Reading(None, problems=[error.problem]), []
    found = [(table, row) for table in tables.tables if (row := find_header(table.rows, columns)) is not None]
    lists = [(table, header) for table, row in found if not (header := match(table.rows, columns, row, table.numbers)).problems]
    if not lists:
        return Reading(None, problems=[*tables.problems, Problem(missing)]), []
    return Reading(kind, problems=list(tables.problems)), [_filled(table, header) for table, header in lists]


def _filled(table: Table, header: Header) -> Filled:
    below = header.row + 1
    heads = {name: table.rows[header.row][place].strip() for name, place in header.places.items()}
    rows = [
        (number, {name: row[place].strip() if place < len(row) else "" for name, place in header.places.items()})
        for number, row in zip(table.numbers[below:], table.rows[below:], strict=True)
    ]
    return Filled(table.name, heads, rows)
