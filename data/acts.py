"""Everything that can be done to a file: one function, one act, by a named person, in one transaction."""

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from data import answers, journal, rules
from data.acting import ActError, acting
from data.arrivals import Sending, confirm_zero, insert_batch, last_change, next_batch, stage, told_beside, unstage
from data.database import Cursor, Store, append, ask
from data.incoming import passing
from data.plan_arrivals import end_projects
from data.staging import Consideration, consider
from loaders.problems import Problem

ANY = "*"


@dataclass
class Outcome:
    """What came of a file: its consideration, its batch (None if nothing was stored) and the batch's state."""

    considered: Consideration
    batch: int | None = None
    state: str | None = None


def load(store: Store, sending: Sending, person: str, considered: Consideration | None = None) -> Outcome:
    """Check a file and store it as a batch that waits to be certified; of a rejected one nothing is stored.

    A file that says what a waiting or official batch already says stores nothing and names that batch.
    `considered` spares a second look where no act has come since.
    """
    store.actor(person, "act.load")
    with store.writing:
        told = considered if considered and _is_fresh(store, considered) else consider(store, sending)
        if told.fatal:
            return Outcome(told)
        if told.same_as is not None:
            return Outcome(told, told.same_as, store.ask("from batches_on(null) where batch = $b", {"b": told.same_as})[0]["state"])
        sha256 = journal.keep(store, sending.content)
        with acting(store, person) as (cursor, record), passing(cursor):
            batch = next_batch(cursor)
            stamp = record("load", batch, _loaded(sending, told, sha256))
            stage(cursor, sending)
            facts = {"batch": batch, "sha256": sha256, "rule_set": _rule_set(cursor), "reported_on": sending.today}
            insert_batch(cursor, sending, {**told.summary, **facts, **stamp})
            unstage(cursor)
            _keep_round(cursor, batch, told, {**stamp, "reported_on": sending.today})
    return Outcome(told, batch, "checked")


def _is_fresh(store: Store, considered: Consideration) -> bool:
    """Whether no act has come since that may have changed what was considered."""
    with store.cursor() as cursor:
        return considered.base == last_change(cursor)


def _loaded(sending: Sending, told: Consideration, sha256: str) -> dict[str, Any]:
    """What the journal says of a loaded file: enough to load the kept file again."""
    return {
        "file": sending.name,
        "sha256": sha256,
        "digest": told.digest,
        "rows": told.rows,
        "total": told.total,
        "kind": told.recognised,
        "declared": told_beside(sending),
        "sample": sending.sample,
        "today": sending.today,
    }


def _rule_set(cursor: Cursor) -> str:
    """Version of the thresholds and digest of the checks, as one text."""
    return f"v{ask(cursor, 'select version from rules_on(null)')[0]['version']}-{rules.rule_set()}"


def _keep_round(cursor: Cursor, batch: int, told: Consideration, stamp: dict[str, Any]) -> None:
    """Keep a round of checking: the event, its findings, and the answers that recurring ones got before."""
    append(cursor, "findings", [{**_finding(batch, problem), "act": stamp["act"]} for problem in told.problems])
    append(cursor, "events", [{"batch": batch, "event": "checked", **stamp}])
    known = {row["finding"] for row in ask(cursor, "select finding from answers where batch = $batch", {"batch": batch})}
    recurring = [{"finding": key, "code": key.split("-")[0], **answer} for key, answer in told.carried.items() if key not in known]
    answers.keep(cursor, batch, recurring, stamp)


def _finding(batch: int, problem: Problem) -> dict[str, Any]:
    return {
        "batch": batch,
        "finding": problem.key,
        "code": problem.code,
        "level": problem.level,
        "file_row": problem.row,
        "column_name": problem.column,
        "value": problem.value,
        "expected": problem.expected,
        "unit_code": problem.facts.get("unit_code"),
        "project_code": problem.facts.get("project_code"),
        "facts": json.dumps(problem.facts, ensure_ascii=False, default=str),
    }


