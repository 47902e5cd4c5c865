"""What stands before and after a file: each view asked once, and kept as a table for the checks and for what rests on it."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from typing import Any

from data import macros
from data.database import Cursor, ask, settled

# Each rests on those in front of it.
CHAIN = ("batches", "rules", "adjustments", "plans", "schedules", "due", "monthly_budgets", "official", "paid", "months")
# What a file of disbursements moves of them.
MOVED = ("batches", "official", "paid", "months")
Verdicts = dict[tuple[str, str], dict[str, Any]]


@contextmanager
def kept(cursor: Cursor, when: str, names: Sequence[str] = CHAIN) -> Iterator[None]:
    """Tables batches_, plans_, … of a time (before or after), from which the views answer until this ends.

    After a file they are asked of the ledger once more, which it has changed.
    """
    with ExitStack() as stack:
        for name in names:
            if when == "after":
                cursor.execute(macros.text_of(f"{name}_on"))
            cursor.execute(f"create or replace temp table {name}_{when} as from {name}_on(null)")
            stack.enter_context(settled(cursor, **{f"{name}_on": f"{name}_{when}"}))
        yield


def verdicts(cursor: Cursor, as_of: date, when: str) -> tuple[Verdicts, dict[str, Any]]:
    """The verdicts at a month's end by unit and code, kept in verdicts_before or verdicts_after, and what they come to together."""
    cursor.execute(f"create or replace temp table verdicts_{when} as from progress_on($as_of, null)", {"as_of": as_of})
    rows = ask(
        cursor,
        f"""
        select unit_code, unit_name, project_code, project_name, status, spent, gap_amount
        from verdicts_{when} order by unit_code, project_code""",
    )
    with settled(cursor, progress_on=f"verdicts_{when}"):
        whole = ask(cursor, "from summary_on($as_of, null) where unit_code is null", {"as_of": as_of})[0]
    return {(row["unit_code"], row["project_code"]): row for row in rows}, whole
