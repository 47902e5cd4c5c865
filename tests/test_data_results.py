"""What indicators have reached: recorded whole or not at all, the newest word speaks, a changed plan takes nothing over."""

from datetime import date
from decimal import Decimal

import pytest
from drawn import end_of, everything
from places import opened

from data import acting, results, samples
from data.acting import ActError
from data.journal import now
from data.results import Result

DAY = date(2025, 12, 31)
CODE = "13020225P00781710002T"


@pytest.fixture
def store():
    made = opened()
    acting.prepare(made)
    samples.load_plan(made, "test", DAY)
    return made


def asked(store, month=7, known_at=None):
    return results.results(store, end_of(month), known_at)


def kinds(store):
    """The first indicator with a number and the first without."""
    rows = asked(store)
    return next(row for row in rows if row["comparator"]), next(row for row in rows if not row["comparator"])


def word(row, **said):
    return Result(row["unit_code"], row["project_code"], row["position"], **said)


def test_every_indicator_of_the_plan_is_there_and_nothing_is_invented(store):
    rows = asked(store)
    assert len(rows) == 130
    assert {(row["reached"], row["expected"], row["grade"], row["percent"]) for row in rows} == {(None, None, None, None)}


def test_values_and_grades_speak_for_their_month_and_the_newest_word_counts(store):
    number, quality = kinds(store)
    said = [word(number, reached=Decimal("12.5"), expected=Decimal(30)), word(quality, grade="partly", percent=Decimal(70))]
    assert results.record(store, end_of(7), said, "张") == 2
    then = now()
    assert results.record(store, end_of(7), [word(number, reached=Decimal(13))], "李") == 1

    def first(month, known_at=None):
        found = next(row for row in asked(store, month, known_at) if results._key(row) == results._key(number))
        return found["reached"], found["expected"]

    assert (first(7), first(7, then)) == ((Decimal(13), None), (Decimal("12.5"), Decimal(30)))
    assert first(8) == first(6) == (None, None)
    assert store.ask("select count(*) as n from results") == [{"n": 3}]


def test_saying_the_same_again_records_nothing(store):
    number, _ = kinds(store)
    said = [word(number, reached=Decimal(0))]
    assert results.record(store, end_of(7), said, "张") == 1
    acts = store.ask("select count(*) as n from acts")
    assert results.record(store, end_of(7), said, "李") == 0
    assert store.ask("select count(*) as n from acts") == acts


@pytest.mark.parametrize(
    ("which", "said", "code"),
    [
        (0, {"grade": "met", "percent": Decimal(90)}, "act.indicator_number"),
        (1, {"reached": Decimal(1)}, "act.indicator_grade"),
        (0, {"reached": Decimal("0.00001")}, "act.indicator_digits"),
        (0, {"expected": Decimal(10) ** 14}, "act.indicator_digits"),
        (1, {"grade": "met", "percent": Decimal(79)}, "act.indicator_band"),
        (1, {"grade": "met"}, "act.indicator_band"),
        (1, {"percent": Decimal(90)}, "act.indicator_band"),
        (1, {"grade": "great", "percent": Decimal(90)}, "act.indicator_band"),
    ],
)
def test_of_several_words_one_that_cannot_stand_keeps_out_all(store, which, said, code):
    rows = kinds(store)
    with pytest.raises(ActError) as refused:
        results.record(store, end_of(7), [word(rows[0], reached=Decimal(1)), word(rows[which], **said)], "张")
    assert refused.value.code == code
    assert store.ask("from results") == []


def test_an_indicator_that_no_plan_has_is_refused(store):
    with pytest.raises(ActError, match=r"act\.no_indicator"):
        results.record(store, end_of(7), [Result("x", CODE, 1)], "张")


def test_a_value_is_not_taken_over_by_an_indicator_that_reads_otherwise(store):
    number, _ = kinds(store)
    results.record(store, end_of(7), [word(number, reached=Decimal(1))], "张")
    with store.transaction() as cursor:
        cursor.execute("update results set target = '≥1个'")
    assert {row["reached"] for row in asked(store)} == {None}


def test_results_change_no_verdict_on_money(store):
    before = everything(store)
    results.record(store, end_of(7), [word(kinds(store)[0], reached=Decimal(1))], "张")
    assert everything(store) == before
