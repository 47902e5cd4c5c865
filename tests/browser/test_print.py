"""On paper a page is black on white, whole, without what only a screen can use; a status is told by word and shape."""

import io

import pypdfium2
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Server
from tests.browser.test_main_job import settle

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(sampled):
    """A server over the samples."""
    running = Server(sampled)
    yield running
    running.stop()


def test_the_overview_prints_on_one_page_with_word_and_shape_of_each_status(server, page):
    page.emulate_media(color_scheme="dark")
    page.goto(f"{server.url}/?lang=zh&as_of=2025-09")
    settle(page)
    expect(page.locator("[data-testid=stPlotlyChart] .main-svg").first).to_be_visible()
    page.emulate_media(media="print", color_scheme="dark")
    for hidden in ("[data-testid=stHeader]", ".stDownloadButton", "[data-testid=stSelectbox]", ".stButton"):
        assert not any(one.is_visible() for one in page.locator(hidden).all()), hidden
    look = "node => [getComputedStyle(node).color, getComputedStyle(node).fill]"
    black = "rgb(0, 0, 0)"
    assert page.locator(".m .status").first.evaluate(look)[0] == black
    assert page.locator("[data-testid=stPlotlyChart] text").first.evaluate(look)[1] == black
    assert page.locator(".stApp").evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(255, 255, 255)"
    paper = pypdfium2.PdfDocument(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    words = "\n".join(sheet.get_textpage().get_text_range() for sheet in paper)
    assert len(paper) == 1
    for told in ("▼▼严重滞后", "▼滞后", "◐略低", "●达标", "▲超预算", "75%  6,301.48", "示例数据"):
        assert told.replace(" ", "") in words.replace(" ", ""), told
    assert "简报" not in words and "English" not in words
