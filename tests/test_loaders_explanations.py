"""A lagging list that comes back: what was filled in is read, what cannot be read is told by row and column."""

import csv
import io
from decimal import Decimal

import books
import openpyxl
import pytest
from drawn import HEADINGS, QUARTERS, end_of, new_store, pay

from data import explaining, lagging, queries
from data.words import LANGUAGES, Words
from loaders.explanations import read_explanations
from pages.parts import exports
from pages.parts.working_paper import behind_workbook

TWO = f"""
{HEADINGS},{QUARTERS}
P1,会议费,001,局本级,400,25%,50%,75%,100%
P2,=1+1,002,中心,100,25%,50%,75%,100%
"""
HEAD = "项目编码,单位编码,偏差原因,原因说明,整改措施,责任人,承诺支付（万元）,承诺月份"


def read(*lines, head=HEAD):
    return read_explanations("\n".join([head, *lines]).encode(), explaining.ways())


@pytest.fixture(scope="module")
def store():
    made = new_store(TWO)
    pay(made, "001 P1 3 100000\n002 P2 3 0".replace("001 ", "").replace("002 ", ""))
    return made


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_exported_list_filled_in_is_read_back(store, form, language):
    say, rows = Words(language), lagging.chased(store, end_of(3))
    about = exports.Context(queries.export_facts(store, end_of(3)), say, {})
    filled = {"cause": say("cause.system"), "reason": "合同未签", "measure": "催办", "responsible": "王科长"}
    filled |= {"promise": "50", "promise_due": "6"}
    place = {name: exports.BEHIND.index(name) for name in filled}
    if form == "csv":
        lines = list(csv.reader(io.StringIO(exports.behind_csv(rows, about).decode("utf-8-sig"), newline="")))
        for name, text in filled.items():
            lines[1][place[name]] = text
        text = io.StringIO(newline="")
        csv.writer(text).writerows(lines)
        content = text.getvalue().encode("gb18030")
    else:
        book = openpyxl.load_workbook(io.BytesIO(behind_workbook(rows, about)))
        for name, text in filled.items():
            book.worksheets[0].cell(3, place[name] + 1).value = text
        saved = io.BytesIO()
        book.save(saved)
        content = saved.getvalue()
    reading = read_explanations(content, explaining.ways())
    assert reading.problems == [] or {problem.level for problem in reading.problems} == {"note"}
    (row,) = reading.rows
    assert (row["project_code"], row["unit_code"], row["cause"]) == (rows[0]["project_code"], rows[0]["unit_code"], "system")
    assert (row["reason"], row["measure"], row["responsible"]) == ("合同未签", "催办", "王科长")
    assert (row["promised"], row["due_month"]) == (Decimal(500_000), 6)


def test_a_row_that_is_not_filled_in_says_nothing():
    assert read("P1,001,,,,,,", "合计,,,,,,,", "P2,001,其他,另有原因,,,,").rows == [
        {
            "row": 4,
            "unit_code": "001",
            "project_code": "P2",
            "cause": "other",
            "reason": "另有原因",
            "measure": "",
            "responsible": "",
            "promised": None,
            "due_month": None,
        }
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("P1,001,天气,下雨,,,,", ("A13", 2, "偏差原因", "天气")),
        ("P1,001,,下雨,,,,", ("A13", 2, "偏差原因", "")),
        ("P1,001,其他,下雨,,,很多,6", ("A14", 2, "承诺支付（万元）", "很多")),
        ("P1,001,其他,下雨,,,50,年底前", ("A15", 2, "承诺月份", "年底前")),
        ("P1,001,其他,下雨,,,50,13", ("A15", 2, "承诺月份", "13")),
    ],
)
def test_what_cannot_be_read_is_told_and_kept_out(line, told):
    reading = read(line)
    assert (reading.rows, reading.fatal) == ([], True)
    assert [(problem.code, problem.row, problem.column, problem.value) for problem in reading.problems] == [told]
    for language in LANGUAGES:
        assert Words(language).problem(reading.problems[0]) and Words(language).remedy(reading.problems[0])


