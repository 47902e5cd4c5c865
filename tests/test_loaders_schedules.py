"""A payment plan as written becomes cumulative shares; where it could be read two ways, both are said."""

from decimal import Decimal

import pytest

from data.words import LANGUAGES, Words
from loaders.problems import Problem
from loaders.schedules import Schedule, Written, schedule

MONTHS = (3, 6, 10, 12)
PERCENT, BARE, WAN, YUAN = "资金支出计划（%）", "资金支出计划", "用款计划（万元）", "用款计划（元）"


def read(texts: str, heading: str = PERCENT, budget: str | None = "1000000", declared: str | None = None, unit: str = "万元") -> Schedule:
    """A plan of texts parted by commas at 3, 6, 10, 12; every finding can be worded in both languages."""
    points = list(zip(MONTHS, (text.strip() for text in texts.split(",")), strict=False))
    found = schedule(Written(points, heading, Decimal(budget) if budget else None, unit, declared))
    for code, told in found.findings:
        problem = Problem(code, value=told.get("value"), facts={name: told[name] for name in told if name != "value"})
        for say in map(Words, LANGUAGES):
            assert say.problem(problem) and say.remedy(problem)
    return found


def shares(found: Schedule) -> list[Decimal]:
    return [point["share"] for point in found.checkpoints]


def codes(found: Schedule) -> list[str]:
    return [code for code, _ in found.findings]


def decimals(text: str) -> list[Decimal]:
    return [Decimal(part) for part in text.split()]


@pytest.mark.parametrize(
    "texts", ["25%, 50%, 75%, 100%", "25, 50, 75, 100", "25 %, 50 %, 75 %, 100 %", "２５％, 50％, 75%, 100百分比", "0.25, 0.5, 0.75, 1"]
)
def test_rising_figures_that_end_at_the_whole_are_cumulative(texts):
    found = read(texts)
    assert (found.reading, shares(found), found.findings) == ("cumulative", decimals("0.25 0.5 0.75 1"), [])


@pytest.mark.parametrize("texts", ["10%, 30%, 40%, 20%", "10, 30, 40, 20", "0.1, 0.3, 0.4, 0.2"])
def test_figures_that_do_not_rise_and_add_up_to_the_whole_are_increments_and_said_with_both_readings(texts):
    found = read(texts)
    assert (found.reading, shares(found)) == ("increments", decimals("0.1 0.4 0.8 1"))
    [(code, told)] = found.findings
    assert (code, told["taken"], told["other"]) == ("M21", "3月 10% 6月 40% 10月 80% 12月 100%", "3月 10% 6月 30% 10月 40% 12月 20%")


@pytest.mark.parametrize(("texts", "sums"), [("25%, 25%, 25%, 25%", "0.25 0.5 0.75 1"), ("10%, 20%, 30%, 40%", "0.1 0.3 0.6 1")])
def test_rising_figures_that_add_up_to_the_whole_could_be_either_and_are_asked_about(texts, sums):
    found = read(texts)
    assert (found.reading, shares(found), codes(found)) == ("increments", decimals(sums), ["W21"])
    assert found.findings[0][1]["why"] == "increments"
    assert found.findings[0][1]["other"].startswith(f"3月 {texts.split(',')[0]}")


def test_the_other_reading_of_a_doubtful_plan_can_be_declared():
    assert shares(read("10%, 20%, 30%, 40%", declared="cumulative")) == decimals("0.1 0.2 0.3 0.4")
    assert shares(read("10%, 20%, 30%, 40%", declared="increments")) == decimals("0.1 0.3 0.6 1")
    assert codes(read("10%, 20%, 30%, 40%", declared="increments")) == []
    assert codes(read("10%, 20%, 30%, 40%", declared="cumulative")) == ["M23"]


def test_a_heading_that_says_cumulative_or_by_quarters_settles_the_doubt():
    assert (read("10%, 20%, 30%, 40%", "累计支出进度（%）").reading, read("10%, 20%, 30%, 40%", "分季度用款计划（%）").reading) == (
        "cumulative",
        "increments",
    )
    assert codes(read("25%, 25%, 25%, 25%", "分季度用款计划（%）")) == ["M21"]


def test_nothing_until_december_is_the_same_either_way_and_not_asked_about():
    found = read("0%, 0%, 0%, 100%")
    assert (found.reading, shares(found), found.findings) == ("cumulative", decimals("0 0 0 1"), [])


@pytest.mark.parametrize("texts", ["50%, 25%, 75%, 100%", "50%, 60%, 70%, 125%", "50%, 40%, 30%, 20%"])
def test_a_plan_that_falls_or_exceeds_the_whole_is_found_and_kept_as_written(texts):
    found = read(texts)
    assert (found.reading, codes(found)) == ("cumulative", ["W11"])
    assert shares(found) == [Decimal(text.strip().rstrip("%")) / 100 for text in texts.split(",")]


