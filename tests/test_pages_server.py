"""The layer around the pages as connections meet it."""

import asyncio
import gc
import re
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
from drawn import new_store
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse, HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from data import keeper
from data.database import Store, StoreError
from pages import opened, server


def test_an_answer_does_not_wait_for_the_word_that_the_one_before_has_come():
    """On a socket such as the framework makes, which does not name its protocol."""
    told: list[int] = []

    class Noted(asyncio.Protocol):
        def connection_made(self, transport):
            told.append(transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            transport.close()

    async def connected() -> None:
        with socket.socket(socket.AF_INET) as bound:
            bound.bind(("127.0.0.1", 0))
            bound.listen()
            bound.setblocking(False)
            serving = await asyncio.get_running_loop().create_server(Noted, sock=bound)
            reader, writer = await asyncio.open_connection(*bound.getsockname())
            await reader.read()
            writer.close()
            serving.close()

    async def without_and_with() -> None:
        await connected()
        server.answer_at_once(asyncio.get_running_loop())
        await connected()

    # In a thread of its own: a browser's loop may be running in this one.
    with ThreadPoolExecutor() as pool:
        pool.submit(asyncio.run, without_and_with()).result()
    assert [bool(one) for one in told] == [False, True]


PLAIN = HTMLResponse("<html><head></head><body>ours</body></html>")
FRAMEWORKS = FileResponse(server.STATIC / "index.html", headers={"cache-control": "public"})


def test_the_frameworks_page_comes_with_our_style_and_what_is_shown_first_and_every_other_as_it_is():
    routes = [Route("/plain", lambda _: PLAIN), Route("/{path:path}", lambda _: FRAMEWORKS)]
    # As the framework does, compressed for whoever takes that.
    app = Starlette(routes=routes, middleware=[Middleware(server.Dressed), Middleware(GZipMiddleware)])
    client = TestClient(app, headers={"accept": "text/html", "accept-encoding": "gzip"})
    for path in ("/", "/project"):
        answer = client.get(path)
        assert answer.text.count(server.STYLE.read_text("utf-8")) == 1 and answer.text.rstrip().endswith("</html>")
        assert answer.headers["cache-control"] == "no-cache" and "etag" not in answer.headers
        ahead = re.findall(r'modulepreload" crossorigin href="\./([^"]+)"', answer.text)
        assert any("Html." in name for name in ahead) and all((server.STATIC / name).is_file() for name in ahead)
        assert len(ahead) == len(set(ahead))
    assert client.get("/plain").text == PLAIN.body.decode()
    assert client.get("/", headers={"accept": "*/*"}).text == (server.STATIC / "index.html").read_text("utf-8")


@pytest.fixture
def damaged(tmp_path, monkeypatch):
    """A store that cannot be used when the server starts, at an address of this machine."""
    path = tmp_path / "monitor.duckdb"
    path.write_bytes(b"no database" * 1000)
    monkeypatch.setenv("BUDGET_STORE", str(path))
    monkeypatch.setenv("BUDGET_LOG", "off")
    monkeypatch.setattr(server, "get_option", lambda name: "127.0.0.1")
    yield path
    gc.unfreeze()


def mend(path):
    """Put a sound store in the place of a damaged one, the database last: whoever looks meanwhile finds no half of it."""
    made = path.parent / "made" / path.name
    made.parent.mkdir()
    new_store(path=made).close()
    for part in sorted(made.parent.glob(f"{path.stem}.*"), key=lambda part: part.name == path.name):
        part.replace(path.parent / part.name)


def test_a_store_that_can_be_used_only_later_is_kept_like_any_other(damaged):
    with TestClient(Starlette(lifespan=server.started)):
        mend(damaged)
        with pytest.raises(StoreError, match="store.held"):
            keeper.ask(damaged, "backup", "test")
        # Somebody looks at a page.
        assert not isinstance(opened.open_seeded(), StoreError)
        assert keeper.ask(damaged, "backup", "test")[1].exists()
    # What the server held it has let go.
    Store(damaged).close()


def test_a_store_that_can_be_used_only_later_is_found_although_nobody_looks(damaged, monkeypatch):
    monkeypatch.setattr(opened, "TRY_EVERY", 0)
    with TestClient(Starlette(lifespan=server.started)):
        mend(damaged)
        assert keeper.ask(damaged, "backup", "test")[1].exists()


def test_nothing_is_served_to_others_while_the_store_cannot_say_who_may_enter(damaged, monkeypatch):
    monkeypatch.setattr(server, "get_option", lambda name: "0.0.0.0")

    async def begun():
        async with server.started(None):
            pass

    # In a thread of its own: a browser's loop may be running in this one.
    with ThreadPoolExecutor() as pool, pytest.raises(SystemExit, match="monitor.duckdb"):
        pool.submit(asyncio.run, begun()).result()
