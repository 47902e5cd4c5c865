"""The server's own pages around sign-in: /signin, /password, /signout; plain HTML without script or anything from elsewhere."""

import secrets
import time
from collections import defaultdict, deque
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import anyio
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from data import accounts
from data.acting import ActError
from data.database import Store, StoreError
from data.rights import Visitor
from data.words import LANGUAGES, Words
from pages import ways
from pages.opened import open_seeded

STYLE = (Path(__file__).with_name("parts") / "signing.css").read_text(encoding="utf-8")
FORM = "budget_form"
LONGEST_FORM = 8 * 1024
# Tries from one address: so many in so many seconds, whoever they are for; and so many passwords weighed at once.
MOST_TRIES, TRY_SECONDS, AT_ONCE = 30, 60, 2
_TRIES: dict[str, deque[float]] = defaultdict(deque)
_SCALES = anyio.Semaphore(AT_ONCE)
Fields = dict[str, str]


def routes() -> list[Route]:
    """The routes of this module."""
    return [
        Route("/signin", _signin, methods=["GET", "POST"]),
        Route("/password", _password, methods=["GET", "POST"]),
        Route("/signout", _signout, methods=["GET", "POST"]),
    ]


def _words(request: Request) -> Words:
    wanted = request.query_params.get("lang")
    if wanted not in LANGUAGES:
        wanted = "en" if request.headers.get("accept-language", "zh").lower().startswith("en") else "zh"
    return Words(wanted)


def next_of(told: str | None) -> str:
    """The address within these pages to go on to; the first page for any other."""
    parts = urlsplit((told or "").strip())
    is_ours = (
        not parts.scheme and not parts.netloc and parts.path.startswith("/") and not parts.path.startswith(("//", "/signin", "/signout"))
    )
    return told.strip() if told and is_ours and "\\" not in told and told.isprintable() else "/"


def _visitor(request: Request, store: Store) -> Visitor | None:
    return ways.identify(store, {name.lower(): text for name, text in request.headers.items()}, request.cookies)


async def _fields(request: Request) -> Fields | None:
    """The fields of a form that this browser got from us; None for any other."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_FORM:
            return None
    told = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True).items()}
    token = request.cookies.get(FORM, "")
    return told if token and secrets.compare_digest(token.encode(), told.get("form", "").encode()) else None


async def _signin(request: Request) -> Response:
    """The form; its answer is a session and the way on, or one sentence for every reason not to."""
    say, store = _words(request), open_seeded()
    onward = next_of(request.query_params.get("next"))
    if isinstance(store, StoreError):
        return _page(request, say, "signin.title", say(store.code, **store.facts), 503)
    now = ways.way(store)
    if now == ways.NONE or _visitor(request, store):
        return RedirectResponse(onward, 303)
    if now != ways.ACCOUNTS:
        return _page(request, say, "signin.title", _elsewhere(say, now))
    if request.method == "GET":
        return _page(request, say, "signin.title", _signin_form(say))
    return await _entered(request, say, store, onward)


async def _entered(request: Request, say: Words, store: Store, onward: str) -> Response:
    """The answer to a filled form."""
    fields = await _fields(request)
    if fields is None or _too_many(request):
        code, status = ("signin.stale", 400) if fields is None else ("signin.slow", 429)
        return _page(request, say, "signin.title", _signin_form(say, say(code)), status)
    name = fields.get("person", "")
    try:
        async with _SCALES:
            token = await anyio.to_thread.run_sync(accounts.sign_in, store, name, fields.get("password", ""))
    except StoreError as error:
        return _page(request, say, "signin.title", _signin_form(say, say(error.code, **error.facts), name), 503)
    if token is None:
        minutes = int(accounts.LOCKED_FOR.total_seconds() // 60)
        wrong = say("signin.wrong", tries=accounts.MOST_FAILURES, minutes=minutes)
        return _page(request, say, "signin.title", _signin_form(say, wrong, name), 401)
    answer = RedirectResponse(onward, 303)
    _set_cookie(request, answer, ways.COOKIE, token)
    return answer


async def _password(request: Request) -> Response:
    """A new password in place of the old one."""
    say, store = _words(request), open_seeded()
    visitor = None if isinstance(store, StoreError) else _visitor(request, store)
    if isinstance(store, StoreError) or visitor is None or ways.way(store) != ways.ACCOUNTS:
        return RedirectResponse("/", 303)
    if request.method == "GET":
        return _page(request, say, "password.title", _password_form(say, visitor))
    fields = await _fields(request)
    if fields is None:
        return _page(request, say, "password.title", _password_form(say, visitor, say("signin.stale")), 400)
    new = fields.get("new", "")
    if new != fields.get("again"):
        return _page(request, say, "password.title", _password_form(say, visitor, say("password.differs")), 400)
    try:
        async with _SCALES:
            await anyio.to_thread.run_sync(accounts.change_password, store, visitor, fields.get("old", ""), new)
    except (ActError, StoreError) as error:
        status = 400 if isinstance(error, ActError) else 503
        return _page(request, say, "password.title", _password_form(say, visitor, say(error.code, **error.facts)), status)
    return RedirectResponse("/", 303)


async def _signout(request: Request) -> Response:
    """Ends the session, or every one of the visitor's, when asked by the form."""
    say, store = _words(request), open_seeded()
    visitor = None if isinstance(store, StoreError) else _visitor(request, store)
    if isinstance(store, StoreError) or visitor is None or not visitor.signed_in:
        return RedirectResponse("/signin", 303)
    if request.method == "GET":
        return _page(request, say, "signout.title", _signout_form(say, visitor, ways.way(store)))
    fields = await _fields(request)
    if fields is None:
        return _page(request, say, "signout.title", _signout_form(say, visitor, ways.way(store)), 400)
    try:
        await anyio.to_thread.run_sync(accounts.sign_out, store, visitor, "everywhere" in fields)
    except StoreError as error:
        return _page(request, say, "signout.title", _said(say(error.code, **error.facts)), 503)
    answer = RedirectResponse("/auth/logout" if ways.way(store) == ways.OIDC else "/signin", 303)
    answer.delete_cookie(ways.COOKIE, path="/")
    return answer


