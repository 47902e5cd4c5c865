"""A chosen file read and judged in a thread of its own, while the page shows how far it is; nothing is stored by it."""

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import streamlit as st

from data import again
from data.arrivals import Sending
from data.database import Store, StoreError
from data.staging import Consideration, consider
from loaders.apart import read_apart
from loaders.files import Declared
from loaders.problems import Reading
from loaders.shapes import Told
from pages.visit import Visit

Pairs = tuple[tuple[str, str], ...]
# From where to where each stage stands in the whole; reading tells its own share.
SPANS = {
    "checking.stage": (0.45, 0.65),
    "checking.rules": (0.65, 0.75),
    "checking.effect": (0.75, 0.9),
    "checking.warnings": (0.9, 1.0),
}
READING = (0.0, 0.45)
TICK, QUIET = 0.1, 2.0
MOST_KEPT = 12


@dataclass(frozen=True)
class Chosen:
    """A file that a visitor chose, with what was declared beside it."""

    name: str
    content: bytes
    declared: Declared
    control_total: Decimal | None = None

    @cached_property
    def key(self) -> str:
        """A short name of the file, the same for the same bytes under the same name."""
        known = hashlib.sha256(self.name.encode() + b"\0")
        known.update(self.content)
        return known.hexdigest()[:16]


@dataclass(frozen=True)
class Judged:
    """A file on its way in, and what it would do."""

    sending: Sending
    told: Consideration


class GivenUpError(Exception):
    """Nobody waits for this work any more."""


class Work:
    """A task in a thread of its own: how far it is, then what it gave or how it failed."""

    def __init__(self, task: Callable[[Told], Any]) -> None:
        """Begin the task; it is told to report to `told`."""
        self.stage, self.share = "", 0.0
        self.found: Any = None
        self.failed: Exception | None = None
        self.unwanted = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(task,), daemon=True)
        self._thread.start()

    def told(self, stage: str, share: float) -> None:
        """Note how far it is; GivenUpError where nobody waits for it, which rolls back whatever it has begun."""
        if self.unwanted.is_set():
            raise GivenUpError
        start, end = SPANS.get(stage, READING)
        self.stage, self.share = stage, max(self.share, start + (end - start) * min(max(share, 0.0), 1.0))

    def _run(self, task: Callable[[Told], Any]) -> None:
        try:
            self.found = task(self.told)
        except Exception as error:  # noqa: BLE001 - it is raised again in the thread that asks for the result
            self.failed = error

    def is_done(self, seconds: float) -> bool:
        """Whether it has ended, after waiting so long at most."""
        self._thread.join(seconds)
        return not self._thread.is_alive()


def judged(visit: Visit, chosen: Chosen, absent: Pairs = ()) -> Judged:
    """The file read and judged; kept for the session until the file, its declaration or the store changes.

    `absent` (unit, code) are the projects of which it is answered that nothing was spent, or that they have ended.
    """
    told = (chosen.key, chosen.declared, chosen.control_total)

    def task(told_to: Told) -> Judged:
        sending = Sending(
            chosen.name,
            chosen.content,
            _read(chosen, told_to, readings),
            date.today(),
            control_total=chosen.control_total,
            declared=chosen.declared._asdict(),
            absent=absent,
        )
        return Judged(sending, consider(visit.store, sending, told_to))

    readings = st.session_state.setdefault("readings", {})
    return _worked(visit, ("chosen", *told, absent, _state(visit.store)), task)


def judged_again(visit: Visit, batch: int, absent: Pairs = ()) -> Judged:
    """A waiting batch judged anew from its kept file."""

    def task(told_to: Told) -> Judged:
        sending = replace(again.sending_of(visit.store, batch, date.today()), absent=absent)
        told_to("checking.stage", 0)
        return Judged(sending, consider(visit.store, sending, told_to))

    return _worked(visit, ("batch", batch, absent, _state(visit.store)), task)


def _state(store: Store) -> int:
    return store.ask("select coalesce(max(act), 0) as act from acts")[0]["act"]


def _read(chosen: Chosen, told: Told, readings: dict[Any, Reading]) -> Reading:
    """The file's reading, kept so that a change of the store does not read it again."""
    key = (chosen.key, chosen.declared)
    if key not in readings:
        readings[key] = read_apart(chosen.content, chosen.declared, told=told)
        _forget(readings)
    return readings[key]


def _forget(kept: dict[Any, Any]) -> None:
    """Let go of the oldest ones."""
    while len(kept) > MOST_KEPT:
        kept.pop(next(iter(kept)))


def _worked(visit: Visit, key: Any, task: Callable[[Told], Any]) -> Any:
    """What the task gives, after its progress has been shown; begun once for a key, and given up where another takes its place.

    StoreError without room on the disk.
    """
    works: dict[Any, Work] = st.session_state.setdefault("works", {})
    if key not in works or (works[key].unwanted.is_set() and works[key].found is None):
        for work in works.values():
            work.unwanted.set()
        works.pop(key, None)
        works[key] = Work(task)
        _forget(works)
    work = works[key]
    if not work.is_done(TICK):
        _show_progress(visit, work)
    if work.failed:
        works.pop(key)
        if isinstance(work.failed, OSError):
            raise StoreError("store.full") from work.failed
        raise work.failed
    return work.found


def _show_progress(visit: Visit, work: Work) -> None:
    """A bar with the stage and, where it takes longer, the seconds since it began."""
    say, began, bar = visit.say, time.monotonic(), st.progress(0.0)
    while not work.is_done(TICK):
        stage = say(work.stage) if work.stage and say.has(work.stage) else say("upload.checking")
        seconds = time.monotonic() - began
        bar.progress(min(work.share, 1.0), stage + (say("upload.seconds", seconds=int(seconds)) if seconds > QUIET else ""))
    bar.empty()
