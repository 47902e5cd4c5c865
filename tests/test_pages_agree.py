"""The sentence, the bars, the map, the list and the briefing give the same figures for the same projects."""

import io
import re
from datetime import date
from decimal import Decimal
from html import unescape

import docx
import pytest
from drawn import HEADINGS, QUARTERS, new_store, pay
from test_pages import fine, seen, visit

from data import acting, briefs
from data.database import open_store
from data.words import Words
from pages.parts import figures
from pages.parts.brief import brief_docx

ZH = Words("zh")
MONTHS = ("2025-03", "2025-06", "2025-07", "2025-09")


def amount(words):
    """What a written amount of 万元 says, in yuan."""
    return Decimal(words.replace("−", "-").replace("+", "").replace(",", "")) * figures.WAN


def bars(page):
    """Name and gap of the lagging projects among the ranked bars."""
    rows = re.findall(r'<div class="row"><div class="name" title="([^"]*)">.*?<div class="gap">([^<]*)</div>.*?class="status (\w+)"', page)
    return [(unescape(name), amount(gap)) for name, gap, status in rows if status in ("behind", "far_behind")]


def mapped(page):
    """Name and gap of the lagging projects on the map, the furthest behind first, as its circles tell them."""
    dots = re.findall(r'<a class="dot (?:behind|far_behind) lags"[^>]* title="([^"]*)"', page)
    told = [re.match(r"(.*)：[^：]*，差额 ([−\d,.]+) 万元", unescape(words)) for words in dots]
    return sorted(((one[1], amount(one[2])) for one in told), key=lambda one: one[1])


def listed(page):
    """Name and gap of the projects on the list, and its sum, from its table."""
    column = re.escape(ZH("column.gap_amount"))
    lines = re.findall(r"<tr[^>]*>(.*?)</tr>", page.split("<tbody>", 1)[1].split("</tbody>")[0], re.S)
    told = [(re.search(r"<td[^>]*>(.*?)</td>", line, re.S)[1], re.search(rf'data-label="{column}">([^<]*)<', line)[1]) for line in lines]
    named = [(unescape(re.sub(r"<[^>]+>", "", name)), amount(gap)) for name, gap in told]
    return named[:-1], named[-1][1]


def briefed(facts):
    """Name and gap of the lagging projects in the Word briefing, their sum, and its paragraphs."""
    document = docx.Document(io.BytesIO(brief_docx(facts, ZH)))
    gap = ZH("column.gap_amount")
    table = next(table for table in document.tables if table.rows[0].cells[0].text == ZH("column.project_name"))
    place = [cell.text for cell in table.rows[0].cells].index(gap)
    named = [(row.cells[0].text, amount(row.cells[place].text)) for row in table.rows[1:]]
    return named[:-1], named[-1][1], [paragraph.text for paragraph in document.paragraphs]


@pytest.mark.parametrize("month", MONTHS)
def test_sentence_bars_map_list_and_briefing_agree(monkeypatch, sampled, month):
    overview = seen(visit(monkeypatch, sampled, "overview", as_of=month, lang="zh"))
    behind = seen(visit(monkeypatch, sampled, "behind", as_of=month, lang="zh"))
    year, number = map(int, month.split("-"))
    facts = briefs.facts(open_store(sampled), date(year, number, {3: 31, 6: 30, 7: 31, 9: 30}[number]))
    in_list, total = listed(behind)
    in_brief, brief_total, paragraphs = briefed(facts)
    said = re.search(r"(\d+) 个项目滞后，共少付 ([\d,.]+) 万元", overview)
    assert in_list and bars(overview) == mapped(overview) == in_list == in_brief
    assert (int(said[1]), amount(said[2])) == (len(in_list), -total)
    assert total == brief_total
    assert any(said[0] in line for line in paragraphs)
    # The views keep the 分; what is written is their sum, rounded once.
    assert total == amount(figures.wan(sum(row["gap_amount"] for row in facts["behind"]["rows"])))


def test_a_restated_month_is_said_on_the_page_of_its_project(monkeypatch, tmp_path):
    path = tmp_path / "monitor.duckdb"
    store = open_store(path)
    acting.prepare(store)
    store.close()
    plan = f"{HEADINGS},{QUARTERS}\nP1,会议费,001,局本级,100,25%,50%,75%,100%"
    store = new_store(plan, path)
    first, last = pay(store, "P1 1 123400"), pay(store, "P1 1 100000")
    pay(store, "P1 2 1000")
    store.close()
    app = visit(monkeypatch, path, "project", as_of="2025-02", lang="zh")
    assert fine(app)
    assert f"更正：1月原报 12.34 万元（第 {first} 批），现为 10.00 万元（第 {last} 批）" in seen(app)
    english = seen(visit(monkeypatch, path, "project", as_of="2025-02", lang="en"))
    assert f"was reported as 12.34 (batch {first}), now 10.00 (batch {last}" in english
