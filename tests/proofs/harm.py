"""A server whose disk or folders are harmed while people work on its pages: what every such proof does and looks at.

Nobody may be told that something was done which is not there afterwards, nobody may see a trace in place of a sentence, and
where the harm ends everything works again without a restart.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from websockets.exceptions import WebSocketException

from tests.proofs.apart import apart
from tests.proofs.people import PERSON, Act, Told, enter, lost, report, rule
from tests.proofs.served import Server
from tests.proofs.visitor import Visitor

# So long a store that has been healed may take until all works again.
HEALED_WITHIN = 60
# A harm lasts until everybody has tried so often, or so long.
TRIES_IN_HARM, HARM_LASTS = 1, 30
# So long nobody does anything after an act.
REST = 0.3
# After so many harms the server is ended in the midst of one and begun again in it.
RESTARTED_EVERY = 5
FAILED = "这一页出错了"
Harm = Callable[[], AbstractContextManager[str]]


class Trial:
    """A store under harm: what people were told, what was found wrong."""

    def __init__(self, server: Server, moments: random.Random) -> None:
        """Begin with a server that is well."""
        self.server, self.moments = server, moments
        self.told: Told = []
        self.wrong: list[str] = []
        self.done: Counter[str] = Counter()
        self.number = 0
        # What the log of a server that did not start ended with.
        self.refusal = ""
        self._read: Counter[str] = Counter()

    def turn(self, harm: Harm, restart: bool) -> None:
        """One harm: people work before, while and after it lasts; with a restart the server is killed and begun again while it lasts."""
        asyncio.run(self._turn(harm, restart))
        self._look_at_logs()
        self.done["harms"] += 1

    async def _turn(self, harm: Harm, restart: bool) -> None:
        people = [(act, Visitor(self.server.url)) for act in (enter, rule, report)]
        stop = asyncio.Event()
        tasks = [asyncio.create_task(self._work(act, visitor, stop)) for act, visitor in people]
        tasks.append(asyncio.create_task(self._back_up(stop)))
        await asyncio.sleep(self.moments.uniform(0, 3))
        with harm() as name:
            before, end = Counter(self.done), time.monotonic() + HARM_LASTS
            while time.monotonic() < end and not stop.is_set():
                await asyncio.sleep(0.1)
                tried = self.done - before
                if all(tried[f"tried {act.__name__}"] > TRIES_IN_HARM for act, _ in people) or all(task.done() for task in tasks):
                    stop.set()
            stop.set()
            await asyncio.gather(*tasks)
            if restart:
                self.server.kill()
                if self._begun():
                    await self._try(rule, Visitor(self.server.url))
        if not self.server.pid and not self._begun():
            self.wrong.append(f"the server does not start after {name}: {self.refusal}")
            return
        await self._works_again(name)

    def _begun(self) -> bool:
        """Whether the server has started; one that does not must say why in a sentence, which the log is looked through for."""
        try:
            self.server.start()
        except RuntimeError as error:
            self.refusal = str(error)
            with suppress(ProcessLookupError, ChildProcessError):
                self.server.kill()
            self.server.pid = 0
            self.done["refused to start"] += 1
        return bool(self.server.pid)

    async def _work(self, act: Act, visitor: Visitor, stop: asyncio.Event) -> None:
        """Do the same again and again; a page that shows no way on is opened anew, as people do."""
        while not stop.is_set():
            if not await self._try(act, visitor):
                await visitor.leave()
            await asyncio.sleep(REST)

    async def _try(self, act: Act, visitor: Visitor) -> bool:
        """Whether an act was acknowledged; whatever the page says instead must be a sentence of its own."""
        self.number += 1
        told: Told = []
        with suppress(OSError, KeyError, WebSocketException, asyncio.TimeoutError):
            await act(visitor, told, self.number)
        self.told += told
        if FAILED in visitor.refusal():
            self.wrong.append(f"{act.__name__}: a page failed")
        self.done[f"tried {act.__name__}"] += 1
        self.done.update(verb for verb, *_ in told)
        return bool(told)

    async def _back_up(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await asyncio.to_thread(self._backed_up)
            await asyncio.sleep(REST)

    def _backed_up(self) -> str:
        """Why the command of a backup, asked of the server, has not made one that proves itself; empty where it has."""
        from data import keeper
        from data.database import StoreError

        keeper.DONE_WITHIN = HEALED_WITHIN
        try:
            _, archive = keeper.ask(self.server.store, "backup", PERSON)
        except (StoreError, OSError) as error:
            self.done["refused backup"] += 1
            return f"{error!r} {getattr(error, 'facts', '')}"
        archive.unlink(missing_ok=True)
        self.done["backup"] += 1
        return ""

    async def _works_again(self, name: str) -> None:
        """Every act is done again, without a restart, soon after the harm has gone."""
        loop = asyncio.get_running_loop()
        for act in (rule, report):
            end = loop.time() + HEALED_WITHIN
            while not await self._try(act, Visitor(self.server.url)):
                if loop.time() > end:
                    self.wrong.append(f"{act.__name__} does not work again after {name}")
                    break
        if refused := await asyncio.to_thread(self._backed_up):
            self.wrong.append(f"no backup is made again after {name}: {refused}")

    def _look_at_logs(self) -> None:
        """A trace in a log of the server is a fault that nobody has thought of."""
        folder = self.server.store.parent
        for name, sign in {"server.log": "Traceback", self.server.store.with_suffix(".log.jsonl").name: '"trace"'}.items():
            log = (folder / name).read_text(errors="replace") if (folder / name).exists() else ""
            new, self._read[name] = log[self._read[name] :], len(log)
            if sign in new:
                self.wrong.append(f"{name} has a trace:\n{new[max(new.index(sign) - 200, 0) :][:3000]}")

    def end(self) -> None:
        """Stop the server and look for all that it said was done."""
        self.server.kill()
        self.wrong += apart(lost, self.server.store, self.told)


def tried(make: Callable[[Path], Server], path: Path, harms: list[Harm], moments: random.Random) -> tuple[Counter[str], list[str]]:
    """What was done and what was wrong under these harms of one store, one after the other."""
    trial = Trial(make(path), moments)
    try:
        for turn, harm in enumerate(harms, start=1):
            trial.turn(harm, turn % RESTARTED_EVERY == 0)
            print(dict(trial.done), len(trial.wrong), *trial.wrong[-1:], flush=True)
    finally:
        trial.end()
    return trial.done, trial.wrong
