"""What a file would do: its rows in temporary tables, checked against plan and ledger, nothing kept."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from data import rules
from data.arrivals import Sending, confirm_zero, insert_batch, last_act, last_change, next_batch, stage
from data.database import Cursor, Rows, Store, append, ask
from data.journal import now
from loaders.problems import Problem, Reading


@dataclass
class Consideration:
    """What a file would do if it were certified now; `base` is the last act that it was judged against."""

    recognised: str | None
    problems: list[Problem]
    rows: int = 0
    total: Decimal | None = None
    digest: str | None = None
    same_as: int | None = None
    waits: bool = False
    base: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    changes: Rows = field(default_factory=list)
    flips: Rows = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    as_of: date | None = None

    @property
    def summary(self) -> dict[str, Any]:
        """What the batch's own row says of the file."""
        return {"digest": self.digest, "row_count": self.rows, "total": self.total}

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


def consider(store: Store, sending: Sending) -> Consideration:
    """Everything that the file would change, asked of the same views inside a transaction that is rolled back."""
    reading = sending.reading
    told = Consideration(reading.recognised, list(reading.problems), rows=len(reading.rows))
    if reading.recognised is None or reading.fatal and not reading.rows:
        return told
    with store.transaction(keep=False) as cursor:
        told.base = last_change(cursor)
        told.digest = digest_of(reading)
        told.same_as, told.waits = _same(cursor, told.digest)
        money = "budget" if reading.recognised == "plan" else "amount"
        told.total = sum((row[money] for row in reading.rows if row[money] is not None), Decimal(0))
        stage(cursor, sending)
        told.problems += rules.run(cursor, "L" if reading.recognised == "plan" else "R", reading.headings)
        if not told.fatal:
            _judge(cursor, sending, told)
    if told.same_as is not None and not told.fatal:
        # A batch that still waits keeps its open questions; an official one has had its answers.
        told.problems = [p for p in told.problems if p.level == "note" or told.waits]
        told.problems.append(Problem("M01", facts={"batch": told.same_as}))
    told.problems.sort(key=lambda problem: (problem.row is None, problem.row or 0, problem.code))
    return told


def digest_of(reading: Reading) -> str:
    """The SHA-256 of what a file says, whatever its dress: the same rows in any order give the same."""
    passing = {"row", "place", "note", "project_name", "others"} if reading.recognised == "actuals" else {"row", "place"}
    rows = sorted(json.dumps({k: v for k, v in row.items() if k not in passing}, default=str, sort_keys=True) for row in reading.rows)
    return hashlib.sha256("\n".join([reading.recognised or "", *rows]).encode()).hexdigest()


def _same(cursor: Cursor, digest: str) -> tuple[int | None, bool]:
    """The batch that already says just this, and whether it waits; else it is official in every month it names."""
    found = ask(
        cursor,
        """
        select batch, state from batches_on(null) as stood
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
    return (found[0]["batch"], found[0]["state"] == "checked") if found else (None, False)


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
        {
            **told.summary,
            "batch": batch,
            "act": last_act(cursor) + 1,
            "recorded_at": now(),
            "recorded_by": "",
            "sha256": "",
            "reported_on": sending.today,
        },
    )
    append(
        cursor,
        "events",
        [{"batch": batch, "event": "certified", "act": last_act(cursor) + 1, "recorded_at": now(), "reported_on": sending.today}],
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
