"""What was acknowledged is there after a kill and after a full disk; the database can reach nothing but itself."""

import duckdb
import faults
import pytest
from drawn import new_store, pay

from data import audit, journal
from data.database import open_store
from data.opening import work_path


def test_kills_under_load_lose_nothing_that_was_acknowledged():
    done, lost = faults.kills(2)
    assert done and lost == []


def test_a_disk_that_fills_loses_nothing_that_was_acknowledged():
    assert faults.sizes(1)[1] == []


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


@pytest.mark.parametrize("place", ["keep", "journal"])
def test_a_folder_that_may_not_be_written_leaves_the_old_state_and_goes_on_afterwards(tmp_path, monkeypatch, place):
    store = new_store(path=tmp_path / "monitor.duckdb")
    before = audit.count(store)

    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(*((journal, "keep") if place == "keep" else (journal.os, "fsync")), refused)
        with pytest.raises(PermissionError):
            pay(store, "P1 3 10")
    if place == "keep":
        assert audit.count(store) == before
    pay(store, "P1 3 20")
    assert audit.verify(store) == []
    store.close()