@pytest.mark.parametrize("text", ["6", "6月", "6月底", "2025-06", "06"])
def test_a_month_is_read_in_any_dress(text):
    assert read(f"P1,001,其他,下雨,,,50,{text}").rows[0]["due_month"] == 6


def test_amounts_in_yuan_are_read_by_their_heading():
    assert read("P1,001,其他,下雨,,,5000.50,6", head=HEAD.replace("万元", "元")).rows[0]["promised"] == Decimal("5000.50")


@pytest.mark.parametrize("content", [b"", "月份,金额\n1,2".encode(), b"\x00\x01", b"%PDF-1.4"])
def test_another_file_is_refused_with_a_sentence(content):
    reading = read_explanations(content, explaining.ways())
    assert (reading.rows, reading.fatal) == ([], True)


EARLIER = {"unit_code": "001", "project_code": "P1", "cause": "system", "reason": "合同未签", "measure": None, "responsible": None}
RUNNING = {**EARLIER, "promised": Decimal(500_000), "due_month": 6, "is_earlier": True}
NOW = {**EARLIER, "promised": None, "due_month": None, "is_earlier": False}


@pytest.mark.parametrize(
    ("line", "promised"),
    [
        ("P1,001,其他,下雨,,,50,6", None),
        ("P1,,其他,下雨,,,50.00,6月", None),
        ("P1,001,其他,下雨,,,60,6", (600_000, 6)),
        ("P1,001,其他,下雨,,,50,7", (500_000, 7)),
        ("P1,002,其他,下雨,,,50,6", (500_000, 6)),
        ("P2,001,其他,下雨,,,50,6", (500_000, 6)),
    ],
)
def test_a_promise_of_an_earlier_month_that_stands_in_the_list_is_not_made_again(line, promised):
    (row,) = read_explanations("\n".join([HEAD, line]).encode(), explaining.ways(), [RUNNING]).rows
    assert (row["promised"], row["due_month"]) == (promised or (None, None))


def test_a_row_with_nothing_but_an_earlier_promise_says_nothing():
    content = "\n".join([HEAD, "P1,001,,,,,50,6", "P2,001,其他,下雨,,,,"]).encode()
    reading = read_explanations(content, explaining.ways(), [RUNNING])
    assert ([row["project_code"] for row in reading.rows], reading.problems) == (["P2"], [])


def on_sheets(*sheets):
    """A workbook with a sheet of words on P1 for each (name, cause, reason); what it says, and its problems as (code, sheet, row)."""
    rows = {name: [["示例"], HEAD.split(","), ["P1", "001", cause, reason, "", "", "", ""]] for name, cause, reason in sheets}
    reading = read_explanations(books.xlsx(sheets=rows), explaining.ways(), [NOW])
    told = [(problem.code, problem.facts["sheet"], problem.row) for problem in reading.problems]
    return [(row["cause"], row["reason"]) for row in reading.rows], told, [Words("zh").problem(problem) for problem in reading.problems]


def test_every_sheet_of_a_workbook_is_read_and_what_was_written_goes_before_what_was_known():
    whole, unit = ("滞后清单", "制度保障", "合同未签"), ("001 局本级", "制度保障", "合同未签")
    assert on_sheets(("滞后清单", "", ""), ("001 局本级", "其他", "下雨")) == ([("other", "下雨")], [], [])
    assert on_sheets(whole, unit)[0] == [("system", "合同未签")]
    assert on_sheets(whole, (unit[0], "其他", "下雨")) == ([("other", "下雨")], [], [])
    assert on_sheets((whole[0], "其他", "下雨"), unit) == ([("other", "下雨")], [], [])
    _, told, (sentence,) = on_sheets((whole[0], "其他", "下雨"), (unit[0], "人员保障", "缺人"))
    assert told == [("A16", "001 局本级", 3)]
    assert sentence == "工作表“001 局本级”第 3 行“项目编码”：项目 P1 在两处填的不一样（另一处在第 3 行）。"
    assert on_sheets(("a", "", ""), ("b", "天气", "下雨"))[1] == [("A13", "b", 3)]
