"""The verdicts as a table: after every act they are what the ledger says, and every question is answered alike."""

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from drawn import HEADINGS, QUARTERS, TODAY, end_of, everything, new_store, pay, paying, progress, sending_of, take_in

from data import acts, changes, derived, deriving, doctor, months, tables
from data.changes import Adjustment, Basis, Revision
from data.database import Store, ask
from data.opening import work_path
from data.staging import consider

UNITS = ("001", "002", "003")
PLAN = "\n".join(
    [f"{HEADINGS},{QUARTERS}"]
    + [f"P{unit}{place},项目{place},{unit},单位{unit},{100 * place},25%,50%,75%,100%" for unit in UNITS for place in (1, 2, 3)]
)
BASIS = Basis("南财预〔2025〕31号", date(2025, 5, 20), "追加")


@pytest.fixture
def large(monkeypatch):
    """Every store is a large one."""
    monkeypatch.setattr(deriving, "SMALL", 0)
    monkeypatch.setattr(deriving, "AT_ONCE", 3)
    monkeypatch.setattr(deriving, "IN_ORDER", 2)


def report(chance, unit, month):
    """A file of a unit and month with other amounts each time, now and then of some of its projects alone."""
    places = (1, 2, 3) if chance.random() < 0.6 else sorted(chance.sample((1, 2, 3), chance.randint(1, 2)))
    return "\n".join(f"P{unit}{place} {month} {chance.randint(0, 60_000_000) / 100:.2f} {unit}" for place in places)


def act_at_random(store, chance, batches):
    """One act of a kind that moves verdicts."""
    unit, month = chance.choice(UNITS), chance.randint(1, 12)
    key = (2025, unit, f"P{unit}1")
    kind = chance.choice(("report", "report", "report", "withdraw", "adjust", "virement", "revise", "reverse", "rules", "plan"))
    if kind == "report":
        batches.append(pay(store, report(chance, unit, month)))
    elif kind == "withdraw" and batches:
        acts.withdraw(store, batches.pop(chance.randrange(len(batches))), "张", "错")
    elif kind == "adjust":
        changes.record(store, Adjustment(key, "increase", Decimal(chance.randint(1, 9)) * 1000, BASIS), "张")
    elif kind == "virement":
        to = (2025, chance.choice([other for other in UNITS if other != unit]), "")
        changes.record(store, Adjustment(key, "virement", Decimal(100), BASIS, (*to[:2], f"P{to[1]}2")), "张")
    elif kind == "revise":
        changes.record(store, Revision(key, ((chance.randint(1, 11), Decimal("0.4")), (12, Decimal(1))), BASIS), "张")
    elif kind == "reverse":
        done = store.ask("select act from adjustments union select act from revisions except select reversed from reversals")
        if done:
            changes.reverse(store, chance.choice(sorted(row["act"] for row in done)), "张", "误")
    elif kind == "rules":
        months.set_rules(store, {"behind": Decimal(chance.randint(30, 70)) / 100}, "张", "试")
    elif kind == "plan":
        take_in(store, PLAN.replace(",200,", f",{chance.randint(150, 250)},"))


@pytest.mark.parametrize("seed", range(2))
def test_after_any_acts_the_table_is_what_the_ledger_says(large, seed):
    chance = random.Random(seed)
    store, batches = new_store(PLAN), []
    for _ in range(6):
        act_at_random(store, chance, batches)
        with store.cursor() as cursor:
            assert derived.is_kept(cursor) and deriving.differing(cursor) == 0
    with store.cursor() as cursor:
        for name in derived.ANSWERS:
            said = sorted(map(repr, ask(cursor, f"from {name}(null)")))
            assert said == sorted(map(repr, store.ask(f"from {name}(null)"))) and said


def test_a_small_store_has_no_table_and_says_the_same(monkeypatch):
    chance = random.Random(7)
    lines = [report(chance, unit, month) for unit in UNITS for month in (3, 4)]
    said = []
    for small in (2_000, 0):
        monkeypatch.setattr(deriving, "SMALL", small)
        store = new_store(PLAN)
        for text in lines:
            pay(store, text)
        with store.cursor() as cursor:
            assert derived.is_kept(cursor) == (small == 0)
        said.append(everything(store))
    assert said[0] == said[1]


def test_a_store_of_an_older_version_loses_the_columns_that_are_reckoned_now_and_says_the_same(large, tmp_path):
    store = new_store(PLAN, tmp_path / "monitor.duckdb")
    pay(store, report(random.Random(1), "002", 3))
    said = everything(store)
    with store.transaction() as cursor:
        cursor.execute("alter table verdicts add column gap_share decimal(35, 4)")
        cursor.execute("update verdicts set gap_share = 7; update versions set version = 2")
    store.close()
    store = Store(store.path)
    columns = {row["column_name"] for row in store.ask("select column_name from (describe verdicts)")}
    assert "gap_amount" in columns and "gap_share" not in columns and everything(store) == said
    assert store.ask("select max(version) as version from versions") == [{"version": tables.SCHEMA}]
    assert len(list(work_path(store.path).glob(f"before-{tables.SCHEMA}-*.duckdb"))) == 1
    with store.cursor() as cursor:
        assert derived.is_kept(cursor) and deriving.differing(cursor) == 0


