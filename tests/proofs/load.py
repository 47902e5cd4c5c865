"""Fifty people at the pages at once, then the same beside an import, floods of uploads and an hour's worth of acts.

Nobody may see an error or a figure that belongs to another unit, month or filter; answers stay quick, memory stays bounded.
"""

import asyncio
import os
import random
import statistics
import tempfile
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.proofs import people
from tests.proofs.apart import apart
from tests.proofs.harm import FAILED
from tests.proofs.served import Server, warm
from tests.proofs.visitor import Visitor, request, signed_in

UNITS = {"001": "甲局", "002": "乙局", "003": "丙局"}
PLACES, MONTHS, YEAR = 5, range(1, 10), 2025
THINK, LEAST = 5.0, 3
PAGES = ("overview", "overview", "behind", "indicators", "ledger")
# Seconds of answers, and how long is measured where all fifty are there.
BAR, BAR_BESIDE_IMPORT, MEASURED, ALL = 0.5, 1.0, 60, 50
MOST_MEMORY, MOST_GROWTH = 2**30, 100 * 2**20
FLOOD, FLOOD_SIZE, ACTS_OF_AN_HOUR = 60, 20 * 2**20, 120
IMPORTED = 5_000


def spent(unit: str, month: int) -> Decimal:
    """What a unit has spent by the end of a month, in yuan: no two units and months have the same."""
    return sum((_amount(unit, place, at) for at in range(1, month + 1) for place in range(1, PLACES + 1)), Decimal(0))


def _amount(unit: str, place: int, month: int) -> Decimal:
    return Decimal(int(unit) * 100_000 + month * 10_000 + place * 100)


def new(path: Path) -> None:
    """A store with three units and nine months, somebody who sees all, and somebody of each unit."""
    from drawn import HEADINGS, QUARTERS, new_store, pay

    from data import accounts

    rows = (
        f"P{unit}{place},{name}项目{place},{unit},{name},{200 * place},25%,50%,75%,100%"
        for unit, name in UNITS.items()
        for place in range(1, PLACES + 1)
    )
    store = new_store("\n".join([f"{HEADINGS},{QUARTERS}", *rows]), path)
    paid = (f"P{u}{place} {month} {_amount(u, place, month)} {u}" for month in MONTHS for u in UNITS for place in range(1, PLACES + 1))
    pay(store, "\n".join(paid))
    for person, units in {people.PERSON: [], **{name: [unit] for unit, name in UNITS.items()}}.items():
        accounts.add(store, person, "finance" if units else "admin", units, "First-Horse-41", "test")
        visitor = accounts.visitor_of(store, accounts.sign_in(store, person, "First-Horse-41"))
        accounts.change_password(store, visitor, "First-Horse-41", people.PASSWORD)
    store.close()


class Person:
    """Somebody who looks at one page after the other, and knows what they must and must not see."""

    def __init__(self, visitor: Visitor, unit: str | None, chance: random.Random, think: float) -> None:
        """Somebody of a unit, or who sees all but asks for one unit on the list; thinks so many seconds over each answer."""
        self.visitor, self.unit, self.chance, self.think = visitor, unit, chance, think
        self.month, self.filtered = chance.choice(MONTHS), chance.choice(list(UNITS))
        self.took: list[float] = []
        self.wrong: list[str] = []

    async def work(self, begin: float, end: float) -> None:
        """Look, think, and look again until the end, and at least so often; what comes before the beginning is not counted."""
        await asyncio.sleep(self.chance.uniform(0, self.think))
        self.visitor.page = self.chance.choice(PAGES)
        await self.visitor.arrive(self.visitor.page, self._query())
        self._look()
        while time.monotonic() < end or len(self.took) < LEAST:
            await asyncio.sleep(self.chance.uniform(0.5 * self.think, 1.5 * self.think))
            taken = await self._act()
            if time.monotonic() > begin:
                self.took.append(taken)
            self._look()
        await self.visitor.leave()

    def _query(self) -> str:
        return f"lang=zh&as_of={YEAR}-{self.month:02d}" + (f"&unit={self.filtered}" if self.unit is None else "")

    async def _act(self) -> float:
        """The seconds until another month or page was drawn."""
        states = []
        if self.chance.random() < 0.5:
            self.month = self.chance.choice(MONTHS)
            states = [self.visitor.chosen("month_picked", 12 - self.month)]
        else:
            self.visitor.page = self.chance.choice(PAGES)
            self.visitor.query = self._query()
        begun = time.monotonic()
        await self.visitor.run(*states)
        return time.monotonic() - begun

    def _look(self) -> None:
        """Note whatever is not for these eyes, or not there."""
        text, page = self.visitor.text(), self.visitor.page
        if FAILED in text or not text.strip() or self.visitor.refusal():
            self.wrong.append(f"{page} failed: {self.visitor.refusal()}")
        seen = self.unit or (self.filtered if page == "behind" else None)
        strange = [name for unit, name in UNITS.items() if seen and unit != seen and f"{name}项目" in text]
        if strange:
            self.wrong.append(f"{page} of {seen} at {self.month} shows {strange}")
        if page == "overview":
            total = sum((spent(unit, self.month) for unit in ([self.unit] if self.unit else UNITS)), Decimal(0))
            if f"{total / 10_000:,.2f}" not in text.replace(" ", ""):
                self.wrong.append(f"overview of {self.unit} at {self.month} does not say {total}")


