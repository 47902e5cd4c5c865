"""A file read in a process of its own gives the same, and harms nobody where it cannot be read."""

import pytest

from loaders import apart
from loaders.files import Declared, read_file

GOOD = "项目编码,月份,支出金额\nA1,2025-03,12.50\n".encode("gb18030")


@pytest.mark.parametrize("content", [GOOD, b"", b"%PDF-1.7", b"a,b\n1,2\n"])
def test_the_same_reading_comes_back(content):
    assert apart.read_apart(content) == read_file(content)


def test_what_is_declared_goes_along():
    declared = Declared(2025, "万元", "cumulative")
    reading = apart.read_apart("项目编码,月份,支出金额\nA1,3月,12.50\n".encode(), declared)
    assert (str(reading.rows[0]["amount"]), reading.rows[0]["figure"], reading.rows[0]["fiscal_year"]) == ("125000.00", "cumulative", 2025)


def test_a_file_that_takes_too_long_is_a_finding():
    assert [problem.code for problem in apart.read_apart(GOOD, seconds=0.001).problems] == ["F07"]


def test_a_file_that_takes_too_much_memory_is_a_finding(monkeypatch):
    monkeypatch.setattr(apart, "MOST_BYTES", 60 * 2**20)
    reading = apart.read_apart(b"a,b\n" + b"1,2\n" * 2_000_000)
    assert [problem.code for problem in reading.problems] == ["F07"]
