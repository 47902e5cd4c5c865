"""A real server of the product for proofs: it is forked from this process, whose modules are loaded, so that it starts in a second."""

import os
import signal
import socket
import time
from importlib import import_module
from pathlib import Path

from tests.proofs.visitor import request

PATIENCE = 60


def warm() -> None:
    """Load what a server loads, once, before the first is forked."""
    import streamlit.web.bootstrap
    import streamlit.web.cli  # noqa: F401

    # What the frame imports; it is a script, which runs when it is imported itself.
    for name in ("accounts", "audit", "behind", "compare", "indicators", "ledger", "overview", "plans", "project", "settings", "upload"):
        import_module(f"pages.{name}")


class Server:
    """A running server of one store."""

    def __init__(self, store: Path, **environment: str) -> None:
        """Start it and wait until it answers."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.store, self.environment, self.pid = store, environment, 0
        self.start()

    @property
    def url(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Fork it and wait until it answers; RuntimeError with its log where it ends instead."""
        log = self.store.parent / "server.log"
        self.pid = os.fork()
        if not self.pid:
            self._live(log)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if request(f"{self.url}/_stcore/health")[0] == 200:
                return
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                break
            time.sleep(0.05)
        raise RuntimeError(log.read_text(errors="replace")[-4000:])

    def serve(self) -> int:
        """Serve the pages until killed, as the command does; its exit code."""
        from pages.terminal import run

        return run(["--store", str(self.store), "serve", "--port", str(self.port)])

    def _live(self, log: Path) -> None:
        """The life of the forked process."""
        code = 1
        try:
            os.setsid()
            target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.dup2(target, 1)
            os.dup2(target, 2)
            os.environ.update(self.environment)
            code = self.serve()
        finally:
            os._exit(code or 0)

    def memory(self) -> int:
        """The bytes of memory that it holds."""
        pages = Path(f"/proc/{self.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def seconds(self) -> float:
        """The processor time that it has taken."""
        told = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """End it this instant."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as an administrator does."""
        self._end(signal.SIGTERM)

    def _end(self, sign: int) -> None:
        if self.pid:
            os.kill(self.pid, sign)
            os.waitpid(self.pid, 0)
            self.pid = 0
