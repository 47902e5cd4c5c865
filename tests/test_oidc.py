"""Signing in through a provider of OpenID Connect, from the first address to a page and out again, over a real server."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from re import search
from urllib.parse import urljoin

import pytest
from drawn import new_store
from provider import CLIENT, provider

from tests.proofs.visitor import Visitor, request

HERE = Path(__file__).resolve().parent.parent
CLAIMS = {"preferred_username": "wang", "realm_access": {"roles": ["offline", "budget-finance"]}, "unit": ["001"]}
SETTINGS = """
[sign_in]
way = "oidc"
role_claim = "realm_access.roles"
unit_claim = "unit"
[sign_in.roles]
"budget-finance" = "finance"
[auth]
redirect_uri = "{url}/oauth2callback"
cookie_secret = "a secret of this server, long enough"
client_id = "{client}"
client_secret = "client secret"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A provider and a server that asks it; the server's address and the provider."""
    folder = tmp_path_factory.mktemp("oidc")
    new_store(path=folder / "monitor.duckdb").close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url, secrets = f"http://127.0.0.1:{port}", folder / "secrets.toml"
    with provider(dict(CLAIMS)) as asked, (folder / "log").open("wb") as log:
        secrets.write_text(SETTINGS.format(url=url, client=CLIENT, provider=asked.url), encoding="utf-8")
        told = os.environ | {"BUDGET_SECRETS": str(secrets), "STREAMLIT_SECRETS_FILES": str(secrets)}
        told.pop("BUDGET_SIGN_IN", None)
        command = [sys.executable, "dashboard.py", "--store", str(folder / "monitor.duckdb"), "serve", "--port", str(port)]
        server = subprocess.Popen(command, cwd=HERE, env=told, stdout=log, stderr=log)
        end = time.monotonic() + 120
        while request(f"{url}/_stcore/health")[0] != 200 and server.poll() is None and time.monotonic() < end:
            time.sleep(0.2)
        try:
            assert server.poll() is None, (folder / "log").read_text()
            yield url, asked
        finally:
            server.terminate()
            server.wait(60)


class Jar:
    """The cookies of one browser."""

    def __init__(self):
        self.cookies: dict[str, str] = {}

    def ask(self, url: str, method: str = "GET", body: bytes | None = None, origin: str = ""):
        status, headers, page = request(url, method, body, cookie=self.text, origin=origin)
        for line in headers.get_all("set-cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            if value.strip('"') and "max-age=0" not in line.lower():
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
        return status, headers.get("location"), page.decode()

    @property
    def text(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def enter(self, url: str) -> str:
        """Sign in as a browser does; where it ends up."""
        status, where, _ = self.ask(f"{url}/behind?as_of=2025-09")
        assert status == 303 and where.startswith("/signin?next=")
        _, _, page = self.ask(urljoin(url, where))
        where = urljoin(url, unescape(search(r"class='button' href='([^']*)'", page)[1]))
        while where:
            at = where
            _, where, _ = self.ask(at)
            where = where and urljoin(at, where)
        return at


def test_a_person_of_the_provider_enters_with_the_role_and_units_of_their_claims_and_leaves(served):
    url, asked = served
    jar = Jar()
    assert jar.enter(url) == f"{url}/"
    status, _, _ = jar.ask(f"{url}/behind")
    assert status == 200

    async def shown() -> str:
        visitor = Visitor(url, jar.text)
        await visitor.arrive("upload", "lang=zh")
        await visitor.leave()
        return visitor.text()

    with ThreadPoolExecutor() as pool:
        text = pool.submit(asyncio.run, shown()).result()
    assert "wang" in text and "财务" in text and "以下数字只包括" in text
    # No role, no page; another person's cookie with a sign changed is nobody's.
    status, _, page = jar.ask(f"{url}/signout")
    token = search(r"name='form' value='([^']*)'", page)[1]
    status, where, _ = jar.ask(f"{url}/signout", "POST", f"form={token}".encode(), origin=url)
    assert (status, where) == (303, "/auth/logout")
    kept = jar.text
    status, where, _ = jar.ask(f"{url}/auth/logout")
    assert status in (302, 303)
    # The cookie from before counts no more, even where somebody has kept it.
    assert request(f"{url}/behind", cookie=kept)[0] == 303


def test_somebody_without_a_role_here_sees_no_page_and_a_forged_cookie_is_nobodys(served):
    url, asked = served
    asked.claims["realm_access"] = {"roles": ["offline"]}
    # A cookie says its second, and those of the second of a sign-out count no more.
    time.sleep(1.1)
    jar = Jar()
    assert jar.enter(url) == f"{url}/"
    assert jar.ask(f"{url}/behind")[0] == 403
    forged = {name: value[:-8] + value[-8:].swapcase() for name, value in jar.cookies.items() if name.startswith("_streamlit_user")}
    assert forged and request(f"{url}/behind", cookie="; ".join(f"{name}={value}" for name, value in forged.items()))[0] == 303
    asked.claims["realm_access"] = CLAIMS["realm_access"]
