"""One cell of text becomes one value: money, month, share, code, target."""

from decimal import Decimal

import pytest

from loaders import cells


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("1234.56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1，234.56", "1234.56"),
        ("12,345,678", "12345678"),
        ("¥1,234.56", "1234.56"),
        ("￥1234", "1234"),
        (" 1 234.50 ", "1234.50"),
        ("１，０００．５０", "1000.50"),
        ("1234.56元", "1234.56"),
        ("0.5万元", "5000"),
        ("12.345678万元", "123456.78"),
        ("3千元", "3000"),
        ("1.2亿元", "120000000"),
        ("(1000)", "-1000"),
        ("（1,000.00）", "-1000"),
        ("-1000", "-1000"),
        ("−1000", "-1000"),
        ("－１００", "-100"),
        ("-¥5", "-5"),
        ("0", "0"),
        ("0.00", "0"),
        ("+5", "5"),
        ("１２３４.５６", "1234.56"),
        ("1\u200b234", "1234"),
    ],
)
def test_an_amount_is_read_in_every_form_that_people_write(text, yuan):
    assert cells.money(text, "元").yuan == Decimal(yuan)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        "--",
        "—",
        "无",
        "abc",
        "1,23.4",
        "1.2.3",
        "1e5",
        "1.30E+05",
        "NaN",
        "inf",
        "Infinity",
        "(-5)",
        "()",
        "元",
        "12a",
        "1;2",
        "1 2",
        "12\n34",
        "1 234 5",
    ],
)
def test_what_is_no_finite_amount_is_none(text):
    assert cells.money(text, "元") is None


def test_a_declared_unit_counts_where_the_cell_has_none():
    assert cells.money("26", "万元").yuan == 260_000
    assert cells.money("26元", "万元").yuan == 26
    assert cells.money("26万元", "元").yuan == 260_000


def test_ten_thousandths_of_wan_stay_exact():
    assert cells.money("2100.4925", "万元").yuan == Decimal("21004925")
    assert cells.money("0.000001", "万元").yuan == Decimal("0.01")
    assert cells.money("0.1", "元").yuan + cells.money("0.2", "元").yuan == Decimal("0.3")


@pytest.mark.parametrize("text", ["1234.56", "-1000", "0", "1234.50 "])
def test_a_plain_number_is_not_called_repaired(text):
    assert not cells.money(text, "元").repaired


@pytest.mark.parametrize("text", ["1,234.56", "¥5", "5元", "(5)", "１２３", "１２３４.５６", "−5", "1 000", "5\u200b"])
def test_a_number_that_had_to_be_mended_is_called_repaired(text):
    assert cells.money(text, "元").repaired


@pytest.mark.parametrize(
    ("text", "year", "month"),
    [
        ("2025-03", 2025, 3),
        ("2025/3", 2025, 3),
        ("2025.3", 2025, 3),
        ("202503", 2025, 3),
        ("2025年3月", 2025, 3),
        ("2025年03月份", 2025, 3),
        ("２０２５-０３", 2025, 3),
        (" 2025 年 3 月 ", 2025, 3),
        ("2025-03-31", 2025, 3),
        ("2025/3/1", 2025, 3),
        ("2025年3月31日", 2025, 3),
        ("2025-03-31 00:00:00", 2025, 3),
        ("2024-12", 2024, 12),
        ("3月", None, 3),
        ("三月", None, 3),
        ("2025年十二月份", 2025, 12),
        ("3月份", None, 3),
        ("03", None, 3),
        ("12月底", None, 12),
        ("1-3月", None, 3),
        ("1~3月", None, 3),
        ("1～3月", None, 3),
        ("1—10月", None, 10),
        ("2025年1-3月", 2025, 3),
    ],
)
def test_a_month_is_read_in_every_form_that_people_write(text, year, month):
    assert cells.month(text) == (year, month)


@pytest.mark.parametrize(
    ("serial", "year", "month"),
    [
        ("45658", 2025, 1),
        ("45688", 2025, 1),
        ("45689", 2025, 2),
        ("45717", 2025, 3),
        ("45717.0", 2025, 3),
        ("46022", 2025, 12),
        ("46023", 2026, 1),
    ],
)
def test_a_spreadsheet_date_is_its_month(serial, year, month):
    assert cells.month(serial) == (year, month)


