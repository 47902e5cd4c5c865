"""A month on its way from the file to the record: faults, answers, locks, restatements, and what is never lost."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from drawn import TODAY, end_of, new_store, progress, sending_of

from data import acts, again, answers, ledger, months, queries
from data.acting import ActError
from data.acts import ANY
from data.calendar import month_end
from data.rules import rule_set
from data.staging import consider

CODES = [f"13020225P0078{number:04}0001" for number in range(1, 15)]
PLAN = "\n".join(
    [
        "项目编码,项目名称,单位编码,单位名称,预算数（万元）,3月底,6月底,10月底,12月底",
        *(f"{code},项目{place},001,局本级,100,25%,50%,75%,100%" for place, code in enumerate(CODES[:12], start=1)),
        *(f"{code},项目{place},002,就业中心,100,25%,50%,75%,100%" for place, code in enumerate(CODES[12:], start=13)),
    ]
)
HEADER = "单位编码,项目编码,项目名称,月份,支出金额（元）,口径,凭证号"
MARCH = date(2025, 3, 31)


def rows_of(month="2025-03"):
    """Fourteen sound rows of one month, each a list of cells, in the order of the plan."""
    units = ["001"] * 12 + ["002"] * 2
    return [
        [unit, code, f"项目{place}", month, f"{20000 + place}.25", "当月", f"{month}-{place}"]
        for place, (unit, code) in enumerate(zip(units, CODES, strict=True), start=1)
    ]


def text_of(rows, *more):
    """Rows as the text of a file."""
    return "\n".join([HEADER, *(",".join(row) for row in rows), *more])


@pytest.fixture
def store():
    made = new_store(PLAN)
    yield made
    made.close()


def load(store, rows, person="甲", **told):
    """Load a file of these rows; its outcome."""
    return acts.load(store, sending_of(text_of(rows), **told), person)


def test_sound_rows_have_no_finding(store):
    assert consider(store, sending_of(text_of(rows_of()))).problems == []


def test_twelve_faults_of_twelve_kinds_give_exactly_these_twelve_findings(store):
    rows = rows_of()
    rows[0][1] = CODES[0][:14] + "9" + CODES[0][15:]
    rows[1][0] = "002"
    rows[2][4] = "一千二百"
    rows[4][3] = "2024-03"
    rows[5][1] = "1.30202E+20"
    rows[6][4] = "-12.50"
    rows[7][4] = "1000000.01"
    rows[8][2] = "别的名称"
    rows[9][4] = "500000"
    rows[10][4] = "２００１１.25"
    rows[11][5] = "季度"
    rows.insert(4, list(rows[3]))
    found = consider(store, sending_of(text_of(rows))).problems
    assert [(problem.code, problem.row) for problem in found] == [
        ("R01", 2),
        ("R02", 3),
        ("R03", 4),
        ("R04", 6),
        ("R05", 7),
        ("R07", 8),
        ("W01", 9),
        ("W02", 10),
        ("W08", 11),
        ("W05", 12),
        ("M02", 13),
        ("R08", 14),
    ]
    assert all(problem.column and problem.value for problem in found)
    assert found[0].expected == f"{CODES[0]} 项目1"


@pytest.mark.parametrize("place", range(14))
def test_a_row_that_cannot_be_read_is_not_called_absent_as_well(store, place):
    rows = rows_of()
    rows[place][4] = "若干"
    assert [problem.code for problem in consider(store, sending_of(text_of(rows))).problems] == ["R03"]


def test_a_mistyped_code_is_not_called_absent_as_well(store):
    rows = rows_of()
    rows[3][1] = rows[3][1][:6] + "52" + rows[3][1][8:]
    assert [problem.code for problem in consider(store, sending_of(text_of(rows))).problems] == ["R01"]


def test_a_total_over_a_row_with_an_unknown_code_still_fits(store):
    rows = rows_of()
    total = f",合计,,,{sum(20000 + place for place in range(1, 15)) + 3.5},,"
    rows[3][1] = rows[3][1][:6] + "52" + rows[3][1][8:]
    assert [problem.code for problem in consider(store, sending_of(text_of(rows, total))).problems] == ["R01"]
    wrong = f",合计,,,{sum(20000 + place for place in range(1, 15)) + 4.5},,"
    assert [problem.code for problem in consider(store, sending_of(text_of(rows, wrong))).problems] == ["R01", "W09"]


def test_a_year_without_a_plan_is_said_to_have_none(store):
    sending = replace(sending_of(text_of(rows_of("2024-03")[:1])), year=None)
    assert [(problem.code, problem.facts["why"]) for problem in consider(store, sending).problems] == [("R01", "no_plan")]


def test_a_code_sound_in_itself_is_said_to_be_of_another_plan(store):
    rows = rows_of()
    rows.append(["001", "13020225P00781710002T", "外来", "2025-03", "1", "当月", "x"])
    found = consider(store, sending_of(text_of(rows))).problems
    assert [(problem.code, problem.facts["why"]) for problem in found] == [("R01", "sound")]


# Answers


def questions(store, batch):
    """The keys of a batch's questions by code."""
    return {problem.code: problem.key for problem, _ in ledger.findings(store, batch) if problem.level == "confirm"}


