"""The map of gaps for a page: each circle and each name leads to its project."""

from collections.abc import Sequence
from html import escape
from typing import Any

from data.words import Words
from pages.parts import blocks, figures
from pages.parts.drawing import LINE, Label, free
from pages.parts.spread import ROOM, Dot, short, signed, spread

Row = dict[str, Any]
LAGGING = ("behind", "far_behind")
# Names are laid out for a window of this size in pixels, the smallest one; they are further apart on a larger one.
WIDTH, HEIGHT = 330, 240
MOST_NAMED, LEAST, MORE = 5, 4, 18


def gap_map(rows: Sequence[Row], say: Words, address: Row, rest: Sequence[Row] = ()) -> str:
    """Points ahead or behind across, budget upwards, area the gap in money, as HTML; a sentence where nothing can be compared.

    `rest` are sums of units, drawn as squares.
    """
    found = spread([*rows, *rest])
    if found is None:
        return blocks.paragraph(say("brief.no_map"))
    lines = "".join(
        f'<span class="line" style="bottom:{height * 100:.1f}%"><small>{_round(budget)}</small></span>' for height, budget in found.lines
    )
    edges = "".join(
        f'<span style="left:{(0.5 + side / (2 * ROOM)) * 100:.1f}%">{signed(side * found.edge) if side else "0"}</span>'
        for side in (-1, 0, 1)
    )
    dots = "".join(_dot(dot, say, address) for dot in found.dots)
    return (
        f'<div class="map"><div class="plot"><span class="zero"></span>{lines}{dots}{_names(found.dots)}</div>'
        f'<div class="edges">{edges}</div></div>'
    )


def _dot(dot: Dot, say: Words, address: Row) -> str:
    row = dot.row
    if "project_code" not in row:
        return _square(dot, say, address)
    told = say(
        "map.dot",
        name=row["project_name"],
        status=say(f"status.{row['status']}"),
        gap=figures.signed_wan(row["gap_amount"]),
        points=figures.points(row["gap_share"]),
        budget=figures.wan(row["current_budget"]),
    )
    href = blocks.to("project", **address, unit=row["unit_code"], project=row["project_code"])
    place = f"left:{dot.x * 100:.2f}%;bottom:{dot.y * 100:.2f}%;--r:{_pixels(dot):.1f}px"
    kind = f"dot {row['status']}" + (" lags" if row["status"] in LAGGING else "")
    return f'<a class="{kind}" style="{place}" href="{escape(href)}" target="_self" title="{escape(told)}" aria-label="{escape(told)}"></a>'


def _round(budget: float) -> str:
    """A power of ten in full: 0.1, 10, 1,000,000."""
    return f"{budget:,.0f}" if budget >= 1 else f"{budget:g}"


def _square(dot: Dot, say: Words, address: Row) -> str:
    """What a unit's other projects come to; it leads to the unit's list."""
    row = dot.row
    told = say(
        "map.square",
        name=say("map.unit", unit=row["unit_name"], count=row["projects"]),
        gap=figures.signed_wan(row["gap_amount"]),
        points=figures.points(row["gap_share"]),
        budget=figures.wan(row["current_budget"]),
    )
    href = blocks.to("behind", **address, unit=row["unit_code"])
    place = f"left:{dot.x * 100:.2f}%;bottom:{dot.y * 100:.2f}%;--r:{_pixels(dot):.1f}px"
    words = f'title="{escape(told)}" aria-label="{escape(told)}"'
    return f'<a class="dot square" style="{place}" href="{escape(href)}" target="_self" {words}></a>'


def _pixels(dot: Dot) -> float:
    return LEAST + MORE * dot.radius


def _names(dots: Sequence[Dot]) -> str:
    """The names of those furthest behind in money, with their gaps, where they cover no other."""
    labels: list[Label] = []
    drawn = []
    lags = [dot for dot in dots if dot.row["gap_amount"] < 0 and "project_code" in dot.row]
    for dot in sorted(lags, key=lambda dot: dot.row["gap_amount"])[:MOST_NAMED]:
        row, radius = dot.row, _pixels(dot)
        words = f"{short(row['project_name'], 9)} {figures.signed_wan(row['gap_amount'])}"
        # Beside the upper edge of a large circle, where smaller ones seldom are.
        rise = max(radius - LINE / 2, 0)
        place = (dot.x * WIDTH + radius + 2, (1 - dot.y) * HEIGHT - rise)
        label = free(place, words, labels)
        labels.append(label)
        below = label[0][1] - place[1] - rise
        left = f"calc({dot.x * 100:.2f}% + {radius + 2:.0f}px)"
        drawn.append(
            f'<span class="tag {row["status"]}" aria-hidden="true" style="left:{left};bottom:calc({dot.y * 100:.2f}% - {below:.0f}px)">'
            f"{escape(words)}</span>"
        )
    return "".join(drawn)
