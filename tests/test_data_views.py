"""What the views answer: small tables in, the answers said."""

import random
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from drawn import (
    HEADINGS,
    QUARTERS,
    TODAY,
    adjust,
    behind,
    drawn,
    end_of,
    everything,
    new_store,
    pay,
    paying,
    progress,
    row_of,
    sending_of,
    side_by_side,
    status,
    take_in,
)

from data import acts, again, queries
from data.database import ask
from data.journal import now

TWO_PROJECTS = f"""
{HEADINGS},{QUARTERS}
P1,会议费,001,局本级,100,25%,50%,75%,100%
P2,培训费,001,局本级,100,25%,50%,75%,100%
"""
TWO_UNITS = f"""
{HEADINGS},{QUARTERS}
P1,会议费,001,局本级,100,25%,50%,75%,100%
P2,培训费,002,中心,100,25%,50%,75%,100%
"""
SMALL = f"""
{HEADINGS},{QUARTERS}
P1,会议费,001,局本级,10,25%,50%,75%,100%
"""


# Bands


def verdicts(store, month):
    """The statuses at a month's end in the order of the projects."""
    return [row["status"] for row in progress(store, month).values()]


def test_exactly_at_an_edge_the_upper_band_wins_and_one_fen_less_falls():
    store = side_by_side("3 250000", "3 249999.99", "3 200000", "3 199999.99", "3 150000", "3 149999.99")
    assert verdicts(store, 3) == ["met", "slightly_behind", "slightly_behind", "behind", "behind", "far_behind"]


def test_the_edges_are_exact_on_an_odd_budget():
    # 25 % of 1,234,567.20 yuan is 308,641.80: four fifths of it 246,913.44, three fifths 185,185.08.
    store = side_by_side("3 308641.80", "3 308641.79", "3 246913.44", "3 246913.43", "3 185185.08", "3 185185.07", budget="123.45672")
    assert verdicts(store, 3) == ["met", "slightly_behind", "slightly_behind", "behind", "behind", "far_behind"]


def test_an_edge_between_two_fen_is_not_rounded():
    # 25 % of 1,000,000.01 yuan is 250,000.0025.
    store = side_by_side("3 250000", "3 250000.01", "3 200000", "3 200000.01", budget="100.000001")
    assert verdicts(store, 3) == ["slightly_behind", "met", "behind", "slightly_behind"]


def test_a_share_that_only_rounds_to_the_edge_stays_below_it():
    row = row_of(drawn("P1 3 199999.99"), 3)
    assert (row["completion"], row["status"]) == (Decimal("0.8000"), "behind")


def test_ten_points_behind_is_behind_by_a_hundred_thousand_yuan():
    row = row_of(drawn("P1 3 150000"), 3)
    assert (row["status"], row["gap_share"], row["gap_amount"]) == ("behind", Decimal("-0.1000"), Decimal("-100000.00"))


def test_exactly_on_plan_at_each_checkpoint_is_met_and_never_on_the_list():
    lines = ["P1 3 250000", "P1 6 250000", "P1 10 250000", "P1 12 250000"]
    store = drawn("\n".join(lines + [f"P1 {month} 0" for month in (1, 2, 4, 5, 7, 8, 9, 11)]))
    for month in range(1, 13):
        assert status(store, month) == ("not_due" if month < 3 else "met"), month
        assert behind(store, month) == {}, month


def test_one_fen_short_at_each_checkpoint_is_slightly_behind():
    store = drawn("P1 3 249999.99\nP1 6 250000\nP1 10 250000\nP1 12 250000")
    assert [status(store, month) for month in (3, 6, 10, 12)] == ["slightly_behind"] * 4


def test_three_shares_are_told_apart_at_the_end_of_august():
    row = row_of(drawn("P1 8 500000"), 8)
    assert [str(row[name]) for name in ("due_share", "expected_share", "calendar_share")] == ["0.5000", "0.6250", "0.6667"]


# Missing is not zero


def test_nothing_reported_is_not_reported_and_never_on_the_list():
    store = new_store()
    for month in range(1, 13):
        row = row_of(store, month)
        assert (row["status"], row["spent"], row["spent_share"], row["gap_amount"]) == ("not_reported", None, None, None)
        assert behind(store, month) == {}


