# ruff: noqa: N802 - a test is named for the code of its check
"""Every check of data/checks fires on its fault, names row, heading, value and what was expected, and is silent otherwise."""

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from places import opened

from data import acting, acts, by_hand, rules
from data.arrivals import Sending
from data.database import Rows, Store, ask
from data.samples import PLAN
from data.staging import consider
from data.words import LANGUAGES, Words, all_words
from loaders.files import Declared, read_file
from loaders.problems import Problem

A, B, C, D = "13020225P00781710002T", "13020225P00783310001Y", "13020225P00783410001L", "13020225P00783510001A"
TODAY = date(2025, 12, 31)
PROJECTS = f"""
单位编码, 单位名称, 项目编码, 项目名称, 预算数（元）, 3月底, 6月底, 9月底, 12月底
001, 本级, {A}, 甲（一期）, 1000000, 25%, 50%, 75%, 100%
001, 本级, {B}, 乙, 500000, 20%, 40%, 60%, 100%
001, 本级, {C}, 丙, 400000, 10%, 50%, 80%, 100%
002, 就业中心, {D}, 丁, 600000, 30%, 50%, 90%, 100%
"""
SHARED = f"003, 社保中心, {D}, 戊, 300000, 30%, 55%, 90%, 100%"
HEADER = "预算单位编码, 项目代码, 预算项目名称, 会计期间, 支付金额（元）, 口径, 凭证号, 摘要"
JANUARY = f"""{HEADER}
001, {A}, 甲（一期）, 2025-01, 100000, 当月, 1-1,
001, {B}, 乙, 2025-01, 50000, 当月, 1-2,
001, {C}, 丙, 2025-01, 20000, 当月, 1-3,
"""
FEBRUARY = f"""{HEADER}
001, {A}, 甲（一期）, 2025-02, 50000, 当月, 2-1,
001, {B}, 乙, 2025-02, 20000, 当月, 2-2,
001, {C}, 丙, 2025-02, 19000, 当月, 2-3,
"""
MARCH = f"""{HEADER}
001, {A}, 甲（一期）, 2025-03, 80000, 当月, 3-1,
001, {B}, 乙, 2025-03, 25000, 当月, 3-2,
001, {C}, 丙, 2025-03, 30000, 当月, 3-3,
"""
SUMS = f"""{HEADER}
001, {A}, 甲（一期）, 2025-03, 230000, 累计, 3-1,
001, {B}, 乙, 2025-03, 95000, 累计, 3-2,
001, {C}, 丙, 2025-03, 69000, 累计, 3-3,
"""
TARGETS = {"成本指标": "≤26万元", "数量指标": "≥100人", "质量指标": "≥95%"}


def sending(text: str, told: dict[str, Any]) -> Sending:
    """A table drawn with blanks after its commas, or a document of one cell a line, on its way in."""
    if not text.startswith("\t"):
        text = "\n".join(",".join(cell.strip() for cell in line.split(",")) for line in text.strip().split("\n"))
    reading = read_file(text.encode(), Declared(unit_of_money=told.pop("unit_of_money", None)))
    return Sending("drawn.csv", text.encode(), reading, **{"today": TODAY, **told})


def findings(store: Store, text: str, **told: Any) -> list[Problem]:
    """All findings of a drawn file; each can be worded with its remedy in both languages."""
    problems = consider(store, sending(text, told)).problems
    for language in LANGUAGES:
        for problem in problems:
            say = Words(language)
            assert say.problem(problem).strip() and say.remedy(problem).strip()
            assert not re.search(r"[{}]|None", say.problem(problem) + say.remedy(problem))
    return problems


def told_of(problems: list[Problem]) -> list[tuple[str, int | None, str | None, str | None, str | None]]:
    return [(problem.code, problem.row, problem.column, problem.value, problem.expected) for problem in problems]


