"""What a store of many projects keeps as tables: plans in force, verdicts and their sums; what they answer for, whether they speak.

The ledger stays the truth: a table says what its view (VIEWS) says now, and can be made anew from it at any time.
"""

from typing import Any

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
# So many units are looked at by themselves; beyond it all are.
FEW_UNITS = 200
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


def of_units(units: list[str]) -> str:
    """The condition that a row is of one of these units, in words that every view hands down to its tables."""
    return f"unit_code in ({', '.join(map(quoted, sorted(units)))})" if units else "false"
