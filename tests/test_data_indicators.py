"""How indicators are judged: each comparator by hand, counts by what is due, rates whole; what a person may change of it."""

from decimal import Decimal
from fractions import Fraction

import pytest
from drawn import HEADINGS, QUARTERS, end_of, new_store, pay

from data import changes, indicators, results, scoring
from data.acting import ActError
from data.database import append
from data.indicators import Lowering
from data.journal import now
from data.results import Result

TWO = f"""
{HEADINGS},{QUARTERS}
P1,会议费,001,局本级,100,25%,50%,75%,100%
P2,培训费,001,局本级,100,25%,50%,75%,100%
"""
MET, SLIGHTLY, BEHIND, FAR = indicators.ORDER
# Comparator, target, unit; then values at the end of October, when 75 % is due, with their status. Of 135 people 101 are due, of
# one year or one thing none; of money every digit counts.
DRAWN = """
≥ 100 人 | 75 met, 74 slightly_behind, 60 slightly_behind, 59.9999 behind, 45 behind, 44.9999 far_behind, 0 far_behind, 250 met
≥ 135 个 | 101 met, 100 slightly_behind
≥ 26 万元 | 19.5 met, 19.4999 slightly_behind
≤ 412 人 | 0 met, 411 met, 412 met, 413 slightly_behind, 494.4 slightly_behind, 494.4001 behind, 576.8 behind, 576.8001 far_behind
< 412 人 | 411.9999 met, 412 slightly_behind, 900 far_behind
> 100 人 | 75 slightly_behind, 75.0001 met, 100 met
> 80 % | 80 slightly_behind, 80.0001 met, 64 slightly_behind, 63.9999 behind
= 3.5 万元 | 2.625 met, 3.5 met, 2.6 slightly_behind, 3.6 slightly_behind, 4.2 slightly_behind, 4.2001 behind, 5 far_behind
= 100 % | 100 met, 99 slightly_behind, 79 behind, 75 behind, 59 far_behind, 101 slightly_behind
≥ 95 % | 95 met, 94.9999 slightly_behind, 76 slightly_behind, 71.25 behind, 56.9 far_behind, 100 met
≥ 95 - | 95 met, 71.25 behind
≥ 99 全面统计无遗漏 | 99 met, 98 slightly_behind, 74.25 behind
= 0 起 | 0 met, 1 far_behind
≤ 0 起 | 0 met, 1 far_behind
≥ 0 次 | 0 met, 7 met
= 1 年 | 0.5 not_due, 1 met, 1.5 far_behind, - not_due
≥ 1 个 | 0 not_due, 1 met
≥ 100 次 | - not_reported
≤ 412 次 | - not_reported
≥ 95 % | - not_reported
"""
CASES = [
    (*(None if part == "-" else part for part in (*target.split(), value)), status)
    for target, values in (line.split(" | ") for line in DRAWN.strip().splitlines())
    for value, status in (pair.split() for pair in values.split(", "))
]
GRADES = [("met", "85", MET), ("partly", "70", BEHIND), ("unmet", "10", FAR), (None, None, "not_reported")]


def add_indicators(store, code, rows):
    """Give a project indicators: level, comparator, target, unit of each, in the order of their positions."""
    (plan,) = [row for row in store.ask("from plans_on(null)") if row["project_code"] == code]
    key = {name: plan[name] for name in ("batch", "fiscal_year", "unit_code", "project_code")}
    with store.transaction() as cursor:
        append(
            cursor,
            "indicators",
            [
                {
                    **{**key, "position": place, "level1": "产出指标", "level3": f"指标{place}", "comparator": sign, "target_unit": unit},
                    **{"target": f"{sign}{value}{unit}" if sign else "长期", "target_value": Decimal(value) if sign else None},
                }
                for place, (sign, value, unit) in enumerate(rows, start=1)
            ],
        )


def decimal(text):
    return None if text is None else Decimal(text)


@pytest.fixture(scope="module")
def judged():
    """Every case as an indicator of its own, judged at the end of October; then every grade."""
    store = new_store(TWO)
    add_indicators(store, "P1", [case[:3] for case in CASES])
    add_indicators(store, "P2", [(None, None, None) for _ in GRADES])
    said = [Result("001", "P1", place, reached=decimal(value)) for place, (*_, value, _) in enumerate(CASES, start=1)]
    said += [Result("001", "P2", place, grade=grade, percent=decimal(part)) for place, (grade, part, _) in enumerate(GRADES, start=1)]
    results.record(store, end_of(10), said, "张")
    return {indicators.key_of(row): row for row in indicators.judged(store, end_of(10))}


