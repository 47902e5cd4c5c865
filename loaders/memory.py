"""How much memory and time a process may take, and how it gives back what it no longer needs."""

import ctypes
import os
from contextlib import suppress
from pathlib import Path

# What glibc and Arrow are told through a child's environment: few arenas, large blocks given back at once.
SURROUNDINGS = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": "262144",
    "MALLOC_TRIM_THRESHOLD_": "1048576",
}
# How far one who reads a file steps back: a third of a processor that others want, all of one that they do not.
_NICE = 5
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8


def limit(memory: int, seconds: float) -> None:
    """Let this process take so many bytes more than it has now and so much time, where the system can say that."""
    try:
        import resource  # noqa: PLC0415 - not on every system

        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
        held = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmData"))
        resource.setrlimit(resource.RLIMIT_DATA, (held + memory,) * 2)
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1,) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, StopIteration, ValueError):
        return  # The parent's limit on time holds all the same.


def yield_to_others() -> None:
    """Let whoever only looks come before this process, where the system knows of such an order."""
    if hasattr(os, "nice"):
        os.nice(_NICE)


def give_back_soon() -> None:
    """Have this process return freed memory to the system at once, where its allocator can be told so."""
    with suppress(OSError, AttributeError):
        tell = ctypes.CDLL(None).mallopt
        tell(_ARENA_MAX, int(SURROUNDINGS["MALLOC_ARENA_MAX"]))
        tell(_MMAP_THRESHOLD, int(SURROUNDINGS["MALLOC_MMAP_THRESHOLD_"]))
        tell(_TRIM_THRESHOLD, int(SURROUNDINGS["MALLOC_TRIM_THRESHOLD_"]))
