# ruff: noqa: N802 - a test is named for the code of its rule
"""Every rule of a disbursement file that a reader keeps, and not a check of data/checks, by a test of its name."""

import re
from pathlib import Path

import books
import pytest

from data.rules import checks
from data.words import LANGUAGES, Words, all_words
from loaders.apart import read_apart
from loaders.files import Declared, read_file

HEADER = "项目编码,月份,支出金额,凭证号"
SOUND = f"{HEADER}\nX1,2025-03,5,1\nX2,2025-03,6.50,2\n"
# These are said of plans.
PLANS = {"M04", "M05", "W11"}
CODES = sorted({key[:3] for key in all_words() if re.match(r"(F0|R[01]|W[01]|M0)\d\b", key)} - {code for code, _ in checks("")} - PLANS)
# What rests on the ledger is proven beside the checks.
ELSEWHERE = {"M01": "test_data_checks.py"}


def found(content: str | bytes, **declared: object) -> list[tuple[str, int | None, str | None, str | None]]:
    """Code, row, column and value of each finding, which has its sentence, its remedy and, in a cell, what was expected."""
    problems = read_file(content.encode() if isinstance(content, str) else content, Declared(**declared)).problems
    for say in map(Words, LANGUAGES):
        assert all(say.problem(problem) and say.remedy(problem) for problem in problems)
        assert all(say.expected(problem) for problem in problems if problem.column and problem.level == "fatal" and problem.code[0] == "R")
    return [(problem.code, problem.row, problem.column, problem.value) for problem in problems]


@pytest.mark.parametrize("code", CODES)
def test_every_rule_of_the_readers_has_a_test_of_its_name(code):
    path = Path(__file__).with_name(ELSEWHERE.get(code, Path(__file__).name))
    assert f"def test_{code}_" in path.read_text(encoding="utf-8")


def test_a_sound_file_has_no_finding():
    assert found(SOUND) == []


@pytest.mark.parametrize("content", ["", "\n \n", HEADER, HEADER + "\n", HEADER + "\n,,,\n"])
def test_F01_a_file_without_rows_is_refused(content):
    assert [code for code, *_ in found(content)] == ["F01"]


@pytest.mark.parametrize(
    "line",
    [b"X1,2025-03,5,\x00", b"X1,2025-03,5,\x07", "X1,2025-03,5,凭证号凭证号".encode() + b"\xc6\xf3", "X1,2025-03,5,凭".encode()[:-1]],
    ids=["NUL", "control byte", "two encodings", "cut in a character"],
)
def test_F02_bytes_that_are_no_text_are_refused_with_their_line(line):
    assert [(code, row) for code, row, *_ in found(f"{SOUND}".encode() + line)] == [("F02", 4)]


def test_F03_a_heading_that_is_missing_or_stands_twice_is_found():
    assert [code for code, *_ in found("项目编码,期间数,支出金额\nX1,2025-03,5\n")] == ["F03"]
    assert [code for code, *_ in found("项目编码,月份,支出金额,支出金额\nX1,2025-03,5,6\n")] == ["F03"]


def test_F04_a_row_of_another_width_and_a_quote_that_is_not_closed_are_found():
    assert [(code, row) for code, row, *_ in found(f"{SOUND}X3,2025-03,1,234.50,3\n")] == [("F04", 4)]
    assert [(code, row) for code, row, *_ in found(f'{SOUND}X3,2025-03,"5,3\n')] == [("F04", 4)]


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"\x89PNG\r\n", b"PK\x03\x04", b"Rar!\x1a", b"\xd0\xcf\x11\xe0"])
def test_F05_what_is_no_table_is_refused(content):
    assert [code for code, *_ in found(content)] == ["F05"]


def test_F06_a_table_of_something_else_is_said_not_to_be_known():
    assert [code for code, *_ in found("姓名,电话\n张,1\n李,2\n")] == ["F06"]


def test_F07_a_file_that_takes_too_long_is_given_up():
    assert [problem.code for problem in read_apart(SOUND.encode(), seconds=0).problems] == ["F07"]


