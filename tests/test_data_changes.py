"""The moving year: what an adjustment or a revision alters, from when, and what is refused."""

import json
from datetime import date, datetime
from decimal import Decimal

import pytest
from drawn import HEADINGS, QUARTERS, end_of, everything, new_store, pay, row_of, status, take_in

from data import changes, journal, planned, queries
from data.acting import ActError
from data.changes import Adjustment, Basis, Revision

KEY, OTHER = (2025, "001", "P1"), (2025, "001", "P2")
TWO = f"""
{HEADINGS},{QUARTERS}
P1,会议费,001,局本级,100,25%,50%,75%,100%
P2,培训费,001,局本级,50,25%,50%,75%,100%
"""


def basis(day, reason="追加会务费", number="南财预〔2025〕31号"):
    return Basis(number, date.fromisoformat(day), reason)


@pytest.fixture
def store():
    made = new_store(TWO)
    pay(made, "P1 3 250000\nP2 3 125000\nP1 6 250000\nP2 6 125000")
    return made


def budgets(store, code="P1"):
    """The budget in force and the amount due, by month."""
    rows = queries.months_of(store, 2025, ("001", code))
    return {row["month"]: (row["current_budget"], row["due_amount"]) for row in rows}


def test_an_increase_holds_from_its_day_and_both_budgets_stay_known(store):
    changes.record(store, Adjustment(KEY, "increase", Decimal(200_000), basis("2025-05-20")), "张")
    found = budgets(store)
    assert (found[4], found[5]) == ((Decimal(1_000_000), Decimal(250_000)), (Decimal(1_200_000), Decimal(300_000)))
    row = row_of(store, 6)
    assert (row["original_budget"], row["current_budget"], row["due_amount"]) == (1_000_000, 1_200_000, 600_000)
    # 500,000 of 600,000 due is 83.33 %: slightly behind; on the original plan it would have been met.
    assert (status(store, 3), status(store, 6)) == ("met", "slightly_behind")


def test_a_virement_moves_money_and_the_sum_stays(store):
    before = queries.summary(store, end_of(6))[0]["budget"]
    changes.record(store, Adjustment(KEY, "virement", Decimal(300_000), basis("2025-06-01"), OTHER), "张")
    assert (budgets(store)[6][0], budgets(store, "P2")[6][0]) == (700_000, 800_000)
    assert queries.summary(store, end_of(6))[0]["budget"] == before


def test_a_revised_plan_holds_from_its_day_and_the_past_keeps_its_own(store):
    points = ((6, Decimal("0.3")), (9, Decimal("0.6")), (12, Decimal(1)))
    changes.record(store, Revision(KEY, points, basis("2025-06-10")), "张")
    due = {month: amount for month, (_, amount) in budgets(store).items()}
    assert [due[month] for month in (3, 5, 6, 9, 12)] == [250_000, 250_000, 300_000, 600_000, 1_000_000]
    assert budgets(store, "P2")[6][1] == 250_000


def test_of_two_revisions_the_later_day_holds_whichever_was_recorded_first(store):
    changes.record(store, Revision(KEY, ((12, Decimal(1)),), basis("2025-08-01", number="乙")), "张")
    changes.record(store, Revision(KEY, ((6, Decimal("0.4")), (12, Decimal(1))), basis("2025-05-01", number="甲")), "张")
    due = {month: amount for month, (_, amount) in budgets(store).items()}
    assert [due[month] for month in (4, 6, 7, 8, 12)] == [250_000, 400_000, 400_000, 0, 1_000_000]


def test_a_project_without_a_plan_is_judged_once_it_has_one():
    store = new_store("项目编码,项目名称,单位编码,单位名称,预算数（万元）\nP1,会议费,001,局本级,100")
    pay(store, "P1 3 100000\nP1 6 100000")
    assert status(store, 6) == "no_basis"
    changes.record(store, Revision(KEY, ((6, Decimal("0.5")), (12, Decimal(1))), basis("2025-06-01")), "张")
    assert (status(store, 3), status(store, 6)) == ("no_basis", "far_behind")


def test_what_was_known_before_a_change_is_shown_again_to_the_digit(store):
    moment, before = journal.now(), everything(store)
    changes.record(store, Adjustment(KEY, "cut", Decimal(400_000), basis("2025-01-15")), "张")
    changes.record(store, Revision(OTHER, ((12, Decimal(1)),), basis("2025-01-15")), "张")
    assert everything(store) != before
    assert everything(store, moment) == everything(store, moment)
    assert everything(store, moment)[0] == before[0]


