"""One file on its way in: its rows in temporary tables for the checks, then in the ledger."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from data.database import Cursor, Rows, append, ask
from loaders.codes import closes
from loaders.problems import Reading

NO_SPENDING = "本月确无支出"


@dataclass(frozen=True)
class Sending:
    """One file on its way in: its name, bytes and reading, and what is told beside it."""

    name: str
    content: bytes
    reading: Reading
    today: date
    sample: bool = False
    control_total: Decimal | None = None
    absent_is_zero: bool = False
    year: int | None = None
    declared: dict[str, Any] = field(default_factory=dict)


def last_act(cursor: Cursor) -> int:
    """The number of the newest act, 0 in an empty store."""
    return ask(cursor, "select coalesce(max(act), 0) as act from acts")[0]["act"]


def last_change(cursor: Cursor) -> int:
    """The number of the newest act that may have changed an official figure; loading alone changes none."""
    return ask(cursor, "select coalesce(max(act), 0) as act from acts where verb <> 'load'")[0]["act"]


def next_batch(cursor: Cursor) -> int:
    """The number of the batch to come; the numbers have no gaps."""
    return 1 + (ask(cursor, "select max(batch) as batch from batches")[0]["batch"] or 0)


def stage(cursor: Cursor, sending: Sending) -> None:
    """Temporary tables of what a file brings, for the checks and for storing."""
    if sending.reading.recognised == "plan":
        stage_plan(cursor, sending.reading)
    else:
        stage_actuals(cursor, sending)


def stage_plan(cursor: Cursor, reading: Reading) -> None:
    """Temporary tables of a plan's projects, checkpoints and indicators as they arrived."""
    cursor.execute("create or replace temp table arrived_projects as select *, 0 as row, false as closes from projects limit 0")
    cursor.execute("create or replace temp table arrived_checkpoints as from checkpoints limit 0")
    cursor.execute("""create or replace temp table arrived_indicators as
        select *, 0 as row, ''::text as project_name, 0::decimal(18, 2) as budget from indicators limit 0""")
    append(cursor, "arrived_projects", [{**row, "closes": closes(row["project_code"])} for row in reading.rows])
    append(cursor, "arrived_checkpoints", checkpoint_rows(reading))
    append(cursor, "arrived_indicators", indicator_rows(reading))


def checkpoint_rows(reading: Reading) -> Rows:
    """The checkpoints of a plan's reading, one row each, keyed by project."""
    return [{**_key(row), **point} for row in reading.rows for point in row["checkpoints"]]


def indicator_rows(reading: Reading) -> Rows:
    """The indicators of a plan's reading, one row each, keyed by project."""
    return [
        {
            **_key(row),
            "project_name": row["project_name"],
            "budget": row["budget"],
            **indicator,
            "position": position,
            "target_value": indicator["value"],
            "target_unit": indicator["unit"],
        }
        for row in reading.rows
        for position, indicator in enumerate(row["indicators"], start=1)
    ]


def _key(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("fiscal_year", "unit_code", "project_code")}


def stage_actuals(cursor: Cursor, sending: Sending) -> None:
    """Temporary tables of what arrived, of the plan, and of the rows whose project and unit are known."""
    reading = sending.reading
    cursor.execute("""create or replace temp table arrived as
        select *, ''::text as project_name, ''::text as others, 0 as row from actuals limit 0""")
    append(cursor, "arrived", reading.rows)
    cursor.execute(
        """create or replace temp table told as
        select $today::date as today, coalesce($year, any_value(fiscal_year)) as fiscal_year, $unit as unit_of_money,
            $total::decimal(18, 2) as control_total from arrived""",
        {"today": sending.today, "year": sending.year, "unit": reading.unit_of_money, "total": sending.control_total},
    )
    for name in ("months", "paid"):
        cursor.execute(f"create or replace temp table {name}_before as from {name}_on(null)")
    cursor.execute("create or replace temp table planned as from budgets_on(null::date, null)")
    for year in {row["fiscal_year"] for row in reading.rows}:
        cursor.execute("insert into planned from budgets_on(make_date($year, 12, 31), null)", {"year": year})
    cursor.execute("""create or replace temp table incoming as
        select arrived.* exclude (unit_code), planned.unit_code
        from arrived join planned using (fiscal_year, project_code)
        where arrived.unit_code is null or arrived.unit_code = planned.unit_code""")


def confirm_zero(cursor: Cursor, batch: int) -> None:
    """Add a zero for each planned project that a batch leaves out of a unit and month that it reports."""
    cursor.execute(
        """insert into actuals by name
        with reporting as (select distinct fiscal_year, unit_code, month from actuals where batch = $batch)
        select $batch::integer as batch, reporting.fiscal_year, reporting.month, unit_code, project_code,
            0::decimal(18, 2) as amount, 'month' as figure, $note as note
        from reporting
        join plans_on(null) as plan using (fiscal_year, unit_code)
        anti join (from actuals where batch = $batch) using (fiscal_year, unit_code, project_code, month)""",
        {"batch": batch, "note": NO_SPENDING},
    )


def insert_batch(cursor: Cursor, sending: Sending, facts: dict[str, Any]) -> None:
    """Add the batch and its rows to the store; `facts` are number, digest, sums, act, hash, person and moments."""
    reading, batch = sending.reading, facts["batch"]
    figures = {row.get("figure") for row in reading.rows}
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
                "figure": "/".join(sorted(f for f in figures if f)) or None,
                "sample": sending.sample,
            }
        ],
    )
    if reading.recognised == "actuals":
        cursor.execute(
            """insert into actuals by name
            select $batch::integer as batch, row as file_row, fiscal_year, month, unit_code, project_code, amount, figure, fund,
                voucher, note
            from incoming order by row""",
            {"batch": batch},
        )
        return
    append(cursor, "projects", [{**row, "batch": batch} for row in reading.rows])
    append(cursor, "checkpoints", [{**row, "batch": batch} for row in checkpoint_rows(reading)])
    append(cursor, "indicators", [{**row, "batch": batch} for row in indicator_rows(reading)])
