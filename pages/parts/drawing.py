"""Rows become pictures of lines and letters (SVG), for papers: the curve of plan and payment, the map of gaps."""

import math
from collections.abc import Sequence
from decimal import Decimal
from html import escape
from typing import Any

from data.words import Words
from pages.parts import figures
from pages.parts.spread import ROOM, short, signed, spread

Row = dict[str, Any]
Label = tuple[tuple[float, float], str]
LINE = 12
FAMILY = "Noto Sans CJK SC, Source Han Sans SC, WenQuanYi Micro Hei, Microsoft YaHei, PingFang SC, SimSun, sans-serif"
BLUE, PLAN, SOFT, INK = "#1f5fae", "#5a6472", "#a3acb7", "#1c2530"
# A lagging project is dark and ringed, so that it stands out on grey paper too.
LAGGING = ("behind", "far_behind")
WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 62, 16, 16, 26
STEPS = (1, 2, 2.5, 5, 10)
# Months between two labels, and the share of the height by which a nearer one must lie lower.
FAR, NEAR, BELOW = 4, 2, Decimal("0.12")


def curve(rows: Sequence[Row], say: Words, until: int, ahead: Sequence[Row] = ()) -> str:
    """Plan as steps and straight line with labelled checkpoints, paid as a thick line until a month; months in part are hollow.

    `ahead` are points of the range of what may still come: month, low, middle, high; the first is the present.
    """
    planned = [row for row in rows if row["due_amount"] is not None]
    paid = [row for row in rows if row["month"] <= until and row["spent"] is not None and row["reported"]]
    top = _top(
        [row[name] for row in rows for name in ("due_amount", "expected_amount") if row[name]]
        + [row["spent"] for row in paid]
        + [point["high"] for point in ahead]
    )

    def place(month: float, amount: Decimal | int) -> tuple[float, float]:
        x = LEFT + (WIDTH - LEFT - RIGHT) * month / 12
        return x, HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * float(amount) / top

    steps = [place(0, 0)]
    for row in planned:
        x, y = place(row["month"], row["due_amount"])
        steps += [(x, steps[-1][1]), (x, y)]
    line = [place(0, 0), *(place(row["month"], row["expected_amount"]) for row in planned)]
    drawn = [_grid(top, place), _months(place, say), _band(ahead, place), _path(line, SOFT, 1, "3 3"), _path(steps, PLAN, 1.6)]
    marks = [row for row in planned if row["is_checkpoint"]]
    labels = labelled(marks)
    for row in marks:
        x, y = place(row["month"], row["due_amount"])
        share = figures.points(row["due_amount"] / row["budget"]).removesuffix(".0") if row["budget"] else ""
        drawn.append(f'<path d="M{x - 4:.1f} {y:.1f}l4 -4l4 4l-4 4z" fill="{PLAN}"/>')
        if row["month"] in labels:
            drawn.append(_words((x - 6, y - 6), f"{share}% {figures.wan(row['due_amount'])}", "end", 10, PLAN))
    spent = [place(row["month"], row["spent"]) for row in paid]
    drawn.append(_path(spent, BLUE, 3))
    for row, (x, y) in zip(paid, spent, strict=True):
        fill = BLUE if row["reported"] == row["projects"] else "#fff"
        drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.4" fill="{fill}" stroke="{BLUE}" stroke-width="1.6"/>')
    if paid:
        x, y = spent[-1]
        words = f"{say('chart.paid')} {figures.wan(paid[-1]['spent'])}"
        drawn.append(_words((min(x + 8, WIDTH - 150), y + 14), words, "start", 11, BLUE, "bold"))
        if len(ahead) > 1:
            told = say("chart.ahead", low=figures.wan(ahead[-1]["low"]), high=figures.wan(ahead[-1]["high"]))
            drawn.append(_words((WIDTH - RIGHT, y + 30), told, "end", 10, BLUE))
    return _svg(drawn, say("chart.curve"))


def labelled(marks: Sequence[Row]) -> set[int]:
    """The months of the checkpoints that have room for a label, from the last one back: far enough from the next one, or below it.

    Projects of many plans may have a checkpoint in every month.
    """
    found: list[Row] = []
    for row in reversed(marks):
        months, rise = (found[-1]["month"] - row["month"], found[-1]["due_amount"] - row["due_amount"]) if found else (FAR, 0)
        if months >= FAR or (months >= NEAR and rise >= found[0]["due_amount"] * BELOW):
            found.append(row)
    return {row["month"] for row in found}


