"""An answered report is read as a person leaves it in a spreadsheet; what cannot be an answer is said with its place."""

import io
from typing import Any

import openpyxl
import pytest

from data.reasons import ways_for
from data.words import LANGUAGES, Words
from loaders.answers import COLUMNS, is_answers, read_answers, read_answers_apart
from loaders.tables import read_tables
from pages.parts import marked
from pages.parts.returned import list_csv, returned_workbook

QUESTIONS = {"W01-1a2b3c4d": ways_for("W01"), "W07-00ff00ff": ways_for("W07"), "W08-12345678": ways_for("W08")}
HEADER = "唯一标识,级别,规则,行号,字段,填报值,应为,差额,问题,怎么改,原因代码,说明"


def drawn(*lines: str) -> bytes:
    """A list with these lines of key, reason and explanation."""
    rows = [f"{key},需确认,{key[:3]},3,支出金额,,,,,,{reason},{text}" for key, reason, text in (line.split("|") for line in lines)]
    return "\n".join([HEADER, *rows]).encode()


def answers(content: bytes) -> list[tuple[str, str, str]]:
    reading = read_answers(content, QUESTIONS)
    assert [problem for problem in reading.problems if problem.level != "note"] == []
    return [(row["key"], row["reason_code"], row["text"]) for row in reading.rows]


def faults(content: bytes) -> list[tuple[str, Any, Any, Any]]:
    return [(problem.code, problem.row, problem.column, problem.value) for problem in read_answers(content, QUESTIONS).problems]


@pytest.mark.parametrize("reason", ["refund", "退款", "Refund", " refund ", "REFUND", "退 款"])
def test_a_reason_may_be_given_as_code_or_word_in_either_language(reason):
    assert answers(drawn(f"W01-1a2b3c4d|{reason}|")) == [("W01-1a2b3c4d", "refund", "")]


@pytest.mark.parametrize("reason", ["其他（须说明）", "其他(须说明)", "Other (explain)", "other"])
def test_any_other_reason_needs_its_words(reason):
    assert answers(drawn(f"W01-1a2b3c4d|{reason}|合同变更")) == [("W01-1a2b3c4d", "other", "合同变更")]
    assert faults(drawn(f"W01-1a2b3c4d|{reason}|")) == [("A05", 2, "说明", "")]


def test_words_without_a_reason_are_another_reason():
    assert answers(drawn("W01-1a2b3c4d||合同变更")) == [("W01-1a2b3c4d", "other", "合同变更")]


def test_a_row_without_reason_and_words_is_left_open():
    assert answers(drawn("W01-1a2b3c4d||", "W07-00ff00ff|本月确无支出|", "R03-0badf00d| |　")) == [("W07-00ff00ff", "no_spending", "")]


def test_a_key_is_told_without_regard_to_case_and_blanks():
    assert answers(drawn(" w01-1A2B3C4D |退款|")) == [("W01-1a2b3c4d", "refund", "")]


def test_an_unknown_key_is_said_with_its_row():
    assert faults(drawn("W01-1a2b3c4d|退款|", "W09-deadbeef|退款|")) == [("A02", 3, "唯一标识", "W09-deadbeef")]


def test_a_reason_without_a_key_is_said():
    reading = read_answers(drawn("|退款|"), QUESTIONS)
    assert [(problem.code, problem.row, problem.facts) for problem in reading.problems] == [("A02", 2, {"why": "blank"})]


@pytest.mark.parametrize("reason", ["天气不好", "本月确无支出", "no_spending", "=1+1"])
def test_a_reason_that_does_not_answer_this_question_is_said(reason):
    assert faults(drawn(f"W01-1a2b3c4d|{reason}|")) == [("A03", 2, "原因代码", reason)]


def test_a_question_answered_twice_is_said_and_taken_once():
    content = drawn("W01-1a2b3c4d|退款|", "W01-1a2b3c4d|冲销|")
    assert faults(content) == [("A04", 3, "唯一标识", "W01-1a2b3c4d")]
    assert [row["reason_code"] for row in read_answers(content, QUESTIONS).rows] == ["refund"]


def test_one_fault_does_not_hide_the_others():
    content = drawn("W01-1a2b3c4d|天气|", "W07-00ff00ff|其他（须说明）|", "W08-12345678|项目已更名|", "X|退款|")
    assert [problem.code for problem in read_answers(content, QUESTIONS).problems] == ["A03", "A05", "A02"]
    assert [row["key"] for row in read_answers(content, QUESTIONS).rows] == ["W08-12345678"]


@pytest.mark.parametrize("content", ["项目编码,月份,支出金额\nA1,2025-03,1\n", "唯一标识,规则\nW01-1a2b3c4d,W01\n", "说明\n"])
def test_a_file_without_the_list_is_refused(content):
    assert faults(content.encode()) == [("A01", None, None, None)]
    assert not is_answers(read_tables(content.encode()))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04broken", b"a\x00b"])
def test_a_file_that_cannot_be_read_is_a_finding(content):
    assert [problem.level for problem in read_answers(content, QUESTIONS).problems] == ["fatal"]


