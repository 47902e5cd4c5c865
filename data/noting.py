"""Changes of accounts and sessions: one transaction, with its line in the audit, anchored in the journal when it ends."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from data import audit, journal
from data.database import Cursor, Store, StoreError

# How long one refusal to one person speaks for those that follow it.
QUIET = 60
_NOTED: dict[tuple[str, str], float] = {}


@contextmanager
def noted(store: Store, event: str, person: str, subject: str, outcome: str, detail: str) -> Iterator[Cursor]:
    """A transaction of the whole store that stands in the audit."""
    with journal.anchored(store.whole) as cursor:
        yield cursor
        audit.note(cursor, event, person, subject, outcome, detail)


def refused(store: Store, person: str, right: str) -> None:
    """Put into the audit that a person asked for what they have no right to: once a minute for each right.

    Who is refused stays refused where that cannot be written.
    """
    now = time.monotonic()
    if now - _NOTED.get((person, right), -QUIET) >= QUIET:
        _NOTED[person, right] = now
        with suppress(StoreError):
            audit.note(store.whole, "refused", person, right, audit.REFUSED)
