"""What a file would do: its rows in temporary tables, checked against plan and ledger, nothing kept."""

import hashlib
import json
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from data import derived, rules, standing
from data.answers import carried
from data.arrivals import Sending, confirm_zero, insert_batch, last_act, last_change, next_batch, stage
from data.calendar import month_end
from data.database import Cursor, Rows, Store, append, ask
from data.derived import EVERYTHING, Scope
from data.differences import counts, delta, differences
from data.incoming import leave_out, passing
from data.journal import now
from data.plan_arrivals import end_projects
from data.suggestions import suggest
from loaders.problems import Problem, Reading
from loaders.shapes import Told


def _silent(stage: str, share: float) -> None:
    """Tell nobody."""


@dataclass
class Consideration:
    """What a file would do if it were certified now; `base` is the last act that it was judged against.

    `carried` are the answers that recurring warnings got before, by the finding's key.
    """

    recognised: str | None
    problems: list[Problem]
    rows: int = 0
    total: Decimal | None = None
    digest: str | None = None
    same_as: int | None = None
    waits: bool = False
    base: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    delta: Decimal = Decimal(0)
    changes: Rows = field(default_factory=list)
    flips: Rows = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    as_of: date | None = None
    carried: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def summary(self) -> dict[str, Any]:
        """What the batch's own row says of the file."""
        return {"digest": self.digest, "row_count": self.rows, "total": self.total}

    @property
    def fatal(self) -> bool:
        """Whether the file must not be stored."""
        return self.recognised is None or any(problem.level == "fatal" for problem in self.problems)

    @property
    def questions(self) -> list[Problem]:
        """The findings that ask for an answer, answered before or not."""
        return [problem for problem in self.problems if problem.level == "confirm"]

    @property
    def open_questions(self) -> list[Problem]:
        """The findings that a person must answer before the file can become official."""
        return [problem for problem in self.questions if problem.key not in self.carried]

    def verdict(self, answered: bool = False) -> str:
        """`rejected`, `warnings` while a question is open, else `accepted`."""
        if self.fatal:
            return "rejected"
        return "warnings" if self.open_questions and not answered else "accepted"


def consider(store: Store, sending: Sending, told: Told = _silent) -> Consideration:
    """Everything that the file would change, asked of the same views inside a transaction that is rolled back.

    `told` is called with the stage (a key of words.csv) and the share of it that is done.
    """
    reading = sending.reading
    considered = Consideration(reading.recognised, list(reading.problems), rows=reading.size)
    if reading.recognised is None or not reading.size:
        return considered
    with store.transaction(keep=False) as cursor, passing(cursor), ExitStack() as stack:
        considered.base = last_change(cursor)
        told("checking.stage", 0)
        stage(cursor, sending)
        told("checking.stage", 0.4)
        speaks_for_all = sending.absent_is_zero or bool(sending.absent)
        scope = standing.scope(cursor, speaks_for_all) if reading.recognised == "actuals" else EVERYTHING
        stack.enter_context(standing.figures(cursor, "before", scope))
        stack.enter_context(standing.kept(cursor, "before", scope))
        considered.digest = digest_of(cursor, reading)
        considered.same_as, considered.waits = _same(cursor, considered.digest, sending.batch)
        considered.total = _total(cursor, reading)
        told("checking.rules", 0)
        if reading.recognised == "plan":
            considered.problems += rules.run(cursor, "L", reading.headings) + rules.run(cursor, "W2", reading.headings)
        else:
            _check_rows(cursor, sending, considered, told)
        told("checking.effect", 0)
        if reading.recognised == "actuals" or not considered.fatal:
            _judge(cursor, sending, considered, scope, told)
        considered.carried = carried(cursor, considered.questions, sending.batch)
    if considered.same_as is not None and not considered.fatal:
        # A batch that still waits keeps its open questions; an official one has had its answers.
        considered.problems = [p for p in considered.problems if p.level == "note" or considered.waits]
        considered.problems.append(Problem("M01", facts={"batch": considered.same_as}))
    considered.problems.sort(key=lambda problem: (problem.row is None, problem.row or 0, problem.code, problem.value or ""))
    return considered


def _check_rows(cursor: Cursor, sending: Sending, considered: Consideration, told: Told) -> None:
    """The rules that refuse a row; what they refuse takes no part in the rules to come."""
    found, suggested = suggest(cursor, rules.run(cursor, "R", sending.reading.headings, partial(told, "checking.rules")))
    considered.problems += found
    leave_out(cursor, found, suggested)


def digest_of(cursor: Cursor, reading: Reading) -> str:
    """The SHA-256 of what a staged file says, whatever its dress: the same rows in any order give the same."""
    if reading.recognised == "actuals":
        digest = hashlib.sha256(b"actuals")
        for batch in cursor.execute(_LINES).to_arrow_reader(LINES_AT_ONCE):
            digest.update("".join(batch.column(0).to_pylist()).encode())
        return digest.hexdigest()
    rows = sorted(json.dumps(_lasting(row), default=str, sort_keys=True) for row in reading.rows)
    return hashlib.sha256("\n".join([reading.recognised or "", *rows]).encode()).hexdigest()


# What a plan says beside its projects: the same plan without it is the same.
PASSING = ("row", "place", "department")
LINES_AT_ONCE = 100_000
_LINES = """
    select md5(concat_ws('|', fiscal_year, month, coalesce(unit_code, ''), project_code, amount, figure,
        replace(coalesce(fund, ''), '|', '||'), replace(coalesce(voucher, ''), '|', '||'))) as line
    from arrived order by line"""


