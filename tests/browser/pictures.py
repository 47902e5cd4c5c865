"""Pictures of every page: `python -m tests.browser.pictures FOLDER` draws all, without a folder the README's."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from data import accounts, acting, samples
from data.database import Store, open_store
from pages import ways
from tests.browser.conftest import ARGUMENTS, CHROMIUM, HERE, Server
from tests.browser.test_main_job import settle

FOLDER = HERE / "pages" / "pictures"
NAMES = ("project", "behind", "indicators", "upload", "ledger", "plans", "compare", "settings")
PAGES = {name: name for name in NAMES} | {"overview": "", "batch": "ledger?batch=5"}
# What there is only where people sign in.
SIGNED = {"sign-in": "", "accounts": "accounts", "audit": "audit", "overview": ""}
PERSON = "李敏"
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


def draw(
    browser: Browser, server: Server, folder: Path, wanted: set[tuple[str, str, int, str]], whole: bool, token: str | None = None
) -> None:
    """One PNG for each page, language, width and scheme; `token` is the cookie of a person who has signed in."""
    pages = SIGNED if token else PAGES
    for language, width, scheme in sorted({shown[1:] for shown in wanted}):
        context = browser.new_context(
            locale={"zh": "zh-CN", "en": "en-US"}[language],
            viewport={"width": width, "height": SIZES[width]},
            color_scheme=scheme,
            timezone_id="Asia/Shanghai",
        )
        page = context.new_page()
        for name in (name for name in pages if (name, language, width, scheme) in wanted):
            page.set_viewport_size({"width": width, "height": SIZES[width]})
            page.goto(f"{server.url}/{pages[name]}")
            if name == "sign-in":
                page.screenshot(path=folder / f"{name}-{language}-{width}-{scheme}.png")
                context.add_cookies([{"name": ways.COOKIE, "value": token or "", "url": server.url}])
                continue
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


def entered(store: Store) -> str:
    """The cookie of a new person who has signed in and changed the first password."""
    first = accounts.add(store, PERSON, "admin", [], None, "示例")
    token = accounts.begin(store, PERSON, "password")
    accounts.change_password(store, accounts.visitor_of(store, token), first, accounts.made_up())
    return token


def main(folder: Path, wanted: set[tuple[str, str, int, str]], every: bool) -> None:
    """Draw the pages over the samples; where every one is asked for over an empty store and behind a sign-in, too."""
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name in ("samples", "empty", "signed") if every else ("samples",):
            path = Path(place) / name / "monitor.duckdb"
            token = None
            if name != "empty":
                store = open_store(path)
                acting.prepare(store)
                list(samples.load_samples(store, "示例", "示例数据"))
                if name == "signed":
                    accounts.add(store, "王强", "finance", ["323003"], None, "示例")
                    token = entered(store)
                store.close()
            target = folder / name if every else folder
            target.mkdir(parents=True, exist_ok=True)
            path.parent.mkdir(exist_ok=True)
            server = Server(path)
            draw(browser, server, target, wanted, whole=every, token=token)
            server.stop()
        browser.close()


if __name__ == "__main__":
    everything = {
        (name, language, width, scheme)
        for name in (*PAGES, *SIGNED)
        for language in ("zh", "en")
        for width in SIZES
        for scheme in ("light", "dark")
    }
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]), everything, every=True)
    else:
        main(FOLDER, README, every=False)
