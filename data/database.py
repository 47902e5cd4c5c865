"""The store: opening it, asking it, changing it in one transaction; the only door to duckdb."""

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

HERE = Path(__file__).parent
DEFAULT_STORE = HERE / "monitor.duckdb"
SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "enable_external_access": "false",
    "lock_configuration": "true",
}
LEAST_MEMORY, MOST_MEMORY, TIMES_OF_STORE = 96, 2048, 4
MEGABYTE = 2**20
WAIT_SECONDS = 20
MOST_ANSWERS, MOST_ROWS = 500, 2000
Rows = list[dict[str, Any]]
Cursor = duckdb.DuckDBPyConnection


class StoreError(Exception):
    """The store cannot be used; `code` names the sentence in words.csv."""

    def __init__(self, code: str, **facts: Any) -> None:
        """Keep the code and what the sentence names."""
        super().__init__(code)
        self.code, self.facts = code, facts


@cache
def _views() -> tuple[str, ...]:
    """The macros of data/views in the order of their names."""
    return tuple(path.read_text(encoding="utf-8") for path in sorted((HERE / "views").glob("*.sql")))


@cache
def _view(name: str) -> tuple[str, str]:
    """The parameters of a macro of data/views, and the file that makes it."""
    for text in _views():
        if found := re.search(rf"create or replace temp macro {name}\(([^)]*)\) as table", text):
            return found[1], text
    raise KeyError(name)


@contextmanager
def settled(cursor: Cursor, **tables: str) -> Iterator[None]:
    """Let views (NAME_on=TABLE) answer from tables that hold what they say now, until this ends.

    Views are macros, written out anew in every question: what rests on a view that is asked once is planned and run once.
    """
    try:
        for name, table in tables.items():
            cursor.execute(f"create or replace temp macro {name}({_view(name)[0]}) as table from {table}")
        yield
    finally:
        # After an error the cursor is closed with its macros, and may refuse.
        with suppress(duckdb.Error):
            for name in tables:
                cursor.execute(_view(name)[1])


class Store:
    """One open database with its journal and kept files; one connection, a cursor per call.

    `kept` holds the files of a store in memory, `journaled` the newest act in the journal.
    """

    def __init__(self, path: Path | None) -> None:
        """Open a file, made where there is none, or a store in memory for None; StoreError if held or damaged."""
        self.path = path
        self.writing = threading.RLock()
        self._idle: list[Cursor] = []
        self._answers: dict[Any, Rows] = {}
        self.journaled = 0
        self.kept: dict[str, bytes] = {}
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = duckdb.connect(str(path) if path else ":memory:", config=SETTINGS | {"memory_limit": _memory(path)})
        except duckdb.IOException as error:
            held = "lock" in str(error).lower()
            raise StoreError("store.held" if held else "store.damaged", store=path.name if path else "") from error
        except duckdb.Error as error:
            raise StoreError("store.damaged", store=path.name if path else "") from error
        _lay_out(self._connection)

    @contextmanager
    def cursor(self) -> Iterator[Cursor]:
        """A cursor with the views installed, given back afterwards; never shared by two threads."""
        try:
            cursor = self._idle.pop()
        except IndexError:
            cursor = self._connection.cursor()
            ahead = datetime.now().astimezone().utcoffset() or timedelta()
            cursor.execute(f"set variable seconds_ahead_of_utc = {int(ahead.total_seconds())}")
            for view in _views():
                cursor.execute(view)
        try:
            yield cursor
        except BaseException:
            cursor.close()
            raise
        self._idle.append(cursor)

    @contextmanager
    def transaction(self, keep: bool = True) -> Iterator[Cursor]:
        """A cursor in one transaction, alone among writers; rolled back on any interruption or if not to keep."""
        if not self.writing.acquire(timeout=WAIT_SECONDS):
            raise StoreError("store.busy")
        try:
            with self.cursor() as cursor:
                cursor.execute("begin")
                try:
                    yield cursor
                    cursor.execute("commit" if keep else "rollback")
                except BaseException:
                    _roll_back(cursor)
                    raise
                finally:
                    # An interruption may come after the commit, too.
                    if keep:
                        self._forget()
        finally:
            self.writing.release()

    def ask(self, question: str, facts: dict[str, Any] | None = None) -> Rows:
        """The answer's rows as dictionaries; money as Decimal, months as int.

        The same question is answered from memory until the next commit; the process is the file's only writer.
        """
        key = (question, tuple(sorted((facts or {}).items())))
        # A commit puts a new dictionary in place, so an answer from before it cannot get into the new one.
        answers = self._answers
        known = answers.get(key)
        if known is None:
            with self.cursor() as cursor:
                known = ask(cursor, question, facts)
            if len(answers) < MOST_ANSWERS and len(known) <= MOST_ROWS:
                answers[key] = known
        return [dict(row) for row in known]

    def _forget(self) -> None:
        """Drop every answer that a commit may have changed."""
        self._answers = {}

    def close(self) -> None:
        """Let go of the file; what was committed stays."""
        for cursor in self._idle:
            cursor.close()
        self._connection.close()
        with _OPENING:
            _STORES.pop(self.path, None)


def _memory(path: Path | None) -> str:
    """How much memory the store may take, in proportion to its file; beyond it a folder beside the file is used."""
    if path is None:
        return f"{MOST_MEMORY}MB"
    size = path.stat().st_size if path.exists() else 0
    return f"{min(MOST_MEMORY, max(LEAST_MEMORY, TIMES_OF_STORE * size // MEGABYTE))}MB"


def _lay_out(connection: Cursor) -> None:
    """Make the tables, and add to those of an older store the columns that it lacks; what is stored stays as it is."""
    schema = (HERE / "schema.sql").read_text(encoding="utf-8")
    connection.execute(schema)
    columns = "select table_name, column_name, data_type from duckdb_columns() where not internal order by table_name, column_index"
    known = {(table, column) for table, column, _ in connection.execute(columns).fetchall()}
    with duckdb.connect(":memory:") as wanted:
        wanted.execute(schema)
        for table, column, kind in wanted.execute(columns).fetchall():
            if (table, column) not in known:
                connection.execute(f"alter table {table} add column {column} {kind}")


def _roll_back(cursor: Cursor) -> None:
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
        cursor.execute(f"insert into {table} by name from added")
        cursor.unregister("added")
        return
    if not rows:
        return
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
