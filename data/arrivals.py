"""One file on its way in: its rows in temporary tables for the checks, then in the ledger."""

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from data.database import Cursor, append, ask, real
from data.plan_arrivals import insert_plan, stage_plan
from loaders.problems import Problem, Reading

NO_SPENDING = "本月确无支出"


@dataclass(frozen=True)
class Sending:
    """One file on its way in: its name, bytes and reading, and what is told beside it.

    `batch` is the number under which it was stored before, where a waiting file is checked again; `absent`
    are projects (unit, code) that the file leaves out and of which it is answered that nothing was spent, or of
    a plan that they have ended, for the preview to count them.
    """

    name: str
    content: bytes
    reading: Reading
    today: date
    sample: bool = False
    control_total: Decimal | None = None
    absent_is_zero: bool = False
    year: int | None = None
    declared: dict[str, Any] = field(default_factory=dict)
    batch: int | None = None
    absent: tuple[tuple[str, str], ...] = ()


def told_beside(sending: Sending) -> dict[str, Any]:
    """What was declared beside a file, as JSON can keep it; enough to read the kept file again."""
    total = None if sending.control_total is None else str(sending.control_total)
    return {**sending.declared, "only_year": sending.year, "control_total": total, "absent_is_zero": sending.absent_is_zero}


def last_act(cursor: Cursor) -> int:
    """The number of the newest act, 0 in an empty store."""
    return ask(cursor, f"select coalesce(max(act), 0) as act from {real(cursor, 'acts')}")[0]["act"]


def last_change(cursor: Cursor) -> int:
    """The number of the newest act that may have changed an official figure; loading alone changes none."""
    return ask(cursor, "select coalesce(max(act), 0) as act from acts where verb <> 'load'")[0]["act"]


def next_batch(cursor: Cursor) -> int:
    """The number of the batch to come; the numbers have no gaps."""
    return 1 + (ask(cursor, f"select max(batch) as batch from {real(cursor, 'batches')}")[0]["batch"] or 0)


def stage(cursor: Cursor, sending: Sending) -> None:
    """Temporary tables of what a file brings, for the checks and for storing."""
    if sending.reading.recognised == "plan":
        stage_plan(cursor, sending.reading)
    else:
        stage_actuals(cursor, sending)


def stage_actuals(cursor: Cursor, sending: Sending) -> None:
    """Temporary tables of what arrived, of the plan, and of the rows whose project and unit are known."""
    reading = sending.reading
    cursor.execute("""create or replace temp table arrived as
        select *, ''::text as project_name, ''::text as others, 0 as row from actuals limit 0""")
    append(cursor, "arrived", reading.rows if reading.table is None else reading.table)
    cursor.execute(
        """create or replace temp table told as
        select $today::date as today, coalesce($year, mode(fiscal_year)) as fiscal_year, $unit as unit_of_money,
            $total::decimal(18, 2) as control_total from arrived""",
        {"today": sending.today, "year": sending.year, "unit": reading.unit_of_money, "total": sending.control_total},
    )
    cursor.execute("create or replace temp table locked_months as from locks_on(null) where event = 'locked'")
    cursor.execute("create or replace temp table planned as from budgets_on(null::date, null)")
    for year in reading.distinct("fiscal_year"):
        cursor.execute("insert into planned from budgets_on(make_date($year, 12, 31), null)", {"year": year})
    # The unit is known only with the plan; the checks ask for it in either case.
    cursor.execute("""create or replace temp table arrived as
        select arrived.* exclude (unit_code), coalesce(arrived.unit_code, planned.unit_code) as unit_code
        from arrived left join (
            select fiscal_year, project_code, any_value(unit_code) as unit_code from planned group by all having count(*) = 1
        ) as planned using (fiscal_year, project_code)""")
    cursor.execute("""create or replace temp table incoming as
        from arrived semi join planned using (fiscal_year, project_code, unit_code)""")
    cursor.execute("create or replace temp table left_out as select project_code, project_name from arrived limit 0")
    append(cursor, "left_out", reading.unread)


def unstage(cursor: Cursor) -> None:
    """Let go of the rows of a file that has been stored; temporary tables outlive the transaction that commits."""
    for row in ask(cursor, "select table_name from duckdb_tables() where temporary"):
        cursor.execute(f"create or replace temp table {row['table_name']} as from {row['table_name']} limit 0")


def leave_out(cursor: Cursor, problems: list[Problem], suggested: list[str]) -> None:
    """Take the rows with a fatal finding out of the later checks, and remember whose rows they are.

    `suggested` are codes that a mistyped one probably means: these projects are not absent either.
    """
    faulty = [{"row": problem.row} for problem in problems if problem.level == "fatal" and problem.row is not None]
    cursor.execute("create or replace temp table faulty as select row from arrived limit 0")
    append(cursor, "faulty", faulty)
    cursor.execute("""insert into left_out by name
        select project_code, project_name from arrived anti join incoming using (row) union
        select project_code, project_name from arrived semi join faulty using (row)""")
    append(cursor, "left_out", [{"project_code": code} for code in suggested])
    if faulty:
        cursor.execute("create or replace temp table incoming as from incoming anti join faulty using (row)")


def confirm_zero(cursor: Cursor, batch: int, projects: list[tuple[str, str]] | None = None) -> None:
    """Add a zero for each planned project that a batch leaves out of a unit and month that it reports.

    With `projects` (unit, code), only for these.
    """
    cursor.execute("create or replace temp table unspent as select unit_code, project_code from actuals limit 0")
    append(cursor, "unspent", [{"unit_code": unit, "project_code": code} for unit, code in projects or []])
    cursor.execute(
        f"""insert into {real(cursor, "actuals")} by name
        with reporting as (select distinct fiscal_year, unit_code, month from actuals where batch = $batch)
        select $batch::integer as batch, reporting.fiscal_year, reporting.month, unit_code, project_code,
            0::decimal(18, 2) as amount, 'month' as figure, $note as note
        from reporting
        join plans_on(null) as plan using (fiscal_year, unit_code)
        anti join (from actuals where batch = $batch) using (fiscal_year, unit_code, project_code, month)
        where $all or (unit_code, project_code) in (from unspent)""",
        {"batch": batch, "note": NO_SPENDING, "all": projects is None},
    )


def insert_batch(cursor: Cursor, sending: Sending, facts: dict[str, Any]) -> None:
    """Add the batch and its rows to the store; `facts` are number, digest, sums, act, hash, person and moments."""
    reading, batch = sending.reading, facts["batch"]
    figures = reading.distinct("figure")
    append(
        cursor,
        "batches",
        [
            {
                **facts,
                "kind": reading.recognised,
                "file_name": sending.name,
                "fiscal_year": reading.fiscal_year,
                "unit_of_money": reading.unit_of_money,
                "control_total": sending.control_total,
                "declared": json.dumps(told_beside(sending), ensure_ascii=False, sort_keys=True),
                "figure": "/".join(sorted(f for f in figures if f)) or None,
                "layout": reading.layout,
                "stated": json.dumps(reading.stated, ensure_ascii=False, default=str) if reading.stated else None,
                "sample": sending.sample,
            }
        ],
    )
    if reading.recognised == "actuals":
        cursor.execute(
            f"""insert into {real(cursor, "actuals")} by name
            select $batch::integer as batch, row as file_row, fiscal_year, month, unit_code, project_code, amount, figure, fund,
                voucher, note
            from incoming order by row""",
            {"batch": batch},
        )
        return
    insert_plan(cursor, reading, batch)