def test_a_month_without_a_report_keeps_the_last_total_and_is_not_judged():
    store = drawn("P1 3 10000")
    assert status(store, 3) == "far_behind"
    row = row_of(store, 4)
    assert (row["status"], row["spent"], row["last_reported"], row["gap_amount"]) == ("not_reported", Decimal("10000.00"), 3, None)
    assert behind(store, 4) == {}


def test_a_reported_zero_is_far_behind_after_the_first_checkpoint():
    store = drawn("P1 3 0")
    row = row_of(store, 3)
    assert (row["status"], row["spent"], row["completion"]) == ("far_behind", Decimal("0.00"), Decimal("0.0000"))
    assert list(behind(store, 3)) == ["P1"]


def test_before_the_first_checkpoint_nothing_is_due():
    store = drawn("P1 1 0\nP1 2 0")
    for month in (1, 2):
        row = row_of(store, month)
        assert (row["status"], row["due_share"], row["completion"]) == ("not_due", Decimal("0.0000"), None)
        assert behind(store, month) == {}


def test_above_the_whole_budget_is_overspent_and_exactly_the_budget_is_not():
    store = side_by_side("1 1000000.01, 3 0", "1 1000000, 3 0")
    assert verdicts(store, 3) == ["overspent", "met"]
    assert verdicts(store, 1) == ["overspent", "not_due"]


def test_without_a_budget_or_a_plan_there_is_no_basis():
    store = drawn(
        "P1 3 5\nP2 3 5\nP3 3 5\nP4 3 250000",
        f"{HEADINGS},{QUARTERS}\nP1,甲,001,局,,25%,50%,75%,100%\nP2,乙,001,局,0,25%,50%,75%,100%\nP3,丙,001,局,100,,,,\nP4,丁,001,局,100,25%,50%,75%,100%",
    )
    for month in (3, 12):
        rows = progress(store, month)
        for code in ("P1", "P2", "P3"):
            assert (rows[code]["status"], rows[code]["gap_amount"], rows[code]["at_risk"]) == ("no_basis", None, False), (code, month)
    assert progress(store, 3)["P3"]["spent_share"] == Decimal("0.0000")
    assert progress(store, 3)["P1"]["spent_share"] is None
    assert status(store, 3, "P4") == "met"
    assert behind(store, 3) == {}


def test_the_gap_of_the_whole_covers_only_what_can_be_judged():
    store = drawn("P1 3 100000", TWO_PROJECTS)
    whole = queries.summary(store, end_of(3))[0]
    assert (whole["projects"], whole["reported"], whole["coverage"]) == (2, 1, Decimal("0.5000"))
    assert (whole["judged_spent"], whole["judged_due"], whole["gap_amount"]) == (Decimal(100_000), Decimal(250_000), Decimal(-150_000))
    assert (whole["spent_share"], whole["judged_due_share"], whole["due_amount"]) == (
        Decimal("0.1000"),
        Decimal("0.2500"),
        Decimal(500_000),
    )


# Totals through the year


def test_a_refund_lowers_the_total():
    store = drawn("P1 3 300000\nP1 4 -60000")
    assert (row_of(store, 3)["spent"], status(store, 3)) == (Decimal(300_000), "met")
    assert (row_of(store, 4)["spent"], status(store, 4)) == (Decimal(240_000), "slightly_behind")
    assert queries.curve(store, 2025)[3]["paid"] == Decimal(-60_000)


def test_several_lines_of_a_month_add_up():
    amounts = (100_000, -1_000, 151_000)
    rows = [f"001,P1,2025-03,{amount},当月,{number}" for number, amount in enumerate(amounts)]
    content = "\n".join(["单位编码,项目编码,月份,支出金额,口径,凭证号", *rows])
    store = new_store()
    take_in(store, content)
    assert (row_of(store, 3)["spent"], status(store, 3)) == (Decimal(250_000), "met")


def test_a_cumulative_figure_replaces_what_was_before():
    store = drawn("P1 1 100000\nP1 2 100000\nP1 3 250000 累计\nP1 4 10000")
    assert [row_of(store, month)["spent"] for month in (2, 3, 4)] == [Decimal(200_000), Decimal(250_000), Decimal(260_000)]
    assert queries.curve(store, 2025)[2]["paid"] == Decimal(50_000)


