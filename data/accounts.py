"""Local accounts and their sessions: who may sign in, as what; rows that are only ever added, and no password or token in any of them."""

import base64
import hashlib
import hmac
import re
import secrets
import time
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from data import audit, noting
from data.acting import ActError
from data.database import Cursor, Rows, Store, append, ask
from data.journal import now
from data.rights import ROLES, SEPARATED, Visitor

SHORTEST, LONGEST, CLASSES, REMEMBERED = 10, 128, 3, 5
MOST_FAILURES, LOCKED_FOR = 5, timedelta(minutes=15)
IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=8)
PASSWORD_HOLDS = timedelta(days=90)
COMMON = ("password", "passw0rd", "qwerty", "12345678", "abcd1234", "admin123", "welcome", "letmein", "iloveyou", "monitor", "woaini")
_COST = {"n": 2**14, "r": 8, "p": 1, "maxmem": 64 * 1024 * 1024}
# When each session was last used: kept in memory, so a restart gives it one more idle time, never more than the absolute one.
_SEEN: dict[str, float] = {}

_PEOPLE = """
    select person,
        arg_max(role, recorded_at) filter (role is not null) as role,
        arg_max(units, recorded_at) filter (units is not null) as units,
        arg_max(password, recorded_at) filter (password is not null) as password,
        arg_max(temporary, recorded_at) filter (password is not null) as temporary,
        max(recorded_at) filter (password is not null) as password_at,
        coalesce(arg_max(event, recorded_at) filter (event in ('added', 'disabled', 'enabled')), '') = 'disabled' as disabled,
        min(recorded_at) as added_at
    from accounts group by person order by person"""


def people(store: Store) -> Rows:
    """Every account: person, role, units (None: all), disabled, when added, when its password was set, whether it is locked."""
    store.actor("", "accounts.list")
    store, found = store.whole, []
    for row in store.ask(_PEOPLE):
        told = {name: row[name] for name in ("person", "role", "disabled", "added_at", "password_at", "temporary")}
        found.append({**told, "units": row["units"].split() or None, "locked": _locked_until(store, row["person"]) is not None})
    return found


def usable(store: Store, separated: bool = False) -> bool:
    """Whether somebody who can look after the accounts can sign in."""
    able = SEPARATED[:1] if separated else ROLES[-1:]
    return any(not row["disabled"] and row["role"] in able for row in store.ask(_PEOPLE))


def _account(store: Store, person: str) -> dict[str, Any] | None:
    return next((row for row in store.ask(_PEOPLE) if row["person"] == person), None)


def _known(store: Store, person: str) -> dict[str, Any]:
    found = _account(store, person)
    if found is None:
        raise ActError("account.unknown", person=person)
    return found


def named(text: str) -> str:
    """A person's name as it is kept: one form of each letter, no spaces around; ActError for one that could mislead."""
    name = unicodedata.normalize("NFKC", text).strip()
    if not name or len(name) > 40 or any(unicodedata.category(sign)[0] in "CZ" and sign != " " for sign in name):  # noqa: PLR2004
        raise ActError("account.name")
    return name


def add(store: Store, person: str, role: str, units: Iterable[str], password: str | None, by: str) -> str:
    """Make an account; its first password, made up where none is given. It must be changed when first used."""
    by = store.actor(by, "accounts.add")
    if role:
        store.actor(by, "accounts.role")
    store, name, secret = store.whole, named(person), password or made_up()
    _refuse_role(role)
    _refuse_weak(name, secret)
    with _changing(store, by, "account_added", name, {"role": role, "units": ",".join(sorted(units))}) as cursor:
        if ask(cursor, "from accounts where person = $person limit 1", {"person": name}):
            raise ActError("account.exists", person=name)
        told = {"role": role, "units": " ".join(sorted(units)), "password": scrypted(secret), "temporary": True}
        _append(cursor, name, "added", by, **told)
    return secret


def set_role(store: Store, person: str, role: str, units: Iterable[str], by: str) -> None:
    """Give a person another role and units; it holds from their next click on. Nobody gives one to themselves."""
    by, store = store.actor(by, "accounts.role"), store.whole
    _refuse_role(role)
    _known(store, person)
    if person == by:
        raise ActError("account.own")
    with _changing(store, by, "account_role", person, {"role": role, "units": ",".join(sorted(units))}) as cursor:
        _append(cursor, person, "role", by, role=role, units=" ".join(sorted(units)))


def disable(store: Store, person: str, by: str, disabled: bool = True) -> None:
    """Let a person in no more, ending every session of theirs; or let them in again."""
    by, store = store.actor(by, "accounts.disable"), store.whole
    _known(store, person)
    event = "disabled" if disabled else "enabled"
    with _changing(store, by, f"account_{event}", person, {}) as cursor:
        _append(cursor, person, event, by)
        if disabled:
            _end_all(cursor, person, by)


