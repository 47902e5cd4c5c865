"""Signing in and out in a real Chromium: first password, its change, wrong ones, lock-out, expiry, limits to units."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from data import accounts, acting, journal, samples
from data.database import open_store
from pages import ways
from tests.browser.conftest import Server
from tests.browser.test_main_job import settle

pytestmark = pytest.mark.browser
FIRST = {"李敏": "First-Horse-41", "王强": "First-Horse-42"}
OWN = {"李敏": "Kept-By-Me-77", "王强": "Kept-By-Him-78"}
UNIT = "323003"


@pytest.fixture(scope="module")
def expired(tmp_path_factory) -> tuple[Path, str]:
    """A store with the samples and two people, and the cookie of a session begun longer ago than one may last."""
    path = tmp_path_factory.mktemp("entered") / "monitor.duckdb"
    store = open_store(path)
    acting.prepare(store)
    list(samples.load_samples(store, "test", "示例"))
    accounts.add(store, "李敏", "admin", [], FIRST["李敏"], "test")
    accounts.add(store, "王强", "finance", [UNIT], FIRST["王强"], "test")
    with journal.again(journal.now() - accounts.ABSOLUTE):
        token = accounts.begin(store, "李敏", "test")
    store.close()
    return path, token


@pytest.fixture(scope="module")
def server(expired):
    """A server of that store, which asks everybody to sign in."""
    running = Server(expired[0])
    yield running
    running.stop()


@pytest.fixture
def visit(chromium: Browser):
    """A function that opens a new browser of somebody's own."""
    contexts = []

    def opened(**told) -> Page:
        contexts.append(chromium.new_context(**{"locale": "zh-CN", "timezone_id": "Asia/Shanghai", **told}))
        page = contexts[-1].new_page()
        page.set_default_timeout(60_000)
        return page

    yield opened
    for context in contexts:
        context.close()


def enter(page: Page, person: str, password: str) -> None:
    """Fill in the form and send it."""
    page.locator("input[name=person]").fill(person)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button").click()


def change(page: Page, old: str, new: str, again: str | None = None) -> None:
    """Fill in the form of a new password and send it."""
    page.locator("input[name=old]").fill(old)
    page.locator("input[name=new]").fill(new)
    page.locator("input[name=again]").fill(again or new)
    page.get_by_role("button").click()


def leave(page: Page, server: Server, button: str) -> None:
    """Sign out by the page that asks from where."""
    page.goto(f"{server.url}/signout")
    page.get_by_role("button", name=button, exact=True).click()
    expect(page).to_have_url(re.compile("/signin$"))


def test_a_first_password_opens_nothing_but_the_form_for_an_own_one(visit, server):
    page = visit()
    page.goto(f"{server.url}/behind?as_of=2025-09")
    expect(page).to_have_url(f"{server.url}/signin?next=%2Fbehind%3Fas_of%3D2025-09")
    enter(page, "李敏", "My-Wrong-Try-1")
    expect(page.get_by_role("alert")).to_contain_text("不对")
    enter(page, "李敏", FIRST["李敏"])
    expect(page).to_have_url(re.compile("/password$"))
    page.goto(f"{server.url}/ledger")
    expect(page).to_have_url(re.compile("/password$"))
    change(page, FIRST["李敏"], "short")
    expect(page.locator("input[name=new]:invalid")).to_have_count(1)
    change(page, FIRST["李敏"], "Password-123456")
    expect(page.get_by_role("alert")).to_be_visible()
    change(page, FIRST["李敏"], OWN["李敏"], OWN["李敏"] + "x")
    expect(page.get_by_role("alert")).to_contain_text("不一样")
    change(page, FIRST["李敏"], OWN["李敏"])
    settle(page)
    expect(page.locator(".visitor")).to_contain_text("李敏 · 管理")


def test_a_person_of_one_unit_sees_that_unit_alone_and_says_so(visit, server):
    page = visit()
    page.goto(f"{server.url}/signin")
    enter(page, "王强", FIRST["王强"])
    change(page, FIRST["王强"], OWN["王强"])
    settle(page)
    expect(page.locator(".limited").first).to_be_visible()
    page.goto(f"{server.url}/project?unit=323005&project=13020225P00783510001A")
    settle(page)
    expect(page.get_by_text("没有这个项目")).to_be_visible()
    page.goto(f"{server.url}/accounts")
    settle(page)
    expect(page.get_by_text("初始口令")).to_have_count(0)
    expect(page.locator("nav, header").get_by_text("账号")).to_have_count(0)
    leave(page, server, "退出登录")


def test_five_wrong_passwords_lock_and_every_refusal_reads_the_same(visit, server):
    page, said = visit(), set()
    page.goto(f"{server.url}/signin")
    for person, password in [("nobody", "x"), *[("王强", "My-Wrong-Try-1")] * 5, ("王强", OWN["王强"])]:
        enter(page, person, password)
        said.add(page.get_by_role("alert").inner_text())
    assert len(said) == 1
    expect(page).to_have_url(re.compile("/signin"))


def test_a_session_that_has_lasted_its_time_is_over(visit, server, expired):
    page = visit()
    page.context.add_cookies([{"name": ways.COOKIE, "value": expired[1], "url": server.url}])
    page.goto(f"{server.url}/ledger")
    expect(page).to_have_url(re.compile("/signin"))
