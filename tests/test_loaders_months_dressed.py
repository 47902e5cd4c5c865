"""The forms that disbursements really have: a column a month, months in titles, sums, notes, kinds and units that contradict."""

from decimal import Decimal

import pytest

from data.words import LANGUAGES, Words
from loaders import problems
from loaders.files import Declared, read_file
from loaders.problems import Reading

A, B, C = "13020225P00781710002T", "13020225P00783310001Y", "13020225P00780610003N"


def read(text: str, **declared: object) -> Reading:
    """What a CSV drawn with blanks after its commas says, in 2025; each finding is worded once in both languages."""
    lines = [",".join(cell.strip(" ") for cell in line.strip(" ").split(",")) for line in text.strip("\n").split("\n")]
    reading = read_file("\n".join(lines).encode(), Declared(**{"year": 2025, **declared}))
    for language in LANGUAGES:
        assert all(Words(language).problem(problem) and Words(language).remedy(problem) for problem in reading.problems)
    return reading


def said(reading: Reading) -> list[tuple[int, str, int, str, str]]:
    return [(row["row"], row["project_code"], row["month"], str(row["amount"]), row["figure"]) for row in reading.rows]


def found(reading: Reading) -> list[tuple[str, int | None, str | None, str | None]]:
    return [(problem.code, problem.row, problem.column, problem.value) for problem in reading.problems]


# A column a month.


def test_a_column_a_month_makes_a_row_of_every_filled_month_and_none_of_a_blank_one():
    reading = read(f"项目编码, 项目名称, 1月, 2月, 3月, 经办\n{A}, 表彰, 1, , 3, 张三\n{B}, 培训, , 0, , ")
    assert found(reading) == []
    assert said(reading) == [(2, A, 1, "1.00", "month"), (2, A, 3, "3.00", "month"), (3, B, 2, "0.00", "month")]
    assert [(row["project_name"], row["others"]) for row in reading.rows] == [("表彰", "张三"), ("表彰", "张三"), ("培训", "")]


@pytest.mark.parametrize("heading", ["3月", "3月份", "2025年3月", "2025-03", "202503", "3月支出", "3月支出数", "3月支付金额", "３月（元）"])
def test_a_month_may_be_headed_in_any_way(heading):
    assert said(read(f"项目编码, {heading}\n{A}, 5")) == [(2, A, 3, "5.00", "month")]


@pytest.mark.parametrize("heading", ["1-3月", "1～3月执行数", "1—3月支出", "2025年1-3月", "截至3月", "3月累计", "3月累计支出"])
def test_a_heading_from_january_on_makes_its_column_cumulative(heading):
    assert said(read(f"项目编码, {heading}\n{A}, 5", figure="month")) == [(2, A, 3, "5.00", "cumulative")]


def test_the_unit_of_months_stands_in_their_headings_or_above():
    assert [row["amount"] for row in read(f"项目编码, 1月（万元）\n{A}, 1.5").rows] == [15000]
    assert [row["amount"] for row in read(f"单位：万元,\n项目编码, 1月\n{A}, 1.5").rows] == [15000]


def test_a_fault_in_a_month_is_found_at_its_own_heading():
    reading = read(f"项目编码, 1月, 2月\n{A}, 5, x\n{B}, -, 6")
    assert found(reading) == [("R03", 2, "2月", "x"), ("R03", 3, "1月", "-")]


def test_totals_of_months_are_checked_month_by_month():
    table = f"项目编码, 1月, 2月\n{A}, 1, 2\n{B}, 3, \n合计, 4, 2"
    assert found(read(table)) == []
    assert found(read(table.replace("合计, 4, 2", "合计, 4, 3"))) == [("W09", 4, "2月", "3")]


def test_a_sum_beside_the_months_of_a_row_is_checked():
    table = f"项目编码, 1月, 2月, 合计\n{A}, 1, 2, 3\n{B}, 3, , 3\n合计, 4, 2, 6"
    assert found(read(table)) == []
    reading = read(table.replace(f"{A}, 1, 2, 3", f"{A}, 1, 2, 4"))
    assert found(reading) == [("W09", 2, "合计", "4")]
    assert reading.problems[0].facts == {"why": "across", "sum": "3.00", "difference": "1.00"}


