"""Every page, act and route as every role gives just what the written table says; a person limited to units sees no other."""

import csv
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data import (
    accounts,
    acting,
    acts,
    changes,
    explaining,
    form_words,
    indicators,
    ledger,
    months,
    notices,
    planned,
    profiles,
    queries,
    results,
)
from data.acting import ActError
from data.arrivals import Sending
from data.database import Store, open_store
from data.rights import Visitor
from data.sight import Sight
from loaders.files import read_file

HERE = Path(__file__).resolve().parent.parent
ROLES = ("viewer", "staff", "finance", "certifier", "admin", "system", "security", "audit")
MONTH = date(2025, 9, 30)
LATER = date(2031, 1, 1)
UNIT, OTHER = "323003", "323005"


def written() -> dict[str, set[str]]:
    """The table as it is written, read without the product."""
    with (HERE / "data/rights.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return {row[0]: {role for role, mark in zip(rows[0][1:], row[1:], strict=True) if mark == "x"} for row in rows[1:]}


TABLE = written()
ACTS = [right.removeprefix("act.") for right in TABLE if right.startswith("act.")]


@pytest.fixture(scope="module")
def store(sampled) -> Store:
    """The sample months, a waiting batch, an adjustment and a notice: something for every act to be done to."""
    opened = open_store(sampled)
    acting.prepare(opened)
    project = queries.progress(opened, MONTH)[0]
    key = (2025, project["unit_code"], project["project_code"])
    basis = changes.Basis("财预〔2025〕1号", date(2025, 9, 1), "test")
    changes.record(opened, changes.Adjustment(key, "increase", Decimal(100), basis), "someone")
    notices.issue(opened, MONTH, OTHER, {"level": "remind", "deadline": LATER}, "someone")
    acts.load(opened, sending("150.00"), "someone")
    return opened


def sending(amount: str) -> Sending:
    """One row for a month after the samples."""
    content = f"项目编码,月份,支出金额\n13020225P00784810001J,2025-10,{amount}\n".encode()
    return Sending("october.csv", content, read_file(content), date(2025, 11, 5))


def seen_as(store: Store, role: str, right: str = "page.overview", units: frozenset[str] | None = None) -> Sight:
    """The store as somebody of that role sees it."""
    return Sight(store, lambda: Visitor("somebody", role, units), right)


def waiting(store: Store) -> int:
    return store.ask("select batch from batches_on(null) where state = 'checked'")[0]["batch"]


def adjusted(store: Store) -> int:
    return store.ask("select max(act) as act from adjustments")[0]["act"]


def indicator(store: Store) -> dict:
    return next(row for row in results.results(store, MONTH) if row["comparator"] is not None)


def said(store: Store) -> explaining.Explanation:
    row = queries.behind(store, MONTH)[0]
    return explaining.Explanation(row["unit_code"], row["project_code"], "funding", "资金未到位")


def key_of(store: Store) -> tuple[int, str, str]:
    row = queries.progress(store, MONTH)[0]
    return (2025, row["unit_code"], row["project_code"])


BASIS = changes.Basis("财预〔2025〕2号", date(2025, 9, 1), "test")
# Each act as it is really done, valid but for the right to it; `whole` tells what to do it to.
DONE: dict[str, Callable[[Store, Store], object]] = {
    "load": lambda seen, whole: acts.load(seen, sending("151.00"), "other"),
    "recheck": lambda seen, whole: acts.recheck(seen, waiting(whole), sending("150.00"), "other"),
    "answer": lambda seen, whole: acts.answer(seen, waiting(whole), answers(whole), "other"),
    "certify": lambda seen, whole: acts.certify(seen, waiting(whole), "other", {acts.ANY: "test"}),
    "withdraw": lambda seen, whole: acts.withdraw(seen, waiting(whole), "other", "test"),
    "lock": lambda seen, whole: months.lock(seen, MONTH, "other"),
    "reopen": lambda seen, whole: months.reopen(seen, date(2025, 8, 31), "other", "test"),
    "adjust": lambda seen, whole: changes.record(seen, changes.Adjustment(key_of(whole), "increase", Decimal(200), BASIS), "other"),
    "revise": lambda seen, whole: changes.record(seen, changes.Revision(key_of(whole), ((12, Decimal(1)),), BASIS), "other"),
    "reverse": lambda seen, whole: changes.reverse(seen, adjusted(whole), "other", "test"),
    "explain": lambda seen, whole: explaining.explain(seen, MONTH, [said(whole)], "other"),
    "results": lambda seen, whole: results.record(seen, MONTH, [reached(whole)], "other"),
    "notice": lambda seen, whole: notices.issue(seen, MONTH, OTHER, {"level": "talk", "deadline": LATER}, "other"),
    "lower": lambda seen, whole: indicators.lower(seen, MONTH, lowered(whole), "other"),
    "profile": lambda seen, whole: profiles.record(seen, profiles.Profile(key_of(whole), "even"), "other", "test"),
    "reply": lambda seen, whole: notices.answer(seen, 2025, 1, "已整改", "other"),
    "fill": lambda seen, whole: form_words.record(seen, MONTH, [form_words.Word("department", OTHER, None, "人社局")], "other"),
    "layout": lambda seen, whole: form_words.set_layout(seen, "ours.csv", "form,part", "other"),
    "rules": lambda seen, whole: months.set_rules(seen, {"gate": Decimal(1)}, "other", "test"),
}


def answers(store: Store) -> list[dict]:
    found = next(row for row in queries.findings(store, waiting(store)) if row["level"] == "confirm")
    return [{"finding": found["finding"], "reason_code": "other", "reason": "test"}]


def lowered(store: Store) -> indicators.Lowering:
    row = next(row for row in indicators.judged(store, MONTH) if row["status"] in indicators.ORDER[:-1])
    return indicators.Lowering(*indicators.key_of(row), indicators.ORDER[-1], "test")


def reached(store: Store) -> results.Result:
    row = indicator(store)
    return results.Result(row["unit_code"], row["project_code"], row["position"], reached=Decimal(1))


def count(store: Store) -> int:
    return store.ask("select count(*) as n from acts")[0]["n"]


def test_the_table_speaks_of_every_act_that_the_sources_record():
    recorded = set()
    for path in (HERE / "data").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        recorded |= set(re.findall(r'\b(?:record|note|sealed)\(\s*"(\w+)", (?:None|batch)', text))
        recorded |= set(re.findall(r'else "(\w+)", None', text)) | set(re.findall(r'"(\w+)" if isinstance', text))
    assert recorded == set(ACTS) == set(DONE)


@pytest.mark.parametrize("verb", ACTS)
def test_an_act_without_the_right_to_it_is_refused_and_leaves_nothing(store, verb):
    if verb == "reopen" and not store.ask("from locks_on(null)"):
        months.lock(store, date(2025, 8, 31), "someone")
    before = count(store)
    for role in ROLES:
        if role not in TABLE[f"act.{verb}"]:
            with pytest.raises(ActError) as refused:
                DONE[verb](seen_as(store, role), store)
            # Who sees no page is refused before the act.
            assert refused.value.code == "act.no_right"
            assert refused.value.facts["right"] in (f"act.{verb}", "page.overview")
    assert count(store) == before


class UndoneError(Exception):
    """Ends an act's transaction, which takes it back."""


@pytest.mark.parametrize("verb", ACTS)
def test_an_act_with_the_right_to_it_is_recorded_under_the_name_of_who_is_signed_in(store, verb):
    before = count(store)
    for role in TABLE[f"act.{verb}"]:
        with pytest.raises(UndoneError), acting.acting(seen_as(store, role), "a name that was typed") as (_, record):
            assert record(verb, None, {})["recorded_by"] == "somebody"
            raise UndoneError
    assert count(store) == before


def test_a_role_taken_away_or_a_session_ended_holds_from_the_next_act_and_question_on(store):
    now: list[Visitor | None] = [Visitor("somebody", "admin")]
    seen = Sight(store, lambda: now[0], "page.settings")
    assert queries.rules(seen)
    now[0] = Visitor("somebody", "viewer")
    with pytest.raises(ActError, match="act.no_right"):
        months.set_rules(seen, {"gate": Decimal(2)}, "somebody", "test")
    now[0] = None
    with pytest.raises(ActError, match="act.signed_out"):
        queries.rules(seen)


def show_as(name: str, role: str, units: list[str]) -> None:
    """One page without its frame, as somebody of a role sees it."""
    from importlib import import_module

    import streamlit as st

    from data.acting import ActError
    from data.rights import Visitor
    from data.sight import Sight
    from data.words import Words
    from pages import visit as visits
    from pages.opened import open_seeded

    who = Visitor("somebody", role, frozenset(units) or None)
    store, say = Sight(open_seeded(), lambda: who, f"page.{name}"), Words("zh")
    try:
        import_module(f"pages.{name}").show(visits.Visit(store, say, visits.as_of(store), visits.known_at(), who))
    except ActError as error:
        st.error(say(error.code, **error.facts))


def page_as(monkeypatch, store: Store, name: str, role: str, units: tuple[str, ...] = (), **address: str) -> AppTest:
    monkeypatch.setenv("BUDGET_STORE", str(store.path))
    monkeypatch.setenv("STREAMLIT_CLIENT_SHOW_ERROR_DETAILS", "full")
    app = AppTest.from_function(show_as, default_timeout=60, kwargs={"name": name, "role": role, "units": list(units)})
    for key, value in {"as_of": "2025-09", "lang": "zh", **address}.items():
        app.query_params[key] = value
    return app.run()


PAGES = [right.removeprefix("page.") for right in TABLE if right.startswith("page.")]


def test_the_table_speaks_of_every_page():
    frame = (HERE / "pages/frame.py").read_text(encoding="utf-8")
    assert set(PAGES) == set(re.findall(r'"(\w+)": \1\.show', frame))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_refuses_by_itself_whoever_has_no_right_to_it(monkeypatch, store, name):
    for role in ROLES:
        if role not in TABLE[f"page.{name}"]:
            app = page_as(monkeypatch, store, name, role)
            assert not app.exception
            assert "没有这项权限" in app.error[0].value
            assert not app.get("html")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_shown_to_the_least_of_those_with_the_right_to_it(monkeypatch, store, name):
    role = next(role for role in ROLES if role in TABLE[f"page.{name}"])
    app = page_as(monkeypatch, store, name, role)
    assert not app.exception and not app.error
    offered = {button.key for button in app.button}
    needed = {"load_samples": "act.load", "remove_samples": "act.withdraw", "lock_month": "act.lock"}
    assert not [key for key, right in needed.items() if key in offered and role not in TABLE[right]]


@pytest.fixture(scope="module")
def foreign(store) -> set[str]:
    """What only another unit has: codes and names of its projects and its own name."""
    rows = queries.progress(store, MONTH)
    own = {row[name] for row in rows if row["unit_code"] == UNIT for name in ("project_code", "project_name", "unit_name")}
    others = {row[name] for row in rows if row["unit_code"] != UNIT for name in ("project_code", "project_name", "unit_name", "unit_code")}
    return others - own


@pytest.mark.parametrize("name", [name for name in PAGES if name not in ("accounts", "audit")])
def test_no_page_shows_another_units_projects(monkeypatch, store, foreign, name):
    app = page_as(monkeypatch, store, name, "admin", (UNIT,))
    assert not app.exception and not app.error
    shown = "\n".join(str(node.proto.body) for node in app.get("html")) + repr([(box.key, box.options) for box in app.selectbox])
    assert [text for text in foreign if text in shown] == []
    assert "以下数字只包括" in shown


def test_the_address_leads_to_no_foreign_project_or_batch(monkeypatch, store, foreign):
    other = next(row for row in queries.progress(store, MONTH) if row["unit_code"] == OTHER)
    app = page_as(monkeypatch, store, "project", "admin", (UNIT,), unit=OTHER, project=other["project_code"])
    assert app.warning[0].value == "没有这个项目；请从列表中选择。"
    app = page_as(monkeypatch, store, "ledger", "admin", (UNIT,), batch=str(waiting(store)))
    assert "没有" in app.error[0].value


def test_the_figures_of_the_whole_are_those_of_the_persons_units(store):
    seen = seen_as(store, "viewer", units=frozenset([UNIT]))
    rows = [row for row in queries.progress(store, MONTH) if row["unit_code"] == UNIT]
    whole = queries.summary(seen, MONTH)[0]
    assert whole["projects"] == len(rows)
    assert whole["budget"] == sum(row["current_budget"] for row in rows)
    assert whole["spent"] == sum(row["spent"] for row in rows)
    assert {row["unit_code"] for row in queries.progress(seen, MONTH)} == {UNIT}
    # The same question of the whole store is not answered from the same memory.
    assert queries.summary(store, MONTH)[0]["projects"] > len(rows)


def test_a_batch_of_several_units_shows_of_itself_only_their_rows(store):
    seen = seen_as(store, "viewer", units=frozenset([UNIT]))
    batch = queries.batches(seen)[-2]
    assert batch["units"] == [UNIT]
    assert (batch["total"], batch["sha256"], batch["file_name"], batch["declared"]) == (None, None, "—", None)
    assert {row["unit_code"] for row in ledger.rows_of(seen, batch["batch"])} == {UNIT}
    assert planned.documents(seen)[0]["sha256"] is None


@pytest.mark.parametrize(
    ("deed", "code"),
    [
        (lambda seen, whole: months.lock(seen, MONTH, "x"), "act.not_your_unit"),
        (lambda seen, whole: acts.load(seen, sending("9.00"), "x"), None),
        (lambda seen, whole: acts.withdraw(seen, 2, "x", "test"), "act.not_your_unit"),
        (lambda seen, whole: acts.withdraw(seen, waiting(whole), "x", "test"), "act.unknown"),
        (lambda seen, whole: months.set_rules(seen, {"gate": Decimal(3)}, "x", "test"), "act.not_your_unit"),
        (lambda seen, whole: explaining.explain(seen, MONTH, [said(whole)], "x"), "act.no_project"),
        (lambda seen, whole: notices.issue(seen, MONTH, OTHER, {"level": "talk", "deadline": LATER}, "x"), "act.notice_none"),
    ],
)
def test_an_act_beyond_ones_units_leaves_nothing(store, deed, code):
    before = count(store)
    seen = seen_as(store, "admin", units=frozenset([UNIT]))
    if code is None:
        assert deed(seen, store).considered.fatal
    else:
        with pytest.raises(ActError, match=code):
            deed(seen, store)
    assert count(store) == before


def test_an_act_within_ones_units_is_done_and_keeps_the_chain(store):
    seen = seen_as(store, "certifier", units=frozenset([UNIT]))
    assert months.lock(seen, date(2025, 3, 31), "x", UNIT)
    last = store.ask("from acts order by act desc limit 2")
    assert last[0]["previous"] == last[1]["hash"] and last[0]["person"] == "somebody"
    assert months.reopen(seen, date(2025, 3, 31), "x", "test", UNIT)


ACCOUNT_DEEDS: dict[str, Callable[[Store], object]] = {
    "list": accounts.people,
    "add": lambda seen: accounts.add(seen, "new", "", [], None, "x"),
    "disable": lambda seen: accounts.disable(seen, "known", "x"),
    "password": lambda seen: accounts.set_password(seen, "known", "x"),
    "signout": lambda seen: accounts.sign_out_everywhere(seen, "known", "x"),
    "role": lambda seen: accounts.set_role(seen, "known", "staff", [], "x"),
}


@pytest.mark.parametrize("deed", ACCOUNT_DEEDS)
def test_accounts_are_looked_after_by_those_of_the_table_alone(tmp_path, deed):
    own = open_store(tmp_path / "own.duckdb")
    accounts.add(own, "known", "staff", [], None, "x")
    for role in ROLES:
        seen = seen_as(own, role, "page.accounts")
        if role not in TABLE[f"accounts.{deed}"]:
            with pytest.raises(ActError, match="act.no_right"):
                ACCOUNT_DEEDS[deed](seen)
        elif deed != "add" or len(accounts.people(own)) == 1:
            ACCOUNT_DEEDS[deed](seen)
            assert deed != "add" or own.ask("select recorded_by from accounts where person = 'new'")[0]["recorded_by"] == "somebody"
