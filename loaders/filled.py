"""A list of ours that comes back filled in: the first table of a file that has its columns, row by row."""

from collections.abc import Sequence

from loaders.columns import Column, find_header, match
from loaders.problems import LoadError, Problem, Reading
from loaders.tables import read_tables

# The sender's row number, and the cells by the names of their columns.
Row = tuple[int, dict[str, str]]


def read_filled(content: bytes, columns: Sequence[Column], kind: str, missing: str) -> tuple[Reading, list[Row]]:
    """The reading so far, and the rows below the header; finding `missing` where no table has the columns. Never an exception."""
    try:
        tables = read_tables(content)
    except LoadError as error:
        return Reading(None, problems=[error.problem]), []
    found = [(table, row) for table in tables.tables if (row := find_header(table.rows, columns)) is not None]
    lists = [(table, header) for table, row in found if not (header := match(table.rows, columns, row, table.numbers)).problems]
    if not lists:
        return Reading(None, problems=[*tables.problems, Problem(missing)]), []
    table, header = lists[0]
    below = header.row + 1
    heads = {name: table.rows[header.row][place].strip() for name, place in header.places.items()}
    rows = [
        (number, {name: row[place].strip() if place < len(row) else "" for name, place in header.places.items()})
        for number, row in zip(table.numbers[below:], table.rows[below:], strict=True)
    ]
    return Reading(kind, problems=list(tables.problems), headings=heads), rows
