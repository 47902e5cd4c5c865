"""Every form that is declared is read by the same algorithm: labels in any spelling, values beside, below or in the same cell."""

from decimal import Decimal
from typing import Any

import pytest

from data.words import LANGUAGES, Words
from loaders.files import Declared, read_file
from loaders.problems import Reading
from tests.dress import GOLDEN, as_csv, as_text, as_word, as_workbook, grid, hebei

A, B = "13020225P00781710002T", "13020225P00783310001Y"
FIRST, SECOND = GOLDEN[0], GOLDEN[1]
INDICATORS = """
一级指标 | 二级指标 | 三级指标 | 指标值
产出指标 | 数量指标 | 发放人数 | ≥100人
"""
HEAD = f"""
323001本级 | | | | 单位：万元
项目编码 | {A} | 项目名称 | 表彰
预算规模及资金用途 | 预算数 | 26.00 | 其中：财政资金 | 26.00 | 其他资金 |
 | 发放奖金
"""
QUARTERS = """
资金支出计划（%） | 3月底 | 6月底 | 10月底 | 12月底
 | 25% | 50% | 75% | 100%
"""


def drawn(text: str) -> list[list[str]]:
    """Rows drawn as text, cells between bars; `/` in a cell is a line break."""
    lines = [[cell.strip().replace("/", "\n") for cell in line.split("|")] for line in text.strip("\n").split("\n") if line.strip()]
    width = max(len(line) for line in lines)
    return [line + [""] * (width - len(line)) for line in lines]


def sheets(*texts: str) -> bytes:
    """Drawn forms, each on a sheet of its own."""
    from io import BytesIO

    import openpyxl

    book, content = openpyxl.Workbook(), BytesIO()
    book.remove(book.active)
    for number, text in enumerate(texts, start=1):
        sheet = book.create_sheet(f"表{number}")
        for row in drawn(text):
            sheet.append(row)
    book.save(content)
    return content.getvalue()


def told(reading: Reading) -> Reading:
    """The same reading, after each finding was worded in both languages."""
    for say in map(Words, LANGUAGES):
        assert all(say.problem(problem) and say.remedy(problem) for problem in reading.problems)
    return reading


def read(*texts: str, **declared: Any) -> Reading:
    """What drawn forms say, of 2025 unless they say otherwise."""
    return told(read_file(sheets(*texts), Declared(**{"this_year": 2025, **declared})))


def read_lines(lines: list[list[str]]) -> Reading:
    """What rows say that a converter left as text with tabs."""
    return told(read_file("\n".join("\t".join(line) for line in lines).encode()))


def only(reading: Reading) -> dict[str, Any]:
    """The one project of a reading."""
    [row] = reading.rows
    return row


def money(row: dict[str, Any]) -> tuple[str | None, ...]:
    return tuple(None if row[name] is None else f"{row[name]:.2f}" for name in ("budget", "fiscal_funds", "other_funds"))


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems if problem.code != "M05"]


def plain(reading: Reading) -> list[dict[str, Any]]:
    """Rows without their places, figures as text."""

    def bare(row: dict[str, Any]) -> dict[str, Any]:
        return {name: str(value) for name, value in row.items() if name not in ("place", "row")}

    return [{**bare(row), "indicators": [bare(found) for found in row["indicators"]]} for row in reading.rows]


def declaration(funds: str, name: str = "就业补助", unit: str = "就业中心") -> str:
    """A declaration form with the given rows of funds."""
    goals = "总体目标 | 实施期目标 | 年度目标\n | 三年做完 | 当年做好"
    return f"项目支出绩效目标申报表\n（2025年度）\n项目名称 | {name}\n主管部门 | 人社局 | 实施单位 | {unit}\n{funds}\n{goals}\n{INDICATORS}"


# The form of the real document and its variants.


def test_the_form_is_read_whole():
    row = only(read(HEAD + QUARTERS + "绩效目标 | 开好大会" + INDICATORS))
    assert (row["unit_code"], row["unit_name"], row["project_code"], row["project_name"]) == ("323001", "本级", A, "表彰")
    assert money(row) == ("260000.00", "260000.00", None)
    assert (row["purpose"], row["goal"], row["plan_reading"], len(row["checkpoints"])) == ("发放奖金", "开好大会", "cumulative", 4)
    assert [(found["level3"], found["comparator"], found["value"], found["unit"]) for found in row["indicators"]] == [
        ("发放人数", "≥", 100, "人")
    ]


