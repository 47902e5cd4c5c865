"""总览: what a director sees in one minute."""

from typing import Any

import streamlit as st

from data import forecasts, queries
from data.calendar import month_before
from data.words import Words
from pages import briefing, intake, outlook
from pages.parts import blocks, charts, figures
from pages.parts.verdict import verdict
from pages.visit import Visit, foot, head

MOST_BARS = 16


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
            blocks.kpis(_figures(summary[0], earlier, months, visit)),
            foot(visit, summary[0]),
        )
    )
    ahead = forecasts.points(store, visit.as_of, visit.known_at)
    left, right = st.columns([11, 10], gap="medium")
    with left:
        st.html(blocks.block(f"<h3>{say('chart.curve')}</h3>"))
        st.plotly_chart(
            charts.curve(months, say, visit.as_of.month, 280, ahead),
            key="curve",
            config=charts.CONFIG,
            width="stretch",
            alt=say("chart.alt"),
        )
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
        st.html(blocks.block(_months_table(months, say)))
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


def _figures(whole: dict[str, Any], earlier: dict[str, Any] | None, months: list[dict[str, Any]], visit: Visit) -> list[Any]:
    """The five figures with their unit, share, change since last month and sparkline."""
    say, unit = visit.say, visit.say("unit.in")
    paid = [row["spent"] if row["month"] <= visit.as_of.month and row["reported"] else None for row in months]
    part = say("kpi.covered") if 0 < whole["reported"] < whole["projects"] else ""

    def change(name: str) -> str:
        if earlier is None or whole[name] is None or earlier[name] is None or earlier["reported"] != whole["reported"]:
            return ""
        return say("kpi.delta", delta=figures.signed_wan(whole[name] - earlier[name]))

    more = whole["lagging"] - earlier["lagging"] if earlier else None
    lagging = "" if more is None else say("kpi.delta", delta=f"{more:+d}".replace("-", "−")) if more else say("kpi.same")
    gap = None if not whole["judged_budget"] or whole["gap_amount"] is None else whole["gap_amount"] / whole["judged_budget"]
    return [
        (f"{say('kpi.budget')}{unit}", figures.wan(whole["budget"]), [say("kpi.projects", projects=whole["projects"])], ""),
        (
            f"{say('kpi.paid')}{unit}",
            figures.wan(whole["judged_spent"]),
            [say("kpi.share", share=figures.percent(whole["spent_share"])), part or change("judged_spent")],
            blocks.sparkline(paid),
        ),
        (
            f"{say('kpi.due')}{unit}",
            figures.wan(whole["judged_due"] if whole["reported"] else whole["due_amount"]),
            [say("kpi.due_share", share=figures.percent(whole["judged_due_share"] if whole["reported"] else whole["due_share"])), part],
            "",
        ),
        (
            f"{say('kpi.gap')}{unit}",
            figures.signed_wan(whole["gap_amount"]),
            [say("kpi.points", points=figures.points(gap)), part or change("gap_amount")],
            "",
        ),
        (
            say("kpi.lagging"),
            f"{whole['lagging']} / {whole['projects']}",
            [lagging if whole["reported"] else "", say("kpi.risk", count=whole["at_risk"]) if whole["at_risk"] else ""],
            "",
        ),
    ]


def _show_ranked(visit: Visit, rows: list[dict[str, Any]]) -> None:
    say = visit.say
    points = {
        (row["unit_code"], row["project_code"]): row["points"] for row in queries.checkpoints(visit.store, visit.as_of, visit.known_at)
    }
    ordered = sorted(rows, key=lambda row: (row["gap_amount"] is None, row["gap_amount"] or 0, -(row["current_budget"] or 0)))
    shown = [{**row, "points": points.get((row["unit_code"], row["project_code"]), [])} for row in ordered[:MOST_BARS]]
    st.html(
        blocks.block(
            f"<h3>{say('ranked.title')}</h3>",
            blocks.ranked(shown, say, visit.address),
            blocks.paragraph(say("ranked.hint"), "foot"),
            blocks.paragraph(say("ranked.more", count=len(rows) - MOST_BARS), "foot") if len(rows) > MOST_BARS else "",
        )
    )


def _months_table(months: list[dict[str, Any]], say: Words) -> str:
    return blocks.table(
        [
            blocks.Cell(say("column.month"), lambda row: figures.month_short(row["month"], say)),
            blocks.money("due_amount", say("column.due_amount")),
            blocks.money("expected_amount", say("column.expected_amount")),
            blocks.money("paid", say("column.paid")),
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
        blocks.money("budget", say("column.budget")),
        blocks.money("judged_due", say("column.due_amount")),
        blocks.money("judged_spent", say("column.spent")),
        blocks.Cell(say("column.gap_amount"), lambda row: figures.signed_wan(row["gap_amount"]), "n"),
        blocks.share("spent_share", say("column.spent_share")),
        blocks.plain("lagging", say("column.lagging"), "n"),
        blocks.Cell(say("column.reported"), lambda row: f"{row['reported']}/{row['projects']}", "n"),
    ]
    last = [blocks.text(say("units.whole")), *(column.show(summary[0]) for column in columns[1:])]
    return blocks.table(columns, summary[1:], last)


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
            gaps.setdefault(row["unit_name"], []).append(row["month"])
    if not gaps:
        return blocks.paragraph(say("unreported.none", month=figures.month_name(visit.as_of, say)))
    return blocks.facts(say("unreported.text", unit=unit, months=_ranges(months, say)) for unit, months in gaps.items())


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
