"""The template of indicators that comes back: what was filled in is read, what is not meant so is told by row and column."""

import csv
import io
from decimal import Decimal

import openpyxl
import pytest
from drawn import end_of

from data import acting, indicators, samples, scoring
from data.database import Store
from data.words import LANGUAGES, Words
from loaders.indicators import FILLED, read_indicators
from pages.parts.indicator_book import PLANNED, headings, indicators_csv, indicators_workbook

PLAN = [
    {"unit_code": "001", "project_code": "P1", "position": place, "level3": name, "target": f"{sign or ''}{value}{unit or ''}",
     "comparator": sign, "target_value": sign and Decimal(value), "target_unit": unit}
    for place, (name, sign, value, unit) in enumerate(
        [("人数", "≥", "100", "人"), ("满意度", "≥", "95", "%"), ("影响", None, "长期", None), ("线路开通率", "≥", "95", None)], start=1
    )
]  # fmt: skip
HEAD = "单位编码,项目编码,指标序号,三级指标,指标值,完成值,全年预计值,等级,得分率（%）,备注"
NOTHING = dict.fromkeys(FILLED)


def read(*lines, head=HEAD, planned=PLAN):
    return read_indicators("\n".join([head, *lines]).encode(), planned, indicators.ways(), scoring.BANDS)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("001,P1,1,,,85,,,,", {"reached": Decimal(85)}),
        ("001,P1,1,人数,≥100人,85人,120,,,已核实", {"reached": Decimal(85), "expected": Decimal(120), "note": "已核实"}),
        ("001,p1,1.0,,,１２３.５,,,,", {"reached": Decimal("123.5")}),
        ('001,P1,1,,,"1,234",,,,', {"reached": Decimal(1234)}),
        (",P1,1,,,0,,,,", {"reached": Decimal(0)}),
        ("001,P1,2,,,96.5%,,,,", {"reached": Decimal("96.5")}),
        ("001,P1,2,,,96.5百分比,,,,", {"reached": Decimal("96.5")}),
        ("001,P1,2,,,0.9%,,,,", {"reached": Decimal("0.9")}),
        ("001,P1,2,,,,97,,,", {"expected": Decimal(97)}),
        ("001,P1,2,,,—,97,,,", {"expected": Decimal(97)}),
        ("001,P1,3,,,,,部分达成,70,", {"grade": "partly", "percent": Decimal(70)}),
        ("001,P1,3,,,,,达成 92%,,", {"grade": "met", "percent": Decimal(92)}),
        ("001,P1,3,,,not met 12,,,,", {"grade": "unmet", "percent": Decimal(12)}),
        ("001,P1,4,,,96%,,,,", {"reached": Decimal(96)}),
        ("001,P1,3,,,,,,,还没有评", {"note": "还没有评"}),
    ],
)
def test_a_filled_row_says_what_stands_in_it(line, said):
    reading = read(line)
    assert reading.problems == []
    (row,) = reading.rows
    place = int(line.split(",")[2][0])
    assert row == {"row": 2, "unit_code": "001", "project_code": "P1", "position": place, **NOTHING, **said}


def test_a_row_that_is_not_filled_in_says_nothing_and_is_no_zero():
    assert read("001,P1,1,,,,,,,", "001,P9,1,,,-,,,,", "合计,合计,,,,5,,,,").rows == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("001,P7,1,,,85,,,,", ("A21", 2, "项目编码", "P7", None)),
        ("002,P1,1,,,85,,,,", ("A21", 2, "项目编码", "P1", None)),
        ("001,P1,5,,,85,,,,", ("A21", 2, "指标序号", "5", "1–4")),
        ("001,P1,,,,85,,,,", ("A21", 2, "指标序号", "", "1–4")),
        ("001,P1,1,件数,,85,,,,", ("A22", 2, "三级指标", "件数", "人数")),
        ("001,P1,1,人数,≥90人,85,,,,", ("A22", 2, "指标值", "≥90人", "≥100人")),
        ("001,P1,1,,,1O5,,,,", ("A23", 2, "完成值", "1O5", None)),
        ("001,P1,1,,,1.2.3,,,,", ("A23", 2, "完成值", "1.2.3", None)),
        ("001,P1,1,,,#REF!,,,,", ("A23", 2, "完成值", "#REF!", None)),
        ("001,P1,1,,,良好,,,,", ("A24", 2, "完成值", "良好", None)),
        ("001,P1,1,,,85,很多,,,", ("A24", 2, "全年预计值", "很多", None)),
        ("001,P1,1,,,,,达成,,", ("A25", 2, "等级", "达成", None)),
        ("001,P1,3,,,85,,,,", ("A25", 2, "完成值", "85", None)),
        ("001,P1,3,,,,90,达成,90,", ("A25", 2, "全年预计值", "90", None)),
        ("001,P1,3,,,85,,达成,90,", ("A25", 2, "完成值", "85", None)),
        ("001,P1,1,,,85%,,,,", ("A26", 2, "完成值", "85%", None)),
        ("001,P1,1,,,85万元,,,,", ("A26", 2, "完成值", "85万元", None)),
        ("001,P1,2,,,96人,,,,", ("A26", 2, "完成值", "96人", None)),
        ("001,P1,2,,,0.96,,,,", ("A27", 2, "完成值", "0.96", None)),
        ("001,P1,2,,,1,,,,", ("A27", 2, "完成值", "1", None)),
        ("001,P1,3,,,,,优秀,90,", ("A28", 2, "等级", "优秀", None)),
        ("001,P1,3,,,,,达成,79,", ("A29", 2, "得分率（%）", "79", "80–100")),
        ("001,P1,3,,,,,未达成,,", ("A29", 2, "得分率（%）", "", "0–60")),
        ("001,P1,1,,,0.00001,,,,", ("A31", 2, "完成值", "0.00001", None)),
        ("001,P1,1,,,99999999999999,,,,", ("A31", 2, "完成值", "99999999999999", None)),
    ],
)
def test_what_cannot_be_read_or_is_not_meant_so_is_told_by_row_and_column(line, told):
    reading = read(line)
    assert (reading.rows, reading.fatal) == ([], True)
    assert [(found.code, found.row, found.column, found.value, found.expected) for found in reading.problems] == [told]
    for language in LANGUAGES:
        assert Words(language).problem(reading.problems[0]) and Words(language).remedy(reading.problems[0])