@pytest.mark.parametrize(
    ("label", "spelling"),
    [
        ("项目编码", "项目/编码"),
        ("项目编码", "项 目 编 码："),
        ("项目编码", "＊项目编码"),
        ("项目编码", "项目代码"),
        ("预算规模及资金用途", "预算规模/及资金用途"),
        ("预算数", "预 算 数"),
        ("其中：财政资金", "其中:财政    资金"),
        ("其中：财政资金", "其中：/财政拨款"),
        ("其他资金", "其他资金："),
        ("资金支出计划（%）", "资金支出计划/（％）"),
        ("资金支出计划（%）", "资金支出/计划(%)"),
        ("3月底", "3 月底"),
        ("3月底", "３月末"),
        ("3月底", "一季度"),
        ("6月底", "上半年"),
        ("12月底", "十二月底"),
    ],
)
def test_labels_are_told_whatever_their_blanks_forms_colons_and_line_breaks(label, spelling):
    text = HEAD + QUARTERS + INDICATORS
    assert label in text
    assert plain(read(text.replace(label, spelling))) == plain(read(text))


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0), (0, 2, 1)])
def test_plan_goal_and_indicators_may_stand_in_any_order(order):
    parts = [QUARTERS, "绩效目标 | 开好大会\n", INDICATORS]
    row = only(read(HEAD + "".join(parts[place] for place in order)))
    assert (len(row["checkpoints"]), row["goal"], len(row["indicators"])) == (4, "开好大会", 1)


def test_the_order_of_indicator_columns_is_the_headers():
    moved = "指标值 | 三级指标 | 二级指标 | 一级指标\n≥100人 | 发放人数 | 数量指标 | 产出指标"
    assert plain(read(HEAD + QUARTERS + moved)) == plain(read(HEAD + QUARTERS + INDICATORS))


def test_a_lost_title_or_unit_of_money_costs_nothing_but_a_note():
    reading = read((HEAD + QUARTERS + INDICATORS).replace("单位：万元", ""))
    assert (money(only(reading)), codes(reading)) == (("260000.00", "260000.00", None), ["M04"])


def test_a_lost_unit_line_is_asked_about():
    reading = read((HEAD + QUARTERS + INDICATORS).replace("323001本级", ""))
    assert codes(reading) == ["W23"]
    assert [problem.facts["project_code"] for problem in reading.problems if problem.code == "W23"] == [A]


def test_amounts_in_yuan_are_read_as_the_unit_line_says():
    text = (HEAD + QUARTERS + INDICATORS).replace("万元", "元").replace("26.00", "260000.00")
    assert money(only(read(text))) == ("260000.00", "260000.00", None)
    assert read(text).unit_of_money == "元"


def test_a_unit_of_money_beside_the_figure_or_label_wins_over_the_unit_line():
    assert money(only(read(HEAD.replace("26.00", "260000元") + QUARTERS)))[0] == "260000.00"
    assert money(only(read(HEAD.replace("预算数", "预算数（元）").replace("26.00", "260000", 1) + QUARTERS)))[0] == "260000.00"


def test_forms_in_different_units_of_money_keep_each_its_own():
    other = (HEAD + QUARTERS + INDICATORS).replace(A, B).replace("万元", "元").replace("26.00", "35000")
    assert [money(row)[0] for row in read(HEAD + QUARTERS + INDICATORS, other).rows] == ["260000.00", "35000.00"]


def test_a_form_without_a_unit_among_forms_that_differ_is_asked_about():
    other = (HEAD + QUARTERS).replace(A, B).replace("万元", "元").replace("26.00", "35000")
    third = (HEAD + QUARTERS).replace(A, "13020225P00783410001L").replace("单位：万元", "")
    reading = read(HEAD + QUARTERS, other, third)
    assert [(p.code, p.facts["project_code"]) for p in reading.problems if p.code == "W25"] == [("W25", "13020225P00783410001L")]


