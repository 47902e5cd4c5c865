"""Workbooks by content: the sheet that holds disbursements, failed cells, numbers as they are shown."""

import io
from datetime import date
from decimal import Decimal

import books
import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference

from data.words import LANGUAGES, Words
from loaders import workbooks
from loaders.extents import column_of, letters_of
from loaders.files import Declared, read_file
from loaders.formats import decimals_shown
from loaders.problems import Reading

A, B = "13020225P00781710002T", "13020225P00783310001Y"
HEAD = ["项目编码", "月份", "支出金额"]
MARCH = [HEAD, [A, "2025-03", 5.25], [B, "2025-03", 7]]


def found(reading: Reading) -> list[tuple[str, int | None, str | None, str | None]]:
    for language in LANGUAGES:
        assert all(Words(language).problem(problem) and Words(language).remedy(problem) for problem in reading.problems)
    return [(problem.code, problem.row, problem.value, problem.facts.get("why")) for problem in reading.problems]


def amounts(reading: Reading) -> list[str]:
    return [str(row["amount"]) for row in reading.rows]


@pytest.mark.parametrize("content", [books.xlsx(*MARCH), books.xls(执行数=MARCH), books.ods(执行数=MARCH)], ids=["xlsx", "xls", "ods"])
def test_every_kind_of_workbook_is_read_by_its_content(content):
    reading = read_file(content)
    assert (amounts(reading), found(reading)) == (["5.25", "7.00"], [])
    assert (reading.sheets, reading.sheet) == ([reading.sheet], reading.sheet)


SEVERAL = {"说明": [["请填下一页"]], "一月": MARCH, "二月": [HEAD, [A, "2025-02", 9]], "空": []}


@pytest.mark.parametrize("content", [books.xlsx(sheets=SEVERAL), books.xls(**SEVERAL), books.ods(**SEVERAL)], ids=["xlsx", "xls", "ods"])
def test_several_sheets_of_disbursements_ask_which(content):
    reading = read_file(content)
    assert (reading.recognised, reading.rows, reading.sheets, reading.sheet) == ("actuals", [], ["一月", "二月"], None)
    assert found(reading) == [("F08", None, None, "several")]
    assert reading.problems[0].expected == "「一月」、「二月」"


def test_the_named_sheet_alone_is_read():
    reading = read_file(books.xlsx(sheets=SEVERAL), Declared(sheet="二月"))
    assert (amounts(reading), found(reading), reading.sheet) == (["9.00"], [], "二月")


def test_a_named_sheet_that_is_not_there_is_found_with_those_that_are():
    reading = read_file(books.xlsx(sheets=SEVERAL), Declared(sheet="三月"))
    assert found(reading) == [("F08", None, "三月", "missing")]
    assert reading.problems[0].expected == "「说明」、「一月」、「二月」"


def test_a_sheet_named_beside_a_text_file_does_no_harm():
    assert amounts(read_file(f"项目编码,月份,支出金额\n{A},2025-03,5\n".encode(), Declared(sheet="一月"))) == ["5.00"]


def test_a_hidden_sheet_is_no_candidate():
    reading = read_file(books.xlsx(sheets=SEVERAL, hidden=("一月",)))
    assert (amounts(reading), reading.sheets, reading.sheet) == (["9.00"], ["二月"], "二月")


def test_a_workbook_of_hidden_sheets_alone_has_no_rows():
    hidden = {"一月": MARCH, "x": [["x"]]}
    assert [code for code, *_ in found(read_file(books.xlsx(sheets=hidden, hidden=("一月",))))] == ["F06"]


FAILED = [HEAD, [A, "2025-03", "#REF!"], [B, "2025-03", 7], [B, "2025-04", "#N/A"]]


OTHER_ORDER = books.with_sheet(books.xlsx(*FAILED), lambda xml: xml.replace(b'<c r="C2" t="e">', b'<c t="e" s="0" r="C2"><f>A9</f>'))


@pytest.mark.parametrize(
    "content",
    [books.xlsx(*FAILED), OTHER_ORDER, books.xls(执行数=FAILED), books.ods(执行数=FAILED)],
    ids=["xlsx", "xlsx by hand", "xls", "ods"],
)
def test_a_failed_formula_is_no_amount_and_is_named(content):
    reading = read_file(content)
    assert amounts(reading) == ["7.00"]
    assert found(reading) == [("R03", 2, "#REF!", "error"), ("R03", 4, "#N/A", "error")]


@pytest.mark.parametrize("make", [books.xlsx, lambda *rows: books.xls(s=rows), lambda *rows: books.ods(s=rows)], ids=["xlsx", "xls", "ods"])
def test_a_failed_month_of_a_wide_table_is_not_taken_for_a_blank_or_a_zero(make):
    reading = read_file(make(["项目编码", "1月", "2月"], [A, 5, "#REF!"], [B, None, 6]), Declared(2025))
    assert found(reading) == [("R03", 2, "#REF!", "error")]
    assert [(row["month"], str(row["amount"])) for row in reading.rows] == [(1, "5.00"), (2, "6.00")]


@pytest.mark.parametrize("form", ["0.00", "#,##0.00", "¥#,##0.00", "#,##0.00_ ;[Red]-#,##0.00 ", '0.00"元"'])
def test_a_number_is_rounded_to_what_its_cell_shows_and_that_is_said(form):
    reading = read_file(books.xlsx(HEAD, [A, "2025-03", 1234.565], [B, "2025-03", -0.125], formats={"C2": form, "C3": form}))
    assert amounts(reading) == ["1234.57", "-0.13"]
    assert found(reading) == [("M02", 2, "1234.565", "shown"), ("M02", 3, "-0.125", "shown")]
    assert [problem.expected for problem in reading.problems] == ["1234.57", "-0.13"]


@pytest.mark.parametrize("form", ["General", "0", "0.000", "0.00%", "0.00E+00", "#,##0.00,", '0.00"万"', "0.0#", "yyyy-mm"])
def test_a_number_that_does_not_show_just_two_decimals_is_not_rounded(form):
    reading = read_file(books.xlsx(HEAD, [A, "2025-03", 1234.565], formats={"C2": form}))
    assert amounts(reading) == []
    assert [code for code, *_ in found(reading)] == ["R03"]


def test_a_text_of_three_decimals_is_not_rounded_whatever_its_format():
    assert found(read_file(books.xlsx(HEAD, [A, "2025-03", "1234.565"], formats={"C2": "0.00"}))) == [("R03", 2, "1234.565", "decimals")]


def test_two_decimals_of_wan_are_no_cents_and_six_are():
    head = ["项目编码", "月份", "支出金额（万元）"]
    two = read_file(books.xlsx(head, [A, "2025-03", 1.23456789], formats={"C2": "0.00"}))
    six = read_file(books.xlsx(head, [A, "2025-03", 1.23456789], formats={"C2": "0.000000"}))
    assert (amounts(two), found(two)) == ([], [("R03", 2, "1.23456789", "decimals")])
    assert (amounts(six), found(six)) == (["12345.68"], [("M02", 2, "1.23456789", "shown")])


def test_a_number_of_an_old_workbook_is_never_rounded():
    assert found(read_file(books.xls(执行数=[HEAD, [A, "2025-03", 1.005]]))) == [("R03", 2, "1.005", "decimals")]


@pytest.mark.parametrize(
    ("form", "decimals"),
    [
        ("0.00", 2),
        ("_ * #,##0.00_ ;_ * -#,##0.00_ ", 2),
        ("[$¥-804]#,##0.00", 2),
        ("0.000", 3),
        ("0", 0),
        ("General", None),
        ("0.0#", None),
        ("0.00%", None),
        ("0!.0,", None),
        ("# ?/?", None),
        ("mm:ss.00", None),
        ("@", None),
    ],
)
def test_a_number_format_says_how_many_decimals_it_shows(form, decimals):
    assert decimals_shown(form) == decimals


def test_a_date_in_the_month_column_is_its_month():
    reading = read_file(books.xlsx(HEAD, [A, date(2025, 3, 31), 5], [B, date(2025, 4, 1), 6]))
    assert [(row["fiscal_year"], row["month"]) for row in reading.rows] == [(2025, 3), (2025, 4)]


def test_a_total_that_a_spreadsheet_added_in_floats_fits():
    rows = [[A, "2025-03", 0.1] for _ in range(10)]
    assert found(read_file(books.xlsx(HEAD, *rows, ["合计", None, sum(row[2] for row in rows)]))) == []