def recheck(store: Store, batch: int, sending: Sending, person: str) -> Consideration:
    """Check a waiting batch again, from its kept file, against what is official and in force now.

    Answers stay with the findings that are still the same. ActError where the batch does not wait.
    """
    with store.writing:
        told = consider(store, replace(sending, batch=batch))
        with acting(store, person) as (cursor, record):
            if _state(cursor, batch) != "checked":
                raise ActError("act.not_waiting", batch=batch)
            stamp = record("recheck", batch, {"today": sending.today, "rule_set": _rule_set(cursor)})
            _keep_round(cursor, batch, told, {**stamp, "reported_on": sending.today})
    return told


def is_stale(store: Store, batch: int) -> bool:
    """Whether something that the checks look at has changed since a waiting batch was last checked."""
    with store.cursor() as cursor:
        return _stale(cursor, batch)


def _stale(cursor: Cursor, batch: int) -> bool:
    """Stale by a change of the checks or thresholds, of a plan or a month's lock, or of the same unit's official figures."""
    found = ask(
        cursor,
        """
        with since as (
            select act, verb, batch from acts
            where act > (select max(act) from events where batch = $batch and event = 'checked') and batch is distinct from $batch
        ),
        own as (select distinct fiscal_year, unit_code from actuals where batch = $batch),
        kin as (
            select distinct batch from actuals semi join own using (fiscal_year, unit_code)
            where batch in (select batch from since where verb in ('certify', 'withdraw'))
        )
        select act
        from since
        where verb in ('lock', 'reopen', 'rules', 'adjust', 'revise', 'reverse')
            or verb in ('certify', 'withdraw') and (batch in (from kin) or batch in (select batch from batches where kind = 'plan'))
        limit 1""",
        {"batch": batch},
    )
    return bool(found) or _checked_by(cursor, batch) != _rule_set(cursor)


def _checked_by(cursor: Cursor, batch: int) -> str:
    """The rule set of the newest round of checking."""
    again = ask(cursor, "select payload from acts where verb = 'recheck' and batch = $batch order by act desc limit 1", {"batch": batch})
    if again:
        return json.loads(again[0]["payload"])["rule_set"]
    return ask(cursor, "select rule_set from batches where batch = $batch", {"batch": batch})[0]["rule_set"]


def answer(store: Store, batch: int, given: list[dict[str, Any]], person: str) -> int:
    """Answer findings of a waiting batch: each with finding, reason_code, reason; how many answers were new.

    ActError where the batch does not wait or a finding is not a question of it.
    """
    with acting(store, person) as (cursor, record):
        if _state(cursor, batch) != "checked":
            raise ActError("act.not_waiting", batch=batch)
        known = {q["finding"]: q for q in ask(cursor, "from findings_of() where batch = $b and level = 'confirm'", {"b": batch})}
        for one in given:
            if one["finding"] not in known:
                raise ActError("act.no_question", finding=one["finding"], batch=batch)
            if one["reason_code"] == answers.OTHER and not (one.get("reason") or "").strip():
                raise ActError("act.other_needs_text", finding=one["finding"])
        new = [one for one in given if _differs(one, known[one["finding"]])]
        if new:
            stamp = record("answer", batch, {"answers": new})
            answers.keep(cursor, batch, [{**one, "code": known[one["finding"]]["code"]} for one in new], stamp)
    return len(new)


def _differs(one: dict[str, Any], known: dict[str, Any]) -> bool:
    same = one["reason_code"] == known["reason_code"] and (one.get("reason") or "") == (known["reason"] or "")
    return not same or known["carried_from"] is not None


def certify(store: Store, batch: int, person: str, reasons: dict[str, str] | None = None, **told: Any) -> bool:
    """Make a batch official; False if it was so already and nothing changed.

    `reasons` answers the open questions by the finding's code, or all others under ANY. `today` is
    the day it is reported on; with `base`, an act that came since then makes the preview stale.
    ActError where a question stays open, the check is stale, the month is locked, the same person
    may not do both, or the batch is unknown, withdrawn or rejected.
    """
    reasons = {code: text.strip() for code, text in (reasons or {}).items() if text and text.strip()}
    with acting(store, person) as (cursor, record):
        state = _state(cursor, batch)
        if state == "certified":
            return False
        if state == "withdrawn":
            raise ActError("act.withdrawn", batch=batch)
        _refuse_unfit(cursor, batch, person, told.get("base"))
        given = _answered(cursor, batch, reasons)
        day = told.get("today") or journal.now().date()
        stamp = record("certify", batch, {"reasons": reasons, "today": day})
        answers.keep(cursor, batch, given, stamp)
        if zero := answers.unspent(cursor, batch):
            confirm_zero(cursor, batch, zero)
        if ended := answers.ended(cursor, batch):
            end_projects(cursor, batch, ended)
        append(cursor, "events", [{"batch": batch, "event": "certified", "reason": reasons.get(ANY), "reported_on": day, **stamp}])
    return True


