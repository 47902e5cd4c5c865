"""Making the tables of plans in force, verdicts and sums, and bringing them up to date within each act for what it has touched."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import NamedTuple

from data import standing
from data.database import Cursor, settled
from data.derived import EVERYTHING, PLANS, SUMS, TABLE, TABLES, VIEWS, Scope, is_kept, moved_by, scope_of, touched
from data.narrow import real
from data.opening import quoted

# Below this, planning the question costs an act more than all rows of the answer cost a reader.
SMALL = 2_000
# The verdicts of all are made from those of so many projects at a time, and put in order those of so many such parts: unordered they
# wait in a temporary table, which takes ten times the room of a table.
AT_ONCE, IN_ORDER = 20_000, 10
DECEMBER = 12


class Done(NamedTuple):
    """An act that was done: its verb, its number and the batch it is about."""

    verb: str
    act: int
    batch: int | None


def refresh(cursor: Cursor, done: Sequence[Done]) -> None:
    """Bring the tables up to date after acts, within their transaction."""
    if not is_kept(cursor):
        # Whoever sees some units alone cannot make the tables of all of them.
        if real(cursor, TABLE) == TABLE and is_large(cursor):
            make(cursor)
        return
    projects: set[tuple[str, str | None]] = set()
    for act in done:
        if act.verb == "rules":
            make(cursor)
            return
        if question := TOUCHED.get(act.verb):
            projects |= touched(cursor, question, {"number": act.batch if act.batch is not None else act.act})
    if (scope := scope_of(projects)) == EVERYTHING:
        make(cursor)
    elif projects:
        _make_of(cursor, scope)


def _make_of(cursor: Cursor, scope: Scope) -> None:
    """Make anew what the tables say of some projects, and the sums of their units."""
    for name, condition in ((PLANS, scope.projects), (TABLE, scope.projects), (SUMS, scope.units)):
        cursor.execute(f"delete from {real(cursor, name)} where {condition}")
    with standing.figures(cursor, "now", scope), standing.kept(cursor, "now", scope):
        _add(cursor, PLANS)
        _add(cursor, TABLE)
    with settled(cursor, verdicts_on=f"(from {real(cursor, TABLE)} where {scope.units})"):
        _add(cursor, SUMS)


def _add(cursor: Cursor, name: str) -> None:
    """Put into a table what its view says, in the order in which it is read."""
    cursor.execute(f"insert into {real(cursor, name)} by name from {VIEWS[name]}(null) order by {TABLES[name]}")


_OF_BATCH = f"""
    {moved_by("actuals where batch = $number")}
    union select unit_code, null as project_code from projects where batch = $number"""
# The projects that an act may have touched, by its verb; a plan its whole units, of which it may leave out projects. An act of another
# verb moves no verdict.
TOUCHED = {
    "certify": _OF_BATCH,
    "withdraw": _OF_BATCH,
    "adjust": "select distinct unit_code, project_code from adjustments where act = $number",
    "revise": "select distinct unit_code, project_code from revisions where act = $number",
    "reverse": """
        select distinct unit_code, project_code
        from (
            select act, unit_code, project_code from adjustments union all select act, unit_code, project_code from revisions
        ) as changed
        join reversals on reversed = changed.act
        where reversals.act = $number""",
}


def is_large(cursor: Cursor) -> bool:
    """Whether the store has so many projects that the table pays."""
    return cursor.execute("select count(*) from projects").fetchone()[0] > SMALL


def make(cursor: Cursor) -> None:
    """Make the tables anew from the ledger."""
    for name in TABLES:
        cursor.execute(f"delete from {name}")
    with _held(cursor):
        spans = list(_spans(cursor))
        for first in range(0, len(spans), IN_ORDER):
            cursor.execute(f"create or replace temp table made as from {TABLE} limit 0")
            for span in spans[first : first + IN_ORDER]:
                with _of_span(cursor, span):
                    _add(cursor, PLANS)
                    cursor.execute(f"insert into made by name from {VIEWS[TABLE]}(null)")
            for month in range(1, DECEMBER + 1):
                cursor.execute(f"insert into {TABLE} from made where month = {month} order by {TABLES[TABLE]}")
        cursor.execute(f"create or replace temp table made as from {TABLE} limit 0")
    with settled(cursor, verdicts_on=TABLE):
        _add(cursor, SUMS)


# What each span would have to look for in all that was ever reported.
REPORTED = ("official", "paid")


@contextmanager
def _held(cursor: Cursor) -> Iterator[None]:
    """Tables of what all units have reported, until this ends; each span takes its own from them."""
    try:
        cursor.execute("create or replace temp table official_held as from official_on(null)")
        with settled(cursor, official_on="official_held"):
            cursor.execute("create or replace temp table paid_held as from paid_on(null) order by unit_code")
        yield
    finally:
        with suppress(Exception):
            for name in REPORTED:
                cursor.execute(f"create or replace temp table {name}_held as from {name}_held limit 0")


@contextmanager
def _of_span(cursor: Cursor, span: str) -> Iterator[None]:
    """The views answer for a span alone until this ends."""
    with settled(cursor, **{f"{name}_on": f"{name}_held" for name in REPORTED}), standing.kept(cursor, "now", Scope(span, span)):
        yield


def differing(cursor: Cursor) -> int:
    """How many rows of the tables are not what the ledger says, and the reverse; 0 where they do not speak."""
    if not is_kept(cursor):
        return 0
    count = 0
    with _held(cursor):
        for span in _spans(cursor):
            with _of_span(cursor, span):
                count += _parting(cursor, PLANS, span) + _parting(cursor, TABLE, span)
                with settled(cursor, verdicts_on=f"{TABLE}_said"):
                    count += _parting(cursor, SUMS, span)
    strays = "select count(*) from {} anti join (select distinct unit_code from projects) using (unit_code)"
    return count + sum(cursor.execute(strays.format(name)).fetchone()[0] for name in TABLES)


def _parting(cursor: Cursor, name: str, span: str) -> int:
    """How many rows a table and its view do not share within a span; what the view says stays in NAME_said."""
    columns = ", ".join(row[0] for row in cursor.execute(f"describe {name}").fetchall())
    cursor.execute(f"create or replace temp table {name}_said as select {columns} from {VIEWS[name]}(null)")
    there = f"from {name} where {span}"
    parting = f"(from {name}_said except all {there}) union all ({there} except all from {name}_said)"
    return cursor.execute(f"select count(*) from ({parting})").fetchone()[0]


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
