"""What every act rests on: one transaction, the recorder of acts, the journal, the first rules."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from data import audit, deriving, journal
from data.arrivals import last_act
from data.database import Cursor, Store, append, ask, real
from data.deriving import Done

RULES = {
    "slightly_behind": Decimal("0.8"),
    "behind": Decimal("0.6"),
    "pace": Decimal(2),
    "recent_months": Decimal(3),
    "gate": Decimal(50_000),
    "running_checkpoints": Decimal(2),
    "report_day": Decimal(10),
    "two_persons": Decimal(0),
    "circular_months": Decimal(2),
    "talk_months": Decimal(3),
    "rectify_months": Decimal(4),
    "answer_days": Decimal(10),
}
Record = Callable[[str, int | None, dict[str, Any]], dict[str, Any]]


class ActError(Exception):
    """The act cannot be done as things stand; `code` names the sentence in words.csv."""

    def __init__(self, code: str, **facts: Any) -> None:
        """Keep the code and what the sentence names."""
        super().__init__(code)
        self.code, self.facts = code, facts


@contextmanager
def acting(store: Store, person: str) -> Iterator[tuple[Cursor, Record]]:
    """One transaction and the recorder of its acts; the journal has them on the disk before this ends. A refusal is noted, too.

    Here alone an act asks for the right to it, and whether it stays within the units of its person.
    """
    done: list[Done] = []

    def record(verb: str, batch: int | None, payload: dict[str, Any]) -> dict[str, Any]:
        stamp = _record(cursor, store.actor(person, f"act.{verb}"), verb, batch, payload)
        done.append(Done(verb, stamp["act"], batch))
        return stamp

    with store.writing:
        try:
            with journal.anchored(store) as cursor:
                yield cursor, record
                for one in done:
                    store.confine(cursor, one.act, one.batch)
                if not store.whole.is_shared:
                    deriving.refresh(cursor, done)
        except ActError as refusal:
            audit.note(store, "act", store.named(person), outcome=audit.REFUSED, detail=refusal.code)
            raise


def _record(cursor: Cursor, person: str, verb: str, batch: int | None, payload: dict[str, Any]) -> dict[str, Any]:
    """Add an act to the chain; what its rows carry of it."""
    before = ask(cursor, f"select hash from {real(cursor, 'acts')} order by act desc limit 1")
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
    audit.note(cursor, verb, person, audit.subject_of(batch, payload), detail=audit.act_named(act))
    return {"act": act["act"], "recorded_at": act["recorded_at"], "recorded_by": person}


def prepare(store: Store) -> None:
    """Bring a store into use: the journal level with the acts, the table of verdicts of a large one, the first version of the rules."""
    with store.writing:
        journal.reconcile(store)
        with store.transaction() as cursor:
            deriving.refresh(cursor, [])
        if store.ask("from rules limit 1"):
            return
        with acting(store, "default") as (cursor, record):
            stamp = record("rules", None, {"version": 1, **RULES})
            append(
                cursor,
                "rules",
                [
                    {"version": 1, "name": name, "value": value, "reason": "default", "reported_on": journal.now().date(), **stamp}
                    for name, value in RULES.items()
                ],
            )
