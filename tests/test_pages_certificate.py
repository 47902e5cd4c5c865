"""The certificate says all that was recorded, the same in PDF, Word and HTML; what stands in it is text and nothing else."""

import io
import os
import re
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from typing import Any

import docx
import pdfplumber
import pytest
import typst
from docx.oxml.ns import qn

from data.words import LANGUAGES, Words
from pages.parts import paper
from pages.parts.certificate import MOST_QUESTIONS, certificate, certificate_docx, certificate_html, certificate_pdf
from pages.parts.paper import Note, Paper, PaperError, Table, as_html, as_pdf, shown
from pages.parts.paper_docx import as_docx

ZH, EN = Words("zh"), Words("en")
SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
FORMS = ("pdf", "docx", "html")
HAS_FONT = any(paper._CHINESE.search(family) for family in typst.Fonts().families())
pytestmark = pytest.mark.skipif(not HAS_FONT and not os.environ.get("CI"), reason="no Chinese font on this machine")


@pytest.fixture(autouse=True)
def in_beijing(monkeypatch):
    """Moments are kept in UTC and shown in this machine's time; say which that is."""
    import time

    if not hasattr(time, "tzset"):
        pytest.skip("the time zone cannot be set on this system")
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def question(code: str, message: str, **more: Any) -> dict[str, Any]:
    level = {"W": "confirm", "M": "note"}[code[0]]
    known = {"key": f"{code}-1a2b3c4d", "code": code, "level": level, "row": 3, "column": "支出金额", "value": None, "expected": None}
    blank = {
        "difference": None,
        "project_code": None,
        "fix": "",
        "reason_code": None,
        "answer": None,
        "answered_by": None,
        "carried_from": None,
    }
    return {**known, **blank, "message": message, **more}


QUESTIONS = [
    question("W01", "第 3 行“支出金额”：为负数 -1200.50", reason_code="refund", answer="培训机构退回", answered_by="王芳"),
    question(
        "W07", "会议费没有在文件中", reason_code="no_spending", answered_by="李雷", carried_from=7, answered_at=datetime(2025, 4, 5, 16, 5)
    ),
    question("W05", "单月支出占预算 61.2 %"),
    question("M02", "已按 GB18030 读取"),
]
BATCH = {
    "batch": 12,
    "file_name": "路南区2025年3月.xlsx",
    "sha256": SHA,
    "row_count": 13,
    "total": Decimal("3679011.32"),
    "control_total": Decimal("3679011.32"),
    "sample": False,
    "recorded_at": datetime(2025, 4, 5, 1, 30),
    "recorded_by": "王芳",
    "certified_at": datetime(2025, 4, 6, 2, 0),
    "certified_by": "赵主任",
    "standing": "certified",
    "fiscal_year": 2025,
    "unit_of_money": "元",
    "figure": "month",
}


def month(unit: str, name: str, number: int, rows: int, amount: str, **more: int) -> dict[str, Any]:
    known = {"fiscal_year": 2025, "month": number, "unit_code": unit, "unit_name": name, "rows": rows, "amount": Decimal(amount)}
    return {**known, "projects": 7, "reported": 7, **more}


MONTHS = [month("323003", "就业服务中心", 3, 4, "98765.43", projects=4, reported=3), month("323001", "局本级", 3, 9, "3580245.89")]


def facts(findings: list[dict[str, Any]] | None = None, months: list[dict[str, Any]] | None = None, **batch: Any) -> dict[str, Any]:
    return {
        "batch": BATCH | batch,
        "months": MONTHS if months is None else months,
        "findings": QUESTIONS if findings is None else findings,
        "whole": {"reported": 13, "projects": 16, "coverage": Decimal("0.9723")},
        "rule_version": 3,
        "rule_set": "b3d1c0ffee42",
        "as_of": date(2025, 3, 31),
    }


def bare(text: str) -> str:
    """Text without blanks and places to break, as the forms differ in these."""
    return re.sub(r"[\s\u200b]", "", text)


def of_pdf(content: bytes) -> str:
    with pdfplumber.open(io.BytesIO(content)) as document:
        return bare("".join(char["text"] for page in document.pages for char in page.chars))