def test_a_change_taken_back_leaves_the_year_as_it_was_and_stays_on_record(store):
    before = everything(store)
    act = changes.record(store, Adjustment(KEY, "increase", Decimal(1), basis("2025-01-15")), "张")
    between = journal.now()
    assert everything(store) != before
    assert changes.reverse(store, act, "李", "登记错了")
    assert everything(store) == before
    assert row_of(store, 6, known_at=between)["current_budget"] == Decimal("1000001.00")
    assert not changes.reverse(store, act, "李", "登记错了")
    (row,) = planned.changes_of(store, 2025)
    assert (row["act"], row["reversed_by"], row["reversed_why"], row["document_number"]) == (act, "李", "登记错了", "南财预〔2025〕31号")


def test_a_foreseen_change_is_just_what_recording_it_brings_and_keeps_nothing(store):
    change = Adjustment(KEY, "cut", Decimal(400_000), basis("2025-06-01"))
    before = everything(store)
    (row,) = changes.foresee(store, change, end_of(6))
    assert everything(store) == before
    changes.record(store, change, "张")
    after = row_of(store, 6)
    assert {name: row[name] for name in ("current_budget", "due_amount", "gap_amount", "status")} == {
        name: after[name] for name in ("current_budget", "due_amount", "gap_amount", "status")
    }
    assert (row["before"]["current_budget"], row["current_budget"]) == (1_000_000, 600_000)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (Adjustment(KEY, "increase", Decimal(1), basis("2025-05-20", reason=" ")), "act.reason"),
        (Adjustment(KEY, "increase", Decimal(1), basis("2025-05-20", number="")), "act.no_document"),
        (Adjustment(KEY, "increase", Decimal(1), basis("2024-12-31")), "act.effective"),
        (Adjustment((2025, "001", "P9"), "increase", Decimal(1), basis("2025-05-20")), "act.no_project"),
        (Adjustment(KEY, "virement", Decimal(1), basis("2025-05-20"), (2025, "002", "P2")), "act.no_project"),
        (Adjustment(KEY, "virement", Decimal(1), basis("2025-05-20")), "act.adjust_kind"),
        (Adjustment(KEY, "virement", Decimal(1), basis("2025-05-20"), KEY), "act.adjust_kind"),
        (Adjustment(KEY, "cut", Decimal(1), basis("2025-05-20"), OTHER), "act.adjust_kind"),
        (Adjustment(KEY, "gift", Decimal(1), basis("2025-05-20")), "act.adjust_kind"),
        (Adjustment(KEY, "increase", Decimal(0), basis("2025-05-20")), "act.adjust_amount"),
        (Adjustment(KEY, "increase", Decimal("0.001"), basis("2025-05-20")), "act.adjust_amount"),
        (Adjustment(KEY, "cut", Decimal("1000000.01"), basis("2025-05-20")), "act.adjust_below"),
        (Revision(KEY, (), basis("2025-05-20")), "act.plan_months"),
        (Revision(KEY, ((6, Decimal("0.5")), (6, Decimal(1))), basis("2025-05-20")), "act.plan_months"),
        (Revision(KEY, ((13, Decimal(1)),), basis("2025-05-20")), "act.plan_months"),
        (Revision(KEY, ((6, Decimal("0.5")), (9, Decimal("0.4"))), basis("2025-05-20")), "act.plan_falls"),
        (Revision(KEY, ((6, Decimal("1.01")),), basis("2025-05-20")), "act.plan_falls"),
    ],
)
def test_a_change_that_cannot_hold_is_refused_with_its_reason_and_leaves_no_trace(store, change, code):
    before = store.ask("select count(*) as n from acts")
    for deed in (lambda: changes.record(store, change, "张"), lambda: changes.foresee(store, change, end_of(6))):
        with pytest.raises(ActError) as refused:
            deed()
        assert refused.value.code == code
    assert store.ask("select count(*) as n from acts") == before
    assert planned.changes_of(store, 2025) == []


def test_a_whole_budget_may_be_cut_but_no_fen_more(store):
    changes.record(store, Adjustment(KEY, "cut", Decimal(1_000_000), basis("2025-05-20")), "张")
    assert status(store, 6) == "no_basis"
    with pytest.raises(ActError, match="adjust_below"):
        changes.record(store, Adjustment(KEY, "cut", Decimal("0.01"), basis("2025-07-20")), "张")


def test_a_cut_before_the_increase_that_pays_for_it_is_refused(store):
    changes.record(store, Adjustment(KEY, "increase", Decimal(500_000), basis("2025-09-01")), "张")
    with pytest.raises(ActError, match="adjust_below"):
        changes.record(store, Adjustment(KEY, "cut", Decimal(1_200_000), basis("2025-08-31")), "张")
    changes.record(store, Adjustment(KEY, "cut", Decimal(1_200_000), basis("2025-09-30")), "张")


