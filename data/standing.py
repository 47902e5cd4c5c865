"""What stands before and after a file: each view asked once, and kept as a table for the checks and for what rests on it."""

from contextlib import ExitStack
from datetime import date
from typing import Any

from data.database import Cursor, ask, settled

CHAIN = ("official", "paid", "months")
Verdicts = dict[tuple[str, str], dict[str, Any]]


def keep(cursor: Cursor, when: str) -> None:
    """Tables official_, paid_ and months_ of a time (before or after): each rests on the one in front of it."""
    with ExitStack() as stack:
        for name in CHAIN:
            cursor.execute(f"create or replace temp table {name}_{when} as from {name}_on(null)")
            stack.enter_context(settled(cursor, **{f"{name}_on": f"{name}_{when}"}))


def verdicts(cursor: Cursor, as_of: date, when: str) -> tuple[Verdicts, dict[str, Any]]:
    """The verdicts at a month's end by unit and code, kept in verdicts_before or verdicts_after, and what they come to together."""
    with settled(cursor, months_on=f"months_{when}"):
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
