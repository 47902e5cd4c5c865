"""The ladder of follow-up: no step skipped, none before its time, each with what was sent before."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from drawn import HEADINGS, QUARTERS, end_of, new_store, pay

from data import ladder, months, notices, queries
from data.journal import now
from data.words import LANGUAGES, Words
from pages.parts.notice import ladder_rule, proposal

RULE = {"circular_months": 2, "talk_months": 3, "rectify_months": 4}
TODAY = date(2025, 8, 1)
PLAN = f"""
{HEADINGS},{QUARTERS}
P1,会议费,001,局本级,400,25%,50%,75%,100%
P2,培训费,002,中心,100,25%,50%,75%,100%
P3,小项目,003,小中心,8,25%,50%,75%,100%
"""


@pytest.mark.parametrize(
    ("streak", "hardest", "step"),
    [
        (1, None, "remind"),
        (9, None, "remind"),
        (1, "remind", "remind"),
        (2, "remind", "circular"),
        (9, "remind", "circular"),
        (2, "circular", "circular"),
        (3, "circular", "talk"),
        (3, "talk", "talk"),
        (4, "talk", "rectify"),
        (9, "rectify", "rectify"),
    ],
)
def test_the_next_step_follows_the_hardest_before_it_once_the_lag_is_long_enough(streak, hardest, step):
    assert ladder.next_step(streak, hardest, RULE) == step


@pytest.fixture
def store():
    """Two units that lag from March on, past the gate; a third whose small gap is at its first checkpoint."""
    made = new_store(PLAN)
    for month in range(1, 6):
        pay(made, f"P1 {month} 0 001\nP2 {month} 0 002\nP3 {month} 0 003")
    return made


def send(store, month, unit, level="remind"):
    told = {"level": level, "deadline": TODAY + timedelta(days=7), "today": TODAY}
    return notices.issue(store, end_of(month), unit, told, "张")


def steps(store, month, **more):
    return {row["unit_code"]: row for row in ladder.proposed(store, end_of(month), today=TODAY, **more)}


def test_only_units_on_the_formal_list_get_a_step_with_its_days_to_answer(store):
    found = steps(store, 3)
    assert {unit: (row["level"], row["streak"], row["since"]) for unit, row in found.items()} == {
        "001": ("remind", 1, 3),
        "002": ("remind", 1, 3),
    }
    assert found["001"]["deadline"] == date(2025, 8, 11)
    assert (found["001"]["projects"], found["001"]["gap_amount"]) == (1, Decimal(-1_000_000))


def test_each_unit_climbs_by_what_it_was_sent_itself(store):
    number = send(store, 3, "001")
    found = steps(store, 4)
    assert (found["001"]["level"], found["002"]["level"]) == ("circular", "remind")
    assert [one["number"] for one in found["001"]["earlier"]] == [number]
    send(store, 4, "001", "circular")
    assert (steps(store, 4)["001"]["level"], len(steps(store, 4)["001"]["issued"])) == ("circular", 1)
    assert steps(store, 5)["001"]["level"] == "talk"
    assert [row["unit_code"] for row in ladder.proposed(store, end_of(5), today=TODAY)] == ["001", "002"]


def test_what_was_sent_for_an_earlier_lag_does_not_count(store):
    send(store, 3, "001")
    pay(store, "P1 6 2000000 001\nP2 6 0 002\nP3 6 0 003")
    assert "001" not in steps(store, 6)
    for month in range(7, 11):
        pay(store, f"P1 {month} 0 001\nP2 {month} 0 002\nP3 {month} 0 003")
    again = steps(store, 10)["001"]
    assert (again["level"], again["streak"], again["since"], again["earlier"]) == ("remind", 1, 10, [])


def test_a_past_moment_knows_only_what_had_been_sent_by_then(store):
    before = now()
    send(store, 3, "001")
    assert steps(store, 4, known_at=before)["001"]["level"] == "remind"


def test_the_thresholds_are_rules_with_a_version_and_a_reason(store):
    send(store, 3, "001")
    months.set_rules(store, {"circular_months": Decimal(3), "answer_days": Decimal(5)}, "王", "按区里通知")
    assert (steps(store, 4)["001"]["level"], steps(store, 4)["001"]["deadline"]) == ("remind", date(2025, 8, 6))
    assert steps(store, 5)["001"]["level"] == "circular"
    assert queries.rules(store)["version"] == 2


def test_a_store_from_before_the_ladder_takes_its_defaults_and_can_set_them(store):
    with store.transaction() as cursor:
        cursor.execute("delete from rules where name in ('circular_months', 'talk_months', 'rectify_months', 'answer_days')")
    rule = queries.rules(store)
    assert [rule[name] for name in ("circular_months", "talk_months", "rectify_months", "answer_days")] == [2, 3, 4, 10]
    months.set_rules(store, {"talk_months": Decimal(5)}, "王", "从宽")
    assert (queries.rules(store)["talk_months"], queries.rules(store)["rectify_months"]) == (5, 4)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_step_is_said_with_its_reason_and_dates(store, language):
    say = Words(language)
    number = send(store, 3, "001")
    notices.answer(store, 2025, number, "已催办", "李", TODAY)
    said = proposal(steps(store, 4)["001"], say)
    for part in ("100.00", "2025-08-01", "2025-08-11", say("notice.level_circular"), say("notice.answered")):
        assert part in said
    assert say("notice.unanswered", deadline="2025-08-08") in proposal({**steps(store, 4)["001"], **unanswered(store)}, say)
    assert "v1" in ladder_rule(queries.rules(store), say)


def unanswered(store):
    send(store, 4, "001")
    return {"earlier": steps(store, 5)["001"]["earlier"][-1:]}
