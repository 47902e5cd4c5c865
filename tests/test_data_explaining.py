"""Reasons, measures and promises: what is kept of them, what came of a promise, how long a project lags."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from drawn import HEADINGS, QUARTERS, end_of, everything, new_store, pay

from data import explaining, lagging, queries
from data.acting import ActError
from data.explaining import Explanation
from data.journal import now
from data.words import Words
from pages.parts import exports

TWO = f"""
{HEADINGS},{QUARTERS}
P1,会议费,001,局本级,400,25%,50%,75%,100%
P2,培训费,001,局本级,100,25%,50%,75%,100%
"""


def said(code="P1", reason="合同未签", **more):
    return Explanation("001", code, "system", reason, **more)


def promise(yuan, month, reason="合同未签"):
    return said(reason=reason, measure="五月底前签合同", responsible="王科长", due_month=month, promised=Decimal(yuan))


@pytest.fixture
def store():
    made = new_store(TWO)
    pay(made, "P1 3 100000\nP2 3 250000")
    return made


def outcome(store, month, known_at=None):
    (row,) = explaining.explained(store, end_of(month), known_at, ("001", "P1"))
    return row["outcome"], row["paid_since"], row["kept_share"]


def test_of_fifty_promised_by_june_twenty_paid_is_part_of_forty_percent(store):
    explaining.explain(store, end_of(3), [promise(500_000, 6)], "张")
    pay(store, "P1 4 50000\nP2 4 0")
    pay(store, "P1 5 50000\nP2 5 0")
    assert outcome(store, 5) == ("running", Decimal("100000.00"), Decimal("0.2000"))
    pay(store, "P1 6 100000\nP2 6 0")
    assert outcome(store, 6) == ("part", Decimal("200000.00"), Decimal("0.4000"))
    assert outcome(store, 9) == ("part", Decimal("200000.00"), Decimal("0.4000"))


@pytest.mark.parametrize(
    ("paid", "word"),
    [("500000", "kept"), ("500000.01", "kept"), ("499999.99", "part"), ("0.01", "part"), ("0", "broken"), ("-5", "broken")],
)
def test_a_promise_is_kept_to_the_fen_or_in_part_or_broken(store, paid, word):
    explaining.explain(store, end_of(3), [promise(500_000, 4)], "张")
    pay(store, f"P1 4 {paid}\nP2 4 0")
    assert outcome(store, 4)[0] == word


def test_a_promise_kept_early_is_kept_and_one_whose_month_is_not_reported_is_open(store):
    explaining.explain(store, end_of(3), [promise(500_000, 6)], "张")
    assert outcome(store, 6)[0] == "unreported"
    pay(store, "P1 4 500000\nP2 4 0")
    assert outcome(store, 4)[0] == "kept"


def test_what_is_spent_before_the_promise_does_not_count_and_a_restatement_does(store):
    explaining.explain(store, end_of(3), [promise(100_000, 4)], "张")
    pay(store, "P1 4 0\nP2 4 0")
    then = now()
    assert outcome(store, 4)[0] == "broken"
    pay(store, "P1 4 100000\nP2 4 0")
    assert (outcome(store, 4)[0], outcome(store, 4, then)[0]) == ("kept", "broken")


def test_the_newest_word_of_a_month_speaks_and_the_older_stays_on_record(store):
    explaining.explain(store, end_of(3), [said(reason="合同未签")], "张")
    then = now()
    explaining.explain(store, end_of(3), [said(reason="供应商更换")], "李")
    (row,) = explaining.explained(store, end_of(3), None, ("001", "P1"))
    (old,) = explaining.explained(store, end_of(3), then, ("001", "P1"))
    assert (row["reason"], row["recorded_by"], old["reason"]) == ("供应商更换", "李", "合同未签")
    assert store.ask("select count(*) as n from explanations") == [{"n": 2}]


def test_the_same_words_as_the_month_before_are_marked(store):
    explaining.explain(store, end_of(3), [said()], "张")
    explaining.explain(store, end_of(4), [said()], "张")
    explaining.explain(store, end_of(5), [said(reason="另有原因")], "张")
    rows = explaining.explained(store, end_of(5), None, ("001", "P1"))
    assert [(row["month"], bool(row["repeated"])) for row in rows] == [(5, False), (4, True), (3, False)]


def test_saying_the_same_again_records_nothing(store):
    assert explaining.explain(store, end_of(3), [said(), said("P2")], "张") == 2
    acts = store.ask("select count(*) as n from acts")
    assert explaining.explain(store, end_of(3), [said(), said("P2")], "李") == 0
    assert store.ask("select count(*) as n from acts") == acts


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (Explanation("001", "P9", "system", "原因"), "act.no_project"),
        (Explanation("002", "P1", "system", "原因"), "act.no_project"),
        (Explanation("001", "P1", "weather", "原因"), "act.cause"),
        (Explanation("001", "P1", "other", "  "), "act.explain_reason"),
        (said(due_month=6), "act.promise_half"),
        (said(promised=Decimal(5)), "act.promise_half"),
        (promise(0, 6), "act.promise_amount"),
        (promise("0.001", 6), "act.promise_amount"),
        (promise(5, 3), "act.promise_month"),
        (promise(5, 13), "act.promise_month"),
    ],
)
def test_of_several_words_one_that_cannot_stand_keeps_out_all(store, one, code):
    with pytest.raises(ActError) as refused:
        explaining.explain(store, end_of(3), [said("P2"), one], "张")
    assert refused.value.code == code
    assert explaining.explained(store, end_of(12)) == []


def test_words_change_no_verdict(store):
    before = everything(store)
    explaining.explain(store, end_of(3), [promise(500_000, 6)], "张")
    assert everything(store) == before


def test_the_working_paper_carries_streak_word_and_promise(store):
    for month in (4, 5, 6):
        pay(store, f"P1 {month} 0\nP2 {month} 0")
    explaining.explain(store, end_of(4), [promise(500_000, 6)], "张")
    explaining.explain(store, end_of(6), [said(reason="仍未开工")], "张")
    rows = {row["project_code"]: row for row in lagging.chased(store, end_of(6))}
    one = rows["P1"]
    assert (one["streak"], one["reason"], one["promise_month"], one["promise"], one["outcome"]) == (4, "仍未开工", 4, 500_000, "broken")
    # P2 paid all that was due in March, half of what is due in June: far behind for the first month.
    assert (rows["P2"]["streak"], rows["P2"]["cause"], rows["P2"]["promise"]) == (1, None, None)
    assert (one["trend"], rows["P2"]["trend"]) == ("lasting", "first")


def test_a_streak_passes_over_months_without_a_report_and_ends_with_a_recovery(store):
    pay(store, "P1 5 0\nP2 5 0")
    assert lagging.chased(store, end_of(5))[0]["streak"] == 2
    pay(store, "P1 6 5000000\nP2 6 250000")
    beside = lagging.beside(store, end_of(6))
    assert [(row["count"], row["names"]) for row in beside if row["kind"] == "recovered"] == [(1, ["会议费"])]
    assert not [row for row in lagging.beside(store, end_of(6), not_projects=("P1",)) if row["kind"] == "recovered"]
    assert not [row for row in lagging.beside(store, end_of(6), units=("9",)) if row["kind"] == "recovered"]
    assert lagging.chased(store, end_of(6)) == []
    assert [(row["project_code"], row["trend"], row["at_risk"]) for row in lagging.watched(store, end_of(6))] == [
        ("P1", "recovered", False)
    ]
    assert lagging.watched(store, end_of(6), not_projects=("P1",)) == []
    pay(store, "P1 7 0\nP2 7 0")
    assert not [row for row in lagging.beside(store, end_of(7)) if row["kind"] == "recovered"]
    pay(store, "P1 9 0\nP2 9 0")
    told = [(row["kind"], row["count"]) for row in lagging.beside(store, end_of(9))]
    (risky,) = lagging.watched(store, end_of(9))
    assert (told, risky["project_code"], risky["trend"], risky["months_left"]) == ([("at_risk", 1)], "P2", None, 1)


def test_a_word_is_dated_by_the_day_of_report_before_the_first_record(store):
    explaining.explain(store, end_of(3), [said()], "张", today=date(2025, 4, 20))
    from datetime import datetime

    assert explaining.explained(store, end_of(3), datetime(2025, 4, 19, 12)) == []
    assert len(explaining.explained(store, end_of(3), datetime(2025, 4, 21, 12))) == 1


def test_the_list_that_is_given_out_comes_back_with_reasons_alone_and_each_promise_runs_on(store):
    explaining.explain(store, end_of(3), [promise(500_000, 4), said("P2", due_month=12, promised=Decimal(9_000))], "张")
    pay(store, "P1 4 100000\nP2 4 0")
    pay(store, "P1 6 0\nP2 6 0")
    rows, about = lagging.chased(store, end_of(6)), exports.Context(queries.export_facts(store, end_of(6)), Words("zh"), {})
    lines = list(csv.reader(io.StringIO(exports.behind_csv(rows, about).decode("utf-8-sig"), newline="")))
    place = exports.BEHIND.index
    assert {row[0]: (row[place("promise")], row[place("promise_due")]) for row in lines[1:3]} == {"P1": ("50", "4"), "P2": ("0.9", "12")}
    for line in lines[1:2]:
        line[place("cause")], line[place("reason")] = "人员保障", "缺人"
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    reading = explaining.read(store, end_of(6), text.getvalue().encode())
    assert reading.problems == []
    one = explaining.said_of(store, 2025, reading.rows)
    assert explaining.explain(store, end_of(6), one, "张") == 1
    june = {row["project_code"]: row for row in lagging.chased(store, end_of(6))}
    assert (june["P1"]["reason"], june["P1"]["promise_month"], june["P1"]["outcome"]) == ("缺人", 3, "part")
    assert (june["P2"]["reason"], june["P2"]["promise_month"], june["P2"]["outcome"]) == (None, 3, "running")