def of_docx(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    parts = [document.element.body, *(part._element for section in document.sections for part in (section.header, section.footer))]
    return bare("".join(node.text or "" for part in parts for node in part.iter(qn("w:t"))))


def of_html(content: str) -> str:
    return bare(unescape(re.sub(r"<[^>]*>", "", re.sub(r"<style>.*?</style>", "", content, flags=re.DOTALL))))


def told(form: str, about: dict[str, Any], say: Words = ZH) -> str:
    """All that one form of the certificate says."""
    if form == "pdf":
        return of_pdf(certificate_pdf(about, say))
    return of_docx(certificate_docx(about, say)) if form == "docx" else of_html(certificate_html(about, say))


def missing(text: str, expected: list[str]) -> list[str]:
    return [one for one in expected if bare(one) not in text]


CHINESE = [
    "支出数据签认页",
    "323001 局本级 · 323003 就业服务中心",
    "2025 年度 · 2025年3月",
    "批次 12",
    "状态 已确认",
    "文件 路南区2025年3月.xlsx",
    f"SHA-256 {SHA}",
    "行数 13",
    "金额单位 元",
    "口径 当月",
    "文件合计 367.90 万元（3,679,011.32 元）",
    "控制总额 367.90 万元（3,679,011.32 元），与文件合计相符",
    "截至2025年3月底：已报 13/16 项目，覆盖 97.2 % 预算",
    "单位编码 单位 月份 行数 已报项目 金额（万元） 金额（元）",
    "323001 局本级 2025年3月 9 7/7 358.02 3,580,245.89",
    "323003 就业服务中心 2025年3月 4 3/4 9.88 98,765.43",
    "合计 13 367.90 3,679,011.32",
    "需确认的问题与答复（3 处）",
    "W01 第 3 行“支出金额”：为负数 -1200.50 退款 培训机构退回 王芳 2025-04-06 10:00 —",
    "W07 会议费没有在文件中 本月确无支出 李雷 2025-04-06 00:05 第 7 批",
    "W05 单月支出占预算 61.2 % 未答复 — —",
    "另有 1 处提示，无需答复。",
    "上报 王芳，2025-04-05 09:30",
    "确认 赵主任，2025-04-06 10:00",
    "规则 v3，规则集 b3d1c0ffee42",
    "经办：",
    "复核：",
    "负责人：",
    "日期：",
    "第 12 批 · SHA-256 9f86d081884c… · 规则 v3",
]
ENGLISH = [
    "Certificate of reported spending",
    "Fiscal year 2025 · 2025-03",
    "Batch 12",
    "State Certified",
    f"SHA-256 {SHA}",
    "Total of the file 367.90 × 10k yuan (3,679,011.32 yuan)",
    "Control total 367.90 × 10k yuan (3,679,011.32 yuan), the same as the file's total",
    "At the end of 2025-03: 13/16 projects reported, 97.2 % of the budget",
    "323001 局本级 2025-03 9 7/7 358.02 3,580,245.89",
    "Total 13 367.90 3,679,011.32",
    "Refund 培训机构退回 王芳 2025-04-06 10:00",
    "Nothing was spent 李雷 2025-04-06 00:05 batch 7",
    "Not answered",
    "1 notes need no answer.",
    "Reported 王芳, 2025-04-05 09:30",
    "Certified 赵主任, 2025-04-06 10:00",
    "rules v3, rule set b3d1c0ffee42",
    "Handled by:",
    "Reviewed by:",
    "Head of unit:",
    "Date:",
]


@pytest.mark.parametrize("form", FORMS)
def test_the_certificate_is_complete_in_chinese(form):
    assert missing(told(form, facts()), CHINESE) == []


@pytest.mark.parametrize("form", FORMS)
def test_the_certificate_is_complete_in_english(form):
    assert missing(told(form, facts(), EN), ENGLISH) == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("batch", "mark"),
    [
        ({"standing": "withdrawn"}, "已撤销"),
        ({"standing": "superseded"}, "已被更正"),
        ({"standing": "checked", "certified_at": None, "certified_by": None}, "未确认"),
        ({"sample": True}, "示例"),
        ({"sample": True, "standing": "withdrawn"}, "示例 · 已撤销"),
    ],
)
def test_what_is_not_official_bears_a_large_mark(form, batch, mark):
    assert certificate(facts(**batch), ZH).mark == mark
    assert told(form, facts(**batch)).count(bare(mark)) >= 2