def test_a_month_that_has_two_columns_is_found():
    assert found(read(f"项目编码, 3月, 3月份\n{A}, 1, 2")) == [("F03", 1, "3月", "3月份")]


def test_months_beside_a_budget_are_spending_unless_they_are_the_shares_of_a_plan():
    table = f"项目编码, 项目名称, 年初预算数, 1月, 2月\n{A}, 表彰, 100"
    assert read(f"{table}, 5, 60").recognised == "actuals"
    assert read(f"{table}, 50, 30").recognised == "actuals"
    assert read(f"{table}, 50%, 100%").recognised == "plan"
    assert read(f"{table}, 50, 100").recognised == "plan"


# What a title says.


def test_a_month_that_only_the_title_names_is_taken_and_said():
    reading = read(f"2025年9月支出表,,\n项目编码, 项目名称, 执行数\n{A}, 表彰, 5", year=None)
    assert [(row["fiscal_year"], row["month"], row["figure"]) for row in reading.rows] == [(2025, 9, "month")]
    assert found(reading) == [("M06", 2, None, "2025年9月")]


@pytest.mark.parametrize("title", ["2025年1-9月支出表", "截至2025年9月底支出表", "2025年9月累计支出表"])
def test_a_title_from_january_on_makes_the_figures_cumulative(title):
    assert said(read(f"{title},,\n项目编码, 执行数, 执行率\n{A}, 5, 50%")) == [(3, A, 9, "5.00", "cumulative")]


def test_a_title_of_two_months_names_none():
    assert [code for code, *_ in found(read(f"2025年8月、9月支出表,\n项目编码, 执行数\n{A}, 5"))] == ["F03"]


def test_a_period_in_the_title_of_a_list_by_month_does_not_make_it_cumulative():
    assert said(read(f"2025年1-9月累计支出明细,,\n项目编码, 月份, 支出金额\n{A}, 3月, 5")) == [(3, A, 3, "5.00", "month")]


def test_a_report_beside_budgets_and_rates_is_no_plan():
    reading = read(f"2025年9月执行表,,,,\n单位：万元,,,,\n项目编码, 项目名称, 年初预算数, 执行数, 执行率\n{A}, 表彰, 10, 5, 50%")
    assert (reading.recognised, reading.unit_of_money) == ("actuals", "万元")
    assert [(row["amount"], row["others"]) for row in reading.rows] == [(50000, "10\t50%")]


# Sums and notes.


def test_a_grand_total_may_lead_the_table():
    table = f"项目编码, 月份, 支出金额\n合计,, 12\n{A}, 3月, 5\n{B}, 3月, 7"
    assert found(read(table)) == []
    reading = read(table.replace("12", "13"))
    assert found(reading) == [("W09", 2, "支出金额", "13")]
    assert reading.problems[0].facts == {"sum": "12.00", "difference": "1.00"}


def test_partial_sums_may_lead_their_parts():
    table = f"项目编码, 月份, 支出金额\n合计,, 12\n本级小计,, 5\n{A}, 3月, 5\n中心小计,, 7\n{B}, 3月, 7"
    assert found(read(table)) == []
    assert found(read(table.replace("中心小计,, 7", "中心小计,, 8"))) == [("W09", 5, "支出金额", "8")]


def test_a_total_below_that_equals_what_follows_it_is_still_asked_about():
    assert found(read(f"项目编码, 月份, 支出金额\n{A}, 3月, 5\n合计,, 7\n{B}, 3月, 7")) == [("W09", 3, "支出金额", "7")]


@pytest.mark.parametrize("word", ["本级小计", "323001小计", "3月合计", "Total", "部门总计"])
def test_a_sum_is_told_by_how_its_label_ends(word):
    assert found(read(f"项目编码, 月份, 支出金额\n{A}, 3月, 5\n{word},, 5")) == []


