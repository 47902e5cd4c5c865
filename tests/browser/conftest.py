"""A server of the product on a free port, and a Chromium that refuses every other host."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

HERE = Path(__file__).resolve().parent.parent.parent
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PATIENCE = 60
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items):
    """Without a Chromium the browser tests are skipped, but never under CI."""
    if CHROMIUM or os.environ.get("CI"):
        return
    for item in items:
        if "browser" in str(item.path):
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


class Server:
    """A running server of one store, which can be stopped and started again."""

    def __init__(self, store: Path) -> None:
        """Start it and wait until it answers."""
        self.store = store
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    @property
    def url(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the server as the README does."""
        command = [sys.executable, str(HERE / "dashboard.py"), "--store", str(self.store), "serve", "--port", str(self.port)]
        self.log = (self.store.parent / "server.log").open("ab")
        self.process = subprocess.Popen(command, cwd=HERE, stdout=self.log, stderr=subprocess.STDOUT)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1)
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError((self.store.parent / "server.log").read_text())

    def stop(self) -> None:
        """Stop it and wait."""
        self.process.terminate()
        self.process.wait(20)
        self.log.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    """A server over an empty store."""
    running = Server(tmp_path_factory.mktemp("served") / "monitor.duckdb")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def context(chromium, server) -> Iterator[BrowserContext]:
    """One Chinese visitor; a request to any other host fails the test that made it."""
    visitor = chromium.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 900}, accept_downloads=True
    )
    visitor.outside = []
    visitor.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((server.url, "data:", "blob:", f"ws://127.0.0.1:{server.port}"))
            else visitor.outside.append(request.url)
        ),
    )
    yield visitor
    assert visitor.outside == []
    visitor.close()


@pytest.fixture
def page(context) -> Iterator[Page]:
    """A new tab."""
    tab = context.new_page()
    tab.set_default_timeout(PATIENCE * 1000)
    yield tab
    tab.close()
