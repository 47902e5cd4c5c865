"""指标: what the plan's indicators have reached, each project by money and by targets, and where values are entered."""

from typing import Any

import streamlit as st

from data import indicators, queries
from pages import filling
from pages.parts import blocks, dual, figures
from pages.visit import Visit, foot, head

Row = dict[str, Any]


def show(visit: Visit) -> None:
    """A sentence, the quadrant beside its table, then the places to enter values."""
    say = visit.say
    head(visit, say("page.indicators"))
    rows = dual.ranked(indicators.standings(visit.store, visit.as_of, visit.known_at))
    if not rows:
        st.info(say("empty.no_plan_text"))
        return
    # In a place of its own, so that the tabs below keep their choice when the word goes.
    told = st.container()
    if done := st.session_state.pop("filled", None):
        told.success(done)
    st.html(blocks.block(blocks.paragraph(_sentence(visit, rows), "verdict")))
    placed = sum(row["quadrant"] is not None for row in rows)
    left, right = st.columns([5, 7], gap="medium")
    unplaced = say("dual.unplaced", count=len(rows) - placed) if placed < len(rows) else ""
    chart = dual.quadrant(rows, say, visit.address) if placed else ""
    left.html(blocks.block(f"<h3>{say('dual.title')}</h3>", chart, blocks.paragraph(unplaced, "soft")))
    right.html(blocks.block(dual.twin(rows, say, visit.address)))
    whole = queries.summary(visit.store, visit.as_of, visit.known_at)[0]
    rule = queries.rules(visit.store, visit.known_at)
    rules = say("dual.rule", slight=figures.trimmed(rule["slightly_behind"] * 100), behind=figures.trimmed(rule["behind"] * 100))
    st.html(blocks.block(foot(visit, whole), blocks.paragraph(rules, "foot")))
    filling.show(visit, rows)


def _sentence(visit: Visit, rows: list[Row]) -> str:
    say, month = visit.say, figures.month_name(visit.as_of, visit.say)
    count, judged, good = (sum(row[name] for row in rows) for name in ("indicators", "judged", "on_course"))
    if not judged:
        return say("indicators.nothing", month=month, count=count)
    late = [row for row in rows if row["results_status"] in indicators.ORDER[1:]]
    fast = sum(row["quadrant"] == "fast_behind" for row in late)
    return say("indicators.sentence", month=month, count=count, judged=judged, good=good, late=len(late), fast=fast)
