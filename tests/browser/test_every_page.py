"""Every page in both languages, light and dark: no fault that axe-core knows, no word of the other language."""

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from data import acting, queries, samples
from data.database import open_store
from tests.browser.conftest import Server
from tests.browser.test_main_job import visit

pytestmark = pytest.mark.browser
PAGES = (
    *("", "project", "behind", "indicators", "upload", "ledger", "ledger?batch=5", "plans", "compare", "settings"),
    "?display=wall&seconds=600",
)
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
# Faults of the framework, each only where the framework draws: nothing of ours stands in these places.
FRAMEWORK = {
    "list": "[data-testid=stNavSectionHeader]",
    "listitem": "[data-testid=stNavSectionHeader]",
    "color-contrast": "[data-testid=stCaptionContainer]",
    "svg-img-alt": "[data-testid=stMetric]",
    "presentation-role-conflict": "[data-testid=stFileUploader]",
}
# What a reader of either language reads as it is: forms of files, names of programs, signs, codes, hashes.
KEPT = re.compile(
    r"PDF|Word|Excel|WPS|CSV|XLSX?|ODS|DOCX?|TXT|TSV|HTML|JSON|GBK|UTF-8|SHA-256|English|MB|KB|\b[FPRWML]\d\d\b|\bv\d+|[\w.-]+\.\w{2,4}\b"
    r"|\b[0-9A-F]{8,}[0-9A-Z]*…?|[0-9a-f]{12,}…?|\b\d+[A-Z]\w+|YYYY-MM-DD|YYYY/MM/DD",
    re.IGNORECASE,
)
# What findings quote of a Chinese document: words in quotation marks, targets, amounts as they stand there.
QUOTED = re.compile(r"“[^”]*”|百分比|[≤≥<>]\S+|\d[\d,.]*万元")
EVERY_WORD = """() => {
    const found = [], hidden = 'script, style, noscript, [data-testid=stIconMaterial], .stException';
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode())
        if (node.parentElement && !node.parentElement.closest(hidden) && node.data.trim()) found.push(node.data);
    for (const node of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
        for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
            if (node.getAttribute(name)) found.push(node.getAttribute(name));
    return found;
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server over the samples."""
    path = tmp_path_factory.mktemp("walked") / "monitor.duckdb"
    store = open_store(path)
    acting.prepare(store)
    list(samples.load_samples(store, "张三", "示例数据"))
    store.close()
    running = Server(path)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def named(tmp_path_factory) -> list[str]:
    """Every text that came from outside, the longest first: it stands in no dictionary."""
    store = open_store(tmp_path_factory.mktemp("named") / "monitor.duckdb")
    acting.prepare(store)
    list(samples.load_samples(store, "张三", "示例数据"))
    texts = {"张三", "示例数据", "中文"}
    for table, columns in {
        "projects": ("project_name", "unit_name", "purpose", "goal", "place"),
        "indicators": ("level1", "level2", "level3", "description", "target", "target_unit", "basis", "place"),
        "actuals": ("note", "voucher"),
        "batches": ("file_name", "layout"),
        "events": ("reason",),
    }.items():
        texts |= {row[name] for row in store.ask(f"from {table}") for name in columns if row[name]}
    texts |= {word for row in queries.batches(store) for word in (row["file_name"], row["reason"], row["recorded_by"]) if word}
    store.close()
    pieces = {piece for text in texts for piece in re.split(r"\s+", text) if piece}
    return sorted(texts | pieces, key=len, reverse=True)


def opened(page: Page, server: Server, address: str, language: str) -> None:
    """A page with everything on it unfolded."""
    joint = "&" if "?" in address else "?"
    visit(page, f"{server.url}/{address}{joint}as_of=2025-09&lang={language}")
    page.evaluate("document.querySelectorAll('[data-testid=stExpander] details:not([open]) summary').forEach(node => node.click())")
    page.wait_for_timeout(700)
    page.evaluate("document.querySelectorAll('[role=tabpanel]').forEach(node => { node.hidden = false; node.style.display = 'block' })")


