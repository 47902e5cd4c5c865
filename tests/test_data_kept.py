"""What is kept of the present answers every question just as the ledger does, and follows every change."""

import re
from datetime import datetime

import duckdb
import pytest
from drawn import end_of

from data import acts
from data.database import Store, ask
from data.kept import KEPT, Kept, needed
from data.macros import names, parameters, text_of, texts


def test_whatever_a_question_rests_on_is_found():
    assert needed("select 1") == ()
    assert needed("from rules_on(null)") == ("rules_on",)
    assert set(needed("from months_on(null)")) == {"batches_on", "plans_on", "official_on", "paid_on", "months_on"}
    assert needed("from forecast_on($as_of, $known_at, [12]) join summary_on($as_of, $known_at)") == KEPT


def test_no_view_asks_another_as_known_at_a_moment_of_its_own():
    called = re.compile(rf"(?<!macro )\b(?:{'|'.join(KEPT)})\(([^()]*)\)")
    moments = [asked.split(",")[-1].strip() for text in texts() for asked in called.findall(text)]
    assert set(moments) == {"known_at", "null"} and len(moments) > 30
    assert all(parameters(name) == "known_at" for name in KEPT)


@pytest.fixture(scope="module")
def store(sampled_store) -> Store:
    return sampled_store


def is_asked_like(name):
    """Whether a macro is a table of a month's end and a moment, or of a moment alone."""
    return parameters(name) in ("as_of, known_at", "known_at") and f"macro {name}({parameters(name)}) as table" in text_of(name)


VIEWS = sorted(name for name in names() if is_asked_like(name))


def every_answer(store, kept: bool):
    """The rows of every view as it stands now, in no order."""
    found = {}
    for name in VIEWS:
        question = f"from {name}({'$as_of, ' if 'as_of' in parameters(name) else ''}null)"
        facts = {"as_of": end_of(9)} if "as_of" in parameters(name) else None
        if kept:
            rows = store.ask(question, facts)
        else:
            with store.cursor() as cursor:
                rows = ask(cursor, question, facts)
        found[name] = sorted(map(repr, rows))
    return found


def test_every_view_says_the_same_kept_or_not_and_after_every_change(store):
    assert len(VIEWS) > 25
    assert every_answer(store, True) == every_answer(store, False)
    before = store.ask("from progress_on($as_of, null) order by project_code", {"as_of": end_of(9)})
    batch = store.ask("select max(batch) as batch from official_on(null) where month = 9")[0]["batch"]
    acts.withdraw(store, batch, "张", "错")
    assert every_answer(store, True) == every_answer(store, False)
    assert store.ask("from progress_on($as_of, null) order by project_code", {"as_of": end_of(9)}) != before


def test_a_moment_of_knowledge_is_asked_of_the_ledger(store):
    facts = {"as_of": end_of(9), "known_at": datetime(2025, 4, 30)}
    question = "select sum(spent) as spent, count(*) as n from progress_on($as_of, $known_at)"
    with store.cursor() as cursor:
        assert store.ask(question, facts) == ask(cursor, question, facts)


def test_a_change_without_an_act_is_seen(store):
    before = store.ask("from rules_on(null)")
    with store.transaction() as cursor:
        cursor.execute("insert into rules by name select 99 as version, 'behind' as name, 0.5 as value")
    with store.cursor() as cursor:
        assert before != store.ask("from rules_on(null)") == ask(cursor, "from rules_on(null)")


def test_whoever_sees_some_units_alone_has_theirs_kept_as_well(store, monkeypatch):
    unit = store.ask("select min(unit_code) as unit from plans_on(null)")[0]["unit"]
    made = []
    keep = Kept._keep
    monkeypatch.setattr(Kept, "_keep", lambda self, name: made.append(name) or keep(self, name))
    for month in (3, 4, 5):
        store.ask("from progress_on($as_of, null)", {"as_of": end_of(month)}, frozenset({unit}))
    assert made and sorted(made) == sorted(set(made))


def test_what_is_kept_is_never_taken_for_another_moment(store):
    with pytest.raises(duckdb.Error, match="moment"):
        store.ask("from paid_on($known_at)", {"known_at": "2025-04-30"})
