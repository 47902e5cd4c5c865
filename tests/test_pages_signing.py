"""Sign-in as a browser meets it: the guard before every route, the server's own pages, cookies, lock-out and expiry."""

import csv
import io
import json
import re
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import anyio
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute

from data import accounts, acting, audit, noting
from data.acting import ActError
from data.database import Store, StoreError, open_store
from pages import guard, present, server, signing, ways
from pages.guard import Guard
from pages.terminal import run

HERE = Path(__file__).resolve().parent.parent
HOST, PASSWORD = "monitor.example:8501", "Correct-Horse-42"
ROLES = ("viewer", "staff", "finance", "certifier", "admin", "system", "security", "audit")
PATHS = {
    "route.page": "/behind",
    "route.stream": "/_stcore/host-config",
    "route.media": "/media/file.xlsx",
    "route.upload": "/_stcore/upload_file/page-session/1",
    "route.metrics": "/_stcore/metrics",
}


@pytest.fixture(autouse=True)
def fresh(monkeypatch, tmp_path):
    """No settings of this machine, and nothing left of another test."""
    monkeypatch.setenv("BUDGET_SECRETS", str(tmp_path / "secrets.toml"))
    monkeypatch.delenv("BUDGET_SIGN_IN", raising=False)
    for memory in (present.OWNERS, present.FILES, signing._TRIES, accounts._SEEN):
        memory.clear()


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    """An empty store that somebody of each role can sign in to."""
    opened = open_store(tmp_path_factory.mktemp("signing") / "monitor.duckdb")
    acting.prepare(opened)
    for role in ROLES:
        accounts.add(opened, role, role, [], PASSWORD, "test")
    return opened


async def _passed(request) -> PlainTextResponse:
    return PlainTextResponse(f"passed {len(await request.body())}")


async def _connected(socket) -> None:
    await socket.accept()
    await socket.send_text(",".join(socket.scope["subprotocols"]))
    await socket.close()


@pytest.fixture
def app(monkeypatch, store) -> Starlette:
    """The guard and the routes around an application that lets everything pass."""
    monkeypatch.setenv("BUDGET_STORE", str(store.path))
    routes = [*signing.routes(), WebSocketRoute("/{path:path}", _connected)]
    routes.append(Route("/{path:path}", _passed, methods=["GET", "POST", "PUT", "DELETE"]))
    return Starlette(routes=routes, middleware=[Middleware(server.Headers), Middleware(Guard)])


class Answer:
    """What an application answered: status, headers, cookies and text."""

    def __init__(self, messages: list[dict]) -> None:
        start = next((one for one in messages if one["type"] == "http.response.start"), {"status": 0, "headers": []})
        self.status = start["status"]
        self.headers = {name.decode(): text.decode() for name, text in start["headers"] if name != b"set-cookie"}
        self.cookies = [text.decode() for name, text in start["headers"] if name == b"set-cookie"]
        self.text = b"".join(one.get("body", b"") for one in messages).decode()
        self.accepted = any(one["type"] == "websocket.accept" for one in messages)
        self.said = [one["text"] for one in messages if one["type"] == "websocket.send"]

    def cookie(self, name: str) -> str:
        return next(re.match(rf"{name}=([^;]*)", one)[1] for one in self.cookies if one.startswith(f"{name}="))


def ask(app, path: str, method: str = "GET", body: bytes = b"", kind: str = "http", **headers: str) -> Answer:
    """One request; `client` and `host` may be given among the headers."""
    where, _, query = path.partition("?")
    client = headers.pop("client", "10.0.0.7")
    told = {"host": HOST, "origin": f"http://{HOST}", **headers}
    scope = {
        **{"type": kind, "path": where, "raw_path": where.encode(), "query_string": query.encode(), "root_path": "", "http_version": "1.1"},
        "headers": [(name.replace("_", "-").encode(), text.encode()) for name, text in told.items() if text],
        **{"client": (client, 1), "server": ("monitor.example", 8501), "scheme": "http" if kind == "http" else "ws", "extensions": {}},
    }
    scope |= {"method": method} if kind == "http" else {"subprotocols": told.get("sec_websocket_protocol", "").split(", ")}
    sent: list[dict] = []
    came = [{"type": "http.request", "body": body, "more_body": False}] if kind == "http" else [{"type": "websocket.connect"}]

    async def receive() -> dict:
        return came.pop(0) if came else {"type": f"{kind}.disconnect", "code": 1000}

    async def send(message: dict) -> None:
        sent.append(message)

    async def run_it() -> None:
        await app(scope, receive, send)

    anyio.run(run_it)
    return Answer(sent)