def test_a_cumulative_figure_closes_an_unreported_month():
    monthly, cumulative = drawn("P1 1 1000\nP1 3 1000"), drawn("P1 1 1000\nP1 3 2000 累计")
    assert [row_of(monthly, month)["missing"] for month in (1, 2, 3)] == [0, 1, 1]
    assert [row_of(cumulative, month)["missing"] for month in (1, 2, 3)] == [0, 1, 0]
    assert row_of(monthly, 3)["spent"] == row_of(cumulative, 3)["spent"] == Decimal(2000)


def test_a_cumulative_figure_does_not_reach_another_project():
    store = drawn("P1 1 1000\nP2 1 1000\nP1 2 5000 累计\nP2 2 5000", TWO_PROJECTS)
    assert {code: row["spent"] for code, row in progress(store, 2).items()} == {"P1": Decimal(5000), "P2": Decimal(6000)}


# What was known when


def test_a_month_restated_later_changes_the_verdict_and_leaves_the_past_as_it_was():
    store = drawn("P1 3 250000\nP1 4 0")
    seen, moment = everything(store), now()
    pay(store, "P1 3 100000")
    assert (status(store, 3), row_of(store, 4)["spent"]) == ("far_behind", Decimal(100_000))
    assert everything(store) != seen
    assert everything(store, moment) == seen


def test_withdrawing_the_restatement_brings_the_old_figures_back():
    store = drawn("P1 3 250000")
    seen = everything(store)
    restated = pay(store, "P1 3 100000")
    between, moment = everything(store), now()
    acts.withdraw(store, restated, "test", "wrong file")
    assert everything(store) == seen
    assert everything(store, moment) == between != seen


def test_a_withdrawn_batch_is_still_seen_before_its_withdrawal():
    store = new_store()
    empty = everything(store)
    batch = pay(store, "P1 3 250000")
    moment = now()
    acts.withdraw(store, batch, "test", "wrong file")
    assert status(store, 3) == "not_reported"
    assert everything(store) == empty
    assert (status(store, 3, known_at=moment), row_of(store, 3, known_at=moment)["batch"]) == ("met", batch)
    assert [row["state"] for row in queries.batches(store, moment) if row["batch"] == batch] == ["certified"]


def test_the_newest_certified_batch_speaks_for_the_whole_unit_and_month():
    store = drawn("P1 3 250000\nP2 3 250000", TWO_PROJECTS)
    pay(store, "P1 3 260000")
    rows = progress(store, 3)
    assert (rows["P1"]["spent"], rows["P2"]["spent"], rows["P2"]["status"]) == (Decimal(260_000), None, "not_reported")


def test_the_order_of_certifying_decides_not_that_of_loading():
    store = new_store()
    early, late = (acts.load(store, sending_of(paying(f"P1 3 {paid}")), "test").batch for paid in (250_000, 100_000))
    for batch in (late, early):
        assert again.certify(store, batch, "test", {acts.ANY: "drawn"}, TODAY)
    assert row_of(store, 3)["batch"] == early


def test_another_unit_or_month_is_left_alone():
    store = drawn("P1 3 250000\nP2 3 250000\nP1 4 1", TWO_UNITS)
    pay(store, "P1 3 260000")
    assert progress(store, 3)["P2"]["spent"] == Decimal(250_000)
    assert row_of(store, 4)["spent"] == Decimal(260_001)


def test_a_batch_that_only_waits_changes_nothing():
    store = drawn("P1 3 250000")
    seen = everything(store)
    outcome = acts.load(store, sending_of(paying("P1 3 100000\nP1 4 7")), "test")
    assert outcome.state == "checked"
    assert everything(store) == seen