def _band(ahead: Sequence[Row], place: Any) -> str:
    """The range of what may still come, with its middle dashed; edges are drawn, so that it stays on grey paper."""
    if len(ahead) < 2:  # noqa: PLR2004 - one point is the present alone
        return ""
    low, middle, high = ([place(point["month"], point[name]) for point in ahead] for name in ("low", "middle", "high"))
    told = " ".join(f"{x:.1f},{y:.1f}" for x, y in [*high, *reversed(low)])
    shade = f'<polygon points="{told}" fill="{BLUE}" fill-opacity="0.14"/>'
    return shade + _path(low, BLUE, 0.7) + _path(high, BLUE, 0.7) + _path(middle, BLUE, 1.3, "5 4")


def gaps(rows: Sequence[Row], say: Words, most_named: int = 6) -> str:
    """A map of gaps: points ahead or behind across, budget upwards (each line ten times the one below), area the gap in money."""
    found = spread(rows)
    if found is None:
        return _svg([_words((WIDTH / 2, HEIGHT / 2), say("brief.no_map"), "middle", 12, PLAN)], say("brief.map"))
    wide, high, middle = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM, LEFT + (WIDTH - LEFT - RIGHT) / 2
    drawn = [f'<line x1="{middle:.1f}" x2="{middle:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="{PLAN}"/>']
    for height, budget in found.lines:
        y = HEIGHT - BOTTOM - high * height
        drawn.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{SOFT}" stroke-width=".5"/>')
        drawn.append(_words((LEFT - 6, y + 4), f"{budget:,g}", "end", 10, PLAN))
    for x, points in ((LEFT + wide * (1 - 1 / ROOM) / 2, -found.edge), (middle, 0), (LEFT + wide * (1 + 1 / ROOM) / 2, found.edge)):
        drawn.append(_words((x, HEIGHT - 8), signed(points) if points else "0", "middle", 10, PLAN))
    labels: list[Label] = []
    named = sorted(dot.row["gap_amount"] for dot in found.dots)[:most_named]
    for dot in found.dots:
        x, y, radius = LEFT + wide * dot.x, HEIGHT - BOTTOM - high * dot.y, 3 + 17 * dot.radius
        is_behind = dot.row["status"] in LAGGING
        fill, ring = (INK, INK) if is_behind else ("#ffffff", BLUE)
        shade = f'fill="{fill}" fill-opacity="{0.55 if is_behind else 0.7}" stroke="{ring}"'
        drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" {shade}/>')
        if dot.row["gap_amount"] in named and dot.row["gap_amount"] < 0:
            words = f"{short(dot.row['project_name'])} {figures.signed_wan(dot.row['gap_amount'])}"
            labels.append(free((x + radius + 3, y + 4), words, labels))
    return _svg([*drawn, *(_words(*label, "start", 10, INK) for label in labels)], say("brief.map"))


def free(place: tuple[float, float], words: str, labels: Sequence[Label]) -> Label:
    """A label where it covers no other: as far below its place as it needs."""
    x, y = place
    end = x + sum(10 if ord(sign) > 0x2E7F else 6 for sign in words)  # noqa: PLR2004 - from here on signs are as wide as high
    for (left, height), other in sorted(labels, key=lambda label: label[0][1]):
        right = left + sum(10 if ord(sign) > 0x2E7F else 6 for sign in other)  # noqa: PLR2004
        if left < end and x < right and abs(height - y) < LINE:
            y = height + LINE
    return (x, y), words


def _top(amounts: Sequence[Decimal]) -> float:
    """A round number at or above the largest amount."""
    largest = max((float(amount) for amount in amounts), default=0) or 1
    power = 10 ** math.floor(math.log10(largest))
    return next(step * power for step in STEPS if step * power >= largest * 1.02 or step == STEPS[-1])


def _grid(top: float, place: Any) -> str:
    lines = []
    for part in range(5):
        amount = Decimal(str(top)) * part / 4
        x, y = place(0, amount)
        lines.append(f'<line x1="{x:.1f}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{SOFT}" stroke-width=".5"/>')
        lines.append(_words((LEFT - 6, y + 4), f"{amount / figures.WAN:,.0f}", "end", 10, PLAN))
    return "".join(lines)


def _months(place: Any, say: Words) -> str:
    return "".join(_words((place(month, 0)[0], HEIGHT - 8), figures.month_short(month, say), "middle", 10, PLAN) for month in range(1, 13))


def _path(points: Sequence[tuple[float, float]], colour: str, width: float, dash: str = "") -> str:
    if not points:
        return ""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    told = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{told}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"{dashed}/>'


def _words(place: tuple[float, float], words: str, anchor: str, size: int, colour: str, weight: str = "normal") -> str:
    x, y = place
    # A white rim keeps words readable over marks.
    look = 'paint-order="stroke" stroke="#fff" stroke-width="2.5" stroke-linejoin="round" '
    look += f'text-anchor="{anchor}" font-size="{size}" fill="{colour}" font-weight="{weight}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {look}>{escape(words)}</text>'


def _svg(parts: Sequence[str], title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="{FAMILY}">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )
