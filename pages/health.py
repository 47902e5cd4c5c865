"""How the server is, for machines that watch it: /healthz and /metricsz as plain text, without a figure of the content."""

import os
import shutil
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from data import journal
from data.database import Store, StoreError
from pages.opened import noticed, open_seeded

LEAST_FREE = 200 * 1024**2
_SINCE = time.time()
# Runs of pages: how many, how many failed, how many seconds in all.
RUNS: Counter[str] = Counter()


def ran(seconds: float, failed: bool) -> None:
    """Count one run of a page."""
    RUNS.update({"runs": 1, "failures": int(failed), "milliseconds": int(seconds * 1000)})


def state() -> list[str]:
    """What keeps the server from being well; nothing where all is."""
    store = open_seeded()
    if isinstance(store, StoreError):
        return [store.code]
    told = [fault.code for fault in noticed(store)[:1]]
    if store.path and min(shutil.disk_usage(path.parent).free for path in (store.path, store.home)) < LEAST_FREE:
        told.append("disk.low")
    try:
        _heads(store)
        # Between two acts alone must the journal be level with the store.
        if store.path and store.writing.acquire(blocking=False):
            try:
                journal.follow(store)
                told += [] if _heads(store) == (store.journaled, store.anchored) else ["journal.behind"]
            finally:
                store.writing.release()
    except StoreError as error:
        return [*told, error.code]
    except Exception as error:  # noqa: BLE001 - whatever the database says, it does not answer
        return [*told, f"store.{type(error).__name__}"]
    return told


def _heads(store: Store) -> tuple[int, int]:
    with store.cursor() as cursor:
        return cursor.execute(_HEADS).fetchone()


_HEADS = "select (select coalesce(max(act), 0) from acts), (select coalesce(max(number), 0) from audit)"


def healthz(request: Request) -> PlainTextResponse:
    """`ok`, or 503 and the words for what is not."""
    told = state()
    return PlainTextResponse("\n".join(told or ["ok"]) + "\n", 503 if told else 200)


def metricsz(request: Request) -> PlainTextResponse:
    """Counts and sizes in the text format that Prometheus reads."""
    store = open_seeded()
    facts: dict[str, Any] = {
        "up": int(not state()),
        "uptime_seconds": int(time.time() - _SINCE),
        "page_runs_total": RUNS["runs"],
        "page_failures_total": RUNS["failures"],
        "page_seconds_total": RUNS["milliseconds"] / 1000,
        "memory_bytes": _memory(),
    }
    if isinstance(store, Store) and store.path:
        facts |= {
            "store_bytes": _size(store.path),
            "log_ahead_bytes": _size(store.path.with_name(f"{store.path.name}.wal")),
            "journal_bytes": _size(journal.journal_path(store)),
            "disk_free_bytes": shutil.disk_usage(store.path.parent).free,
            "acts_total": store.journaled,
            "audit_rows_total": store.anchored,
        }
    return PlainTextResponse("".join(f"budget_{name} {value}\n" for name, value in facts.items()))


def _size(path: Path | None) -> int:
    return path.stat().st_size if path and path.exists() else 0


def _memory() -> int:
    """The memory that the process holds now; 0 where the system does not say."""
    pages = Path("/proc/self/statm")
    return int(pages.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if sys.platform == "linux" and pages.exists() else 0


def routes() -> list[Route]:
    """The two routes."""
    return [Route("/healthz", healthz), Route("/metricsz", metricsz)]
