"""A store that several processes and machines write: the lake is the truth, each process reads from a database of its own.

Views rest on their tables dozens of times, and each time is a word with the catalogue, so that asked of the lake itself a verdict
takes several times as long. The rows of the lake are followed into a database file of this process, in the order in which they
came, and every question, rule and preview is the one of a database file. An act is tried there as well; what it has added is
published in one commit that stands on the very snapshot that the act has seen.
"""

import os
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

from data import control, deriving
from data.addresses import Address, Place
from data.database import WAIT_SECONDS, Cursor, Rows, Store, StoreError, open_store, roll_back
from data.deriving import Done
from data.lake import OWN, ROWS_AT_ONCE, Lake
from data.narrow import real
from data.tables import columns

# How long an answer may lack what another process has done, in seconds; an act never does.
FRESH = 0.2
# The folder in which a process leaves its database to the next one; without it each begins anew.
COPY = "BUDGET_STORE_COPY"
AT_ONCE = 8
CHAINS = ("acts", "audit")


class Turn:
    """The right to act, of one thread of one process of all machines: entered again by whoever has it, as a thread's lock is."""

    def __init__(self, lake: Lake, taken: Callable[[], None]) -> None:
        """Nobody's yet; `taken` is called once it is got."""
        self._lake, self._taken, self._here = lake, taken, threading.RLock()
        self._depth, self._turn = 0, None

    @property
    def is_ours(self) -> bool:
        """Whether a thread of this process has it."""
        return self._depth > 0

    def acquire(self, blocking: bool = True, timeout: float = WAIT_SECONDS) -> bool:
        """Whether it was got within so many seconds; at once where not blocking."""
        begun = time.monotonic()
        if not (self._here.acquire(timeout=timeout) if blocking else self._here.acquire(blocking=False)):
            return False
        self._depth += 1
        try:
            if self._depth == 1:
                self._turn = self._lake.take_turn(timeout - (time.monotonic() - begun) if blocking else 0)
                self._taken()
        except BaseException as error:
            self.release()
            if isinstance(error, StoreError) and error.code == "store.busy":
                return False
            raise
        return True

    def release(self) -> None:
        """Give it back."""
        self._depth -= 1
        if self._depth == 0 and self._turn is not None:
            self._lake.give_turn(self._turn)
            self._turn = None
        self._here.release()

    def __enter__(self) -> "Turn":
        """Wait for it; StoreError where others keep it."""
        if not self.acquire():
            raise StoreError("store.busy")
        return self

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        self.release()


