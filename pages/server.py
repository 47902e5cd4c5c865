"""What the server adds to the pages: a warm start, compression, security headers."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from loaders.memory import give_back_soon
from pages.opened import open_seeded

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; frame-ancestors 'none'; form-action 'self'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
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
                present = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((name.encode(), text.encode()) for name, text in HEADERS.items() if name.encode() not in present),
                ]
            await send(message)

        await self.app(scope, receive, adding if scope["type"] == "http" else send)


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
    return [Middleware(Headers), Middleware(Compressed)]


@asynccontextmanager
async def started(app: Any) -> AsyncIterator[None]:
    """Open the store and load the heavy modules before the first visitor comes."""
    import pages.overview  # noqa: F401, PLC0415 - the first visitor should not wait for plotly

    give_back_soon()
    open_seeded()
    gc.collect()
    gc.freeze()
    yield
