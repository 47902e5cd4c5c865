"""Money and targets side by side: the quadrant with its table twin, the indicators of a project, what would change."""

from collections.abc import Sequence
from html import escape
from typing import Any

from data.words import Words
from pages.parts import blocks, figures

Row = dict[str, Any]
Spot = tuple[float, float]
# Where a project is drawn by its status alone, when its figure does not say: by grade, or lowered by a person.
NOMINAL = {"met": 1.0, "overspent": 1.25, "slightly_behind": 0.9, "behind": 0.7, "far_behind": 0.3}
# The room of a mark, in parts of the chart, and how far marks stay from the lines and edges.
WIDE, HIGH, EDGE, HALF = 0.062, 0.084, 0.045, 0.5
RINGS = 9


def chip(status: str, say: Words, at_risk: bool = False) -> str:
    """A status of an indicator or of a project's targets as word, shape and colour."""
    word = f"result_status.{status}"
    return blocks.shaped(status, say(word), (say(f"mark.{status}"), say("at_risk") if at_risk else ""), say.meaning(word))


def both(row: Row, say: Words) -> str:
    """How a project stands by money, by targets and by the worse of both, on one line."""
    told = (
        (say("dual.money"), blocks.chip(row["status"], say, row["at_risk"])),
        (say("dual.results"), f"{chip(row['results_status'], say, row['results_at_risk'])} <small>{_counted(row)}</small>"),
        (say("dual.worse"), chip(row["worse"], say)),
    )
    return '<p class="both">' + "".join(f"<span>{escape(name)} {shown}</span>" for name, shown in told) + "</p>"


def _counted(row: Row) -> str:
    return f"{row['on_course']}/{row['indicators']}" if row["indicators"] else ""


def quadrant(rows: Sequence[Row], say: Words, address: Row, counts: Row) -> str:
    """Money across, targets upwards, the lines where just what is due is done; every project a link with its number of the table.

    `counts` says how many projects each quadrant has, drawn or not.
    """
    placed = [row for row in rows if row["quadrant"]]
    taken: list[Spot] = []
    marks = []
    for row in placed:
        spot = _free(_spot(row), row["quadrant"], taken)
        taken.append(spot)
        marks.append(_mark(row, spot, say, address))
    corners = "".join(_corner(name, counts[name], say) for name in ("slow_ahead", "fast_ahead", "slow_behind", "fast_behind"))
    ticks = "".join(f'<i style="left:{place}%">{text}</i>' for place, text in ((EDGE * 100, "0"), (50, "100 %"), (97, "150 %+")))
    return (
        f'<div class="quad" role="group" aria-label="{escape(say("dual.chart"))}"><div class="field">{corners}'
        f'<i class="line" aria-hidden="true">100 %</i>{"".join(marks)}</div>'
        f'<div class="ticks" aria-hidden="true">{ticks}</div><div class="axis">{escape(say("dual.across"))}</div>'
        f'<div class="axis up">{escape(say("dual.upwards"))}</div></div>'
    )


def _corner(name: str, count: int, say: Words) -> str:
    return f'<span class="corner {name}">{escape(say(f"quadrant.{name}"))} <b>{count}</b></span>'


def _mark(row: Row, spot: Spot, say: Words, address: Row) -> str:
    told = say(
        "dual.mark",
        project=row["project_name"] or row["project_code"],
        money=say(f"status.{row['status']}"),
        share=figures.percent(row["completion"]),
        results=say(f"result_status.{row['results_status']}"),
        lowest=figures.percent(row["lowest"]),
    )
    href = escape(blocks.to("project", **address, unit=row["unit_code"], project=row["project_code"]))
    return (
        f'<a class="mark {row["worse"]}" href="{href}" target="_self" title="{escape(told)}" aria-label="{escape(told)}" '
        f'style="left:{spot[0] * 100:.1f}%;bottom:{spot[1] * 100:.1f}%">{row["number"]}</a>'
    )


def _spot(row: Row) -> Spot:
    """Where a project is drawn: its completion of money and the lowest of its indicators, each on its side of the lines."""
    fast, ahead = row["quadrant"].startswith("fast"), row["quadrant"].endswith("ahead")
    return (
        _along(row["completion"], row["status"], fast),
        _along(row["lowest"], row["results_status"], ahead),
    )


def _along(share: Any, status: str, is_good: bool) -> float:
    """A share of what is due along an axis, 1 in the middle; floats serve the drawing only."""
    value = NOMINAL[status] if share is None or (share >= 1) != is_good else float(share)
    if is_good:
        return min(max(HALF + EDGE, HALF + (value - 1) * (HALF - EDGE) / HALF), 1 - EDGE)
    return min(max(EDGE, EDGE + value * (HALF - 2 * EDGE)), HALF - EDGE)