def entered(store: Store, person: str) -> str:
    """The cookie of somebody who has signed in and has a password of their own."""
    token = accounts.begin(store, person, "test")
    known = next(row for row in accounts.people(store) if row["person"] == person)
    if known["temporary"]:
        accounts.change_password(store, accounts.visitor_of(store, token), PASSWORD, f"Other-Horse-{len(person)}7x")
    return f"{ways.COOKIE}={token}"


def test_without_a_session_nothing_is_answered_but_the_way_to_one(app):
    for path in ("/_stcore/host-config", "/_stcore/metrics", "/media/a.xlsx", "/component/x/y", "/static/js/a.js", "/metrics"):
        assert ask(app, path).status == 401
    assert ask(app, "/_stcore/upload_file/a/b", "PUT", b"x" * 100).status == 401
    deep = ask(app, "/behind?as_of=2025-09&unit=1")
    assert (deep.status, deep.headers["location"]) == (303, "/signin?next=%2Fbehind%3Fas_of%3D2025-09%26unit%3D1")
    assert not ask(app, "/_stcore/stream", kind="websocket").accepted
    assert ask(app, "/behind", cookie=f"{ways.COOKIE}=made-up").status == 303
    assert ask(app, "/_stcore/health").status == 200
    assert ask(app, "/signin").status == 200


def test_every_route_as_every_role_is_as_the_table_says(app, store, monkeypatch, tmp_path):
    with (HERE / "data/rights.csv").open(encoding="utf-8", newline="") as file:
        table = {row["right"]: row for row in csv.DictReader(file)}
    assert {right for right in table if right.startswith("route.")} == set(PATHS)
    for separated in ("false", "true"):
        (tmp_path / "secrets.toml").write_text(f"[sign_in]\nseparated = {separated}\n", encoding="utf-8")
        ways._read.cache_clear()
        for role in ROLES:
            cookie = entered(store, role)
            session = accounts.hashed(cookie.partition("=")[2])
            present.OWNERS["page-session"] = session
            present.FILES["file"] = {session}
            honoured = role not in (("admin",) if separated == "true" else ("system", "security", "audit"))
            for right, path in PATHS.items():
                method = "PUT" if right == "route.upload" else "GET"
                expected = 200 if table[right][role] and honoured else 403
                assert ask(app, path, method, b"x", cookie=cookie).status == expected, (role, right, separated)
            stream = ask(app, "/_stcore/stream", kind="websocket", cookie=cookie)
            assert stream.accepted == (bool(table["route.stream"][role]) and honoured)
            assert ask(app, "/_stcore/agent/mcp", cookie=cookie).status == 404


def test_another_sites_page_and_a_missing_origin_change_nothing(app, store):
    cookie = entered(store, "finance")
    for origin in ("http://evil.example", "null", ""):
        assert not ask(app, "/_stcore/stream", kind="websocket", cookie=cookie, origin=origin).accepted
        assert ask(app, "/_stcore/upload_file/a/b", "PUT", b"x", cookie=cookie, origin=origin).status == 403
        assert ask(app, "/signout", "POST", b"", cookie=cookie, origin=origin).status == 403
    assert ask(app, "/behind", cookie=cookie).status == 200


def test_anothers_page_session_file_and_upload_are_out_of_reach(app, store):
    mine, theirs = entered(store, "finance"), entered(store, "admin")
    session = accounts.hashed(theirs.partition("=")[2])
    present.OWNERS["theirs"], present.FILES["secret"] = session, {session}
    greeting = {"sec_websocket_protocol": "streamlit, token, theirs"}
    assert ask(app, "/_stcore/stream", kind="websocket", cookie=theirs, **greeting).said == ["streamlit,token,theirs"]
    assert ask(app, "/_stcore/stream", kind="websocket", cookie=mine, **greeting).said == ["streamlit,token"]
    assert ask(app, "/_stcore/upload_file/theirs/1", "PUT", b"x", cookie=mine).status == 403
    assert ask(app, "/media/secret.xlsx", cookie=mine).status == 403
    assert ask(app, "/media/secret.xlsx", cookie=theirs).status == 200


