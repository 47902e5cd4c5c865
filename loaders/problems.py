"""The three answers a loader can give: rows, problems the sender can mend, or a refusal."""

from dataclasses import dataclass, field
from typing import Any

LEVELS = {"F": "fatal", "P": "fatal", "R": "fatal", "W": "confirm", "M": "note", "L": "note"}


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


@dataclass
class Reading:
    """All that one file said: what it was taken for, its rows and its problems.

    `layout` names a plan's form (`hebei_target`, `declaration`, `table`). `stated` are the totals that a plan
    states of itself: `place`, `what` (`whole`, a unit's code, `rows` for a totals row), and `yuan` or `count`.
    """

    recognised: str | None
    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    fiscal_year: int | None = None
    unit_of_money: str | None = None
    headings: dict[str, str] = field(default_factory=dict)
    layout: str | None = None
    stated: list[dict[str, Any]] = field(default_factory=list)

    @property
    def fatal(self) -> bool:
        """Whether anything found so far forbids storing the file."""
        return any(problem.level == "fatal" for problem in self.problems)


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
