"""The rows of a file of disbursements in temporary tables, held so narrow that a million of them fit beside the rest."""

from datetime import date
from decimal import Decimal

from data.database import Cursor, Rows, append, ask
from loaders.problems import Problem, Reading

# Each stands in many rows of a large file: held as the number of one of its values.
REPEATED = ("unit_code", "project_code", "project_name", "figure", "fund")
# Each is mostly blank or differs from row to row.
FREE = ("voucher", "note", "others")
_COUNTED = f"select {', '.join(f'count({name}) as {name}' for name in FREE)} from sent"


def stage_actuals(cursor: Cursor, reading: Reading, today: date, year: int | None, control_total: Decimal | None) -> None:
    """Views of what arrived and of the rows whose project and unit are known, a table of the plan, for the checks.

    `year` and `control_total` are what was declared beside the file.
    """
    cursor.execute("create or replace temp table locked_months as from locks_on(null) where event = 'locked'")
    first, *others = sorted(reading.distinct("fiscal_year")) or [None]
    cursor.execute("create or replace temp table planned as from budgets_on(make_date($year, 12, 31), null)", {"year": first})
    for one in others:
        cursor.execute("insert into planned from budgets_on(make_date($year, 12, 31), null)", {"year": one})
    _hold(cursor, reading)
    cursor.execute(
        """create or replace temp table told as
        select $today::date as today, coalesce($year, mode(fiscal_year)) as fiscal_year, $unit as unit_of_money,
            $total::decimal(18, 2) as control_total from arrived""",
        {"today": today, "year": year, "unit": reading.unit_of_money, "total": control_total},
    )
    cursor.execute("create or replace temp table left_out as select project_code, project_name from arrived limit 0")
    append(cursor, "left_out", reading.unread)


def _hold(cursor: Cursor, reading: Reading) -> None:
    """Table `held` of the rows, its repeated texts as numbers; the views `arrived`, all of them as text, and `incoming`.

    The unit of a row that names none is the one that plans its project, where only one does.
    """
    for view in ("incoming", "arrived"):
        cursor.execute(f"drop view if exists {view}")
    # The types of its columns can go only once nothing is of them.
    cursor.execute("create or replace temp table held as select 0 as row limit 0")
    for name in REPEATED:
        _number(cursor, reading, name)
    filled = [name for name, count in _ask_sent(cursor, reading, _COUNTED)[0].items() if count]
    texts = [f"sent.{name}::{name}_held as {name}" for name in REPEATED if name != "unit_code"]
    _ask_sent(
        cursor,
        reading,
        f"""create or replace temp table held as
        select row, sent.fiscal_year, month, amount, {", ".join([*texts, *filled])},
            coalesce(sent.unit_code, only_unit)::unit_code_held as unit_code,
            coalesce(list_contains(units, coalesce(sent.unit_code, only_unit)), false) as known
        from sent left join (
            select fiscal_year, project_code, list(unit_code) as units, case when count(*) = 1 then any_value(unit_code) end as only_unit
            from planned group by all
        ) using (fiscal_year, project_code)""",
    )
    texts = [f"{name}::text as {name}" for name in REPEATED]
    free = [name if name in filled else f"null::text as {name}" for name in FREE]
    cursor.execute(f"create temp view arrived as select row, fiscal_year, month, amount, {', '.join([*texts, *free])}, known from held")
    cursor.execute("create or replace temp table faulty as select row from held limit 0")
    cursor.execute("create temp view incoming as select * exclude (known) from arrived anti join faulty using (row) where known")


def _number(cursor: Cursor, reading: Reading, name: str) -> None:
    """A type whose values are the different texts of a column."""
    cursor.execute(f"drop type if exists {name}_held")
    planned = "union select unit_code from planned" if name == "unit_code" else ""
    values = f"select distinct {name} from sent where {name} is not null {planned}"
    _ask_sent(cursor, reading, f"create temp type {name}_held as enum ({values})")


def _ask_sent(cursor: Cursor, reading: Reading, question: str) -> Rows:
    """What is answered of the rows as they were sent, some of them in memory at a time."""
    cursor.register("sent", reading.table.to_reader())
    try:
        return ask(cursor, question)
    finally:
        cursor.unregister("sent")


def leave_out(cursor: Cursor, problems: list[Problem], suggested: list[str]) -> None:
    """Take the rows with a fatal finding out of the later checks, and remember whose rows they are.

    `suggested` are codes that a mistyped one probably means: these projects are not absent either.
    """
    append(cursor, "faulty", [{"row": problem.row} for problem in problems if problem.level == "fatal" and problem.row is not None])
    cursor.execute("""insert into left_out by name
        select project_code, project_name from arrived anti join incoming using (row)""")
    append(cursor, "left_out", [{"project_code": code} for code in suggested])