def _free(spot: Spot, name: str, taken: Sequence[Spot]) -> Spot:
    """The nearest place in the same quadrant where no other mark lies; the place itself where there is none."""
    low = (HALF + EDGE if name.startswith("fast") else EDGE, HALF + EDGE if name.endswith("ahead") else EDGE)
    steps = sorted(
        ((across, up) for across in range(-RINGS, RINGS + 1) for up in range(-RINGS, RINGS + 1)),
        key=lambda step: (step[0] ** 2 + step[1] ** 2, step),
    )
    for across, up in steps:
        x, y = spot[0] + across * WIDE, spot[1] + up * HIGH
        inside = low[0] - 1e-9 <= x <= low[0] + HALF - 2 * EDGE + 1e-9 and low[1] - 1e-9 <= y <= low[1] + HALF - 2 * EDGE + 1e-9
        if inside and all(abs(x - other[0]) >= WIDE - 1e-9 or abs(y - other[1]) >= HIGH - 1e-9 for other in taken):
            return x, y
    return spot


def twin(rows: Sequence[Row], say: Words, address: Row) -> str:
    """The quadrant as a table: every project with both statuses, the worse of them and its quadrant."""

    def name(row: Row) -> str:
        return f'<span><span class="no">{row["number"]}</span>{blocks.project(row, address)}</span>'

    def money(row: Row) -> str:
        return f"<span>{blocks.chip(row['status'], say, row['at_risk'])} <small>{figures.percent(row['completion'], '')}</small></span>"

    def results(row: Row) -> str:
        return f"<span>{chip(row['results_status'], say, row['results_at_risk'])} <small>{_counted(row)}</small></span>"

    return blocks.table(
        [
            blocks.Cell(say("column.project_name"), name, "name"),
            blocks.Cell(say("dual.money"), money, "nowrap"),
            blocks.Cell(say("dual.results"), results, "nowrap"),
            blocks.Cell(say("dual.worse"), lambda row: chip(row["worse"], say), "nowrap"),
            blocks.Cell(say("dual.quadrant"), lambda row: say(f"quadrant.{row['quadrant']}") if row["quadrant"] else "—", "nowrap"),
        ],
        rows,
        kind="stack",
    )


def indicators(rows: Sequence[Row], say: Words) -> str:
    """The indicators of a project: what is asked, what is due by now, what was reached, by whom it was said."""

    def name(row: Row) -> str:
        levels = " · ".join(escape(row[level]) for level in ("level1", "level2") if row[level])
        return f'<span title="{escape(row["description"] or "")}">{blocks.text(row["level3"])}<br><small>{levels}</small></span>'

    return blocks.table(
        [
            blocks.plain("position", "#", "n"),
            blocks.Cell(say("template.level3"), name, "name"),
            blocks.plain("target", say("column.target")),
            blocks.Cell(say("dual.due"), lambda row: due(row, say), "n"),
            blocks.Cell(say("template.reached"), lambda row: figures.reached(row, say), "n"),
            blocks.Cell(say("template.expected"), lambda row: figures.reached(row, say, "expected"), "n"),
            blocks.Cell(say("column.completion"), lambda row: figures.percent(row["completion"]), "n"),
            blocks.Cell(say("column.status"), lambda row: status(row, say)),
            blocks.plain("note", say("column.note"), "w"),
            blocks.plain("recorded_by", say("column.person")),
            blocks.Cell(say("column.at"), lambda row: figures.moment_name(row["recorded_at"]), "code"),
            blocks.plain("basis", say("column.basis")),
            *([blocks.plain("place", say("column.place"))] if rows and "place" in rows[0] else []),
        ],
        rows,
        kind="stack",
    )


def due(row: Row, say: Words) -> str:
    """What is due of an indicator by now; of a limit or a grade nothing is due."""
    if row["comparator"] in (None, "≤", "<") or row["due"] is None:
        return "—"
    return escape(figures.reached(row, say, "due"))


def status(row: Row, say: Words) -> str:
    """The status of an indicator; one that a person lowered says so, with what the value says."""
    shown = chip(row["status"], say, row["at_risk"])
    if row["status"] == row["computed"]:
        return f"<span>{shown}</span>"
    told = say("dual.lowered", person=row["lowered_by"], status=say(f"result_status.{row['computed']}"), reason=row["lowered_why"])
    return f"<span>{shown}<br><small>{escape(told)}</small></span>"


def changes(rows: Sequence[Row], say: Words) -> str:
    """What a file would change: values and statuses before and after."""

    def values(row: Row) -> str:
        told = [(figures.reached(row["before"], say, name), figures.reached(row, say, name)) for name in ("reached", "expected")]
        shown = "<br>".join(escape(f"{old} → {new}") for old, new in told if old != new)
        return f"<span>{shown or blocks.text(row['note'])}</span>"

    return blocks.table(
        [
            blocks.plain("project_name", say("column.project_name"), "name"),
            blocks.Cell(say("template.level3"), lambda row: blocks.text(f"{row['position']} {row['level3'] or ''}")),
            blocks.plain("target", say("column.target")),
            blocks.Cell(f"{say('template.reached')} / {say('template.expected')}", values, "n"),
            blocks.Cell(say("column.status_before"), lambda row: status(row["before"], say)),
            blocks.Cell(say("column.status_after"), lambda row: status(row, say)),
        ],
        rows,
        kind="stack",
    )
