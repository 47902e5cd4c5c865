"""A function run in a process of its own, with limits on time and memory, so that a hostile file harms nobody else."""

import logging
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import ParamSpec, TypeVar

from loaders.memory import SURROUNDINGS, limit

HERE = Path(__file__).resolve().parent.parent
MOST_SECONDS = 60.0
MOST_BYTES = 2**30
Given = ParamSpec("Given")
Found = TypeVar("Found")


def confined(
    work: Callable[Given, Found], *given: Given.args, seconds: float = MOST_SECONDS, most_bytes: int = MOST_BYTES, **named: Given.kwargs
) -> Found | None:
    """What the function gives back for these values; None where it failed, took too long or too much memory.

    `work` is a function of a module; what it is given and gives back must be picklable. `most_bytes` is
    what it may take over what the process needs before it begins. Its temporary files are removed with it.
    """
    with tempfile.TemporaryDirectory() as folder:
        # One thread for numbers, so that a machine with many cores claims no more memory.
        surroundings = {**os.environ, **SURROUNDINGS, "TMPDIR": folder, "TEMP": folder, "TMP": folder, "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "loaders.confined", str(most_bytes), str(seconds)]
        task = pickle.dumps((work, given, named))
        try:
            done = subprocess.run(command, input=task, capture_output=True, timeout=seconds, cwd=HERE, env=surroundings, check=False)
        except subprocess.TimeoutExpired:
            return None
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        logging.getLogger(__name__).warning("%s ended with %s: %.300r", work.__qualname__, done.returncode, last)
        return None
    return pickle.loads(done.stdout)


def main(most_bytes: int, seconds: float) -> None:
    """The child: take up the work, limit itself where the system can, do it, hand back what it gives."""
    work, given, named = pickle.load(sys.stdin.buffer)
    limit(most_bytes, seconds)
    with redirect_stdout(sys.stderr):
        found = work(*given, **named)
    pickle.dump(found, sys.stdout.buffer)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
