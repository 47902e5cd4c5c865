"""The guard before every route: who asks, for what, from where; nobody passes without a session where sign-in is demanded."""

import time
from collections import defaultdict, deque
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote, urlsplit

import anyio
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime

from data import noting
from data.database import Store, StoreError
from data.rights import Visitor
from pages import ways
from pages.opened import open_seeded
from pages.present import FILES, OWNERS

STREAM, UPLOAD, MEDIA, METRICS = "/_stcore/stream", "/_stcore/upload_file/", "/media/", ("/_stcore/metrics", "/metrics")
# What is no page: refused with a number, not sent to the sign-in.
PARTS = ("/_stcore/", "/media/", "/component/", "/static/", "/app/static/", "/metrics")
OPEN = ("/signin", "/_stcore/health", "/health", "/healthz")
PROVIDER = ("/auth/login", "/oauth2callback")
OWN = ("/password", "/signout")
CLOSED = ("/_stcore/agent", "/_stcore/script-health-check")
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
HOUR, MOST_FILES, MOST_BYTES, ONE_FILE = 3600, 120, 200 * 1024**2, 51 * 1024**2
# So much all page sessions together may leave on the server, signed in or not.
MOST_HELD = 400 * 1024**2


class Guard:
    """Asks of every request and WebSocket who sends it, before anything else sees it."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app = app
        self.uploads: dict[str, deque[tuple[float, int]]] = defaultdict(deque)
        self.arriving = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass; answer the rest."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): text.decode("latin-1") for name, text in scope["headers"]}
        store = await anyio.to_thread.run_sync(open_seeded)
        try:
            answer = _of_open(scope, headers) if _is_open(store) else await self._checked(scope, headers, store)
        except StoreError:
            # A store that has no answer just now knows nobody; it may have one soon.
            answer = 503
        if answer is not None:
            await _refuse(answer, scope, receive, send)
        elif scope["path"].startswith(UPLOAD) and scope.get("method") == "PUT":
            await self._take(_size(headers), scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _take(self, size: int, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a file on where there is room for it beside those that are held and those that are arriving."""
        if held() + self.arriving + size > MOST_HELD:
            await _refuse(429, scope, receive, send)
            return
        self.arriving += size
        try:
            await self.app(scope, receive, send)
        finally:
            self.arriving -= size

    async def _checked(self, scope: Scope, headers: Mapping[str, str], store: Store) -> int | str | None:
        """None to let pass; else a status, or an address to go to instead."""
        path, is_socket = scope["path"], scope["type"] == "websocket"
        if path.startswith(CLOSED):
            return 404
        if (is_socket or scope["method"] not in ("GET", "HEAD", "OPTIONS")) and not _same_origin(headers):
            return 403
        if path in OPEN or (path in PROVIDER and ways.way(store) == ways.OIDC):
            return None
        visitor = ways.identify(store, headers, _cookies(headers.get("cookie", ""))) if _near(scope, store) else None
        if visitor is None:
            return _sent(scope, 401, _address(scope))
        if path in OWN or path.startswith("/auth/"):
            return None
        return _sent(scope, 403, "/password") if visitor.must_change else await self._judged(scope, headers, store, visitor)

    async def _judged(self, scope: Scope, headers: Mapping[str, str], store: Store, visitor: Visitor) -> int | None:
        """Whether somebody who is signed in may have just this."""
        path, right = scope["path"], route_of(scope["path"])
        if not visitor.may(right) or _is_foreign(path, headers, visitor):
            await anyio.to_thread.run_sync(noting.refused, store, visitor.name, right)
            return 403
        if scope["type"] == "websocket":
            _start_anew(scope, headers, visitor)
            return None
        return 429 if path.startswith(UPLOAD) and scope["method"] == "PUT" and self._has_sent_enough(headers, visitor) else None

    def _has_sent_enough(self, headers: Mapping[str, str], visitor: Visitor) -> bool:
        """Whether a person has sent enough files or bytes for this hour; else this one counts."""
        now, sent = time.monotonic(), self.uploads[visitor.name]
        while sent and now - sent[0][0] > HOUR:
            sent.popleft()
        size = _size(headers)
        if len(sent) >= MOST_FILES or sum(count for _, count in sent) + size > MOST_BYTES:
            return True
        # Counted before a byte is read, so that many at once count as many.
        sent.append((now, size))
        return False


