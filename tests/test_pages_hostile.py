"""Whatever a file, a name or a reason holds shows as itself on every page and in every paper, and is never markup, formula or path."""

import csv
import io
import re
import zipfile
from datetime import date
from html.parser import HTMLParser

import pytest
from test_pages import PAGES, visit

from data import acting, acts, audit, explaining, lagging, months, notices, queries
from data.arrivals import Sending
from data.calendar import month_end
from data.database import open_store
from data.words import Words
from loaders.files import Declared, read_file
from pages.parts import blocks, exports
from pages.parts.brief import brief_docx, brief_html
from pages.parts.notice import notice_docx, notice_html
from pages.parts.paper import shown
from pages.parts.working_paper import behind_workbook

PAYLOADS = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "</td></table><iframe src=javascript:alert(1)>",
    "<svg/onload=alert(1)>",
    '" onmouseover="alert(1)" x="',
    "' onfocus='alert(1)' autofocus='",
    "<!--",
    "&lt;b&gt;&amp;",
    "**粗** _斜_ ~~删~~ `码`",
    "[链接](http://a.example)",
    "![图](http://a.example/x.png)",
    "# 标题",
    "> 引",
    "- 项",
    "|a|b|",
    ":red[红] :material/delete: :smile: :streamlit:",
    ":color[x]{foreground='red'}",
    "$x^2$ $$\\frac{1}{2}$$",
    "\\href{http://a.example}{x} \\input{/etc/passwd}",
    "<b>粗</b><br><sup>2</sup><a href='http://a.example'>x</a>",
    "<span style='background:url(http://a.example)'>x</span>",
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://a.example","x")',
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "＝1+1",
    "'; drop table acts; --",
    '") union select * from rules --',
    "$known_at {facts} {0} %s %(x)s",
    "../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "CON.xlsx",
    "\u202egpj.exe",
    "零\u200b宽\u2060度\ufeff字",
    "a\u0301\u0302\u0303",
    "]]><w:p/><!ENTITY x SYSTEM 'file:///etc/passwd'>",
    "&#x3c;b&#x3e;",
    '#read("/etc/passwd") #panic()',
    "{{7*7}} ${7*7} <%= 7 %>",
    "javascript:alert(1)",
    "😀🇨🇳👩‍👩‍👧",
]
ALLOWED = {"onclick"}
END = date(2025, 3, 31)
ZH = Words("zh")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A store in which every text that a person or a file can bring is a payload."""
    path = tmp_path_factory.mktemp("hostile") / "monitor.duckdb"
    store = open_store(path)
    acting.prepare(store)

    def take(name: str, heads: list[str], rows: list[list[str]]) -> int:
        text = io.StringIO()
        csv.writer(text).writerows([heads, *rows])
        content = text.getvalue().encode()
        sending = Sending(name, content, read_file(content, Declared(2025)), date(2025, 4, 2))
        batch = acts.load(store, sending, PAYLOADS[0]).batch
        assert batch, [problem.code for problem in acts.load(store, sending, "x").considered.problems]
        acts.certify(store, batch, PAYLOADS[1], {"*": PAYLOADS[8]}, today=date(2025, 4, 3))
        return batch

    plan = [[f"P{n:03}", f"甲{n:03}{text}", "U1", f"单位{PAYLOADS[0]}", "100", "50%", "100%"] for n, text in enumerate(PAYLOADS)]
    take(f"计划{PAYLOADS[0]}.csv", ["项目编码", "项目名称", "单位编码", "单位名称", "预算数(万元)", "3月底", "12月底"], plan)
    paid = [[f"P{n:03}", "2025-03", "1000", f"注{text}"] for n, text in enumerate(PAYLOADS)]
    take(f"支出{PAYLOADS[9]}.csv", ["项目编码", "月份", "支出金额", "备注"], paid)
    said = [
        explaining.Explanation("U1", f"P{n:03}", "other", f"因{text}", f"措{text}", f"责{text}") for n, text in enumerate(PAYLOADS[:30:5])
    ]
    explaining.explain(store, END, said, PAYLOADS[9], date(2025, 4, 5))
    number = notices.issue(store, END, "U1", {"level": "remind", "deadline": date(2025, 5, 1), "today": date(2025, 4, 6)}, PAYLOADS[0])
    notices.answer(store, 2025, number, f"复{PAYLOADS[1]}{PAYLOADS[8]}", PAYLOADS[15], date(2025, 4, 7))
    months.lock(store, END, PAYLOADS[15], today=date(2025, 4, 8))
    audit.note(store, "export", PAYLOADS[0], subject=PAYLOADS[19], detail=PAYLOADS[15])
    return path


class Text(HTMLParser):
    """What a reader sees of HTML, and the tags and attributes that make it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.seen, self.tags, self.handlers = "", set(), set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        told = {name: value or "" for name, value in attrs}
        # Our own small curves are images that stand in the page itself.
        if not (tag == "img" and told.get("src", "").startswith("data:image/svg+xml;base64,")):
            self.tags.add(tag)
        self.handlers |= {name for name in told if name.startswith("on")} - ALLOWED
        self.handlers |= {value for name, value in told.items() if name in ("href", "src") and re.match(r"\s*(javascript|https?):", value)}

    def handle_data(self, data):
        self.seen += data