@pytest.mark.parametrize("blank", ["", "—", "/", "无"])
def test_a_blank_or_a_dash_stays_blank(blank):
    blank = blank.replace("/", "／")
    assert money(only(read(HEAD.replace("26.00", blank) + QUARTERS))) == (None, None, None)


def test_2040_22_wan_are_exactly_20_402_200_yuan():
    assert money(only(read(HEAD.replace("26.00", "2040.22") + QUARTERS)))[:2] == ("20402200.00", "20402200.00")
    assert only(read(HEAD.replace("26.00", "2,040.22") + QUARTERS))["budget"] == Decimal("20402200")


def test_several_kinds_of_funds_are_summed_so_that_they_make_up_the_budget():
    funds = HEAD.replace("26.00 | 其中：财政资金 | 26.00 | 其他资金 |", "26 | 其中：财政资金 | 20 | 单位资金 | 4 | 其他资金 | 2")
    assert money(only(read(funds + QUARTERS))) == ("260000.00", "200000.00", "60000.00")
    parts = HEAD.replace("26.00 | 其中：财政资金 | 26.00 | 其他资金 |", "26 | 一般公共预算拨款 | 20 | 政府性基金拨款 | 5 | 其他资金 | 1")
    assert money(only(read(parts + QUARTERS))) == ("260000.00", "250000.00", "10000.00")


def test_carried_over_money_inside_the_fiscal_funds_is_not_counted_twice():
    funds = HEAD.replace("26.00 | 其中：财政资金 | 26.00 | 其他资金 |", "26 | 其中：财政资金 | 24 | 上年结转资金 | 4 | 其他资金 | 2")
    assert money(only(read(funds + QUARTERS))) == ("260000.00", "240000.00", "20000.00")


def test_two_figures_behind_one_label_are_asked_about_and_neither_is_taken():
    reading = read(HEAD.replace("预算数 | 26.00", "预算数 | 26.00 | 28.00") + QUARTERS)
    assert (money(only(reading))[0], codes(reading)) == (None, ["W24"])
    assert (reading.problems[-1].value, reading.problems[-1].facts["others"]) == ("26.00", "28.00")


def test_text_for_a_budget_is_found_with_its_label():
    reading = read(HEAD.replace("预算数 | 26.00", "预算数 | 待定") + QUARTERS)
    assert [(p.code, p.column, p.value) for p in reading.problems if p.code == "R03"] == [("R03", "预算数", "待定")]


def test_the_code_may_stand_in_a_cell_with_its_label_or_left_of_it():
    whole = HEAD + QUARTERS + INDICATORS
    joined = whole.replace(f"项目编码 | {A} | 项目名称 | 表彰", f"项目编码：{A}　项目名称：表彰")
    left = whole.replace(f"项目编码 | {A} | 项目名称", f"{A} | 项目编码 | 项目名称")
    assert plain(read(joined)) == plain(read(left)) == plain(read(whole))


def test_a_form_without_a_code_is_found_with_its_place_and_left_out():
    reading = read(HEAD + QUARTERS + INDICATORS, (HEAD + QUARTERS + INDICATORS).replace(A, ""))
    assert [(p.code, p.value, p.facts["place"]) for p in reading.problems if p.code == "P01"] == [("P01", "表彰", "表2 第1行")]
    assert [row["project_code"] for row in reading.rows] == [A]


def test_a_code_in_the_document_without_a_form_that_was_read_is_asked_about():
    reading = read(HEAD + QUARTERS + INDICATORS, f"说明 | {B} 另行申报")
    assert [(p.code, p.value) for p in reading.problems if p.code == "W27"] == [("W27", B)]


def test_a_code_that_a_spreadsheet_destroyed_is_found():
    assert "R07" in codes(read(HEAD.replace(A, "1.30202E+20") + QUARTERS))


def test_a_project_without_a_name_is_noted():
    assert "M27" in codes(read(HEAD.replace("| 表彰", "|") + QUARTERS + INDICATORS))


# Payment plans as forms write them.