def test_the_official_certificate_bears_no_mark():
    assert certificate(facts(), ZH).mark == ""
    assert "stamp" not in certificate_html(facts(), ZH).split("</style>")[1]


def test_the_mark_stands_on_every_page_of_a_long_certificate():
    pages = pdfplumber.open(io.BytesIO(certificate_pdf(facts(QUESTIONS * 40, standing="withdrawn"), ZH))).pages
    assert len(pages) > 2
    assert [page.page_number for page in pages if max(char["size"] for char in page.chars) < 40] == []
    assert [page.page_number for page in pages if f"{page.page_number}/{len(pages)}" not in bare(page.extract_text())] == []
    assert all(bare("规则 问题 原因与说明") in bare("".join(char["text"] for char in page.chars)) for page in pages[:-1])


def test_a_short_certificate_is_one_page_of_a4():
    [page] = pdfplumber.open(io.BytesIO(certificate_pdf(facts(), ZH))).pages
    assert (round(page.width), round(page.height)) == (595, 842)


@pytest.mark.parametrize("form", FORMS)
def test_a_control_total_that_differs_says_by_how_much(form):
    assert (
        missing(told(form, facts(control_total=Decimal(3_600_000))), ["控制总额 360.00 万元（3,600,000.00 元），与文件合计差 79,011.32 元"])
        == []
    )
    assert missing(told(form, facts(control_total=Decimal("3679011.33"))), ["与文件合计差 −0.01 元"]) == []


@pytest.mark.parametrize("form", FORMS)
def test_a_control_total_that_was_not_typed_is_not_mentioned(form):
    assert "控制总额" not in told(form, facts(control_total=None))


def test_the_months_are_said_in_runs():
    months = [month("1", "甲", number, 1, "1.00") for number in (1, 2, 3, 6, 11, 12)]
    assert certificate(facts(months=months), ZH).under[1] == "2025 年度 · 2025年1月–2025年3月、2025年6月、2025年11月–2025年12月"


def test_cumulative_months_warn_that_they_do_not_add_up():
    months = [month("1", "甲", number, 1, f"{number}0000.00") for number in (1, 2)]
    notes = [block.words for block in certificate(facts(months=months, figure="cumulative"), ZH).blocks if isinstance(block, Note)]
    assert "口径为累计：不同月份的金额不能相加，合计只用于核对文件。" in notes
    assert "累计" not in "".join(block.words for block in certificate(facts(), ZH).blocks if isinstance(block, Note))


def test_without_questions_it_says_so():
    assert missing(told("html", facts([])), ["核对时没有需确认的问题。"]) == []


def test_of_very_many_questions_the_rest_is_counted():
    about = facts([question("W08", f"第 {number} 行") for number in range(MOST_QUESTIONS + 20)])
    [table] = [block for block in certificate(about, ZH).blocks if isinstance(block, Table) and len(block.heads) == 5]
    assert len(table.rows) == MOST_QUESTIONS
    assert missing(told("pdf", about), ["需确认的问题与答复（520 处）", "另有 20 处，见这一批的问题清单。"]) == []


def test_an_empty_batch_has_a_certificate_all_the_same():
    about = facts([], [], total=None, figure=None, unit_of_money=None, fiscal_year=None, certified_at=None, certified_by=None)
    for form in FORMS:
        assert missing(told(form, about | {"whole": {"reported": 0, "projects": 0, "coverage": None}}), ["确认 —", "0/0"]) == []


def test_the_same_facts_give_the_same_pdf():
    assert certificate_pdf(facts(), ZH) == certificate_pdf(facts(), ZH)


