"""Who may sign in: accounts, their roles, units and passwords."""

import sys
from typing import Any

from data import accounts
from data.database import Store
from data.words import Words
from pages.terminal.told import DONE, Told, UsageError, opened, tell

DEEDS = ("add", "list", "disable", "password", "role", "signout")


def person(told: Told, say: Words) -> int:
    """Carry out one deed on an account, or list them all. `--undo` of disable lets the person in again."""
    store = opened(told)
    if told.deed == "list":
        return _list(store, told, say)
    if not told.name:
        raise UsageError(say("cli.person_needed"))
    name = accounts.named(told.name)
    secret = _secret(told)
    if told.deed == "add":
        secret = accounts.add(store, name, _role(told, say), told.units, secret, told.person)
        line = say("cli.person_added", person=name, role=say(f"role.{told.role}"), password=secret)
    elif told.deed == "password":
        secret = accounts.set_password(store, name, told.person, secret)
        line = say("cli.person_password", person=name, password=secret)
    else:
        _change(store, told, say, name)
        line, secret = say("cli.person_done", person=name), None
    # A password that was typed in is not shown again.
    shown = {} if secret is None or told.password_stdin else {"password": secret}
    if told.password_stdin:
        line = say("cli.person_done", person=name)
    tell(told, {"person": name, **shown}, [line])
    return DONE


def _role(told: Told, say: Words) -> str:
    if not told.role:
        raise UsageError(say("account.role", role=""))
    return str(told.role)


def _secret(told: Told) -> str | None:
    return sys.stdin.readline().rstrip("\r\n") if told.password_stdin else None


def _change(store: Store, told: Told, say: Words, name: str) -> None:
    if told.deed == "disable":
        accounts.disable(store, name, told.person, not told.undo)
    elif told.deed == "role":
        accounts.set_role(store, name, _role(told, say), told.units, told.person)
    else:
        accounts.sign_out_everywhere(store, name, told.person)


def _list(store: Store, told: Told, say: Words) -> int:
    rows = accounts.people(store)
    tell(told, {"people": rows}, [_line(row, say) for row in rows] or [say("cli.people_none")])
    return DONE


def _line(row: dict[str, Any], say: Words) -> str:
    state = say("account.disabled") if row["disabled"] else say("account.locked") if row["locked"] else ""
    units = ", ".join(row["units"] or [say("control.all_units")])
    return "  ".join(part for part in (row["person"], say(f"role.{row['role']}"), units, state) if part)