@pytest.mark.parametrize(
    ("plan", "months"),
    [
        ("资金支出计划（%） | 3月底 | 25% | 6月底 | 50% | 10月底 | 75% | 12月底 | 100%", "3 6 10 12"),
        ("资金支出计划（%） | 3月底 | 25%\n | 6月底 | 50%\n | 10月底 | 75%\n | 12月底 | 100%", "3 6 10 12"),
        ("资金支出计划 | 3月底25%，6月底50%，10月底75%，12月底100%", "3 6 10 12"),
        ("资金支出计划 | 时间 | 3月 | 6月 | 10月 | 12月\n | 比例（%） | 25 | 50 | 75 | 100", "3 6 10 12"),
        ("分季用款计划（累计%） | 一季度 | 二季度 | 三季度 | 四季度\n | 25 | 50 | 75 | 100", "3 6 9 12"),
        ("资金支出计划（%） | 12月底 | 10月底 | 6月底 | 3月底\n | 100% | 75% | 50% | 25%", "3 6 10 12"),
    ],
)
def test_months_and_shares_are_paired_wherever_they_stand(plan, months):
    row = only(read(HEAD + plan))
    assert [(point["month"], str(point["share"])) for point in row["checkpoints"]] == list(
        zip(map(int, months.split()), ("0.25", "0.5", "0.75", "1"), strict=True)
    )


@pytest.mark.parametrize(
    ("figures", "reading", "code"),
    [
        ("10% | 30% | 40% | 20%", "increments", "M21"),
        ("10% | 20% | 30% | 40%", "increments", "W21"),
        ("50% | 25% | 75% | 100%", "cumulative", "W11"),
    ],
)
def test_the_reading_taken_is_kept_and_said_with_the_projects_keys(figures, reading, code):
    found = read(HEAD + QUARTERS.replace("25% | 50% | 75% | 100%", figures))
    assert (only(found)["plan_reading"], codes(found)) == (reading, [code])
    assert [(p.facts["unit_code"], p.facts["project_code"]) for p in found.problems if p.code == code] == [("323001", A)]


def test_the_declared_reading_holds_for_every_project():
    figures = QUARTERS.replace("25% | 50% | 75% | 100%", "10% | 20% | 30% | 40%")
    reading = read(HEAD + figures, (HEAD + figures).replace(A, B), plan_reading="cumulative")
    assert [row["plan_reading"] for row in reading.rows] == ["cumulative"] * 2
    assert [str(row["checkpoints"][-1]["share"]) for row in reading.rows] == ["0.4"] * 2


def test_amounts_in_the_unit_of_the_form_are_compared_with_its_budget():
    plan = "用款计划（万元） | 3月底 | 6月底 | 10月底 | 12月底\n | 6.5 | 13 | 19.5 | 26"
    row = only(read(HEAD + plan))
    assert (row["plan_reading"], [str(point["share"]) for point in row["checkpoints"]]) == ("amounts", ["0.25", "0.5", "0.75", "1"])


def test_a_month_left_blank_is_no_checkpoint_and_noted():
    reading = read(HEAD + QUARTERS.replace("| 50%", "|"))
    assert [point["month"] for point in only(reading)["checkpoints"]] == [3, 10, 12]
    assert [(p.code, p.value) for p in reading.problems if p.code == "M24"] == [("M24", "6月底")]


def test_a_blank_plan_stays_missing_and_no_checkpoint_is_invented():
    for plan in ("", "资金支出计划（%） | 3月底 | 6月底 | 10月底 | 12月底\n | | | |", "资金支出计划（%） | 按合同约定支付"):
        row = only(read(HEAD + plan + "\n绩效目标 | 开好大会" + INDICATORS))
        assert (row["plan_reading"], row["checkpoints"]) == ("missing", [])


def test_figures_that_do_not_match_the_months_are_found():
    reading = read(HEAD + QUARTERS.replace("| 75% | 100%", "| 75% | 100% | 100%").replace("| 12月底", "| 12月底 |"))
    assert (only(reading)["checkpoints"], codes(reading)) == ([], ["P02"])


# The declaration form.