def test_notes_and_signatures_below_the_table_are_passed_over_and_said():
    reading = read(
        f"项目编码, 月份, 支出金额\n{A}, 3月, 5\n合计,, 5\n注：不含其他资金\n填报人：张三, 审核人：李四, 2025-04-01\n以上为一季度,,"
    )
    assert said(reading) == [(2, A, 3, "5.00", "month")]
    assert found(reading) == [
        ("M02", 4, None, "注：不含其他资金"),
        ("M02", 5, None, "填报人：张三"),
        ("M02", 6, None, "以上为一季度"),
    ]
    assert {problem.facts["why"] for problem in reading.problems} == {"passed"}


@pytest.mark.parametrize("row", [f"{B}, 3月,", f"{B},,", ", 3月, 5", "x, 3月, y", f"{B}"])
def test_a_last_row_that_lacks_something_is_no_note(row):
    assert [(code, line) for code, line, *_ in found(read(f"项目编码, 月份, 支出金额\n{A}, 3月, 5\n{row}"))][0][1] == 3
    assert read(f"项目编码, 月份, 支出金额\n{A}, 3月, 5\n{row}").fatal


def test_a_header_repeated_on_every_page_is_passed_over():
    reading = read(f"项目编码, 月份, 支出金额\n{A}, 3月, 5\n项目编码, 月份, 支出金额\n{B}, 3月, 6")
    assert [row[:2] for row in said(reading)] == [(2, A), (4, B)]
    assert found(reading) == [("M02", 3, None, "项目编码")]


# Kinds of figure and units of money.


@pytest.mark.parametrize("month", ["1-3月", "1～3月", "1月至3月", "2025年1-3月", "2025-01至2025-03", "截至3月", "3月累计"])
def test_a_month_from_january_on_makes_its_row_cumulative(month):
    assert said(read(f"项目编码, 月份, 支出金额\n{A}, {month}, 5\n{B}, 3月, 6", figure="month")) == [
        (2, A, 3, "5.00", "cumulative"),
        (3, B, 3, "6.00", "month"),
    ]


@pytest.mark.parametrize(
    ("heading", "row", "finding"),
    [
        ("本月支出", "3月, 5, 累计", ("R12", 2, "口径", "累计")),
        ("累计支出", "3月, 5, 当月", ("R12", 2, "口径", "当月")),
        ("本月支出", "1-3月, 5,", ("R12", 2, "月份", "1-3月")),
        ("支出金额", "1-3月, 5, 当月", ("R12", 2, "月份", "1-3月")),
    ],
)
def test_a_file_that_contradicts_itself_on_its_kind_of_figure_is_found(heading, row, finding):
    reading = read(f"项目编码, 月份, {heading}, 口径\n{A}, {row}\n{B}, 3月, 6,")
    assert found(reading) == [finding]
    assert [code for _, code, *_ in said(reading)] == [B]


@pytest.mark.parametrize("heading", ["支出金额（美元）", "支出金额（百万元）", "支出金额（x元）", "支出金额（万万元）"])
def test_a_unit_of_money_that_cannot_be_read_is_never_taken_for_yuan(heading):
    reading = read(f"项目编码, 月份, {heading}\n{A}, 3月, 5", unit_of_money="万元")
    assert (said(reading), [code for code, *_ in found(reading)]) == ([], ["R13"])


@pytest.mark.parametrize("title", ["单位：美元", "金额单位：百万元", "（单位：港元）"])
def test_a_unit_above_the_table_that_cannot_be_read_is_found(title):
    assert [code for code, *_ in found(read(f"{title},,\n项目编码, 月份, 支出金额\n{A}, 3月, 5"))] == ["R13"]


def test_a_rows_own_unit_that_cannot_be_read_is_found_at_its_row():
    reading = read(f"项目编码, 月份, 支出金额, 金额单位\n{A}, 3月, 5, 美元\n{B}, 3月, 5, 万元")
    assert found(reading) == [("R13", 2, "金额单位", "美元")]
    assert [row[3] for row in said(reading)] == ["50000.00"]


