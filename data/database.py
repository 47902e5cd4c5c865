"""The store: opening it, asking it, changing it in one transaction; the only door to duckdb."""

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from data import checksums, macros
from data.dressing import dress, set_clock
from data.kept import Kept, is_about_now
from data.narrow import Unlimited, narrow, real
from data.opening import SETTINGS, closed, copy, is_full, is_spent, memory, shut, work_path
from data.remembered import Remembered
from data.resting import State
from data.tables import COLUMNS, SCHEMA, lacking, lay_out

HERE = Path(__file__).parent
DEFAULT_STORE = HERE / "monitor.duckdb"
WAIT_SECONDS, REVIVALS = 20, 40
# So many questions are looked for at once: planning them takes a processor each, and each more keeps tables of its own.
AT_ONCE = max(2, os.cpu_count() or 1)
Rows = list[dict[str, Any]]
Cursor = duckdb.DuckDBPyConnection


class StoreError(Exception):
    """The store cannot be used; `code` names the sentence in words.csv."""

    def __init__(self, code: str, **facts: Any) -> None:
        """Keep the code and what the sentence names."""
        super().__init__(code)
        self.code, self.facts = code, facts


@contextmanager
def settled(cursor: Cursor, **tables: str) -> Iterator[None]:
    """Let views (NAME_on=TABLE) answer from tables that hold what they say now, until this ends.

    Views are macros, written out anew in every question: what rests on a view that is asked once is planned and run once.
    """
    try:
        for name, table in tables.items():
            cursor.execute(macros.answering_from(table, name))
        yield
    finally:
        # After an error the cursor is closed with its macros, and may refuse.
        with suppress(duckdb.Error):
            for name in tables:
                cursor.execute(macros.text_of(name))


Units = frozenset[str] | None


@contextmanager
def _lent(idle: list[Any], make: Callable[[], Any]) -> Iterator[Any]:
    """One that is idle, or a new one, to one caller at a time; after an interruption it is closed."""
    try:
        one = idle.pop()
    except IndexError:
        one = make()
    try:
        yield one
    except BaseException:
        one.close()
        raise
    idle.append(one)