@pytest.mark.parametrize(
    "funds",
    [
        "项目资金（万元） | 中期资金总额： | 300 | 年度资金总额： | 100.25\n"
        " | 其中：财政拨款 | 290 | 其中：财政拨款 | 80.25\n | 其他资金 | 10 | 其他资金 | 20",
        "项目资金（元） | | 实施期 | 2025年度\n | 资金总额 | 3000000 | 1,002,500\n"
        " | 其中：财政拨款 | 2900000 | 802500\n | 其他资金 | 100000 | 200000",
        "项目资金（万元）\n实施期资金总额 | 300\n其中：财政拨款 | 290\n其他资金 | 10\n"
        "年度资金总额 | 100.25\n其中：财政拨款 | 80.25\n其他资金 | 20",
        "项目总预算（元） | 3000000 | 项目当年预算（元） | 1002500\n"
        "其中：财政资金（元） | | 财政资金（元） | 802500\n其他资金（元） | | 其他资金（元） | 200000",
        "资金情况（万元） | 年度资金总额：100.25/其中：财政拨款：80.25/其他资金：20",
        "项目资金（万元） | 年度资金总额 | 财政拨款 | 其他资金\n | 100.25 | 80.25 | 20",
        "单位：元\n项目资金 | 年度资金总额 | 1002500.00 | 其中：财政拨款 | 802500.00 | 其他资金 | 200000.00",
        "项目资金（万元） | 年度资金总额 | 100.25万元 | 其中：财政拨款 | 802500元 | 其他资金 | 20",
    ],
)
def test_the_years_amounts_are_this_years_budget_wherever_they_stand(funds):
    reading = read(declaration(funds))
    assert money(only(reading)) == ("1002500.00", "802500.00", "200000.00")
    assert (reading.recognised, reading.layout, reading.fiscal_year) == ("plan", "declaration", 2025)


def test_a_declaration_without_a_code_is_keyed_by_its_name_and_says_so():
    reading = read(declaration("项目资金（万元） | 年度资金总额 | 100"))
    row = only(reading)
    assert (row["project_code"], row["project_name"], row["unit_code"], row["goal"]) == ("就业补助", "就业补助", "就业中心", "当年做好")
    assert [(p.code, p.level, p.value) for p in reading.problems] == [("M25", "note", "就业补助")]


def test_a_declaration_without_a_payment_plan_has_none():
    row = only(read(declaration("项目资金（万元） | 年度资金总额 | 100")))
    assert (row["plan_reading"], row["checkpoints"]) == ("missing", [])


def test_only_the_whole_periods_amount_is_no_budget_and_said():
    reading = read(declaration("项目资金（万元） | 中期资金总额 | 300"))
    assert money(only(reading)) == (None, None, None)
    assert [(p.code, p.value) for p in reading.problems if p.code == "M30"] == [("M30", "300")]


def test_a_blank_amount_of_the_year_is_not_filled_from_the_whole_period():
    funds = "项目资金（万元） | 中期资金总额： | 300 | 年度资金总额： |\n | 其中：财政拨款 | 300 | 其中：财政拨款 |"
    assert money(only(read(declaration(funds)))) == (None, None, None)


@pytest.mark.parametrize(
    "indicators",
    [
        "一级指标 | 二级指标 | 三级指标 | 指标值 | 二级指标 | 三级指标 | 指标值\n"
        "产出指标 | 数量指标 | 人数 | ≥300人 | 数量指标 | 人数 | ≥100人",
        "一级指标 | 二级指标 | 三级指标 | 实施期指标值 | 年度指标值\n产出指标 | 数量指标 | 人数 | ≥300人 | ≥100人",
        "长期绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值\n | 产出指标 | 数量指标 | 人数 | ≥300人\n"
        "年度绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值\n | 产出指标 | 数量指标 | 人数 | ≥100人",
    ],
)
def test_the_years_targets_are_read_beside_those_of_the_whole_period(indicators):
    row = only(read(declaration("项目资金（万元） | 年度资金总额 | 100").replace(INDICATORS, "\n" + indicators)))
    assert [(found["level3"], found["target"]) for found in row["indicators"]] == [("人数", "≥100人")]


def test_comparator_number_and_unit_in_columns_of_their_own_make_one_target():
    rows = "产出指标 | 数量指标 | 人数 | ≥ | 100 | 人\n | 质量指标 | 好坏 | 定性 | 优良 | 级"
    columns = f"一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位\n{rows}"
    row = only(read(declaration("项目资金（万元） | 年度资金总额 | 100").replace(INDICATORS, "\n" + columns)))
    assert [found["target"] for found in row["indicators"]] == ["≥100人", "优良"]


