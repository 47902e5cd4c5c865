"""Reading a file in a process of its own, so that a hostile or huge one harms nobody else."""

import errno
import json
import logging
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryDirectory
from threading import Thread
from typing import IO

from loaders.child import NO_ROOM
from loaders.files import NOTHING, Declared
from loaders.memory import SURROUNDINGS
from loaders.problems import Problem, Reading
from loaders.shapes import Told

MEGABYTE = 2**20
SMALL = 5 * MEGABYTE
SMALL_SECONDS, SECONDS_EACH_MEGABYTE = 10, 2
# A good file is not refused for the other work of a busy machine: of the clock it may take so many times its processor time.
PATIENCE = 5
SMALL_MEMORY, MEMORY_FOR_EACH_BYTE = 300 * MEGABYTE, 16
LONGEST_LOG = 2000
HERE = Path(__file__).resolve().parent.parent
_log = logging.getLogger(__name__)


def seconds_for(size: int) -> float:
    """How many seconds of a processor a file of so many bytes may take."""
    return SMALL_SECONDS + SECONDS_EACH_MEGABYTE * max(size - SMALL, 0) / MEGABYTE


def memory_for(size: int) -> int:
    """How many bytes a file of so many bytes may take, over what the reading process needs before it begins."""
    return SMALL_MEMORY + MEMORY_FOR_EACH_BYTE * max(size - SMALL, 0)


def read_apart(content: bytes, declared: Declared = NOTHING, seconds: float | None = None, told: Told | None = None) -> Reading:
    """What `read_file` gives back; finding F07 where reading took too long or too much memory. OSError without room on the disk.

    `told` hears from time to time which stage the reading has reached, by its key in words.csv, and how much is done.
    """
    seconds = seconds_for(len(content)) if seconds is None else seconds
    with TemporaryDirectory(prefix="reading-") as folder:
        Path(folder, "content").write_bytes(content)
        limits = {"seconds": seconds, "memory": memory_for(len(content))}
        Path(folder, "told.json").write_text(json.dumps({"declared": declared._asdict(), **limits}), encoding="utf-8")
        with Path(folder, "errors").open("wb") as errors:
            child = subprocess.Popen(
                [sys.executable, "-m", "loaders.child", folder],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=HERE,
                env={**os.environ, **SURROUNDINGS},
            )
        try:
            for stage, share in _stages(child.stdout, time.monotonic() + PATIENCE * seconds):
                if told:
                    told(stage, share)
            if child.wait(timeout=1) == 0:
                with Path(folder, "reading").open("rb") as file:
                    return pickle.load(file)
        except (TimeoutError, subprocess.TimeoutExpired):
            pass
        finally:
            child.kill()
            child.wait()
        if child.returncode == NO_ROOM:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        _log.warning("reading a file ended with %s: %s", child.returncode, Path(folder, "errors").read_bytes()[-LONGEST_LOG:])
    return Reading(None, problems=[Problem("F07")])


def _stages(lines: IO[bytes] | None, deadline: float) -> Iterator[tuple[str, float]]:
    """The stages that the child tells, until it has no more to tell; TimeoutError past the deadline."""
    heard: SimpleQueue[bytes] = SimpleQueue()

    def listen() -> None:
        for line in lines or ():
            heard.put(line)
        heard.put(b"")

    Thread(target=listen, daemon=True).start()
    while True:
        try:
            line = heard.get(timeout=max(deadline - time.monotonic(), 0))
        except Empty as error:
            raise TimeoutError from error
        if not line:
            return
        stage, _, share = line.decode("ascii").partition(" ")
        yield stage, float(share)