@pytest.mark.parametrize("place", range(len(CASES)), ids=[" ".join(map(str, case)) for case in CASES])
def test_a_value_is_judged_as_by_hand(judged, place):
    assert judged["001", "P1", place + 1]["status"] == CASES[place][-1]


@pytest.mark.parametrize("place", range(len(GRADES)))
def test_what_is_no_number_is_judged_by_its_grade(judged, place):
    assert judged["001", "P2", place + 1]["status"] == GRADES[place][-1]


@pytest.fixture
def store():
    """Two projects, money on plan in the first and far behind in the second; four indicators in each."""
    made = new_store(TWO)
    for code in ("P1", "P2"):
        add_indicators(made, code, [("≥", "100", "人"), ("≤", "412", "人"), ("≥", "95", "%"), (None, None, None)])
    pay(made, "P1 10 750000\nP2 10 100000")
    return made


def say(store, code, *values, month=10, expected=None, grade="met"):
    """Record the three numbers of a project and the grade of its fourth indicator."""
    said = [
        Result("001", code, place, reached=decimal(value), expected=decimal(expected) if place == 1 else None)
        for place, value in enumerate(values, start=1)
    ]
    percent = {"met": "90", "partly": "70", "unmet": "20", None: None}[grade]
    return results.record(store, end_of(month), [*said, Result("001", code, 4, grade=grade, percent=decimal(percent))], "张")


def standing(store, code="P1", month=10, known_at=None):
    return next(row for row in indicators.standings(store, end_of(month), known_at) if row["project_code"] == code)


def of(store, code="P1", position=1, month=10, known_at=None):
    rows = indicators.judged(store, end_of(month), known_at, ("001", code))
    return next(row for row in rows if row["position"] == position)


@pytest.mark.parametrize(("month", "due"), [(2, "0"), (3, "25"), (9, "50"), (10, "75"), (12, "100")])
def test_a_count_is_due_by_the_plan_of_its_project_and_a_rate_and_a_limit_are_whole_at_any_time(store, month, due):
    rows = [of(store, position=place, month=month) for place in (1, 2, 3)]
    assert [row["due"] for row in rows] == [Decimal(due), Decimal(412), Decimal(95)]
    assert [row["is_count"] for row in rows] == [True, False, False]
    assert [row["status"] for row in rows] == ["not_due" if month < 3 else "not_reported", "not_reported", "not_reported"]


def test_at_the_end_of_the_year_a_status_is_that_of_the_exact_part_of_the_points(store):
    values = [Decimal(number) for number in ("0", "40", "59.9", "60", "79.9999", "80", "99.9999", "100", "120", "121", "140", "141", "250")]
    kinds = [(sign, "100", unit) for sign in ("≥", ">", "≤", "<", "=") for unit in ("人", "%")]
    made = new_store(TWO)
    add_indicators(made, "P1", [kind for kind in kinds for _ in values])
    cases = list(enumerate(((sign, value) for sign, _, _ in kinds for value in values), start=1))
    results.record(made, end_of(12), [Result("001", "P1", place, reached=value) for place, (_, value) in cases], "张")
    for row, (_, (sign, value)) in zip(indicators.judged(made, end_of(12), project=("001", "P1")), cases, strict=True):
        part = scoring.part_of(sign, Decimal(100), value)
        band = SLIGHTLY if part >= Fraction(4, 5) else BEHIND if part >= Fraction(3, 5) else FAR
        assert row["status"] == (MET if scoring.is_reached(sign, Decimal(100), value) else band), (sign, value)


def test_without_a_payment_plan_only_what_is_whole_can_be_judged():
    made = new_store(f"{HEADINGS}\nP1,会议费,001,局本级,100")
    add_indicators(made, "P1", [("≥", "100", "人"), ("≥", "100", "人"), ("≥", "95", "%")])
    results.record(made, end_of(10), [Result("001", "P1", 1 + n, reached=Decimal(v)) for n, v in enumerate(("50", "100", "94"))], "张")
    assert [of(made, position=place)["status"] for place in (1, 2, 3)] == ["no_basis", MET, SLIGHTLY]


def test_an_expectation_warns_and_raises_nothing(store):
    say(store, "P1", "80", "400", "96", expected="90")
    assert (of(store)["status"], of(store)["at_risk"], standing(store)["results_at_risk"]) == (MET, True, True)
    say(store, "P1", "20", "400", "96", expected="200")
    assert (of(store)["status"], of(store)["at_risk"]) == (FAR, False)