def test_a_code_joined_to_the_name_is_told_from_it():
    row = only(read(declaration("项目资金（万元） | 年度资金总额 | 100", name="51000025R000000019951-工资性支出", unit="501001-发改局")))
    assert (row["project_code"], row["project_name"]) == ("51000025R000000019951", "工资性支出")
    assert (row["unit_code"], row["unit_name"]) == ("501001", "发改局")


def test_a_plan_in_a_declaration_is_read_too():
    plan = "项目资金（元） | 年度资金总额 | 1000000\n资金支出计划（%） | 3月底 | 6月底 | 9月底 | 12月底\n | 10% | 30% | 40% | 20%"
    assert [str(point["share"]) for point in only(read(declaration(plan)))["checkpoints"]] == ["0.1", "0.4", "0.8", "1"]


def test_the_year_of_the_title_is_the_forms_year_and_years_may_differ():
    forms = [declaration("项目资金（万元） | 年度资金总额 | 100").replace("2025", year) for year in ("2025", "2026")]
    assert [row["fiscal_year"] for row in read(*forms).rows] == [2025, 2026]
    assert [row["fiscal_year"] for row in read(forms[0], year=2027).rows] == [2027]


# Several forms in one document.


def test_sheets_stacked_forms_and_word_tables_say_the_same():
    forms = [hebei(project) for project in GOLDEN[:4]]
    by_sheet = {f"{number}": [rows] for number, rows in enumerate(forms)}
    dresses = [as_workbook(by_sheet), as_workbook({"全部": forms}), as_csv(forms), as_word(forms), as_text(forms).encode()]
    readings = [plain(read_file(content)) for content in dresses]
    assert all(reading == readings[0] for reading in readings)
    assert [row["budget"] for row in readings[0]] == ["260000.00", "35000.00", "50000.00", "20402200.00"]


def test_the_same_form_twice_is_read_once_and_said_with_both_places():
    reading = told(read_file(as_workbook({"一": [hebei(FIRST), hebei(SECOND)], "二": [hebei(FIRST)]})))
    assert [row["project_code"] for row in reading.rows] == [A, B]
    assert [(p.code, p.level, p.value, p.facts["first"], p.facts["place"]) for p in reading.problems] == [
        ("M26", "note", A, "一 第2行", "二 第2行")
    ]


@pytest.mark.parametrize(
    ("change", "differing"),
    [
        ({"budget": "270000.00"}, "预算数"),
        ({"goal": "另一目标"}, "绩效目标"),
        ({"checkpoints": [{"month": 6, "share": "0.5"}, {"month": 12, "share": "1"}]}, "资金支出计划"),
        ({"indicators": FIRST["indicators"][:-1]}, "绩效指标"),
    ],
)
def test_the_same_project_in_other_words_is_fatal_and_both_places_are_listed(change, differing):
    reading = told(read_file(as_workbook({"一": [hebei(FIRST)], "二": [hebei(FIRST | change)]})))
    [problem] = [p for p in reading.problems if p.code == "P04"]
    assert (problem.level, problem.facts["first"], problem.facts["place"]) == ("fatal", "一 第2行", "二 第2行")
    assert problem.facts["differing"] == differing


def test_the_same_code_under_two_units_is_two_projects():
    other = FIRST | {"unit_code": "323003", "unit_name": "就业中心"}
    reading = read_file(as_workbook({"一": [hebei(FIRST), hebei(other)]}))
    assert [(row["unit_code"], row["project_code"]) for row in reading.rows] == [("323001", A), ("323003", A)]


@pytest.mark.parametrize("repeated", [2, 3])
def test_a_head_repeated_on_a_new_page_goes_on_with_the_form(repeated):
    lines = grid(hebei(FIRST))
    for cut in (6, 8, 10, 12):
        assert plain(read_lines([*lines[:cut], *lines[:repeated], *lines[cut:]])) == plain(read_file(as_csv([hebei(FIRST)]))), cut


def test_a_table_cut_in_two_with_or_without_its_header_goes_on_with_the_form():
    lines, header = grid(hebei(FIRST)), 7
    assert lines[header][0] == "一级指标"
    for piece in (lines[11:], [lines[header], *lines[11:]]):
        assert plain(read_lines([*lines[:11], *piece])) == plain(read_file(as_csv([hebei(FIRST)])))


