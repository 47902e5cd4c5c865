"""A store of many projects: sound, and no page sends more of it than a person reads; the same figures as row by row."""

import re
from collections import Counter
from dataclasses import asdict
from datetime import date
from decimal import Decimal

import pytest
from test_pages import fine, visit

from data import briefs, doctor, forecasts, glance, indicators, lagging, queries
from data.database import Store, open_store
from data.explaining import CAUSES
from data.words import Words
from pages.parts.brief import brief
from pages.parts.selection import Selection
from tests.bench.made import Size, make

MONTH = date(2025, 10, 31)
SIZE = Size(projects=360, units=70)
PAGES = ("overview", "project", "behind", "indicators", "upload", "ledger", "plans", "compare", "settings")
MOST_BYTES, MOST_MARKS = 260_000, 130


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """The file of a store of 360 projects in 70 units, not open."""
    path = tmp_path_factory.mktemp("large") / "monitor.duckdb"
    store = open_store(path)
    make(store, SIZE)
    store.close()
    return path


@pytest.fixture(scope="module")
def store(large):
    return open_store(large)


def test_a_store_that_is_made_is_sound_and_the_same_each_time(large, tmp_path):
    assert doctor.examine_open(open_store(large)) == []
    again = Store(None)
    make(again, SIZE)
    question = "select sum(hash(project_code, month, amount)) as sum, count(*) as n from actuals"
    assert again.ask(question) == open_store(large).ask(question)
    again.close()


def test_the_glance_says_what_the_rows_say_one_by_one(store):
    rows, earlier = queries.progress(store, MONTH), queries.progress(store, date(2025, 9, 30))
    seen = glance.glance(store, MONTH)
    gaps = sorted((row for row in rows if row["status"] in ("behind", "far_behind")), key=lambda row: row["gap_amount"])
    total, part, count = sum(row["gap_amount"] for row in gaps), Decimal(0), 0
    while part > total * Decimal("0.8"):
        part, count = part + gaps[count]["gap_amount"], count + 1
    assert (seen["lagging"], seen["shortfall"], seen["main"], seen["main_gap"]) == (len(gaps), total, count, part)
    assert seen["first"] == gaps[0]["project_name"]
    now, then = ({row["project_code"] for row in some if row["status"] in ("behind", "far_behind")} for some in (rows, earlier))
    judged = {row["project_code"] for row in rows if row["gap_amount"] is not None}
    assert (seen["new"], seen["recovered"]) == (len(now - then), len((then - now) & judged))
    known = sorted((row for row in rows if row["gap_amount"] is not None), key=lambda row: row["gap_amount"])
    assert [row["gap_amount"] for row in seen["furthest"]] == [row["gap_amount"] for row in known[: glance.BARS]]
    drawn = sum(row["gap_amount"] for row in seen["dots"]) + sum(row["gap_amount"] for row in seen["squares"])
    every = glance.units(store, MONTH, None, 1000)
    assert len(seen["dots"]) == glance.DOTS and len(seen["squares"]) == glance.SQUARES
    assert abs(drawn) <= sum(abs(row["gap_amount"]) for row in rows if row["gap_amount"] is not None)
    silent = {row["unit_code"] for row in rows if not row["reported"]}
    assert seen["silent"] == len(silent) > 0 and len(seen["silent_names"]) == min(len(silent), glance.NAMES)
    assert every[0]["units"] == len(every) - 1 == 70
    few = glance.units(store, MONTH, None, 8)
    assert (
        few[0] == every[0]
        and [row["gap_amount"] for row in few[1:]] == sorted(row["gap_amount"] for row in every[1:] if row["gap_amount"] is not None)[:8]
    )


def test_a_list_page_by_page_is_the_whole_list_with_the_sums_of_all(store):
    rows = lagging.chased(store, MONTH)
    pages = [lagging.listed(store, MONTH, None, (start, 50), **asdict(Selection())) for start in range(0, len(rows) + 50, 50)]
    assert [row for page in pages for row in page["rows"]] == rows
    assert {(page["projects"], page["gap_amount"]) for page in pages} == {(len(rows), sum(row["gap_amount"] for row in rows))}
    assert pages[0]["owing_units"] == len({row["unit_code"] for row in rows}) and len(pages[0]["owing"]) == 3
    found = lagging.listed(store, MONTH, find="公共", causes=CAUSES)
    assert (found["projects"], found["gap_amount"], found["rows"]) == (0, 0, [])


