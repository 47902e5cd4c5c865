"""Monthly disbursements become rows; whatever is amiss in a row is one finding with its place."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from data.words import LANGUAGES, Words
from loaders.actuals import TEMPLATE
from loaders.files import Declared, read_file
from loaders.problems import Problem, Reading

A, B = "13020225P00781710002T", "13020225P00783310001Y"


def read(text: str, **declared: object) -> Reading:
    """What a CSV drawn with blanks after its commas says; each finding is worded once in both languages."""
    lines = [",".join(cell.strip(" ") for cell in line.strip(" ").split(",")) for line in text.strip("\n").split("\n")]
    reading = read_file("\n".join(lines).encode(), Declared(**declared))
    for language in LANGUAGES:
        assert all(Words(language).problem(problem) and Words(language).remedy(problem) for problem in reading.problems)
    return reading


def workbook(*rows: list[object]) -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


def amounts(reading: Reading) -> list[str]:
    return [str(row["amount"]) for row in reading.rows]


def found(reading: Reading) -> list[tuple[str, int | None, str | None, str | None]]:
    return [(problem.code, problem.row, problem.column, problem.value) for problem in reading.problems]


def why(problem: Problem) -> tuple[str, str | None]:
    return problem.code, problem.facts.get("why")


def test_a_full_template_row_is_read_to_its_last_cell():
    reading = read(f"{','.join(TEMPLATE)}\n2025,2025-03,323001,{A},表彰,1200.50,元,当月,财政资金,凭-1,差旅")
    assert reading.problems == []
    assert reading.rows == [
        {
            "row": 2,
            "fiscal_year": 2025,
            "month": 3,
            "unit_code": "323001",
            "project_code": A,
            "project_name": "表彰",
            "amount": Decimal("1200.50"),
            "figure": "month",
            "fund": "财政资金",
            "voucher": "凭-1",
            "note": "差旅",
            "others": "",
        }
    ]
    assert (reading.recognised, reading.fiscal_year, reading.unit_of_money) == ("actuals", 2025, "元")


def test_code_month_and_amount_are_enough():
    reading = read(f"项目编码, 月份, 支出金额\n{A}, 2025-03, 5\n{B}, 2025-03, 0")
    assert found(reading) == []
    assert [(row["project_code"], row["unit_code"], row["voucher"]) for row in reading.rows] == [(A, None, None), (B, None, None)]
    assert amounts(reading) == ["5.00", "0.00"]


@pytest.mark.parametrize(
    "heading", ["项目编码", "项目代码", "预算项目编码", "Project Code", "project_code", " 项 目 编 码 ", "项目编码：", "*项目编码"]
)
def test_the_code_goes_by_its_synonyms_whatever_case_and_blanks(heading):
    assert [row["project_code"] for row in read(f"{heading}, 月份, 支出金额\n{A}, 2025-03, 5").rows] == [A]


@pytest.mark.parametrize("heading", ["月份", "期间", "会计期间", "MONTH", "Period", "月 份"])
def test_the_month_goes_by_its_synonyms(heading):
    assert [row["month"] for row in read(f"项目编码, {heading}, 支出金额\n{A}, 2025-03, 5").rows] == [3]


@pytest.mark.parametrize("heading", ["支出金额", "支付金额", "执行数", "本月支出", "Amount", "支出金额（元）", "支出金额(元)"])
def test_the_amount_goes_by_its_synonyms_for_a_month(heading):
    reading = read(f"项目编码, 月份, {heading}\n{A}, 2025-03, 5")
    assert [(str(row["amount"]), row["figure"]) for row in reading.rows] == [("5.00", "month")]


@pytest.mark.parametrize("heading", ["累计支出", "累计执行数", "累计支付金额", "累计支出（元）"])
def test_a_heading_that_says_cumulative_makes_the_figures_cumulative(heading):
    reading = read(f"项目编码, 月份, {heading}\n{A}, 2025-03, 5", figure="month")
    assert [(str(row["amount"]), row["figure"]) for row in reading.rows] == [("5.00", "cumulative")]


def test_columns_may_stand_in_any_order_among_others_which_pass_through():
    reading = read(f"序号, 支出金额, 经办人, 月份, 项目编码\n1, 5, 张三, 2025-03, {A}")
    assert found(reading) == []
    assert [(row["project_code"], row["month"], str(row["amount"]), row["others"]) for row in reading.rows] == [(A, 3, "5.00", "\t张三")]


def test_title_rows_above_the_header_are_passed_over_and_rows_keep_their_numbers():
    reading = read(f"路南区支出明细,,\n单位：万元,,\n,,\n项目编码, 月份, 支出金额\n{A}, 2025-03, 1.5\n{B}, 2025-03, x")
    assert [(row["row"], str(row["amount"])) for row in reading.rows] == [(5, "15000.00")]
    assert found(reading) == [("R03", 6, "支出金额", "x")]


def test_the_header_of_a_workbook_is_found_below_its_title():
    header = ["项目代码", "会计期间", "支付金额（万元）"]
    reading = read_file(workbook(["支出明细"], [], header, [A, date(2025, 3, 31), 0.35], [A, "2025-04", "1,200"]))
    assert [(row["row"], row["month"], str(row["amount"])) for row in reading.rows] == [(4, 3, "3500.00"), (5, 4, "12000000.00")]


def test_an_excel_serial_is_its_month():
    reading = read_file(workbook(["项目编码", "月份", "支出金额"], [A, 45717, 5], [A, 45777, 6]))
    assert [(row["fiscal_year"], row["month"]) for row in reading.rows] == [(2025, 3), (2025, 4)]


@pytest.mark.parametrize("month", ["2025-03", "2025/3", "202503", "2025年3月", "45717", "2025-03-31", "2025年1-3月", "２０２５－０３"])
def test_a_month_with_its_year_needs_no_declaration(month):
    reading = read(f"项目编码, 月份, 支出金额\n{A}, {month}, 5")
    assert [(row["fiscal_year"], row["month"]) for row in reading.rows] == [(2025, 3)]


@pytest.mark.parametrize("month", ["3月", "3", "03", "1-3月", "1~3月", "3月份"])
def test_a_month_without_its_year_takes_the_declared_one(month):
    assert [(row["fiscal_year"], row["month"]) for row in read(f"项目编码, 月份, 支出金额\n{A}, {month}, 5", year=2025).rows] == [(2025, 3)]
    missing = read(f"项目编码, 月份, 支出金额\n{A}, {month}, 5")
    assert (missing.rows, found(missing)) == ([], [("R05", 2, "月份", month)])
    assert why(missing.problems[0]) == ("R05", "year")


@pytest.mark.parametrize("year", ["2025", "2025年", "２０２５"])
def test_a_month_without_its_year_takes_the_rows_own(year):
    assert [(row["fiscal_year"], row["month"]) for row in read(f"年度, 项目编码, 月份, 支出金额\n{year}, {A}, 3月, 5").rows] == [(2025, 3)]


@pytest.mark.parametrize("month", ["2025-13", "十三月", "abc", "", "1999-03"])
def test_an_unreadable_month_is_found(month):
    reading = read(f"项目编码, 月份, 支出金额\n{A}, {month}, 5", year=2025)
    assert (reading.rows, found(reading)) == ([], [("R05", 2, "月份", month)])
    assert why(reading.problems[0]) == ("R05", "unreadable")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ('"1,234.56"', "1234.56"),
        ("１２３４．５６", "1234.56"),
        ("¥1234.5", "1234.50"),
        ("1234.5元", "1234.50"),
        ("0.12万元", "1200.00"),
        ("(1000)", "-1000.00"),
        ("（1000）", "-1000.00"),
        ("−1000", "-1000.00"),
    ],
)
def test_money_is_mended_and_the_mending_reported(text, amount):
    reading = read_file(f"项目编码,月份,支出金额\n{A},2025-03,{text}\n".encode())
    assert amounts(reading) == [amount]
    assert found(reading) == [("M02", 2, "支出金额", text.strip('"'))]
    assert Decimal(reading.problems[0].expected) == Decimal(amount)


def test_a_plain_negative_amount_is_read_without_remark():
    reading = read(f"项目编码, 月份, 支出金额\n{A}, 2025-03, -1000.25")
    assert (amounts(reading), found(reading)) == (["-1000.25"], [])


def test_wan_is_declared_or_stands_in_the_header_or_the_row_and_the_nearest_word_wins():
    table = f"项目编码, 月份, 支出金额\n{A}, 2025-03, 1.5"
    assert amounts(read(table)) == ["1.50"]
    assert amounts(read(table, unit_of_money="万元")) == ["15000.00"]
    assert amounts(read(table.replace("支出金额", "支出金额（万元）"))) == ["15000.00"]
    assert amounts(read(table.replace("支出金额", "支出金额（元）"), unit_of_money="万元")) == ["1.50"]
    assert amounts(read(f"项目编码, 月份, 支出金额（万元）, 金额单位\n{A}, 2025-03, 1.5, 元\n{B}, 2025-03, 1.5, ")) == ["1.50", "15000.00"]


def test_six_decimals_of_wan_are_whole_cents():
    assert amounts(read(f"项目编码, 月份, 支出金额（万元）\n{A}, 2025-03, 0.123456")) == ["1234.56"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        *((blank, "blank") for blank in ("", "-", "--", "—", "无")),
        *((text, "text") for text in ("x", "1e5", "NaN", "1²", "①", "(-5)")),
        ("#REF!", "error"),
        ("1200.505", "decimals"),
    ],
)
def test_an_amount_that_is_none_is_found_with_its_reason(text, reason):
    reading = read(f"项目编码, 月份, 支出金额\n{A}, 2025-03, {text}\n{B}, 2025-03, 7")
    assert found(reading) == [("R03", 2, "支出金额", text)]
    assert why(reading.problems[0]) == ("R03", reason)
    assert amounts(reading) == ["7.00"]


@pytest.mark.parametrize("digits", [17, 20, 40, 300])
def test_an_amount_beyond_all_bounds_is_found_and_never_raises(digits):
    reading = read(f"项目编码, 月份, 支出金额\n{A}, 2025-03, {'9' * digits}\n{B}, 2025-03, 7")
    assert found(reading)[0][:3] == ("R03", 2, "支出金额")
    assert amounts(reading) == ["7.00"]


def test_the_senders_own_heading_names_the_place():
    reading = read(f"预算项目编码, 会计期间, 支付金额（元）\n{A}, 2025-03, x\n, 2025-03, 5\n{A}, abc, 5")
    assert found(reading) == [("R03", 2, "支付金额（元）", "x"), ("R09", 3, "预算项目编码", ""), ("R05", 4, "会计期间", "abc")]


def test_faulty_rows_give_one_finding_each_and_the_others_are_still_read():
    reading = read(
        f"""
        项目编码, 月份, 支出金额, 口径
        {A}, 2025-01, 1, 当月
        , 2025-01, 2, 当月
        {A}, 13月, 3, 当月
        {A}, 2025-02, 四, 当月
        1.30202E+20, 2025-02, 5, 当月
        {A}, 2025-02, 6, 季度
        {A}, 2025-03, 7, 累计
    """.strip()
    )
    assert found(reading) == [
        ("R09", 3, "项目编码", ""),
        ("R05", 4, "月份", "13月"),
        ("R03", 5, "支出金额", "四"),
        ("R07", 6, "项目编码", "1.30202E+20"),
        ("R08", 7, "口径", "季度"),
    ]
    assert [(row["row"], str(row["amount"]), row["figure"]) for row in reading.rows] == [(2, "1.00", "month"), (8, "7.00", "cumulative")]


@pytest.mark.parametrize(
    ("word", "figure"), [("当月", "month"), ("本月", "month"), ("累计", "cumulative"), ("本年累计", "cumulative"), ("", "cumulative")]
)
def test_the_kind_of_figure_is_the_rows_own_or_the_declared_one(word, figure):
    assert [row["figure"] for row in read(f"项目编码, 月份, 支出金额, 口径\n{A}, 2025-03, 5, {word}", figure="cumulative").rows] == [figure]


@pytest.mark.parametrize("code", [A.lower(), f" {A}", f"{A} ", "１３０２０２２５Ｐ００７８１７１０００２Ｔ", f"\ufeff{A}"])
def test_a_code_is_mended_and_the_mending_reported(code):
    reading = read_file(f"月份,项目编码,支出金额\n2025-03,{code},5\n".encode())
    assert [row["project_code"] for row in reading.rows] == [A]
    assert [(problem.code, problem.row, problem.expected) for problem in reading.problems] == [("M02", 2, A)]


def test_a_code_that_excel_turned_into_a_number_is_found():
    reading = read_file(workbook(["项目编码", "月份", "支出金额"], [1.30202e20, "2025-03", 5]))
    assert [(problem.code, problem.row, problem.column) for problem in reading.problems] == [("R07", 2, "项目编码")]


@pytest.mark.parametrize("word", ["合计", "合 计", "总计", "小计", "合计：", "总计（元）"])
def test_a_totals_row_that_fits_is_dropped_in_silence(word):
    reading = read(f"项目编码, 月份, 支出金额\n{A}, 2025-03, 5\n{B}, 2025-03, 7.5\n{word},, 12.50")
    assert (amounts(reading), found(reading)) == (["5.00", "7.50"], [])


def test_a_totals_row_that_does_not_fit_is_asked_about():
    reading = read(f"项目编码, 月份, 支出金额\n{A}, 2025-03, 5\n{B}, 2025-03, 7.5\n合计,, 13.50")
    assert found(reading) == [("W09", 4, "支出金额", "13.50")]
    assert reading.problems[0].facts == {"sum": "12.50", "difference": "1.00"}
    assert amounts(reading) == ["5.00", "7.50"]


def test_a_totals_row_without_an_amount_is_asked_about():
    assert found(read(f"项目编码, 月份, 支出金额\n{A}, 2025-03, 5\n合计,, 见附表")) == [("W09", 3, "支出金额", "见附表")]


def test_partial_sums_count_since_the_last_one_and_the_grand_total_counts_all():
    table = f"项目编码, 月份, 支出金额（万元）\n{A}, 2025-03, 5\n小计,, 5\n{B}, 2025-03, 7\n{B}, 2025-03, 1\n小计,, 8\n合计,, 13"
    assert found(read(table)) == []
    assert found(read(table.replace("小计,, 8", "小计,, 9"))) == [("W09", 6, "支出金额（万元）", "9")]


def test_a_total_after_a_faulty_row_is_not_held_against_the_sender():
    assert [code for code, *_ in found(read(f"项目编码, 月份, 支出金额\n{A}, 2025-03, 5\n{A}, 2025-03, x\n合计,, 12"))] == ["R03"]


def test_a_total_named_in_a_column_of_the_senders_own_is_a_totals_row():
    reading = read(f"序号, 项目编码, 月份, 支出金额\n1, {A}, 2025-03, 5\n合计,,, 5")
    assert (amounts(reading), found(reading)) == (["5.00"], [])


def test_a_row_of_a_project_whose_note_says_total_is_spending():
    assert amounts(read(f"项目编码, 月份, 支出金额, 备注\n{A}, 2025-03, 5, 差旅\n{A}, 2025-03, 5, 合计")) == ["5.00", "5.00"]


def test_a_file_of_totals_alone_has_no_rows():
    assert [code for code, *_ in found(read("项目编码, 月份, 支出金额\n合计,, 5"))] == ["F01"]


def test_a_missing_heading_is_named_with_the_nearest_one():
    reading = read("项目编吗, 月份, 支出金额\n1, 2025-03, 5")
    assert found(reading) == [("F03", 1, "项目编码", "项目编吗")]
    assert why(reading.problems[0]) == ("F03", "near")


def test_a_missing_heading_without_a_near_one_is_named():
    reading = read("备注, 月份, 支出金额\n1, 2025-03, 5")
    assert [why(problem) for problem in reading.problems] == [("F03", "missing")]
    assert reading.problems[0].expected == "项目编码"


def test_a_heading_that_stands_twice_is_found_at_its_row_of_the_file():
    reading = read(f"支出表,,,\n,,,\n,,,\n项目编码, 月份, 支出金额, 支付金额\n{A}, 2025-03, 5, 6")
    assert [why(problem) for problem in reading.problems] == [("F03", "twice")]
    assert found(reading) == [("F03", 4, "支出金额", "支付金额")]


def test_a_report_that_also_shows_names_and_budgets_is_no_plan():
    reading = read(f"项目编码, 项目名称, 预算数, 月份, 支出金额\n{A}, 表彰, 260000, 2025-03, 5")
    assert reading.recognised == "actuals"
    assert amounts(reading) == ["5.00"]


def test_empty_cells_beyond_the_header_do_no_harm():
    assert amounts(read(f"项目编码, 月份, 支出金额\n{A}, 2025-03, 5,,,")) == ["5.00"]


def test_a_quoted_line_break_does_not_part_a_row():
    reading = read_file(f'项目编码,月份,支出金额,备注\n{A},2025-03,5,"差旅\n住宿"\n{B},2025-03,7,\n'.encode())
    assert [(row["project_code"], row["note"]) for row in reading.rows] == [(A, "差旅\n住宿"), (B, None)]


def test_two_years_in_one_file_leave_the_year_open():
    assert read(f"项目编码, 月份, 支出金额\n{A}, 2024-12, 5\n{A}, 2025-01, 5").fiscal_year is None


DECLARED = [
    ("累计支出（万元）", "2025-03", "元", "month", [("money", "万元"), ("month", "累计支出（万元）")]),
    ("累计支出（万元）", "2025-03", "万元", "cumulative", []),
    ("累计支出（万元）", "2025-03", None, None, []),
    ("本月支出", "2025-03", "元", "cumulative", [("cumulative", "本月支出")]),
    ("支出金额", "2025年1-3月", "元", "month", [("month", "2025年1-3月")]),
    ("支出金额", "2025-03", "万元", "cumulative", []),
]


@pytest.mark.parametrize(("heading", "month", "unit", "figure", "asked"), DECLARED)
def test_w14_a_file_that_says_otherwise_than_declared_is_asked_about_and_read_as_it_says(heading, month, unit, figure, asked):
    found = read_file(f"项目编码,月份,{heading}\n{A},{month},5\n".encode(), Declared(2025, unit, figure))
    assert [(p.facts["why"], p.value) for p in found.problems if p.code == "W14"] == asked
    is_cumulative = "累计" in heading or "1-" in month or ("本月" not in heading and figure == "cumulative")
    assert found.rows[0]["amount"] == (50_000 if unit == "万元" or "万元" in heading else 5)
    assert found.rows[0]["figure"] == ("cumulative" if is_cumulative else "month")


def test_w14_a_rows_own_word_against_the_declared_one_is_asked_about_at_the_first_such_row():
    rows = f"{A},2025-03,5,当月,元\n{A},2025-03,5,累计,万元\n"
    found = read_file(f"项目编码,月份,支出金额,口径,金额单位\n{rows}".encode(), Declared(2025, "元", "month"))
    told = [(p.row, p.column, p.value, p.facts["why"]) for p in found.problems if p.code == "W14"]
    assert told == [(3, "金额单位", "万元", "money"), (3, "口径", "累计", "month")]


def test_w14_a_title_against_the_declared_kind_is_asked_about():
    found = read_file(f"2025年1-3月累计支出\n单位：万元\n项目编码,支出金额\n{A},5\n".encode(), Declared(2025, "元", "month"))
    assert [(p.column, p.value) for p in found.problems if p.code == "W14"] == [("支出金额", "万元"), ("支出金额", "2025年1-3月")]


AROUND = [
    f"项目编码,月份,支出金额\n{A},2025-01,2\n注：以上金额单位为万元,,\n",
    f"项目编码,月份,支出金额\n{A},2025-01,2\n单位：万元,,\n",
    f"单位：万元\n项目编码,月份,支出金额（元）\n{A},2025-01,2\n",
]


@pytest.mark.parametrize("text", AROUND)
def test_w14_a_remark_around_the_table_that_names_another_unit_of_money_is_asked_about(text):
    found = read_file(text.encode(), Declared(2025))
    assert [(p.value, p.expected, p.facts["why"]) for p in found.problems if p.code == "W14"] == [("万元", "元", "elsewhere")]
    assert amounts(found) == ["2.00"]


def test_w14_a_remark_with_an_amount_or_the_same_unit_is_nothing_to_ask_about():
    text = f"单位：万元\n项目编码,月份,支出金额（万元）\n{A},2025-01,2\n注：其中退款1万元，金额单位为万元\n说明：上年为5元\n"
    assert [p for p in read_file(text.encode(), Declared(2025)).problems if p.code == "W14"] == []


TWO_WAYS = [
    (f"项目编码,月份,支出金额\n{A},1-3,5\n", None, [("span", "1-3")]),
    (f"项目编码,月份,支出金额\n{A},1-3,5\n", "cumulative", []),
    (f"项目编码,月份,累计支出\n{A},01-03,5\n", None, []),
    (f"项目编码,月份,口径,支出金额\n{A},1-3,累计,5\n", None, []),
    (f"项目编码,月份,支出金额\n{A},1-3月,5\n", None, []),
    (f"项目编码,月份,支出金额,退款金额\n{A},2025-03,5,0.5\n{A},2025-04,5,\n", None, [("refund", "0.5")]),
    (f"项目编码,月份,支出金额,退款金额\n{A},2025-03,5,0\n{A},2025-04,5,—\n", None, []),
    (f"项目编码,月份,支出金额,是否退款\n{A},2025-03,5,否\n", None, []),
]


@pytest.mark.parametrize(("text", "figure", "asked"), TWO_WAYS)
def test_w16_what_may_mean_something_else_is_asked_about(text, figure, asked):
    found = read_file(text.encode(), Declared(2025, None, figure))
    assert [(p.facts["why"], p.value) for p in found.problems if p.code == "W16"] == asked
    assert amounts(found)[0] == "5.00"


SEVERAL = [f"单位：万元、元\n项目编码,月份,支出金额\n{A},2025-01,2\n", f"项目编码,1月（元）,2月（万元）\n{A},10000,2\n"]


@pytest.mark.parametrize("text", SEVERAL)
def test_r13_several_units_of_money_are_refused(text):
    found = read_file(text.encode(), Declared(2025))
    assert [(p.code, p.value) for p in found.problems] == [("R13", "万元、元")] and found.size == 0


def test_r13_a_row_without_its_unit_of_money_among_rows_with_another_is_refused():
    rows = f"{A},2025-01,5,万元\n{B},2025-01,5,\n"
    found = read_file(f"项目编码,月份,支出金额,金额单位\n{rows}".encode(), Declared(2025))
    assert [(p.code, p.row, p.facts.get("why")) for p in found.problems] == [("R13", 3, "blank")] and amounts(found) == ["50000.00"]
    assert read_file(f"项目编码,月份,支出金额（万元）,金额单位\n{rows}".encode(), Declared(2025)).problems == []


def test_w14_a_rows_own_unit_of_money_against_that_of_the_heading_is_asked_about():
    rows = f"{A},2025-01,5,元\n{B},2025-01,5,万元\n"
    found = read_file(f"项目编码,月份,支出金额（元）,金额单位\n{rows}".encode(), Declared(2025))
    assert [(p.code, p.row, p.column, p.value, p.expected) for p in found.problems] == [("W14", 3, "金额单位", "万元", "元")]
    assert amounts(found) == ["5.00", "50000.00"]


def test_r08_a_row_without_its_kind_of_figure_among_rows_with_another_is_refused():
    rows = f"{A},2025-01,5,累计\n{B},2025-01,5,\n"
    found = read_file(f"项目编码,月份,支出金额,口径\n{rows}".encode(), Declared(2025))
    assert [(p.code, p.row, p.facts.get("why")) for p in found.problems] == [("R08", 3, "blank")] and found.size == 1
    assert read_file(f"项目编码,月份,支出金额,口径\n{rows}".encode(), Declared(2025, figure="cumulative")).problems == []


@pytest.mark.parametrize("made", ["打印日期：2025年2月3日", "填报时间:2025-02-03", "导出于2025年2月3日", "制表日期 2025.2.3"])
def test_the_day_on_which_a_table_was_made_is_not_its_month(made):
    found = read_file(f"{made}\n项目编码,支出金额\n{A},5\n".encode(), Declared(2025))
    assert [(p.code, p.facts.get("column_wanted")) for p in found.problems] == [("F03", "月份")]
    both = read_file(f"2025年1月支出表,{made}\n项目编码,支出金额\n{A},5\n".encode(), Declared(2025))
    assert [row["month"] for row in both.rows] == [1]


@pytest.mark.parametrize("heading", ["序号", "行次", "No.", "序 号"])
def test_a_running_number_does_not_tell_copied_rows_apart(heading):
    found = read_file(f"{heading},项目编码,月份,支出金额\n1,{A},2025-01,5\n2,{A},2025-01,5\n".encode(), Declared(2025))
    assert found.rows[0]["others"] == found.rows[1]["others"]


def test_a_day_that_its_month_does_not_have_is_no_month():
    for text in ("2025-02-30", "2025/4/31", "20250230"):
        found = read_file(f"项目编码,月份,支出金额\n{A},{text},5\n".encode(), Declared(2025))
        assert [(p.code, p.value) for p in found.problems] == [("R05", text)]


@pytest.mark.parametrize("amount", ["0,100", "00,100", "0,000"])
def test_a_comma_behind_a_leading_nought_is_no_thousands_separator(amount):
    found = read_file(f'项目编码,月份,支出金额\n{A},2025-01,"{amount}"\n'.encode(), Declared(2025))
    assert [(p.code, p.value) for p in found.problems] == [("R03", amount)]