def document(budget: str = "26.00", **changed: str) -> str:
    """One project of a performance-target document with the given targets by second level."""
    head = [
        "323001本级",
        "单位：万元",
        None,
        "项目编码",
        A,
        "项目名称",
        "表彰",
        None,
        "预算规模及资金用途",
        "预算数",
        budget,
        "其中：财政    资金",
        budget,
        "其他资金",
        "",
        None,
        "资金支出计划（%）",
        "3月底",
        "6月底",
        "9月底",
        "12月底",
        None,
        "",
        "25%",
        "50%",
        "75%",
        "100%",
        None,
        "一级指标",
        "二级指标",
        "三级指标",
        "绩效指标描述",
        "指标值",
        "指标值确定依据",
        None,
    ]
    rows = [
        cell
        for level2, target in {**TARGETS, **changed}.items()
        for cell in ("产出指标", level2, f"{level2}三级", "描述", target, "依据", None)
    ]
    return "".join("\n" if cell is None else f"\t{cell}\n" for cell in head + rows)


def row_of(text: str, target: str) -> int:
    """The number of the line at which the indicator with this target begins."""
    return text.split("\n").index(f"\t{target}") + 1 - 4


@pytest.fixture(scope="module")
def store() -> Store:
    """A plan, January and February of unit 001, all certified; considering a file leaves no trace in it."""
    store = opened()
    acting.prepare(store)
    for text in (PROJECTS + SHARED, JANUARY, FEBRUARY):
        outcome = acts.load(store, sending(text, {}), "test")
        assert outcome.considered.verdict() == "accepted"
        acts.certify(store, outcome.batch, "test", today=TODAY)
    return store


@pytest.fixture(scope="module")
def empty() -> Store:
    store = opened()
    acting.prepare(store)
    return store


@pytest.mark.parametrize("text", [MARCH, SUMS, MARCH.replace("2025-03", "2025-12")])
def test_a_clean_report_has_no_findings(store, text):
    assert findings(store, text) == []


def test_a_clean_plan_has_no_findings(empty):
    assert findings(empty, PROJECTS) == []
    assert findings(empty, document()) == []


def test_R01_an_unknown_code_is_offered_the_nearest(store):
    swapped = A[:10] + A[11] + A[10] + A[12:]
    found = findings(store, MARCH.replace(A, swapped))
    assert told_of(found) == [("R01", 2, "项目代码", swapped, f"{A} 甲（一期）")]
    assert found[0].facts.items() >= {"year": 2025}.items()


def test_R01_a_year_without_a_plan_has_no_codes(store):
    assert [problem.code for problem in findings(store, MARCH.replace("2025-03", "2024-03"))] == ["R01"] * 3


def test_R02_a_project_of_another_unit_is_found_with_its_own(store):
    assert told_of(findings(store, MARCH.replace(f"001, {B}", f"002, {B}"))) == [("R02", 3, "预算单位编码", "002", "001 本级")]


def test_R04_the_same_project_month_and_voucher_twice_is_found_with_the_first_row(store):
    found = findings(store, MARCH + f"001, {A}, 甲（一期）, 2025-03, 999, 当月, 3-1,")
    assert told_of(found) == [("R04", 5, "项目代码", A, None)]
    assert found[0].facts.items() >= {"first_row": 2}.items()


def test_R04_another_voucher_makes_another_row(store):
    assert findings(store, MARCH + f"001, {A}, 甲（一期）, 2025-03, 999, 当月, 3-9,") == []


def test_R05_a_month_that_has_not_begun_is_found(store):
    found = findings(store, MARCH, today=date(2025, 2, 28))
    assert told_of(found) == [("R05", row, "会计期间", "2025-03", "≤ 2025-02") for row in (2, 3, 4)]
    assert {problem.facts["why"] for problem in found} == {"future"}


def test_R05_the_running_month_may_be_reported(store):
    assert findings(store, MARCH, today=date(2025, 3, 1)) == []


