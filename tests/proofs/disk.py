"""A disk that is full from one byte on to the next, while people work: nothing that was acknowledged is lost, and all goes on afterwards.

The store, its journal, kept files, work folder and temporary files lie on a disk of their own in memory, which no other process sees.
"""

import ctypes
import os
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from tests.proofs.apart import apart
from tests.proofs.harm import tried
from tests.proofs.people import new
from tests.proofs.served import Server, warm

SIZE, PAGE = 256 * 2**20, 4096
TURNS_OF_A_STORE = 10
# What acts of a small store write lies within so much; a backup, and a checkpoint, take more.
ROOM_OF_ACTS, ROOM_OF_BACKUPS = 50 * PAGE, 8 * 2**20
TRIES = 20
_NEW_MOUNTS, _NEW_USERS, _PRIVATE, _DETACH = 0x20000, 0x10000000, (1 << 18) | (1 << 14), 2
CANNOT = "no disk of its own can be mounted on this machine"


class Hasty(Server):
    """A server that takes the log ahead into the file again and again, so that a checkpoint meets the full disk, too."""

    def serve(self) -> int:
        """Serve the pages with a log ahead of little room."""
        from data.opening import SETTINGS

        SETTINGS["checkpoint_threshold"] = "64KB"
        return super().serve()


@contextmanager
def full(folder: Path, room: int) -> Iterator[str]:
    """Leave so many bytes on the disk of a folder."""
    filler = folder / "filler"
    try:
        with filler.open("wb") as file:
            _fill(file.fileno(), folder, room)
        yield f"a disk with room for {room}"
    finally:
        filler.unlink()


def _fill(file: int, folder: Path, room: int) -> None:
    """Let a file take all but the room; others write to the disk meanwhile."""
    for _ in range(TRIES):
        disk = os.statvfs(folder)
        with suppress(OSError):
            os.posix_fallocate(file, 0, max(PAGE, disk.f_bavail * disk.f_frsize - room))
            return
    raise OSError("the disk cannot be filled")


@contextmanager
def own_disk() -> Iterator[Path | None]:
    """A folder on a disk of its own, which is gone afterwards; None where this machine does not let a program mount one."""
    with tempfile.TemporaryDirectory() as folder:
        if not _mounted(Path(folder)):
            yield None
            return
        try:
            # What is read and packed goes through files for a while, which a server that is forked makes there, too.
            tempfile.tempdir = folder
            yield Path(folder)
        finally:
            tempfile.tempdir = None
            ctypes.CDLL(None).umount2(os.fsencode(folder), _DETACH)


def _mounted(folder: Path) -> bool:
    """Whether an empty disk of its own is now at a folder, for this process and its children alone."""
    system = ctypes.CDLL(None, use_errno=True)
    user = os.getuid()
    if system.unshare(_NEW_MOUNTS | (_NEW_USERS if user else 0)):
        return False
    if user:
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
    system.mount(b"none", b"/", None, _PRIVATE, None)
    return system.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", 0, f"size={SIZE}".encode()) == 0


def run(times: int) -> tuple[dict[str, int], list[str]]:
    """How many full disks, acts and backups, and all that was lost or wrong; each room for acts that is a multiple of a page."""
    warm()
    chance, done, found = random.Random(times), Counter(), []
    with own_disk() as folder:
        if folder is None:
            return {}, [CANNOT]
        rooms = [ROOM_OF_ACTS * turn // times if turn % 3 else chance.randrange(0, ROOM_OF_BACKUPS) for turn in range(times)]
        for first in range(0, times, TURNS_OF_A_STORE):
            path = folder / f"{first}" / "monitor.duckdb"
            path.parent.mkdir()
            apart(new, path)
            harms = [partial(full, folder, room) for room in rooms[first : first + TURNS_OF_A_STORE]]
            told, wrong = tried(Hasty if first // TURNS_OF_A_STORE % 2 else Server, path, harms, chance)
            done.update(told)
            found += wrong
    return dict(done), found
