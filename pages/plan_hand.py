"""By hand: correct a cell that a document got wrong, enter a project without a document, say that one has ended."""

from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from data import by_hand, planned, queries
from data.acting import ActError
from loaders import cells
from loaders.files import Declared
from pages import plan_history, plan_intake
from pages.judging import Chosen
from pages.parts import blocks, figures
from pages.plan_changes import pick, points_of
from pages.visit import Visit

Row = dict[str, Any]
WAYS = ("correct", "enter", "end")


def show(visit: Visit) -> None:
    """What is to be written, then the file that was made of it, on the way of every file."""
    say = visit.say
    if file := st.session_state.get("by_hand"):
        st.html(blocks.block(f"<h3>{blocks.text(file[0])}</h3>"))
        if st.button(say("by_hand.back"), key="hand_back"):
            st.session_state.pop("by_hand")
            st.rerun()
        plan_intake.take(visit, Chosen(file[0], file[1], Declared(this_year=visit.as_of.year)))
        return
    way = st.segmented_control(say("by_hand.what"), WAYS, default=WAYS[0], key="hand_way", format_func=lambda name: say(f"by_hand.{name}"))
    if way == "enter":
        _enter(visit)
    elif not queries.planned(visit.store, visit.as_of.year, most=1):
        st.info(say("empty.no_plan_text"))
    elif way == "end":
        key = pick(visit, say("column.project"), "end_project")
        if key:
            _offer(visit, lambda reason: by_hand.ended(visit.store, key, reason))
    else:
        _correct(visit)


def _offer(visit: Visit, make: Any) -> None:
    """The reason and the button that goes on to look at the effect; nothing is stored by it."""
    say = visit.say
    reason = st.text_input(say("changes.reason"), key="hand_reason", max_chars=200)
    if not st.button(say("by_hand.look"), key="hand_look", type="primary"):
        return
    try:
        st.session_state["by_hand"] = make(reason)
    except ActError as error:
        st.error(blocks.refusal(error, say))
        return
    st.rerun()


def _correct(visit: Visit) -> None:
    """One cell of one project: what the document says, what holds instead."""
    say = visit.say
    key = pick(visit, say("column.project"), "correct_project")
    if key is None:
        return
    project = by_hand.project_of(visit.store, key)
    fields = [*by_hand.AMOUNTS, "checkpoints", *by_hand.TEXTS, *(f"target {row['position']}" for row in project["indicators"])]
    names = {f"target {row['position']}": f"{row['level3']} · {row['description'] or ''}" for row in project["indicators"]}
    field = st.selectbox(
        say("by_hand.field"), fields, key="correct_field", format_func=lambda name: names.get(name) or say(f"column.{name}")
    )
    name, _, position = field.partition(" ")
    st.html(blocks.block(blocks.paragraph(say("by_hand.written", value=_written(visit, project, name, position)))))
    example = "6=50 12=100" if name == "checkpoints" else ""
    label = say("by_hand.holds_money" if name in by_hand.AMOUNTS else "by_hand.holds")
    text = st.text_input(label, key="correct_value", placeholder=example, max_chars=2000)

    def make(reason: str) -> by_hand.File:
        change = {"field": name, "position": int(position) if position else None, "holds": _holds(visit, name, text)}
        return by_hand.corrected(visit.store, key, [change], reason)

    _offer(visit, make)
    rows = planned.corrections_of(visit.store, key[0], key[1:])
    if rows:
        st.html(blocks.block(f"<h3>{say('by_hand.corrected')}</h3>", plan_history.corrections(visit, rows)))


def _written(visit: Visit, project: Row, name: str, position: str) -> str:
    if name == "checkpoints":
        return " ".join(f"{point['month']}={figures.trimmed(point['share'] * 100)}" for point in project["checkpoints"]) or "—"
    if name in by_hand.AMOUNTS:
        return f"{figures.wan(project[name])} {visit.say('unit.money')}"
    if position:
        return next(row["target"] for row in project["indicators"] if row["position"] == int(position))
    return project[name] or "—"


def _holds(visit: Visit, name: str, text: str) -> Any:
    if name == "checkpoints":
        points = points_of(text, visit.say)
        if points is None:
            raise ActError("cli.bad_checkpoint", value=text)
        return points
    return _amount(text) if name in by_hand.AMOUNTS else text.strip()


def _amount(text: str) -> Decimal | None:
    """An amount typed in 万元, in yuan; ActError where it is none."""
    if not text.strip():
        return None
    amount = cells.money(text, "万元")
    if amount is None:
        raise ActError("cli.bad_amount", value=text)
    return amount.yuan


def _enter(visit: Visit) -> None:
    """A project that no document has."""
    say = visit.say
    units = {row["unit_code"]: row["unit_name"] for row in planned.units(visit.store, visit.as_of.year)}
    left, right = st.columns(2, gap="large")
    with left:
        code = st.text_input(say("column.project_code"), key="enter_code", max_chars=40)
        name = st.text_input(say("column.project_name"), key="enter_name", max_chars=200)
        unit = st.selectbox(
            say("column.unit"),
            list(units),
            key="enter_unit",
            accept_new_options=True,
            format_func=lambda found: f"{found} {units.get(found, '')}",
        )
    with right:
        year = st.number_input(say("column.fiscal_year"), 2000, 2099, visit.as_of.year or date.today().year, key="enter_year")
        budget = st.text_input(say("changes.amount"), key="enter_budget", placeholder="12.50")
        plan = st.text_input(say("changes.points"), key="enter_points", placeholder="3=25 6=50 10=75 12=100")

    def make(reason: str) -> by_hand.File:
        points = points_of(plan, say)
        if points is None:
            raise ActError("cli.bad_checkpoint", value=plan)
        project = {
            "fiscal_year": int(year),
            "unit_code": unit,
            "unit_name": units.get(unit, unit),
            "project_code": cells.code(code),
            "project_name": name.strip(),
            "budget": _amount(budget),
            "checkpoints": points,
        }
        return by_hand.entered(project, reason)

    _offer(visit, make)
