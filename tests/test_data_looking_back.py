"""What changed between two states is just the difference of their verdicts; a threshold that is tried changes nothing."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from drawn import HEADINGS, QUARTERS, adjust, end_of, everything, new_store, pay, take_in

from data import looking_back, months, queries
from data.acting import ActError
from data.journal import now
from data.looking_back import State

TWO = f"""
{HEADINGS},{QUARTERS}
P1,会议费,001,局本级,100,25%,50%,75%,100%
P2,培训费,001,局本级,100,25%,50%,75%,100%
"""


def moves(store, before, after):
    return {row["project_code"]: row["move"] for row in looking_back.changed(store, before, after)[0]}


@pytest.mark.parametrize(("first", "second"), [(2, 3), (3, 6), (6, 9), (9, 6), (8, 9), (7, 7), (1, 12)])
def test_what_changed_is_the_set_difference_of_the_verdicts(sampled_store, first, second):
    lists = [{row["project_code"] for row in queries.behind(sampled_store, end_of(month))} for month in (first, second)]
    verdicts = [{row["project_code"]: row for row in queries.progress(sampled_store, end_of(month))} for month in (first, second)]
    found, counts = looking_back.changed(sampled_store, State(end_of(first)), State(end_of(second)))
    assert counts == Counter(row["move"] for row in found)
    by_code = {row["project_code"]: row for row in found}
    assert {code for code, row in by_code.items() if row["move"] == "lagging"} == lists[1] - lists[0]
    assert {code for code, row in by_code.items() if row["move"] in ("recovered", "unjudged")} == lists[0] - lists[1]
    other = {code for code in verdicts[0] if verdicts[0][code]["status"] != verdicts[1][code]["status"]}
    assert {code for code, row in by_code.items() if row["old"]["status"] != row["new"]["status"]} == other
    assert all(row["gap_change"] == row["new"]["gap_amount"] - row["old"]["gap_amount"] for row in found if row["gap_change"] is not None)


def test_the_same_state_twice_differs_in_nothing(sampled_store):
    assert looking_back.changed(sampled_store, State(end_of(9)), State(end_of(9))) == ([], {})


def test_what_falls_due_changes_nothing_while_nobody_has_reported():
    store = new_store(TWO)
    assert moves(store, State(end_of(2)), State(end_of(3))) == {}
    adjust(store, "P1", "4", date(2025, 3, 1))
    assert moves(store, State(end_of(2)), State(end_of(3))) == {"P1": "figures"}
    pay(store, "P1 3 0\nP2 3 0")
    assert moves(store, State(end_of(3)), State(end_of(6))) == {"P1": "unjudged", "P2": "unjudged"}


def test_a_restated_month_is_seen_between_two_moments():
    store = new_store(TWO)
    pay(store, "P1 3 250000\nP2 3 100000")
    then = now()
    pay(store, "P1 3 100000\nP2 3 250000")
    (one, two) = sorted(looking_back.changed(store, State(end_of(3), then), State(end_of(3)))[0], key=lambda row: row["project_code"])
    assert (one["move"], one["gap_change"], one["old"]["spent"], one["new"]["spent"]) == ("lagging", Decimal(-150_000), 250_000, 100_000)
    assert (two["move"], two["gap_change"]) == ("recovered", Decimal(150_000))
    assert moves(store, State(end_of(3)), State(end_of(3), then)) == {"P1": "recovered", "P2": "lagging"}


def test_a_lagging_project_that_does_not_report_has_not_recovered():
    store = new_store(TWO)
    pay(store, "P1 3 100000\nP2 3 250000")
    assert moves(store, State(end_of(3)), State(end_of(4))) == {"P1": "unjudged", "P2": "status"}


def test_new_and_ended_projects_and_changed_budgets_are_told_apart():
    store = new_store(TWO)
    pay(store, "P1 3 250000\nP2 3 250000")
    then = now()
    take_in(store, f"{HEADINGS},{QUARTERS}\nP3,差旅费,002,中心,10,25%,50%,75%,100%")
    adjust(store, "P1", "4", date(2025, 1, 1))
    assert moves(store, State(end_of(3), then), State(end_of(3))) == {"P1": "status", "P3": "new"}
    assert moves(store, State(end_of(3)), State(end_of(3), then)) == {"P1": "status", "P3": "gone"}


def test_thresholds_that_are_tried_list_what_they_list_once_they_are_set(sampled_store):
    before = everything(sampled_store)
    found = looking_back.tried(sampled_store, {"slightly_behind": Decimal("0.5"), "behind": Decimal("0.3")}, end_of(9))
    assert everything(sampled_store) == before
    assert [row["project_code"] for row in found["before"]] == [row["project_code"] for row in queries.behind(sampled_store, end_of(9))]
    # By hand from the progress of September: lagging is what was paid below half of what was due.
    rows = [row for row in queries.progress(sampled_store, end_of(9)) if row["gap_amount"] is not None and row["due_amount"] > 0]
    assert {row["project_code"] for row in found["after"]} == {row["project_code"] for row in rows if row["spent"] * 2 < row["due_amount"]}
    store = new_store(TWO)
    pay(store, "P1 3 100000\nP2 3 150000")
    tried = looking_back.tried(store, {"behind": Decimal("0.7"), "slightly_behind": Decimal("0.9")}, end_of(3))["after"]
    months.set_rules(store, {"behind": Decimal("0.7"), "slightly_behind": Decimal("0.9")}, "王", "按通知")
    listed = queries.behind(store, end_of(3))
    assert [(row["project_code"], row["status"]) for row in tried] == [(row["project_code"], row["status"]) for row in listed]
    assert [row["status"] for row in listed] == ["far_behind", "far_behind"]


def test_a_threshold_nobody_knows_is_refused():
    with pytest.raises(ActError, match="no_rule"):
        looking_back.tried(new_store(), {"lucky": Decimal(1)}, end_of(3))


def test_every_version_of_the_thresholds_is_told_with_its_reason():
    store = new_store()
    months.set_rules(store, {"gate": Decimal(100_000)}, "王", "按通知")
    assert [(row["version"], row["gate"], row["reason"], row["recorded_by"]) for row in queries.rule_versions(store)] == [
        (2, Decimal("100000.0000"), "按通知", "王"),
        (1, Decimal("50000.0000"), "default", "default"),
    ]


def test_the_moments_are_those_of_acts_that_may_change_a_verdict():
    store = new_store(TWO)
    pay(store, "P1 3 250000")
    assert [row["verb"] for row in looking_back.moments(store)] == ["certify", "certify", "rules"]