def test_R05_another_year_than_the_declared_one_is_found(store):
    found = findings(store, MARCH, year=2024)
    assert told_of(found) == [("R05", row, "会计期间", "2025-03", "2024") for row in (2, 3, 4)]
    assert {problem.facts["why"] for problem in found} == {"other_year"}


def test_R06_a_cumulative_figure_that_falls_is_found_with_the_one_before(store):
    found = findings(store, SUMS.replace("230000", "149999.99"))
    assert told_of(found) == [("R06", 2, "支付金额（元）", "149999.99", "≥ 150000.00")]
    assert found[0].facts.items() >= {"before": Decimal("150000.00"), "difference": Decimal("0.01")}.items()


@pytest.mark.parametrize("word", ["冲销上月", "退款", "红字", "refund"])
def test_R06_a_word_of_reversal_explains_the_fall(store, word):
    assert findings(store, SUMS.replace("230000, 累计, 3-1,", f"149999.99, 累计, 3-1, {word}")) == []


def test_R06_an_unchanged_cumulative_figure_is_no_fall(store):
    assert findings(store, SUMS.replace("230000", "150000")) == []


def test_R10_a_code_of_two_units_needs_its_unit(store):
    found = findings(store, f"项目代码, 会计期间, 支付金额（元）\n{D}, 2025-03, 999")
    assert told_of(found) == [("R10", 2, "项目代码", D, "002 就业中心 / 003 社保中心")]


def test_R10_a_code_of_one_unit_needs_none(store):
    text = f"项目代码, 会计期间, 支付金额（元）\n{A}, 2025-03, 999\n{B}, 2025-03, 998\n{C}, 2025-03, 997"
    assert findings(store, text) == []


def test_R11_two_kinds_of_figure_for_a_project_and_month_are_found(store):
    assert told_of(findings(store, SUMS + f"001, {A}, 甲（一期）, 2025-03, 999, 当月, 3-9,")) == [("R11", 2, "口径", A, None)]


def test_W01_a_negative_amount_is_asked_about(store):
    assert told_of(findings(store, MARCH.replace("25000", "-0.01"))) == [("W01", 3, "支付金额（元）", "-0.01", None)]


def test_W01_zero_is_not_negative(store):
    assert findings(store, MARCH.replace("25000", "0")) == []


def test_W02_spending_beyond_the_budget_is_asked_about(store):
    found = findings(store, SUMS.replace("230000", "1000000.01"))
    assert told_of(found) == [("W02", 2, "支付金额（元）", "1000000.01", "≤ 1000000.00")]
    assert found[0].facts.items() >= {"project_code": A, "budget": Decimal(1_000_000), "difference": Decimal("0.01")}.items()


def test_W12_a_month_that_repeats_the_month_before_is_asked_about(store):
    copied = FEBRUARY.replace("2025-02", "2025-03").replace(", 2-", ", 3-")
    found = findings(store, copied)
    assert told_of(found) == [("W12", None, "会计期间", "2025-03", None)]
    assert found[0].facts.items() >= {"earlier": "2025-02", "projects": 3}.items()


def test_W12_one_amount_that_differs_is_no_copy(store):
    copied = FEBRUARY.replace("2025-02", "2025-03").replace(", 2-", ", 3-").replace("20000", "20000.01")
    assert findings(store, copied) == []


def test_W13_a_voucher_that_another_month_reported_is_asked_about(store):
    repeated = MARCH.replace("25000, 当月, 3-2", "20000, 当月, 2-2")
    found = findings(store, repeated)
    assert told_of(found) == [("W13", 3, "凭证号", "2-2", None)]
    assert found[0].facts["month"] == "2025-02"


def test_W13_a_voucher_number_with_another_amount_is_no_repetition(store):
    assert findings(store, MARCH.replace("25000, 当月, 3-2", "25000, 当月, 2-2")) == []