def doubtful():
    """March with a refund, a short name and a project left out."""
    rows = rows_of()[:-1]
    rows[0][4], rows[1][2] = "-5.00", "简称"
    return rows


def test_each_question_wants_its_own_answer(store):
    batch = load(store, doubtful()).batch
    keys = questions(store, batch)
    assert sorted(keys) == ["W01", "W07", "W08"]
    acts.answer(store, batch, [{"finding": keys["W01"], "reason_code": "refund", "reason": "退回"}], "乙")
    with pytest.raises(ActError, match="unanswered") as refused:
        acts.certify(store, batch, "乙")
    assert refused.value.facts == {"count": 2}
    rest = [
        {"finding": keys[code], "reason_code": reason, "reason": ""} for code, reason in (("W07", "report_later"), ("W08", "short_name"))
    ]
    assert acts.answer(store, batch, rest, "乙") == 2
    assert acts.answer(store, batch, rest, "乙") == 0
    assert acts.certify(store, batch, "乙")
    told = {row["code"]: (row["reason_code"], row["answered_by"]) for row in queries.findings(store, batch)}
    assert told == {"W01": ("refund", "乙"), "W07": ("report_later", "乙"), "W08": ("short_name", "乙")}


def test_only_the_absent_project_of_which_it_was_answered_is_zero(store):
    batch = load(store, rows_of()[:-2]).batch
    assert batch and questions(store, batch) == {}
    batch = load(store, rows_of()[1:11]).batch
    absent = [problem for problem, _ in ledger.findings(store, batch) if problem.code == "W07"]
    assert [problem.value for problem in absent] == [CODES[0], CODES[11]]
    reasons = ["no_spending", "report_later"]
    given = [{"finding": p.key, "reason_code": reason, "reason": ""} for p, reason in zip(absent, reasons, strict=True)]
    acts.answer(store, batch, given, "乙")
    acts.certify(store, batch, "乙")
    stood = progress(store, 3)
    assert (stood[CODES[0]]["spent"], stood[CODES[0]]["status"]) == (0, "far_behind")
    assert (stood[CODES[11]]["spent"], stood[CODES[11]]["status"]) == (None, "not_reported")


def test_other_needs_words_and_a_foreign_key_is_refused(store):
    batch = load(store, doubtful()).batch
    key = questions(store, batch)["W01"]
    for given, code in (
        ({"finding": key, "reason_code": "other", "reason": " "}, "act.other_needs_text"),
        ({"finding": "W01-0000000000", "reason_code": "refund", "reason": ""}, "act.no_question"),
    ):
        with pytest.raises(ActError) as refused:
            acts.answer(store, batch, [given], "乙")
        assert refused.value.code == code
    assert store.ask("from answers") == []


