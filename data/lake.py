"""A DuckLake: facts as files in a folder that several machines see, their catalogue in PostgreSQL; the one door to both."""

import importlib.util
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from data import control, derived
from data.addresses import Address
from data.database import Cursor, Rows, StoreError, ask
from data.opening import SETTINGS, quoted, shut
from data.tables import SCHEMA, columns, lacking, lay_out

EXTENSIONS = ("ducklake", "postgres_scanner")
# What is derived is made by each reader; which version of the tables a database has is its own matter.
OWN = frozenset({*derived.TABLES, "versions"})
# The catalogue's schema in its database, and the numbers of the locks under which one process at a time acts, or makes the catalogue.
CATALOGUE, TURN, ATTACHING = "budget", 20_260_101, 20_260_102
# So many rows of a commit go into the catalogue, and are as durable as it is; more become a file.
INLINED = 500
ROWS_AT_ONCE = 100_000
# A commit stands on the snapshot that its act was judged against: on another one nothing is tried again.
RETRIES = 0


class Lake:
    """One process's way to a lake: what it holds, the turn to act, what acts add, its upkeep.

    StoreError where catalogue, folder or extensions are not there; the next call reaches for them anew.
    """

    def __init__(self, address: Address) -> None:
        """Reach the lake, made where there is none."""
        self.address = address
        self._connection: Cursor | None = None
        turn = self.take_turn(LAYING_OUT)
        try:
            with self.asked() as cursor:
                _belong(cursor, address)
                _lay_out(cursor)
        finally:
            self.give_turn(turn)

    def cursor(self) -> Cursor:
        """A cursor of the lake, which is reached anew where the last word with it failed."""
        if self._connection is None:
            self._connection = _connected(self.address)
        return self._connection.cursor()

    @contextmanager
    def asked(self) -> Iterator[Cursor]:
        """A cursor for one word with the lake."""
        try:
            with self.cursor() as cursor:
                yield cursor
        except duckdb.Error as error:
            if (why := _why(error)) == LOST:
                self.close()
            raise StoreError(why, store=self.address.name) from error

    def _at_last(self, word: Callable[[Cursor], Any]) -> Any:
        """The answer to a word that changes nothing, said again where the first try finds the connection gone."""
        for is_last in (False, True):
            try:
                with self.asked() as cursor:
                    return word(cursor)
            except StoreError as error:
                if is_last or error.code != LOST:
                    raise
        return None

    def take_turn(self, seconds: float) -> Cursor:
        """The turn to act, a transaction that keeps it until it ends; StoreError where others keep it for so long.

        It is a lock of PostgreSQL's own, so that a process that dies gives it back.
        """
        # A cursor of the connection's: one of a cursor's would be closed with it.
        return self._at_last(lambda _: _locked(self.cursor(), TURN, seconds))

    def give_turn(self, turn: Cursor) -> None:
        """Give the turn back; whoever has lost it meanwhile is told by the commit, which stands on one snapshot alone."""
        with suppress(duckdb.Error):
            turn.execute("commit")
        turn.close()

    def heads(self) -> tuple[int, dict[str, int]]:
        """The newest snapshot, and how many rows each table has in it."""
        rows = self._at_last(lambda cursor: cursor.execute(f"from postgres_query('door', {quoted(_HEADS)})").fetchall())
        return rows[0][0], {name: count for _, name, count in rows if name is not None}

    @contextmanager
    def reading(self) -> Iterator[Callable[[str, int, int], Any]]:
        """Who tells the rows of a table from one number up to another, in the order in which they came, piece by piece."""
        with self.asked() as cursor:
            # In one transaction the catalogue is asked once for all tables.
            cursor.execute("begin")

            def rows(table: str, first: int, end: int) -> Any:
                span = {"first": first, "end": end}
                cursor.execute(f"select * from lake.{table} where rowid >= $first and rowid < $end order by rowid", span)
                return cursor.to_arrow_reader(ROWS_AT_ONCE)

            yield rows

    def publish(self, base: int, added: dict[str, Callable[[], Any]]) -> None:
        """Add rows to tables in one commit that stands on the snapshot `base` and on no other; they are on the disk when this ends."""
        with self.asked() as cursor:
            cursor.execute("begin")
            if cursor.execute("select id from lake.current_snapshot()").fetchone()[0] != base:
                raise StoreError("store.busy")
            with self._durable(added):
                for table, rows in added.items():
                    cursor.register("added", rows())
                    cursor.execute(f"insert into lake.{table} by name from added")
                    cursor.unregister("added")
            cursor.execute("commit")

    @contextmanager
    def _durable(self, names: Iterable[str]) -> Iterator[None]:
        """Have the files of these tables that are written meanwhile on the disk when this ends, for the commit to rest on."""
        before = self._files(names)
        yield
        for path in self._files(names) - before:
            _sync(path)

    def _files(self, names: Iterable[str]) -> set[Path]:
        folders = [self.address.files / "main" / table for table in names]
        return {path for folder in folders if folder.is_dir() for path in folder.iterdir()}

    def sums(self) -> dict[str, dict[str, Any]]:
        """By table the number of rows and a sum over every cell."""
        with self.asked() as cursor:
            return {table: control.sum_of(cursor, f"lake.{table}", names) for table, names in columns().items() if table not in OWN}

    def snapshots(self) -> Rows:
        """Every state that the lake can still show, the newest first: its number, and when it came (UTC)."""
        question = "select snapshot_id as snapshot, snapshot_time::timestamp as recorded_at from ducklake_snapshots('lake')"
        with self.asked() as cursor:
            return ask(cursor, f"{question} order by snapshot_id desc")

    def size(self) -> dict[str, int]:
        """How many files hold the lake, and how many bytes."""
        found = "select coalesce(sum(file_count), 0)::bigint as files, coalesce(sum(file_size_bytes), 0)::bigint as bytes"
        with self.asked() as cursor:
            return ask(cursor, f"{found} from ducklake_table_info('lake')")[0]

    def compact(self) -> None:
        """Put the rows that the catalogue holds into files, and small files together; no fact changes."""
        with self.asked() as cursor:
            for call in ("ducklake_flush_inlined_data", "ducklake_merge_adjacent_files"):
                cursor.execute("begin")
                with self._durable(columns()):
                    cursor.execute(f"call {call}('lake')").fetchall()
                cursor.execute("commit")

    def clean(self, days: int) -> int:
        """Forget the snapshots older than so many days, and remove the files that none needs: how many. Every fact stays."""
        older = quoted(f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%d %H:%M:%S.%f}+00")
        with self.asked() as cursor:
            cursor.execute(f"call ducklake_expire_snapshots('lake', older_than => {older})")
            calls = ("ducklake_cleanup_old_files", "ducklake_delete_orphaned_files")
            return sum(len(cursor.execute(f"call {call}('lake', older_than => {older})").fetchall()) for call in calls)

    def close(self) -> None:
        """Let go of the lake."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


LAYING_OUT = 60
LOST = "store.no_catalogue"
_HEADS = f"""
    select newest, table_name, next_row_id
    from (select max(snapshot_id) as newest from {CATALOGUE}.ducklake_snapshot) as heads
    left join ({CATALOGUE}.ducklake_table join {CATALOGUE}.ducklake_table_stats using (table_id)) on end_snapshot is null"""


def _connected(address: Address) -> Cursor:
    """A database in memory with the lake and the catalogue's door attached, and every other way out of it shut."""
    spilled = str(Path(tempfile.gettempdir()) / f"budget-lake-{os.getpid()}")
    connection = duckdb.connect(":memory:", config=SETTINGS | {"memory_limit": "512MB", "temp_directory": spilled})
    try:
        for name in EXTENSIONS:
            connection.execute(f"load {quoted(_extension(name))}")
        connection.execute(f"set ducklake_max_retry_count = {RETRIES}")
        address.files.mkdir(parents=True, exist_ok=True)
        options = f"override_data_path true, metadata_schema '{CATALOGUE}', data_inlining_row_limit {INLINED}"
        connection.execute(f"attach {quoted(address.catalogue)} as door (type postgres)")
        # Whoever comes first makes the catalogue, which two cannot do at once.
        with _locked(connection.cursor(), ATTACHING, LAYING_OUT):
            connection.execute(f"attach {quoted(address.setting)} as lake (data_path {quoted(address.files)}, {options})")
        shut(connection, address.files)
    except BaseException:
        connection.close()
        raise
    return connection


