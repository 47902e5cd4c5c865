"""The briefing says what the pages say, in three forms, and needs nothing but itself."""

import io
import os
import re
from decimal import Decimal
from html import unescape

import docx
import pdfplumber
import pytest
import typst
from drawn import HEADINGS, QUARTERS, end_of, new_store, pay

from data import briefs, queries
from data.database import Store
from data.words import Words
from pages.parts import drawing, figures, paper
from pages.parts.brief import brief, brief_docx, brief_html, brief_pdf
from pages.parts.paper import Table
from pages.parts.verdict import curve_told, expected, verdict

HAS_FONT = any(paper._CHINESE.search(family) for family in typst.Fonts().families())
pytestmark = pytest.mark.skipif(not HAS_FONT and not os.environ.get("CI"), reason="no Chinese font on this machine")
ZH, EN = Words("zh"), Words("en")


@pytest.fixture(scope="module")
def store(sampled_store) -> Store:
    return sampled_store


@pytest.fixture(scope="module")
def facts(store):
    return briefs.facts(store, end_of(9))


def said(facts, form, say=ZH) -> str:
    """All the words of one form."""
    if form == "pdf":
        with pdfplumber.open(io.BytesIO(brief_pdf(facts, say))) as pages:
            return "\n".join(page.extract_text() for page in pages.pages)
    if form == "docx":
        found = docx.Document(io.BytesIO(brief_docx(facts, say)))
        return "\n".join([*(p.text for p in found.paragraphs), *(c.text for t in found.tables for row in t.rows for c in row.cells)])
    return unescape(re.sub(r"<[^>]+>", "\n", brief_html(facts, say).decode().split("</style>")[1]))


@pytest.mark.parametrize("form", ["pdf", "docx", "html"])
def test_verdict_list_units_and_footer_stand_in_every_form(facts, store, form):
    words = re.sub(r"\s", "", said(facts, form))
    about, rows = facts["about"], queries.behind(store, end_of(9))
    wanted = [*verdict(facts["seen"], facts["summary"][0], end_of(9), ZH)]
    wanted += [expected(facts["ahead"], facts["summary"][0]["budget"], ZH)]
    wanted += [figures.signed_wan(row["gap_amount"]) for row in rows]
    wanted += [figures.signed_wan(sum((row["gap_amount"] for row in rows), Decimal(0)))]
    wanted += [figures.wan(row["judged_spent"]) for row in facts["summary"]]
    wanted += ["示例", f"规则v{about['rule']['version']}", "依据批次：" + ",".join(map(str, about["batches"]))]
    assert rows
    for one in wanted:
        assert re.sub(r"\s", "", one) in words, one


def test_the_list_of_the_briefing_is_the_list_of_the_page_to_the_fen(facts, store):
    listed = next(block for block in brief(facts, ZH).blocks if isinstance(block, Table) and "滞后项目" in block.heading)
    rows = queries.behind(store, end_of(9))
    assert [(line[0], line[2], line[5], line[6]) for line in listed.rows] == [
        (row["project_name"], figures.wan(row["current_budget"]), figures.signed_wan(row["gap_amount"]), figures.wan(row["needed_to_next"]))
        for row in rows
    ]
    assert listed.whole[5] == figures.signed_wan(sum((row["gap_amount"] for row in rows), Decimal(0)))


def test_the_pdf_has_one_or_two_pages_and_the_word_file_pictures_with_words(facts):
    with pdfplumber.open(io.BytesIO(brief_pdf(facts, ZH))) as pages:
        assert 1 <= len(pages.pages) <= 2
    found = docx.Document(io.BytesIO(brief_docx(facts, ZH)))
    assert [shape._inline.docPr.get("descr") for shape in found.inline_shapes] == [
        curve_told(facts["months"], 9, facts["ahead"], ZH),
        ZH("brief.map_alt"),
    ]


def test_the_page_asks_for_nothing_outside_and_runs_nothing(facts):
    page = brief_html(facts, ZH).decode()
    assert not re.search(r"<script|<link|<img|url\(|href=\"[^#]|src=", page)
    leads = re.findall(r'<dt><a href="#([\w-]+)"', page)
    assert len(leads) == 6 and all(f'<h2 id="{lead}">' in page for lead in leads)
    assert re.findall(r"https?://[^\"\s<]+", page) == ["http://www.w3.org/2000/svg"] * 2


def test_the_english_briefing_has_no_chinese_of_ours(facts, store):
    names = {row[name] for row in queries.progress(store, end_of(9)) for name in ("project_name", "unit_name")}
    words = said(facts, "html", EN)
    for name in sorted(names, key=len, reverse=True):
        words = words.replace(name, "").replace(name[:13], "")
    assert re.findall(r"[\u4e00-\u9fff]+", words) == []


def test_names_from_outside_are_text_in_pictures_too():
    plan = f"{HEADINGS},{QUARTERS}\nP1,<b>&\u202e劳务</b>,001,<局>,100,25%,50%,75%,100%"
    store = new_store(plan)
    pay(store, "P1 3 1000")
    page = brief_html(briefs.facts(store, end_of(3)), ZH).decode()
    assert "<b>" not in page and "&lt;b&gt;&amp;" in page and "\u202e" not in page


@pytest.mark.parametrize("month", [1, 3, 12])
def test_a_plan_without_figures_has_a_briefing_all_the_same(month):
    facts = briefs.facts(new_store(), end_of(month))
    assert ZH("verdict.nothing", month=figures.month_name(end_of(month), ZH), projects=1) in said(facts, "html")
    assert "NaN" not in drawing.curve(facts["months"], ZH, month) + drawing.gaps(facts["seen"]["dots"], ZH)


def test_the_top_of_the_axis_is_round_and_not_below_any_figure():
    for amount in (1, 99, 8401.97, 84_019_700, 100_000, 250_000):
        top = drawing._top([Decimal(str(amount))])
        assert amount <= top <= amount * 2.6
