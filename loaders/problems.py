"""The three answers a loader can give: rows, problems the sender can mend, or a refusal."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

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

    `unread` names, as far as they can be told, the projects of rows that could not be read.
    """

    recognised: str | None
    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    fiscal_year: int | None = None
    unit_of_money: str | None = None
    headings: dict[str, str] = field(default_factory=dict)
    unread: list[dict[str, Any]] = field(default_factory=list)

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
