"""Taking files in: `load` and `check`."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from data import acts, ledger, reasons
from data.acts import ANY, Outcome
from data.answers import NO_SPENDING_CODE
from data.arrivals import Sending
from data.database import Store, open_store
from data.staging import consider
from data.words import Words
from loaders import cells
from loaders.apart import read_apart
from loaders.files import Declared
from pages.parts import answers
from pages.terminal.batches import answers_in, report_of
from pages.terminal.told import DONE, PROBLEMS, Told, UsageError, form_of, opened, tell, today, write


def load(told: Told, say: Words) -> int:
    """Store each file as a batch, and certify it where asked."""
    return _take(told, say, keep=True)


def check(told: Told, say: Words) -> int:
    """Say of each file what load would, and store nothing."""
    return _take(told, say, keep=False)


def _take(told: Told, say: Words, keep: bool) -> int:
    missing = [file for file in told.files if not Path(file).is_file()]
    if missing:
        raise UsageError(say("cli.not_found", file=missing[0]))
    if told.output:
        form_of(told.output, ("xlsx", "csv"), say)
    store = opened(told) if keep or told.store.exists() else open_store(None)
    taken = [_take_one(store, told, say, file, keep) for file in told.files]
    tell(told, taken, [line for answer in taken for line in answers.lines(answer, say)])
    return DONE if all(answer["verdict"] == "accepted" for answer in taken) else PROBLEMS


def take_content(store: Store, told: Told, say: Words, file: tuple[str, bytes]) -> int:
    """Store a file made here, name and bytes, as a batch like any other, and certify it where asked."""
    name, content = file
    told.answers = told.output = told.control_total = told.sheet = told.unit_of_money = told.kind = told.plan_reading = None
    told.year = None
    taken = _take_one(store, told, say, name, True, content)
    tell(told, [taken], answers.lines(taken, say))
    return DONE if taken["verdict"] == "accepted" else PROBLEMS


def _take_one(store: Store, told: Told, say: Words, file: str, keep: bool, content: bytes | None = None) -> dict[str, Any]:
    sending = _sending(told, say, file, Path(file).read_bytes() if content is None else content)
    outcome = acts.load(store, sending, told.person) if keep else Outcome(consider(store, sending))
    if keep and told.answers and outcome.state == "checked" and outcome.batch is not None:
        acts.answer(store, outcome.batch, answers_in(store, outcome.batch, told.answers, say), told.person)
        outcome.considered.carried |= {problem.key: row for problem, row in ledger.findings(store, outcome.batch) if row["answered_by"]}
    verdict = outcome.considered.verdict(bool((told.accept_warnings or "").strip()))
    if keep and told.certify and verdict == "accepted" and outcome.batch is not None:
        acts.certify(store, outcome.batch, told.person, {ANY: told.accept_warnings or ""}, today=told.today)
        outcome.state = "certified"
    answer = _answer(file, outcome, verdict, sending, say)
    if told.output:
        content = report_of(sending, [(problem, {}) for problem in outcome.considered.problems], told.output, say)
        write(told, content, say)
    return answer


def _sending(told: Told, say: Words, file: str, content: bytes) -> Sending:
    declared = Declared(told.year, told.unit_of_money, told.kind, today(told).year, told.sheet or None, told.plan_reading)
    return Sending(
        Path(file).name,
        content,
        read_apart(content, declared),
        today(told),
        year=told.year,
        control_total=_control_total(told, say),
        absent_is_zero=reasons.ways_for("W07").get((told.accept_warnings or "").strip()) == NO_SPENDING_CODE,
        declared=declared._asdict(),
    )


def _control_total(told: Told, say: Words) -> Decimal | None:
    if told.control_total is None:
        return None
    amount = cells.money(told.control_total, "元")
    if amount is None:
        raise UsageError(say("cli.bad_total", value=told.control_total))
    return amount.yuan


def _answer(file: str, outcome: Outcome, verdict: str, sending: Sending, say: Words) -> dict[str, Any]:
    considered, is_plan = outcome.considered, outcome.considered.recognised == "plan"
    reading, codes = sending.reading, answers.codes_by_project(considered.problems)
    return {
        "file": file,
        "document": Path(file).name if is_plan else None,
        "layout": reading.layout,
        "fiscal_year": reading.fiscal_year,
        "unit_of_money": reading.unit_of_money,
        "recognised": considered.recognised,
        "verdict": verdict,
        "rows": considered.rows,
        "total_yuan": None if considered.total is None else f"{considered.total:.2f}",
        "batch": outcome.batch,
        "state": outcome.state,
        "projects": [answers.project(row, codes) for row in reading.rows] if is_plan else None,
        "stated": [answers.stated(row) for row in reading.stated] if is_plan else None,
        "effect": answers.effect(considered) if considered.as_of and not considered.fatal else None,
        "problems": [answers.problem(problem, say, considered.carried.get(problem.key)) for problem in considered.problems],
    }
