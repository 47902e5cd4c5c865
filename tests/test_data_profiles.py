"""Payment profiles: what each asks for month by month, both verdicts side by side, the act and its undo."""

from datetime import date
from decimal import Decimal

import pytest
from drawn import adjust, end_of, everything, new_store, pay

from data import changes, profiles, queries
from data.acting import ActError

P1 = (2025, "001", "P1")
DUE = {
    # Twelfths of the budget that are due at the end of each month, written out by hand.
    "even": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    "quarterly": [0, 0, 3, 3, 3, 6, 6, 6, 9, 9, 9, 12],
    "once": [0, 0, 0, 0, 0, 0, 0, 0, 12, 12, 12, 12],
    "settled": [0] * 12,
}


def set_to(store, profile, due_in=None, reason="合同约定"):
    return profiles.record(store, profiles.Profile(P1, profile, due_in), "张", reason)


@pytest.mark.parametrize("profile", DUE)
def test_each_profile_asks_for_its_part_of_the_budget_month_by_month(profile):
    store = new_store()
    pay(store, "P1 1 100000")
    set_to(store, profile, 9 if profile == "once" else None)
    budget = queries.progress(store, end_of(1))[0]["current_budget"]
    for month, twelfths in enumerate(DUE[profile], 1):
        (row,) = profiles.profiled(store, end_of(month))
        assert row["profile_due"] == (budget * twelfths / 12).quantize(Decimal("0.01")), month


def test_both_verdicts_stand_side_by_side_and_the_official_one_does_not_move():
    store = new_store()
    pay(store, "P1 1 0\nP1 2 0\nP1 3 0")
    official = queries.progress(store, end_of(3))
    set_to(store, "once", 12)
    (row,) = profiles.profiled(store, end_of(3))
    assert (row["status"], row["profile_status"]) == ("far_behind", "not_due")
    assert queries.progress(store, end_of(3)) == official
    set_to(store, "even")
    (row,) = profiles.profiled(store, end_of(3))
    assert (row["profile_status"], row["profile_gap"]) == ("far_behind", -row["profile_due"])


@pytest.mark.parametrize(
    ("paid", "status"),
    [("66666.66", "slightly_behind"), ("66666.67", "slightly_behind"), ("83333.33", "slightly_behind"), ("83333.34", "met")],
)
def test_a_twelfth_that_is_no_whole_fen_is_compared_exactly(paid, status):
    # A twelfth of 1,000,000.00 is 83,333.33 and a third of a 分: 83,333.33 falls short of it.
    store = new_store()
    pay(store, f"P1 1 {paid}")
    set_to(store, "even")
    exact = Decimal(paid) * 12 >= Decimal(800_000)
    (row,) = profiles.profiled(store, end_of(1))
    assert row["profile_status"] == (status if exact else "behind")


def test_the_profile_asks_of_the_budget_in_force():
    store = new_store()
    pay(store, "P1 6 100000")
    set_to(store, "even")
    adjust(store, "P1", 200_000, date(2025, 6, 1))
    (row,) = profiles.profiled(store, end_of(6))
    assert row["profile_due"] == row["current_budget"] / 2 == Decimal(600_000)


def test_a_month_without_a_report_is_not_judged_by_the_profile_either():
    store = new_store()
    set_to(store, "even")
    (row,) = profiles.profiled(store, end_of(5))
    assert (row["profile_status"], row["profile_gap"]) == ("not_reported", None)


def test_the_newest_profile_speaks_and_taking_it_back_lets_the_one_before_speak_again():
    store = new_store()
    first, second = set_to(store, "even"), set_to(store, "once", 11)
    assert [row["profile"] for row in profiles.profiled(store, end_of(3))] == ["once"]
    assert changes.reverse(store, second, "李", "写错")
    assert not changes.reverse(store, second, "李", "写错")
    (row,) = profiles.profiled(store, end_of(3))
    assert (row["profile"], row["act"]) == ("even", first)
    changes.reverse(store, first, "李", "不用了")
    assert profiles.profiled(store, end_of(3)) == []


@pytest.mark.parametrize(
    ("profile", "due_in", "reason", "project", "code"),
    [
        ("even", None, " ", P1, "act.reason"),
        ("weekly", None, "x", P1, "act.profile"),
        ("once", None, "x", P1, "act.profile_month"),
        ("once", 13, "x", P1, "act.profile_month"),
        ("even", 3, "x", P1, "act.profile_month"),
        ("even", None, "x", (2025, "001", "P9"), "act.no_project"),
        ("quarterly", None, "x", P1, "act.profile_same"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(profile, due_in, reason, project, code):
    store = new_store()
    set_to(store, "quarterly")
    before = everything(store)
    with pytest.raises(ActError) as error:
        profiles.record(store, profiles.Profile(project, profile, due_in), "张", reason)
    assert error.value.code == code
    assert everything(store) == before
