"""What was acknowledged is there after a kill and after a full disk; the database can reach nothing but itself."""

import os
import pickle
import resource
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from drawn import end_of, new_store, pay

from data import audit, database, journal, keeper, opening
from data.database import StoreError, open_store
from data.opening import work_path
from loaders import packed
from loaders.apart import read_apart
from loaders.packed import Packed
from pages import opened
from tests.proofs.__main__ import PROOFS

HERE = Path(__file__).resolve().parent.parent
LONG = os.environ.get("BUDGET_PROOFS") == "long"
SHORT = ("kills", "disk", "permissions", "model")


@pytest.mark.timeout(0 if LONG else 600)
@pytest.mark.parametrize("names", [(name,) for name in PROOFS] if LONG else [SHORT], ids=" ".join)
def test_a_proof_finds_nothing_lost(names):
    """In a process of its own, which forks what it harms; the short ones in one, which loads all that they need once."""
    short = [] if LONG else ["--short", "--longest", "6"]
    told = subprocess.run([sys.executable, "-m", "tests.proofs", *names, *short], cwd=HERE, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


ESCAPES = [
    "select * from read_csv('/etc/passwd')",
    "select * from read_text('/etc/passwd')",
    "select * from glob('/*')",
    "copy acts to '/tmp/outside.csv'",
    "attach '/tmp/outside.duckdb' as other",
    "attach '{work}/../other.duckdb' as other",
    "export database '/tmp/outside'",
    "install httpfs",
    "load httpfs",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "set memory_limit = '90GB'",
    "set allowed_directories = ['/']",
    "reset memory_limit",
    "pragma enable_external_access",
    "select * from '/etc/passwd'",
]


@pytest.mark.parametrize("escape", ESCAPES)
@pytest.mark.parametrize("place", ["file", "memory"])
def test_no_statement_reaches_out_of_the_database_or_changes_its_settings(tmp_path_factory, place, escape):
    path = tmp_path_factory.getbasetemp() / "shut" / "monitor.duckdb" if place == "file" else None
    store = open_store(path)
    with pytest.raises(duckdb.Error), store.cursor() as cursor:
        cursor.execute(escape.format(work=work_path(path) if path else "/tmp"))


def test_the_database_keeps_within_its_memory_and_its_room_for_spilling():
    with open_store(None).cursor() as cursor:
        told = cursor.execute("select current_setting('memory_limit'), current_setting('max_temp_directory_size')").fetchone()
    assert told == ("1.9 GiB", "3.7 GiB")


@contextmanager
def at_most(size):
    """Let no file of this process, or of one that it begins, grow beyond so many bytes, as on a disk that is full from there on."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [100, 30_000, 1_000_000])
def test_a_backup_that_finds_no_room_is_refused_with_a_sentence_and_the_next_one_is_made(tmp_path, size):
    store = new_store(path=tmp_path / "monitor.duckdb")
    with keeper.answering(lambda: store):
        with pytest.raises(StoreError, match="store.full"), at_most(size):
            keeper.ask(store.path, "backup", "test")
        assert keeper.ask(store.path, "backup", "test")[1].exists()
    store.close()


def test_whoever_asks_the_server_is_answered_although_the_one_before_met_a_fault(tmp_path, monkeypatch):
    store = new_store(path=tmp_path / "monitor.duckdb")
    with keeper.answering(lambda: store):
        with monkeypatch.context() as patched, pytest.raises(StoreError, match="store.failed"):
            patched.setitem(keeper.VERBS, "doctor", lambda *_: 1 / 0)
            keeper.ask(store.path, "doctor", "test")
        with monkeypatch.context() as patched, pytest.raises(StoreError, match="store.full"), at_most(1000):
            patched.setitem(keeper.VERBS, "doctor", lambda *_: {"faults": ["an answer without room"] * 100})
            keeper.ask(store.path, "doctor", "test")
        # As left behind by a server that was killed in the midst of it.
        left = work_path(store.path) / "left.taken"
        left.touch()
        assert keeper.ask(store.path, "doctor", "test")[0] == {"faults": []} and not left.exists()
    store.close()


def test_a_reading_that_finds_no_room_is_no_fault_of_the_file():
    content = "项目编码,月份,支出金额\nP1,2025-03,12.50\n".encode()
    with at_most(1000), pytest.raises(OSError, match="No space left"):
        read_apart(content)
    assert read_apart(content).size == 1


def test_rows_that_find_no_room_are_no_fault_of_the_file_either(monkeypatch):
    monkeypatch.setattr(packed, "MOST_IN_MEMORY", 100)
    table = pa.table({"number": range(1000)})
    content = pickle.dumps(Packed(table))
    with at_most(1000), pytest.raises(OSError, match="File too large"):
        Packed(table)
    with at_most(1000), pytest.raises(OSError, match="File too large"):
        pickle.loads(content)
    assert pickle.loads(content).to_reader().read_all() == table


def test_a_question_is_asked_again_where_what_was_written_beside_it_failed(tmp_path, monkeypatch):
    """As while a copy of the store meets a full disk: the database then refuses to look at anything."""
    store = new_store(path=tmp_path / "monitor.duckdb")
    ask, asked = database.ask, []

    def failing(*arguments):
        asked.append(arguments)
        if len(asked) == 1:
            raise duckdb.IOException('IO Error: Could not write file "copy.duckdb": No space left on device')
        return ask(*arguments)

    monkeypatch.setattr(database, "ask", failing)
    assert [row["year"] for row in store.ask("select distinct fiscal_year as year from plans_on(null)")] == [2025]
    assert len(asked) == 2
    store.close()


@pytest.mark.parametrize("place", ["keep", "journal"])
def test_a_folder_that_may_not_be_written_leaves_the_old_state_and_goes_on_afterwards(tmp_path, monkeypatch, place):
    store = new_store(path=tmp_path / "monitor.duckdb")
    before, synced = audit.count(store), os.fsync

    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    def refused_to_the_journal(handle):
        if os.fstat(handle).st_ino == journal.journal_path(store).stat().st_ino:
            refused()
        synced(handle)

    with monkeypatch.context() as patched:
        patched.setattr(*((journal, "keep", refused) if place == "keep" else (journal.os, "fsync", refused_to_the_journal)))
        # An act that is done and whose line in the journal is late says so.
        with pytest.raises(PermissionError) if place == "keep" else pytest.raises(StoreError, match="store.journal_late"):
            pay(store, "P1 3 10")
    assert (audit.count(store) == before) == (place == "keep")
    pay(store, "P1 3 20")
    assert audit.verify(store) == []
    store.close()


def test_a_store_that_may_not_be_opened_is_not_called_damaged(tmp_path, monkeypatch):
    """Its way back is another: nothing is to be restored."""
    denied = duckdb.IOException('IO Error: Cannot open file "monitor.duckdb": Permission denied')
    assert opening.closed(denied) == "store.shut"
    assert opening.closed(duckdb.IOException("IO Error: Corrupt database file")) == "store.damaged"

    def refused(path):
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "monitor.duckdb"
    monkeypatch.setenv("BUDGET_STORE", str(path))
    with monkeypatch.context() as patched:
        patched.setattr(opened, "open_place", refused)
        assert opened.open_seeded().code == "store.shut"
    # Once it may be, it is opened without a restart.
    assert isinstance(opened.open_seeded(), database.Store)
    database.open_store(path).close()


def assert_refused(store, monkeypatch, error, code):
    """An act in whose midst the database raises an error is refused with a sentence."""

    def broken(*_, **__):
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(journal, "seal", broken)
        with pytest.raises(StoreError, match=code):
            pay(store, "P1 3 10")


def test_a_database_that_has_given_up_is_opened_anew_and_goes_on(tmp_path, monkeypatch):
    """As after a checkpoint on a full disk, when every statement is refused until the file is opened again."""
    store = new_store(path=tmp_path / "monitor.duckdb")
    spent, before = store._connection, audit.count(store)

    fatal = duckdb.FatalException("FATAL Error: database has been invalidated because of a previous fatal error")
    assert_refused(store, monkeypatch, fatal, "store.reopened")
    assert store._connection is not spent
    with pytest.raises(duckdb.ConnectionException):
        spent.execute("select 1")
    assert audit.count(store) == before
    pay(store, "P1 3 20")
    assert audit.verify(store) == []
    store.close()


def test_a_file_that_could_not_be_opened_anew_is_at_the_next_question(tmp_path, monkeypatch):
    """Nobody is told of a connection that somebody else has let go of; a store that was closed stays closed."""
    store = new_store(path=tmp_path / "monitor.duckdb")

    def shut(*_):
        raise duckdb.IOException("IO Error: Could not read from file: No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(database, "_connected", shut)
        patched.setattr(database, "WAIT_SECONDS", 0.1)
        assert_refused(store, monkeypatch, duckdb.FatalException("FATAL Error: database has been invalidated"), "store.reopened")
        with pytest.raises(StoreError, match="store.reopened"):
            store.ask("select count(*) as acts from acts")
    assert store.ask("select count(*) > 0 as any from acts") == [{"any": True}]
    pay(store, "P1 3 20")
    store.close()
    with pytest.raises(duckdb.ConnectionException):
        store.ask("from progress_on($as_of, null)", {"as_of": end_of(3)})


def test_a_database_that_cannot_write_says_so_and_goes_on(tmp_path, monkeypatch):
    store = new_store(path=tmp_path / "monitor.duckdb")

    full = duckdb.IOException('IO Error: Could not write file "monitor.duckdb.wal": No space left on device')
    assert_refused(store, monkeypatch, full, "store.full")
    pay(store, "P1 3 20")
    store.close()
