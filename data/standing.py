"""What stands before and after a file: each view asked once, and kept as a table for the checks and for what rests on it."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from typing import Any

from data import derived, macros
from data.database import Cursor, ask, settled
from data.derived import FEW_UNITS

# Each rests on those in front of it.
CHAIN = ("batches", "rules", "adjustments", "plans", "schedules", "due", "monthly_budgets", "official", "paid", "months")
# What a file of disbursements moves of them.
MOVED = ("batches", "official", "paid", "months")
# These are short in any store, and are not of one unit.
SHORT = ("batches", "rules", "official")
EVERYTHING = "true"
Verdicts = dict[tuple[str, str], dict[str, Any]]


@contextmanager
def kept(cursor: Cursor, when: str, names: Sequence[str] = CHAIN, condition: str = EVERYTHING) -> Iterator[None]:
    """Tables batches_, plans_, … of a time (before, after, now), from which the views answer until this ends.

    `condition` keeps the rows of some units alone. After a file the views are asked of the ledger once more, which it has changed.
    """
    with ExitStack() as stack:
        for name in names:
            if when == "after":
                cursor.execute(macros.text_of(f"{name}_on"))
            chosen = EVERYTHING if name in SHORT else condition
            cursor.execute(f"create or replace temp table {name}_{when} as from {name}_on(null) where {chosen}")
            stack.enter_context(settled(cursor, **{f"{name}_on": f"{name}_{when}"}))
        yield
    if when == "now":
        # What is made within an act outlives it: temporary tables go with their cursor.
        for name in names:
            cursor.execute(f"create or replace temp table {name}_now as from {name}_now limit 0")


def scope(cursor: Cursor) -> str:
    """Whose verdicts a staged file can move: in a large store those of its own units."""
    if not derived.is_kept(cursor):
        return EVERYTHING
    units = [row["unit_code"] for row in ask(cursor, "select distinct unit_code from arrived where known")]
    return derived.of_units(units) if len(units) <= FEW_UNITS else EVERYTHING


def verdicts(cursor: Cursor, as_of: date, when: str, condition: str = EVERYTHING) -> tuple[Verdicts, dict[str, Any]]:
    """The verdicts at a month's end by unit and code, kept in verdicts_before or verdicts_after, and what all come to together.

    Of a large store these are the verdicts that can move; those of all others are as they stand.
    """
    at = {"as_of": as_of}
    month = "fiscal_year = year($as_of::date) and month = month($as_of::date)"
    cursor.execute(f"create or replace temp table verdicts_{when} as from verdicts_on(null) where {month}", at)
    with settled(cursor, verdicts_on=f"verdicts_{when}"):
        rows = ask(
            cursor,
            """
            select unit_code, unit_name, project_code, project_name, status, spent, gap_amount
            from progress_on($as_of, null) order by unit_code, project_code""",
            at,
        )
        cursor.execute(f"create or replace temp table sums_{when} as from sums_on(null)")
    everybody = f"sums_{when}"
    if condition != EVERYTHING:
        others = f"select * from {derived.SUMS} where not ({condition})"
        everybody = f"(from sums_{when} union all by name {others})"
    with settled(cursor, sums_on=everybody):
        whole = ask(cursor, "from summary_on($as_of, null) where unit_code is null", at)[0]
    return {(row["unit_code"], row["project_code"]): row for row in rows}, whole