def test_a_name_that_holds_the_word_yuan_is_no_unit_of_money():
    assert read(f"编制单位：开元区人社局,,\n项目编码, 月份, 支出金额\n{A}, 3月, 5", unit_of_money="万元").unit_of_money == "万元"


def test_of_a_months_and_a_cumulative_column_the_declared_kind_is_read():
    table = f"项目编码, 月份, 本月支出, 累计支出\n{A}, 3月, 5, 50"
    assert said(read(table, figure="month")) == [(2, A, 3, "5.00", "month")]
    assert said(read(table, figure="cumulative")) == [(2, A, 3, "50.00", "cumulative")]
    assert [code for code, *_ in found(read(table))] == ["F03"]


# Headings, years and codes.


def test_the_headings_of_real_systems_are_known():
    reading = read(f"预算单位编码, 项目编号, 支付日期, 累计执行数(元), 支付令号, 摘要\n323001, {A}, 2025-03-07, 5, 凭1, 差旅")
    assert found(reading) == []
    row = reading.rows[0]
    assert (row["unit_code"], row["voucher"], row["note"], row["figure"]) == ("323001", "凭1", "差旅", "cumulative")


def test_a_lesser_heading_counts_only_where_the_first_is_missing():
    reading = read(f"项目编码, 月份, 支付日期, 支出金额, 备注, 摘要\n{A}, 3月, 2025-04-07, 5, 差旅, 住宿")
    assert [(row["month"], row["note"], row["others"]) for row in reading.rows] == [(3, "差旅", "2025-04-07\t住宿")]


def test_two_lesser_headings_of_a_needed_column_are_found():
    reading = read(f"项目编码, 凭证日期, 支付日期, 支出金额\n{A}, 2025-03-31, 2025-04-01, 5")
    assert found(reading) == [("F03", 1, "凭证日期", "支付日期")]


@pytest.mark.parametrize("year", ["二五", "25", "20255", "x"])
def test_a_year_that_cannot_be_read_is_found(year):
    assert found(read(f"年度, 项目编码, 月份, 支出金额\n{year}, {A}, 3月, 5")) == [("R05", 2, "年度", year)]


@pytest.mark.parametrize(
    ("code", "why", "expected"),
    [
        ("1.30202E+20", "scientific", None),
        ("130202250000000000000", "rounded", None),
        ("3020225P0078171000024", "zeros", None),
    ],
)
def test_a_code_that_a_spreadsheet_destroyed_is_found_with_how(code, why, expected):
    if why == "zeros":
        from loaders.codes import check_character

        whole = "03020225P00781710002"
        expected = whole + str(check_character(whole))
        code = expected[1:]
    reading = read(f"项目编码, 月份, 支出金额\n{code}, 3月, 5")
    assert [(problem.code, problem.facts["why"], problem.expected) for problem in reading.problems] == [("R07", why, expected)]


@pytest.mark.parametrize("written", [f'="{A}"', f"'{A}", f"'{A}'", f"{A}\t", A.lower()])
def test_the_marks_of_an_export_around_a_code_are_taken_off_and_said(written):
    reading = read_file(f"项目编码;月份;支出金额\n{written};2025-03;5\n".encode())
    assert [row["project_code"] for row in reading.rows] == [A]
    assert ("M02", "repaired") in [(problem.code, problem.facts.get("why")) for problem in reading.problems]


# Many findings.


