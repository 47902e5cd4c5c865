"""What is measured: a line of the table with what it is a ratio of, and the time of a call."""

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

TIMES = 7


class Line(NamedTuple):
    """One measurement: what, how long (or how much) it took, what it is compared with, and the bar it has to keep to, if there is one.

    The ratio is `value` ÷ `base`; with `faster` it is `base` ÷ `value`, and the bar is a floor.
    """

    what: str
    value: float
    against: str
    base: float
    bar: float | None = None
    faster: bool = False

    @property
    def ratio(self) -> float:
        """How many times as much, or with `faster` how many times less."""
        return self.base / self.value if self.faster else self.value / self.base

    @property
    def holds(self) -> str:
        """Whether the bar is kept; empty without one."""
        if self.bar is None:
            return ""
        return "yes" if (self.ratio >= self.bar if self.faster else self.ratio <= self.bar) else "NO"


def median(call: Callable[[], Any], times: int = TIMES) -> float:
    """The median time of a call in seconds, after one that warms up."""
    call()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        call()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def as_table(lines: Sequence[Line], machine: str) -> str:
    """The table in Markdown, with machine and date."""
    told = [f"{machine}; medians of one run.", "", "| measured | | compared with | ratio | bar | holds |", "|---|---:|---|---:|---:|---|"]
    for line in lines:
        bar = "" if line.bar is None else f"{'≥' if line.faster else '≤'} {line.bar:g}"
        told.append(f"| {line.what} | {_shown(line.value)} | {line.against} | {line.ratio:.2g} × | {bar} | {line.holds} |")
    return "\n".join(told) + "\n"


def _shown(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms" if seconds < 10 else f"{seconds:,.1f} s"  # noqa: PLR2004 - what reads well