def test_uploads_are_counted_for_each_person_and_refused_before_they_are_read(app, store):
    cookie = entered(store, "finance")
    present.OWNERS["own"] = accounts.hashed(cookie.partition("=")[2])
    sizes = [ask(app, "/_stcore/upload_file/own/1", "PUT", b"", cookie=cookie, content_length=str(50 * 1024**2)).status for _ in range(6)]
    assert sizes == [200, 200, 200, 200, 429, 429]
    # Without a length a file counts as the largest there may be.
    other = entered(store, "staff")
    present.OWNERS["own"] = accounts.hashed(other.partition("=")[2])
    assert [ask(app, "/_stcore/upload_file/own/1", "PUT", b"", cookie=other).status for _ in range(4)] == [200, 200, 200, 429]


@pytest.mark.parametrize("sign_in", ["accounts", "none"])
def test_all_files_together_find_no_more_room_than_the_server_has(app, store, monkeypatch, sign_in):
    monkeypatch.setenv("BUDGET_SIGN_IN", sign_in)
    cookie = entered(store, "finance")
    present.OWNERS["own"] = accounts.hashed(cookie.partition("=")[2])
    told = {"cookie": cookie, "content_length": str(50 * 1024**2), "client": "127.0.0.1", "host": "127.0.0.1", "origin": "http://127.0.0.1"}
    monkeypatch.setattr(guard, "held", lambda: 370 * 1024**2)
    assert ask(app, "/_stcore/upload_file/own/1", "PUT", b"", **told).status == 429
    # What was held is let go of with its session, and what was refused is not counted.
    monkeypatch.setattr(guard, "held", lambda: 340 * 1024**2)
    assert [ask(app, "/_stcore/upload_file/own/1", "PUT", b"", **told).status for _ in range(2)] == [200, 200]


def filled(app, store, path: str, cookie: str = "", **fields: str) -> Answer:
    """A form of ours, opened and sent as a browser does."""
    opened = ask(app, path, cookie=cookie)
    token = opened.cookie("budget_form")
    assert f"value='{token}'" in opened.text
    both = "; ".join(filter(None, (cookie, f"budget_form={token}")))
    return ask(app, path, "POST", urlencode({"form": token, **fields}).encode(), cookie=both)


def test_the_right_password_gives_a_cookie_that_no_script_reads_and_leads_on(app, store):
    own = "Kept-By-Me-77"
    accounts.add(store, "李敏", "viewer", [], PASSWORD, "test")
    answer = filled(app, store, "/signin?next=%2Fbehind%3Fas_of%3D2025-09", person="李敏", password=PASSWORD)
    assert (answer.status, answer.headers["location"]) == (303, "/behind?as_of=2025-09")
    flags = next(one for one in answer.cookies if one.startswith(ways.COOKIE)).lower()
    assert "httponly" in flags and "samesite=lax" in flags and "max-age" not in flags
    cookie = f"{ways.COOKIE}={answer.cookie(ways.COOKIE)}"
    # A password that somebody else has thought of must be changed first.
    assert ask(app, "/behind", cookie=cookie).headers["location"] == "/password"
    assert not ask(app, "/_stcore/stream", kind="websocket", cookie=cookie).accepted
    assert "口令太容易" in filled(app, store, "/password", cookie, old=PASSWORD, new="李敏-Password1", again="李敏-Password1").text
    assert "不一样" in filled(app, store, "/password", cookie, old=PASSWORD, new=own, again=own + "x").text
    assert filled(app, store, "/password", cookie, old=PASSWORD, new=own, again=own).status == 303
    assert ask(app, "/behind", cookie=cookie).status == 200
    assert "不能再用" in filled(app, store, "/password", cookie, old=own, new=PASSWORD, again=PASSWORD).text
    assert filled(app, store, "/signout", cookie).status == 303
    assert ask(app, "/behind", cookie=cookie).status == 303


def test_over_tls_the_cookie_stays_on_tls(app, store):
    opened = ask(app, "/signin", x_forwarded_proto="https")
    assert "; secure" in opened.cookies[0].lower()


