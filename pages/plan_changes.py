"""The moving year: budgets increased, cut or moved, payment plans revised; what each would alter, then the act; the undo."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from data import changes, planned, queries
from data.acting import ActError
from data.database import StoreError
from loaders import cells
from pages import finding, plan_history
from pages.deeds import carry_out, doer, tell_done
from pages.parts import blocks, figures
from pages.visit import Visit, ask_name

Row = dict[str, Any]
REVISION = "revision"
# The newest changes; older ones stand on the pages of their projects.
MOST_SHOWN = 100


def show(visit: Visit) -> None:
    """The form with what it would alter, then every change of the year, each with its undo."""
    say, year = visit.say, visit.as_of.year
    if not queries.planned(visit.store, year, most=1):
        st.info(say("empty.no_plan_text"))
        return
    tell_done("change_done")
    change = _form(visit) if visit.may("act.adjust") else None
    if change is not None:
        _show_effect(visit, change)
    rows = planned.changes_of(visit.store, year, most=MOST_SHOWN)
    left_out = rows[0]["count"] - len(rows) if rows else 0
    more = blocks.paragraph(say("changes.more", count=f"{left_out:,}"), "foot") if left_out else ""
    st.html(blocks.block(f"<h3>{say('changes.of_year', year=year)}</h3>", plan_history.listed(visit, rows), more))
    if visit.may("act.reverse"):
        _show_undo(visit, [row for row in rows if not row["reversed_by"]])


def pick(visit: Visit, label: str, key: str) -> changes.Key | None:
    """Year, unit and code of the project that is chosen; None where nothing fits."""
    row = finding.pick(visit, key, None, visit.as_of.year, label=label)
    return row and (visit.as_of.year, row["unit_code"], row["project_code"])


def points_of(text: str, say: Any) -> list[tuple[int, Decimal]] | None:
    """Checkpoints typed as `6=50 12=100`; None, with a word of it, where they cannot be read."""
    points = []
    for part in text.replace("，", " ").replace(",", " ").split():
        month, _, share = part.partition("=")
        percent = cells.percent(share)
        if not month.isdecimal() or percent is None:
            st.warning(say("cli.bad_checkpoint", value=blocks.label(part)))
            return None
        points.append((int(month), percent / 100))
    return sorted(points)


def _form(visit: Visit) -> changes.Change | None:
    """What was typed, as a change; None while something is missing."""
    say = visit.say
    kinds = [*changes.KINDS, REVISION]
    kind = st.segmented_control(
        say("changes.kind"), kinds, default=kinds[0], key="change_kind", format_func=lambda name: say(f"change_kind.{name}")
    )
    left, right = st.columns(2, gap="large")
    with left:
        project = pick(visit, say("column.project"), "change_project")
        if kind == REVISION:
            points = points_of(st.text_input(say("changes.points"), placeholder="6=50 9=80 12=100", key="change_points"), say)
        else:
            amount = cells.money(st.text_input(say("changes.amount"), placeholder="12.50", key="change_amount"), "万元")
        to = pick(visit, say("changes.to"), "change_to") if kind == changes.VIREMENT else None
    with right:
        number = st.text_input(say("changes.document"), key="change_document", max_chars=80)
        day = st.date_input(say("changes.effective"), value=_day(visit), key="change_day", format="YYYY-MM-DD")
        reason = st.text_input(say("changes.reason"), key="change_reason", max_chars=200)
    basis = changes.Basis(number, day, reason)
    if not (number.strip() and reason.strip()):
        st.text(say("changes.incomplete"))
        return None
    if kind == REVISION:
        return changes.Revision(project, tuple(points), basis) if points else None
    return changes.Adjustment(project, kind or kinds[0], amount.yuan, basis, to) if amount else None


def _day(visit: Visit) -> date:
    today = date.today()
    return today if today.year == visit.as_of.year else visit.as_of


def _show_effect(visit: Visit, change: changes.Change) -> None:
    """The projects that would stand otherwise at the month shown, then the button."""
    say = visit.say
    try:
        rows = changes.foresee(visit.store, change, visit.as_of)
    except (ActError, StoreError) as error:
        st.error(blocks.refusal(error, say))
        return

    def both(name: str) -> Any:
        return lambda row: blocks.text(f"{figures.wan(row['before'][name])} → {figures.wan(row[name])}")

    columns = [
        blocks.plain("project_name", say("column.project_name"), "name"),
        blocks.Cell(f"{say('column.budget')}{say('unit.in')}", both("current_budget"), "n"),
        blocks.Cell(say("column.due_amount"), both("due_amount"), "n"),
        blocks.Cell(say("column.gap_amount"), both("gap_amount"), "n"),
        blocks.Cell(say("column.status_before"), lambda row: blocks.chip(row["before"]["status"], say)),
        blocks.Cell(say("column.status_after"), lambda row: blocks.chip(row["status"], say)),
    ]
    title = say("changes.effect", month=figures.month_name(visit.as_of, say))
    nothing = blocks.paragraph(say("changes.no_effect"))
    st.html(blocks.block(f"<h3>{title}</h3>", blocks.table(columns, rows, kind="stack") if rows else nothing))
    with st.form("record_change", border=False):
        person = ask_name(visit, "change_person", width=320)
        if st.form_submit_button(say("changes.record"), type="primary"):
            st.session_state["person"] = person
            _do(visit, lambda: changes.record(visit.store, change, doer()), "changes.recorded")


def _do(visit: Visit, deed: Callable[[], int], done: str) -> None:
    """Carry out an act, empty the form and draw the page anew."""
    if carry_out(visit, lambda: visit.say(done, act=deed()), "change_done"):
        for name in ("change_amount", "change_points", "change_document", "change_reason"):
            st.session_state.pop(name, None)
        st.rerun()


def _show_undo(visit: Visit, rows: list[Row]) -> None:
    say = visit.say
    acts = {row["act"]: f"{row['act']} · {say('change_kind.' + row['kind'])} · {row['document_number']}" for row in rows}
    if not acts:
        return
    with st.expander(say("changes.undo")), st.form("reverse_change", border=False):
        act = st.selectbox(say("ledger.act"), list(acts), key="reverse_act", format_func=acts.__getitem__)
        reason = st.text_input(say("changes.reason"), key="reverse_reason", max_chars=200)
        person = ask_name(visit, "reverse_person")
        if st.form_submit_button(say("changes.undo")):
            st.session_state["person"] = person

            def deed() -> int:
                changes.reverse(visit.store, act, doer(), reason)
                return act

            _do(visit, deed, "changes.undone")