def test_before_the_first_record_the_days_of_reporting_count():
    store = new_store()
    march = pay(store, "P1 3 250000", today=date(2025, 4, 10))
    pay(store, "P1 4 50000", today=date(2025, 5, 12))
    pay(store, "P1 3 100000", today=date(2025, 6, 1))
    assert status(store, 3, known_at=datetime(2025, 4, 9, 23, 59)) == "not_reported"
    on_the_day = row_of(store, 3, known_at=datetime(2025, 4, 10))
    assert (on_the_day["status"], on_the_day["batch"]) == ("met", march)
    assert status(store, 4, known_at=datetime(2025, 5, 11)) == "not_reported"
    assert row_of(store, 4, known_at=datetime(2025, 5, 31))["spent"] == Decimal(300_000)
    assert row_of(store, 4, known_at=datetime(2025, 6, 1))["spent"] == Decimal(150_000)


def test_a_plan_typed_in_late_was_in_force_before():
    store = drawn("P1 3 250000")
    assert row_of(store, 3, known_at=datetime(2025, 1, 1))["current_budget"] == Decimal(1_000_000)


def test_a_new_plan_changes_today_and_not_the_past():
    store = drawn("P1 3 250000")
    seen, moment = everything(store), now()
    take_in(store, f"{HEADINGS},{QUARTERS}\nP1,会议费,001,局本级,100,50%,60%,75%,100%")
    assert status(store, 3) == "far_behind"
    assert everything(store, moment) == seen


# The follow-up list


def test_a_gap_of_exactly_the_gate_is_followed_up_and_one_fen_less_is_not():
    listed = behind(side_by_side("3 150000", "3 150000.01", budget="80"), 3)
    assert [listed[code]["gap_amount"] for code in ("P1", "P2")] == [Decimal("-50000.00"), Decimal("-49999.99")]
    assert [listed[code]["past_gate"] for code in ("P1", "P2")] == [True, False]
    assert [listed[code]["follow_up"] for code in ("P1", "P2")] == [True, False]


def test_a_small_gap_is_followed_up_once_it_lasts_two_checkpoints():
    store = drawn("P1 3 10000\nP1 6 10000", SMALL)
    first, second = behind(store, 3)["P1"], behind(store, 6)["P1"]
    assert (first["past_gate"], first["is_running"], first["follow_up"]) == (False, False, False)
    assert (second["past_gate"], second["is_running"], second["follow_up"]) == (False, True, True)


def test_a_recovery_in_between_breaks_the_run():
    store = drawn("P1 3 10000\nP1 6 40000\nP1 10 1000", SMALL)
    assert [status(store, month) for month in (3, 6, 10)] == ["far_behind", "met", "behind"]
    assert (behind(store, 10)["P1"]["is_running"], behind(store, 10)["P1"]["follow_up"]) == (False, False)


def test_slightly_behind_twice_running_is_not_followed_up():
    store = drawn("P1 3 24000\nP1 6 20000", SMALL)
    assert [status(store, month) for month in (3, 6)] == ["slightly_behind"] * 2
    assert behind(store, 6) == {}


def test_an_unreported_checkpoint_does_not_count_as_lagging():
    store = drawn("P1 3 10000\nP1 10 10000", SMALL)
    assert status(store, 6) == "not_reported"
    assert behind(store, 10)["P1"]["is_running"] is False


def test_the_list_puts_the_largest_gap_first():
    store = drawn("P1 3 100000\nP2 3 0", TWO_PROJECTS)
    assert [row["project_code"] for row in queries.behind(store, end_of(3))] == ["P2", "P1"]


# Early warning


def risks(month, *lines):
    """Whether each of some projects, all on plan at their last checkpoint, is at risk at a month's end."""
    rows = progress(side_by_side(*lines), month).values()
    assert {row["status"] for row in rows} == {"met"}
    return [row["at_risk"] for row in rows]


def test_met_but_below_four_fifths_of_the_line_is_at_risk():
    assert risks(9, "7 180000, 8 180000, 9 189999.99", "7 180000, 8 180000, 9 190000") == [True, False]


def test_met_but_needing_more_than_twice_the_recent_pace_is_at_risk():
    at_twice, one_fen_less = "6 375000, 7 75000, 8 75000, 9 75000", "6 375000.01, 7 75000, 8 75000, 9 74999.98"
    assert risks(9, at_twice, one_fen_less) == [False, True]


def test_refunds_alone_are_no_pace():
    assert risks(9, "6 760000, 7 0, 8 0, 9 -20000", "6 760000, 7 0, 8 0, 9 -10000") == [True, False]


