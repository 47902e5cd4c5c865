"""The verdicts of a store of many projects as a table, which every act brings up to date for the units that it has touched.

The ledger stays the truth: the table says what `verdicts_on(null)` says, and can be made anew from it at any time.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from data.narrow import real

# Below this, planning the question costs an act more than all rows of the answer cost a reader.
SMALL = 2_000
# So many units are brought up to date by themselves; beyond it everything is made anew, so many projects at a time.
FEW_UNITS, AT_ONCE = 200, 20_000
DECEMBER = 12
TABLE = "verdicts"
_BUDGETS = "fiscal_year, unit_code, unit_name, project_code, project_name, original_budget as budget, month, current_budget"
_KEY = "fiscal_year, unit_code, project_code, month"
_MONTHS = f"{_KEY}, batch, reported, anchor, last_reported, spent, missing, paid, covers"
_DUE = f"{_KEY}, due_share, due_written, due_month, next_share, next_written, next_month, span, line"
# What answers for a view, as a question of the table.
ANSWERS = {
    "verdicts_on": TABLE,
    "monthly_budgets_on": f"(select {_BUDGETS} from {TABLE})",
    "months_on": f"(select {_MONTHS} from {TABLE})",
    "due_on": f"(select {_DUE} from {TABLE} where due_share is not null)",
}
# A cursor of the store; only the store's own module speaks of the library.
Cursor = Any


class Done(NamedTuple):
    """An act that was done: its verb, its number and the batch it is about."""

    verb: str
    act: int
    batch: int | None


def is_kept(cursor: Cursor) -> bool:
    """Whether the table speaks: the store had many projects when an act last touched one."""
    return is_there(cursor) and cursor.execute(f"select exists (from {real(cursor, TABLE)})").fetchone()[0]


def is_there(cursor: Cursor) -> bool:
    """Whether the store has a place for the table; one of an older version, looked into, has not."""
    return bool(cursor.execute("select count(*) from duckdb_tables() where table_name = $table", {"table": TABLE}).fetchone()[0])


def refresh(cursor: Cursor, done: Sequence[Done]) -> None:
    """Bring the table up to date after acts, within their transaction."""
    whole = real(cursor, TABLE)
    if not is_kept(cursor):
        # Whoever sees some units alone cannot make the table of all of them.
        if whole == TABLE and is_large(cursor):
            make(cursor)
        return
    units: set[str] = set()
    for act in done:
        if act.verb == "rules":
            make(cursor)
            return
        if question := TOUCHED.get(act.verb):
            units |= {unit for (unit,) in cursor.execute(question, {"number": act.batch if act.batch is not None else act.act}).fetchall()}
    if len(units) > FEW_UNITS:
        make(cursor)
    elif units:
        named = f"unit_code in ({', '.join(map(_quoted, sorted(units)))})"
        cursor.execute(f"delete from {whole} where {named}")
        _insert(cursor, named)


_OF_BATCH = "select unit_code from actuals where batch = $number union select unit_code from projects where batch = $number"
# The units that an act may have touched, by its verb; an act of another verb moves no verdict.
TOUCHED = {
    "certify": _OF_BATCH,
    "withdraw": _OF_BATCH,
    "adjust": "select distinct unit_code from adjustments where act = $number",
    "revise": "select distinct unit_code from revisions where act = $number",
    "reverse": """
        select unit_code
        from (select act, unit_code from adjustments union all select act, unit_code from revisions) as changed
        join reversals on reversed = changed.act
        where reversals.act = $number""",
}


def is_large(cursor: Cursor) -> bool:
    """Whether the store has so many projects that the table pays."""
    return cursor.execute("select count(*) from projects").fetchone()[0] > SMALL


def make(cursor: Cursor) -> None:
    """Make the table anew from the ledger, in the order in which it is read: by month, unit and project."""
    cursor.execute(f"delete from {TABLE}")
    cursor.execute(f"create or replace temp table made as from {TABLE} limit 0")
    for first, last in _spans(cursor):
        cursor.execute(f"insert into made by name from verdicts_on(null) where unit_code between {_quoted(first)} and {_quoted(last)}")
    for month in range(1, DECEMBER + 1):
        cursor.execute(f"insert into {TABLE} from made where month = {month} order by fiscal_year, unit_code, project_code")
    cursor.execute(f"create or replace temp table made as from {TABLE} limit 0")


def differing(cursor: Cursor) -> int:
    """How many rows of the table are not what the ledger says, and the reverse; 0 where the table does not speak."""
    if not is_kept(cursor):
        return 0
    count = 0
    for first, last in _spans(cursor):
        span = f"where unit_code between {_quoted(first)} and {_quoted(last)}"
        cursor.execute(f"create or replace temp table said as select {_columns(cursor)} from verdicts_on(null) {span}")
        kept = f"from {TABLE} {span}"
        parting = f"(from said except all {kept}) union all ({kept} except all from said)"
        count += cursor.execute(f"select count(*) from ({parting})").fetchone()[0]
    strays = f"select count(*) from {TABLE} anti join (select distinct unit_code from projects) using (unit_code)"
    return count + cursor.execute(strays).fetchone()[0]


def _columns(cursor: Cursor) -> str:
    return ", ".join(row[0] for row in cursor.execute(f"describe {real(cursor, TABLE)}").fetchall())


def _insert(cursor: Cursor, condition: str) -> None:
    cursor.execute(
        f"""insert into {real(cursor, TABLE)} by name
        from verdicts_on(null) where {condition} order by fiscal_year, month, unit_code, project_code"""
    )


def _spans(cursor: Cursor) -> Iterator[tuple[str, str]]:
    """First and last unit of each run of units that together have about AT_ONCE projects."""
    yield from cursor.execute(
        f"""
        with counted as (select unit_code, count(*) as projects from projects where unit_code is not null group by unit_code),
        placed as (select unit_code, (sum(projects) over (order by unit_code) - projects) // {AT_ONCE} as span from counted)
        select min(unit_code), max(unit_code) from placed group by span order by span"""
    ).fetchall()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
