"""The rows of a file of disbursements in temporary tables, held so narrow that a million of them fit beside the rest."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

from data import derived
from data.database import Cursor, append
from data.opening import quoted, work_path
from loaders.packed import AT_ONCE, pieces
from loaders.problems import Problem, Reading

# The rows of a larger file are put down in a file, beside which they take little memory.
MOST_IN_MEMORY = 50_000
# Beyond so many codes a file is about all plans.
FEW_CODES = 10_000


def stage_actuals(cursor: Cursor, reading: Reading, today: date, year: int | None, control_total: Decimal | None) -> None:
    """Views of what arrived and of the rows whose project and unit are known, a table of the plans it is about, for the checks.

    `year` and `control_total` are what was declared beside the file.
    """
    is_large = derived.is_kept(cursor)
    budgets = derived.ANSWERS["monthly_budgets_on"] if is_large else "monthly_budgets_on(null)"
    years = ", ".join(str(year) for year in sorted(set(reading.distinct("fiscal_year")) - {None}))
    every = f"from {budgets} where month = 12 and fiscal_year in ({years or 'null'})"
    # Whom a code that nobody plans may mean is looked for among all.
    cursor.execute(f"create or replace temp view planned_by_all as select * exclude (month) {every}")
    concerned = _concerned(cursor, reading) if is_large else "true"
    cursor.execute(f"create or replace temp table planned as from planned_by_all where {concerned}")
    cursor.execute(
        """create or replace temp table locked_months as
        from locks_of((select list(distinct unit_code) from planned), null) where event = 'locked'"""
    )
    _hold(cursor, reading)
    cursor.execute(
        """create or replace temp table told as
        select $today::date as today, coalesce($year, mode(fiscal_year)) as fiscal_year, $unit as unit_of_money,
            $total::decimal(18, 2) as control_total from arrived""",
        {"today": today, "year": year, "unit": reading.unit_of_money, "total": control_total},
    )
    cursor.execute("create or replace temp table left_out as select project_code, project_name from arrived limit 0")
    append(cursor, "left_out", reading.unread)


def _concerned(cursor: Cursor, reading: Reading) -> str:
    """The condition of whose plans a file is about in a large store: the units that it names, and those that plan its projects."""
    codes, units = (set(reading.distinct(name)) - {None} for name in ("project_code", "unit_code"))
    if len(codes) > FEW_CODES:
        return "true"
    question = "select distinct unit_code from planned_by_all where project_code in (select unnest($codes))"
    units |= {unit for (unit,) in cursor.execute(question, {"codes": sorted(codes)}).fetchall()}
    return derived.scope_of({(unit, None) for unit in units}).units


def _hold(cursor: Cursor, reading: Reading) -> None:
    """Table `staged.held` of the rows; the views `arrived`, all of them, and `incoming`, those that no check refuses.

    The unit of a row that names none is the one that plans its project, where only one does.
    """
    units = cursor.execute(_UNITS).to_arrow_table()
    # A transaction writes to one database only: the rows are put down by another cursor, beside that of the caller.
    with cursor.cursor() as own:
        place = _place(own)
        _detach(own, place)
        file = place if reading.size > MOST_IN_MEMORY else None
        own.execute(f"attach {quoted(file or ':memory:')} as staged (row_group_size {AT_ONCE})")
        own.register("planned_units", units)
        # Each piece is written before the next one is unpacked.
        for number, piece in enumerate(pieces(reading.table)):
            own.register("sent", piece)
            if not number:
                # To look for the best way to press a column together takes three times as long as all the rest, for rows that pass.
                kinds = own.execute(f"describe {_ROWS}").fetchall()
                own.execute(
                    f"create table staged.held ({', '.join(f'{name} {kind} using compression uncompressed' for name, kind, *_ in kinds)})"
                )
            own.execute(f"insert into staged.held {_ROWS}")
    cursor.execute("create or replace temp view arrived as from staged.held")
    cursor.execute("create or replace temp table faulty as select row from arrived limit 0")
    cursor.execute("create or replace temp view incoming as select * exclude (known) from arrived anti join faulty using (row) where known")


_UNITS = """
    select fiscal_year, project_code, list(unit_code) as units, case when count(*) = 1 then any_value(unit_code) end as only_unit
    from planned group by all"""
_ROWS = """
    select sent.* exclude (unit_code), coalesce(unit_code, only_unit) as unit_code,
        coalesce(list_contains(units, coalesce(unit_code, only_unit)), false) as known
    from sent left join planned_units using (fiscal_year, project_code)"""


@contextmanager
def passing(cursor: Cursor) -> Iterator[None]:
    """What is staged meanwhile is given up in the end, with its file."""
    try:
        yield
    finally:
        # The caller's cursor may be in a transaction that has failed.
        with cursor.cursor() as own:
            _detach(own, _place(own))


def _detach(own: Cursor, place: Path | None) -> None:
    own.execute("detach database if exists staged")
    for path in (place, place.with_suffix(".duckdb.wal")) if place else ():
        # Some systems keep a file as long as a transaction still looks into it; it goes with the next.
        with suppress(OSError):
            path.unlink()


def _place(own: Cursor) -> Path | None:
    """Where the rows of a large file are put down: in the work folder of the store; None for a store in memory."""
    path = own.execute("select path from duckdb_databases() where database_name = current_database()").fetchone()[0]
    if path is None:
        return None
    work_path(Path(path)).mkdir(exist_ok=True)
    return work_path(Path(path)) / "staged.duckdb"


def leave_out(cursor: Cursor, problems: list[Problem], suggested: list[str]) -> None:
    """Take the rows with a fatal finding out of the later checks, and remember whose rows they are.

    `suggested` are codes that a mistyped one probably means: these projects are not absent either.
    """
    append(cursor, "faulty", [{"row": problem.row} for problem in problems if problem.level == "fatal" and problem.row is not None])
    cursor.execute("""insert into left_out by name
        select project_code, project_name from arrived anti join incoming using (row)""")
    append(cursor, "left_out", [{"project_code": code} for code in suggested])
