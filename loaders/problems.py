"""The three answers a loader can give: rows, problems the sender can mend, or a refusal."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from loaders.packed import Packed

MOST_FINDINGS = 1000
LEVELS = {"F": "fatal", "A": "fatal", "P": "fatal", "R": "fatal", "W": "confirm", "M": "note", "L": "note"}


@dataclass(frozen=True)
class Problem:
    """One thing the sender can mend, with its place in the sender's own file.

    `facts` carries what else the sentence in words.csv names, by placeholder.
    """

    code: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    expected: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def level(self) -> str:
        """`fatal`, `confirm` or `note`: the first letter of the code says it."""
        return LEVELS[self.code[0]]

    @property
    def key(self) -> str:
        """A short name of the finding, the same whenever the same file is checked again in the same state."""
        told = [self.code, self.row, self.column, self.value, self.expected, self.facts]
        text = json.dumps(told, ensure_ascii=False, sort_keys=True, default=str)
        return f"{self.code}-{hashlib.sha256(text.encode()).hexdigest()[:10]}"


@dataclass
class Reading:
    """All that one file said: what it was taken for, its rows and its problems.

    Disbursements stand in `table`, an Arrow table or a packed one; `sheets` are the sheets that hold some, `sheet` the one read.
    `unread` names, as far as they can be told, the projects of rows that could not be read.
    `layout` names a plan's form (`hebei_target`, `declaration`, `table`, or what a person wrote by hand: `entry`,
    `correction`, `end`). `stated` are the totals that a plan states of itself: `place`, `what` (`whole`, a unit's code,
    `rows` for a totals row), and `yuan` or `count`. `corrections` are the cells that a person corrected: field, position,
    what was written and what holds.
    """

    recognised: str | None
    problems: list[Problem] = field(default_factory=list)
    fiscal_year: int | None = None
    unit_of_money: str | None = None
    headings: dict[str, str] = field(default_factory=dict)
    unread: list[dict[str, Any]] = field(default_factory=list)
    layout: str | None = None
    stated: list[dict[str, Any]] = field(default_factory=list)
    corrections: list[dict[str, Any]] = field(default_factory=list)
    table: Any = None
    sheets: list[str] = field(default_factory=list)
    sheet: str | None = None
    _rows: list[dict[str, Any]] = field(default_factory=list, repr=False)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows one by one; those of a table are made when they are first asked for."""
        if self.table is not None and len(self._rows) != self.table.num_rows:
            self._rows = self.table.to_reader().read_all().to_pylist()
        return self._rows

    @rows.setter
    def rows(self, rows: list[dict[str, Any]]) -> None:
        """Put other rows in their place."""
        self.table, self._rows = None, rows

    @property
    def size(self) -> int:
        """How many rows there are, without making them."""
        return len(self._rows) if self.table is None else self.table.num_rows

    def distinct(self, name: str) -> list[Any]:
        """The different values of a column, in the order in which they come."""
        if self.table is None:
            return list(dict.fromkeys(row.get(name) for row in self._rows))
        return list(dict.fromkeys(value for batch in self.table.to_reader() for value in batch.column(name).unique().to_pylist()))

    @property
    def fatal(self) -> bool:
        """Whether anything found so far forbids storing the file."""
        return any(problem.level == "fatal" for problem in self.problems)

    def __getstate__(self) -> dict[str, Any]:
        """What is handed to another process: the table packed, without the rows made from it."""
        if self.table is None:
            return self.__dict__
        return {**self.__dict__, "_rows": [], "table": self.table if isinstance(self.table, Packed) else Packed(self.table)}

    def __eq__(self, other: object) -> bool:
        """Whether another reading says the same, its rows made or packed or not."""
        return isinstance(other, Reading) and self._said() == other._said()

    def _said(self) -> dict[str, Any]:
        if self.table is None:
            return self.__dict__
        return {**self.__dict__, "_rows": [], "table": self.table.to_reader().read_all()}

    __hash__ = None


def curbed(problems: list[Problem], totals: Mapping[str, int]) -> list[Problem]:
    """The first thousand findings of each code and one more that says how many rows of it there are beyond, by `totals`."""
    told: Counter[str] = Counter()
    kept = []
    for problem in problems:
        if told[problem.code] < MOST_FINDINGS:
            told[problem.code] += 1
            kept.append(problem)
    more = {code: count - told[code] for code, count in totals.items() if count > told[code]}
    return kept + [Problem(code, facts={"why": "more", "count": count}) for code, count in more.items()]


class LoadError(Exception):
    """The file cannot be read at all; its problem says why and what to do."""

    def __init__(self, code: str, **facts: Any) -> None:
        """Keep the problem that the sender is to be told."""
        super().__init__(code)
        self.problem = Problem(
            code,
            row=facts.pop("row", None),
            column=facts.pop("column", None),
            value=facts.pop("value", None),
            expected=facts.pop("expected", None),
            facts=facts,
        )
