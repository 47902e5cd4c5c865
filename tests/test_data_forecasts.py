"""The range of what may still come, reckoned a second time by hand; its bounds, its scoreboard; what is in reach."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from drawn import HEADINGS, QUARTERS, end_of, everything, new_store, pay, row_of

from data import forecasts, profiles, queries

CENT = Decimal("0.01")
THREE = f"""
{HEADINGS},{QUARTERS}
P1,会议费,001,局本级,120,25%,50%,75%,100%
P2,培训费,001,局本级,60,25%,50%,75%,100%
P3,差旅费,001,局本级,100,25%,50%,75%,100%
"""


def cents(amount):
    return amount.quantize(CENT, ROUND_HALF_UP)


def test_the_range_lies_between_the_ways_of_going_on():
    store = new_store(THREE)
    pay(store, "P1 1 10000\nP1 2 20000\nP1 3 60000\nP2 1 0\nP2 2 0\nP2 3 30000\nP3 1 50000\nP3 2 50000\nP3 3 50000")
    found = {row["project_code"]: row for row in forecasts.forecast(store, end_of(3), 6)}
    # P1 of 1,200,000: spent 90,000 in three months, least 10,000, most 60,000, mean 30,000; three months ahead.
    # The straight line is at 25 % (300,000) in March and 50 % (600,000) in June: 300,000 at a pace of 0.3 are 90,000.
    # All three paid 7.5 %, 5 % and 15 % of their budgets in three months: quartiles 5 %, 7.5 %, 15 % of 1,200,000.
    ways = [Decimal(n) for n in (30_000, 180_000, 90_000, 90_000, 90_000, 60_000, 90_000, 180_000)]
    sums = sorted(90_000 + way for way in ways)
    row = found["P1"]
    assert (row["low"], row["high"]) == (sums[0], sums[-1]) == (120_000, 270_000)
    assert row["middle"] == cents((sums[3] + sums[4]) / 2)
    assert (row["unspent_low"], row["unspent_high"]) == (1_200_000 - 270_000, 1_200_000 - 120_000)
    assert row["target_month"] == 6


def test_a_range_never_falls_below_what_is_spent_nor_passes_the_budget(sampled_store):
    for month in range(1, 10):
        for ahead in {month + 1, 10, 12} - set(range(1, month + 1)):
            for row in forecasts.forecast(sampled_store, end_of(month), ahead):
                assert row["spent"] <= row["low"] <= row["middle"] <= row["high"] <= max(row["current_budget"], row["spent"])


def test_only_reported_projects_with_a_budget_have_a_range(sampled_store):
    rows = {row["project_code"] for row in forecasts.forecast(sampled_store, end_of(7))}
    assert rows == {row["project_code"] for row in queries.progress(sampled_store, end_of(7)) if row["reported"]}
    store = new_store(f"{HEADINGS}\nP1,会议费,001,局本级,0\nP2,培训费,001,局本级,10")
    pay(store, "P1 3 0\nP2 3 1000")
    assert [row["project_code"] for row in forecasts.forecast(store, end_of(3))] == ["P2"]


def test_without_a_plan_the_range_rests_on_months_alone():
    store = new_store(f"{HEADINGS}\nP1,会议费,001,局本级,12")
    pay(store, "P1 1 10000\nP1 2 10000")
    (row,) = forecasts.forecast(store, end_of(2))
    assert (row["low"], row["middle"], row["high"]) == (120_000, 120_000, 120_000)


def test_the_scoreboard_counts_what_it_says(sampled_store):
    spent = {row["project_code"]: row["spent"] for row in queries.progress(sampled_store, end_of(9)) if row["reported"]}
    board = {row["origin"]: row for row in forecasts.scoreboard(sampled_store, end_of(9))}
    assert board.keys() == set(range(1, 9))
    for month in (3, 8):
        rows = [row for row in forecasts.forecast(sampled_store, end_of(month), 9) if row["project_code"] in spent]
        within = sum(row["low"] <= spent[row["project_code"]] <= row["high"] for row in rows)
        missed = sum(abs(row["middle"] - spent[row["project_code"]]) for row in rows)
        assert (board[month]["projects"], board[month]["within"]) == (len(rows), within)
        assert board[month]["error"] == missed / sum(spent[row["project_code"]] for row in rows)
    assert board[8]["error"] < board[1]["error"]


def test_a_forecast_keeps_nothing_and_knows_only_what_was_known(sampled_store):
    before = everything(sampled_store)
    forecasts.scoreboard(sampled_store, end_of(9))
    assert everything(sampled_store) == before
    assert forecasts.forecast(sampled_store, end_of(3), 12) == forecasts.forecast(sampled_store, end_of(3))


@pytest.mark.parametrize(
    ("lines", "word"),
    [
        # Half of 1,000,000 is due in June: what is missing, three months ahead.
        ("P1 1 100000\nP1 2 100000\nP1 3 300000", "reachable"),
        ("P1 1 80000\nP1 2 80000\nP1 3 80000", "reachable"),
        ("P1 1 50000\nP1 2 60000\nP1 3 90000", "strained"),
        ("P1 1 20000\nP1 2 20000\nP1 3 20000", "hardly"),
        ("P1 1 0\nP1 2 0\nP1 3 0", "hardly"),
        ("P1 1 90000\nP1 2 -40000\nP1 3 -60000", "hardly"),
    ],
)
def test_the_next_checkpoint_is_in_reach_or_not(lines, word):
    store = new_store()
    pay(store, lines)
    assert forecasts.reach(row_of(store, 3), end_of(3), queries.rules(store)["pace"]) == word


@pytest.mark.parametrize("month", [4, 8])
def test_of_a_month_without_a_report_no_pace_is_told(month):
    # In April the latest report is of March; in August no report of the last three months stands either.
    store = new_store()
    pay(store, "P1 1 50000\nP1 2 60000\nP1 3 90000")
    assert forecasts.reach(row_of(store, month), end_of(month), queries.rules(store)["pace"]) is None


def test_after_the_last_checkpoint_there_is_nothing_to_reach():
    store = new_store()
    pay(store, "P1 12 1000")
    assert forecasts.reach(row_of(store, 12), end_of(12), Decimal(2)) is None


def test_the_points_of_the_band_begin_at_the_present_and_end_in_december(sampled_store):
    points = forecasts.points(sampled_store, end_of(9))
    assert [point["month"] for point in points] == [9, 10, 12]
    whole = forecasts.whole(forecasts.forecast(sampled_store, end_of(9), 12))
    assert {name: points[-1][name] for name in ("low", "middle", "high")} == {name: whole[name] for name in ("low", "middle", "high")}
    assert points[0]["low"] == points[0]["high"] == queries.summary(sampled_store, end_of(9))[0]["spent"]
    assert forecasts.points(sampled_store, end_of(7)) == [] == forecasts.points(sampled_store, end_of(12))


def five(plan_of_last, *pay_lines):
    """Five projects of 100 万元 each, the last with a plan of its own; each paid what is said by the end of March."""
    lines = [f"P{number},项目{number},001,局本级,100,25%,50%,75%,100%" for number in range(1, 5)]
    store = new_store("\n".join([f"{HEADINGS},{QUARTERS}", *lines, f"P5,项目5,001,局本级,100,{plan_of_last}"]))
    pay(store, "\n".join(f"P{number} 3 {paid}" for number, paid in enumerate(pay_lines, 1)))
    return store


def test_the_pool_is_of_projects_with_the_same_payment_plan():
    store = five("0%,0%,0%,100%", 100_000, 200_000, 300_000, 400_000, 900_000)
    found = {row["project_code"]: row["quartiles"] for row in forecasts.forecast(store, end_of(3))}
    # Four alike: 10, 20, 30, 40 %; the fifth is alone and pools with all five: 10, 20, 30, 40, 90 %.
    assert found["P1"] == [Decimal("0.1"), Decimal("0.2"), Decimal("0.3")]
    assert found["P5"] == [Decimal("0.2"), Decimal("0.3"), Decimal("0.4")]


def test_a_payment_profile_makes_projects_alike_whatever_their_plans():
    store = five("0%,0%,0%,100%", 100_000, 200_000, 300_000, 400_000, 900_000)
    for number in range(2, 6):
        profiles.record(store, profiles.Profile((2025, "001", f"P{number}"), "once", 12), "张", "合同")
    kinds = {row["project_code"]: row for row in forecasts.forecast(store, end_of(3))}
    assert {kinds[f"P{number}"]["kind"] for number in range(2, 6)} == {"once 12"}
    assert kinds["P5"]["quartiles"] == [Decimal("0.2"), Decimal("0.3"), Decimal("0.4")]
    assert kinds["P1"]["kind"] == "3=0.250000 6=0.500000 10=0.750000 12=1.000000"


def test_the_scoreboard_rests_on_what_was_known_in_its_time():
    store = new_store()
    pay(store, "P1 1 50000", today=date(2025, 2, 5))
    pay(store, "P1 2 50000", today=date(2025, 3, 5))
    # In April the January figure is restated: a range of January that knew of it would begin at 90,000.
    pay(store, "P1 1 90000", today=date(2025, 4, 20))
    pay(store, "P1 3 50000", today=date(2025, 4, 20))
    then = forecasts.forecast(store, end_of(1), 3, forecasts.reports_due(end_of(1), 10))
    assert [row["spent"] for row in then] == [50_000]
    assert [row["spent"] for row in forecasts.forecast(store, end_of(1), 3)] == [90_000]
    first, second = forecasts.scoreboard(store, end_of(3))
    assert first["error"] == abs(then[0]["middle"] - 190_000) / Decimal(190_000)
    assert (first["then_known"], second["then_known"]) == (True, True)


def test_a_month_of_which_nothing_was_known_in_its_time_is_said_to_rest_on_what_is_known_now():
    store = new_store()
    pay(store, "P1 1 50000\nP1 2 50000\nP1 3 50000", today=date(2025, 4, 20))
    assert [row["then_known"] for row in forecasts.scoreboard(store, end_of(3))] == [False, False]