def test_W02_months_count_together(store):
    found = findings(store, MARCH.replace("30000", "160000") + f"001, {C}, 丙, 2025-04, 160000, 当月, 4-1,")
    assert [(problem.code, problem.value) for problem in found if problem.code == "W02"] == []
    found = findings(
        store, MARCH.replace("30000", "160000") + "".join(f"001, {C}, 丙, 2025-0{month}, 160000, 当月, {month}-1,\n" for month in (4, 5))
    )
    assert [(problem.code, problem.value) for problem in found if problem.code == "W02"] == [("W02", "519000.00")]


def test_W02_a_spent_budget_is_not_exceeded(store):
    assert findings(store, SUMS.replace("230000", "1000000")) == []


def test_W03_yuan_under_wan_are_asked_about(store):
    found = findings(store, SUMS.replace("（元）", "（万元）").replace("230000", "23"), unit_of_money="万元")
    assert [entry for entry in told_of(found) if entry[0] == "W03"] == [
        ("W03", 3, "支付金额（万元）", "950000000.00", "95000.00"),
        ("W03", 4, "支付金额（万元）", "690000000.00", "69000.00"),
    ]
    assert [problem.facts["times"] for problem in found if problem.code == "W03"] == [1900, 1725]


def test_W03_wan_under_yuan_are_asked_about(store):
    found = findings(store, MARCH.replace("80000", "8").replace("25000", "2.5").replace("30000", "3"))
    assert told_of(found) == [("W03", None, "支付金额（元）", "13.50", "135000.00")]
    assert found[0].facts.items() >= {"why": "part", "times": 140_741}.items()


def test_W03_a_large_amount_below_a_hundred_budgets_is_no_matter_of_units(store):
    assert "W03" not in {problem.code for problem in findings(store, SUMS.replace("230000", "99999999.99"))}
    assert "W03" in {problem.code for problem in findings(store, SUMS.replace("230000", "100000000"))}


def test_W04_month_figures_that_never_fall_below_the_sum_so_far_look_cumulative(store):
    text = MARCH.replace("80000", "150000").replace("25000", "70000").replace("30000", "39000")
    assert told_of(findings(store, text)) == [("W04", None, "支付金额（元）", "3", None)]


def test_W04_one_lower_figure_is_enough_to_trust_the_months(store):
    assert findings(store, MARCH.replace("80000", "150000").replace("25000", "70000").replace("30000", "38999.99")) == []


def test_W05_a_month_above_two_fifths_of_the_budget_is_asked_about(store):
    found = findings(store, MARCH.replace("30000", "160004"))
    assert told_of(found) == [("W05", 4, "支付金额（元）", "160004.00", None)]
    assert found[0].facts.items() >= {"project_name": "丙", "month": "2025-03", "percent": Decimal("40.0")}.items()


def test_W05_rows_of_a_month_count_together(store):
    rows = f"001, {C}, 丙, 2025-03, 130000.01, 当月, 3-4,"
    assert told_of(findings(store, MARCH + rows)) == [("W05", 4, "支付金额（元）", "160000.01", None)]


def test_W05_exactly_two_fifths_are_not_above(store):
    assert findings(store, MARCH.replace("30000", "160000")) == []


def test_W06_a_restated_month_is_asked_about_with_its_old_and_new_sum(store):
    found = findings(store, FEBRUARY.replace("50000", "50000.01"))
    assert told_of(found) == [("W06", None, None, "001", None)]
    assert (
        found[0].facts.items()
        >= {
            "unit_code": "001",
            "month": "2025-02",
            "old": Decimal("89000"),
            "new": Decimal("89000.01"),
            "difference": Decimal("0.01"),
        }.items()
    )


def test_W06_a_shift_between_projects_restates_though_the_sum_stays(store):
    found = findings(store, FEBRUARY.replace("50000", "49000").replace("20000", "21000"))
    assert [(problem.code, problem.facts["difference"]) for problem in found] == [("W06", 0)]


def test_W06_the_same_amounts_under_other_vouchers_restate_nothing(store):
    assert findings(store, FEBRUARY.replace("2-1", "2-9")) == []


