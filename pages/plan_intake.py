"""Loading a plan: which file and how to read it, what was read beside its place, its totals, then the steps of every file."""

from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from data.database import StoreError
from data.words import Words
from loaders.files import Declared
from loaders.schedules import READINGS
from pages import intake
from pages.judging import Chosen, Judged, Pairs, judged
from pages.parts import answers as wording
from pages.parts import blocks, figures
from pages.visit import Visit

Row = dict[str, Any]
# As many projects of a file, or units, as one reads through; the whole is in the store and in the file.
MOST_SHOWN = 200
KINDS = ["txt", "docx", "doc", "pdf", "csv", "xlsx", "xls", "ods", "json"]


def show(visit: Visit) -> None:
    """Choose a file, say what it does not say itself, look at what was read, then certify."""
    say = visit.say
    uploaded = intake.choose(say("plans.file"), KINDS)
    this_year = date.today().year
    with st.container(horizontal=True):
        year = st.selectbox(say("upload.year"), range(this_year + 1, this_year - 5, -1), index=1, key="plan_year", width=240)
        ways = {name: say(f"plan_reading.{name or 'found'}") for name in ("", *READINGS)}
        way = st.selectbox(say("plans.reading"), list(ways), key="plan_reading", width=240, format_func=ways.__getitem__)
        money = st.selectbox(
            say("plans.money"),
            ["", "万元", "元"],
            key="plan_money",
            width=240,
            format_func=lambda name: say(f"money.{name}") if name else say("plan_reading.found"),
        )
    if uploaded is None:
        return
    declared = Declared(this_year=year, plan_reading=way or None, unit_of_money=money or None)
    take(visit, Chosen(uploaded.name, uploaded.getvalue(), declared))


def take(visit: Visit, chosen: Chosen) -> None:
    """The steps of a plan's file, whether it was uploaded or written here."""
    say = visit.say
    receipt = st.session_state.get("receipt") or {}
    if receipt.get("file") == chosen.key:
        receipt.pop("file")
        st.session_state["uploads"] = st.session_state.get("uploads", 0) + 1
        st.session_state.pop("by_hand", None)
        st.rerun()

    def judge(absent: Pairs) -> Judged:
        return judged(visit, chosen, absent)

    try:
        first = judge(())
        if first.told.recognised == "actuals":
            st.warning(say("upload.wrong_kind_plan"))
            return
        if first.told.recognised:
            _show_reading(visit, first)
        intake.walk(visit, judge, chosen.key, (say("plans.certify"), "plans.certified"))
    except StoreError as error:
        st.error(blocks.refusal(error, say))


def _show_reading(visit: Visit, first: Judged) -> None:
    """What was read, each project beside its place, its findings and the way in which its payment plan was taken."""
    say, reading = visit.say, first.sending.reading
    rows, codes = reading.rows, wording.codes_by_project(first.told.problems)
    found = [{**row, "findings": ", ".join(codes.get((row["unit_code"], row["project_code"]), []))} for row in rows]
    st.html(
        blocks.block(blocks.paragraph(read(say, rows, first.told.total or Decimal(0))), units(visit, rows), stated(visit, reading.stated))
    )
    with st.expander(say("plans.read_projects"), expanded=len(rows) <= 3):  # noqa: PLR2004 - a few are seen at once
        st.html(blocks.block(projects(visit, found[:MOST_SHOWN])))


def read(say: Words, rows: list[Row], total: Decimal) -> str:
    """How much was read of a file, in a sentence."""
    units, points = {row["unit_code"] for row in rows}, sum(len(row["checkpoints"]) for row in rows)
    sizes = {"count": len(rows), "unit_count": len(units), "checkpoints": points, "indicators": sum(_count(r["indicators"]) for r in rows)}
    return stands(say, sizes, total)


def stands(say: Words, sizes: Row, total: Decimal) -> str:
    """The same of what the store says of a document."""
    return say(
        "plans.read",
        projects=f"{sizes['count']:,}",
        units=f"{sizes['unit_count']:,}",
        budget=figures.wan(total),
        checkpoints=f"{sizes['checkpoints']:,}",
        indicators=f"{sizes['indicators']:,}",
    )


def units(visit: Visit, rows: list[Row]) -> str:
    """Projects and budget of each unit of a file, as HTML."""
    found: dict[str, Row] = {}
    for row in rows:
        unit = found.setdefault(row["unit_code"], {**row, "projects": 0, "budget": Decimal(0)})
        unit["projects"] += 1
        unit["budget"] += row["budget"] or Decimal(0)
    return of_units(visit, list(found.values())[:MOST_SHOWN])


def of_units(visit: Visit, rows: list[Row]) -> str:
    """Units with their projects and budget, as HTML."""
    say = visit.say
    return blocks.table(
        [
            blocks.plain("unit_code", say("column.unit_code")),
            blocks.plain("unit_name", say("column.unit_name")),
            blocks.plain("projects", say("column.projects"), "n"),
            blocks.money("budget", f"{say('column.budget')}{say('unit.in')}"),
        ],
        rows,
    )


def stated(visit: Visit, told: list[Row]) -> str:
    """The totals that the document states of itself, with their place, as HTML; nothing where it states none."""
    say = visit.say
    if not told:
        return ""
    rows = [
        {
            "what": say("plans.whole") if row["what"] == "whole" else row["what"],
            "count": row.get("count"),
            "yuan": None if row.get("yuan") is None else Decimal(row["yuan"]),
            "place": row["place"],
        }
        for row in told
    ]
    return f"<h3>{say('plans.stated')}</h3>" + blocks.table(
        [
            blocks.plain("what", say("column.unit")),
            blocks.plain("count", say("column.projects"), "n"),
            blocks.money("yuan", f"{say('column.budget')}{say('unit.in')}"),
            blocks.plain("place", say("column.place")),
        ],
        rows,
    )


def projects(visit: Visit, rows: list[Row], linked: bool = False) -> str:
    """The projects read, each with budget, payment plan and how it was taken, indicators and place, as HTML."""
    say = visit.say

    def name(row: Row) -> str:
        return blocks.project(row, visit.address) if linked else blocks.text(row["project_name"])

    columns = [
        blocks.Cell(say("column.project_name"), name, "name"),
        blocks.plain("project_code", say("column.project_code"), "code"),
        blocks.plain("unit_name", say("column.unit")),
        blocks.money("budget", f"{say('column.budget')}{say('unit.in')}"),
        blocks.Cell(say("column.checkpoints"), lambda row: blocks.text(wording.payment_plan(row["checkpoints"], say))),
        blocks.Cell(say("plans.reading"), lambda row: blocks.text(_taken(row, say))),
        blocks.Cell(say("column.indicators"), lambda row: str(_count(row["indicators"])), "n"),
        blocks.plain("place", say("column.place")),
    ]
    found = [] if linked else [blocks.plain("findings", say("plans.lint"), "code")]
    return blocks.table([*columns, *found], rows, kind="stack")


def _taken(row: Row, say: Words) -> str:
    if row.get("dropped"):
        return say("plans.dropped")
    return say(f"plan_reading.{row['plan_reading'] or ('cumulative' if row['checkpoints'] else 'missing')}")


def _count(indicators: Any) -> int:
    return indicators if isinstance(indicators, int) else len(indicators)