def _answered(cursor: Cursor, batch: int, reasons: dict[str, str]) -> list[dict[str, Any]]:
    """An answer to each open question from the reasons given; ActError where one stays open."""
    questions = answers.open_questions(cursor, batch)
    open_ones = [q for q in questions if q["code"] not in reasons and ANY not in reasons]
    if open_ones:
        raise ActError("act.unanswered", count=len(open_ones))
    return [answers.worded(q, reasons.get(q["code"], reasons.get(ANY, ""))) for q in questions]


def _refuse_unfit(cursor: Cursor, batch: int, person: str, base: int | None) -> None:
    """ActError where a batch may not become official: stale, faulty, locked, or one person for two."""
    if ask(cursor, "from findings_of() where batch = $batch and level = 'fatal' limit 1", {"batch": batch}):
        raise ActError("act.faulty", batch=batch)
    _refuse_locked(cursor, batch)
    if base is not None:
        _refuse_stale(cursor, batch, base)
    elif _stale(cursor, batch):
        raise ActError("act.stale", batch=batch)
    two = ask(cursor, "select two_persons from rules_on(null)")[0]["two_persons"]
    if two and ask(cursor, "from batches where batch = $batch and recorded_by = $person", {"batch": batch, "person": person}):
        raise ActError("act.same_person", person=person)


def _refuse_locked(cursor: Cursor, batch: int) -> None:
    """ActError if a batch speaks for a month that is locked."""
    locked = ask(
        cursor,
        """
        select distinct fiscal_year, month, locks.recorded_by, here(locks.recorded_at) as recorded_at
        from actuals
        join locks_of((select list(distinct unit_code) from actuals where batch = $batch), null) as locks
            using (fiscal_year, month, unit_code)
        where batch = $batch and event = 'locked' order by fiscal_year, month limit 1""",
        {"batch": batch},
    )
    if locked:
        row = locked[0]
        month = f"{row['fiscal_year']}-{row['month']:02d}"
        raise ActError("act.locked", month=month, who=row["recorded_by"], moment=f"{row['recorded_at']:%Y-%m-%d %H:%M}")


def _refuse_stale(cursor: Cursor, batch: int, base: int) -> None:
    """ActError if an act on another batch came after the one that the preview was judged against."""
    if ask(
        cursor,
        "from acts where act > $base and verb not in ('load', 'answer') and batch is distinct from $batch limit 1",
        {"base": base, "batch": batch},
    ):
        raise ActError("act.stale", batch=batch)


def _state(cursor: Cursor, batch: int) -> str:
    found = ask(cursor, "select state from batches_on(null) where batch = $batch", {"batch": batch})
    if not found:
        raise ActError("act.unknown", batch=batch)
    return found[0]["state"]


def withdraw(store: Store, batch: int, person: str, reason: str, today: date | None = None) -> bool:
    """Take a batch back with a reason; what was official before it is so again. False if it was withdrawn already."""
    return withdraw_all(store, [batch], person, reason, today) == 1


def withdraw_all(store: Store, batches: list[int], person: str, reason: str, today: date | None = None) -> int:
    """Take several batches back in one transaction; how many were not withdrawn before. ActError in a locked month."""
    if not reason.strip():
        raise ActError("act.reason")
    done = 0
    with acting(store, person) as (cursor, record):
        for batch in batches:
            state = _state(cursor, batch)
            if state == "withdrawn":
                continue
            if state == "certified":
                _refuse_locked(cursor, batch)
            day = today or journal.now().date()
            stamp = record("withdraw", batch, {"reason": reason, "today": day})
            append(cursor, "events", [{"batch": batch, "event": "withdrawn", "reason": reason, "reported_on": day, **stamp}])
            done += 1
    return done
