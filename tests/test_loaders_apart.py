"""A file read in a process of its own gives the same, tells how far it is, and harms nobody where it cannot be read."""

import os
import pickle
import subprocess
import time
from pathlib import Path

import pyarrow as pa
import pytest

from data.words import all_words
from loaders import apart, packed
from loaders.apart import MEGABYTE, memory_for, read_apart, seconds_for
from loaders.files import Declared, read_file
from loaders.packed import Packed, pieces

GOOD = "项目编码,月份,支出金额\nA1,2025-03,12.50\n".encode("gb18030")


@pytest.mark.parametrize("content", [GOOD, b"", b"%PDF-1.7", b"a,b\n1,2\n"])
def test_the_same_reading_comes_back(content):
    assert read_apart(content) == read_file(content)


def test_the_rows_come_back_packed_and_in_their_order():
    text = "项目编码,月份,支出金额\n" + "".join(f"A{n % 9},2025-03,{n}.25\n" for n in range(40_000))
    here, there = read_file(text.encode()), read_apart(text.encode())
    assert isinstance(there.table, Packed) and there == here
    assert (there.size, there.distinct("project_code")) == (40_000, [f"A{n}" for n in range(9)])
    assert [str(row["amount"]) for row in there.rows[:3]] == ["0.25", "1.25", "2.25"]
    assert there.rows == here.rows and len(pickle.dumps(there)) < here.table.nbytes / 2


@pytest.mark.parametrize("most_in_memory", [100, 2**30])
def test_packed_rows_are_read_by_several_at_the_same_time_from_memory_or_disk(monkeypatch, most_in_memory):
    monkeypatch.setattr(packed, "MOST_IN_MEMORY", most_in_memory)
    table = pa.table({"number": range(200_000), "text": [f"甲{number}" for number in range(200_000)]})
    held = pickle.loads(pickle.dumps(Packed(table)))
    one, other = pieces(held), pieces(held)
    found = [next(one), next(other), *one, *other]
    assert held.to_reader().read_all() == table
    assert pa.concat_tables([found[0], *found[2:5]]) == table == pa.concat_tables([found[1], *found[5:]])


def test_what_is_declared_goes_along():
    declared = Declared(2025, "万元", "cumulative")
    reading = read_apart("项目编码,月份,支出金额\nA1,3月,12.50\n".encode(), declared)
    assert (str(reading.rows[0]["amount"]), reading.rows[0]["figure"], reading.rows[0]["fiscal_year"]) == ("125000.00", "cumulative", 2025)


def test_the_stages_are_told_in_order_and_can_be_worded():
    heard = []
    read_apart(GOOD, told=lambda stage, share: heard.append((share, stage)))
    assert [stage for _, stage in heard] == ["reading.decode", "reading.columns", "reading.cells", "reading.findings"]
    assert heard == sorted(heard)
    assert all(all_words()[stage]["zh"] and all_words()[stage]["en"] for _, stage in heard)


def test_an_interruption_while_it_tells_leaves_no_process_behind():
    class Interruption(BaseException):
        pass

    def interrupt(*_):
        raise Interruption

    before = _children()
    with pytest.raises(Interruption):
        read_apart(GOOD, told=interrupt)
    assert _children() == before


def _children() -> set[str]:
    """The processes of this one, by number."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


def test_a_file_that_takes_too_long_is_a_finding():
    assert [problem.code for problem in read_apart(GOOD, seconds=0.001).problems] == ["F07"]


def test_a_good_file_is_read_although_other_work_keeps_its_process_waiting(monkeypatch):
    real = subprocess.Popen
    late = "import runpy, time; time.sleep(2); runpy.run_module('loaders.child', run_name='__main__')"
    monkeypatch.setattr(apart.subprocess, "Popen", lambda command, **more: real([command[0], "-c", late, command[-1]], **more))
    assert read_apart(GOOD, seconds=2) == read_file(GOOD)


@pytest.mark.skipif(os.name == "nt", reason="this system does not count a process's own time")
def test_a_file_that_keeps_a_processor_busy_is_stopped_before_the_clock_runs_out(monkeypatch):
    real = subprocess.Popen
    busy = "from loaders.memory import limit; limit(2**28, 0)\nwhile True: pass"
    monkeypatch.setattr(apart.subprocess, "Popen", lambda command, **more: real([command[0], "-c", busy], **more))
    started = time.process_time() + sum(os.times()[2:4])
    assert [problem.code for problem in read_apart(GOOD, seconds=100).problems] == ["F07"]
    assert time.process_time() + sum(os.times()[2:4]) - started < 10


def test_a_file_that_takes_too_much_memory_is_a_finding(monkeypatch):
    monkeypatch.setattr(apart, "SMALL_MEMORY", 20 * MEGABYTE)
    monkeypatch.setattr(apart, "MEMORY_FOR_EACH_BYTE", 0)
    reading = read_apart(b"a,b\n" + b"1,2\n" * 2_000_000)
    assert [problem.code for problem in reading.problems] == ["F07"]


def test_a_small_file_may_take_ten_seconds_and_300_mb_and_a_larger_one_more_in_proportion():
    assert (seconds_for(0), memory_for(5 * MEGABYTE)) == (10, 300 * MEGABYTE)
    assert seconds_for(50 * MEGABYTE) - 10 == 9 * (seconds_for(10 * MEGABYTE) - 10)
    assert memory_for(50 * MEGABYTE) - memory_for(0) == 9 * (memory_for(10 * MEGABYTE) - memory_for(0))


def test_a_child_that_fails_is_a_finding_and_is_logged(monkeypatch, caplog):
    real = subprocess.Popen
    monkeypatch.setattr(apart.subprocess, "Popen", lambda command, **more: real([command[0], "-c", "raise SystemExit('x')"], **more))
    assert [problem.code for problem in read_apart(GOOD).problems] == ["F07"]
    assert "ended with 1" in caplog.text
