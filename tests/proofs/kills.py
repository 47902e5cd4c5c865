"""The server killed at random moments while people work on its pages: what a page has said was done is there afterwards."""

import asyncio
import random
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from websockets.exceptions import WebSocketException

from tests.proofs.apart import apart
from tests.proofs.people import Act, Told, certify, enter, lost, new, report, rule
from tests.proofs.served import Server, warm
from tests.proofs.visitor import Visitor

# A store grows with every turn; after so many a new one is begun.
TURNS_OF_A_STORE = 50
# Who is at work, turn by turn, and what the pages have told before the time until the kill begins: the first word of a file where one is
# handed in, which takes longest, else that of an act on a page or of a sign-in. Reading a file starts a process: most turns do without, so
# that more acts are in hand at the kill.
BY_TURNS: tuple[tuple[tuple[Act, ...], tuple[str, ...]], ...] = (
    ((enter, rule), ("rules",)),
    ((enter, rule), ("signin",)),
    ((enter, certify), ("certify",)),
    ((enter, rule), ("signin",)),
    ((enter, rule), ("rules",)),
    ((enter, rule, report), ("load", "certify")),
)
CUT_OFF = (OSError, WebSocketException, TimeoutError, KeyError, asyncio.TimeoutError)


async def again_and_again(act: Act, visitor: Visitor, told: Told, number: int) -> None:
    """Somebody who does the same with ever another number."""
    while True:
        number += 1
        await act(visitor, told, number)


def backing_up(path: Path, until: float) -> None:
    """The nightly backup, which happens to run just now."""
    from data import keeper
    from data.database import StoreError

    keeper.DONE_WITHIN = 3
    while time.monotonic() < until:
        with suppress(StoreError, OSError, ValueError):
            keeper.ask(path, "backup", "backup")[1].unlink(missing_ok=True)


async def worked(server: Server, seconds: float, turn: int) -> Told:
    """What the pages said was done until the server was killed so long after the word that its turn waits for."""
    people, awaited = BY_TURNS[turn % len(BY_TURNS)]
    number = 10_000 * (turn + 1)
    told: Told = []
    tasks = [
        asyncio.create_task(again_and_again(one, Visitor(server.url), told, number + 1000 * place)) for place, one in enumerate(people)
    ]
    end = time.monotonic() + 40
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
                told = asyncio.run(_turn(server, moments.uniform(0, longest), turn))
                for verb, *_ in told:
                    done[verb] += 1
                done["kills"] += 1
                found += apart(lost, path, told)
                if turn % 5 == 4:
                    print(done, len(found), flush=True)
    return done, found


async def _turn(server: Server, seconds: float, turn: int) -> Told:
    backups = asyncio.to_thread(backing_up, server.store, time.monotonic() + seconds)
    told, _ = await asyncio.gather(worked(server, seconds, turn), backups)
    return told
