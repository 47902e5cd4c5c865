"""A batch's kept file, read again as it was sent: to check it anew, to report on it, to make it official."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from data import acts, journal, queries
from data.acting import ActError
from data.arrivals import Sending
from data.database import Store
from data.staging import Consideration
from loaders.apart import read_apart
from loaders.files import Declared


def sending_of(store: Store, batch: int, today: date) -> Sending:
    """The kept file of a batch as it was sent, with what was declared beside it; ActError where it is unknown or lost."""
    row = _row(store, batch)
    content = content_of(store, batch)
    told: dict[str, Any] = json.loads(row["declared"] or "{}")
    declared = Declared(**{name: told.get(name) for name in Declared._fields})
    return Sending(
        row["file_name"],
        content,
        read_apart(content, declared),
        today,
        sample=row["sample"],
        control_total=None if told.get("control_total") is None else Decimal(told["control_total"]),
        absent_is_zero=bool(told.get("absent_is_zero")),
        year=told.get("only_year"),
        declared=declared._asdict(),
        batch=batch,
    )


def content_of(store: Store, batch: int) -> bytes:
    """The bytes of a batch's file, unchanged since it was sent; ActError where they are not to be had."""
    content = journal.kept(store, _row(store, batch)["sha256"])
    if content is None:
        raise ActError("act.file_lost", batch=batch)
    return content


def _row(store: Store, batch: int) -> dict[str, Any]:
    try:
        return queries.batch_of(store, batch)
    except IndexError as error:
        raise ActError("act.unknown", batch=batch) from error


def recheck(store: Store, batch: int, person: str, today: date) -> Consideration:
    """Check a waiting batch again from its kept file."""
    return acts.recheck(store, batch, sending_of(store, batch, today), person)


def certify(store: Store, batch: int, person: str, reasons: dict[str, str] | None, today: date) -> bool:
    """Make a batch official, checked again first where something has changed since its last check."""
    if _row(store, batch)["state"] == "checked" and acts.is_stale(store, batch):
        recheck(store, batch, person, today)
    return acts.certify(store, batch, person, reasons, today=today)
