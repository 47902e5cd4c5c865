"""Pictures of every page: `python -m tests.browser.pictures FOLDER` draws all, without a folder the README's."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from data import acting, samples
from data.database import open_store
from tests.browser.conftest import ARGUMENTS, CHROMIUM, HERE, Server
from tests.browser.test_main_job import settle

FOLDER = HERE / "pages" / "pictures"
NAMES = ("project", "behind", "indicators", "upload", "ledger", "plans", "compare", "settings")
PAGES = {name: name for name in NAMES} | {"overview": "", "batch": "ledger?batch=5"}
SIZES = {1440: 900, 390: 844}
README = {
    ("overview", "zh", 1440, "light"),
    ("overview", "zh", 390, "light"),
    ("project", "zh", 1440, "light"),
    ("behind", "zh", 1440, "light"),
    ("upload", "zh", 1440, "light"),
    ("ledger", "zh", 1440, "light"),
    ("plans", "zh", 1440, "light"),
    ("overview", "en", 1440, "dark"),
}


def draw(browser: Browser, server: Server, folder: Path, wanted: set[tuple[str, str, int, str]], whole: bool) -> None:
    """One PNG for each page, language, width and scheme."""
    for language, width, scheme in sorted({shown[1:] for shown in wanted}):
        context = browser.new_context(
            locale={"zh": "zh-CN", "en": "en-US"}[language],
            viewport={"width": width, "height": SIZES[width]},
            color_scheme=scheme,
            timezone_id="Asia/Shanghai",
        )
        page = context.new_page()
        for name in (name for name in PAGES if (name, language, width, scheme) in wanted):
            page.set_viewport_size({"width": width, "height": SIZES[width]})
            page.goto(f"{server.url}/{PAGES[name]}")
            settle(page)
            # Nothing is still to come, and each chart has its lines.
            expect(page.locator("[data-test-script-state=notRunning]")).to_have_count(1)
            expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)
            expect(page.locator("[data-testid=stPlotlyChart]:not(:has(.main-svg))")).to_have_count(0)
            page.wait_for_timeout(1200)
            if whole:
                fit(page, width)
            page.screenshot(path=folder / f"{name}-{language}-{width}-{scheme}.png")
        context.close()


def fit(page: Page, width: int) -> None:
    """Make the window as high as the page."""
    height = page.locator("[data-testid=stMain]").evaluate("node => node.scrollHeight")
    page.set_viewport_size({"width": width, "height": min(max(height, SIZES[width]), 4000)})
    page.wait_for_timeout(400)


def main(folder: Path, wanted: set[tuple[str, str, int, str]], empty: bool) -> None:
    """Draw the pages over the samples, and over an empty store where asked."""
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name in ("samples", "empty") if empty else ("samples",):
            path = Path(place) / name / "monitor.duckdb"
            if name == "samples":
                store = open_store(path)
                acting.prepare(store)
                list(samples.load_samples(store, "示例", "示例数据"))
                store.close()
            target = folder / name if empty else folder
            target.mkdir(parents=True, exist_ok=True)
            path.parent.mkdir(exist_ok=True)
            server = Server(path)
            draw(browser, server, target, wanted, whole=empty)
            server.stop()
        browser.close()


if __name__ == "__main__":
    everything = {
        (name, language, width, scheme) for name in PAGES for language in ("zh", "en") for width in SIZES for scheme in ("light", "dark")
    }
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]), everything, empty=True)
    else:
        main(FOLDER, README, empty=False)