async def busy(server: Server, sessions: int, seconds: float, bar: float, think: float | None = None) -> tuple[dict[str, Any], list[str]]:
    """How long answers took while so many people worked for so long, and what they saw that was wrong."""
    cookies = {unit: signed_in(server.url, name, people.PASSWORD) for unit, name in [(None, people.PERSON), *UNITS.items()]}
    chance = random.Random(sessions)
    units = [list(cookies)[place % len(cookies)] for place in range(sessions)]
    think = think or (THINK if sessions >= ALL else THINK / 10)
    crowd = [Person(Visitor(server.url, cookies[unit]), unit, random.Random(chance.random()), think) for unit in units]
    begin = time.monotonic() + 2 * think
    before, used = time.monotonic(), server.seconds()
    await asyncio.gather(*(one.work(begin, begin + seconds) for one in crowd))
    used, lasted = server.seconds() - used, time.monotonic() - before
    took = sorted(seconds for one in crowd for seconds in one.took)
    slow = took[int(len(took) * 0.95)] if took else 0.0
    told = {
        "sessions": sessions,
        "answers": len(took),
        "p50": round(statistics.median(took), 3) if took else None,
        "p95": round(slow, 3),
        "processor": f"{used / lasted:.0%} of one",
        "load of the machine": os.getloadavg()[0],
    }
    wrong = [one for person in crowd for one in person.wrong]
    # Of fewer people, or on a machine with other work, the time says nothing.
    if sessions >= ALL and slow > bar:
        wrong.append(f"p95 {slow:.2f} s > {bar} s")
    return told, wrong


async def importing(server: Server, until: float) -> int:
    """How many large files somebody has handed in and kept meanwhile."""
    visitor, done = Visitor(server.url, signed_in(server.url, people.PERSON, people.PASSWORD)), 0
    await visitor.arrive("upload", "lang=zh&as_of=2025-09")
    while time.monotonic() < until:
        done += 1
        rows = (f"P001{1 + n % PLACES},001,2025-10,{n}.{done:02d},V{n}" for n in range(IMPORTED))
        content = "\n".join(["项目编码,单位编码,月份,支出金额,凭证号", *rows]).encode()
        await visitor.run(await visitor.uploaded(visitor.key("file_uploader"), f"{done}.csv", content))
        await visitor.run(visitor.clicked(visitor.key("button", "^keep_")))
    await visitor.leave()
    return done


async def beside_an_import(server: Server, sessions: int, seconds: float) -> tuple[dict[str, Any], list[str]]:
    """The same while somebody hands in large files."""
    until = time.monotonic() + seconds + 2 * THINK
    (told, wrong), files = await asyncio.gather(busy(server, sessions, seconds, BAR_BESIDE_IMPORT), importing(server, until))
    return {**told, "files": files}, wrong


async def flooded(server: Server, files: int, size: int) -> tuple[dict[str, Any], list[str]]:
    """How many of so many large files each person and nobody could leave on the server, and its memory at the most."""
    content, statuses, most = b"x" * size, Counter(), 0
    for cookie in ("", *(signed_in(server.url, name, people.PASSWORD) for name in UNITS.values())):
        visitor = Visitor(server.url, cookie)
        if cookie:
            await visitor.arrive("upload")
        for number in range(files):
            try:
                if cookie:
                    await visitor.uploaded(visitor.key("file_uploader"), f"{number}.csv", content)
                    statuses["taken"] += 1
                else:
                    statuses[await asyncio.to_thread(visitor.put, f"_stcore/upload_file/nobody/{number}", f"{number}.csv", content)] += 1
            except OSError as refused:
                statuses[str(refused)] += 1
            most = max(most, server.memory())
        await visitor.leave()
    wrong = [f"{most >> 20} MB after a flood"] if most > MOST_MEMORY else []
    wrong += [] if request(f"{server.url}/_stcore/health")[0] == 200 else ["the server does not answer after a flood"]
    return {"most memory, MB": most >> 20, **{str(status): count for status, count in statuses.items()}}, wrong


async def worked(server: Server, acts: int) -> tuple[dict[str, Any], list[str]]:
    """The memory after each third of so many acts on the pages."""
    told: people.Told = []
    memory = []
    visitor = Visitor(server.url)
    for number in range(acts):
        await people.rule(visitor, told, 100 + number)
        # People come and go.
        if number % 4 == 3:
            await visitor.leave()
        if number % max(acts // 3, 1) == acts // 3 - 1:
            memory.append(server.memory())
    await visitor.leave()
    growth = memory[-1] - memory[0]
    wrong = [f"memory grew by {growth >> 20} MB"] if growth > MOST_GROWTH else []
    wrong += [f"{acts - len(told)} acts were refused"] if len(told) < acts else []
    return {"acts": len(told), "memory after each third, MB": [size >> 20 for size in memory]}, wrong


def run(times: int) -> tuple[dict[str, Any], list[str]]:
    """What was measured with so many sessions, and all that was wrong or too slow."""
    warm()
    is_long = times >= ALL
    seconds = MEASURED if is_long else 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "monitor.duckdb"
        apart(new, path)
        server = Server(path)
        try:
            parts = {"fifty": busy(server, times, seconds, BAR)}
            if is_long:
                parts["beside an import"] = beside_an_import(server, times, seconds)
                parts["acts"] = worked(server, ACTS_OF_AN_HOUR)
            parts["flood"] = flooded(server, FLOOD if is_long else 2, FLOOD_SIZE if is_long else 2**20)
            told: dict[str, Any] = {}
            found: list[str] = []
            for name, part in parts.items():
                told[name], wrong = asyncio.run(part)
                found += [f"{name}: {one}" for one in wrong]
                print(name, told[name], flush=True)
        finally:
            server.kill()
    return told, found
