"""The audit: every act and refusal is noted, and no row can be changed, taken out or put in unseen."""

import pytest
from drawn import HEADINGS, QUARTERS, end_of, new_store, pay, paying, sending_of

from data import acting, acts, audit, journal, months
from data.acting import ActError
from data.acts import ANY
from data.database import Store, StoreError, open_store

PLAN = f"""
{HEADINGS},{QUARTERS}
P1,会议费,001,局本级,100,25%,50%,75%,100%
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """A store file in which a few things were done, refused and taken along."""
    where = tmp_path_factory.mktemp("audit") / "monitor.duckdb"
    store = new_store(PLAN, where)
    batch = acts.load(store, sending_of(paying("P1 3 250000")), "张三").batch
    with pytest.raises(ActError):
        acts.certify(store, 99, "张三")
    acts.certify(store, batch, "李四", {ANY: "按实"})
    months.lock(store, end_of(3), "李四")
    audit.note(store, "export", "王五", "滞后清单.xlsx")
    store.close()
    return where


@pytest.fixture
def store(path):
    """That store in use; what a test does to it is undone."""
    opened = Store(path)
    acting.prepare(opened)
    yield opened
    opened.close()


def test_every_act_refusal_and_export_has_one_row_in_its_order(store):
    rows = list(reversed(audit.trail(store)))
    assert [(row["event"], row["person"], row["subject"], row["outcome"]) for row in rows if row["person"] in ("张三", "李四", "王五")] == [
        ("load", "张三", "#2", "done"),
        ("act", "张三", "", "refused"),
        ("certify", "李四", "#2", "done"),
        ("lock", "李四", "2025-03", "done"),
        ("export", "王五", "滞后清单.xlsx", "done"),
    ]
    assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    named = [row["detail"].split()[1:] for row in rows if row["detail"].startswith("act ")]
    assert named == [[str(row["act"]), row["hash"]] for row in store.ask("from acts order by act")]
    assert audit.verify(store) == []


def test_the_audit_is_asked_by_person_event_and_day(store):
    today = journal.now().date()
    assert [row["event"] for row in audit.trail(store, person="李四")] == ["lock", "certify"]
    assert audit.count(store, event="export") == 1
    assert audit.count(store, last=today.replace(year=2000)) == 0 == audit.count(store, first=today.replace(year=today.year + 1))
    assert audit.trail(store, limit=2, offset=1) == audit.trail(store)[1:3]
    assert set(audit.choices(store)["person"]) >= {"张三", "李四", "王五"}


TAMPERED = [
    ("update audit set person = '赵六' where number = 4", {(4, "changed")}),
    ("update audit set recorded_at = recorded_at + interval 1 second where number = 4", {(4, "changed")}),
    ("update audit set detail = '' where number = 4", {(4, "changed")}),
    ("delete from audit where number = 4", {(4, "missing")}),
    ("delete from audit where number = (select max(number) from audit)", {(8, "missing")}),
    ("insert into audit select * from audit where number = 4", {(4, "inserted")}),
]


@pytest.mark.parametrize(("deed", "faults"), TAMPERED)
def test_a_changed_missing_or_inserted_row_is_named(store, deed, faults, monkeypatch):
    with store.transaction(keep=False) as cursor:
        cursor.execute(deed)
        monkeypatch.setattr(store, "cursor", lambda: _given(cursor))
        assert set(audit.verify(store)) == faults


def test_a_row_sealed_anew_is_found_by_its_neighbour_and_the_journal(store, monkeypatch):
    row = audit.trail(store)[3]
    forged = journal.seal({**{name: value for name, value in row.items() if name != "hash"}, "person": "赵六"})
    with store.transaction(keep=False) as cursor:
        cursor.execute("update audit set person = $person, hash = $hash where number = $number", _three(forged))
        monkeypatch.setattr(store, "cursor", lambda: _given(cursor))
        assert (row["number"], "changed") in audit.verify(store)


def test_a_trail_cut_off_at_its_end_is_refused_at_the_next_start(tmp_path):
    where = tmp_path / "cut.duckdb"
    store = new_store(PLAN, where)
    audit.note(store, "export", "王五", "a.xlsx")
    with store.cursor() as cursor:
        cursor.execute("delete from audit where event = 'export'")
    store.close()
    again = Store(where)
    with pytest.raises(StoreError) as raised:
        acting.prepare(again)
    assert (raised.value.code, raised.value.facts) == ("store.journal_audit", {"number": 4})
    again.close()


def test_what_is_noted_within_an_act_that_fails_is_not_there(tmp_path):
    store = new_store(PLAN, tmp_path / "whole.duckdb")
    before = audit.count(store)
    with pytest.raises(ZeroDivisionError), store.transaction() as cursor:
        audit.note(cursor, "export", "王五")
        raise ZeroDivisionError
    assert audit.count(store) == before
    pay(store, "P1 3 1")
    assert audit.count(store) == before + 2
    store.close()


def _given(cursor):
    from contextlib import nullcontext

    return nullcontext(cursor)


def _three(row):
    return {name: row[name] for name in ("person", "hash", "number")}


# On the command line, on its page and taken along


def test_the_command_line_names_the_row_that_was_changed_and_ends_with_one(path, tmp_path, capsys):
    import json
    import shutil

    from pages.terminal import run

    copy = tmp_path / "copy.duckdb"
    shutil.copy(path, copy)
    shutil.copy(path.with_suffix(".journal.jsonl"), copy.with_suffix(".journal.jsonl"))
    assert run(["audit", "--store", str(copy), "--person", "李四", "--json"]) == 0
    assert [row["event"] for row in json.loads(capsys.readouterr().out)] == ["lock", "certify"]
    assert run(["audit", "--store", str(copy), "-o", str(tmp_path / "trail.xlsx")]) == 0
    assert run(["audit", "--store", str(copy), "--verify", "--json"]) == 0
    newest = json.loads(capsys.readouterr().out.split("\n", 1)[1])["rows"]
    opened = open_store(copy)
    assert audit.trail(opened)[0]["subject"] == "trail.xlsx", "taking the trail along is noted in it"
    with opened.transaction() as cursor:
        cursor.execute("delete from audit where number = $newest", {"newest": newest})
    assert run(["audit", "--store", str(copy), "--verify", "--lang", "en"]) == 1
    assert capsys.readouterr().out == f"The trail has 1 faults:\nRow {newest} is missing.\n"
    opened.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_audit_page_shows_what_the_address_asks_for(path, monkeypatch, language):
    from test_pages import fine, seen, visit

    app = visit(monkeypatch, path, "audit", lang=language, person="李四")
    assert fine(app)
    assert "李四" in seen(app) and "王五" not in seen(app)
    app.button(key="audit_verify").click().run()
    assert fine(app) and len(app.success) == 1
    everything = seen(visit(monkeypatch, path, "audit", lang=language, to="2000-01-01", person="<b>"))
    assert "李四" not in everything.replace("<option", "")


def test_an_exported_trail_has_every_row_and_no_formula(store):
    import csv
    import io

    from data.words import Words
    from pages.parts import trail

    rows = [{**row, "subject": "=1+1"} for row in audit.trail(store)]
    lines = list(csv.reader(io.StringIO(trail.trail_csv(rows, Words("zh")).decode("utf-8-sig"))))
    assert len(lines) == len(rows) + 1 and {line[4] for line in lines[1:]} == {"'=1+1"}
    assert {line[8] for line in lines[1:]} == {row["hash"] for row in rows}