def test_a_recurring_warning_carries_its_answer_and_an_amount_never_does(store):
    first = load(store, doubtful()).batch
    acts.certify(store, first, "乙", {ANY: "核实"})
    april = [[*row[:3], "2025-04", f"{10000 + place}", row[5], f"4-{place}"] for place, row in enumerate(doubtful())]
    april[0][4] = "-5.00"
    again_asked = load(store, april)
    carried = {problem.code for problem in again_asked.considered.questions} - {p.code for p in again_asked.considered.open_questions}
    assert carried == {"W07", "W08"}
    kept = {row["code"]: row["carried_from"] for row in queries.findings(store, again_asked.batch)}
    assert kept == {"W01": None, "W07": first, "W08": first}


def test_that_nothing_was_spent_is_never_carried_to_the_next_month(store):
    first = load(store, rows_of()[:-1]).batch
    acts.certify(store, first, "乙", {"W07": "本月确无支出"})
    assert progress(store, 3)[CODES[13]]["spent"] == 0
    april = load(store, [[*row[:4], f"{10000 + place}", *row[5:]] for place, row in enumerate(rows_of("2025-04")[:-1])])
    assert [problem.code for problem in april.considered.open_questions] == ["W07"]


# Months


def certified(store, rows=None):
    """March certified; its batch."""
    batch = load(store, rows or rows_of(), today=date(2025, 4, 3)).batch
    acts.certify(store, batch, "乙", {ANY: "核实"}, today=date(2025, 4, 3))
    return batch


def test_a_locked_month_takes_no_file_no_certificate_and_no_withdrawal_until_it_is_reopened(store):
    waiting = load(store, [[*row[:4], f"{10000 + place}", *row[5:]] for place, row in enumerate(rows_of("2025-04"))]).batch
    batch = certified(store)
    assert months.lock(store, MARCH, "丙")
    assert not months.lock(store, MARCH, "丙")
    changed = rows_of()
    changed[0][4] = "1"
    found = consider(store, sending_of(text_of(changed))).problems
    assert {(problem.code, problem.facts["why"], problem.facts["who"]) for problem in found} == {("R05", "locked", "丙")}
    with pytest.raises(ActError) as refused:
        acts.withdraw(store, batch, "甲", "x")
    assert (refused.value.code, refused.value.facts["month"]) == ("act.locked", "2025-03")
    assert again.certify(store, waiting, "乙", None, TODAY)
    with pytest.raises(ActError):
        months.reopen(store, MARCH, "丙", " ")
    assert months.reopen(store, MARCH, "丙", "更正")
    assert not months.reopen(store, MARCH, "丙", "更正")
    assert acts.withdraw(store, batch, "甲", "x")


def test_one_unit_can_be_locked_alone(store):
    certified(store)
    assert months.lock(store, MARCH, "丙", unit="002")
    changed = rows_of()
    changed[0][4] = changed[13][4] = "20000"
    found = consider(store, sending_of(text_of(changed))).problems
    assert [(problem.code, problem.row) for problem in found if problem.code == "R05"] == [("R05", 14), ("R05", 15)]


def test_a_month_that_nobody_reported_cannot_be_locked(store):
    with pytest.raises(ActError) as refused:
        months.lock(store, MARCH, "丙")
    assert refused.value.code == "act.lock_unreported"


def test_the_calendar_says_who_reported_when_how_late_and_what_was_restated(store):
    certified(store, rows_of()[:12])
    late = load(store, rows_of()[12:], person="丁", today=date(2025, 4, 15)).batch
    again.certify(store, late, "乙", {ANY: "核实"}, date(2025, 4, 15))
    changed = rows_of()[:12]
    changed[0][4] = "30000"
    restated = load(store, changed, today=date(2025, 5, 2)).batch
    again.certify(store, restated, "乙", {ANY: "更正"}, date(2025, 5, 2))
    rows = {(row["unit_code"], row["month"]): row for row in ledger.discipline(store, 2025, date(2025, 5, 20))}
    first, second, silent = rows["001", 3], rows["002", 3], rows["001", 4]
    assert (first["reported_on"], first["reported_by"], first["days_late"], first["restated"]) == (date(2025, 4, 3), "甲", 0, 1)
    assert (second["reported_on"], second["reported_by"], second["days_late"]) == (date(2025, 4, 15), "丁", 5)
    assert (silent["state"], silent["reported_on"], silent["days_late"], silent["due_on"]) == ("open", None, 10, date(2025, 5, 10))
    assert rows["001", 5]["state"] == "open" and rows["001", 6]["state"] == "not_open"
    (line,) = ledger.restatements(store)
    assert (line["unit_code"], line["month"], line["batch"], line["difference"]) == ("001", 3, restated, Decimal("9998.75"))