@pytest.mark.file_store("what its own tables say is written over by hand")
def test_only_what_an_act_has_touched_is_made_anew(large):
    store = new_store(PLAN)

    def anew(act) -> list[str]:
        with store.transaction() as cursor:
            cursor.execute("update verdicts set missing = -1")
        act()
        return [row["code"] for row in store.ask("select distinct project_code as code from verdicts where missing >= 0 order by all")]

    assert anew(lambda: pay(store, "P0021 3 10 002")) == ["P0021"]
    # What the newer file no longer reports is touched as well.
    assert anew(lambda: pay(store, "P0022 3 20 002")) == ["P0021", "P0022"]
    assert anew(lambda: pay(store, "P0023 4 30 002")) == ["P0023"]
    change = Adjustment((2025, "003", "P0031"), "virement", Decimal(100), BASIS, (2025, "001", "P0011"))
    assert anew(lambda: changes.record(store, change, "张")) == ["P0011", "P0031"]
    assert anew(lambda: take_in(store, PLAN.split("\nP002")[0].replace(",200,", ",210,"))) == ["P0011", "P0012", "P0013"]


# One each: plain, a part, a second time, without its unit, in a locked month, of an unknown code, of all months so far.
SENT = (
    "001,P0011,2025-05,10,当月\n001,P0012,2025-05,20,当月\n001,P0013,2025-05,30,当月",
    "001,P0012,2025-05,700000,当月",
    "002,P0021,2025-03,12.34,当月\n002,P0022,2025-03,-5,当月",
    ",P0031,2025-06,10,当月",
    "001,P0011,2025-01,10,当月",
    "002,P0012,2025-05,10,当月",
    "001,P001l,2025-05,10,当月\n001,P0012,2025-05,10,当月",
    "001,P0011,2025-06,123456,累计\n003,P0031,2025-02,99,当月",
)


def test_a_large_store_says_of_a_file_what_a_small_one_says(monkeypatch):
    said = []
    for small, few in ((2_000, 500), (0, 500), (0, 0)):
        monkeypatch.setattr(deriving, "SMALL", small)
        monkeypatch.setattr(derived, "FEW_PROJECTS", few)
        store, chance = new_store(PLAN), random.Random(3)
        for unit, month in product(UNITS[:2], (1, 3, 4)):
            pay(store, "\n".join(f"P{unit}{place} {month} {chance.randint(1, 20_000_000) / 100:.2f} {unit}" for place in (1, 2, 3)))
        # Another unit has reported a later month.
        pay(store, "P0031 7 10 003")
        months.lock(store, end_of(1), "张", None, TODAY)
        with store.cursor() as cursor:
            assert derived.is_kept(cursor) == (small == 0)
        files = [sending_of(f"单位编码,项目编码,月份,支出金额,口径\n{text}") for text in SENT]
        considered = [consider(store, replace(file, absent_is_zero=is_zero)) for file in files for is_zero in (False, True)]
        for told in considered:
            for problem in told.problems:
                # When it was locked.
                problem.facts.pop("moment", None)
        said.append(considered)
    for one, other, third in zip(*said, strict=True):
        assert one == other == third and (one.problems or one.changes)


def test_a_store_that_has_grown_gets_its_table_and_a_refused_act_leaves_it(large, monkeypatch):
    monkeypatch.setattr(deriving, "SMALL", 9)
    store = new_store(PLAN)
    with store.cursor() as cursor:
        assert not derived.is_kept(cursor)
    take_in(store, PLAN + "\nP0014,项目4,001,单位001,10,25%,50%,75%,100%")
    with store.cursor() as cursor:
        assert derived.is_kept(cursor) and deriving.differing(cursor) == 0
    batch = acts.load(store, sending_of(paying("P0011 3 10 001")), "test").batch
    before = store.ask("from verdicts order by all")
    with pytest.raises(acts.ActError):
        acts.certify(store, batch, "test")
    assert store.ask("from verdicts order by all") == before


def test_the_doctor_sees_a_table_that_says_something_else(large, tmp_path):
    store = new_store(PLAN, tmp_path / "m.duckdb")
    assert doctor.examine_open(store) == []
    with store.transaction() as cursor:
        cursor.execute("update verdicts set spent = 1, reported = true where project_code = 'P0011' and month = 3")
    assert [(fault.code, fault.facts) for fault in doctor.examine_open(store)] == [("doctor.derived", {"number": 2})]
    with store.transaction() as cursor:
        deriving.make(cursor)
    assert doctor.examine_open(store) == []
    store.close()


def test_a_large_store_opened_again_answers_from_its_table(large, tmp_path):
    store = new_store(PLAN, tmp_path / "m.duckdb")
    pay(store, report(random.Random(2), "001", 3))
    before = progress(store, 3)
    store.close()
    store = Store(tmp_path / "m.duckdb")
    assert progress(store, 3) == before and store.ask("select count(*) as n from verdicts")[0]["n"] == 9 * 12
    assert len({row["unit_code"] for row in store.ask("from progress_on($a, null)", {"a": end_of(3)}, frozenset({"002"}))}) == 1
    store.close()
