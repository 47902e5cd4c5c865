"""The shape in which every file arrives: tables of text, whatever they were read from."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple

from loaders.arrays import Body
from loaders.problems import Problem

HEAD_ROWS = 20
Told = Callable[[str, float], None]
Place = tuple[int, int]


class Table:
    """One table of text: its rows, the row numbers of the sender's file, where it stands.

    A large table keeps only its first rows as lists (`head`); the others of one width are the columns of `body`,
    those of another width are `ragged`, with their numbers. `rows` and `numbers` are all of them without blank rows.
    `shown` says of cells, by row number and place, how many decimals the spreadsheet shows; None for what is no number.
    `disguised` names the cells of some columns, by row number and place, that show another number than they hold;
    `hidden` the numbers of the rows that the spreadsheet does not show.
    """

    def __init__(self, rows: list[list[str]], numbers: list[int], name: str, body: Body | None = None) -> None:
        """Keep the first rows with their numbers, and the rest as columns."""
        self.head, self.head_numbers, self.name, self.body = rows, numbers, name, body
        self.ragged: list[tuple[int, list[str]]] = []
        self.shown: Callable[[list[Place]], dict[Place, int]] = lambda _: {}
        self.disguised: Callable[[list[int]], Sequence[Place]] = lambda _: []
        self.hidden: Callable[[], Sequence[int]] = list

    @cached_property
    def _all(self) -> list[tuple[int, list[str]]]:
        rest = [*self.ragged, *(self.body.filled() if self.body else ())]
        return [*zip(self.head_numbers, self.head, strict=True), *sorted(rest, key=lambda pair: pair[0])]

    @cached_property
    def rows(self) -> list[list[str]]:
        """Every row that holds anything, as a list of texts."""
        return [row for _, row in self._all] if self.body or self.ragged else self.head

    @cached_property
    def numbers(self) -> list[int]:
        """The sender's row number of each of `rows`."""
        return [number for number, _ in self._all] if self.body or self.ragged else self.head_numbers

    def handed_over(self) -> Body | None:
        """The columns of a large table, which from now on only the caller holds: what they become stands in memory in their place."""
        body, self.body = self.body, None
        return body

    @property
    def top(self) -> "Table":
        """The table's first rows alone: enough to tell what it is."""
        return Table(self.head[:HEAD_ROWS], self.head_numbers[:HEAD_ROWS], self.name)


class Tables(NamedTuple):
    """All tables of one file, the text around them, and what was repaired to read it."""

    tables: list[Table]
    text: str
    form: str
    problems: list[Problem]

    @property
    def tops(self) -> "Tables":
        """The first rows of each table: enough to tell what the file is."""
        return self._replace(tables=[table.top for table in self.tables])

    @property
    def large(self) -> bool:
        """Whether a table is kept as columns, because it is long."""
        return any(table.body is not None for table in self.tables)
