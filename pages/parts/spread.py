"""Where each project stands on the map of gaps: points ahead or behind across, budget upwards, area the gap in money."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from pages.parts import figures

Row = dict[str, Any]
LEAST_REACH, ROOM = 10.0, 1.15


class Dot(NamedTuple):
    """A project's circle: x and y as shares of the map from its left and from below, the radius as a share of the largest."""

    row: Row
    x: float
    y: float
    radius: float


class Spread(NamedTuple):
    """The circles, the largest first; lines of the budget (share of the height, 万元), each ten times the one below; points at the edge."""

    dots: list[Dot]
    lines: list[tuple[float, float]]
    edge: float


def spread(rows: Sequence[Row]) -> Spread | None:
    """The map of the projects whose gap is known; None without any."""
    known = [row for row in rows if row["gap_amount"] is not None and row["current_budget"] and row["current_budget"] > 0]
    if not known:
        return None
    powers = [math.log10(max(float(row["current_budget"] / figures.WAN), 0.01)) for row in known]
    low, high = math.floor(min(powers)), max(math.ceil(max(powers)), math.floor(min(powers)) + 1)
    edge = max(LEAST_REACH, *(abs(float(row["gap_share"])) * 100 for row in known))
    largest = max(abs(float(row["gap_amount"])) for row in known) or 1
    dots = [
        Dot(
            row,
            0.5 + float(row["gap_share"]) * 50 / (edge * ROOM),
            (power - low) / (high - low),
            math.sqrt(abs(float(row["gap_amount"])) / largest),
        )
        for row, power in zip(known, powers, strict=True)
    ]
    lines = [((power - low) / (high - low), 10.0**power) for power in range(low, high + 1)]
    return Spread(sorted(dots, key=lambda dot: -dot.radius), lines, edge)


def signed(points: float) -> str:
    """Points at the edge of the map with their sign and without decimals."""
    return f"{points:+.0f}".replace("-", "−")


def short(name: str, most: int = 14) -> str:
    """A name that fits beside its circle."""
    return name if len(name) <= most else f"{name[: most - 1]}…"