@pytest.mark.parametrize("code", ["A01", "A02.unknown", "A02.blank", "A03", "A04", "A05"])
def test_every_fault_of_an_answer_is_worded(code):
    content = {
        "A01": b"a,b\n1,2\n",
        "A02.unknown": drawn("X|退款|"),
        "A02.blank": drawn("|退款|"),
        "A03": drawn("W01-1a2b3c4d|天气|"),
        "A04": drawn("W01-1a2b3c4d|退款|", "W01-1a2b3c4d|退款|"),
        "A05": drawn("W01-1a2b3c4d|other|"),
    }[code]
    [problem] = read_answers(content, QUESTIONS).problems
    assert f"{problem.code}.{problem.facts['why']}" == code if "why" in problem.facts else problem.code == code
    for language in LANGUAGES:
        say = Words(language)
        assert "{" not in say.problem(problem) + say.remedy(problem)
    assert problem.row is None or Words("zh").problem(problem).startswith(f"第 {problem.row} 行")


def test_read_apart_gives_the_same():
    assert read_answers_apart(drawn("W01-1a2b3c4d|退款|"), QUESTIONS) == read_answers(drawn("W01-1a2b3c4d|退款|"), QUESTIONS)
    assert [problem.code for problem in read_answers_apart(b"", {}).problems] == ["F01"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_headings_of_the_list_are_the_ones_that_are_read(language):
    heads = [heading for column in COLUMNS for heading in column.headings]
    assert [head for head in marked.list_heads(Words(language)) if head.lower() not in heads] == []


# The way there and back: the list goes out, a person answers in a spreadsheet, the list comes back.


def finding(key: str, level: str = "confirm", row: int | None = 3, **more: Any) -> dict[str, Any]:
    known = {
        "column": "支出金额",
        "value": "-1,200.50",
        "expected": None,
        "difference": None,
        "project_code": None,
        "fix": "请核对，再写明原因。",
    }
    blank = {"reason_code": None, "answer": None, "answered_by": None, "carried_from": None}
    message = "第 3 行“支出金额”：为负数；冲销或退款，请写明原因"
    return {"key": key, "code": key[:3], "level": level, "row": row, "message": message, **known, **blank, **more}


FINDINGS = [
    finding("W01-1a2b3c4d"),
    finding("W07-00ff00ff", row=None),
    finding("W08-12345678", row=5),
    finding("R03-0badf00d", "fatal", 7),
    finding("M02-0000beef", "note", 8),
]
SENT = "项目编码,月份,支出金额\nA1,2025-03,1\nA2,2025-03,-1200.50\n".encode()
GIVEN = {"W01-1a2b3c4d": ("refund", "-3月退回"), "W07-00ff00ff": ("no_spending", "")}
EXPECTED = [("W01-1a2b3c4d", "refund", "-3月退回"), ("W07-00ff00ff", "no_spending", "")]


def in_excel(content: bytes, say: Words) -> bytes:
    """The workbook after a person chose reasons from the lists and moved the list to the front."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book[say("report.list")]
    for row in sheet.iter_rows(min_row=2):
        if row[0].value in GIVEN:
            reason, text = GIVEN[row[0].value]
            row[10].value, row[11].value = say(f"reason.{reason}"), text or None
    book.move_sheet(sheet, -1)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_answered_in_a_spreadsheet_is_read_back(language):
    say = Words(language)
    assert answers(in_excel(returned_workbook(SENT, "三月.csv", FINDINGS, None, say), say)) == EXPECTED


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_senders_own_workbook_answered_is_read_back(language):
    say, sent = Words(language), io.BytesIO()
    book = openpyxl.Workbook()
    for row in (["项目编码", "月份", "支出金额"], ["A1", "2025-03", 1]):
        book.active.append(row)
    book.save(sent)
    assert answers(in_excel(returned_workbook(sent.getvalue(), "三月.xlsx", FINDINGS, None, say), say)) == EXPECTED


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("encoding", "separator"), [("gbk", ","), ("utf-8-sig", ","), ("utf-8", ";"), ("utf-16", "\t")])
def test_a_csv_answered_and_saved_anew_is_read_back(language, encoding, separator):
    import csv

    say = Words(language)
    rows = list(csv.reader(io.StringIO(list_csv(FINDINGS, say).decode("utf-8-sig"), newline="")))
    for row in rows:
        if row[0] in GIVEN:
            row[10], row[11] = say(f"reason.{GIVEN[row[0]][0]}"), GIVEN[row[0]][1]
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    assert answers(text.getvalue().encode(encoding)) == EXPECTED


def test_an_answer_that_was_given_before_comes_back_as_it_was():
    before = [
        finding("W01-1a2b3c4d", reason_code="refund", answer="=退回+1"),
        finding("W08-12345678", reason_code="other", answer="'简称'"),
    ]
    expected = [("W01-1a2b3c4d", "refund", "=退回+1"), ("W08-12345678", "other", "'简称'")]
    assert answers(list_csv(before, Words("zh"))) == expected
    assert answers(returned_workbook(SENT, "三月.csv", before, None, Words("en"))) == expected


def test_the_untouched_report_answers_nothing():
    assert answers(list_csv(FINDINGS, Words("zh"))) == []
