"""What stands before and after a file: each view asked once, and kept as a table for the checks and for what rests on it."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from typing import Any

from data import derived, macros
from data.database import Cursor, ask, settled
from data.derived import EVERYTHING, Scope

# Each rests on those in front of it.
CHAIN = ("batches", "rules", "adjustments", "plans", "schedules", "due", "monthly_budgets", "official", "paid", "months")
# What a file of disbursements moves of them.
MOVED = ("batches", "official", "paid", "months")
Verdicts = dict[tuple[str, str], dict[str, Any]]


@contextmanager
def kept(cursor: Cursor, when: str, scope: Scope = EVERYTHING, names: Sequence[str] = CHAIN) -> Iterator[None]:
    """Tables batches_, plans_, … of a time (before, after, now), from which the views answer until this ends.

    `scope` keeps the rows of some projects alone. After a file the views are asked of the ledger once more, which it has changed; before
    it, a large store's own tables say what they say.
    """
    conditions = {"batches": EVERYTHING.units, "rules": EVERYTHING.units, "official": scope.units}
    said = derived.ANSWERS if when == "before" and derived.is_kept(cursor) else {}
    with ExitStack() as stack:
        for name in names:
            if when == "after":
                cursor.execute(macros.text_of(f"{name}_on"))
            view, chosen = f"{name}_on", conditions.get(name, scope.projects)
            cursor.execute(f"create or replace temp table {name}_{when} as from {said.get(view, f'{view}(null)')} where {chosen}")
            stack.enter_context(settled(cursor, **{f"{name}_on": f"{name}_{when}"}))
        yield
    if when == "now":
        # What is made within an act outlives it: temporary tables go with their cursor.
        for name in names:
            cursor.execute(f"create or replace temp table {name}_now as from {name}_now limit 0")


@contextmanager
def figures(cursor: Cursor, when: str, scope: Scope) -> Iterator[None]:
    """The views look into a table of what a few units have reported until this ends: the ledger of all is looked through once for it."""
    if scope == EVERYTHING:
        yield
        return
    source = f"from figures() where {scope.units}"
    if when == "after":
        # A file only adds to what was there before.
        cursor.execute(macros.text_of("figures"))
        source = "from figures_before union all from figures() where batch = (select max(batch) from batches)"
    cursor.execute(f"create or replace temp table figures_{when} as {source}")
    with settled(cursor, figures=f"figures_{when}"):
        yield
    if when == "now":
        cursor.execute("create or replace temp table figures_now as from figures_now limit 0")


def scope(cursor: Cursor, is_whole: bool) -> Scope:
    """Whose verdicts a staged file of disbursements can move in a large store; `is_whole` where it speaks for all of its units."""
    if not derived.is_kept(cursor):
        return EVERYTHING
    moved = "select unit_code, null as project_code from arrived where known" if is_whole else derived.moved_by("arrived where known")
    return derived.scope_of(derived.touched(cursor, moved))


def verdicts(cursor: Cursor, as_of: date, when: str, scope: Scope = EVERYTHING) -> tuple[Verdicts, dict[str, Any]]:
    """The verdicts at a month's end by unit and code, kept in verdicts_before or verdicts_after, and what all come to together.

    Of a large store these are the verdicts that can move; those of all others are as they stand.
    """
    at = {"as_of": as_of}
    month = "fiscal_year = year($as_of::date) and month = month($as_of::date)"
    # What a large store's table says is what stands before.
    said = {"judged_on": f"(from {derived.TABLE} where {scope.projects})"} if when == "before" and derived.is_kept(cursor) else {}
    with settled(cursor, **said):
        cursor.execute(f"create or replace temp table verdicts_{when} as from verdicts_on(null) where {month}", at)
    with settled(cursor, verdicts_on=f"verdicts_{when}"):
        rows = ask(
            cursor,
            """
            select unit_code, unit_name, project_code, project_name, status, spent, gap_amount
            from progress_on($as_of, null) order by unit_code, project_code""",
            at,
        )
    everybody, units = f"verdicts_{when}", f"sums_{when}"
    if scope != EVERYTHING:
        others = f"from {derived.TABLE} where {scope.units} and not ({scope.projects})"
        everybody = f"(from {everybody} union all by name {others} and fiscal_year = {as_of.year} and month = {as_of.month})"
        units = f"(from {units} union all by name from {derived.SUMS} where not ({scope.units}))"
    with settled(cursor, verdicts_on=everybody):
        cursor.execute(f"create or replace temp table sums_{when} as from sums_on(null)")
    with settled(cursor, sums_on=units):
        whole = ask(cursor, "from summary_on($as_of, null) where unit_code is null", at)[0]
    return {(row["unit_code"], row["project_code"]): row for row in rows}, whole