def test_a_row_that_stands_twice_is_told_with_the_first():
    reading = read("001,P1,1,,,85,,,,", "001,P1,2,,,96,,,,", "001,P1,1,,,85,,,,")
    (found,) = reading.problems
    assert (found.code, found.row, found.facts) == ("A30", 4, {"first": 2})


def test_a_code_that_stands_under_two_units_needs_its_unit():
    twice = [*PLAN, {**PLAN[0], "unit_code": "002"}]
    assert [(found.code, found.column, found.expected) for found in read(",P1,1,,,85,,,,", planned=twice).problems] == [
        ("A21", "单位编码", "001 / 002")
    ]
    assert read("002,P1,1,,,85,,,,", planned=twice).rows[0]["unit_code"] == "002"


def test_a_mistyped_code_is_answered_with_the_one_that_was_meant():
    planned = [{**row, "project_code": "13020225P00781710002T"} for row in PLAN]
    (found,) = read("001,13020225P00781710002F,1,,,85,,,,", planned=planned).problems
    assert found.expected == "13020225P00781710002T"


@pytest.mark.parametrize("content", [b"", "月份,金额\n1,2".encode(), "项目编码,项目名称\nP1,会议费".encode(), b"\x00\x01", b"%PDF-1.4"])
def test_another_file_is_refused_with_a_sentence(content):
    reading = read_indicators(content, PLAN, indicators.ways(), scoring.BANDS)
    assert (reading.rows, reading.fatal) == ([], True)


@pytest.fixture(scope="module")
def planned():
    """The indicators of the bundled plan."""
    store = Store(None)
    acting.prepare(store)
    samples.load_plan(store, "test", end_of(12))
    return indicators.judged(store, end_of(9))


def fill_csv(content, values):
    """The template with cells put in, by row and place."""
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    for (row, place), text in values.items():
        lines[row][place] = text
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue().encode("gb18030")


def fill_book(content, values):
    book = openpyxl.load_workbook(io.BytesIO(content))
    for (row, place), text in values.items():
        book.worksheets[0].cell(row + 1, place + 1).value = text
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_of_the_whole_plan_filled_in_is_read_back(planned, form, language):
    say = Words(language)
    place = {name: number for number, name in enumerate((*PLANNED, *FILLED))}
    values, expected = {}, []
    for number, row in enumerate(planned, start=1):
        if row["comparator"]:
            value = row["target_value"].normalize()
            values[number, place["reached"]] = f"{value:f}%" if row["target_unit"] == "%" else f"{value:f}"
            expected.append((row["target_value"], None))
        else:
            values[number, place["grade"]], values[number, place["percent"]] = say("result.met"), "88"
            expected.append((None, "met"))
    blank = indicators_csv(planned, say) if form == "csv" else indicators_workbook(planned, say, [say("result.met")])
    content = (fill_csv if form == "csv" else fill_book)(blank, values)
    reading = read_indicators(content, planned, indicators.ways(), scoring.BANDS)
    assert [found for found in reading.problems if found.level == "fatal"] == []
    assert [(row["reached"], row["grade"]) for row in reading.rows] == expected
    assert [indicators.key_of(row) for row in reading.rows] == [indicators.key_of(row) for row in planned]
    assert len(reading.rows) == 130


def test_the_template_gives_the_plans_own_words_and_no_text_acts_as_a_formula(planned):
    rows = [{**planned[0], "level3": "=1+1"}, *planned[1:]]
    book = openpyxl.load_workbook(io.BytesIO(indicators_workbook(rows, Words("zh"), ["达成"])))
    sheet = book.worksheets[0]
    lines = list(sheet.iter_rows(values_only=True))
    assert list(lines[0]) == headings(Words("zh"))
    assert (lines[1][6], sheet.cell(2, 7).data_type, len(lines)) == ("=1+1", "s", 131)
    assert lines[2][:10] == ("323001", "13020225P00781710002T", planned[1]["project_name"], 2, planned[1]["level1"],
                             planned[1]["level2"], planned[1]["level3"], "≥", "≥100人", "人")  # fmt: skip
    assert sheet.data_validations.dataValidation[0].formula1 == '"达成"'
    assert "'=1+1" in indicators_csv(rows, Words("zh")).decode("utf-8-sig")


def test_a_template_that_was_filled_before_shows_what_was_said(planned):
    rows = [{**planned[1], "reached": Decimal("75.0000")}, {**planned[2], "reached": Decimal("96.5")}, {**planned[7], "grade": "met"}]
    text = indicators_csv(rows, Words("zh")).decode("utf-8-sig").splitlines()
    assert [line.split(",")[10:13] for line in text[1:]] == [["75", "", ""], ["96.5%", "", ""], ["", "", "达成"]]
    assert read_indicators("\n".join(text).encode(), planned, indicators.ways(), scoring.BANDS).rows[0]["reached"] == Decimal(75)