def set_password(store: Store, person: str, by: str, password: str | None = None) -> str:
    """Give a person a new first password, made up where none is given; it ends every session and a lock."""
    by, store = store.actor(by, "accounts.password"), store.whole
    secret = password or made_up()
    _known(store, person)
    _refuse_weak(person, secret)
    with _changing(store, by, "account_password", person, {}) as cursor:
        _append(cursor, person, "password", by, password=scrypted(secret), temporary=True)
        _end_all(cursor, person, by)
    return secret


def change_password(store: Store, visitor: Visitor, old: str, new: str) -> None:
    """A person's own new password; every other session of theirs ends. ActError where it is weak, old or the old one is wrong."""
    account = _known(store, visitor.name)
    if _locked_until(store, visitor.name) or not matches(old, account["password"]):
        _failed(store, account)
        raise ActError("account.wrong")
    _refuse_weak(visitor.name, new)
    earlier = store.ask(
        "select password from accounts where person = $person and password is not null order by recorded_at desc limit $n",
        {"person": visitor.name, "n": REMEMBERED},
    )
    if any(matches(new, row["password"]) for row in earlier):
        raise ActError("account.used", count=REMEMBERED)
    with _changing(store, visitor.name, "account_password", visitor.name, {}) as cursor:
        _append(cursor, visitor.name, "password", visitor.name, password=scrypted(new), temporary=False)
        _end_all(cursor, visitor.name, visitor.name, but=visitor.session)


def sign_in(store: Store, person: str, password: str) -> str | None:
    """A new session's token for the right password; None for any reason not to, which takes as long."""
    name = unicodedata.normalize("NFKC", person).strip()[:LONGEST]
    account = _account(store, name)
    right = matches(password[:LONGEST], account["password"] if account else _nobody())
    if account is None or account["disabled"] or _locked_until(store, name):
        _note(store, "signin", name if account else "", audit.REFUSED, {"why": "unknown" if account is None else "closed"})
        return None
    if not right:
        _failed(store, account)
        return None
    return begin(store, name, "password")


def begin(store: Store, person: str, way: str) -> str:
    """A new session of a person who has shown who they are; its token, which is kept nowhere but with them."""
    token = secrets.token_urlsafe(32)
    with _changing(store, person, "signin", person, {"way": way}) as cursor:
        append(cursor, "sessions", [_session(hashed(token), person, "begun", person)])
    _SEEN[hashed(token)] = time.monotonic()
    return token


def visitor_of(store: Store, token: str | None) -> Visitor | None:
    """Who holds a session's token now: None where it has ended, expired, or its person may not enter any more."""
    if not token:
        return None
    session = hashed(token)
    rows = store.ask("from sessions where session = $session order by recorded_at", {"session": session})
    if not rows or rows[-1]["event"] != "begun" or now() - rows[0]["recorded_at"] > ABSOLUTE:
        return None
    account = _account(store, rows[0]["person"])
    if account is None or account["disabled"] or not _in_use(session):
        return None
    units = frozenset(account["units"].split()) or None
    is_old = account["temporary"] or now() - account["password_at"] > PASSWORD_HOLDS
    return Visitor(account["person"], account["role"], units, session, bool(is_old))


def _in_use(session: str) -> bool:
    """Whether a session was used of late; it is used now."""
    moment = time.monotonic()
    if moment - _SEEN.get(session, moment) > IDLE.total_seconds():
        return False
    _SEEN[session] = moment
    return True


def admitted(store: Store, person: str, session: str, begun: datetime) -> bool:
    """Whether somebody who has shown elsewhere who they are may go on: not expired, nor disabled or signed out here since."""
    ended = store.ask("select max(recorded_at) as at from sessions where person = $person and event = 'ended'", {"person": person})[0]["at"]
    account = _account(store, person)
    if now() - begun > ABSOLUTE or (ended and ended >= begun) or (account and account["disabled"]):
        return False
    return _in_use(session)


def sign_out(store: Store, visitor: Visitor, everywhere: bool = False) -> None:
    """End a visitor's session, or every one of theirs."""
    with _changing(store, visitor.name, "signout", visitor.name, {"everywhere": everywhere}) as cursor:
        if everywhere:
            _end_all(cursor, visitor.name, visitor.name)
        else:
            append(cursor, "sessions", [_session(visitor.session, visitor.name, "ended", visitor.name)])


