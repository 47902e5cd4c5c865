"""From the command until the first page is drawn: our server against Streamlit's own example."""

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.bench.measured import Line, Took
from tests.bench.stores import Stores
from tests.proofs.visitor import Visitor, request

DASHBOARD = Path(__file__).parents[2] / "dashboard.py"
PATIENCE, TIMES = 60, 3
# Streamlit's own commands ask nobody and tell nobody.
QUIET = {"STREAMLIT_SERVER_HEADLESS": "true", "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false"}


class Running(NamedTuple):
    """A server that answers: where, since which moment it was on its way, and its process."""

    url: str
    since: float
    pid: int

    def peak(self) -> int:
        """The most memory that its process has held, in bytes; 0 where the system does not say."""
        status = Path(f"/proc/{self.pid}/status")
        lines = status.read_text().splitlines() if status.exists() else []
        return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


@contextmanager
def running(*command: str, port: str = "--server.port") -> Iterator[Running]:
    """A command that serves pages, once it answers and until this ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        since, url = time.perf_counter(), f"http://127.0.0.1:{number}"
        process = subprocess.Popen(
            [sys.executable, *command, port, str(number)],
            cwd=folder,
            env=os.environ | QUIET,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            while request(f"{url}/_stcore/health")[0] != 200:
                if process.poll() is not None or time.perf_counter() - since > PATIENCE:
                    raise RuntimeError(f"does not serve: {' '.join(command)}")
                time.sleep(0.02)
            yield Running(url, since, process.pid)
        finally:
            process.terminate()
            process.wait()


def ours(store: Path) -> Sequence[str]:
    """The command that serves a store, but for its port."""
    return str(DASHBOARD), "--store", str(store), "serve"


def lines(stores: Stores) -> list[Line]:
    """The start over each store."""
    hello = _started("-m", "streamlit", "hello")
    taken = [(size, _started(*ours(stores[size]), port="--port")) for size in stores]
    return [Line(f"from the command to the first page: {size:,} projects", took, "streamlit hello", hello) for size, took in taken]


def _started(*command: str, port: str = "--server.port") -> Took:
    taken, peaks = [], []
    for _ in range(TIMES):
        with running(*command, port=port) as server:
            asyncio.run(_visit(server.url))
            taken.append(time.perf_counter() - server.since)
            peaks.append(server.peak())
    return Took(statistics.median(taken), max(peaks))


async def _visit(url: str) -> None:
    visitor = Visitor(url)
    await visitor.arrive("")
    await visitor.leave()
