"""Folder, store, journal, kept files or work folder that may no longer be written or read, at random moments while people work."""

import ctypes
import os
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.proofs.apart import apart
from tests.proofs.harm import tried
from tests.proofs.people import new
from tests.proofs.served import Server, warm

TURNS_OF_A_STORE = 10
# What loses its permissions, and what is left of them.
PLACES = {
    ".": (0o500, 0o000),
    "monitor.duckdb": (0o400, 0o000),
    "monitor.duckdb.wal": (0o400, 0o000),
    "monitor.journal.jsonl": (0o400, 0o000),
    "monitor.files": (0o500, 0o000),
    "monitor.files/*": (0o000,),
    "monitor.work": (0o500, 0o000),
    "monitor.log.jsonl": (0o400,),
}
# Whoever may pass over every permission (root) may do so by these; a program that has given them up can never get them back.
_PASS_OVER, _READ_OVER, _DROP, _VERSION = 1, 2, 24, 0x20080522


class Bound(Server):
    """A server for which permissions hold, whoever began it."""

    def serve(self) -> int:
        """Serve the pages as somebody who may do nothing but what the modes say."""
        if os.geteuid() == 0:
            give_up()
        return super().serve()


def give_up() -> None:
    """Let this process of root, and all that it begins, be held to the modes of files."""
    system = ctypes.CDLL(None, use_errno=True)
    for one in (_PASS_OVER, _READ_OVER):
        system.prctl(_DROP, one, 0, 0, 0)
    head, words = (ctypes.c_uint32 * 2)(_VERSION, 0), (ctypes.c_uint32 * 6)()
    left = ~(1 << _PASS_OVER | 1 << _READ_OVER)
    if system.capget(head, words):
        raise OSError(ctypes.get_errno(), "capget")
    for place in range(3):
        words[place] &= left & 0xFFFFFFFF
    if system.capset(head, words):
        raise OSError(ctypes.get_errno(), "capset")


@contextmanager
def forbidden(folder: Path, pattern: str, mode: int) -> Iterator[str]:
    """Leave these permissions of whatever fits the pattern, and give back what it had."""
    found = {path: path.stat().st_mode & 0o777 for path in ([folder] if pattern == "." else folder.glob(pattern))}
    try:
        for path in found:
            path.chmod(mode)
        yield f"{pattern} with mode {mode:o}"
    finally:
        for path, before in found.items():
            if path.exists():
                path.chmod(before)


def run(times: int) -> tuple[dict[str, int], list[str]]:
    """How many faults of permission, acts and backups, and all that was lost or wrong."""
    warm()
    chance, done, found = random.Random(times), Counter(), []
    faults = [(place, mode) for place, modes in PLACES.items() for mode in modes]
    for first in range(0, times, TURNS_OF_A_STORE):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "store" / "monitor.duckdb"
            path.parent.mkdir()
            apart(new, path)
            turns = range(first, min(times, first + TURNS_OF_A_STORE))
            told, wrong = tried(Bound, path, [partial(forbidden, path.parent, *faults[turn % len(faults)]) for turn in turns], chance)
            done.update(told)
            found += wrong
    return dict(done), found