def _lasting(row: dict[str, Any]) -> dict[str, Any]:
    """A project of a plan without the places where a document says it."""
    indicators = [{name: value for name, value in one.items() if name not in PASSING} for one in row["indicators"]]
    return {name: value for name, value in row.items() if name not in PASSING} | {"indicators": indicators}


def _total(cursor: Cursor, reading: Reading) -> Decimal:
    """The sum of a staged file in yuan: of the budgets of a plan, else of the amounts."""
    column, table = ("budget", "arrived_projects") if reading.recognised == "plan" else ("amount", "arrived")
    return ask(cursor, f"select coalesce(sum({column}), 0)::decimal(18, 2) as total from {table}")[0]["total"]


def _same(cursor: Cursor, digest: str, own: int | None = None) -> tuple[int | None, bool]:
    """The other batch that already says just this, and whether it waits; else it is official in every month it names."""
    found = ask(
        cursor,
        """
        select batch, state from batches_on(null) as stood
        where digest = $digest and batch is distinct from $own and (
            state = 'checked'
            or state = 'certified' and kind = 'plan'
                and not exists (from batches_on(null) as later where later.kind = 'plan' and later.state = 'certified'
                    and later.fiscal_year = stood.fiscal_year and later.certified_act > stood.certified_act)
            or state = 'certified' and kind = 'actuals' and not exists (
                from actuals anti join official_on(null) using (fiscal_year, unit_code, month, batch)
                where actuals.batch = stood.batch))
        order by batch desc limit 1""",
        {"digest": digest, "own": own},
    )
    return (found[0]["batch"], found[0]["state"] == "checked") if found else (None, False)


def _judge(cursor: Cursor, sending: Sending, told: Consideration, scope: Scope, say: Told) -> None:
    """Ask the views before and after, as if the file were certified now."""
    kind = told.recognised
    told.as_of = _judged_at(cursor, sending.reading, max(sending.reading.distinct("fiscal_year")))
    before, told.before = standing.verdicts(cursor, told.as_of, "before", scope)
    if kind == "plan":
        told.changes = differences(cursor, sending.reading)
        told.counts, told.delta = counts(told.changes), delta(told.changes)
    say("checking.effect", 0.2)
    _pretend(cursor, sending, told)
    say("checking.effect", 0.7)
    moved = standing.MOVED if kind == "actuals" else standing.CHAIN
    with standing.figures(cursor, "after", scope), standing.kept(cursor, "after", scope, moved):
        after, told.after = standing.verdicts(cursor, told.as_of, "after", scope)
        if kind == "actuals":
            _compare(cursor, sending, told, say)
    told.flips = [
        {**after[key], "status_before": before[key]["status"] if key in before else None}
        for key in after
        if key not in before or before[key]["status"] != after[key]["status"]
    ]
    told.flips += [{**before[key], "status_before": before[key]["status"], "status": None} for key in before if key not in after]


def _compare(cursor: Cursor, sending: Sending, told: Consideration, say: Told) -> None:
    """What disbursements ask about, and what they change in the ledger."""
    told.problems += rules.run(cursor, "W[01]", sending.reading.headings, partial(say, "checking.warnings"))
    told.problems += rules.run(cursor, "M", sending.reading.headings)
    cursor.execute(f"create or replace temp table changes as {_CHANGES}")
    told.changes = ask(cursor, f"from changes order by fiscal_year, month, unit_code, project_code limit {MOST_CHANGES}")
    sums = ask(cursor, "select change, count(*) as n, sum(coalesce(new, 0) - coalesce(old, 0)) as delta from changes group by change")
    told.counts = {name: sum(row["n"] for row in sums if row["change"] == name) for name in CHANGES}
    told.delta = sum((row["delta"] for row in sums), Decimal(0))


def _pretend(cursor: Cursor, sending: Sending, told: Consideration) -> None:
    """Put the file into the ledger as if it were certified, for the views to see."""
    batch, act = next_batch(cursor), last_act(cursor) + 1
    stamp = {"batch": batch, "act": act, "recorded_at": now(), "reported_on": sending.today}
    insert_batch(cursor, sending, {**told.summary, **stamp, "recorded_by": "", "sha256": ""})
    append(cursor, "events", [{**stamp, "event": "certified"}])
    if told.recognised == "plan":
        end_projects(cursor, batch, list(sending.absent))
    elif sending.absent_is_zero or sending.absent:
        confirm_zero(cursor, batch, None if sending.absent_is_zero else list(sending.absent))


CHANGES = ("added", "changed", "unchanged", "missing")
MOST_CHANGES = 2000
_CHANGES = """
    select fiscal_year, unit_code, project_code, month, coalesce(after.project_name, project_code) as project_name,
        before.amount as old, after.amount as new,
        case when before.amount is null then 'added' when after.amount is null then 'missing'
            when before.amount = after.amount and before.cumulative = after.cumulative then 'unchanged' else 'changed' end as change
    from (select paid.*, planned.project_name from paid_after as paid join planned using (fiscal_year, unit_code, project_code)) as after
    full join paid_before as before using (fiscal_year, unit_code, project_code, month)
    semi join incoming using (fiscal_year, unit_code, month)"""


def _judged_at(cursor: Cursor, reading: Reading, year: int) -> date:
    """The end of the latest month that the file or the ledger reports in a year; of December for a plan alone."""
    # Of all units, whoever's figures the file brings.
    reported = f"{derived.SUMS} where reported > 0" if derived.is_kept(cursor) else "official_on(null) where true"
    months = [ask(cursor, f"select max(month) as month from {reported} and fiscal_year = $year", {"year": year})[0]["month"]]
    if reading.recognised == "actuals":
        months.append(ask(cursor, "select max(month) as month from arrived where fiscal_year = $year", {"year": year})[0]["month"])
    return month_end(year, max(month or 0 for month in months) or 12)