def _size(headers: Mapping[str, str]) -> int:
    """The bytes that a request says it brings; without a word of it those of the largest file."""
    told = headers.get("content-length", "")
    return int(told) if told.isdigit() else ONE_FILE


def held() -> int:
    """The bytes of all files that page sessions hold."""
    if not runtime.exists():
        return 0
    files = runtime.get_instance().uploaded_file_mgr.file_storage
    return sum(len(file.data) for session in list(files.values()) for file in list(session.values()))


def route_of(path: str) -> str:
    """The right that a path asks for."""
    if path.startswith(METRICS):
        return "route.metrics"
    if path.startswith(UPLOAD):
        return "route.upload"
    if path.startswith(MEDIA):
        return "route.media"
    return "route.stream" if path.startswith(("/_stcore/", "/component/", "/static/")) else "route.page"


def _is_open(store: Store | StoreError) -> bool:
    """Whether nobody need sign in: as told, or where there is no store to know anybody by."""
    return isinstance(store, StoreError) or ways.way(store) == ways.NONE


def _of_open(scope: Scope, headers: Mapping[str, str]) -> int | None:
    """Without sign-in only this machine may ask, by its own name, and not on behalf of others."""
    client = scope.get("client")
    host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    is_near = client is None or ways.is_loopback(client[0]) or client[0] == "testclient"
    return None if is_near and (ways.is_loopback(host) or host == "testserver") and not any(name in headers for name in FORWARDED) else 403


def _near(scope: Scope, store: Store) -> bool:
    """Whether a request may speak by a proxy's header: only from this machine or over a socket of its own."""
    client = scope.get("client")
    return ways.way(store) != ways.HEADER or client is None or not client[0] or ways.is_loopback(client[0])


def _same_origin(headers: Mapping[str, str]) -> bool:
    """Whether a request that changes something comes from our own pages."""
    origin = headers.get("origin")
    return bool(origin) and urlsplit(origin).netloc.lower() == headers.get("host", "").lower()


def _cookies(text: str) -> dict[str, str]:
    """The cookies of a request."""
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(text)
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def _sent(scope: Scope, status: int, address: str) -> int | str:
    """Who asks for a page is sent on; a part of a page and a WebSocket are refused."""
    return 403 if scope["type"] == "websocket" else status if scope["path"].startswith(PARTS) else address


def _address(scope: Scope) -> str:
    """The sign-in, which leads back to what was asked for."""
    query = scope["query_string"].decode("latin-1")
    return f"/signin?next={quote(scope['path'] + ('?' + query if query else ''), safe='')}"


def _is_foreign(path: str, headers: Mapping[str, str], visitor: Visitor) -> bool:
    """Whether an upload or a file belongs to the page session of somebody else."""
    if path.startswith(UPLOAD):
        return OWNERS.get(path.removeprefix(UPLOAD).split("/")[0]) != visitor.session
    if path.startswith(MEDIA):
        return visitor.session not in FILES.get(path.removeprefix(MEDIA).split(".")[0], ())
    return False


def _start_anew(scope: Scope, headers: Mapping[str, str], visitor: Visitor) -> None:
    """Take the id of somebody else's page session out of a WebSocket's greeting: a session of its own begins."""
    parts = [part.strip() for part in headers.get("sec-websocket-protocol", "").split(",")]
    if len(parts) > 2 and OWNERS.get(parts[2], visitor.session) != visitor.session:  # noqa: PLR2004 - the third is the session
        told = ", ".join(parts[:2]).encode()
        scope["headers"] = [(name, told if name == b"sec-websocket-protocol" else text) for name, text in scope["headers"]]
        scope["subprotocols"] = parts[:2]


async def _refuse(answer: int | str, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer in place of the application: a status, or the address to go to."""
    if scope["type"] == "websocket":
        message: Message = {"type": "websocket.close", "code": 1008}
        await receive()
        await send(message)
        return
    if isinstance(answer, str):
        await RedirectResponse(answer, 303)(scope, receive, send)
        return
    await PlainTextResponse(str(answer), answer)(scope, receive, send)
