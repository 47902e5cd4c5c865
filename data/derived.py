"""What a store of many projects keeps as tables: plans in force, verdicts and their sums; what they answer for, whether they speak.

The ledger stays the truth: a table says what its view (VIEWS) says now, and can be made anew from it at any time.
"""

from collections.abc import Collection
from typing import Any, NamedTuple

from data.narrow import real
from data.opening import quoted

PLANS, TABLE, SUMS = "schedules", "verdicts", "sums"
# Each in the order in which it is read: a question is about one month, or one project.
TABLES = {
    PLANS: "fiscal_year, unit_code, project_code, version, month",
    TABLE: "fiscal_year, month, unit_code, project_code",
    SUMS: "fiscal_year, month, unit_code",
}
VIEWS = {PLANS: "schedules_on", TABLE: "judged_on", SUMS: "sums_on"}
# So many units are looked at by themselves; beyond it all are. So many projects are, beyond it their whole units.
FEW_UNITS, FEW_PROJECTS = 200, 500
_BUDGETS = "fiscal_year, unit_code, unit_name, project_code, project_name, original_budget as budget, month, current_budget"
_KEY = "fiscal_year, unit_code, project_code, month"
_MONTHS = f"{_KEY}, batch, reported, anchor, last_reported, spent, missing, paid, covers"
_DUE = f"{_KEY}, due_share, due_written, due_month, next_share, next_written, next_month, span, line"
# What answers for a view, as a question of a table.
ANSWERS = {
    **{view: name for name, view in VIEWS.items()},
    "monthly_budgets_on": f"(select {_BUDGETS} from {TABLE})",
    "months_on": f"(select {_MONTHS} from {TABLE})",
    "due_on": f"(select {_DUE} from {TABLE} where due_share is not null)",
}
# A cursor of the store; only the store's own module speaks of the library.
Cursor = Any


def is_kept(cursor: Cursor) -> bool:
    """Whether the tables speak: the store had many projects when an act last touched one. The sums are made last."""
    return is_there(cursor) and cursor.execute(f"select exists (from {real(cursor, SUMS)})").fetchone()[0]


def is_there(cursor: Cursor) -> bool:
    """Whether the store has a place for the tables; one of an older version, looked into, has not."""
    return bool(cursor.execute("select count(*) from duckdb_tables() where table_name = $table", {"table": SUMS}).fetchone()[0])


class Scope(NamedTuple):
    """What of a store is looked at: the conditions that a row is of its units, and that it is of its projects."""

    units: str
    projects: str


EVERYTHING = Scope("true", "true")


def touched(cursor: Cursor, question: str, facts: dict[str, Any] | None = None) -> set[tuple[str, str | None]]:
    """The projects (unit and code) that a question answers, each unit without a code where they are more than a few."""
    narrowed = f"""
        with told as ({question})
        select distinct unit_code, case when (select count(*) from told) <= {FEW_PROJECTS} then project_code end from told"""
    return set(cursor.execute(narrowed, facts).fetchall())


def scope_of(projects: Collection[tuple[str, str | None]]) -> Scope:
    """The scope of some projects (unit and code, or all of a unit without one), and perhaps of a few more of the same units."""
    units, codes = {unit for unit, _ in projects}, {code for _, code in projects}
    if len(units) > FEW_UNITS:
        return EVERYTHING
    of_units = _among("unit_code", units)
    is_few = None not in codes and len(projects) <= FEW_PROJECTS
    return Scope(of_units, f"{of_units} and {_among('project_code', codes)}" if is_few else of_units)


def _among(column: str, values: Collection[Any]) -> str:
    """The condition that a column is one of some values, in words that every view hands down to its tables."""
    return f"{column} in ({', '.join(map(quoted, sorted(values)))})" if values else "false"


def moved_by(rows: str) -> str:
    """The question which projects some rows of disbursements may move: theirs, and all that any batch has ever reported for their units
    and months, since what one says no more another says again.
    """
    return f"""
        select unit_code, project_code from {rows}
        union select unit_code, project_code from actuals
        join (select distinct fiscal_year, unit_code, month from {rows}) using (fiscal_year, unit_code, month)"""