def test_a_form_of_another_browser_or_a_huge_one_is_refused(app, store):
    stolen = ask(app, "/signin").cookie("budget_form")
    body = urlencode({"form": stolen, "person": "admin", "password": PASSWORD}).encode()
    assert ask(app, "/signin", "POST", body).status == 400
    assert ask(app, "/signin", "POST", body, cookie="budget_form=another").status == 400
    assert ask(app, "/signin", "POST", b"x" * 100_000, cookie=f"budget_form={stolen}").status == 400


@pytest.mark.parametrize(
    "told", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/signin?next=/", "/a\r\nx: y", "", " "]
)
def test_the_way_on_never_leaves_these_pages(told):
    assert signing.next_of(told) == "/"


def test_names_and_addresses_are_text_on_the_servers_pages(app, store):
    hostile = "\"'><script>alert(1)</script>"
    shown = filled(app, store, f"/signin?{urlencode({'next': hostile, 'x': hostile})}", person=hostile, password="x").text
    assert "<script" not in shown and "&lt;script&gt;" in shown


def test_every_failure_reads_the_same_and_five_lock_the_account(app, store):
    accounts.add(store, "forgetful", "staff", [], PASSWORD, "test")
    unknown = filled(app, store, "/signin", person="nobody", password="x")
    answers = [filled(app, store, "/signin", person="forgetful", password="wrong") for _ in range(5)]
    locked = filled(app, store, "/signin", person="forgetful", password=PASSWORD)
    said = {re.search(r"role='alert'>([^<]*)", one.text)[1] for one in (unknown, *answers, locked)}
    assert len(said) == 1 and {one.status for one in (unknown, *answers, locked)} == {401}
    assert [row["locked"] for row in accounts.people(store) if row["person"] == "forgetful"] == [True]
    secret = accounts.set_password(store, "forgetful", "test")
    assert filled(app, store, "/signin", person="forgetful", password=secret).status == 303


def test_a_full_disk_is_a_sentence_on_every_form_and_whoever_is_refused_stays_so(app, store, monkeypatch):
    cookie = entered(store, "viewer")
    assert ask(app, "/behind", cookie=cookie).status == 200

    def full(*_, **__):
        raise StoreError("store.full")

    monkeypatch.setattr(noting.journal, "anchored", full)
    monkeypatch.setattr(audit.journal, "anchored", full)
    monkeypatch.setattr(noting, "_NOTED", {})
    for path, fields in (
        ("/signin", {"person": "viewer", "password": "Other-Horse-67x"}),
        ("/password", {"old": "Other-Horse-67x", "new": "Third-Horse-9x", "again": "Third-Horse-9x"}),
        ("/signout", {}),
    ):
        answer = filled(app, store, path, "" if path == "/signin" else cookie, **fields)
        assert answer.status == 503 and "磁盘已满" in answer.text, path
    assert ask(app, "/_stcore/metrics", cookie=cookie).status == 403


def test_tries_from_one_address_are_slowed(app, store):
    signing._TRIES["10.0.0.7"].extend([time.monotonic()] * signing.MOST_TRIES)
    assert filled(app, store, "/signin", person="nobody", password="x").status == 429


def test_a_session_ends_idle_and_in_any_case_after_hours(store, monkeypatch):
    token = accounts.begin(store, "viewer", "test")
    accounts._SEEN[accounts.hashed(token)] -= accounts.IDLE.total_seconds() - 5
    assert accounts.visitor_of(store, token)
    accounts._SEEN[accounts.hashed(token)] -= accounts.IDLE.total_seconds() + 5
    assert accounts.visitor_of(store, token) is None
    other = accounts.begin(store, "viewer", "test")
    monkeypatch.setattr(accounts, "ABSOLUTE", timedelta(0))
    assert accounts.visitor_of(store, other) is None


def test_disabling_signing_out_everywhere_and_a_new_password_end_every_session_at_once(store):
    for deed in (
        lambda: accounts.disable(store, "staff", "test"),
        lambda: accounts.sign_out_everywhere(store, "staff", "test"),
        lambda: accounts.set_password(store, "staff", "test"),
    ):
        tokens = [accounts.begin(store, "staff", "test") for _ in range(2)]
        assert all(accounts.visitor_of(store, token) for token in tokens)
        deed()
        assert not any(accounts.visitor_of(store, token) for token in tokens)
        accounts.disable(store, "staff", "test", disabled=False)
    assert not any(accounts.visitor_of(store, token) for token in tokens)


