"""Everything that can be done: one function, one act, by a named person, in one transaction."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from data import journal
from data.arrivals import NO_SPENDING, Sending, confirm_zero, insert_batch, last_act, next_batch, stage
from data.database import Cursor, Store, append, ask
from data.staging import Consideration, consider
from loaders.problems import Problem

RULES = {
    "slightly_behind": Decimal("0.8"),
    "behind": Decimal("0.6"),
    "pace": Decimal(2),
    "recent_months": Decimal(3),
    "gate": Decimal(50_000),
    "running_checkpoints": Decimal(2),
}
ANY = "*"
Record = Callable[[str, int | None, dict[str, Any]], dict[str, Any]]


class ActError(Exception):
    """The act cannot be done as things stand; `code` names the sentence in words.csv."""

    def __init__(self, code: str, **facts: Any) -> None:
        """Keep the code and what the sentence names."""
        super().__init__(code)
        self.code, self.facts = code, facts


@dataclass
class Outcome:
    """What came of a file: its consideration, its batch (None if nothing was stored) and the batch's state."""

    considered: Consideration
    batch: int | None = None
    state: str | None = None


@contextmanager
def _acting(store: Store, person: str) -> Iterator[tuple[Cursor, Record]]:
    """One transaction and the recorder of its acts; the journal has them on the disk before this ends."""
    with store.writing:
        try:
            with store.transaction() as cursor:
                yield cursor, partial(_record, cursor, person)
        finally:
            journal.catch_up(store)


def _record(cursor: Cursor, person: str, verb: str, batch: int | None, payload: dict[str, Any]) -> dict[str, Any]:
    """Add an act to the chain; what its rows carry of it."""
    before = ask(cursor, "select hash from acts order by act desc limit 1")
    act = journal.seal(
        {
            "act": last_act(cursor) + 1,
            "verb": verb,
            "batch": batch,
            "person": person,
            "recorded_at": journal.now(),
            "payload": json.dumps(payload, ensure_ascii=False, sort_keys=True, default=str),
            "previous": before[0]["hash"] if before else journal.START,
        }
    )
    append(cursor, "acts", [act])
    return {"act": act["act"], "recorded_at": act["recorded_at"], "recorded_by": person}


def prepare(store: Store) -> None:
    """Bring a store into use: the journal level with the acts, the first version of the rules."""
    with store.writing:
        journal.reconcile(store)
        if store.ask("from rules limit 1"):
            return
        with _acting(store, "default") as (cursor, record):
            stamp = record("rules", None, {"version": 1, **RULES})
            append(
                cursor,
                "rules",
                [
                    {"version": 1, "name": name, "value": value, "reason": "default", "reported_on": journal.now().date(), **stamp}
                    for name, value in RULES.items()
                ],
            )


def load(store: Store, sending: Sending, person: str) -> Outcome:
    """Check a file and store it as a batch that waits to be certified; of a rejected one nothing is stored.

    A file that says what a waiting or official batch already says stores nothing and names that batch.
    """
    with store.writing:
        told = consider(store, sending)
        if told.fatal:
            return Outcome(told)
        if told.same_as is not None:
            return Outcome(told, told.same_as, store.ask("from batches_on(null) where batch = $b", {"b": told.same_as})[0]["state"])
        sha256 = journal.keep(store, sending.content)
        with _acting(store, person) as (cursor, record):
            batch = next_batch(cursor)
            stamp = record(
                "load",
                batch,
                {
                    "file": sending.name,
                    "sha256": sha256,
                    "digest": told.digest,
                    "rows": told.rows,
                    "total": told.total,
                    "kind": told.recognised,
                    "declared": sending.declared,
                    "sample": sending.sample,
                    "today": sending.today,
                },
            )
            stage(cursor, sending)
            insert_batch(cursor, sending, {**told.summary, "batch": batch, "sha256": sha256, "reported_on": sending.today, **stamp})
            append(cursor, "findings", [_finding(batch, problem) for problem in told.problems])
            append(cursor, "events", [{"batch": batch, "event": "checked", "reported_on": sending.today, **stamp}])
    return Outcome(told, batch, "checked")


def _finding(batch: int, problem: Problem) -> dict[str, Any]:
    return {
        "batch": batch,
        "code": problem.code,
        "level": problem.level,
        "file_row": problem.row,
        "column_name": problem.column,
        "value": problem.value,
        "expected": problem.expected,
        "facts": json.dumps(problem.facts, ensure_ascii=False, default=str),
    }


def certify(store: Store, batch: int, person: str, reasons: dict[str, str] | None = None, **told: Any) -> bool:
    """Make a batch official; False if it was so already and nothing changed.

    `reasons` answers the open questions by the finding's code, or all others under ANY. `today` is
    the day it is reported on; with `base`, an act that came since then makes the preview stale.
    ActError where a question stays open, the preview is stale, or the batch is unknown or withdrawn.
    """
    reasons = {code: text.strip() for code, text in (reasons or {}).items() if text and text.strip()}
    with _acting(store, person) as (cursor, record):
        state = _state(cursor, batch)
        if state == "certified":
            return False
        if state == "withdrawn":
            raise ActError("act.withdrawn", batch=batch)
        questions = ask(cursor, "from findings where batch = $batch and level = 'confirm'", {"batch": batch})
        unanswered = [q for q in questions if q["code"] not in reasons and ANY not in reasons]
        if unanswered:
            raise ActError("act.unanswered", count=len(unanswered))
        _refuse_stale(cursor, batch, told.get("base"))
        day = told.get("today") or journal.now().date()
        stamp = record("certify", batch, {"reasons": reasons, "today": day})
        append(cursor, "answers", [{**q, "reason": reasons.get(q["code"], reasons.get(ANY)), **stamp} for q in questions])
        if any(q["code"] == "W07" and reasons.get("W07", reasons.get(ANY)) == NO_SPENDING for q in questions):
            confirm_zero(cursor, batch)
        append(cursor, "events", [{"batch": batch, "event": "certified", "reason": reasons.get(ANY), "reported_on": day, **stamp}])
    return True


def _refuse_stale(cursor: Cursor, batch: int, base: int | None) -> None:
    """ActError if an act on another batch came after the one that the preview was judged against."""
    if base is not None and ask(
        cursor, "from acts where act > $base and verb <> 'load' and batch is distinct from $batch limit 1", {"base": base, "batch": batch}
    ):
        raise ActError("act.stale")


def _state(cursor: Cursor, batch: int) -> str:
    found = ask(cursor, "select state from batches_on(null) where batch = $batch", {"batch": batch})
    if not found:
        raise ActError("act.unknown", batch=batch)
    return found[0]["state"]


def withdraw(store: Store, batch: int, person: str, reason: str, today: date | None = None) -> bool:
    """Take a batch back with a reason; what was official before it is so again. False if it was withdrawn already."""
    return withdraw_all(store, [batch], person, reason, today) == 1


def withdraw_all(store: Store, batches: list[int], person: str, reason: str, today: date | None = None) -> int:
    """Take several batches back in one transaction; how many were not withdrawn before."""
    if not reason.strip():
        raise ActError("act.reason")
    done = 0
    with _acting(store, person) as (cursor, record):
        for batch in batches:
            if _state(cursor, batch) != "withdrawn":
                day = today or journal.now().date()
                stamp = record("withdraw", batch, {"reason": reason, "today": day})
                append(cursor, "events", [{"batch": batch, "event": "withdrawn", "reason": reason, "reported_on": day, **stamp}])
                done += 1
    return done
