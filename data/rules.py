"""The checks of data/checks, run over what has arrived; one file a rule, its name the finding's code."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from data.database import Cursor, append, ask
from loaders.problems import Problem

FOLDER = Path(__file__).parent / "checks"
MOST_FINDINGS = 1000
# What explains other findings is looked at first: a wrong unit of money, a copied month.
FIRST = ("W03", "W12")
_OWN = {"row", "column_name", "value", "expected"}


@cache
def checks(prefix: str) -> tuple[tuple[str, str], ...]:
    """Code and question of each check whose code begins so (a pattern like W[01]), in the order in which they are asked."""
    paths = sorted(FOLDER.glob(f"{prefix}*.sql"), key=lambda path: (path.stem not in FIRST, path.stem))
    return tuple((path.stem, path.read_text(encoding="utf-8")) for path in paths)


@cache
def rule_set() -> str:
    """Twelve hexadecimal digits that change with any change of any check."""
    told = "\n".join(f"{code}\n{question}" for code, question in checks(""))
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def run(cursor: Cursor, prefix: str, headings: dict[str, str], told: Callable[[float], None] = lambda share: None) -> list[Problem]:
    """The findings of all checks of a kind; columns are named by the sender's own headings.

    Each check can see in the table `found` what the checks before it have found, so that one fault
    gives one finding. `told` hears the share of the checks that is done.
    """
    cursor.execute("create temp table if not exists found as select code, file_row as row, unit_code, project_code from findings limit 0")
    problems = []
    for place, (code, question) in enumerate(checks(prefix)):
        told(place / len(checks(prefix)))
        rows = ask(cursor, f"from ({question}) limit {MOST_FINDINGS + 1}")
        append(cursor, "found", [{"code": code, **row} for row in rows])
        problems += [_problem(code, row, headings) for row in rows[:MOST_FINDINGS]]
        if len(rows) > MOST_FINDINGS:
            count = ask(cursor, f"select count(*) as n from ({question})")[0]["n"]
            problems.append(Problem(code, facts={"why": "more", "count": count - MOST_FINDINGS}))
    return problems


def _problem(code: str, row: dict[str, object], headings: dict[str, str]) -> Problem:
    column = str(row["column_name"]) if row.get("column_name") else None
    return Problem(
        code,
        row=row.get("row"),
        column=headings.get(column, column) if column else None,
        value=_text(row.get("value")),
        expected=_text(row.get("expected")),
        facts={name: value for name, value in row.items() if name not in _OWN},
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
