"""指标: what the plan's indicators have reached, each project by money and by targets, and where values are entered."""

from typing import Any

import streamlit as st

from data import indicators, queries
from pages import filling, finding
from pages.parts import blocks, dual, figures
from pages.visit import Visit, foot, head

Row = dict[str, Any]
# As many marks as a quadrant can hold and lines as one reads.
MOST_SHOWN = 60


def show(visit: Visit) -> None:
    """A sentence, the quadrant beside its table, then the places to enter values."""
    say = visit.say
    head(visit, say("page.indicators"))
    seen = indicators.overview(visit.store, visit.as_of, visit.known_at, most=MOST_SHOWN)
    if not seen["projects"]:
        st.info(say("empty.no_plan_text"))
        return
    # In a place of its own, so that the tabs below keep their choice when the word goes.
    told = st.container()
    if done := st.session_state.pop("filled", None):
        told.success(done)
    st.html(blocks.block(blocks.paragraph(_sentence(visit, seen), "verdict")))
    left, right = st.columns([5, 7], gap="medium")
    with right:
        shown = _find(visit, seen)
        st.html(blocks.block(dual.twin(shown, say, visit.address)))
    left_out = seen["projects"] - seen["placed"]
    drawn = [row for row in shown if row["quadrant"]]
    words = [say("dual.unplaced", count=left_out)] if left_out else []
    words += [say("dual.worst", count=seen["placed"] - len(drawn))] if len(drawn) < seen["placed"] else []
    chart = dual.quadrant(shown, say, visit.address, seen) if seen["placed"] else ""
    left.html(blocks.block(f"<h3>{say('dual.title')}</h3>", chart, *(blocks.paragraph(line, "soft") for line in words)))
    whole = queries.altogether(visit.store, visit.as_of, visit.known_at)
    rule = queries.rules(visit.store, visit.known_at)
    rules = say("dual.rule", slight=figures.trimmed(rule["slightly_behind"] * 100), behind=figures.trimmed(rule["behind"] * 100))
    st.html(blocks.block(foot(visit, whole), blocks.paragraph(rules, "foot")))
    filling.show(visit, seen["rows"])


def _find(visit: Visit, seen: Row) -> list[Row]:
    """The worst projects, or those that somebody looks for where there are more than are shown."""
    if seen["projects"] <= MOST_SHOWN:
        return seen["rows"]
    find = finding.words(visit, "indicators_find")
    found = indicators.overview(visit.store, visit.as_of, visit.known_at, find, MOST_SHOWN) if find else seen
    st.caption(visit.say("find.worst", most=len(found["rows"]), count=f"{found['fits']:,}"))
    return found["rows"]


def _sentence(visit: Visit, seen: Row) -> str:
    say, month = visit.say, figures.month_name(visit.as_of, visit.say)
    told = {name: f"{seen[name]:,}" for name in ("judged", "late", "fast")} | {"count": f"{seen['indicators']:,}"}
    if not seen["judged"]:
        return say("indicators.nothing", month=month, count=told["count"])
    return say("indicators.sentence", month=month, good=f"{seen['on_course']:,}", **told)