class Shared(Store):
    """A store whose truth is a lake. `path` is this process's own database, `home` lies in the folder that all machines see."""

    is_shared = True

    def __init__(self, address: Address) -> None:
        """Reach the lake and follow all of it; StoreError where it cannot be reached."""
        self.address, self.lake = address, Lake(address)
        self._following, self._snapshot, self._looked = threading.Lock(), -1, 0.0
        self._known = dict.fromkeys(sorted(set(columns()) - OWN), 0)
        self._passing: tempfile.TemporaryDirectory[str] | None = None
        if not self._goes_on():
            self._passing = tempfile.TemporaryDirectory(prefix="budget-", ignore_cleanup_errors=True)
            super().__init__(Path(self._passing.name) / "monitor.duckdb")
        self.home = address.home
        self.writing, self.previewing = Turn(self.lake, self.follow), threading.RLock()
        self.follow()

    def _goes_on(self) -> bool:
        """Whether this process has a database that it leaves to the next, and goes on with where it is of use.

        Processes at work at the same time have one each.
        """
        if not (folder := os.environ.get(COPY)):
            return False
        name = self.address.mark.read_text(encoding="utf-8")
        return any(self._has(Path(folder).resolve() / f"{name}-{number}.duckdb") for number in range(AT_ONCE))

    def _has(self, path: Path) -> bool:
        """Whether the database at a path is this process's now; not where another has it. One that is of no use is begun anew."""
        for _ in range(2):
            try:
                super().__init__(path)
            except StoreError as error:
                if error.code == "store.held":
                    return False
            else:
                if self._agrees():
                    return True
                self._let_go()
            for left in (path, path.with_name(f"{path.name}.wal")):
                left.unlink(missing_ok=True)
        return False

    def _agrees(self) -> bool:
        """Whether the rows that are here already are the first ones of the lake, by the chains of acts and audit; they count as known."""
        with super().cursor() as cursor:
            known = {table: cursor.execute(f"select count(*) from {table}").fetchone()[0] for table in self._known}
            ends = {table: cursor.execute(f"select hash from {table} order by rowid desc limit 1").fetchone() for table in CHAINS}
        heads = self.lake.heads()[1]
        if any(count > heads.get(table, 0) for table, count in known.items()):
            return False
        with self.lake.asked() as cursor:
            for table, end in ends.items():
                found = cursor.execute(f"select hash from lake.{table} where rowid = $row", {"row": known[table] - 1}).fetchone()
                if found != end:
                    return False
        self._known = known
        return True

    def follow(self) -> None:
        """Take over what the lake has and this process has not yet."""
        with self._following:
            self._follow()

    def _look(self) -> None:
        """Follow the lake where the last look is not fresh, unless this process acts: then nobody else does."""
        if self._is_stale():
            with self._following:
                # Others may have looked while this one waited.
                if self._is_stale():
                    self._follow()

    def _is_stale(self) -> bool:
        return not self.writing.is_ours and time.monotonic() - self._looked > FRESH

    def _follow(self) -> None:
        looked = time.monotonic()
        snapshot, heads = self.lake.heads()
        if snapshot != self._snapshot:
            grown = {table: heads.get(table, 0) for table, known in self._known.items() if heads.get(table, 0) != known}
            self._take_over(grown)
            self._known |= grown
            self._snapshot = snapshot
            self._forget()
        self._looked = looked

    def _take_over(self, grown: dict[str, int]) -> None:
        """Add the rows of these tables up to these numbers, in one transaction, and bring the verdicts up to date."""
        with super().cursor() as cursor, self.lake.reading() as rows:
            acts = self._known["acts"]
            cursor.execute("begin")
            try:
                for table, end in grown.items():
                    _add(cursor, table, rows(table, self._known[table], end), end)
                done = cursor.execute("select verb, act, batch from acts where act > $known order by act", {"known": acts}).fetchall()
                deriving.refresh(cursor, [Done(*row) for row in done])
                cursor.execute("commit")
            except BaseException:
                roll_back(cursor)
                raise

    def cursor(self, units: Any = None) -> AbstractContextManager[Cursor]:
        """A cursor that sees what the lake has."""
        self._look()
        return super().cursor(units)

    def ask(self, question: str, facts: dict[str, Any] | None = None, units: Any = None) -> Rows:
        """The answer's rows, of what the lake has."""
        self._look()
        return super().ask(question, facts, units)

    def _commit(self, cursor: Cursor) -> None:
        """Publish what a transaction has added to the store; this process takes it over from there as every other does."""
        added = {}
        for table, known in self._known.items():
            name = real(cursor, table)
            if cursor.execute(f"select count(*) from {name}").fetchone()[0] > known:
                added[table] = partial(_rows, cursor, f"select * from {name} where rowid >= {known} order by rowid")
        if added:
            self.lake.publish(self._snapshot, added)
        cursor.execute("rollback")
        if added:
            try:
                self.follow()
            except StoreError as error:
                # What was published stands; journal and readers make up for it with the next word that the lake answers.
                raise StoreError("store.journal_late") from error

    def _forget(self) -> None:
        """Drop every answer, and look at the lake again before the next: an act may be in it though it was interrupted here."""
        super()._forget()
        self._looked = 0.0

    def differing(self) -> list[str]:
        """The tables of which this process does not have just what the lake has; for whoever has the turn to act."""
        told = self.lake.sums()
        with self.cursor() as cursor:
            return [table for table, names in columns().items() if table in told and control.sum_of(cursor, table, names) != told[table]]

    def close(self) -> None:
        """Let go of the lake and of this process's database."""
        super().close()
        self.lake.close()
        if self._passing:
            self._passing.cleanup()
        with _OPENING:
            _OPEN.pop(self.address, None)


def _add(cursor: Cursor, table: str, rows: Any, end: int) -> None:
    """Add rows to a table, so many as it has then; StoreError where the lake has other rows than those that were followed."""
    cursor.register("added", rows)
    cursor.execute(f"insert into {table} by name from added")
    cursor.unregister("added")
    if cursor.execute(f"select count(*) from {table}").fetchone()[0] != end:
        raise StoreError("store.lake_differs", table=table)


def _rows(cursor: Cursor, question: str) -> Any:
    return cursor.execute(question).to_arrow_reader(ROWS_AT_ONCE)


_OPEN: dict[Address, Shared] = {}
_OPENING = threading.Lock()


def open_place(place: Place | None) -> Store:
    """The process's one store at a place, opened on the first call."""
    if not isinstance(place, Address):
        return open_store(place)
    with _OPENING:
        if place not in _OPEN:
            _OPEN[place] = Shared(place)
        return _OPEN[place]
