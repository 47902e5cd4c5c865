"""The checks of data/checks, run over what has arrived; one file a rule, its name the finding's code."""

from functools import cache
from pathlib import Path

from data.database import Cursor, ask
from loaders.problems import Problem

FOLDER = Path(__file__).parent / "checks"
MOST_FINDINGS = 5000
_OWN = {"row", "column_name", "value", "expected"}


@cache
def checks(prefix: str) -> tuple[tuple[str, str], ...]:
    """Code and question of each check whose code begins so, in their order."""
    return tuple((path.stem, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob(f"{prefix}*.sql")))


def run(cursor: Cursor, prefix: str, headings: dict[str, str]) -> list[Problem]:
    """The findings of all checks of a kind; columns are named by the sender's own headings."""
    found = []
    for code, question in checks(prefix):
        for row in ask(cursor, f"from ({question}) limit {MOST_FINDINGS}"):
            column = row.get("column_name")
            facts = {name: value for name, value in row.items() if name not in _OWN}
            found.append(
                Problem(
                    code,
                    row=row.get("row"),
                    column=headings.get(column, column) if column else None,
                    value=_text(row.get("value")),
                    expected=_text(row.get("expected")),
                    facts=facts,
                )
            )
    return found


def _text(value: object) -> str | None:
    return None if value is None else str(value)
