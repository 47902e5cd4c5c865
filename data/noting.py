"""The one place from which security events go to the audit trail, in the same transaction as what they tell of."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from data.database import Cursor, Store


@contextmanager
def noted(store: Store, event: str, person: str, subject: str, outcome: str, detail: dict[str, Any]) -> Iterator[Cursor]:
    """A transaction that stands in the audit trail: what happened, by whom, to whom, with what outcome."""
    with store.transaction() as cursor:
        yield cursor
        note(cursor, event, person, subject, outcome, detail)


def note(cursor: Cursor, event: str, person: str, subject: str, outcome: str, detail: dict[str, Any]) -> None:
    """Add a line to the audit trail within a transaction."""