def test_a_new_head_after_the_indicators_is_another_form_even_without_its_code():
    reading = read_lines([*grid(hebei(FIRST)), *grid(hebei(SECOND))[2:]])
    assert [(row["project_code"], len(row["indicators"])) for row in reading.rows] == [(A, 9)]
    assert [p.code for p in reading.problems] == ["P01"]


def test_indicators_that_begin_again_are_asked_about():
    reading = read_lines([*grid(hebei(FIRST)), *grid(hebei(SECOND))[8:]])
    assert [(p.code, p.value, p.facts["project_code"]) for p in reading.problems] == [("W26", "产出指标", A)]


def test_an_overview_before_the_forms_is_no_project_and_its_total_is_compared():
    overview = f"序号 | 项目编码 | 项目名称 | 预算数（万元）\n1 | {A} | 表彰 | 26\n2 | {B} | 系统 | 3.5\n | 合计 | | {{}}"
    second = (HEAD + QUARTERS + INDICATORS).replace(A, B).replace("26.00", "3.50")
    reading = read(overview.format("29.5"), HEAD + QUARTERS + INDICATORS, second)
    assert ([row["project_code"] for row in reading.rows], codes(reading)) == ([A, B], [])
    assert [(stated["place"], stated["what"], stated["yuan"]) for stated in reading.stated] == [("表1 第4行", "whole", 295_000)]
    assert codes(read(overview.format("30"), HEAD + QUARTERS + INDICATORS, second)) == ["W22"]


def test_results_among_the_plans_are_passed_over_and_said():
    result = "项目支出绩效自评表\n项目名称 | 委托业务\n项目资金（万元） | | 全年预算数 | 全年执行数 | 得分\n | 年度资金总额 | 90 | 89 | 10"
    reading = read(
        HEAD + QUARTERS + INDICATORS,
        result + "\n一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 得分\n产出指标 | 数量指标 | 个数 | ≥5个 | 5 | 8",
    )
    assert ([row["project_code"] for row in reading.rows], codes(reading)) == ([A], ["M29"])
    assert [(p.value, p.facts["place"]) for p in reading.problems if p.code == "M29"] == [("委托业务", "表2 第1行")]


def test_the_form_of_a_whole_department_among_the_plans_is_passed_over_and_said():
    department = f"部门整体绩效目标表\n部门名称 | 人社局\n年度总体目标 | 做好就业\n{INDICATORS}"
    reading = read(department, HEAD + QUARTERS + INDICATORS)
    assert ([row["project_code"] for row in reading.rows], codes(reading)) == ([A], ["M29"])


@pytest.mark.parametrize(
    "said",
    [
        "2025年路南区人社局项目共2个，资金29.5万元。",
        "我局共安排2个项目，预算资金295,000元。",
        "项目总计2个，合计29.5万元",
        "项目支出合计29.5万元。",
        f"{FIRST['unit_name']}项目2个，资金29.5万元",
    ],
)
def test_what_the_text_states_is_kept_and_compared(said):
    text = as_text([hebei(FIRST), hebei(SECOND)])
    reading = read_file(f"{said}\n\n{text}".encode())
    assert reading.problems == []
    assert [stated["yuan"] for stated in reading.stated if "yuan" in stated] == [295_000]
    assert {stated["place"] for stated in reading.stated} == {"第1行"}
    wrong = told(read_file(f"{said.replace('29.5', '30').replace('295,000', '300,000')}\n\n{text}".encode()))
    assert [(p.code, p.row, p.value, p.facts["difference"]) for p in wrong.problems] == [("W22", 1, "30", "0.5")]


def test_a_number_of_projects_that_differs_is_found():
    reading = told(read_file(("全局项目共3个，资金29.5万元。\n\n" + as_text([hebei(FIRST), hebei(SECOND)])).encode()))
    assert [(p.code, p.level, p.value, p.facts["read"]) for p in reading.problems] == [("W22", "confirm", "3", 2)]


def test_numbers_of_other_things_are_no_statement():
    text = "全年举办3个项目推介会，签约100万元以上。走访16个社区。\n\n"
    assert read_file((text + as_text([hebei(FIRST)])).encode()).stated == []