# Two persons, staleness, the record


def test_where_two_persons_are_asked_for_the_sender_cannot_certify(store):
    batch = load(store, rows_of()).batch
    months.set_rules(store, {"two_persons": Decimal(1)}, "管理", "两人复核")
    again.recheck(store, batch, "甲", TODAY)
    with pytest.raises(ActError) as refused:
        acts.certify(store, batch, "甲")
    assert refused.value.code == "act.same_person"
    assert acts.certify(store, batch, "乙")


def test_a_change_of_the_thresholds_asks_for_another_check(store):
    batch = load(store, rows_of()).batch
    assert not acts.is_stale(store, batch)
    months.set_rules(store, {"behind": Decimal("0.7")}, "管理", "从严")
    assert acts.is_stale(store, batch)
    with pytest.raises(ActError) as refused:
        acts.certify(store, batch, "乙")
    assert refused.value.code == "act.stale"
    assert again.certify(store, batch, "乙", None, TODAY)


def test_a_batch_checked_again_asks_what_has_become_questionable_since(store):
    changed = rows_of()
    changed[0][4] = "30000"
    waiting = load(store, changed).batch
    certified(store)
    with pytest.raises(ActError) as refused:
        again.certify(store, waiting, "乙", None, TODAY)
    assert refused.value.code == "act.unanswered"
    assert sorted(questions(store, waiting)) == ["W06"]
    assert again.certify(store, waiting, "乙", {ANY: "更正"}, TODAY)


def test_the_certificate_says_file_sum_coverage_and_rules(store):
    batch = certified(store)
    facts = ledger.certificate(store, batch)
    assert (facts["batch"]["row_count"], facts["batch"]["standing"]) == (14, "certified")
    assert (facts["rule_version"], facts["rule_set"]) == (1, rule_set())
    shares = [(row["unit_code"], row["rows"], row["reported"], row["projects"]) for row in facts["months"]]
    assert shares == [("001", 12, 12, 12), ("002", 2, 2, 2)]
    assert facts["as_of"] == month_end(2025, 3) and facts["whole"]["reported"] == 14


def test_what_the_journal_says_is_enough_to_read_the_file_again(store):
    batch = load(store, rows_of()).batch
    row = queries.batch_of(store, batch)
    assert json.loads(row["declared"])["year"] == 2025
    sent = again.sending_of(store, batch, TODAY)
    assert sent.content == text_of(rows_of()).encode()
    assert sent.reading.rows == sending_of(text_of(rows_of())).reading.rows


def test_an_answer_is_kept_word_for_word_and_the_newest_speaks(store):
    batch = load(store, doubtful()).batch
    key = questions(store, batch)["W01"]
    for text in ("'; drop table answers; --", "=1+1", "<b>退</b>"):
        acts.answer(store, batch, [{"finding": key, "reason_code": "other", "reason": text}], "乙")
    found = {row["finding"]: row["reason"] for row in queries.findings(store, batch)}
    assert found[key] == "<b>退</b>"
    assert [row["reason"] for row in store.ask("from answers order by act")] == ["'; drop table answers; --", "=1+1", "<b>退</b>"]
    assert answers.worded({"finding": key, "code": "W01"}, "退款")["reason_code"] == "refund"


def test_a_preview_says_what_certifying_then_does(store):
    told = consider(store, sending_of(text_of(rows_of())))
    assert (told.counts, told.delta) == ({"added": 14, "changed": 0, "unchanged": 0, "missing": 0}, told.total)
    certified(store)
    after = queries.summary(store, end_of(3))[0]
    assert told.after == after