def test_a_plan_that_ends_below_the_whole_is_noted_with_month_and_share():
    found = read("25%, 50%, 75%, 90%")
    assert found.findings == [("M23", {"value": "25% 50% 75% 90%", "month": "12月", "share": "90%"})]
    assert shares(found)[-1] == Decimal("0.9")


@pytest.mark.parametrize(
    ("texts", "heading"),
    [
        ("25, 50, 75, 100", WAN),
        ("250000, 500000, 750000, 1000000", YUAN),
        ("250000, 500000, 750000, 1000000", BARE),
        ("25万元, 50万元, 75万元, 100万元", BARE),
        ("250,000元".replace(",", "") + ", 500000元, 750000元, 1000000元", PERCENT),
    ],
)
def test_amounts_that_end_at_the_budget_are_cumulative_amounts_and_said_so(texts, heading):
    found = read(texts, heading, unit="元" if heading == YUAN else "万元")
    assert (found.reading, shares(found)) == ("amounts", decimals("0.25 0.5 0.75 1"))
    assert [(code, told["why"]) for code, told in found.findings] == [("M22", "cumulative")]
    assert [point["amount"] for point in found.checkpoints] == [250_000, 500_000, 750_000, 1_000_000]


def test_amounts_that_add_up_to_the_budget_are_amounts_of_each_period():
    found = read("10, 30, 40, 20", WAN)
    assert (found.reading, shares(found)) == ("amounts", decimals("0.1 0.4 0.8 1"))
    assert [(code, told["why"]) for code, told in found.findings] == [("M22", "increments")]
    assert [point["amount"] for point in found.checkpoints] == [100_000, 400_000, 800_000, 1_000_000]


def test_bare_figures_that_fit_the_budget_and_could_be_percentages_are_asked_about():
    found = read("5, 13, 20, 26", BARE, "260000")
    assert (found.reading, [told["why"] for _, told in found.findings]) == ("amounts", ["amounts"])
    assert found.findings[0][1]["other"] == "3月 5% 6月 13% 10月 20% 12月 26%"
    assert shares(read("5, 13, 20, 26", BARE, "260000", declared="cumulative")) == decimals("0.05 0.13 0.2 0.26")
    assert codes(read("5, 13, 20, 26", BARE, "260000", declared="amounts")) == ["M22"]


def test_amounts_that_neither_end_at_the_budget_nor_add_up_to_it_are_asked_about():
    found = read("10, 20, 30, 35", WAN)
    assert (found.reading, shares(found)) == ("amounts", decimals("0.1 0.2 0.3 0.35"))
    assert [(code, told.get("why")) for code, told in found.findings] == [("W21", "sums"), ("M23", None)]


def test_the_share_of_an_amount_is_cut_so_that_payment_in_full_is_never_short():
    found = read("333333.33, 666666.67, 1000000, 1000000", YUAN, unit="元")
    assert shares(found) == decimals("0.333333 0.666666 1 1")
    assert [point["amount"] for point in found.checkpoints][:2] == decimals("333333.33 666666.67")
    assert all(point["share"] * 1_000_000 <= point["amount"] for point in found.checkpoints)


@pytest.mark.parametrize("budget", [None, "0", "-5"])
def test_amounts_without_a_budget_give_no_plan_and_say_why(budget):
    found = read("5, 13, 20, 26", WAN, budget)
    assert (found.reading, found.checkpoints) == ("missing", [])
    assert [(code, told["why"]) for code, told in found.findings] == [("P02", "budget")]


def test_fractions_that_do_not_reach_the_whole_are_asked_about():
    found = read("0.1, 0.2, 0.3, 0.5")
    assert shares(found) == decimals("0.1 0.2 0.3 0.5")
    assert [(code, told.get("why")) for code, told in found.findings] == [("W21", "fractions"), ("M23", None)]


@pytest.mark.parametrize("texts", ["一半, 60%, 80%, 100%", "25%, 50万元, 75%, 100%", "-25%, 50%, 75%, 100%", f"{'9' * 40}%, 1%, 2%, 3%"])
def test_what_is_no_plan_gives_no_checkpoints_and_is_found(texts):
    found = read(texts)
    assert (found.reading, found.checkpoints, codes(found)) == ("missing", [], ["P02"])


def test_two_figures_for_one_month_are_found():
    assert [code for code, _ in schedule(Written([(3, "25%"), (3, "50%"), (12, "100%")], PERCENT, None, "万元")).findings] == ["P02"]


@pytest.mark.parametrize("count", [1, 2, 3, 12])
def test_a_plan_may_have_any_number_of_checkpoints_in_any_order(count):
    points = [(month, f"{Decimal(month * 100) / count:.2f}%" if month < count else "100%") for month in range(count, 0, -1)]
    found = schedule(Written(points, PERCENT, None, "万元"))
    assert [point["month"] for point in found.checkpoints] == list(range(1, count + 1))
    assert found.checkpoints[-1]["share"] == 1


def test_no_figures_are_a_missing_plan_without_a_finding():
    assert schedule(Written([], PERCENT, None, "万元")) == Schedule([], "missing", [])