def test_W07_a_project_left_out_is_asked_about(store):
    found = findings(store, "\n".join(line for line in MARCH.split("\n") if B not in line))
    assert told_of(found) == [("W07", None, "项目代码", B, None)]
    assert found[0].facts.items() >= {"project_code": B, "project_name": "乙", "unit_code": "001", "months": "2025-03"}.items()


def test_W07_only_the_units_and_months_of_the_file_are_asked_about(store):
    text = f"{HEADER}\n002, {D}, 丁, 2025-03, 999, 当月, 3-1,\n002, {D}, 丁, 2025-04, 998, 当月, 4-1,"
    assert findings(store, text) == []


def test_W07_the_missing_months_are_named_in_their_order(store):
    later = MARCH.replace("2025-03", "2025-04").replace(HEADER, "").replace("30000", "29000").strip()
    found = findings(store, "\n".join(line for line in (MARCH.strip() + "\n" + later).split("\n") if B not in line))
    assert [problem.facts["months"] for problem in found] == ["2025-03, 2025-04"]


def test_W08_another_name_than_the_plans_is_asked_about(store):
    assert told_of(findings(store, MARCH.replace("乙,", "乙项目,"))) == [("W08", 3, "预算项目名称", "乙项目", "乙")]


@pytest.mark.parametrize("name", ["甲 （一期）", "甲(一期)", ""])
def test_W08_blanks_and_brackets_do_not_make_another_name(store, name):
    assert findings(store, MARCH.replace("甲（一期）", name)) == []


def test_W10_a_control_total_other_than_the_files_is_asked_about(store):
    found = findings(store, MARCH, control_total=Decimal("135000.01"))
    assert told_of(found) == [("W10", None, "支付金额（元）", "135000.00", "135000.01")]
    assert found[0].facts.items() >= {"difference": Decimal("0.01")}.items()


def test_W10_the_right_control_total_passes(store):
    assert findings(store, MARCH, control_total=Decimal(135_000)) == []


def test_M03_the_same_amount_on_three_projects_is_noted(store):
    found = findings(store, MARCH.replace("80000", "30000").replace("25000", "30000"))
    assert told_of(found) == [("M03", 2, "支付金额（元）", "30000.00", None)]
    assert found[0].facts.items() >= {"rows": "2, 3, 4"}.items()


def test_M03_two_of_a_kind_or_zeros_are_nothing_remarkable(store):
    assert findings(store, MARCH.replace("25000", "30000")) == []
    assert findings(store, MARCH.replace("80000", "0").replace("25000", "0").replace("30000", "0")) == []


def test_L01_one_payment_plan_for_three_projects_looks_like_a_default(empty):
    same = re.sub(r"\d+%, \d+%, \d+%, 100%", "25%, 50%, 75%, 100%", PROJECTS)
    found = findings(empty, same)
    assert told_of(found) == [("L01", None, None, "3月 25% / 6月 50% / 9月 75% / 12月 100%", None)]
    assert found[0].facts.items() >= {"projects": 4}.items()


def test_L01_two_projects_may_share_a_plan(empty):
    same = re.sub(r"\d+%, \d+%, \d+%, 100%", "25%, 50%, 75%, 100%", PROJECTS)
    assert findings(empty, "\n".join(same.strip().split("\n")[:3])) == []


def about_target(found: list[Problem], text: str, target: str) -> list[tuple[str, bool, str | None, str | None]]:
    """Code, whether it stands at the target's row and speaks of 指标值, value and what was expected."""
    say = Words("zh")
    return [
        (problem.code, problem.row == row_of(text, target) and "“指标值”" in say.problem(problem), problem.value, problem.expected)
        for problem in found
    ]


def test_L02_a_target_without_a_number_is_noted(empty):
    text = document(数量指标="长期")
    assert about_target(findings(empty, text), text, "长期") == [("L02", True, "长期", None)]


