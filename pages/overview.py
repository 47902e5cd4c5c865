"""总览: what a director sees in one minute."""

from typing import Any

import streamlit as st

from data import forecasts, queries
from data.calendar import month_before
from data.glance import glance, silent, units
from data.words import Words
from pages import briefing, intake, outlook
from pages.headline import headline
from pages.parts import blocks, charts, figures
from pages.parts.gap_map import gap_map
from pages.parts.verdict import curve_told, verdict
from pages.visit import Visit, foot, head

# As many as a person can read; the rest is a link away.
MOST_UNITS, MOST_SILENT = 4, 3
CURVE_HEIGHT, DECEMBER = 296, 12


def show(visit: Visit) -> None:
    """The verdict, five figures, the curve, who holds it back, the units, the next checkpoint."""
    head(visit, visit.say("page.overview"))
    store, say = visit.store, visit.say
    if not queries.years(store):
        _show_no_plan(visit)
        return
    if queries.latest_month(store) is None:
        _show_empty(visit)
    seen = glance(store, visit.as_of, visit.known_at)
    if not seen["projects"]:
        st.info(say("empty.no_plan"))
        return
    before = month_before(visit.as_of)
    summary = units(store, visit.as_of, visit.known_at, MOST_UNITS)
    months = queries.curve(store, visit.as_of.year, visit.known_at)
    earlier = queries.altogether(store, before, visit.known_at) if before else None
    st.html(
        blocks.block(
            *(
                blocks.paragraph(line, "verdict" if place == 0 else "")
                for place, line in enumerate(verdict(seen, summary[0], visit.as_of, say))
            ),
            blocks.kpis(headline(summary[0], earlier, months, visit)),
            foot(visit, summary[0]),
        )
    )
    ahead = forecasts.points(store, visit.as_of, visit.known_at)
    left, right = st.columns([11, 10], gap="medium")
    with left:
        _show_curve(visit, months, ahead)
    with right:
        _show_ranked(visit, seen)
    left, right = st.columns([11, 10], gap="medium")
    left.html(blocks.block(f"<h3>{say('units.title')}<span class='soft'>{say('unit.in')}</span></h3>", _units(summary, visit)))
    right.html(
        blocks.block(
            f"<h3>{say('next.title')}</h3>",
            blocks.paragraph(_next(seen["steps"], summary[0], visit)),
            blocks.paragraph(outlook.of_year(visit, ahead, summary[0]["budget"])),
            f"<h3>{say('unreported.title')}</h3>",
            _unreported(visit),
        )
    )
    table, scoreboard, papers = st.columns([4, 4, 5], gap="medium")
    with table.expander(say("chart.table")):
        st.html(blocks.block(_months_table(months, visit), f"<h3>{say('map.title')}</h3>", _gaps_table(seen, visit)))
    # A range for each earlier month is worth its while only to somebody who looks.
    board = scoreboard.expander(say("outlook.title"), key="scoreboard", on_change="rerun")
    if board.open:
        with board:
            outlook.show_scoreboard(visit)
    with papers:
        briefing.offer(visit)


def _show_no_plan(visit: Visit) -> None:
    say = visit.say
    st.subheader(say("empty.no_plan"), anchor=False)
    st.text(say("empty.no_plan_text"))
    st.html(blocks.block(blocks.link("plans", say("empty.go_plans"), **visit.address)))


def _show_empty(visit: Visit) -> None:
    """What to do next when there is a plan and nothing else."""
    store, say = visit.store, visit.say
    whole = queries.altogether(store, visit.as_of, visit.known_at)
    with st.container(border=True):
        st.subheader(say("empty.title"), anchor=False)
        st.text(say("empty.text", year=visit.as_of.year, projects=whole["projects"], budget=figures.wan(whole["budget"])))
        if visit.may("page.upload"):
            st.html(blocks.block(blocks.link("upload", say("empty.upload") + " →", **visit.address)))
        if intake.may_load_samples(visit) and st.button(say("sample.load"), key="load_samples", type="primary"):
            intake.load_samples(visit)


def _show_curve(visit: Visit, months: list[dict[str, Any]], ahead: list[dict[str, Any]]) -> None:
    """The curve of all projects; a click on a month shows that month."""
    say, key = visit.say, f"curve_{visit.as_of:%Y-%m}"

    def turn() -> None:
        points = st.session_state[key].selection.points
        if points and 1 <= (month := round(points[0]["x"])) <= DECEMBER:
            st.session_state["as_of"] = st.query_params["as_of"] = f"{visit.as_of.year}-{month:02d}"

    wall = {name: value for name, value in visit.address.items() if name != "known_at"} | {"display": "wall"}
    more = f"{blocks.link('', say('wall.open'), **wall)} · {blocks.link('project', say('chart.more'), **visit.address)}"
    st.html(blocks.block(f"<h3><span class='more'>{more}</span>{say('chart.curve')}</h3>"))
    st.plotly_chart(
        charts.curve(months, say, visit.as_of.month, CURVE_HEIGHT, ahead),
        key=key,
        config=charts.CONFIG,
        width="stretch",
        alt=curve_told(months, visit.as_of.month, ahead, say),
        on_select=turn,
        selection_mode="points",
    )


