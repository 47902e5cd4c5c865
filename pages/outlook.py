"""What may still come, in words, and how earlier ranges did."""

from decimal import Decimal
from typing import Any

import streamlit as st

from data import forecasts, queries
from pages.parts import blocks, figures
from pages.parts.verdict import expected
from pages.visit import Visit

Row = dict[str, Any]


def of_year(visit: Visit, ahead: list[Row], budget: Decimal | None) -> str:
    """The range of the year's end and of what would stay unspent, in a sentence; empty where there is none."""
    return expected(ahead, budget, visit.say)


def of_checkpoint(visit: Visit, row: Row) -> str:
    """Whether a project's next checkpoint can be reached at its recent pace, in a sentence; empty where none follows."""
    found = forecasts.reach(row, visit.as_of, queries.rules(visit.store, visit.known_at)["pace"])
    if found is None:
        return ""
    return visit.say(f"reach.{found}", month=figures.month_short(row["next_month"], visit.say))


def show_scoreboard(visit: Visit) -> None:
    """How the ranges of earlier months of the year met what was spent by now."""
    say = visit.say
    rows = forecasts.scoreboard(visit.store, visit.as_of, visit.known_at)
    if not rows:
        st.text(say("outlook.none"))
        return
    within, compared = sum(row["within"] for row in rows), sum(row["projects"] for row in rows)
    columns = [
        blocks.Cell(say("outlook.origin"), lambda row: figures.month_short(row["origin"], say)),
        blocks.Cell(say("outlook.within"), lambda row: f"{row['within']} / {row['projects']}", "n"),
        blocks.Cell(say("outlook.error"), lambda row: figures.percent(row["error"]), "n"),
        blocks.Cell(say("outlook.basis"), lambda row: say("outlook.then" if row["then_known"] else "outlook.now")),
    ]
    told = say("outlook.told", month=figures.month_name(visit.as_of, say), share=figures.percent(Decimal(within) / compared))
    st.html(blocks.block(blocks.paragraph(told), blocks.paragraph(say("outlook.how"), "soft"), blocks.table(columns, rows)))