class Store(Unlimited):
    """One open database with its journal and kept files; one connection, a cursor per call.

    `kept` holds the files of a store in memory, `journaled` and `anchored` the newest act and audit row in the journal,
    `followed` how many of its bytes are known.
    Beside `home` lie the journal and the kept files. `writing` is held by whoever acts, `previewing` by who tries what an act would do.
    """

    # Whether other programs write into the journal, too; then what acts change is worked out by each reader.
    is_shared = False

    def __init__(self, path: Path | None) -> None:
        """Open a file, made where there is none, or a store in memory for None; StoreError if held or damaged."""
        self.path = self.home = path
        self.writing = self.previewing = threading.RLock()
        self._idle: dict[Units, list[Cursor]] = {}
        self._keeping: dict[Units, list[Kept]] = {}
        self._remembered, self._state = Remembered(), State()
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._reviving, self._is_closed = threading.Lock(), False
        self.journaled = self.anchored = self.followed = 0
        self.kept: dict[str, bytes] = {}
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        # Looked at first: a program that closes a file loses every lock that it has on it, the database's, too.
        is_broken = path is not None and path.exists() and next(checksums.broken(path), None) is not None
        try:
            self._connection = _connected(path)
        except duckdb.Error as error:
            raise StoreError(closed(error), store=path.name if path else "") from error
        try:
            if is_broken:
                raise StoreError("store.damaged", store=path.name if path else "")
            _lay_out(self)
            self._forget()
        except BaseException as error:
            self._connection.close()
            if isinstance(error, duckdb.Error):
                raise StoreError("store.damaged", store=path.name if path else "") from error
            raise

    @contextmanager
    def cursor(self, units: Units = None) -> Iterator[Cursor]:
        """A cursor with the views installed, given back afterwards; never shared by two threads. It sees these units' rows alone.

        StoreError where the disk is full or may not be written.
        """
        with self._revived(), _lent(self._idle.setdefault(units, []), lambda: self._dressed(units)) as cursor:
            yield cursor

    @contextmanager
    def _revived(self) -> Iterator[None]:
        """Open the file anew where the database has given up, as it does after a disk was full; what was committed is there."""
        opened = self._connection
        try:
            yield
        except duckdb.Error as error:
            if self.path and not self._is_closed and is_spent(error):
                self._revive(opened)
                raise StoreError("store.reopened") from error
            if is_full(error):
                raise StoreError("store.full") from error
            raise

    def _revive(self, spent: Any) -> None:
        with self._reviving:
            if self._connection is not spent:
                return
            self._let_go()
            # Others who were asking find out at their next statement, and let go of the file as well.
            for _ in range(REVIVALS):
                with suppress(duckdb.Error):
                    self._connection = _connected(self.path)
                    self._forget()
                    return
                time.sleep(WAIT_SECONDS / REVIVALS)

    def _bare(self, units: Units) -> Cursor:
        cursor = self._connection.cursor()
        if units is not None:
            narrow(cursor, units)
        set_clock(cursor)
        return cursor

    def _dressed(self, units: Units) -> Cursor:
        cursor = self._bare(units)
        dress(cursor)
        return cursor

    @contextmanager
    def transaction(self, keep: bool = True) -> Iterator[Cursor]:
        """A cursor in one transaction, alone among writers; rolled back on any interruption or if not to keep."""
        alone = self.writing if keep else self.previewing
        if not alone.acquire(timeout=WAIT_SECONDS):
            raise StoreError("store.busy")
        try:
            with self.cursor() as cursor:
                cursor.execute("begin")
                try:
                    yield cursor
                    self._commit(cursor) if keep else cursor.execute("rollback")
                except BaseException:
                    roll_back(cursor)
                    raise
                finally:
                    # An interruption may come after the commit, too.
                    if keep:
                        self._forget()
        finally:
            alone.release()

    def _commit(self, cursor: Cursor) -> None:
        """Make what a transaction has done last."""
        cursor.execute("commit")

    def ask(self, question: str, facts: dict[str, Any] | None = None, units: Units = None) -> Rows:
        """The answer's rows as dictionaries; money as Decimal, months as int.

        The same question is answered from memory until something changes that it rests on; the process is the file's only writer.
        """
        # A commit puts a new state in place, so that what was answered before it is not taken for an answer after it.
        state = self._state
        key = (units, question, tuple(sorted((facts or {}).items())))

        def find() -> Rows:
            return self._asked(question, facts, units)

        try:
            known = self._remembered.answer(key, state.of(question), find)
        except StoreError:
            # A question writes nothing. What could not be written beside it (a copy, the file itself) is over when the writer is.
            with self.writing:
                known = find()
        return [dict(row) for row in known]

    def _asked(self, question: str, facts: dict[str, Any] | None, units: Units) -> Rows:
        if is_about_now(facts):
            keeping = self._keeping.setdefault(units, [])
            with self._revived(), self._places, _lent(keeping, lambda: Kept(self._bare(units))) as keeper:
                return keeper.ask(question, lambda cursor: ask(cursor, question, facts), self._state)
        with self.cursor(units) as cursor:
            return ask(cursor, question, facts)

    def forget(self) -> None:
        """Drop every answer, as if nothing had been asked yet."""
        self._remembered.clear()

    def _forget(self) -> None:
        """See how far a commit has brought the store: answers to what it may have changed are good no more."""
        # Until the store has been looked at, none is.
        self._state = State()
        with suppress(duckdb.Error), self._connection.cursor() as cursor:
            self._state = State(cursor)

    def close(self) -> None:
        """Let go of the file; what was committed stays."""
        self._is_closed = True
        self._let_go()
        with _OPENING:
            _STORES.pop(self.path, None)

    def _let_go(self) -> None:
        """Close the connection and every cursor that is idle."""
        for idle in (idle for pool in (self._idle, self._keeping) for idle in pool.values()):
            while idle:
                idle.pop().close()
        self._connection.close()


