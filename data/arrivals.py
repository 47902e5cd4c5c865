"""One file on its way in: its rows in temporary tables for the checks, then in the ledger."""

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from data.database import Cursor, append, ask, real
from data.incoming import stage_actuals
from data.plan_arrivals import insert_plan, stage_plan
from loaders.problems import Reading

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
        stage_actuals(cursor, sending.reading, sending.today, sending.year, sending.control_total)


def unstage(cursor: Cursor) -> None:
    """Let go of the rows of a file that has been stored; temporary tables outlive the transaction that commits."""
    for row in ask(cursor, "select table_name from duckdb_tables() where temporary"):
        cursor.execute(f"create or replace temp table {row['table_name']} as from {row['table_name']} limit 0")


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
            from incoming""",
            {"batch": batch},
        )
        return
    insert_plan(cursor, reading, batch)
