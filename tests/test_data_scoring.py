"""Scores of the self-evaluation form against cases reckoned by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest

from data import scoring


@pytest.mark.parametrize(
    ("comparator", "target", "value", "reached", "points"),
    [
        # At least: value / target * 20, never more than 20.
        ("≥", "100", "100", True, "20.00"),
        ("≥", "100", "250", True, "20.00"),
        ("≥", "100", "73", False, "14.60"),
        ("≥", "95", "94.99", False, "20.00"),
        ("≥", "3", "1", False, "6.67"),
        ("≥", "100", "0", False, "0.00"),
        ("≥", "100", "-5", False, "0.00"),
        ("≥", "0", "0", True, "20.00"),
        ("≥", "0", "-1", False, "0.00"),
        # More than: the same line, and at the target itself all of the line is earned though it is not reached.
        (">", "90", "90.01", True, "20.00"),
        (">", "90", "90", False, "20.00"),
        (">", "90", "45", False, "10.00"),
        (">", "0", "0", False, "0.00"),
        # At most: 412 persons; under is good, 1.25 times costs a quarter, twice costs all.
        ("≤", "412", "412", True, "20.00"),
        ("≤", "412", "3", True, "20.00"),
        ("≤", "412", "515", False, "15.00"),
        ("≤", "412", "824", False, "0.00"),
        ("≤", "412", "5000", False, "0.00"),
        ("≤", "0", "0", True, "20.00"),
        ("≤", "0", "1", False, "0.00"),
        ("<", "10", "9.99", True, "20.00"),
        ("<", "10", "10", False, "20.00"),
        ("<", "10", "12", False, "16.00"),
        # Exactly: what is missing and what is too much cost alike.
        ("=", "100", "100", True, "20.00"),
        ("=", "100", "90", False, "18.00"),
        ("=", "100", "110", False, "18.00"),
        ("=", "100", "201", False, "0.00"),
        ("=", "0", "0", True, "20.00"),
        ("=", "0", "1", False, "0.00"),
    ],
)
def test_a_value_earns_what_the_formula_of_its_comparator_gives(comparator, target, value, reached, points):
    asked = (comparator, Decimal(target), Decimal(value))
    assert scoring.is_reached(*asked) is reached
    assert scoring.earned(Decimal(20), scoring.part_of(*asked)) == Decimal(points)


def test_a_value_that_is_not_known_earns_nothing_that_could_be_added():
    assert scoring.earned(Decimal(20), None) is None
    assert scoring.total([Decimal(10), None]) is None
    assert scoring.total([]) is None
    assert scoring.grade(None) is None


@pytest.mark.parametrize(
    ("spent", "budget", "points"),
    [
        ("1000", "1000", "10.00"),
        ("1200", "1000", "10.00"),
        ("333.33", "1000", "3.33"),
        ("0", "1000", "0.00"),
        ("-5", "1000", "0.00"),
        ("0.5", "1000", "0.01"),
        ("0.49", "1000", "0.00"),
    ],
)
def test_money_earns_its_share_of_ten(spent, budget, points):
    assert scoring.money_points(Decimal(spent), Decimal(budget)) == Decimal(points)


@pytest.mark.parametrize(("spent", "budget"), [(None, "1"), ("1", None), ("1", "0")])
def test_money_without_a_report_or_a_budget_has_no_points(spent, budget):
    assert scoring.money_points(*(None if text is None else Decimal(text) for text in (spent, budget))) is None


@pytest.mark.parametrize(
    ("grade", "percent", "part"),
    [
        ("met", "100", Fraction(1)),
        ("met", "80", Fraction(4, 5)),
        ("met", "79.9", None),
        ("partly", "80", Fraction(4, 5)),
        ("partly", "60", Fraction(3, 5)),
        ("partly", "81", None),
        ("unmet", "0", Fraction(0)),
        ("unmet", "60.1", None),
    ],
)
def test_a_grade_earns_only_what_lies_in_its_band(grade, percent, part):
    assert scoring.part_of_grade(grade, Decimal(percent)) == part


@pytest.mark.parametrize("count", range(1, 30))
def test_shared_points_add_up_and_differ_by_a_hundredth_at_most(count):
    for points in (*scoring.LEVELS.values(), Decimal("0.07")):
        shares = scoring.shared(points, count)
        assert (sum(shares), len(shares)) == (points, count)
        assert max(shares) - min(shares) <= Decimal("0.01")
    assert scoring.shared(Decimal(50), 0) == []


def test_a_whole_form_is_worth_a_hundred():
    assert sum(scoring.LEVELS.values()) + scoring.MONEY == 100


@pytest.mark.parametrize(
    ("points", "grade"),
    [
        ("100", "excellent"),
        ("90", "excellent"),
        ("89.99", "good"),
        ("80", "good"),
        ("79.99", "fair"),
        ("60", "fair"),
        ("59.99", "poor"),
        ("0", "poor"),
    ],
)
def test_the_grade_of_a_total_is_by_its_edges(points, grade):
    assert scoring.grade(Decimal(points)) == grade
