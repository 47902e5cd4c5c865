"""总览: what a director sees in one minute."""

from typing import Any

import streamlit as st

from data import forecasts, queries
from data.calendar import month_before
from data.words import Words
from pages import briefing, intake, outlook
from pages.headline import headline
from pages.parts import blocks, charts, figures
from pages.parts.gap_map import gap_map
from pages.parts.verdict import curve_told, verdict
from pages.visit import Visit, foot, head

# As many marks as a person can read; the rest is a link away.
MOST_BARS, MOST_DOTS, MOST_UNITS, MOST_SILENT = 16, 40, 8, 4
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
    rows = queries.progress(store, visit.as_of, visit.known_at)
    if not rows:
        st.info(say("empty.no_plan"))
        return
    before = month_before(visit.as_of)
    summary = queries.summary(store, visit.as_of, visit.known_at)
    months = queries.curve(store, visit.as_of.year, visit.known_at)
    earlier = queries.summary(store, before, visit.known_at)[0] if before else None
    earlier_rows = queries.progress(store, before, visit.known_at) if before else []
    st.html(
        blocks.block(
            *(
                blocks.paragraph(line, "verdict" if place == 0 else "")
                for place, line in enumerate(verdict(rows, summary, earlier_rows, visit.as_of, say))
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
        _show_ranked(visit, rows)
    left, right = st.columns([11, 10], gap="medium")
    left.html(blocks.block(f"<h3>{say('units.title')}<span class='soft'>{say('unit.in')}</span></h3>", _units(summary, visit)))
    right.html(
        blocks.block(
            f"<h3>{say('next.title')}</h3>",
            blocks.paragraph(_next(rows, summary[0], visit)),
            blocks.paragraph(outlook.of_year(visit, ahead, summary[0]["budget"])),
            f"<h3>{say('unreported.title')}</h3>",
            _unreported(visit),
        )
    )
    table, scoreboard, papers = st.columns([4, 4, 5], gap="medium")
    with table.expander(say("chart.table")):
        st.html(blocks.block(_months_table(months, visit), f"<h3>{say('map.title')}</h3>", _gaps_table(rows, visit)))
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
    whole = queries.summary(store, visit.as_of, visit.known_at)[0]
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


def _show_ranked(visit: Visit, rows: list[dict[str, Any]]) -> None:
    """Who holds progress back, as bars or as a map."""
    say = visit.say
    bars, spread = st.tabs([say("ranked.title"), say("map.title")])
    points = {
        (row["unit_code"], row["project_code"]): row["points"] for row in queries.checkpoints(visit.store, visit.as_of, visit.known_at)
    }
    ordered = sorted(rows, key=lambda row: (row["gap_amount"] is None, row["gap_amount"] or 0, -(row["current_budget"] or 0)))
    shown = [{**row, "points": points.get((row["unit_code"], row["project_code"]), [])} for row in ordered[:MOST_BARS]]
    bars.html(
        blocks.block(
            blocks.ranked(shown, say, visit.address),
            blocks.paragraph(say("ranked.hint"), "foot"),
            f'<p class="foot">{blocks.link("behind", say("ranked.more", count=len(rows) - MOST_BARS), **visit.address)}</p>'
            if len(rows) > MOST_BARS
            else "",
        )
    )
    most = _furthest(rows)
    left_out = say("map.more", count=len(rows) - len(most)) if len(most) < len(rows) else ""
    spread.html(blocks.block(gap_map(most, say, visit.address), blocks.paragraph(say("map.hint") + left_out, "foot")))


def _furthest(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The projects with the largest gaps, behind or ahead, as many as a map can show."""
    known = [row for row in rows if row["gap_amount"] is not None and row["current_budget"]]
    return sorted(known, key=lambda row: -abs(row["gap_amount"]))[:MOST_DOTS]


def _gaps_table(rows: list[dict[str, Any]], visit: Visit) -> str:
    """The figures of the map."""
    say = visit.say
    columns = [
        blocks.Cell(say("column.project_name"), lambda row: blocks.project(row, visit.address), "name"),
        blocks.Cell(say("column.gap_share"), lambda row: figures.points(row["gap_share"]), "n"),
        blocks.Cell(say("column.gap_amount"), lambda row: figures.signed_wan(row["gap_amount"]), "n"),
        blocks.money("current_budget", say("column.current_budget")),
    ]
    return blocks.table(columns, _furthest(rows))


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
    units = sorted(summary[1:], key=lambda row: row["gap_amount"] or 0)[:MOST_UNITS] if len(summary) > MOST_UNITS + 1 else summary[1:]
    more = blocks.paragraph(say("units.more", count=len(summary) - 1 - len(units)), "foot") if len(units) < len(summary) - 1 else ""
    return blocks.table(columns, units, last) + more


def _next(rows: list[dict[str, Any]], whole: dict[str, Any], visit: Visit) -> str:
    """What must be paid by the next checkpoint, beside what was paid of late."""
    say = visit.say
    steps = {(row["next_month"], row["next_share"]) for row in rows if row["due_share"] is not None}
    if steps == {(None, None)}:
        return say("next.none")
    needed = whole["needed_to_next"]
    if len(steps) != 1 or needed is None:
        return say("next.mixed", needed=figures.wan(needed))
    month, share = steps.pop()
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
    say, gaps = visit.say, {}
    for row in queries.reports(visit.store, visit.as_of.year, visit.known_at):
        if row["reported"] < row["projects"] and row["month"] <= visit.as_of.month:
            gaps.setdefault((row["unit_code"], row["unit_name"]), []).append(row["month"])
    if not gaps:
        return blocks.paragraph(say("unreported.none", month=figures.month_name(visit.as_of, say)))
    lines = [
        blocks.link("ledger", say("unreported.text", unit=name, months=_ranges(months, say)), **visit.address, unit=unit)
        for (unit, name), months in list(gaps.items())[:MOST_SILENT]
    ]
    more = (
        [blocks.link("ledger", say("unreported.more", count=len(gaps) - MOST_SILENT), **visit.address)] if len(gaps) > MOST_SILENT else []
    )
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