def test_the_recent_pace_is_the_mean_of_the_reported_months_only():
    assert risks(9, "6 525000, 9 75000", "6 525000, 8 0, 9 75000") == [False, True]


def test_what_was_paid_before_the_last_three_months_is_no_recent_pace():
    assert risks(9, "6 600000, 7 0, 8 0, 9 0", "3 525000, 7 25000, 8 25000, 9 25000") == [True, True]


def test_at_december_there_is_no_next_checkpoint_and_no_warning():
    store = drawn("P1 12 1000000")
    row = row_of(store, 12)
    assert (row["next_month"], row["needed_to_next"], row["at_risk"]) == (None, None, False)


def test_a_project_that_lags_already_is_not_marked_at_risk_as_well():
    row = row_of(drawn("P1 3 0"), 3)
    assert (row["status"], row["at_risk"]) == ("far_behind", False)


def test_paid_ahead_of_the_next_checkpoint_is_no_risk_whatever_the_pace():
    assert risks(9, "6 800000, 7 0, 8 0, 9 0", "6 750000, 7 0, 8 0, 9 0") == [False, False]


# Checkpoints of one's own


def test_quarter_ends_are_judged_at_quarter_ends():
    plan = f"{HEADINGS},3月底,6月底,9月底,12月底\nP1,会议费,001,局本级,100,25%,50%,75%,100%"
    store = drawn("P1 8 500000\nP1 9 0", plan)
    assert (status(store, 8), status(store, 9)) == ("met", "behind")
    row = row_of(store, 9)
    assert (row["due_month"], row["next_month"], row["due_share"], row["expected_share"]) == (9, 12, Decimal("0.75"), Decimal("0.75"))


def test_a_single_checkpoint_in_december_judges_nothing_before():
    store = drawn("\n".join(f"P1 {month} 0" for month in range(1, 13)), f"{HEADINGS},12月底\nP1,会议费,001,局本级,100,100%")
    assert [status(store, month) for month in range(1, 13)] == ["not_due"] * 11 + ["far_behind"]
    assert [row_of(store, month)["expected_share"] for month in (1, 6, 11, 12)] == [
        Decimal("0.0833"),
        Decimal("0.5"),
        Decimal("0.9167"),
        Decimal(1),
    ]
    assert row_of(store, 6)["next_month"] == 12


def test_a_plan_that_ends_before_december_stays_due_to_the_end():
    store = drawn("P1 6 900000\nP1 12 0", f"{HEADINGS},6月底\nP1,会议费,001,局本级,100,100%")
    row = row_of(store, 12)
    assert (row["due_share"], row["expected_share"], row["next_month"], row["status"]) == (Decimal(1), Decimal(1), None, "slightly_behind")


def test_projects_of_one_plan_are_judged_by_their_own_checkpoints():
    plan = f"{HEADINGS},3月底,6月底,12月底\nP1,会议费,001,局本级,100,50%,75%,100%\nP2,培训费,001,局本级,100,,,100%"
    store = drawn("P1 3 300000\nP2 3 300000", plan)
    assert (status(store, 3, "P1"), status(store, 3, "P2")) == ("behind", "not_due")


# Adjusted budgets


def test_an_adjustment_raises_the_budget_from_its_day_and_not_before():
    store = drawn("P1 3 250000\nP1 6 250000")
    before = everything(store)
    adjust(store, "P1", "500000", date(2025, 6, 15))
    assert [row_of(store, month)["current_budget"] for month in (5, 6)] == [Decimal(1_000_000), Decimal(1_500_000)]
    june = row_of(store, 6)
    assert (june["original_budget"], june["spent_share"], june["original_share"]) == (
        Decimal(1_000_000),
        Decimal("0.3333"),
        Decimal("0.5000"),
    )
    assert (status(store, 3), june["status"], june["due_amount"]) == ("met", "behind", Decimal(750_000))
    assert everything(store)[:2] == before[:2]
    assert [point["budget"] for point in queries.curve(store, 2025)[4:6]] == [Decimal(1_000_000), Decimal(1_500_000)]