def test_a_sheet_that_is_a_chart_is_passed_over():
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in MARCH:
        book.active.append(row)
    chart = BarChart()
    chart.add_data(Reference(book.active, min_col=3, min_row=1, max_row=3))
    book.create_chartsheet("图", 0).add_chart(chart)
    book.save(content)
    assert amounts(read_file(content.getvalue())) == ["5.25", "7.00"]


def test_a_table_may_begin_in_any_column():
    reading = read_file(books.xlsx(*[[None, None, *row] for row in MARCH], formats={"E2": "0.00"}))
    assert amounts(reading) == ["5.25", "7.00"]
    shown = read_file(books.xlsx([None, *HEAD], [None, A, "2025-03", 1.005], formats={"D2": "0.00"}))
    assert (amounts(shown), found(shown)) == (["1.01"], [("M02", 2, "1.005", "shown")])


@pytest.mark.parametrize(("letters", "place"), [("A", 0), ("Z", 25), ("AA", 26), ("GR", 199), ("XFD", 16383)])
def test_the_letters_of_a_column_are_its_place(letters, place):
    assert (column_of(letters), letters_of(place)) == (place, letters)


def test_rows_of_a_long_sheet_keep_their_numbers_and_amounts(monkeypatch):
    monkeypatch.setattr(workbooks, "PIECE_ROWS", 70)
    rows = [[A, "2025-03", number / 4] for number in range(500)]
    reading = read_file(books.xlsx(["支出表"], [], HEAD, *rows[:250], [], *rows[250:]))
    assert reading.size == 500
    assert [reading.rows[place]["row"] for place in (0, 249, 250, -1)] == [4, 253, 255, 504]
    assert sum(row["amount"] for row in reading.rows) == Decimal(sum(range(500))) / 4


DISGUISES = [
    ("0%", True),
    ("0.00%", True),
    ("#,##0,", True),
    ("0!.0000", True),
    ('0!.0,"万"', True),
    ('0.0,"千"', True),
    (";;;", True),
    ("General", False),
    ("0.00", False),
    ("#,##0.00", False),
    ('_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', False),
    ('"¥"#,##0.00;[Red]\\-"¥"#,##0.00', False),
    ("[$¥-804]#,##0.00", False),
    ('0.00"元"', False),
    ("#,##0.00_);(#,##0.00)", False),
    ("@", False),
    ("#,##0.00_ ", False),
    ("0.00;-0.00;;@", False),
    ('0.00"%"', False),
    ("[$$-409]#,##0.00", True),
    ('"US$"#,##0.00', True),
    ('#,##0.00"美元"', True),
    ("[$€-2] #,##0.00", True),
    ("[$RMB] #,##0.00", False),
    ("[$-804]0.00", False),
]


@pytest.mark.parametrize(("form", "asked"), DISGUISES)
def test_w15_an_amount_whose_cell_shows_another_number_than_it_holds_is_asked_about(form, asked):
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in (["项目编码", "月份", "支出金额", "执行率"], [A, "2025-03", 12345.5, 0.5], [A, "2025-04", 50, 0.5]):
        book.active.append(row)
    book.active["C2"].number_format = form
    book.active["D2"].number_format = "0.00%"
    book.save(content)
    reading = read_file(content.getvalue(), Declared(2025))
    assert [(p.row, p.column, p.facts) for p in reading.problems if p.code == "W15"] == ([(2, "支出金额", {"count": 1})] if asked else [])
    assert [str(row["amount"]) for row in reading.rows] == ["12345.50", "50.00"]


@pytest.mark.parametrize("hidden", [(), (3,), (2, 4)])
def test_w16_rows_that_a_filter_hides_are_read_and_asked_about(hidden):
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in (["项目编码", "月份", "支出金额"], *([A, f"2025-0{month}", month] for month in (1, 2, 3))):
        book.active.append(row)
    for row in hidden:
        book.active.row_dimensions[row].hidden = True
    book.save(content)
    reading = read_file(content.getvalue(), Declared(2025))
    asked = [(hidden[0], {"why": "hidden", "count": len(hidden)})] if hidden else []
    assert [(p.row, p.facts) for p in reading.problems if p.code == "W16"] == asked
    assert [str(row["amount"]) for row in reading.rows] == ["1.00", "2.00", "3.00"]