FORBIDDEN = {"script", "img", "iframe", "object", "embed", "base", "form", "meta", "link"}
# What the framework takes for markdown: a payload in it must be escaped.
MARKED = ("markdown", "error", "warning", "info", "success", "caption", "expander", "tab", "button", "toggle", "radio", "checkbox")


def marked(app) -> list[str]:
    """Every text of a page that the framework reads as markdown."""
    found = []
    for kind in MARKED:
        for node in app.get(kind):
            found += [str(getattr(node, name)) for name in ("value", "label") if isinstance(getattr(node, name, None), str)]
            found += [str(option) for option in getattr(node, "options", [])] if kind == "radio" else []
    return found


@pytest.mark.parametrize("page", PAGES)
def test_no_page_takes_a_text_from_outside_for_markup(monkeypatch, hostile, page):
    extra = {"unit": "U1", "project": "P000"} if page == "project" else {}
    app = visit(monkeypatch, hostile, page, lang="zh", as_of="2025-03", **extra)
    assert not app.exception
    text = "".join(str(node.proto.body) for node in app.get("html"))
    told = Text(text)
    assert told.tags & FORBIDDEN == set() and told.handlers == set()
    if page in ("overview", "behind", "compare", "plans"):
        names = [row["project_name"] for row in queries.progress(open_store(hostile), END)]
        visible = [name for name in names if name in told.seen]
        assert len(visible) >= (5 if page == "overview" else len(names)), sorted(set(names) - set(visible))
    for words in marked(app):
        for payload in PAYLOADS:
            if re.search(r"[*_`\[<:$#]", payload) and payload in words:
                assert blocks.label(payload) in words, (words, payload)


@pytest.mark.parametrize("address", [{"batch": "1"}, {"batch": "2"}])
def test_no_batch_takes_a_text_from_outside_for_markup(monkeypatch, hostile, address):
    app = visit(monkeypatch, hostile, "ledger", lang="zh", as_of="2025-03", **address)
    told = Text("".join(str(node.proto.body) for node in app.get("html")))
    assert not app.exception and told.tags & FORBIDDEN == set() and told.handlers == set()
    name = queries.batch_of(open_store(hostile), int(address["batch"]))["file_name"]
    assert name in told.seen


def test_a_refusal_names_what_it_names_as_text(hostile):
    store = open_store(hostile)
    with pytest.raises(acting.ActError) as raised:
        acts.withdraw(store, 2, "x", "x")
    assert PAYLOADS[15] in ZH(raised.value.code, **raised.value.facts)
    assert ":red[" not in blocks.refusal(raised.value, ZH) and blocks.label(PAYLOADS[15]) in blocks.refusal(raised.value, ZH)


def words_of(content: bytes) -> str:
    """The text of a Word file or workbook, as its readers see it."""
    from lxml import etree

    found = ""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            if name.endswith((".xml", ".rels")):
                tree = etree.fromstring(packed.read(name), etree.XMLParser(resolve_entities=False, no_network=True))
                found += "".join(tree.itertext())
                assert not tree.xpath("//*[local-name()='hyperlink']"), name
                assert not [e for e in tree.xpath("//*[local-name()='f']") if (e.text or "").lower().startswith(("hyperlink", "cmd"))]
    return found


def test_every_paper_shows_every_name_as_itself(hostile):
    from data import briefs

    store = open_store(hostile)
    rows = lagging.chased(store, END)
    # A paper shows the marks that turn the direction of what follows them by their numbers.
    names = [exports.plain_text(row["project_name"]) for row in rows]
    assert len(names) > len(PAYLOADS) * 3 // 4
    book = words_of(behind_workbook(rows, exports.Context(queries.export_facts(store, END), ZH, {"单位": PAYLOADS[0]})))
    facts, brief = notices.facts(store, 2025, 1), briefs.facts(store, END, None)
    html = [Text(page if isinstance(page, str) else page.decode()) for page in (notice_html(facts, ZH), brief_html(brief, ZH))]
    assert [page.handlers | page.tags & {"script", "img", "iframe"} for page in html] == [set(), set()]
    papers = {"book": book, "notice": html[0].seen, "notice.docx": words_of(notice_docx(facts, ZH))}
    for kind, text in papers.items():
        assert [name for name in names if name not in text and shown(name) not in text] == [], kind
    assert "甲" in words_of(brief_docx(brief, ZH)) and month_end(2025, 3) == END


def test_every_cell_of_the_list_comes_back_from_csv_as_text(hostile):
    store = open_store(hostile)
    rows = lagging.chased(store, END)
    told = exports.behind_csv(rows, exports.Context(queries.export_facts(store, END), ZH, {})).decode("utf-8-sig")
    cells = [cell for line in csv.reader(io.StringIO(told)) for cell in line]
    assert [cell for cell in cells if re.match(r"[=+@＝＋＠\t\r]", cell)] == []
    assert [cell for cell in cells if cell.startswith("-") and not re.fullmatch(r"-[\d.]+", cell)] == []