def faults(page: Page) -> list[str]:
    """What axe-core finds in what we draw: rule, place and reason."""
    found = page.evaluate(f"axe.run({{runOnly: {WCAG}}})")["violations"]
    told = []
    for rule in found:
        for node in rule["nodes"]:
            place = FRAMEWORK.get(rule["id"])
            inside = place and page.locator(node["target"][-1]).first.evaluate("(node, place) => !!node.closest(place)", place)
            if not inside:
                told.append(f"{rule['id']}: {node['html'][:160]} ({node['failureSummary']})")
    return told


@pytest.mark.parametrize("address", PAGES)
def test_a_chinese_page_has_no_english_and_axe_finds_no_fault_of_ours_in_light_and_dark(page, server, named, address):
    page.emulate_media(color_scheme="light")
    opened(page, server, address, "zh")
    words = page.evaluate(EVERY_WORD)
    assert len(words) > 20
    assert [word for word in words if re.search("[A-Za-z]{2,}", KEPT.sub("", without(word, named)))] == []
    page.evaluate(AXE_SCRIPT)
    light = faults(page)
    page.emulate_media(color_scheme="dark")
    expect(page.locator("[data-testid=stApp]")).to_have_css("background-color", "rgb(20, 24, 29)")
    page.wait_for_timeout(400)
    assert light + faults(page) == []


@pytest.mark.parametrize("address", PAGES)
def test_an_english_page_has_no_chinese_of_ours(page, server, named, address):
    opened(page, server, address, "en")
    words = page.evaluate(EVERY_WORD)
    assert len(words) > 20
    assert [word for word in words if re.search("[一-鿿]", QUOTED.sub("", without(word, named)))] == []


def test_the_wall_turns_by_itself_fits_the_screen_and_escape_leaves_it(page, server):
    visit(page, f"{server.url}/?display=wall&seconds=3&lang=zh")
    for title in ("计划与实际（累计，万元）", "滞后项目（4 个）", "单位（万元）", "预算执行监控"):
        expect(page.locator(".wall h1")).to_have_text(title)
        assert page.locator("[data-testid=stMain]").evaluate("node => node.scrollHeight <= node.clientHeight + 2")
    expect(page.locator("[data-testid=stHeader]")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator(".m h1").first).to_have_text("总览")
    assert "display" not in page.url


SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => list.getEntries().forEach(entry => { window.shifted += entry.value; }))
    .observe({type: "layout-shift", buffered: true});
"""


@pytest.mark.parametrize("size", [{"width": 1440, "height": 900}, {"width": 390, "height": 844}], ids=["desk", "phone"])
def test_the_overview_does_not_jump_while_it_comes(page, server, size):
    """Before our style came with the page, nine tenths of a phone's screen moved."""
    page.set_viewport_size(size)
    page.add_init_script(SHIFTS)
    opened(page, server, "", "zh")
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)
    assert page.evaluate("window.shifted") < 0.05


def test_every_mark_of_the_overview_leads_on(page, server):
    visit(page, f"{server.url}/?as_of=2025-09&lang=zh")
    addresses = page.locator("a.kpi").evaluate_all("nodes => nodes.map(node => node.getAttribute('href').split('?')[0])")
    assert addresses == ["./plans", "./ledger", "./plans", "./behind", "./behind"]
    assert page.locator("img.spark").evaluate_all("nodes => nodes.every(node => node.naturalWidth > 0 && node.alt)")
    page.get_by_role("tab", name="差额分布").click()
    page.get_by_role("link", name="职业年金虚账记实项目资金：严重滞后，差额 −572.50 万元").click()
    expect(page.get_by_text("应付：预算 2,500.00 × 计划进度 50.0 % = 1,250.00 万元")).to_be_visible()


def without(word: str, named: list[str]) -> str:
    """A word without what came from outside, whole or cut short."""
    for text in named:
        word = word.replace(text, "")
    return re.sub(r"[^\s，：·]+…", "", word)
