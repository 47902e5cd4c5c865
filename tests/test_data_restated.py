"""Which months of a project were reported otherwise at first, and how its page says so."""

from decimal import Decimal

import pytest
from drawn import HEADINGS, QUARTERS, new_store, pay

from data import acts, ledger
from data.journal import now
from data.words import Words
from pages.parts import charts

PLAN = f"""
{HEADINGS},{QUARTERS}
P1,会议费,001,局本级,100,25%,50%,75%,100%
P2,培训费,001,局本级,100,25%,50%,75%,100%
"""
P1, P2 = ("001", "P1"), ("001", "P2")


def told(store, project=P1, known_at=None):
    """Month, first and present amount, their difference and batches."""
    keys = ("month", "first_amount", "amount", "difference", "first_batch", "batch")
    return [tuple(row[key] for key in keys) for row in ledger.restated(store, 2025, project, known_at)]


def test_the_first_figure_stands_beside_the_present_one_to_the_fen():
    store = new_store(PLAN)
    first = pay(store, "P1 1 100.01\nP2 1 50")
    pay(store, "P1 1 200\nP2 1 50")
    then = now()
    last = pay(store, "P1 1 99.99\nP2 1 50")
    assert told(store) == [(1, Decimal("100.01"), Decimal("99.99"), Decimal("-0.02"), first, last)]
    assert told(store, P2) == []
    assert told(store, known_at=then)[0][1:4] == (Decimal("100.01"), Decimal(200), Decimal("99.99"))


def test_a_figure_that_came_back_to_its_first_is_not_restated():
    store = new_store(PLAN)
    pay(store, "P1 1 100\nP2 1 50")
    wrong = pay(store, "P1 1 200\nP2 1 50")
    assert [row[0] for row in told(store)] == [1]
    acts.withdraw(store, wrong, "test", "drawn")
    assert told(store) == []


def test_a_total_and_a_month_are_not_compared():
    store = new_store(PLAN)
    pay(store, "P1 2 100\nP2 2 50")
    pay(store, "P1 2 300 累计\nP2 2 90 累计")
    assert told(store) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_curve_rings_only_the_restated_month(language):
    say = Words(language)
    row = {"due_amount": None, "reported": 1, "projects": 1, "restated": None}
    rows = [{**row, "month": month, "spent": Decimal(month * 10_000)} for month in (1, 2, 3)]
    rows[1]["restated"] = "<said>"
    rings = [trace for trace in charts.curve(rows, say, 3, 300).data if trace.text and say("chart.restated") in trace.text]
    assert [(list(trace.x), list(trace.y), list(trace.customdata)) for trace in rings] == [([2], [2.0], ["<said>"])]
    assert not [t for t in charts.curve(rows, say, 1, 300).data if t.text and say("chart.restated") in t.text]
