"""What a file would do: its rows in temporary tables, checked against plan and ledger, nothing kept."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from data import rules
from data.database import Cursor, Rows, Store, append, ask
from data.journal import now
from loaders.codes import closes
from loaders.problems import Problem, Reading

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


@dataclass
class Consideration:
    """What a file would do if it were certified now; `base` is the last act it was judged against."""

    recognised: str | None
    problems: list[Problem]
    rows: int = 0
    total: Decimal | None = None
    digest: str | None = None
    same_as: int | None = None
    base: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    changes: Rows = field(default_factory=list)
    flips: Rows = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    as_of: date | None = None

    @property
    def fatal(self) -> bool:
        """Whether the file must not be stored."""
        return self.recognised is None or any(problem.level == "fatal" for problem in self.problems)

    @property
    def open_questions(self) -> list[Problem]:
        """The findings that a person must answer before the file can become official."""
        return [problem for problem in self.problems if problem.level == "confirm"]

    def verdict(self, answered: bool = False) -> str:
        """`rejected`, `warnings` while a question is open, else `accepted`."""
        if self.fatal:
            return "rejected"
        return "warnings" if self.open_questions and not answered else "accepted"


def last_act(cursor: Cursor) -> int:
    """The number of the newest act, 0 in an empty store."""
    return ask(cursor, "select coalesce(max(act), 0) as act from acts")[0]["act"]


def next_batch(cursor: Cursor) -> int:
    """The number of the batch to come; the numbers have no gaps."""
    return 1 + (ask(cursor, "select max(batch) as batch from batches")[0]["batch"] or 0)


def stage(cursor: Cursor, sending: Sending) -> None:
    """Temporary tables of what a file brings, for the checks and for storing."""
    if sending.reading.recognised == "plan":
        stage_plan(cursor, sending.reading)
    else:
        stage_actuals(cursor, sending)


def consider(store: Store, sending: Sending) -> Consideration:
    """Everything that the file would change, asked of the same views inside a transaction that is rolled back."""
    reading = sending.reading
    told = Consideration(reading.recognised, list(reading.problems), rows=len(reading.rows))
    if reading.recognised is None or reading.fatal and not reading.rows:
        return told
    with store.transaction(keep=False) as cursor:
        told.base = last_act(cursor)
        told.digest = digest_of(reading)
        told.same_as = _same(cursor, told.digest)
        money = "budget" if reading.recognised == "plan" else "amount"
        told.total = sum((row[money] for row in reading.rows if row[money] is not None), Decimal(0))
        stage(cursor, sending)
        told.problems += rules.run(cursor, "L" if reading.recognised == "plan" else "R", reading.headings)
        if not told.fatal:
            _judge(cursor, sending, told)
    if told.same_as is not None and not told.fatal:
        told.problems = [p for p in told.problems if p.level == "note"]
        told.problems.append(Problem("M01", facts={"batch": told.same_as}))
    told.problems.sort(key=lambda problem: (problem.row is None, problem.row or 0, problem.code))
    return told


def digest_of(reading: Reading) -> str:
    """The SHA-256 of what a file says, whatever its dress: the same rows in any order give the same."""
    passing = {"row", "place", "note", "project_name", "others"} if reading.recognised == "actuals" else {"row", "place"}
    rows = sorted(json.dumps({k: v for k, v in row.items() if k not in passing}, default=str, sort_keys=True) for row in reading.rows)
    return hashlib.sha256("\n".join([reading.recognised or "", *rows]).encode()).hexdigest()


def _same(cursor: Cursor, digest: str) -> int | None:
    """The batch that already says just this: waiting, or official in every month it names."""
    found = ask(
        cursor,
        """
        select batch from batches_on(null) as stood
        where digest = $digest and (
            state = 'checked'
            or state = 'certified' and kind = 'plan'
                and not exists (from batches_on(null) as later where later.kind = 'plan' and later.state = 'certified'
                    and later.fiscal_year = stood.fiscal_year and later.certified_act > stood.certified_act)
            or state = 'certified' and kind = 'actuals' and not exists (
                from actuals anti join official_on(null) using (fiscal_year, unit_code, month, batch)
                where actuals.batch = stood.batch))
        order by batch desc limit 1""",
        {"digest": digest},
    )
    return found[0]["batch"] if found else None


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


def _judge(cursor: Cursor, sending: Sending, told: Consideration) -> None:
    """Ask the views before and after, as if the file were certified now."""
    kind = told.recognised
    years = sorted({row["fiscal_year"] for row in sending.reading.rows})
    told.as_of = _judged_at(cursor, sending.reading, years[-1])
    before = _verdicts(cursor, told.as_of)
    told.before = _whole(cursor, told.as_of)
    batch = next_batch(cursor)
    insert_batch(
        cursor,
        sending,
        told,
        {"batch": batch, "act": told.base + 1, "recorded_at": now(), "recorded_by": "", "sha256": "", "reported_on": sending.today},
    )
    append(
        cursor, "events", [{"batch": batch, "event": "certified", "act": told.base + 1, "recorded_at": now(), "reported_on": sending.today}]
    )
    if kind == "actuals" and sending.absent_is_zero:
        confirm_zero(cursor, batch)
    for name in ("months", "paid"):
        cursor.execute(f"create or replace temp table {name}_after as from {name}_on(null)")
    after = _verdicts(cursor, told.as_of)
    told.after = _whole(cursor, told.as_of)
    if kind == "actuals":
        told.problems += rules.run(cursor, "W", sending.reading.headings) + rules.run(cursor, "M", sending.reading.headings)
        told.changes = ask(cursor, _CHANGES)
        told.counts = {name: sum(row["change"] == name for row in told.changes) for name in ("added", "changed", "unchanged", "missing")}
    told.flips = [
        {**after[key], "status_before": before[key]["status"] if key in before else None}
        for key in after
        if key not in before or before[key]["status"] != after[key]["status"]
    ]
    told.flips += [{**before[key], "status_before": before[key]["status"], "status": None} for key in before if key not in after]


_CHANGES = """
    select fiscal_year, unit_code, project_code, month, coalesce(after.project_name, project_code) as project_name,
        before.amount as old, after.amount as new,
        case when before.amount is null then 'added' when after.amount is null then 'missing'
            when before.amount = after.amount and before.cumulative = after.cumulative then 'unchanged' else 'changed' end as change
    from (select paid.*, planned.project_name from paid_after as paid join planned using (fiscal_year, unit_code, project_code)) as after
    full join paid_before as before using (fiscal_year, unit_code, project_code, month)
    semi join incoming using (fiscal_year, unit_code, month)
    order by fiscal_year, month, unit_code, project_code"""


def _judged_at(cursor: Cursor, reading: Reading, year: int) -> date:
    """The end of the latest month that the file or the ledger reports in a year; of December for a plan alone."""
    months = [row["month"] for row in reading.rows if row["fiscal_year"] == year and "month" in row]
    known = ask(cursor, "select max(month) as month from official_on(null) where fiscal_year = $year", {"year": year})[0]["month"]
    month = max([*months, known or 0]) or 12
    return ask(cursor, "select last_day(make_date($year, $month, 1)) as day", {"year": year, "month": month})[0]["day"]


def _verdicts(cursor: Cursor, as_of: date) -> dict[tuple[str, str], dict[str, Any]]:
    rows = ask(
        cursor,
        """select unit_code, unit_name, project_code, project_name, status, spent, gap_amount
        from progress_on($as_of, null) order by unit_code, project_code""",
        {"as_of": as_of},
    )
    return {(row["unit_code"], row["project_code"]): row for row in rows}


def _whole(cursor: Cursor, as_of: date) -> dict[str, Any]:
    return ask(cursor, "from summary_on($as_of, null) where unit_code is null", {"as_of": as_of})[0]


def insert_batch(cursor: Cursor, sending: Sending, told: Consideration, facts: dict[str, Any]) -> None:
    """Add the batch and its rows to the store; `facts` are number, act, hash, person and moments."""
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
                "digest": told.digest,
                "fiscal_year": reading.fiscal_year,
                "unit_of_money": reading.unit_of_money,
                "figure": "/".join(sorted(f for f in figures if f)) or None,
                "row_count": told.rows,
                "total": told.total,
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
