"""Many people at the pages at once, each looking, thinking and looking again: their wait against that of one who is alone."""

import asyncio
import tempfile
from pathlib import Path

from tests.bench.measured import Line, MissingError, Took
from tests.proofs import load
from tests.proofs.apart import apart
from tests.proofs.served import Server, warm
from tests.proofs.visitor import PATIENCE

CROWDS, SECONDS = (10, 50), 40


def lines(crowds: tuple[int, ...] = CROWDS, seconds: float = SECONDS, think: float = load.THINK) -> list[Line]:
    """The wait of half of the answers, and of all but a twentieth, for so many people; RuntimeError where one saw what was wrong."""
    warm()
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "monitor.duckdb"
        apart(load.new, store)
        server = Server(store)
        try:
            waited = {people: _waited(server, people, seconds, think) for people in (1, *crowds)}
        finally:
            server.kill()
    told = {"p50": "half of the answers", "p95": "95 of 100 answers"}
    return [
        Line(f"{told[part]} within, {people} people at once", waited[people][part], f"{told[part]}, one person", waited[1][part])
        for people in crowds
        for part in told
    ]


def _waited(server: Server, people: int, seconds: float, think: float) -> dict[str, Took]:
    # Somebody alone need not think: nobody else waits for them.
    think = think / 10 if people == 1 else think
    try:
        told, wrong = asyncio.run(load.busy(server, people, seconds, float("inf"), think))
    except TimeoutError as error:
        raise MissingError(f"with {people} people at once an answer took more than {PATIENCE} s; this machine has other work") from error
    if wrong:
        raise RuntimeError(wrong[0])
    return {part: Took(told[part], server.memory()) for part in ("p50", "p95")}
