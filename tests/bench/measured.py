"""What is measured: a line of the table with what it is a ratio of, the time of a call, the memory of a process."""

import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from tests.proofs.apart import apart

TIMES = 7
MEGABYTE = 2**20
# What the system counts the most memory of a process in.
COUNTED = 1 if sys.platform == "darwin" else 1024


class MissingError(Exception):
    """What a part of the bench needs is not on this machine; says what."""


class Took(NamedTuple):
    """What something took: its seconds (or whatever is compared), and the most memory of the process that did it, in bytes."""

    value: float
    peak: int = 0


class Line(NamedTuple):
    """One measurement: what, how much it took, what it is compared with, and the bar it has to keep to, if there is one.

    The ratio is that of the values, measured ÷ base; with `faster` it is base ÷ measured, and the bar is a floor.
    """

    what: str
    took: Took
    against: str
    base: Took
    bar: float | None = None
    faster: bool = False
    unit: str = "ms"

    @property
    def ratio(self) -> float:
        """How many times as much, or with `faster` how many times less."""
        return self.base.value / self.took.value if self.faster else self.took.value / self.base.value

    @property
    def holds(self) -> str:
        """Whether the bar is kept; empty without one."""
        if self.bar is None:
            return ""
        return "yes" if (self.ratio >= self.bar if self.faster else self.ratio <= self.bar) else "NO"


# How time is told: by the clock on the wall, or by what the processor has done for this process, which other work leaves alone.
CLOCKS = {"wall": time.perf_counter, "processor": time.process_time}
_clock = CLOCKS["wall"]


def tell_time_by(name: str) -> None:
    """Have every call timed by this clock from now on, in processes that begin later as well."""
    global _clock  # noqa: PLW0603 - one run, one clock
    _clock = CLOCKS[name]


def median(call: Callable[[], Any], times: int = TIMES) -> float:
    """The median time of a call in seconds, after one that warms up."""
    call()
    return statistics.median(timed(call) for _ in range(times))


def timed(call: Callable[[], Any]) -> float:
    """The seconds of one call."""
    begun = _clock()
    call()
    return _clock() - begun


def alone(task: Callable[..., float], *arguments: Any) -> Took:
    """What a task tells, in a process of its own, with the most memory that this has held, or one that it began."""
    return Took(*apart(_weighed, task, arguments))


def _weighed(task: Callable[..., float], arguments: Sequence[Any]) -> tuple[float, int]:
    told = task(*arguments)
    return told, max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) * COUNTED


HEADS = "| measured | | memory | compared with | | ratio | bar | holds |\n|---|---:|---:|---|---:|---:|---|---|"


def as_table(lines: Sequence[Line], machine: str, left_out: Sequence[str] = ()) -> str:
    """The table in Markdown, with machine and date, and what was left out."""
    told = (
        f"{machine}; medians of one run. Memory is the most that the process of the first column has held, all of it, or one that it began."
    )
    return "\n".join([told, "", HEADS, *map(as_row, lines), *(f"\nLeft out: {reason}." for reason in left_out)]) + "\n"


def as_row(line: Line) -> str:
    """A line of the table."""
    bar = "" if line.bar is None else f"{'≥' if line.faster else '≤'} {line.bar:g}"
    memory = f"{line.took.peak / MEGABYTE:,.0f} MB" if line.took.peak and line.unit == "ms" else ""
    cells = (line.what, _shown(line.took.value, line.unit), memory, line.against, _shown(line.base.value, line.unit))
    return f"| {' | '.join(cells)} | {line.ratio:,.2g} × | {bar} | {line.holds} |"


def _shown(value: float, unit: str) -> str:
    if unit == "MB":
        return f"{value / MEGABYTE:,.0f} MB"
    return f"{value * 1000:,.0f} ms" if value < 10 else f"{value:,.1f} s"
