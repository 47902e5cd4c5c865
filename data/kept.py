"""What the ledger says now, kept in a cursor's own tables until something changes: what rests on it is planned and run once.

Views are macros, written out anew in every question; most of the time of a small question goes into planning what
they rest on. A question about what was known at another moment is asked of the ledger itself.
"""

from collections.abc import Callable, Hashable
from contextlib import suppress
from datetime import datetime
from typing import Any

from data import derived
from data.macros import answering_from, made_by, text_of, texts
from data.narrow import real
from data.resting import State, rests_on

# Each depends on nothing but known_at, and on those before it.
KEPT = (
    *("batches_on", "rules_on", "adjustments_on", "profiles_on", "plans_on", "schedules_on"),
    *("official_on", "paid_on", "months_on", "due_on", "monthly_budgets_on", "judged_on", "verdicts_on", "sums_on"),
)
# In a small store the verdicts with their shares are kept, of which these are a part.
WITHIN = "judged_on"
# What is kept must never be taken for what was known at another moment.
PRESENT = "case when known_at is null then true else error('asked as known at a moment') end"
# Beyond so many projects the tables would take more memory than the planning takes time.
MOST_PROJECTS = 20_000
Rows = list[dict[str, Any]]
# A cursor of the store; only the store's own module speaks of the library.
Cursor = Any


def is_about_now(facts: dict[str, Any] | None) -> bool:
    """Whether a question names no moment of knowledge."""
    return not any(isinstance(value, datetime) for value in (facts or {}).values())


def needed(question: str) -> tuple[str, ...]:
    """The views of KEPT that a question rests on, in their order."""
    return tuple(name for name in KEPT if name in rests_on(question))


class Kept:
    """A cursor that keeps what views say now."""

    def __init__(self, cursor: Cursor) -> None:
        """Keep nothing yet; the cursor has no views, it gets them as they are asked for."""
        self.cursor, self._acts = cursor, real(cursor, "acts")
        self._there: set[str] = set()
        # What each table that is kept is good for.
        self._kept: dict[str, Hashable] = {}
        self._state = State()
        self._is_derived, self._fits = False, True

    def ask(self, question: str, answer: Callable[[Cursor], Rows], state: State) -> Rows:
        """What `answer` says of the cursor; `state` is the store's, the same object as long as this process has changed nothing."""
        wanted = rests_on(question)
        if not wanted:
            return answer(self.cursor)
        # One transaction sees one state of the store, so that what is kept and what is not belong together.
        self.cursor.execute("begin")
        try:
            self._renew(state)
            self._prepare(wanted)
            rows = answer(self.cursor)
        except BaseException:
            with suppress(Exception):
                self.cursor.execute("rollback")
            raise
        self.cursor.execute("commit")
        return rows

    def _prepare(self, wanted: frozenset[str]) -> None:
        """The views that are wanted; each that is kept answers from its table before another is made that rests on it."""
        for text in texts():
            made = made_by(text) & wanted
            if made and text not in self._there:
                self.cursor.execute(text)
                self._there.add(text)
            for name in KEPT if made - self._kept.keys() else ():
                wanting = name in made and name not in self._kept and (self._is_derived or name != WITHIN)
                if wanting and (answer_of := self._keep(name)):
                    self.cursor.execute(answering_from(answer_of, name, PRESENT))
                    self._kept[name] = self._state.of(_now(name))

    def close(self) -> None:
        """Let go of the cursor and of all that it keeps."""
        self.cursor.close()

    def _renew(self, state: State) -> None:
        """Let go of what was kept and may have changed since."""
        acts = self.cursor.execute(f"select max(act), count(*) from {self._acts}").fetchone()
        if self._state is state and state.acts == acts:
            return
        # The cursor may see more than the store knows of itself: an act that has just been done.
        self._state = state if state.acts == acts else State(self.cursor)
        was_derived, self._is_derived = self._is_derived, derived.is_kept(self.cursor)
        self._fits = self.cursor.execute("select count(*) from projects").fetchone()[0] <= MOST_PROJECTS
        # The last first, while what it rests on is still short.
        for name in reversed(KEPT):
            if name in self._kept and (was_derived != self._is_derived or self._kept[name] != self._state.of(_now(name))):
                self.cursor.execute(text_of(name))
                del self._kept[name]

    def _keep(self, name: str) -> str | None:
        """The table that holds what a view says now: the store's own, or one made here; None where it would be too large."""
        if self._is_derived and name in derived.ANSWERS:
            return derived.ANSWERS[name]
        if not self._fits:
            return None
        self.cursor.execute(f"create or replace temp table kept_{name} as from {name}(null)")
        return f"kept_{name}"


def _now(name: str) -> str:
    """A view asked for what it says now."""
    return f"from {name}(null)"
