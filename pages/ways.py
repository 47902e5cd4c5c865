"""The ways to sign in, and who a request comes from: one `identify` behind local accounts, OIDC and a proxy's header."""

import hashlib
import hmac
import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from data import accounts
from data.database import Store
from data.rights import LOCAL, ROLES, SEPARATED, Visitor

COOKIE = "budget_session"
NONE, ACCOUNTS, OIDC, HEADER = "none", "accounts", "oidc", "header"
WAYS = (NONE, ACCOUNTS, OIDC, HEADER)
LOOPBACK = ("127.0.0.1", "::1", "localhost")
SECRETS = Path(__file__).resolve().parent.parent / ".streamlit" / "secrets.toml"
SHORTEST_SECRET = 24
# What st.login needs and everybody else does without.
PROVIDER_NEEDS = ("authlib", "httpx")


@dataclass(frozen=True)
class Settings:
    """The section [sign_in] of secrets.toml: the way, whose roles, where a provider or proxy says name, role and units."""

    way: str = ""
    separated: bool = False
    name_claim: str = "preferred_username"
    role_claim: str = "roles"
    unit_claim: str = ""
    roles: dict[str, str] = field(default_factory=dict)
    user_header: str = "X-Forwarded-User"
    role_header: str = ""
    unit_header: str = ""
    secret_header: str = "X-Proxy-Secret"
    secret: str = ""
    has_provider: bool = False


@cache
def _read(path: Path, changed: int) -> Settings:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return Settings(**told.get("sign_in", {}), has_provider="auth" in told)


def settings() -> Settings:
    """The settings as the file has them now; those of a file that is not there are the defaults."""
    path = Path(os.environ.get("BUDGET_SECRETS") or SECRETS)
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else Settings()


def way(store: Store) -> str:
    """How visitors show who they are: as told at the start or by the settings, else by accounts where there are any."""
    told = os.environ.get("BUDGET_SIGN_IN") or settings().way
    return told or (ACCOUNTS if accounts.people(store) else NONE)


def is_loopback(address: str) -> bool:
    """Whether an address is of this machine alone."""
    return address.strip("[]").split("%")[0] in LOOPBACK or address.startswith("127.")


def hindrance(store: Store, address: str) -> str | None:
    """Why the pages must not be served at an address: a key of words.csv; None where they may be."""
    told, now = settings(), way(store)
    if now not in WAYS:
        return "serve.way"
    if now == NONE:
        return None if is_loopback(address) else "serve.no_sign_in"
    if now == ACCOUNTS and not accounts.usable(store, told.separated):
        return "serve.no_sign_in"
    if now == OIDC and not (told.has_provider and told.roles and all(map(find_spec, PROVIDER_NEEDS))):
        return "serve.no_provider"
    if now == HEADER and not (is_loopback(address) and len(told.secret) >= SHORTEST_SECRET):
        return "serve.no_proxy"
    return None


def identify(store: Store, headers: Mapping[str, str], cookies: Mapping[str, str]) -> Visitor | None:
    """Who a request comes from, asked of the store at this moment; None for nobody. Names of headers are in small letters."""
    now = way(store)
    if now == NONE:
        return LOCAL
    visitor = {ACCOUNTS: _by_account, OIDC: _by_provider, HEADER: _by_proxy}[now](store, headers, cookies)
    return visitor and _honoured(visitor)


def _honoured(visitor: Visitor) -> Visitor:
    """The visitor with their role, or with none where the administrators are separated otherwise."""
    unfit = ("admin",) if settings().separated else SEPARATED
    return Visitor(visitor.name, "", visitor.units, visitor.session) if visitor.role in unfit else visitor


def _by_account(store: Store, headers: Mapping[str, str], cookies: Mapping[str, str]) -> Visitor | None:
    return accounts.visitor_of(store, cookies.get(COOKIE))


def _by_provider(store: Store, headers: Mapping[str, str], cookies: Mapping[str, str]) -> Visitor | None:
    """By the cookie that st.login has set and signed; it counts for as long as a session of an account does."""
    from streamlit.web.server.starlette import starlette_websocket as signed  # noqa: PLC0415 - needs the server's configuration

    found = signed._get_signed_cookie_with_chunks(dict(cookies), signed.USER_COOKIE_NAME)
    claims = json.loads(found) if found else {}
    if not claims.get("is_logged_in") or urlsplit(claims.get("origin", "")).netloc != headers.get("host"):
        return None
    told = settings()
    name, since = _at(claims, told.name_claim), claims.get("iat")
    if not isinstance(name, str) or not isinstance(since, (int, float)):
        return None
    session = hashlib.sha256(found or b"").hexdigest()
    begun = datetime.fromtimestamp(since, UTC).replace(tzinfo=None)
    if not accounts.admitted(store, name, session, begun):
        return None
    return Visitor(name, _role(_at(claims, told.role_claim), told), _units(_at(claims, told.unit_claim)), session)


def _by_proxy(store: Store, headers: Mapping[str, str], cookies: Mapping[str, str]) -> Visitor | None:
    """By the header of a proxy that knows the secret; the role is the header's, else the account's of that name."""
    told = settings()
    name = headers.get(told.user_header.lower(), "")
    given = headers.get(told.secret_header.lower(), "")
    if not name or len(told.secret) < SHORTEST_SECRET or not hmac.compare_digest(given.encode(), told.secret.encode()):
        return None
    account = next((row for row in accounts.people(store) if row["person"] == name), None)
    if account and account["disabled"]:
        return None
    if told.role_header:
        role, units = _role(headers.get(told.role_header.lower(), ""), told), _units(headers.get(told.unit_header.lower(), ""))
    else:
        role, units = (account["role"], frozenset(account["units"] or ()) or None) if account else ("", None)
    return Visitor(name, role, units, hashlib.sha256(name.encode()).hexdigest())


def _at(claims: Any, path: str) -> Any:
    """What stands at a path of claims, its steps parted by dots; None where nothing does."""
    for step in path.split(".") if path else [""]:
        claims = claims.get(step) if isinstance(claims, dict) else None
    return claims


def _listed(told: Any) -> list[str]:
    return [str(one) for one in told] if isinstance(told, list) else [one.strip() for one in str(told or "").split(",") if one.strip()]


def _role(told: Any, by: Settings) -> str:
    """Our role for what a provider says: the highest of those that it names, none for words that nobody has mapped."""
    given = {by.roles.get(one, "") for one in _listed(told)}
    return next((role for role in (*reversed(ROLES), *SEPARATED) if role in given), "")


def _units(told: Any) -> frozenset[str] | None:
    return frozenset(_listed(told)) or None
