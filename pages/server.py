"""What the server adds to the pages: a warm start, compression, security headers."""

import asyncio
import base64
import gc
import hashlib
import os
import re
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import get_option

from data import keeper
from data.database import Store, StoreError
from data.words import Words
from loaders.memory import give_back_soon
from pages import health, logbook, signing, ways
from pages.guard import Guard
from pages.opened import Awaited, beside, noticed, open_seeded, ready

FINISH_WITHIN = 45
STATIC = Path(streamlit.__file__).parent / "static"
STYLE = Path(__file__).parent / "parts" / "style.css"
# What the framework's own page has, and none of ours.
ROOT = b'<div id="root">'
# What every page shows first; the framework would fetch it only once it is needed, and show grey bars meanwhile.
FIRST_SHOWN = ("Html", "purify.es", "Selectbox", "Button")
# What the framework says of its file does not hold for the one with our style in it.
OF_THE_FILE = (b"content-length", b"etag", b"last-modified", b"cache-control")
# Inline scripts run by their hash alone: the loader of Streamlit's page, and ours that translates the framework's words.
INLINE = (STATIC / "index.html", *sorted((Path(__file__).parent / "parts").glob("*.html")))


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def policy() -> str:
    """What a page may load and run: our own files and the known inline scripts, nothing from elsewhere, no eval."""
    known = sorted({_hash(text) for path in INLINE for text in re.findall(r"<script>(.*?)</script>", path.read_text("utf-8"), re.DOTALL)})
    return (
        f"default-src 'self'; script-src 'self' {' '.join(known)}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'"
    )


HEADERS = {
    "content-security-policy": policy(),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class Headers:
    """Security headers on every answer over HTTP."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer."""

        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                if scope["path"].startswith("/media/"):
                    kept = [(name, text) for name, text in message["headers"] if name != b"cache-control"]
                    message["headers"] = [*kept, (b"cache-control", b"no-store")]
                present = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((name.encode(), text.encode()) for name, text in HEADERS.items() if name.encode() not in present),
                ]
            await send(message)

        await self.app(scope, receive, adding if scope["type"] == "http" else send)


def fetched_ahead() -> str:
    """Links by which a browser fetches the scripts of what is shown first, with all that these import, beside the page."""
    scripts, ahead = STATIC / "static" / "js", [path for name in FIRST_SHOWN for path in (STATIC / "static" / "js").glob(f"{name}.*.js")]
    page, found = (STATIC / "index.html").read_text("utf-8"), dict.fromkeys(path.name for path in ahead)
    while ahead:
        for name in re.findall(r"from\s*[\"']\./([\w.-]+\.js)", ahead.pop().read_text("utf-8")):
            if name not in found and name not in page:
                found[name] = None
                ahead.append(scripts / name)
    return "".join(f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in found)


class Dressed:
    """Our style sheet and links at the end of the framework's page, after its own, so that nothing moves once words have come."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app, self.ours = app, STYLE.read_bytes() + fetched_ahead().encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and put the style sheet into its answer where this is the framework's page."""
        begun: list[Message] = []
        parts: list[bytes] = []

        async def dressing(message: Message) -> None:
            if message["type"] == "http.response.start" and dict(message["headers"]).get(b"content-type", b"").startswith(b"text/html"):
                begun.append(message)
            elif not begun:
                await send(message)
            else:
                parts.append(message.get("body", b""))
                if not message.get("more_body"):
                    await finished()

        async def finished() -> None:
            body = b"".join(parts)
            if ROOT in body:
                body = body.replace(b"</body>", self.ours + b"</body>", 1)
                kept = [(name, text) for name, text in begun[0]["headers"] if name not in OF_THE_FILE]
                begun[0]["headers"] = [*kept, (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-cache")]
            await send(begun[0])
            await send({"type": "http.response.body", "body": body})

        if scope["type"] == "http" and scope["method"] == "GET" and b"text/html" in dict(scope["headers"]).get(b"accept", b""):
            # Compressed, the page could not be written into.
            plain = [(name, text) for name, text in scope["headers"] if name != b"accept-encoding"]
            await self.app({**scope, "headers": plain}, receive, dressing)
        else:
            await self.app(scope, receive, send)


class Compressed:
    """Scripts and styles compressed on their way out; everything else as it is."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application and its compressed twin."""
        self.app, self.compressed = app, GZipMiddleware(app, minimum_size=1000, compresslevel=5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Compress what the browser fetches as a static file."""
        is_static = scope["type"] == "http" and scope["path"].startswith("/static/")
        await (self.compressed if is_static else self.app)(scope, receive, send)


def middleware() -> list[Middleware]:
    """The layers around the pages, the outermost first."""
    return [Middleware(Headers), Middleware(Guard), Middleware(Compressed), Middleware(Dressed)]


def routes() -> list[Route]:
    """What the server answers beside the pages."""
    return [*signing.routes(), *health.routes()]


def answer_at_once(loop: asyncio.AbstractEventLoop) -> None:
    """Have the sockets of servers begun from now on send small messages without waiting for the answer to the one before.

    The framework's socket does not say that it is one of TCP, so asyncio leaves the delay on: 40 ms for each click.
    """
    create = loop.create_server

    async def created(*arguments: Any, **told: Any) -> Any:
        sock = told.get("sock")
        if sock is not None and sock.family in (socket.AF_INET, socket.AF_INET6):
            # What is accepted inherits it.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return await create(*arguments, **told)

    loop.create_server = created


@asynccontextmanager
async def started(app: Any) -> AsyncIterator[None]:
    """Open the store and load the heavy modules before the first visitor comes."""
    import pages.overview  # noqa: F401, PLC0415 - the first visitor should not wait for plotly

    give_back_soon()
    answer_at_once(asyncio.get_running_loop())
    store = open_seeded()
    address = get_option("server.address") or "0.0.0.0"  # noqa: S104 - what Streamlit does without one
    if why := _hindrance(store, address):
        sys.exit(why)
    gc.collect()
    gc.freeze()
    handler = logbook.keep_log(beside())
    if isinstance(store, StoreError):
        logbook.log("started", store=store.code)
    else:
        logbook.log("started", pid=os.getpid(), acts=store.journaled, faults=len(noticed(store)))
    with keeper.answering(Awaited()):
        yield
    if there := ready():
        _finish(there)
    if handler:
        handler.close()


def _hindrance(store: Store | StoreError, address: str) -> str | None:
    """Why nothing may be served at an address, as a sentence; a store that cannot be used cannot say who may enter, either."""
    say = Words("zh")
    if isinstance(store, StoreError):
        return None if ways.is_loopback(address) else say(store.code, **store.facts)
    why = ways.hindrance(store, address)
    return say(why, address=address) if why else None


def _finish(store: Store) -> None:
    """Whoever acts finishes first; what is committed goes from the write-ahead log into the file."""
    finished = store.writing.acquire(timeout=FINISH_WITHIN)
    logbook.log("stopped", finished=finished)
    if finished:
        store.close()
