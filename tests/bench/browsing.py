"""First content in Chromium: our overview against an empty page of Streamlit, seen for the first time and once more."""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench.measured import Line, MissingError, Took
from tests.bench.serving import EMPTY
from tests.bench.starting import Running, ours, running
from tests.bench.stores import Stores

TIMES, SIZE = 5, {"width": 1440, "height": 900}
# What a person reads first.
OURS, THEIRS = ".verdict", "[data-testid=stText]"
MOMENTS = ("first visit", "once more")


def lines(stores: Stores) -> list[Line]:
    """The first content of each store's overview; MissingError without a Chromium."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import ARGUMENTS, CHROMIUM

    if CHROMIUM is None:
        raise MissingError("there is no Chromium on this machine")
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder) / "empty.py"
            script.write_text(EMPTY.replace("''", "'.'"), encoding="utf-8")
            with running("-m", "streamlit", "run", str(script)) as server:
                empty = _seen(browser, server, THEIRS)
        for size in stores:
            with running(*ours(stores[size]), port="--port") as server:
                seen = _seen(browser, server, OURS)
            for moment, took, base in zip(MOMENTS, seen, empty, strict=True):
                found.append(Line(f"first content in Chromium, {moment}: {size:,} projects", took, "an empty page", base))
        browser.close()
    return found


def _seen(browser: Any, server: Running, first: str) -> list[Took]:
    """Until somebody sees something who was never there, and until they do when they come again; the server's memory."""
    taken: list[list[float]] = []
    # The first of all warms the server up.
    for _ in range(1 + TIMES):
        context = browser.new_context(viewport=SIZE, locale="zh-CN")
        taken.append([_look(context, server.url, first) for _ in MOMENTS])
        context.close()
    return [Took(statistics.median(times), server.peak()) for times in zip(*taken[1:], strict=True)]


def _look(context: Any, url: str, first: str) -> float:
    """The seconds until there is something to read."""
    page, begun = context.new_page(), time.perf_counter()
    page.goto(url, wait_until="commit")
    page.locator(first).first.wait_for()
    seen = time.perf_counter() - begun
    page.close()
    return seen