def test_an_adjustment_on_the_last_day_of_a_month_counts_in_it():
    store = drawn("P1 6 500000")
    adjust(store, "P1", "-500000", date(2025, 6, 30))
    assert row_of(store, 6)["current_budget"] == Decimal(500_000)


def test_an_adjustment_is_not_known_before_it_was_recorded():
    store = drawn("P1 3 250000\nP1 6 500000")
    seen, moment = everything(store), now()
    adjust(store, "P1", "500000", date(2025, 2, 1))
    assert row_of(store, 3)["current_budget"] == Decimal(1_500_000)
    assert everything(store, moment) == seen


def test_before_the_first_record_an_adjustment_counts_from_the_day_it_was_reported_on():
    store = drawn("P1 3 250000")
    adjust(store, "P1", "500000", date(2025, 2, 1), reported_on=date(2025, 5, 2))
    assert row_of(store, 3, known_at=datetime(2025, 5, 1))["current_budget"] == Decimal(1_000_000)
    assert row_of(store, 3, known_at=datetime(2025, 5, 2))["current_budget"] == Decimal(1_500_000)


def test_an_adjustment_of_another_unit_with_the_same_code_is_not_ours():
    store = drawn("P1 3 250000")
    adjust(store, "P1", "500000", date(2025, 2, 1), unit="002")
    assert row_of(store, 3)["current_budget"] == Decimal(1_000_000)


# Rounding


def test_shares_are_rounded_half_away_from_zero():
    store = new_store(None)
    shares = {
        ("0.00005", "1"): "0.0001",
        ("-0.00005", "1"): "-0.0001",
        ("0.000049", "1"): "0.0000",
        ("2", "3"): "0.6667",
        ("-2", "3"): "-0.6667",
        ("0", "3"): "0.0000",
        ("1", "0"): None,
        ("1", "-1"): None,
        ("99999999999.99", "0.01"): "9999999999999.0000",
    }
    question = "select share_of($part::decimal(20, 8), $whole::decimal(18, 2))::text as share"
    for (part, whole), share in shares.items():
        assert store.ask(question, {"part": part, "whole": whole})[0]["share"] == share, (part, whole)


def rounded(part, places):
    """Half away from zero; null where there is nothing to divide by."""
    return None if part is None else part.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def test_the_quick_ways_of_dividing_say_the_same_as_decimals_of_any_length():
    """Small and large amounts, on both sides of what the quick ways take, and the edges of rounding."""
    chance, context = random.Random(3), Context(prec=60)
    money = [Decimal(sign * chance.randint(0, 10 ** chance.randint(1, 15))).scaleb(-2) for sign in (1, 1, 1, -1) for _ in range(200)]
    money += map(Decimal, ("0.01", "-0.01", "0.05", "3999999999999.99", "4000000000000", "4000000000000.01", "3000000000"))
    store = new_store(None)
    question = """
        select share_of_money($part::decimal(18, 2), $whole::decimal(18, 2)) as share, one_of_money($part::decimal(18, 2), $number) as one,
            part_of_money($part::decimal(18, 2), $line::decimal(9, 6), $number) as part,
            one_share_of($line::decimal(9, 6), $number) as line,
            due_amount_of(0, $part::decimal(18, 2), $line::decimal(9, 6), null) as due"""
    for part in money:
        whole, number = chance.choice(money), chance.randint(-1, 13)
        line = Decimal(chance.choice([chance.randint(0, 13_000_000), 250_000, 0, 1_000_000])).scaleb(-6)
        with localcontext(context):
            by = Decimal(number) if number > 0 else None
            said = {
                "share": rounded(part / whole if whole > 0 else None, 4),
                "one": rounded(part / by if by else None, 2),
                "part": rounded(part * line / by if by else None, 2),
                "line": rounded(line / by if by else None, 4),
                "due": rounded(part * line, 2),
            }
        with store.cursor() as cursor:
            found = ask(cursor, question, {"part": part, "whole": whole, "number": number, "line": line})[0]
        assert found == said, (part, whole, number, line)


def test_the_amount_on_the_line_is_rounded_once():
    plan = f"{HEADINGS},1月底,12月底\nP1,会议费,001,局本级,0.000001,49.5%,100%"
    assert row_of(new_store(plan), 1)["expected_amount"] == Decimal("0.00")