def _connected(path: Path | None) -> Cursor:
    """The database of a file, or one in memory, with every way out of it shut."""
    connection = duckdb.connect(str(path) if path else ":memory:", config=SETTINGS | {"memory_limit": memory(path)})
    shut(connection, work_path(path) if path else None)
    return connection


def copy_to(store: "Store", target: Path) -> None:
    """Write a copy of the store's database to a file of its work folder, as it stands between two acts; StoreError on a full disk."""
    with store.writing, store._revived(), store._connection.cursor() as cursor:
        copy(cursor, target)


def _lay_out(store: "Store") -> None:
    """Make the tables, and add to those of an older store what it lacks; a copy of it is made first, and what is stored stays as it is.

    StoreError for a store that a newer program has written.
    """
    connection = store._connection
    known = {(table, name) for table, name, _ in connection.execute(COLUMNS).fetchall()}
    version = _version(connection) if ("versions", "version") in known else 0
    if version > SCHEMA:
        raise StoreError("store.newer", schema=version, ours=SCHEMA)
    if not lacking(known) and version == SCHEMA:
        return
    if known and store.path:
        copy_to(store, work_path(store.path) / f"before-{SCHEMA}-{datetime.now():%Y%m%d-%H%M%S-%f}.duckdb")
    lay_out(connection, known, version)


def _version(connection: Cursor) -> int:
    return connection.execute("select coalesce(max(version), 0) from versions").fetchone()[0]


def roll_back(cursor: Cursor) -> None:
    """Undo what a cursor's transaction has done, if it is still in one."""
    # A failed commit has already ended the transaction.
    with suppress(duckdb.Error):
        cursor.execute("rollback")


def ask(cursor: Cursor, question: str, facts: dict[str, Any] | None = None) -> Rows:
    """The rows that a cursor answers, as dictionaries; `facts` are the named parameters."""
    cursor.execute(question, facts) if facts else cursor.execute(question)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


_ARROW = {"INTEGER": pa.int32(), "VARCHAR": pa.string(), "BOOLEAN": pa.bool_(), "DATE": pa.date32(), "TIMESTAMP": pa.timestamp("us")}


def append(cursor: Cursor, table: str, rows: Sequence[dict[str, Any]] | pa.Table) -> None:
    """Add rows to a table by column name; a column that a row lacks is null, one that it has too many is passed over."""
    if isinstance(rows, pa.Table):
        cursor.register("added", rows)
        cursor.execute(f"insert into {real(cursor, table)} by name from added")
        cursor.unregister("added")
        return
    if not rows:
        return
    table = real(cursor, table)
    cursor.execute(f"describe {table}")
    columns = [(row[0], row[1]) for row in cursor.fetchall()]
    arrays = [pa.array([row.get(name) for row in rows], type=_arrow(kind)) for name, kind in columns]
    cursor.register("added", pa.Table.from_arrays(arrays, names=[name for name, _ in columns]))
    cursor.execute(f"insert into {table} select * from added")
    cursor.unregister("added")


def _arrow(kind: str) -> pa.DataType:
    if kind.startswith("DECIMAL"):
        width, scale = kind[8:-1].split(",")
        return pa.decimal128(int(width), int(scale))
    return _ARROW[kind]


_STORES: dict[Path | None, Store] = {}
_OPENING = threading.Lock()


def open_store(path: Path | None = DEFAULT_STORE) -> Store:
    """The process's one store at a path, opened on the first call."""
    key = path.resolve() if path else None
    with _OPENING:
        if key not in _STORES:
            _STORES[key] = Store(key)
        return _STORES[key]
