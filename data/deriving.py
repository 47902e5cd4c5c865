"""Making the table of verdicts, and bringing it up to date within each act for the units that the act has touched."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from data import standing
from data.database import Cursor
from data.derived import FEW_UNITS, TABLE, is_kept, of_units
from data.narrow import real
from data.opening import quoted

# Below this, planning the question costs an act more than all rows of the answer cost a reader.
SMALL = 2_000
# The whole table is made from so many projects at a time.
AT_ONCE = 20_000
DECEMBER = 12
# By month first: a question is about one month, or one project.
ORDER = "fiscal_year, month, unit_code, project_code"


class Done(NamedTuple):
    """An act that was done: its verb, its number and the batch it is about."""

    verb: str
    act: int
    batch: int | None


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
        chosen = of_units(list(units))
        cursor.execute(f"delete from {whole} where {chosen}")
        with standing.kept(cursor, "now", condition=chosen):
            cursor.execute(f"insert into {whole} by name from verdicts_on(null) order by {ORDER}")


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
    for span in _spans(cursor):
        with standing.kept(cursor, "now", condition=span):
            cursor.execute("insert into made by name from verdicts_on(null)")
    for month in range(1, DECEMBER + 1):
        cursor.execute(f"insert into {TABLE} from made where month = {month} order by {ORDER}")
    cursor.execute(f"create or replace temp table made as from {TABLE} limit 0")


def differing(cursor: Cursor) -> int:
    """How many rows of the table are not what the ledger says, and the reverse; 0 where the table does not speak."""
    if not is_kept(cursor):
        return 0
    names = ", ".join(row[0] for row in cursor.execute(f"describe {TABLE}").fetchall())
    count = 0
    for span in _spans(cursor):
        with standing.kept(cursor, "now", condition=span):
            cursor.execute(f"create or replace temp table said as select {names} from verdicts_on(null)")
        there = f"from {TABLE} where {span}"
        parting = f"(from said except all {there}) union all ({there} except all from said)"
        count += cursor.execute(f"select count(*) from ({parting})").fetchone()[0]
    strays = f"select count(*) from {TABLE} anti join (select distinct unit_code from projects) using (unit_code)"
    return count + cursor.execute(strays).fetchone()[0]


def _spans(cursor: Cursor) -> Iterator[str]:
    """The condition of each run of units that together have about AT_ONCE projects."""
    found = cursor.execute(
        f"""
        with counted as (select unit_code, count(*) as projects from projects where unit_code is not null group by unit_code),
        placed as (select unit_code, (sum(projects) over (order by unit_code) - projects) // {AT_ONCE} as span from counted)
        select min(unit_code), max(unit_code) from placed group by span order by span"""
    ).fetchall()
    for first, last in found:
        yield f"unit_code between {quoted(first)} and {quoted(last)}"