@pytest.mark.parametrize("password", ["short-A1", "alllowercase1", "Password-123456", "Staff-member-1", "Aa1Aa1Aa1Aa1", "x" * 200])
def test_a_weak_password_is_refused(store, password):
    with pytest.raises(ActError):
        accounts.set_password(store, "staff", "test", password)


@pytest.mark.parametrize("name", ["", " ", "a\u202eb", "a\u200bb", "a\nb", "x" * 41])
def test_a_name_that_could_mislead_is_refused(store, name):
    with pytest.raises(ActError, match="account.name"):
        accounts.add(store, name, "viewer", [], PASSWORD, "test")


def test_no_password_and_no_token_stands_anywhere_in_store_or_journal(tmp_path):
    own = open_store(tmp_path / "own.duckdb")
    acting.prepare(own)
    accounts.add(own, "somebody", "admin", [], PASSWORD, "test")
    token = accounts.sign_in(own, "somebody", PASSWORD)
    accounts.sign_in(own, "somebody", "My-Wrong-Try-1")
    accounts.sign_out(own, accounts.visitor_of(own, token), everywhere=True)
    told = io.StringIO()
    for table in own.ask("select table_name from duckdb_tables() where not internal"):
        told.write(json.dumps(own.ask(f"from {table['table_name']}"), default=str))
    told.write((tmp_path / "own.journal.jsonl").read_text(encoding="utf-8"))
    for secret in (PASSWORD, token, "My-Wrong-Try-1"):
        assert secret not in told.getvalue()
    events = [(row["event"], row["outcome"]) for row in audit.trail(own)]
    assert events[::-1] == [("rules", "done"), ("account_added", "done"), ("signin", "done"), ("signin", "refused"), ("signout", "done")]


def test_without_sign_in_this_machine_alone_is_answered_by_its_own_name(app, monkeypatch):
    monkeypatch.setenv("BUDGET_SIGN_IN", "none")
    near = {"client": "127.0.0.1", "host": "127.0.0.1:8501"}
    assert ask(app, "/behind", **near).status == 200
    assert ask(app, "/_stcore/stream", kind="websocket", **near).accepted
    assert ask(app, "/behind", client="10.0.0.7", host="127.0.0.1:8501").status == 403
    assert ask(app, "/behind", client="127.0.0.1", host="evil.example").status == 403
    assert ask(app, "/behind", x_forwarded_for="10.0.0.7", **near).status == 403
    assert not ask(app, "/_stcore/stream", kind="websocket", client="127.0.0.1", host="evil.example", origin="http://evil.example").accepted


SECRET = "a secret that only the proxy knows"


def test_a_proxys_header_counts_with_its_secret_and_from_this_machine_alone(app, store, monkeypatch, tmp_path):
    (tmp_path / "secrets.toml").write_text(
        f'[sign_in]\nway = "header"\nsecret = "{SECRET}"\nrole_header = "X-Roles"\nunit_header = "X-Units"\n'
        '[sign_in.roles]\nboss = "viewer"\n',
        encoding="utf-8",
    )
    ways._read.cache_clear()
    told = {"x_forwarded_user": "zhang", "x_roles": "others, boss", "x_units": "323001", "x_proxy_secret": SECRET}
    assert ask(app, "/behind", client="127.0.0.1", **told).status == 200
    assert ask(app, "/behind", client="10.0.0.7", **told).status == 303
    for change in ({"x_proxy_secret": "wrong"}, {"x_proxy_secret": ""}, {"x_forwarded_user": ""}):
        assert ask(app, "/behind", client="127.0.0.1", **{**told, **change}).status == 303
    assert ask(app, "/behind", client="127.0.0.1", **{**told, "x_roles": "others"}).status == 403
    who = ways.identify(store, {name.replace("_", "-"): text for name, text in told.items()}, {})
    assert (who.name, who.role, who.units) == ("zhang", "viewer", frozenset({"323001"}))
    assert ways.hindrance(store, "127.0.0.1") is None
    assert ways.hindrance(store, "0.0.0.0") == "serve.no_proxy"