def test_an_increase_that_pays_for_a_later_cut_cannot_be_taken_back(store):
    act = changes.record(store, Adjustment(KEY, "increase", Decimal(500_000), basis("2025-02-01")), "张")
    changes.record(store, Adjustment(KEY, "cut", Decimal(1_400_000), basis("2025-03-01", number="二")), "张")
    with pytest.raises(ActError, match="adjust_below"):
        changes.reverse(store, act, "张", "错")
    assert budgets(store)[3][0] == 100_000


def test_a_double_click_adjusts_once(store):
    change = Adjustment(KEY, "increase", Decimal(200_000), basis("2025-05-20"))
    act = changes.record(store, change, "张")
    with pytest.raises(ActError) as refused:
        changes.record(store, change, "张")
    assert (refused.value.code, refused.value.facts) == ("act.adjust_same", {"act": act})
    assert budgets(store)[6][0] == 1_200_000


def test_only_a_change_can_be_reversed_and_only_with_a_reason(store):
    with pytest.raises(ActError, match="no_change"):
        changes.reverse(store, 1, "张", "错")
    act = changes.record(store, Adjustment(KEY, "increase", Decimal(1), basis("2025-05-20")), "张")
    with pytest.raises(ActError, match=r"act\.reason"):
        changes.reverse(store, act, "张", "  ")


def test_the_journal_says_all_of_a_change(store):
    change = Adjustment(KEY, "virement", Decimal("123456.78"), basis("2025-05-20"), OTHER)
    act = changes.record(store, change, "张", date(2025, 6, 2))
    (row,) = store.ask("from acts where act = $act", {"act": act})
    told = json.loads(row["payload"])
    assert (row["verb"], row["person"]) == ("adjust", "张")
    assert told == {
        "project": [2025, "001", "P1"],
        "to": [2025, "001", "P2"],
        "kind": "virement",
        "amount": "123456.78",
        "basis": {"document_number": "南财预〔2025〕31号", "effective_on": "2025-05-20", "reason": "追加会务费"},
        "today": "2025-06-02",
    }


def test_a_change_makes_a_waiting_preview_stale(store):
    from drawn import paying, sending_of

    from data import acts

    batch = acts.load(store, sending_of(paying("P1 9 1000\nP2 9 1000")), "张").batch
    assert not acts.is_stale(store, batch)
    changes.record(store, Adjustment(KEY, "increase", Decimal(1), basis("2025-05-20")), "张")
    assert acts.is_stale(store, batch)


def test_a_streak_is_judged_by_the_plan_and_budget_of_each_checkpoint():
    store = new_store()
    pay(store, "P1 3 250000\nP1 6 250000\nP1 10 0")
    changes.record(store, Adjustment(KEY, "increase", Decimal(9_000_000), basis("2025-10-01")), "张")
    turns = store.ask("from verdicts_on(null) where due_month = month and month < 12 order by month")
    assert [(row["month"], row["status"], row["lagging_turns"]) for row in turns] == [(3, "met", 0), (6, "met", 0), (10, "far_behind", 1)]


def test_plans_written_in_amounts_are_judged_to_the_fen():
    heading = "项目编码,项目名称,单位编码,单位名称,预算数（元）,3月底计划金额（元）,12月底计划金额（元）"
    text = f"{heading}\nP1,会议费,001,局本级,300000.01,100000.00,300000.01"
    store = new_store(None)
    take_in(store, text)
    pay(store, "P1 3 100000.00")
    row = row_of(store, 3)
    assert (row["due_amount"], row["gap_amount"], row["status"]) == (Decimal("100000.00"), Decimal("0.00"), "met")
    pay(store, "P1 3 99999.99")
    assert row_of(store, 3)["status"] == "slightly_behind"


def test_a_store_made_before_the_columns_were_known_gets_them_and_keeps_its_rows(tmp_path):
    import duckdb

    from data.database import Store

    path = tmp_path / "old.duckdb"
    with duckdb.connect(str(path)) as old:
        old.execute("create table checkpoints (batch integer, unit_code text, project_code text, month integer, share decimal(9, 6))")
        old.execute("insert into checkpoints values (1, '001', 'P1', 3, 0.25)")
    store = Store(path)
    kept = {"batch": 1, "unit_code": "001", "project_code": "P1", "month": 3, "share": Decimal("0.250000")}
    assert store.ask("from checkpoints") == [{**kept, "fiscal_year": None, "amount": None}]
    store.close()


def test_moments_before_the_first_record_go_by_the_day_of_report(store):
    changes.record(store, Adjustment(KEY, "increase", Decimal(200_000), basis("2025-01-20")), "张", today=date(2025, 5, 2))
    before, after = datetime(2025, 5, 1, 12), datetime(2025, 5, 3, 12)
    assert row_of(store, 3, known_at=before)["current_budget"] == 1_000_000
    assert row_of(store, 3, known_at=after)["current_budget"] == 1_200_000
