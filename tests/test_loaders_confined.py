"""A function run in a process of its own gives what it gives; where it fails nobody else is harmed."""

import time
from pathlib import Path

import pytest

from loaders import cells
from loaders.answers import read_answers
from loaders.confined import confined


def test_what_the_function_gives_comes_back():
    assert confined(cells.month, "2025年3月") == cells.Month(2025, 3)


def test_what_is_named_goes_along():
    assert confined(read_answers, content=b"", questions={}).problems == read_answers(b"", {}).problems


def test_a_failure_is_none_and_logged(caplog):
    assert confined(cells.month, None) is None
    assert "month ended with 1" in caplog.text


def test_a_function_that_takes_too_long_is_stopped():
    started = time.monotonic()
    assert confined(time.sleep, 30, seconds=0.5) is None
    assert time.monotonic() - started < 10


def test_a_function_that_takes_too_much_memory_fails():
    assert confined(bytes, 200 * 2**20, most_bytes=120 * 2**20) is None


def test_what_is_printed_does_not_disturb_the_answer():
    assert confined(print, "noise") is None
    assert confined(sorted, [2, 1]) == [1, 2]


def test_temporary_files_are_removed_with_the_process(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    made = confined(__import__("tempfile").mkdtemp)
    assert Path(made).is_relative_to(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [0, 5_000_000])
def test_large_values_go_there_and_back(size):
    assert confined(bytes, bytes(size)) == bytes(size)