@pytest.mark.parametrize(("target", "expected"), [("≥26万元", "≤26万元"), (">26万元", "<26万元")])
def test_L03_a_cost_target_of_at_least_is_noted(empty, target, expected):
    text = document(成本指标=target)
    assert about_target(findings(empty, text), text, target) == [("L03", True, target, expected)]


def test_L03_other_targets_may_be_minima(empty):
    assert findings(empty, document(数量指标="≥26万元")) == []


def test_L04_a_cost_target_other_than_the_budget_is_noted(empty):
    text = document(成本指标="≤25.99万元")
    assert about_target(findings(empty, text), text, "≤25.99万元") == [("L04", True, "≤25.99万元", "26.00万元")]


def test_L04_a_cost_that_is_no_money_is_not_compared(empty):
    assert findings(empty, document(成本指标="≤5人")) == []


def test_L05_the_word_for_percent_is_noted(empty):
    text = document(质量指标="≥95百分比")
    assert about_target(findings(empty, text), text, "≥95百分比") == [("L05", True, "≥95百分比", "≥95%")]


@pytest.mark.parametrize(("target", "why"), [("≥95", "missing"), ("≥99基础工作准备情况", "malformed")])
def test_L06_a_number_without_a_proper_unit_is_noted(empty, target, why):
    text = document(质量指标=target)
    found = findings(empty, text)
    assert about_target(found, text, target) == [("L06", True, target, None)]
    assert found[0].facts["why"] == why


def test_L07_checkpoints_off_the_quarters_are_noted(empty):
    found = findings(empty, PROJECTS.replace("9月底", "10月底"))
    assert told_of(found) == [("L07", None, None, "10月", None)]
    assert found[0].facts.items() >= {"projects": 4}.items()


def test_L07_the_months_are_named_in_their_order(empty):
    found = findings(empty, PROJECTS.replace("3月底, 6月底, 9月底, 12月底", "2月底, 5月底, 10月底, 11月底"))
    assert [problem.value for problem in found if problem.code == "L07"] == ["2月, 5月, 10月, 11月"]


@pytest.mark.parametrize(("budget", "value"), [("", None), ("0", "0.00")])
def test_L08_a_blank_or_zero_budget_is_noted(empty, budget, value):
    found = findings(empty, PROJECTS.replace("500000", budget))
    assert told_of(found) == [("L08", 3, "预算数（元）", value, None)]
    assert found[0].facts.items() >= {"project_name": "乙"}.items()


def test_L09_a_project_without_a_payment_plan_is_noted(empty):
    found = findings(empty, PROJECTS.replace("20%, 40%, 60%, 100%", ", , ,"))
    assert [(problem.code, problem.row, problem.value, problem.facts) for problem in found] == [
        ("L09", 3, B, {"project_name": "乙", "unit_code": "001", "project_code": B, "place": None})
    ]
    assert re.match("第 3 行“(资金支出计划|付款计划)”", Words("zh").problem(found[0]))


def test_L10_one_code_under_two_units_is_noted(empty):
    found = findings(empty, PROJECTS + SHARED)
    assert told_of(found) == [("L10", 6, "项目编码", D, None)]
    assert found[0].facts.items() >= {"units": "002, 003"}.items()


def test_W28_a_project_that_a_newer_document_leaves_out_is_asked_about(store):
    found = findings(store, "\n".join(line for line in (PROJECTS + SHARED).split("\n") if B not in line))
    assert told_of([problem for problem in found if problem.code[0] == "W"]) == [("W28", None, "项目编码", B, None)]
    assert found[-1].facts.items() >= {"project_name": "乙", "unit_code": "001", "known_batch": 1}.items()


