"""What is done to batches, months and thresholds, and the papers that a batch gives."""

import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from data import acts, again, lagging, ledger, months, queries, reasons
from data.acts import ANY
from data.arrivals import Sending
from data.database import Store
from data.words import Words
from loaders.answers import read_answers_apart
from loaders.problems import Problem
from pages.parts import answers, selection
from pages.parts import certificate as papers
from pages.parts.paper import PaperError
from pages.parts.returned import list_csv, returned_csv, returned_workbook
from pages.terminal.told import DONE, PROBLEMS, Told, UsageError, asked, form_of, opened, tell, today, write

Found = list[tuple[Problem, dict[str, Any]]]


def certify(told: Told, say: Words) -> int:
    """Make a batch official, checked again first where something has changed since."""
    store = opened(told)
    if told.answers:
        acts.answer(store, told.batch, answers_in(store, told.batch, told.answers, say), told.person)
    changed = again.certify(store, told.batch, told.person, {ANY: told.reason or ""}, today(told))
    tell(told, {"batch": told.batch, "changed": changed}, [say("cli.certified", batch=told.batch) if changed else say("cli.no_change")])
    return DONE


def withdraw(told: Told, say: Words) -> int:
    """Take a batch back."""
    changed = acts.withdraw(opened(told), told.batch, told.person, told.reason, told.today)
    tell(told, {"batch": told.batch, "changed": changed}, [say("cli.withdrawn", batch=told.batch) if changed else say("cli.no_change")])
    return DONE


def answer(told: Told, say: Words) -> int:
    """Answer one finding of a waiting batch, or many from an answered report; without either, list what is open."""
    store = opened(told)
    given: list[dict[str, Any]] = []
    if told.answers:
        given = answers_in(store, told.batch, told.answers, say)
    if told.finding:
        given.append({"finding": told.finding, "reason_code": _reason(told, say), "reason": told.text or ""})
    count = acts.answer(store, told.batch, given, told.person)
    left = [pair for pair in ledger.findings(store, told.batch) if pair[0].level == "confirm" and not pair[1]["answered_by"]]
    lines = [f"  {problem.key}  {say.problem(problem)} → {say.remedy(problem)}" for problem, _ in left]
    tell(
        told,
        {"batch": told.batch, "answered": count, "open": [answers.problem(problem, say) for problem, _ in left]},
        [say("cli.answered", count=count, open=len(left)), *lines],
    )
    return PROBLEMS if left else DONE


def _reason(told: Told, say: Words) -> str:
    allowed = reasons.ways_for(told.finding.split("-")[0])
    code = allowed.get((told.reason_code or "other").strip())
    if code is None:
        raise UsageError(say("cli.bad_reason", value=told.reason_code, reasons=", ".join(sorted(set(allowed.values())))))
    return code


def answers_in(store: Store, batch: int, path: str, say: Words) -> list[dict[str, Any]]:
    """The answers of an answered report; its problems are told on the error stream, UsageError where it is none."""
    if not Path(path).is_file():
        raise UsageError(say("cli.not_found", file=path))
    questions = {problem.key: reasons.ways_for(problem.code) for problem, _ in ledger.findings(store, batch) if problem.level == "confirm"}
    reading = read_answers_apart(Path(path).read_bytes(), questions)
    for problem in reading.problems:
        print(f"{say.problem(problem)} → {say.remedy(problem)}", file=sys.stderr)
    if reading.fatal:
        raise UsageError(say("cli.bad_answers", file=path))
    return [{"finding": row["key"], "reason_code": row["reason_code"], "reason": row["text"] or ""} for row in reading.rows]


def report(told: Told, say: Words) -> int:
    """The sender's own file with what was found in it, or the list alone."""
    form_of(told.output, ("xlsx", "csv"), say)
    store = asked(told, say)
    sending = again.sending_of(store, told.batch, today(told))
    found = ledger.findings(store, told.batch)
    write(told, report_of(sending, found, told.output, say, told.list), say)
    tell(told, {"batch": told.batch, "file": told.output, "findings": len(found)}, [say("cli.written", file=told.output, count=len(found))])
    return DONE