def _too_many(request: Request) -> bool:
    """Whether an address has tried too often of late; this try counts."""
    now, tries = time.monotonic(), _TRIES[request.client.host if request.client else ""]
    while tries and now - tries[0] > TRY_SECONDS:
        tries.popleft()
    if len(tries) >= MOST_TRIES:
        return True
    tries.append(now)
    return False


def _set_cookie(request: Request, answer: Response, name: str, text: str) -> None:
    """A cookie that no script reads and no other site's form brings along; over TLS alone where this came so."""
    is_safe = "https" in (request.url.scheme, request.headers.get("x-forwarded-proto"))
    answer.set_cookie(name, text, httponly=True, samesite="lax", secure=is_safe, path="/")


def _page(request: Request, say: Words, title: str, body: str, status: int = 200) -> Response:
    """One of our pages: a card with the product's name, the form's token in it, and the way to the other language."""
    token = request.cookies.get(FORM) or secrets.token_urlsafe(24)
    other = "en" if say.language == "zh" else "zh"
    query = urlencode({**request.query_params, "lang": other})
    text = (
        f"<!doctype html><html lang='{'zh-CN' if say.language == 'zh' else 'en'}'><head><meta charset='utf-8'>"
        f"<meta name='viewport' content='width=device-width, initial-scale=1'><title>{say(title)} · {say('product')}</title>"
        f"<style>{STYLE}</style></head><body><main><header><span class='mark' aria-hidden='true'><i></i><i></i><i></i></span>"
        f"<b>{say('product')}</b><a href='?{escape(query, quote=True)}' lang='{other}'>{say('language.other')}</a></header>"
        f"<h1>{say(title)}</h1>{body.replace('</form>', _hidden('form', token) + '</form>')}</main></body></html>"
    )
    # Without a referrer a browser says of its own form that it comes from nowhere, and the guard would refuse it.
    answer = HTMLResponse(text, status, headers={"cache-control": "no-store", "referrer-policy": "same-origin"})
    if FORM not in request.cookies:
        _set_cookie(request, answer, FORM, token)
    return answer


def _hidden(name: str, text: str) -> str:
    return f"<input type='hidden' name='{name}' value='{escape(text, quote=True)}'>"


def _field(label: str, name: str, kind: str, complete: str, **told: Any) -> str:
    more = "".join(f" {key}='{escape(str(value), quote=True)}'" for key, value in told.items())
    return f"<label>{label}<input name='{name}' type='{kind}' autocomplete='{complete}' required maxlength='128'{more}></label>"


def _said(problem: str) -> str:
    return f"<p class='problem' role='alert'>{escape(problem)}</p>" if problem else ""


def _signin_form(say: Words, problem: str = "", name: str = "") -> str:
    focus = {"autofocus": ""}
    return (
        f"{_said(problem)}<form method='post'>"
        + _field(say("signin.person"), "person", "text", "username", value=name, **({} if name else focus))
        + _field(say("signin.password"), "password", "password", "current-password", **(focus if name else {}))
        + f"<button>{say('signin.enter')}</button></form><p class='soft'>{say('signin.help')}</p>"
    )


def _password_form(say: Words, visitor: Visitor, problem: str = "") -> str:
    why = say("password.must") if visitor.must_change else say("password.why")
    rules = say("password.rules", shortest=accounts.SHORTEST, classes=accounts.CLASSES, count=accounts.REMEMBERED)
    return (
        f"<p>{why}</p>{_said(problem)}<form method='post'>"
        + f"<input type='hidden' autocomplete='username' value='{escape(visitor.name, quote=True)}'>"
        + _field(say("password.old"), "old", "password", "current-password", autofocus="")
        + _field(say("password.new"), "new", "password", "new-password", minlength=accounts.SHORTEST)
        + _field(say("password.again"), "again", "password", "new-password")
        + f"<button>{say('password.set')}</button></form><p class='soft'>{rules}</p>"
    )


def _signout_form(say: Words, visitor: Visitor, now: str) -> str:
    change = f"<p><a href='/password'>{say('password.title')}</a></p>" if now == ways.ACCOUNTS else ""
    role = say(f"role.{visitor.role}") if visitor.role else say("role.none")
    return (
        f"<p>{escape(visitor.name)} · {role}</p><form method='post'><button>{say('signout.here')}</button>"
        f"<button class='second' name='everywhere' value='1'>{say('signout.everywhere')}</button></form>"
        f"{change}<p><a href='/'>{say('signout.back')}</a></p>"
    )


def _elsewhere(say: Words, now: str) -> str:
    """The way on to a provider, or the word that a proxy should have said who this is."""
    if now == ways.HEADER:
        return f"<p>{say('signin.proxy')}</p>"
    from streamlit.auth_util import encode_provider_token  # noqa: PLC0415 - needs the provider's library, which others do without

    # The address to which st.login would send the browser; a script runs only for those who have signed in.
    address = f"/auth/login?provider={encode_provider_token('default')}"
    return f"<p>{say('signin.provider_text')}</p><p><a class='button' href='{address}'>{say('signin.provider')}</a></p>"
