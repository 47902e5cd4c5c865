"""What is answered from memory is what the store says, after whatever has been done to it."""

import re
import threading
from datetime import date
from decimal import Decimal

import duckdb
import pytest
from drawn import HEADINGS, QUARTERS, end_of, paying, sending_of, side_by_side
from test_data_kept import every_answer

from data import acts, changes, explaining, months, notices, queries
from data.changes import Adjustment, Basis
from data.explaining import Explanation
from data.kept import KEPT
from data.macros import made_by, text_of, texts
from data.remembered import MOST_VALUES, Remembered
from data.resting import rests_on, tables_beneath, tables_in, views_in
from data.tables import columns

ANOTHER_PLAN = f"""
{HEADINGS},{QUARTERS}
P9,新项目,001,局本级,40,25%,50%,75%,100%
"""


@pytest.fixture
def store():
    return side_by_side("3 300000 001, 4 100 001", "3 100000 001, 4 0 001")


def waiting(store, text):
    """A file that waits to be certified."""
    return acts.load(store, sending_of(text), "张").batch


def quiet(store):
    """What is done to a store without changing a figure of it."""
    yield lambda: waiting(store, paying("P1 5 1000 001\nP2 5 9000 001"))
    yield lambda: waiting(store, ANOTHER_PLAN)
    yield lambda: explaining.explain(store, end_of(4), [Explanation("001", "P1", "funding", "未到账", "催办")], "李")
    yield lambda: notices.issue(store, end_of(4), "001", {"deadline": date(2027, 1, 1), "level": "remind"}, "李")


def telling(store):
    """What is done to a store and changes figures."""
    yield lambda: acts.certify(store, waiting(store, paying("P1 6 2000 001\nP2 6 1 001")), "王", {acts.ANY: "核实"})
    yield lambda: months.lock(store, end_of(3), "王")
    cut = Adjustment((2025, "001", "P2"), "cut", Decimal(1000), Basis("文1", end_of(2), "减"))
    yield lambda: changes.record(store, cut, "王")
    yield lambda: acts.withdraw(store, store.ask("select max(batch) as batch from official_on(null)")[0]["batch"], "王", "错")


def test_whatever_happens_memory_says_what_the_store_says(store):
    assert every_answer(store, True) == every_answer(store, False)
    for together in (quiet(store), telling(store)):
        for happen in together:
            happen()
        assert every_answer(store, True) == every_answer(store, False)


def test_what_changes_no_figure_leaves_the_answers_there(store, monkeypatch):
    asked = []
    find = store._asked
    monkeypatch.setattr(store, "_asked", lambda question, *rest: asked.append(question) or find(question, *rest))

    def ask_all():
        asked.clear()
        answers = [queries.progress(store, end_of(4)), queries.curve(store, 2025), queries.batches(store)]
        return answers, len(asked)

    assert ask_all()[1] == 3
    for happen in quiet(store):
        happen()
        # Only the list of batches has to be asked again.
        assert ask_all()[1] == 1
        assert ask_all()[1] == 0
    before = ask_all()[0]
    for happen in telling(store):
        happen()
    after, times = ask_all()
    assert times == 3 and after != before


def test_what_a_text_names_is_what_the_database_reads_in_it():
    with duckdb.connect() as cursor:
        for text in texts():
            for body in re.findall(r"as table\s(.*?)(?=;\s*(?:--[^\n]*\s*)*create|\Z)", text, re.DOTALL):
                tree = cursor.execute("select json_serialize_sql($body)", {"body": body.rstrip().rstrip(";")}).fetchone()[0]
                assert '"error":false' in tree
                assert frozenset(re.findall(r'"table_name":"(\w+)"', tree)) & columns().keys() == tables_in(body)


def test_each_view_that_is_kept_stands_in_a_file_of_its_own():
    assert all(len(made_by(text_of(name)) & set(KEPT)) == 1 for name in KEPT)


def test_what_an_answer_rests_on():
    assert tables_beneath("from progress_on($as_of, null)") == ("adjustments", "reversals", "revisions", "rules", "versions")
    assert tables_beneath("from explained_on($as_of, null)") == ("explanations",)
    assert rests_on("from paid_on(null)") > {"paid_on", "official_on", "batches_on", "known_on"}
    for changing in ("from batches_on(null)", "from official_on(null) join batches using (batch)", "from notices", "select 1"):
        assert tables_beneath(changing) is None
    assert views_in("select last_day(day) from paid_on(null)") == {"paid_on"}


def test_what_several_ask_at_once_is_looked_for_once():
    remembered, begun, go = Remembered(), threading.Event(), threading.Event()
    found, calls = [], []

    def find():
        calls.append(1)
        begun.set()
        go.wait()
        return [{"n": 1}]

    crowd = [threading.Thread(target=lambda: found.append(remembered.answer("q", 1, find))) for _ in range(5)]
    for one in crowd:
        one.start()
    begun.wait()
    go.set()
    for one in crowd:
        one.join()
    assert len(calls) == 1 and found == [[{"n": 1}]] * 5
    assert remembered.answer("q", 2, lambda: [{"n": 2}]) == [{"n": 2}]


def test_who_waits_for_somebody_who_fails_asks_by_himself():
    remembered, begun, go, found = Remembered(), threading.Event(), threading.Event(), []

    def fail():
        begun.set()
        go.wait()
        raise InterruptedError

    def first():
        with pytest.raises(InterruptedError):
            remembered.answer("q", 1, fail)

    crowd = [threading.Thread(target=first)]
    crowd[0].start()
    begun.wait()
    crowd += [threading.Thread(target=lambda: found.append(remembered.answer("q", 1, lambda: [{"n": 1}])))]
    crowd[1].start()
    go.set()
    for one in crowd:
        one.join()
    assert found == [[{"n": 1}]]


def test_those_asked_longest_ago_make_room():
    remembered, large = Remembered(), [{"list": [0] * (MOST_VALUES // 3)}]
    for key in range(3):
        remembered.answer(key, 1, lambda: large)
        remembered.answer(0, 1, lambda: large)
    calls = []
    for key in (0, 2, 1):
        remembered.answer(key, 1, lambda key=key: calls.append(key) or large)
    assert calls == [1]
