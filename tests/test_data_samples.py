"""The sample months against a second reckoning that shares no code with the product."""

from datetime import date
from decimal import Decimal

import independent
import pytest
from places import opened

from data import acting, indicators, queries, results, samples
from data.calendar import month_end

MONTHS = range(1, 13)
MONEY = ("budget", "due_amount", "expected_amount", "spent", "gap_amount", "judged_due", "judged_spent", "judged_budget", "needed_to_next")


@pytest.fixture(scope="module")
def store():
    """A store in memory with the bundled plan and the nine sample months."""
    made = opened()
    acting.prepare(made)
    for _ in samples.load_samples(made, "test", "sample"):
        pass
    yield made
    made.close()


def cut(rows, wanted):
    """The rows with only the columns that the other reckoning has."""
    return [{name: row[name] for name in wanted[0]} for row in rows]


def exactly(rows):
    """The rows as text, so that 0.5 and 0.5000 differ."""
    return [{name: str(value) for name, value in row.items()} for row in rows]


def end_of(month):
    return month_end(2025, month)


@pytest.mark.parametrize("month", MONTHS)
def test_every_project_stands_where_the_second_reckoning_says(store, month):
    expected = independent.progress(month)
    assert exactly(cut(queries.progress(store, end_of(month)), expected)) == exactly(expected)


@pytest.mark.parametrize("month", MONTHS)
def test_every_unit_and_the_whole_come_to_what_the_second_reckoning_says(store, month):
    expected = independent.summary(month)
    assert exactly(cut(queries.summary(store, end_of(month)), expected)) == exactly(expected)


@pytest.mark.parametrize("month", MONTHS)
def test_the_units_add_up_to_the_whole_to_the_fen(store, month):
    whole, *units = queries.summary(store, end_of(month))
    assert len(units) == 3
    for name in MONEY:
        values = [unit[name] for unit in units if unit[name] is not None]
        assert whole[name] == (sum(values) if values else None), name
    for name in ("projects", "reported", "lagging", "at_risk"):
        assert whole[name] == sum(unit[name] for unit in units), name


@pytest.mark.parametrize("month", MONTHS)
def test_the_projects_add_up_to_the_whole_to_the_fen(store, month):
    rows, whole = queries.progress(store, end_of(month)), queries.summary(store, end_of(month))[0]
    assert len(rows) == 16
    assert whole["spent"] == sum(row["spent"] for row in rows)
    assert whole["budget"] == sum(row["current_budget"] for row in rows) == Decimal("84019700.00")


def test_at_the_end_of_august_the_three_readings_are_a_half_five_eighths_and_two_thirds(store):
    for row in queries.progress(store, date(2025, 8, 31)):
        assert str(row["due_share"]) == "0.5000"
        assert str(row["expected_share"]) == "0.6250"
        assert str(row["calendar_share"]) == "0.6667"


@pytest.mark.parametrize("month", MONTHS)
def test_the_curve_of_all_projects_ends_where_the_summary_stands(store, month):
    point, whole = queries.curve(store, 2025)[month - 1], queries.summary(store, end_of(month))[0]
    for name in ("budget", "due_amount", "expected_amount", "spent", "projects", "reported"):
        assert point[name] == whole[name], name


def test_the_second_reckoning_meets_every_kind_of_sample():
    statuses = {row["status"] for month in MONTHS for row in independent.progress(month)}
    assert statuses >= {"met", "slightly_behind", "behind", "far_behind", "overspent", "not_reported", "not_due"}
    kinds = {kind for lines in independent.reported_rows().values() for kind, _ in lines}
    assert kinds == {"当月", "累计"}
    assert any(row["at_risk"] for month in MONTHS for row in independent.progress(month))


def test_the_samples_say_what_indicators_reached_and_every_quadrant_has_a_project(store):
    rows = indicators.standings(store, end_of(9))
    assert {row["quadrant"] for row in rows} == {None, *indicators.QUADRANTS}
    assert sum(row["judged"] for row in rows) > 100
    assert {row["note"] for row in indicators.judged(store, end_of(9)) if row["act"]} == {"示例"}


def test_what_samples_say_of_indicators_is_withdrawn_with_them_and_gives_way_to_a_real_word():
    made = opened()
    acting.prepare(made)
    samples.load_plan(made, "test", end_of(12))
    first = indicators.judged(made, end_of(9))[0]
    results.record(made, end_of(9), [results.Result(*indicators.key_of(first), reached=Decimal(7))], "张")
    list(samples.load_samples(made, "test", "sample"))
    assert [row["reached"] for row in indicators.judged(made, end_of(9)) if row["act"]] == [Decimal(7)]
    assert any(row["act"] for row in indicators.judged(made, end_of(6)))
    samples.remove_samples(made, "test", "示例")
    assert not any(row["act"] for row in indicators.judged(made, end_of(6)))
    assert [row["reached"] for row in indicators.judged(made, end_of(9)) if row["act"]] == [Decimal(7)]