def _show_ranked(visit: Visit, seen: dict[str, Any]) -> None:
    """Who holds progress back, as bars or as a map."""
    say = visit.say
    bars, spread = st.tabs([say("ranked.title"), say("map.title")])
    left_out = seen["projects"] - len(seen["furthest"])
    more = f'<p class="foot">{blocks.link("behind", say("ranked.more", count=left_out), **visit.address)}</p>' if left_out else ""
    drawn = blocks.ranked(seen["furthest"], say, visit.address)
    bars.html(blocks.block(drawn, blocks.paragraph(say("ranked.hint"), "foot"), more))
    rest = say("map.rest", count=seen["placed"] - len(seen["dots"])) if seen["squares"] else ""
    drawn = gap_map(seen["dots"], say, visit.address, seen["squares"])
    spread.html(blocks.block(drawn, blocks.paragraph(say("map.hint") + rest, "foot")))


def _gaps_table(seen: dict[str, Any], visit: Visit) -> str:
    """The figures of the map, of units too where the projects are too many."""
    say = visit.say

    def name(row: dict[str, Any]) -> str:
        if "project_code" in row:
            return blocks.project(row, visit.address)
        return blocks.link("behind", say("map.unit", unit=row["unit_name"], count=row["projects"]), **visit.address, unit=row["unit_code"])

    columns = [
        blocks.Cell(say("column.project_name"), name, "name"),
        blocks.Cell(say("column.gap_share"), lambda row: figures.points(row["gap_share"]), "n"),
        blocks.Cell(say("column.gap_amount"), lambda row: figures.signed_wan(row["gap_amount"]), "n"),
        blocks.money("current_budget", say("column.current_budget")),
    ]
    return blocks.table(columns, [*seen["dots"], *seen["squares"]])


def _months_table(months: list[dict[str, Any]], visit: Visit) -> str:
    """The figures of the curve; a month leads to its lagging list."""
    say = visit.say

    def month(row: dict[str, Any]) -> str:
        address = {**visit.address, "as_of": f"{visit.as_of.year}-{row['month']:02d}"}
        return blocks.link("behind", figures.month_short(row["month"], say), **address)

    return blocks.table(
        [
            blocks.Cell(say("column.month"), month, "code"),
            blocks.money("due_amount", say("column.due_amount")),
            blocks.money("expected_amount", say("column.expected_amount")),
            blocks.Cell(say("column.paid"), lambda row: figures.wan(row["paid"]), "n wide"),
            blocks.money("spent", say("column.spent")),
            blocks.Cell(say("column.reported"), lambda row: f"{row['reported']}/{row['projects']}", "n"),
        ],
        months,
    )


def _units(summary: list[dict[str, Any]], visit: Visit) -> str:
    say = visit.say
    columns = [
        blocks.Cell(
            say("column.unit"), lambda row: blocks.link("behind", row["unit_name"], **visit.address, unit=row["unit_code"]), "name"
        ),
        blocks.Cell(say("column.budget"), lambda row: figures.wan(row["budget"]), "n wide"),
        blocks.money("judged_due", say("column.due_amount")),
        blocks.money("judged_spent", say("column.spent")),
        blocks.Cell(say("column.gap_amount"), lambda row: figures.signed_wan(row["gap_amount"]), "n"),
        blocks.Cell(say("column.spent_share"), lambda row: figures.percent(row["spent_share"]), "n wide"),
        blocks.plain("lagging", say("column.lagging"), "n"),
        blocks.Cell(say("column.reported"), lambda row: f"{row['reported']}/{row['projects']}", "n wide"),
    ]
    last = [blocks.text(say("units.whole")), *(column.show(summary[0]) for column in columns[1:])]
    left_out = summary[0]["units"] - len(summary[1:])
    more = blocks.paragraph(say("units.more", count=left_out), "foot") if left_out else ""
    return blocks.table(columns, summary[1:], last) + more


def _next(steps: list[dict[str, Any]], whole: dict[str, Any], visit: Visit) -> str:
    """What must be paid by the next checkpoint, beside what was paid of late."""
    say = visit.say
    if steps == [{"month": None, "share": None}]:
        return say("next.none")
    needed = whole["needed_to_next"]
    if len(steps) != 1 or needed is None:
        return say("next.mixed", needed=figures.wan(needed))
    month, share = steps[0]["month"], steps[0]["share"]
    left = month - visit.as_of.month
    return say(
        "next.text",
        month=figures.month_short(month, say),
        share=figures.percent(share),
        needed=figures.wan(needed),
        monthly=figures.wan(needed / left),
        recent=figures.wan(whole["recent_monthly"]),
    )


def _unreported(visit: Visit) -> str:
    """Which unit still owes which months."""
    say, rows = visit.say, silent(visit.store, visit.as_of, visit.known_at, MOST_SILENT)
    if not rows:
        return blocks.paragraph(say("unreported.none", month=figures.month_name(visit.as_of, say)))
    lines = [
        blocks.link(
            "ledger",
            say("unreported.text", unit=row["unit_name"], months=_ranges(row["months"], say)),
            **visit.address,
            unit=row["unit_code"],
        )
        for row in rows
    ]
    left_out = rows[0]["units"] - len(rows)
    more = [blocks.link("ledger", say("unreported.more", count=left_out), **visit.address)] if left_out else []
    return f'<ul class="facts">{"".join(f"<li>{line}</li>" for line in [*lines, *more])}</ul>'


def _ranges(months: list[int], say: Words) -> str:
    """Months in words, runs of them as from–to: 1–3月、7月."""
    runs: list[list[int]] = []
    for month in months:
        if runs and month == runs[-1][-1] + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return say("month.and").join(
        "–".join(figures.month_short(month, say) for month in (run[0], run[-1])) if len(run) > 1 else figures.month_short(run[0], say)
        for run in runs
    )