def test_a_list_asked_while_an_act_is_done_says_what_stood_at_one_moment(monkeypatch, store):
    ask, said = store.ask, []

    def asked(question, facts=None, units=None):
        rows = ask(question, facts, units)
        # After the first question another act: its rows come with other gaps.
        if "from chased" in question and not said:
            said.append(len(rows))
            return [{**row, "gap_amount": row["gap_amount"] - 1} for row in rows]
        return rows

    monkeypatch.setattr(store, "ask", asked)
    told = lagging.listed(store, MONTH, None, (0, 20))
    assert said == [20] and told["rows"] == lagging.chased(store, MONTH)[:20]


def test_targets_in_figures_are_those_of_the_rows(store):
    rows, seen = indicators.standings(store, MONTH), indicators.overview(store, MONTH, most=60)
    assert seen["projects"] == len(rows) and len(seen["rows"]) == 60
    assert {name: seen[name] for name in indicators.QUADRANTS} == {
        name: Counter(row["quadrant"] for row in rows)[name] for name in indicators.QUADRANTS
    }
    assert [row["number"] for row in seen["rows"]] == list(range(1, 61))


def test_the_range_of_all_is_the_sum_of_the_ranges(store):
    month = date(2025, 9, 30)
    ranges = forecasts.whole(forecasts.forecast(store, month))
    assert {name: forecasts.points(store, month)[-1][name] for name in forecasts.RANGE} == {name: ranges[name] for name in forecasts.RANGE}


def sent(node) -> int:
    """The bytes of everything that a page sends."""
    own = node.proto.ByteSize() if getattr(node, "proto", None) is not None else 0
    return own + sum(sent(child) for child in getattr(node, "children", {}).values())


@pytest.mark.parametrize("page", PAGES)
def test_no_page_sends_more_than_a_person_reads(monkeypatch, large, page):
    open_store(large).close()
    app = visit(monkeypatch, large, page, as_of="2025-10", lang="zh")
    assert fine(app)
    html = "".join(str(node.proto.body) for node in app.get("html"))
    assert sent(app._tree) < MOST_BYTES
    assert html.count('class="dot') + html.count('class="mark') + html.count('class="bar') <= MOST_MARKS


def test_a_project_is_found_by_its_name_among_many(monkeypatch, large):
    app = visit(monkeypatch, large, "project", as_of="2025-10", lang="zh")
    assert len(app.selectbox(key="project_picked").options) <= 201
    app.text_input(key="project_picked_find").set_value("（357）").run()
    assert fine(app) and any("（357）" in option for option in app.selectbox(key="project_picked").options)
    assert len(app.selectbox(key="project_picked").options) <= 2


def test_the_list_turns_its_pages_and_finds_words(monkeypatch, large):
    app = visit(monkeypatch, large, "behind", as_of="2025-10", lang="zh")
    count = lagging.listed(open_store(large), MONTH)["projects"]
    assert count > 50 and f"{count} 个项目滞后" in "".join(str(node.proto.body) for node in app.get("html"))
    app.number_input(key="behind_page").set_value(2).run()
    assert fine(app)
    app.text_input(key="behind_find").set_value("没有这样的").run()
    assert fine(app) and "没有这样的" in app.query_params["find"]
    assert f"共 {count} 个滞后项目，没有一个符合所选条件" in "".join(str(node.proto.body) for node in app.get("html"))


def test_sentence_list_and_briefing_say_the_same_of_more_projects_than_they_show(monkeypatch, large):
    told = [
        "".join(str(node.proto.body) for node in visit(monkeypatch, large, page, as_of="2025-10", lang="zh").get("html"))
        for page in ("overview", "behind")
    ]
    paper = brief(briefs.facts(open_store(large), MONTH), Words("zh"))
    told.append("\n".join(block.words for block in paper.blocks if block.kind == "note"))
    said = [re.search(r"(\d+) 个项目滞后，共少付 ([\d,.]+) 万元", words).groups() for words in told]
    assert len(set(said)) == 1
    listed = next(block for block in paper.blocks if block.kind == "table" and "滞后项目" in block.heading)
    assert len(listed.rows) == briefs.MOST_LISTED < int(said[0][0]) and listed.whole[5] == f"−{said[0][1]}"