def report_of(sending: Sending, found: Found, path: str, say: Words, only_list: bool = False) -> bytes:
    """A file's report in the form that a path asks for."""
    findings = [answers.finding(problem, say, row) for problem, row in found]
    if only_list:
        return list_csv(findings, say)
    if form_of(path, ("xlsx", "csv"), say) == "csv":
        return returned_csv(sending.content, findings, say)
    return returned_workbook(sending.content, sending.name, findings, getattr(sending.reading, "sheet", None), say)


def certificate(told: Told, say: Words) -> int:
    """The certificate of a batch, to print and sign."""
    form = form_of(told.output, ("pdf", "docx", "html"), say)
    store = asked(told, say)
    facts = certificate_facts(store, told.batch, say)
    try:
        made = {"pdf": papers.certificate_pdf, "docx": papers.certificate_docx, "html": papers.certificate_html}[form](facts, say)
    except PaperError as error:
        raise UsageError(say(error.code)) from error
    write(told, made.encode() if isinstance(made, str) else made, say)
    tell(told, {"batch": told.batch, "file": told.output}, [say("cli.written_file", file=told.output)])
    return DONE


def certificate_facts(store: Store, batch: int, say: Words) -> dict[str, Any]:
    """What a certificate says, its findings worded."""
    findings = [answers.finding(problem, say, row) for problem, row in ledger.findings(store, batch)]
    return {**ledger.certificate(store, batch), "findings": findings}


def original(told: Told, say: Words) -> int:
    """The file of a batch, unchanged."""
    content = again.content_of(asked(told, say), told.batch)
    write(told, content, say)
    tell(told, {"batch": told.batch, "file": told.output, "bytes": len(content)}, [say("cli.written_file", file=told.output)])
    return DONE


def lock(told: Told, say: Words) -> int:
    """Close a month."""
    store = opened(told)
    changed = months.lock(store, told.month, told.person, told.unit, told.today)
    silent = [row["unit_code"] for row in _month_rows(store, told) if not row["reported"]]
    _tell_month(told, say, changed, "locked", silent, lagging.unexplained(store, told.month, told.unit))
    return DONE


def reopen(told: Told, say: Words) -> int:
    """Open a locked month again."""
    store = opened(told)
    changed = months.reopen(store, told.month, told.person, told.reason, told.unit, told.today)
    _tell_month(told, say, changed, "reopened", [])
    return DONE


def _month_rows(store: Store, told: Told) -> list[dict[str, Any]]:
    rows = ledger.discipline(store, told.month.year, today(told))
    return [row for row in rows if row["month"] == told.month.month and told.unit in (None, row["unit_code"])]


def _tell_month(told: Told, say: Words, changed: bool, state: str, silent: list[str], owing: dict[str, Any] | None = None) -> None:
    month = f"{told.month:%Y-%m}"
    line = say(f"cli.{state}", month=month) if changed else say("cli.no_change")
    more = [say("cli.lock_silent", units=", ".join(silent))] if silent else []
    more += filter(None, [selection.owed_by(owing, say)] if owing else [])
    answer = {"month": month, "unit_code": told.unit, "state": state, "changed": changed, "unreported": silent}
    tell(told, {**answer, "unexplained": [row["project_code"] for row in owing["rows"]] if owing else []}, [line, *more])


def rules(told: Told, say: Words) -> int:
    """The thresholds in force, or a new version of them."""
    store = opened(told)
    if told.changes:
        try:
            changes = {name.strip(): Decimal(value) for name, value in (text.split("=", 1) for text in told.changes)}
        except (ValueError, InvalidOperation) as error:
            raise UsageError(say("cli.bad_rule", value=" ".join(told.changes))) from error
        months.set_rules(store, changes, told.person, told.reason)
    rule = queries.rules(store)
    tell(told, rule, [f"{name} = {value}" for name, value in rule.items()])
    return DONE