def _locked(cursor: Cursor, number: int, seconds: float) -> Cursor:
    """The cursor in a transaction that holds a lock of PostgreSQL's until it ends; an error of the database after so many seconds."""
    try:
        cursor.execute("begin")
        cursor.execute(f"call postgres_execute('door', 'set local lock_timeout = {max(1, int(seconds * 1000))}')")
        cursor.execute(f"from postgres_query('door', 'select pg_advisory_xact_lock({number})::text')").fetchall()
    except BaseException:
        cursor.close()
        raise
    return cursor


def _extension(name: str) -> Path:
    """The file of an extension where its wheel has put it."""
    found = importlib.util.find_spec(f"duckdb_extension_{name}")
    if found is None or not found.submodule_search_locations:
        raise StoreError("store.no_extension", name=name)
    return Path(found.submodule_search_locations[0]) / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"


def _belong(cursor: Cursor, address: Address) -> None:
    """Mark the folder of a new lake as its own; StoreError where the folder is another's."""
    own = cursor.execute(f"from postgres_query('door', 'select schema_uuid::text from {CATALOGUE}.ducklake_schema')").fetchone()[0]
    if not cursor.execute("select count(*) from duckdb_tables() where database_name = 'lake'").fetchone()[0]:
        address.mark.write_text(own, encoding="utf-8")
        _sync(address.mark)
    elif not address.mark.exists() or address.mark.read_text(encoding="utf-8") != own:
        raise StoreError("store.other_folder", folder=address.name, mark=address.mark.name)


def _lay_out(cursor: Cursor) -> None:
    """Make the tables, and add to those of an older version what they lack; StoreError for those of a newer program."""
    there = set(cursor.execute("select table_name, column_name from duckdb_columns() where database_name = 'lake'").fetchall())
    version = cursor.execute("select coalesce(max(version), 0) from lake.versions").fetchone()[0] if there else 0
    if version > SCHEMA:
        raise StoreError("store.newer", schema=version, ours=SCHEMA)
    if not lacking(there) and version == SCHEMA:
        return
    cursor.execute("use lake")
    lay_out(cursor, there, version)
    cursor.execute("use memory")


def _why(error: duckdb.Error) -> str:
    """The sentence for what went wrong between this process and the lake."""
    told = str(error).lower()
    return "store.busy" if "lock timeout" in told or "maximum retry count" in told else LOST


def _sync(path: Path) -> None:
    """Have a file and its name on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    with suppress(OSError):
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