def test_F08_of_several_sheets_with_disbursements_one_must_be_chosen():
    rows = [["项目编码", "月份", "支出金额"], ["X1", "2025-03", 5]]
    assert [code for code, *_ in found(books.xls(一=rows, 二=rows))] == ["F08"]
    assert found(books.xls(一=rows, 二=rows), sheet="二") == []
    assert [code for code, *_ in found(books.xls(一=rows, 二=rows), sheet="三")] == ["F08"]


@pytest.mark.parametrize("text", ["一千二百", "12x", "1.005", "", "NaN", "inf", "1e5x", "#REF!", "1 2"])
def test_R03_what_is_no_amount_in_yuan_is_found_at_its_cell(text):
    assert found(f"{SOUND}X3,2025-03,{text},3\n") == [("R03", 4, "支出金额", text)]


@pytest.mark.parametrize("text", ["三月的", "十三月", "13月", "2025-13", "2025-00", "0"])
def test_R05_a_month_that_is_none_is_found_at_its_cell(text):
    assert found(f"{SOUND}X3,{text},7,3\n") == [("R05", 4, "月份", text)]


@pytest.mark.parametrize("text", ["1.30202E+20", "130202250078171000000"])
def test_R07_a_code_that_a_spreadsheet_destroyed_is_found_at_its_cell(text):
    assert found(f"{SOUND}{text},2025-03,7,3\n") == [("R07", 4, "项目编码", text)]


def test_R08_a_kind_of_figure_that_cannot_be_read_is_found():
    assert found("项目编码,月份,支出金额,口径\nX1,2025-03,5,季度\nX2,2025-03,5,当月\n") == [("R08", 2, "口径", "季度")]


def test_R09_a_row_without_a_code_is_found():
    assert found(f"{SOUND},2025-03,7,3\n") == [("R09", 4, "项目编码", "")]


def test_R12_a_row_that_contradicts_its_heading_is_found():
    assert found("项目编码,月份,当月支出,口径\nX1,2025-03,5,累计\n") == [("R12", 2, "口径", "累计")]


def test_R13_a_unit_of_money_that_cannot_be_read_is_found():
    assert [code for code, *_ in found("项目编码,月份,支出金额（美元）\nX1,2025-03,5\n")] == ["R13"]


def test_W09_a_total_other_than_the_sum_is_asked_about_with_both():
    (problem,) = read_file(f"{SOUND}合计,,12,\n".encode()).problems
    assert (problem.code, problem.row, problem.column, problem.value) == ("W09", 4, "支出金额", "12")
    assert (problem.facts["sum"], problem.facts["difference"]) == ("11.50", "0.50")
    assert found(f"{SOUND}合计,,11.50,\n") == []


def test_W14_a_file_that_says_otherwise_than_was_declared_is_asked_about():
    assert [code for code, *_ in found("项目编码,月份,支出金额（万元）\nX1,2025-03,5\n", unit_of_money="元")] == ["W14"]


def test_W15_cells_that_show_another_number_than_they_hold_are_asked_about():
    rows = [["项目编码", "月份", "支出金额"], ["X1", "2025-03", 5]]
    assert [code for code, *_ in found(books.xlsx(*rows, formats={"C2": "0%"}))] == ["W15"]


def test_W16_rows_that_a_spreadsheet_hides_are_asked_about():
    sound = books.xlsx(["项目编码", "月份", "支出金额"], ["X1", "2025-03", 5], ["X2", "2025-03", 6])
    content = books.with_sheet(sound, lambda xml: xml.replace(b'<row r="3"', b'<row hidden="1" r="3"'))
    assert (found(sound), [code for code, *_ in found(content)]) == ([], ["W16"])


@pytest.mark.parametrize("text", ["５", "¥5", '"1,234.56"', "5元", "(5.00)"])
def test_M02_what_was_repaired_is_said_at_its_cell(text):
    assert found(f"{SOUND}X3,2025-03,{text},3\n") == [("M02", 4, "支出金额", text.strip('"'))]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_M02_another_encoding_and_another_separator_are_said(encoding):
    told = found(SOUND.replace(",", ";").encode(encoding))
    assert told == [("M02", None, None, encoding.upper()), ("M02", None, None, ";")]


def test_M06_a_month_that_only_the_title_names_is_said():
    assert [code for code, *_ in found("2025年3月支出表,\n项目编码,支出金额\nX1,5\nX2,6\n")] == ["M06"]
