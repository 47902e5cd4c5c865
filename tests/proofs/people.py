"""People at the pages of a proof: each does one thing and notes what the page then says was done."""

import asyncio
import hashlib
import re
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from tests.proofs.visitor import Visitor, signed_in, signed_out

# What was said to be done: the verb, the number or session that the page named, the amount that was sent.
Told = list[tuple[str, int | str, int]]
Act = Callable[[Visitor, Told, int], Coroutine[Any, Any, None]]
PERSON, PASSWORD = "管理", "Correct-Horse-42"
SESSION_EVENTS = {"signin": "begun", "signout": "ended"}


def new(path: Path) -> None:
    """A store with a plan of two projects, and a person who may do everything."""
    from drawn import HEADINGS, QUARTERS, new_store

    from data import accounts

    rows = (f"P{place},项目{place},001,局本级,1000,25%,50%,75%,100%" for place in (1, 2))
    store = new_store("\n".join([f"{HEADINGS},{QUARTERS}", *rows]), path)
    accounts.add(store, PERSON, "admin", [], "First-Horse-41", "test")
    visitor = accounts.visitor_of(store, accounts.sign_in(store, PERSON, "First-Horse-41"))
    accounts.change_password(store, visitor, "First-Horse-41", PASSWORD)
    store.close()


async def enter(visitor: Visitor, told: Told, number: int) -> None:
    """Sign in and out: each is an act with its row of the audit."""
    cookie = await asyncio.to_thread(signed_in, visitor.url, PERSON, PASSWORD)
    if not cookie:
        return
    session = hashlib.sha256(cookie.partition("=")[2].encode()).hexdigest()
    told.append(("signin", session, number))
    if await asyncio.to_thread(signed_out, visitor.url, cookie):
        told.append(("signout", session, number))


async def report(visitor: Visitor, told: Told, number: int) -> None:
    """Hand in a file of amounts that nobody else sends, answer what is asked and certify; every other one is only kept."""
    await _handed_in(visitor, told, number, is_certified=number % 2 == 0)


async def certify(visitor: Visitor, told: Told, number: int) -> None:
    """The same with each file certified, which is refused where a rule was changed while its check was looked at."""
    await _handed_in(visitor, told, number, is_certified=True)


async def _handed_in(visitor: Visitor, told: Told, number: int, *, is_certified: bool) -> None:
    await _arrived(visitor, "upload", "lang=zh&as_of=2025-03")
    content = f"项目编码,月份,支出金额\nP1,2025-03,{number}.01\nP2,2025-03,{number}.01\n".encode()
    await visitor.run(await visitor.uploaded(visitor.key("file_uploader"), f"{number}.csv", content))
    if is_certified:
        for key in [key for key in visitor.keys("selectbox") if key.startswith("why_")]:
            await visitor.run(visitor.chosen(key, 1))
    before = _batch(visitor)
    await visitor.run(visitor.clicked(visitor.key("button", "^do_" if is_certified else "^keep_")))
    # The receipt of what was done before stays on the page.
    if _batch(visitor) not in (None, before):
        told.append(("certify" if is_certified else "load", _batch(visitor), number))


def _batch(visitor: Visitor) -> int | None:
    """The batch that the page says was stored last."""
    found = re.search(r"第 (\d+) 批", visitor.success())
    return int(found[1]) if found else None


async def rule(visitor: Visitor, told: Told, number: int) -> None:
    """Set a threshold."""
    await _arrived(visitor, "settings", "lang=zh")
    await visitor.run(visitor.typed("rule_gate", str(number)))
    await visitor.run(visitor.typed("rules_reason", "试"), visitor.clicked(visitor.key("button", "set_rules")))
    if found := re.search(r"v(\d+)", visitor.success()):
        told.append(("rules", int(found[1]), number))


async def _arrived(visitor: Visitor, page: str, query: str) -> None:
    if not visitor.is_there:
        visitor.cookie = await asyncio.to_thread(signed_in, visitor.url, PERSON, PASSWORD)
        await visitor.arrive(page, query)


def lost(path: Path, told: Told) -> list[str]:
    """What was said to be done and is not there, half an act, or anything that the doctor finds."""
    from data import acting, doctor, queries
    from data.database import Store

    store = Store(path)
    acting.prepare(store)
    try:
        batches = {row["batch"]: row for row in queries.batches(store)}
        rules = {row["version"]: row["gate"] for row in queries.rule_versions(store)}
        sessions = {(row["session"], row["event"]) for row in store.ask("select session, event from sessions")}
        missing = []
        for verb, number, amount in told:
            if verb == "rules":
                missing += [f"rules {number}"] * (rules.get(number) != amount * 10_000)
                continue
            if verb in SESSION_EVENTS:
                missing += [f"{verb} {number}"] * ((number, SESSION_EVENTS[verb]) not in sessions)
                continue
            batch = batches.get(number)
            good = batch and batch["total"] * 100 == (amount * 100 + 1) * 2 and (verb == "load" or batch["state"] != "checked")
            missing += [] if good else [f"{verb} {number}"]
        rows = store.ask("select batch, count(*) as n from actuals group by batch having count(*) <> 2")
        missing += [f"half {row['batch']}" for row in rows]
    finally:
        store.close()
    return missing + [str(fault) for fault in doctor.examine(path)]
