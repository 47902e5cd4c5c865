"""全屏轮播: the month in large type for a screen on the wall; it turns by itself and asks the store anew at every turn."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import streamlit as st

from data import forecasts, queries
from data.calendar import month_before
from data.glance import glance, units
from pages.headline import headline
from pages.parts import blocks, charts, figures
from pages.parts.verdict import curve_told, verdict
from pages.visit import Visit

Row = dict[str, Any]
STYLE = Path(__file__).with_name("parts") / "wall.css"
KEYS = Path(__file__).with_name("parts") / "wall.html"
LEAST, SECONDS, MOST = 3, 15, 600
MOST_ROWS, CURVE_HEIGHT, LARGER = 8, 500, 1.8


def is_wanted() -> bool:
    """Whether the address asks for the wall."""
    return st.query_params.get("display") == "wall"


def show(arrive: Callable[[], Visit]) -> None:
    """One picture after another; `arrive` gives the visit anew, so that a month just certified appears. Escape leaves."""
    st.html(f"<style>{STYLE.read_text(encoding='utf-8')}</style>")
    st.html(KEYS, unsafe_allow_javascript=True)
    st.session_state.setdefault("wall_turn", -1)

    def turn() -> None:
        st.session_state["wall_turn"] += 1
        _show_one(arrive(), st.session_state["wall_turn"])

    st.fragment(turn, run_every=_seconds())()


def _seconds() -> int:
    """How long each picture stands."""
    asked = st.query_params.get("seconds", "")
    return min(max(int(asked), LEAST), MOST) if asked.isdecimal() and len(asked) < MOST else SECONDS


def _show_one(visit: Visit, turn: int) -> None:
    say = visit.say
    summary = units(visit.store, visit.as_of, None, MOST_ROWS)
    if not summary or not summary[0]["projects"]:
        st.html(blocks.block(f"<div class='wall'><h1>{say('empty.no_plan')}</h1></div>"))
        return
    pictures = (_verdict, _curve, _behind, _units)
    place = turn % len(pictures)
    with st.container(key="wall"):
        pictures[place](visit, summary)
        marks = "".join("●" if number == place else "○" for number in range(len(pictures)))
        rule = queries.rules(visit.store)
        told = [figures.foot(summary[0], rule, visit.as_of, say), say("wall.read", moment=f"{datetime.now():%H:%M}")]
        sample = f"<b>【{say('sample.mark')}】</b> " if queries.samples(visit.store) else ""
        st.html(blocks.block(f"<p class='wall feet'>{sample}{blocks.text(' · '.join(told))}<i aria-hidden='true'>{marks}</i></p>"))


def _title(visit: Visit, words: str) -> str:
    return f"<div class='wall'><h1>{blocks.text(words)}</h1></div>"


def _verdict(visit: Visit, summary: list[Row]) -> None:
    """The sentence and the five figures."""
    say, store = visit.say, visit.store
    before = month_before(visit.as_of)
    earlier = queries.altogether(store, before) if before else None
    lines = verdict(glance(store, visit.as_of), summary[0], visit.as_of, say)
    entries = headline(summary[0], earlier, queries.curve(store, visit.as_of.year), visit)
    st.html(
        blocks.block(
            _title(visit, say("product")),
            "<div class='wall'>",
            *(blocks.paragraph(line, "said") for line in lines),
            blocks.kpis(entries),
            "</div>",
        )
    )


def _curve(visit: Visit, summary: list[Row]) -> None:
    """The curve with the range ahead."""
    say, store = visit.say, visit.store
    ahead = forecasts.points(store, visit.as_of)
    st.html(blocks.block(_title(visit, say("chart.curve"))))
    months = queries.curve(store, visit.as_of.year)
    figure = charts.curve(months, say, visit.as_of.month, CURVE_HEIGHT, ahead)
    alt = curve_told(months, visit.as_of.month, ahead, say)
    larger = charts.enlarged(figure, LARGER)
    st.plotly_chart(larger, key="wall_curve", config=charts.CONFIG, width="stretch", height="stretch", alt=alt)


def _behind(visit: Visit, summary: list[Row]) -> None:
    """Those furthest behind in money."""
    say = visit.say
    lagging, rows = summary[0]["lagging"], queries.behind(visit.store, visit.as_of, most=MOST_ROWS)
    columns = [
        blocks.plain("project_name", say("column.project_name"), "name"),
        blocks.Cell(say("column.gap_amount") + say("unit.in"), lambda row: figures.signed_wan(row["gap_amount"]), "n"),
        blocks.share("due_share", say("column.due_share")),
        blocks.share("spent_share", say("column.spent_share")),
        blocks.Cell(say("column.status"), lambda row: blocks.chip(row["status"], say)),
    ]
    more = say("brief.more", count=lagging - MOST_ROWS) if lagging > MOST_ROWS else ""
    table = blocks.table(columns, rows) if rows else blocks.paragraph(say("behind.none", month=_month(visit)), "said")
    st.html(blocks.block(_title(visit, say("brief.behind", count=lagging)), f"<div class='wall'>{table}</div>", blocks.paragraph(more)))


def _units(visit: Visit, summary: list[Row]) -> None:
    """The units, those furthest behind in money first."""
    say = visit.say
    columns = [
        blocks.plain("unit_name", say("column.unit"), "name"),
        blocks.money("judged_due", say("column.due_amount")),
        blocks.money("judged_spent", say("column.spent")),
        blocks.Cell(say("column.gap_amount"), lambda row: figures.signed_wan(row["gap_amount"]), "n"),
        blocks.plain("lagging", say("column.lagging"), "n"),
        blocks.Cell(say("column.reported"), lambda row: f"{row['reported']}/{row['projects']}", "n"),
    ]
    worst = sorted(summary[1:], key=lambda row: (row["gap_amount"] is None, row["gap_amount"] or 0))
    last = [blocks.text(say("units.whole")), *(column.show(summary[0]) for column in columns[1:])]
    title = say("units.title") + say("unit.in")
    st.html(blocks.block(_title(visit, title), f"<div class='wall'>{blocks.table(columns, worst, last)}</div>"))


def _month(visit: Visit) -> str:
    return figures.month_name(visit.as_of, visit.say)