@pytest.mark.parametrize("text", ["", "2025-13", "2025-00", "0", "13", "十三月", "2025", "abc", "20253", "2025-3-1-1", "13月", "2-3月"])
def test_what_names_no_month_is_none(text):
    assert cells.month(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("13020225p00781710002t", "13020225P00781710002T"),
        (" 13020225P00781710002T ", "13020225P00781710002T"),
        ("１３０２０２２５Ｐ００７８１７１０００２Ｔ", "13020225P00781710002T"),
        ("13020225 P0078 1710002T", "13020225P00781710002T"),
        ("\ufeff13020225P00781710002T\u200b", "13020225P00781710002T"),
        ("", ""),
    ],
)
def test_a_code_is_read_as_the_plan_writes_it(text, expected):
    assert cells.code(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("≥26万元", ("≥", "26", "万元")),
        ("≤412人", ("≤", "412", "人")),
        (">5年", (">", "5", "年")),
        ("<3天", ("<", "3", "天")),
        ("≥95百分比", ("≥", "95", "%")),
        ("≥95%", ("≥", "95", "%")),
        ("100％", ("=", "100", "%")),
        ("＞95%", (">", "95", "%")),
        (">=3个", ("≥", "3", "个")),
        ("<=3个", ("≤", "3", "个")),
        ("1年", ("=", "1", "年")),
        ("≥95", ("≥", "95", None)),
        ("3.5万元", ("=", "3.5", "万元")),
        ("≥99基础工作准备情况", ("≥", "99", "基础工作准备情况")),
        ("≥1,000人", ("≥", "1000", "人")),
    ],
)
def test_a_target_is_taken_apart(text, expected):
    sign, number, unit = expected
    assert cells.target(text) == (sign, Decimal(number), unit)


@pytest.mark.parametrize("text", ["长期", "", "节约成本", "约5个", "长期性", "-"])
def test_a_target_without_a_leading_number_has_no_value(text):
    assert cells.target(text) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("25%", "25"),
        ("25", "25"),
        ("２５％", "25"),
        (" 25 % ", "25"),
        ("25百分比", "25"),
        ("0.25", "0.25"),
        ("33.3%", "33.3"),
        ("100.5%", "100.5"),
    ],
)
def test_a_percentage_is_read_with_or_without_its_sign(text, expected):
    assert cells.percent(text) == Decimal(expected)


@pytest.mark.parametrize("text", ["", "-5%", "abc", "25%%x", "约25%"])
def test_what_is_no_percentage_is_none(text):
    assert cells.percent(text) is None


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("3月底", 3),
        ("10月末", 10),
        ("12月", 12),
        ("3月份", 3),
        ("截至6月底", 6),
        ("3月底（%）", 3),
        ("6月(%)", 6),
        ("3月底累计计划", 3),
        (" 6 月底 ", 6),
    ],
)
def test_a_checkpoint_heading_names_its_month(text, month):
    assert cells.checkpoint_month(text) == month


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("三月底", 3),
        ("十二月末", 12),
        ("十月", 10),
        ("1-3月", 3),
        ("2025年6月底", 6),
        ("截至9月末", 9),
        ("6月30日前", 6),
        ("一季度", 3),
        ("第一季度末", 3),
        ("第4季度", 12),
        ("前三季度", 9),
        ("二季度支出计划", 6),
        ("上半年", 6),
        ("下半年", 12),
        ("全年", 12),
        ("年底", 12),
        ("3月累计支出进度（%）", 3),
        ("3月计划支出金额", 3),
    ],
)
def test_a_checkpoint_goes_by_month_quarter_or_half_year(text, month):
    assert cells.checkpoint_month(text) == month


@pytest.mark.parametrize("text", ["一季度付清", "五季度", "季度", "月底", "3月支出金额", "3月执行数", "甲" * 10_000])
def test_what_is_not_quite_a_checkpoint_names_no_month(text):
    assert cells.checkpoint_month(text) is None


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("项目\n编码：", "项目编码"),
        ("其中：财政    资金", "其中财政资金"),
        ("项目资金\n（万元）", "项目资金"),
        ("资金支出计划（％）", "资金支出计划"),
        ("一、项目名称", "项目名称"),
        ("1.项目名称", "项目名称"),
        ("＊项目名称", "项目名称"),
        ("年度目标（2025年—2027年）", "年度目标"),
        ("2025年度预算数", "预算数"),
        ("2025年度", "2025年度"),
        ("", ""),
    ],
)
def test_a_label_of_a_form_is_reduced_to_its_words(text, term):
    assert cells.term(text) == term


@pytest.mark.parametrize("text", ["", "3", "13月底", "0月底", "月份", "项目名称", "2025年3月", "3月支出金额"])
def test_a_heading_that_is_no_checkpoint_names_no_month(text):
    assert cells.checkpoint_month(text) is None


@pytest.mark.parametrize(
    "heading",
    ["支出金额", " 支出金额 ", "支出金额（万元）", "支出金额(元)", "支 出 金 额", "支出金额：", "【支出金额】", "支出金额*", "支出\n金额"],
)
def test_a_heading_is_reduced_to_what_it_names(heading):
    assert cells.label(heading) == "支出金额"


def test_a_heading_says_its_unit_of_money():
    named = {"支出金额（万元）": "万元", "单位：元": "元", "金额(千元)": "千元", "亿元": "亿元", "支出金额": None, "": None}
    assert {text: cells.money_unit(text) for text in named} == named