def test_a_mass_of_equal_findings_is_told_as_a_thousand_and_their_number():
    rows = "".join(f"{A},2025-03,x{number}\n" for number in range(2500)) + f",2025-03,5\n{B},2025-03,7\n"
    reading = read_file(f"项目编码,月份,支出金额\n{rows}".encode())
    assert [problem.code for problem in reading.problems] == ["R03"] * 1000 + ["R09", "R03"]
    assert (reading.problems[-1].row, reading.problems[-1].facts) == (None, {"why": "more", "count": 1500})
    assert [problem.row for problem in reading.problems[:1000]] == list(range(2, 1002))
    assert said(reading) == [(2503, B, 3, "7.00", "month")]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("x,{n},1,2\n", "F04"),
        ("{a},13月,{n}\n", "R05"),
        ("1.5E+20,2025-03,{n}\n", "R07"),
        (",2025-03,{n}\n", "R09"),
        ("{a},2025-03,¥{n}\n", "M02"),
        ("{a},2025-03,{n}\n合计,,1\n", "W09"),
    ],
)
def test_every_kind_of_mass_is_counted(monkeypatch, rows, code):
    monkeypatch.setattr(problems, "MOST_FINDINGS", 3)
    text = "项目编码,月份,支出金额\n" + "".join(rows.format(a=A, n=number + 2) for number in range(10))
    reading = read_file(text.encode())
    more = [problem for problem in reading.problems if problem.code == code and problem.facts.get("why") == "more"]
    listed = [problem for problem in reading.problems if problem.code == code and problem.row is not None]
    assert (len(listed), [problem.facts["count"] for problem in more]) == (3, [7])
    for language in LANGUAGES:
        assert Words(language).problem(more[0])


# Twelve faults of twelve kinds.

TWELVE = [
    (3, ", 2025-03, 5, 元, 当月, 2025", ("R09", "项目编码", "")),
    (4, "1.30202E+20, 2025-03, 5, 元, 当月, 2025", ("R07", "项目编码", "1.30202E+20")),
    (5, f"{B}, 2025-13, 5, 元, 当月, 2025", ("R05", "月份", "2025-13")),
    (6, f"{B}, 2024-03, 5, 元, 当月, 2025", ("R05", "月份", "2024-03")),
    (7, f"{B}, 2025-03, 五, 元, 当月, 2025", ("R03", "支出金额", "五")),
    (8, f"{B}, 2025-03, , 元, 当月, 2025", ("R03", "支出金额", "")),
    (9, f"{B}, 2025-03, 1.005, 元, 当月, 2025", ("R03", "支出金额", "1.005")),
    (10, f"{B}, 2025-03, #REF!, 元, 当月, 2025", ("R03", "支出金额", "#REF!")),
    (11, f"{B}, 2025-03, 5, 美元, 当月, 2025", ("R13", "金额单位", "美元")),
    (12, f"{B}, 2025-03, 5, 元, 季度, 2025", ("R08", "口径", "季度")),
    (13, f"{B}, 1-3月, 5, 元, 当月, 2025", ("R12", "月份", "1-3月")),
    (14, f"{B}, 2025-03, 5, 元, 当月, 2025, 多", ("F04", None, None)),
]


def test_twelve_faults_of_twelve_kinds_are_found_and_no_more():
    rows = "\n".join(row for _, row, _ in TWELVE)
    reading = read(
        f"项目编码, 月份, 支出金额, 金额单位, 口径, 年度\n{A}, 2025-03, 7, 元, 当月, 2025\n{rows}\n{C}, 2025-03, 9, 元, 当月, 2025"
    )
    assert found(reading) == [(code, row, column, value) for row, _, (code, column, value) in TWELVE]
    kinds = {(problem.code, problem.facts.get("why")) for problem in reading.problems}
    assert len(kinds) == 12
    assert [(row, amount) for row, _, _, amount, _ in said(reading)] == [(2, "7.00"), (15, "9.00")]
    for language in LANGUAGES:
        remedies = [Words(language).remedy(problem) for problem in reading.problems]
        assert all(remedies)


def test_a_row_of_the_table_comes_with_the_types_of_the_store():
    table = read(f"项目编码, 月份, 支出金额\n{A}, 3月, 5").table
    assert [str(field.type) for field in table.schema][:7] == ["int32", "int32", "int32", "string", "string", "string", "decimal128(18, 2)"]
    assert table.column("amount").to_pylist() == [Decimal("5.00")]