@pytest.mark.parametrize(
    ("code", "values", "grade", "stands"),
    [
        ("P1", ("80", "400", "96"), "met", (MET, MET, "fast_ahead")),
        ("P1", ("80", "500", "96"), "met", (BEHIND, BEHIND, "fast_behind")),
        ("P1", ("80", "400", "96"), "unmet", (FAR, FAR, "fast_behind")),
        ("P1", ("80", "400", None), "met", ("not_reported", "not_reported", None)),
        ("P1", ("60", "400", None), "met", (SLIGHTLY, SLIGHTLY, "fast_behind")),
        ("P2", ("80", "400", "96"), "met", (MET, FAR, "slow_ahead")),
        ("P2", ("70", "400", "96"), "met", (SLIGHTLY, FAR, "slow_behind")),
        ("P2", (None, None, None), None, ("not_reported", FAR, None)),
    ],
)
def test_a_project_stands_as_the_worse_of_money_and_targets(store, code, values, grade, stands):
    say(store, code, *values, grade=grade)
    row = standing(store, code)
    assert (row["results_status"], row["worse"], row["quadrant"]) == stands
    assert row["status"] == {"P1": MET, "P2": FAR}[code]


def test_a_project_without_indicators_stands_as_its_money_does():
    made = new_store()
    pay(made, "P1 10 100000")
    row = standing(made)
    assert (row["results_status"], row["worse"], row["indicators"], row["quadrant"]) == ("no_basis", FAR, 0, None)


def test_a_person_lowers_a_judgement_with_a_reason_and_the_undo_is_a_row(store):
    say(store, "P1", "80", "400", "96")
    before = now()
    act = indicators.lower(store, end_of(10), Lowering("001", "P1", 1, BEHIND, "名单未核实"), "王")
    row = of(store)
    assert (row["computed"], row["status"], row["lowered_why"], row["lowered_by"]) == (MET, BEHIND, "名单未核实", "王")
    assert standing(store)["worse"] == BEHIND
    assert (of(store, known_at=before)["status"], of(store, month=12)["status"]) == (MET, "not_reported")
    assert changes.reverse(store, act, "王", "已核实")
    assert not changes.reverse(store, act, "王", "已核实")
    assert (of(store)["status"], of(store)["lowered"]) == (MET, None)
    assert len(store.ask("from lowerings")) == 1


def test_a_lowering_does_not_hide_a_worse_value(store):
    say(store, "P1", "80", "400", "96")
    indicators.lower(store, end_of(10), Lowering("001", "P1", 1, SLIGHTLY, "名单未核实"), "王")
    say(store, "P1", "10", "400", "96")
    assert of(store)["status"] == FAR


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Lowering("001", "P1", 1, MET, "好"), "act.not_lower"),
        (Lowering("001", "P1", 1, SLIGHTLY, "一样"), "act.not_lower"),
        (Lowering("001", "P1", 1, "overspent", "超"), "act.not_lower"),
        (Lowering("001", "P1", 3, FAR, "没有数"), "act.not_lower"),
        (Lowering("001", "P1", 1, FAR, " "), "act.reason"),
        (Lowering("001", "P1", 9, FAR, "差"), "act.no_indicator"),
    ],
)
def test_a_judgement_is_never_raised_and_an_unknown_one_not_lowered(store, said, code):
    say(store, "P1", "70", "400", None)
    with pytest.raises(ActError) as refused:
        indicators.lower(store, end_of(10), said, "王")
    assert refused.value.code == code
    assert store.ask("from lowerings") == []


def test_words_are_taken_back_by_their_act_and_what_was_said_before_speaks_again(store):
    say(store, "P1", "50", "400", "96")
    say(store, "P1", "80", "400", "96")
    assert of(store)["reached"] == Decimal(80)
    changes.reverse(store, of(store)["act"], "王", "录错")
    assert of(store)["reached"] == Decimal(50)
    assert [(row["words"], row["reversed_why"]) for row in indicators.history(store, 2025)] == [(1, "录错"), (4, None)]


def test_what_a_file_would_change_is_foreseen_and_not_kept(store):
    say(store, "P1", "50", "400", "96")
    said = [Result("001", "P1", 1, reached=Decimal(75)), Result("001", "P1", 2, reached=Decimal(400))]
    (row,) = indicators.foresee(store, end_of(10), said)
    assert (row["position"], row["before"]["status"], row["status"], row["before"]["reached"]) == (1, BEHIND, MET, Decimal(50))
    assert of(store)["reached"] == Decimal(50)
    with pytest.raises(ActError, match=r"act\.no_indicator"):
        indicators.foresee(store, end_of(10), [Result("001", "P9", 1)])