PAYLOADS = [
    "=1+1",
    "@SUM(1)",
    "＝1+1",
    "<b>粗</b><script>alert(1)</script>",
    "&lt;b&gt; &amp; \"'",
    "#set text(red) #panic()",
    "$x^2$ *b* _i_ `c` \\u{41} ~ -- ... 'q' @ref <label>",
    '#read("/etc/passwd")',
    "{facts} {0} %s",
    "]]> <!-- -->",
    "长" * 90,
    "x" * 300,
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_every_text_from_outside_shows_as_itself(form, payload):
    found = question("W08", f"问{payload}", reason_code="other", answer=f"答{payload}", answered_by=f"人{payload}")
    about = facts(
        [found],
        [month("1", f"单位{payload}", 3, 1, "1.00")],
        file_name=f"文件{payload}",
        recorded_by=f"报{payload}",
        certified_by=f"认{payload}",
    )
    text = told(form, about | {"rule_set": f"集{payload}"})
    assert missing(text, [f"{lead}{payload}" for lead in ("问", "答", "人", "单位", "文件", "报", "认", "集")]) == []


def test_no_text_becomes_markup_in_html():
    payload = "<img src=x onerror=alert(1)><script>1</script></style></title>"
    content = certificate_html(facts([question("W08", payload)], file_name=payload, recorded_by=payload), ZH)
    assert not re.search(r"<(img|script)|onerror=(?!alert\(1\)&gt;)|javascript:|https?:", content)
    assert content.count("<style>") == content.count("</style>") == content.count("</title>") == 1
    assert "default-src 'none'" in content


@pytest.mark.parametrize("form", FORMS)
def test_a_sign_that_turns_the_reading_direction_is_shown(form):
    text = told(form, facts(file_name="报表\u202egnp.exe\u200f.xlsx"))
    assert missing(text, ["报表⟨U+202E⟩gnp.exe⟨U+200F⟩.xlsx"]) == []


@pytest.mark.parametrize("form", FORMS)
def test_signs_that_no_paper_can_hold_are_left_out(form):
    assert missing(told(form, facts(file_name="a\x00b\x07c\ud800d\ufffee\tf")), ["abcde f"]) == []
    assert shown("a\r\nb\rc\x7f") == "a\nb\nc"


def test_long_runs_of_signs_stay_on_the_page():
    pages = pdfplumber.open(io.BytesIO(certificate_pdf(facts([question("W08", "x" * 400)], file_name="y" * 250), ZH))).pages
    assert [char["text"] for page in pages for char in page.chars if char["x1"] > page.width - 18] == []


def test_without_a_chinese_font_nothing_is_set(monkeypatch):
    class Bare:
        def families(self) -> list[str]:
            return ["DejaVu Sans Mono", "Libertinus Serif", "New Computer Modern"]

    monkeypatch.setattr(typst, "Fonts", Bare)
    assert paper.typeset({}) == b""


@pytest.mark.parametrize(("found", "code"), [(b"", "paper.no_font"), (None, "paper.no_pdf")])
def test_where_no_pdf_can_be_set_a_sentence_says_what_to_do(monkeypatch, found, code):
    monkeypatch.setattr(paper, "confined", lambda *given, **named: found)
    with pytest.raises(PaperError) as caught:
        certificate_pdf(facts(), ZH)
    assert caught.value.code == code
    assert all(Words(language)(code) for language in LANGUAGES)


def test_the_word_document_names_an_eastern_font_and_repeats_its_headings():
    document = docx.Document(io.BytesIO(certificate_docx(facts(standing="withdrawn"), ZH)))
    fonts = document.styles["Normal"].element.find(f".//{qn('w:rFonts')}")
    assert fonts.get(qn("w:eastAsia")) == "微软雅黑"
    grids = [table for table in document.tables if table.style.name == "Table Grid"]
    assert [len(table.columns) for table in grids] == [7, 5]
    assert all(table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None for table in grids)
    assert (round(document.sections[0].page_width.mm), round(document.sections[0].page_height.mm)) == (210, 297)
    assert document.sections[0].header.paragraphs[0].text == "已撤销"
    assert document.core_properties.author == ""


def test_a_paper_of_another_kind_uses_the_same_forms():
    about = Paper(
        "督办单", ["路南区"], [Note("请于十日内回复。"), Table("清单", ["项目", "差额"], [["会议费", "1.00"]], [3, 1], [1])], "第 1 号"
    )
    for text in (of_pdf(as_pdf(about, ZH)), of_docx(as_docx(about, ZH)), of_html(as_html(about, ZH))):
        assert missing(text, ["督办单", "路南区", "请于十日内回复。", "清单", "项目 差额 会议费 1.00", "第 1 号"]) == []


def test_a_pdf_leaves_nothing_of_typst_in_the_server():
    command = "import sys; sys.path.insert(0, 'tests'); from test_pages_certificate import *; sys.modules.pop('typst')"
    command += "; certificate_pdf(facts(), ZH); sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command], cwd=paper.HERE.parent.parent, check=False).returncode == 0