def test_W29_a_document_over_what_a_person_corrected_is_asked_about(empty):
    own = opened()
    acting.prepare(own)
    acts.certify(own, acts.load(own, sending(PROJECTS, {}), "test").batch, "test", today=TODAY)
    name, content = by_hand.corrected(own, (2025, "001", A), [{"field": "budget", "holds": Decimal(2_000_000)}], "漏写")
    correction = Sending(name, content, read_file(content), TODAY)
    acts.certify(own, acts.load(own, correction, "test").batch, "test", today=TODAY)
    found = findings(own, PROJECTS)
    assert told_of([problem for problem in found if problem.code[0] == "W"]) == [("W29", 2, "项目编码", A, None)]
    assert next(problem.facts for problem in found if problem.code == "W29").items() >= {"known_batch": 2, "fields": "budget"}.items()


def test_L11_funds_that_do_not_add_up_are_noted(empty):
    table = f"项目编码, 项目名称, 预算数（元）, 财政资金, 其他资金, 3月底, 12月底\n{A}, 甲, 100, 60, 39.99, 50%, 100%"
    assert told_of(findings(empty, table)) == [("L11", 2, "预算数（元）", "100.00", "99.99")]


@pytest.mark.parametrize("funds", ["60, 40", "100,", "100, 0", ","])
def test_L11_funds_that_add_up_or_are_blank_pass(empty, funds):
    table = f"项目编码, 项目名称, 预算数（元）, 财政资金, 其他资金, 3月底, 12月底\n{A}, 甲, 100, {funds}, 50%, 100%"
    assert findings(empty, table) == []


def test_L12_a_code_that_its_check_character_does_not_close_is_noted(empty):
    wrong = B[:-1] + "X"
    found = findings(empty, PROJECTS.replace(B, wrong))
    assert told_of(found) == [("L12", 3, "项目编码", wrong, None)]


def test_the_real_plan_is_read_by_its_checks_as_a_careful_reader_would(empty):
    content = PLAN.read_bytes()
    found = consider(empty, Sending(PLAN.name, content, read_file(content), TODAY)).problems
    assert Counter(problem.code for problem in found) == {"L01": 1, "L02": 27, "L03": 8, "L04": 3, "L05": 5, "L06": 8, "L07": 1}
    assert {problem.level for problem in found} == {"note"}
    assert [(problem.value, problem.expected) for problem in found if problem.code == "L04"] == [
        ("≥2040.21万元", "2040.22万元"),
        ("7.36万元", "7.37万元"),
        ("≥390万元", "393.00万元"),
    ]


def test_M01_a_file_said_again_gives_one_note_and_no_questions(store):
    found = findings(store, FEBRUARY)
    assert [(problem.code, problem.level, problem.facts) for problem in found] == [("M01", "note", {"batch": 3})]


@pytest.mark.parametrize("amount", ["9999999999999999.99", "-9999999999999999.99"])
def test_an_amount_at_the_bounds_of_the_store_is_found_and_never_raises(store, amount):
    assert {problem.code for problem in findings(store, MARCH.replace("80000", amount))} & {"R03", "W01", "W03"}


def test_considering_a_file_leaves_nothing_behind(store):
    def held() -> Rows:
        with store.cursor() as cursor:
            return [
                row
                for table in ("batches", "events", "findings", "actuals", "acts")
                for row in ask(cursor, f"select '{table}' as name, count(*) as n from {table}")
            ]

    before = held()
    findings(store, MARCH)
    assert held() == before


CODES = sorted(path.stem for path in rules.FOLDER.glob("*.sql"))


@pytest.mark.parametrize("code", CODES)
def test_every_check_has_a_test_of_its_name(code):
    assert f"def test_{code}_" in Path(__file__).read_text(encoding="utf-8")


@pytest.mark.parametrize("code", CODES)
def test_every_check_has_its_sentence_and_its_remedy(code):
    assert f"{code}.fix" in all_words()
    assert any(re.fullmatch(rf"{code}(\.(?!fix)\w+)?", key) for key in all_words())


@pytest.mark.parametrize("code", CODES)
def test_every_check_opens_with_its_rule_in_a_sentence(code):
    first = (rules.FOLDER / f"{code}.sql").read_text(encoding="utf-8").split("\n")[0]
    assert re.fullmatch(r"-- .{20,}\.", first)
