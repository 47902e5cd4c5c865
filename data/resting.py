"""What an answer rests on, and how far a store has come in that.

Facts are only ever added, so that what a table says is known by how many rows it has. What a batch brings speaks only once it is
certified: a batch that waits, a sign-in or an export leave every figure as it was.
"""

import re
from collections.abc import Hashable
from functools import cache
from typing import Any

from data.macros import names, text_of
from data.narrow import real
from data.tables import columns

# Views in which a batch shows before it is certified.
WAITING = frozenset({"batches_on", "known_on", "findings_of", "open_questions"})
_CALLED = re.compile(r"\b([a-z_]+)\s*\(")
_NAMED = re.compile(r"\b(?:from|join)\s+([a-z_]+)\b(?!\s*\()")
_COMMENT = re.compile(r"--[^\n]*")
# A cursor of the store; only the store's own module speaks of the library.
Cursor = Any


def views_in(text: str) -> frozenset[str]:
    """The views that a text of SQL asks itself."""
    return frozenset(_CALLED.findall(text)) & names()


def tables_in(text: str) -> frozenset[str]:
    """The tables that a text of SQL names itself, not through a view."""
    return frozenset(_NAMED.findall(_COMMENT.sub("", text))) & columns().keys()


@cache
def rests_on(question: str) -> frozenset[str]:
    """Every view that a question asks, and all that these ask."""
    found: set[str] = set()
    ahead = views_in(question)
    while ahead:
        found |= ahead
        ahead = frozenset().union(*(views_in(text_of(name)) for name in ahead)) - found
    return frozenset(found)


@cache
def _of_batches() -> frozenset[str]:
    """The tables whose rows belong to a batch, or are made of them."""
    return frozenset(table for table, kinds in columns().items() if "batch" in kinds)


@cache
def _counted() -> tuple[str, ...]:
    """The other tables of facts on which a view rests."""
    return tuple(sorted(frozenset().union(*(tables_in(text_of(name)) for name in names())) - _of_batches()))


@cache
def tables_beneath(question: str) -> tuple[str, ...] | None:
    """The tables on which an answer rests beside the batches that are official; None where any change at all may change it."""
    if not (views := rests_on(question)) or views_in(question) & WAITING or tables_in(question) - set(_counted()):
        return None
    return tuple(sorted(tables_in(question).union(*(tables_in(text_of(view)) for view in views)) - _of_batches()))


class State:
    """How far a store has come."""

    def __init__(self, cursor: Cursor | None = None) -> None:
        """Look at the store of a cursor now; without a cursor it is like no other."""
        self.acts: tuple[int, ...] | None = None
        self._counts: dict[str, Any] = {}
        if cursor is not None:
            # Of the whole store, whatever the cursor sees of it.
            whole = real(cursor, "acts").removesuffix("acts")
            counts = ", ".join(f"(select count(*) from {whole}{table}) as {table}" for table in ("acts", *_counted()))
            cursor.execute(
                f"""
                select (select max(act) from {whole}acts) as last, {counts},
                    min(recorded_at) as first, count(*) filter (event <> 'checked') as settled
                from {whole}events"""
            )
            self._counts = dict(zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True))
            self.acts = (self._counts["last"], self._counts["acts"])

    def of(self, question: str) -> Hashable:
        """What the answer to a question is good for: it stands as long as this is equal."""
        beneath = tables_beneath(question) if self._counts else None
        return self if beneath is None else tuple(self._counts[name] for name in ("first", "settled", *beneath))
