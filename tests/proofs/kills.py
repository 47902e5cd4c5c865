"""The server killed at random moments while people work on its pages: what a page has said was done is there afterwards."""

import asyncio
import hashlib
import random
import re
import tempfile
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

from websockets.exceptions import WebSocketException

from tests.proofs.apart import apart
from tests.proofs.served import Server, warm
from tests.proofs.visitor import Visitor, signed_in, signed_out

Told = list[tuple[str, int | str, int]]
PERSON, PASSWORD = "管理", "Correct-Horse-42"
# A store grows with every turn; after so many a new one is begun.
TURNS_OF_A_STORE = 50
SESSION_EVENTS = {"signin": "begun", "signout": "ended"}
CUT_OFF = (OSError, WebSocketException, TimeoutError, KeyError, asyncio.TimeoutError)


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


async def entering(visitor: Visitor, told: Told, number: int) -> None:
    """Somebody who signs in and out again and again: each is an act with its row of the audit."""
    while True:
        cookie = await asyncio.to_thread(signed_in, visitor.url, PERSON, PASSWORD)
        if not cookie:
            return
        session = hashlib.sha256(cookie.partition("=")[2].encode()).hexdigest()
        told.append(("signin", session, number))
        if await asyncio.to_thread(signed_out, visitor.url, cookie):
            told.append(("signout", session, number))


async def reporting(visitor: Visitor, told: Told, number: int) -> None:
    """Somebody who hands in one file after the other, of amounts that nobody else sends, answers what is asked and certifies."""
    visitor.cookie = await asyncio.to_thread(signed_in, visitor.url, PERSON, PASSWORD)
    await visitor.arrive("upload", "lang=zh&as_of=2025-03")
    while True:
        number += 1
        content = f"项目编码,月份,支出金额\nP1,2025-03,{number}.01\nP2,2025-03,{number}.01\n".encode()
        await visitor.run(await visitor.uploaded(visitor.keys("file_uploader")[0], f"{number}.csv", content))
        # Every other file is only kept.
        if is_certified := number % 2 == 0:
            for key in [key for key in visitor.keys("selectbox") if key.startswith("why_")]:
                await visitor.run(visitor.chosen(key, 1))
        button = next(key for key in visitor.keys("button") if key.startswith("do_" if is_certified else "keep_"))
        await visitor.run(visitor.clicked(button))
        if found := re.search(r"第 (\d+) 批", visitor.success()):
            told.append(("certify" if is_certified else "load", int(found[1]), number))


async def ruling(visitor: Visitor, told: Told, number: int) -> None:
    """Somebody who sets one threshold after the other."""
    visitor.cookie = await asyncio.to_thread(signed_in, visitor.url, PERSON, PASSWORD)
    await visitor.arrive("settings")
    while True:
        number += 1
        await visitor.run(visitor.typed("rule_gate", str(number)))
        button = next(key for key in visitor.keys("button") if "set_rules" in key)
        await visitor.run(visitor.typed("rules_reason", "试"), visitor.clicked(button))
        if found := re.search(r"v(\d+)", visitor.success()):
            told.append(("rules", int(found[1]), number))


def backing_up(path: Path, until: float) -> None:
    """The nightly backup, which happens to run just now."""
    from data import keeper
    from data.database import StoreError

    keeper.DONE_WITHIN = 3
    while time.monotonic() < until:
        with suppress(StoreError, OSError, ValueError):
            keeper.ask(path, "backup", "backup")[1].unlink(missing_ok=True)


async def worked(server: Server, seconds: float, number: int, people: tuple[Callable[..., Coroutine[Any, Any, None]], ...]) -> Told:
    """What the pages said was done until the server was killed so long after the first word of it.

    Every other time it is the first word of an act on a page, which takes longer than to sign in.
    """
    told: Told = []
    tasks = [asyncio.create_task(one(Visitor(server.url), told, number + 1000 * place)) for place, one in enumerate(people)]
    end = time.monotonic() + 40
    awaited = ("rules", "load", "certify") if number % 20_000 else ("signin",)
    while not any(one[0] in awaited for one in told) and time.monotonic() < end and not all(task.done() for task in tasks):
        await asyncio.sleep(0.02)
    await asyncio.sleep(seconds)
    server.kill()
    for task in tasks:
        task.cancel()
    for found in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(found, Exception) and not isinstance(found, CUT_OFF):
            raise found
    return told


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


def run(times: int, longest: float = 4.0) -> tuple[dict[str, int], list[str]]:
    """How many kills and how many acts that pages acknowledged before them, and all that was lost."""
    warm()
    moments, found = random.Random(times), []
    done = {"kills": 0, "load": 0, "certify": 0, "rules": 0, "signin": 0, "signout": 0}
    for first in range(0, times, TURNS_OF_A_STORE):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "monitor.duckdb"
            apart(new, path)
            for turn in range(first, min(times, first + TURNS_OF_A_STORE)):
                server = Server(path)
                told = asyncio.run(_turn(server, moments.uniform(0, longest), 10_000 * (turn + 1)))
                for verb, *_ in told:
                    done[verb] += 1
                done["kills"] += 1
                found += apart(lost, path, told)
                if turn % 5 == 4:
                    print(done, len(found), flush=True)
    return done, found


async def _turn(server: Server, seconds: float, number: int) -> Told:
    backups = asyncio.to_thread(backing_up, server.store, time.monotonic() + seconds)
    # Reading a file starts a process, which takes longest: some turns do without, so that more acts are in hand at the kill.
    people = (entering, ruling, reporting) if number % 30_000 == 0 else (entering, ruling)
    told, _ = await asyncio.gather(worked(server, seconds, number, people), backups)
    return told