def sign_out_everywhere(store: Store, person: str, by: str) -> None:
    """End every session of a person, by somebody who looks after the accounts."""
    by, store = store.actor(by, "accounts.signout"), store.whole
    _known(store, person)
    with _changing(store, by, "signout", person, {"everywhere": True}) as cursor:
        _end_all(cursor, person, by)


def hashed(token: str) -> str:
    """The form in which a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def made_up() -> str:
    """A password that nobody has thought of."""
    return "-".join(secrets.token_hex(3) for _ in range(3)).capitalize() + "-Aa" + str(secrets.randbelow(90) + 10)


def scrypted(password: str) -> str:
    """Salt and scrypt of a password."""
    salt = secrets.token_bytes(16)
    return f"{base64.b64encode(salt).decode()}${base64.b64encode(_scrypt(password, salt)).decode()}"


def matches(password: str, kept: str) -> bool:
    """Whether this is the password of which salt and scrypt were kept."""
    salt, digest = (base64.b64decode(part) for part in kept.split("$"))
    return hmac.compare_digest(_scrypt(password, salt), digest)


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(unicodedata.normalize("NFKC", password).encode(), salt=salt, **_COST)


@cache
def _nobody() -> str:
    """What the password of an unknown person is compared with, so that it takes as long."""
    return scrypted(secrets.token_urlsafe(16))


def _refuse_role(role: str) -> None:
    if role not in ("", *ROLES, *SEPARATED):
        raise ActError("account.role", role=role)


def _refuse_weak(person: str, password: str) -> None:
    """ActError for a password that is short, plain, common, or the person's name."""
    plain = password.lower()
    classes = sum(bool(re.search(kind, password)) for kind in ("[a-z]", "[A-Z]", "[0-9]", r"[^a-zA-Z0-9]"))
    if not SHORTEST <= len(password) <= LONGEST or classes < CLASSES:
        raise ActError("account.weak", shortest=SHORTEST, classes=CLASSES)
    if any(word in plain for word in COMMON) or person.lower() in plain or len(set(password)) < CLASSES + 1:
        raise ActError("account.common")


def _failed(store: Store, account: dict[str, Any]) -> None:
    """Keep a failed try; the fifth in a row locks the account for a while."""
    person = account["person"]
    if _locked_until(store, person):
        return
    with _changing(store, person, "signin", person, {"why": "password"}, audit.REFUSED) as cursor:
        _append(cursor, person, "failed", person)
    if _locked_until(store, person):
        _note(store, "locked", person, audit.DONE, {"minutes": int(LOCKED_FOR.total_seconds() // 60)})


def _locked_until(store: Store, person: str) -> datetime | None:
    """When the lock of an account ends, or None: five failures since it last was entered or given a password."""
    row = store.ask(
        """
        with good as (
            select coalesce(max(recorded_at), timestamp '1970-01-01') as since from (
                select recorded_at from sessions where person = $person and event = 'begun'
                union all select recorded_at from accounts where person = $person and password is not null)
        )
        select count(*) as n, max(recorded_at) as last from accounts, good
        where person = $person and event = 'failed' and recorded_at > since""",
        {"person": person},
    )[0]
    until = row["last"] + LOCKED_FOR if row["n"] >= MOST_FAILURES else None
    return until if until and until > now() else None


def _changing(store: Store, by: str, event: str, person: str, detail: dict[str, Any], outcome: str = audit.DONE) -> Any:
    """One transaction with its line in the audit trail."""
    return noting.noted(store, event, by, person, outcome, " ".join(f"{name}={value}" for name, value in detail.items() if value))


def _note(store: Store, event: str, person: str, outcome: str, detail: dict[str, Any]) -> None:
    with _changing(store, person, event, person, detail, outcome):
        pass


def _append(cursor: Cursor, person: str, event: str, by: str, **told: Any) -> None:
    # The newest row holds, also where the clock of the machine was set back.
    last = ask(cursor, "select max(recorded_at) as at from accounts")[0]["at"]
    moment = max(now(), last + timedelta(microseconds=1)) if last else now()
    append(cursor, "accounts", [{"person": person, "event": event, **told, "recorded_at": moment, "recorded_by": by}])


def _session(session: str | None, person: str, event: str, by: str) -> dict[str, Any]:
    return {"session": session, "person": person, "event": event, "recorded_at": now(), "recorded_by": by}


def _end_all(cursor: Cursor, person: str, by: str, but: str = "") -> None:
    rows = ask(
        cursor,
        """select session from sessions where person = $person and session <> $but
        group by session having arg_max(event, recorded_at) = 'begun'""",
        {"person": person, "but": but},
    )
    # A row without a session stands for those of which this store knows nothing: a provider's.
    append(cursor, "sessions", [_session(session, person, "ended", by) for session in (None, *(row["session"] for row in rows))])