def test_a_providers_claims_give_name_role_and_units_for_as_long_as_a_session_lasts(store, monkeypatch, tmp_path):
    """The cookie that st.login sets is signed here as Streamlit signs it; test_oidc.py goes the whole way."""
    from streamlit.web.server.starlette import starlette_app_utils, starlette_websocket

    (tmp_path / "secrets.toml").write_text(
        '[sign_in]\nway = "oidc"\nrole_claim = "realm_access.roles"\nunit_claim = "unit"\n[sign_in.roles]\n"budget-finance" = "finance"\n',
        encoding="utf-8",
    )
    ways._read.cache_clear()
    monkeypatch.setattr(starlette_websocket, "get_cookie_secret", lambda: "server secret")
    claims = {"origin": f"http://{HOST}", "is_logged_in": True, "preferred_username": "wang", "iat": time.time(), "unit": ["323001"]}
    claims["realm_access"] = {"roles": ["offline", "budget-finance"]}

    def seen(secret: str = "server secret", **change: object):
        value = starlette_app_utils.create_signed_value(secret, "_streamlit_user", json.dumps({**claims, **change}))
        return ways.identify(store, {"host": HOST}, {"_streamlit_user": value.decode()})

    who = seen()
    assert (who.name, who.role, who.units) == ("wang", "finance", frozenset({"323001"}))
    assert seen(realm_access={"roles": ["offline"]}).role == ""
    assert seen(secret="another") is None
    assert seen(is_logged_in=False) is None
    assert seen(origin="http://evil.example") is None
    assert seen(iat=time.time() - 9 * 3600) is None
    assert seen(iat=None) is None
    assert ways.hindrance(store, "0.0.0.0") == "serve.no_provider"
    with (tmp_path / "secrets.toml").open("a", encoding="utf-8") as file:
        file.write("[auth]\n")
    ways._read.cache_clear()
    assert ways.hindrance(store, "0.0.0.0") is None
    # A library of the provider's that is not there is told before anybody tries.
    for name in ways.PROVIDER_NEEDS:
        monkeypatch.setattr(ways, "find_spec", lambda one, gone=name: None if one == gone else object())
        assert ways.hindrance(store, "0.0.0.0") == "serve.no_provider"


def test_any_other_address_is_refused_in_three_lines_until_somebody_can_sign_in(tmp_path, capsys):
    path = str(tmp_path / "own.duckdb")
    for address in ("0.0.0.0", "::", "192.168.1.5", ""):
        assert run(["--store", path, "serve", "--address", address, "--port", "8749"]) == 2
        told = capsys.readouterr().err.strip().splitlines()
        assert len(told) == 3 and "person add" in told[1]
    assert run(["--store", path, "person", "add", "王强", "--role", "staff"]) == 0
    assert "初始口令" in capsys.readouterr().out
    own = open_store(Path(path))
    # Somebody who cannot look after accounts is not enough.
    assert ways.hindrance(own, "0.0.0.0") == "serve.no_sign_in"
    assert run(["--store", path, "--json", "person", "add", "李敏", "--role", "admin"]) == 0
    secret = json.loads(capsys.readouterr().out)["password"]
    assert ways.hindrance(own, "0.0.0.0") is None
    assert accounts.sign_in(own, "李敏", secret)
    assert run(["--store", path, "person", "role", "王强", "--role", "finance", "--unit", "323001"]) == 0
    assert run(["--store", path, "person", "disable", "王强"]) == 0
    capsys.readouterr()
    assert run(["--store", path, "--json", "person", "list"]) == 0
    rows = {row["person"]: row for row in json.loads(capsys.readouterr().out)["people"]}
    assert (rows["王强"]["role"], rows["王强"]["units"], rows["王强"]["disabled"]) == ("finance", ["323001"], True)
    assert run(["--store", path, "person", "add", "李敏", "--role", "admin"]) == 1
    assert run(["--store", path, "person", "add"]) == 2


def test_whoever_asks_while_the_store_has_no_answer_is_told_to_come_again(app, store, monkeypatch):
    """As while its file is opened anew after a full disk; nobody is let pass meanwhile, and nothing fails without a word."""
    cookie = entered(store, "finance")
    with monkeypatch.context() as patched:

        def broken(*_):
            raise StoreError("store.reopened")

        patched.setattr(store, "ask", broken)
        assert ask(app, "/behind", cookie=cookie).status == 503
    assert ask(app, "/behind", cookie=cookie).status == 200
