"""Who reported which month, how late, and which months are closed: the calendar of a year, shared by 上报 and 台账."""

from datetime import date

import streamlit as st

from data import lagging, ledger, months
from data.calendar import month_end
from pages import finding
from pages.deeds import carry_out, doer, tell_done
from pages.parts import blocks, figures, selection, year
from pages.visit import Visit, ask_name

TWELVE = range(1, 13)
# As many units as one looks over; a name finds the others.
MOST_UNITS = 40


def show(visit: Visit) -> None:
    """Twelve months by unit with their state; below it, a month can be locked or opened again."""
    say, day = visit.say, visit.known_at.date() if visit.known_at else date.today()
    asked = (visit.store, visit.as_of.year, day, visit.known_at)
    st.html(blocks.block(f"<h3>{say('history.calendar')}（{visit.as_of.year}）</h3>"))
    place, field = st.container(), st.container(horizontal=True, vertical_alignment="bottom")
    begin = finding.begins("calendar_page", MOST_UNITS)
    find = (st.session_state.get("calendar_find") or "").strip()
    rows = ledger.calendar(*asked, find, (begin, MOST_UNITS)) or ledger.calendar(*asked, find, (0, MOST_UNITS))
    count = rows[0]["units"] if rows else 0
    if find or count > MOST_UNITS:
        with field:
            finding.words(visit, "calendar_find")
            finding.turn(visit, "calendar_page", count, MOST_UNITS)
    told = ledger.months(*asked)
    nothing = blocks.paragraph(say("find.none" if find else "empty.no_plan"))
    place.html(
        blocks.block(year.calendar(rows, told, say, visit.address) if rows else nothing, blocks.paragraph(say("calendar.legend"), "foot"))
    )
    if rows and visit.known_at is None and visit.may("act.lock"):
        _show_handling(visit, {row["month"]: row["state"] for row in told}, {row["unit_code"]: row["unit_name"] for row in rows})


def _show_handling(visit: Visit, states: dict[int, str], units: dict[str, str]) -> None:
    """Close a month or open it again: which, of which unit, by whom and why."""
    say = visit.say
    tell_done("month_done")
    with st.expander(say("calendar.handle")):
        places = st.columns([2, 3, 2, 4], vertical_alignment="bottom")
        month = places[0].selectbox(
            say("column.month"),
            TWELVE,
            index=visit.as_of.month - 1,
            key="handled_month",
            format_func=lambda one: f"{figures.month_short(one, say)} · {say('month_state.' + states[one])}",
        )
        unit = places[1].selectbox(
            say("control.unit"), ["", *units], key="handled_unit", format_func=lambda code: units.get(code, say("control.all_units"))
        )
        person = ask_name(visit, "month_person", places[2])
        reason = places[3].text_input(say("calendar.reason"), key="month_reason", max_chars=200)
        with st.container(horizontal=True):
            lock = st.button(say("calendar.lock"), key="lock_month")
            reopen = st.button(say("calendar.reopen"), key="reopen_month")
        if lock or st.session_state.get("lock_asked") == (month, unit):
            lock = _goes_on(visit, month, unit, lock)
        if not (lock or reopen):
            return
        st.session_state["person"] = person
        day = date(visit.as_of.year, month, 1)

        def deed() -> str:
            if lock:
                changed = months.lock(visit.store, day, doer(), unit or None, date.today())
            else:
                changed = months.reopen(visit.store, day, doer(), reason, unit or None, date.today())
            word = say("month_state.locked" if lock else "month_state.reopened")
            told = {"month": figures.month_name(day, say), "state": word}
            return say("calendar.done", **told) if changed else say("calendar.was_so", **told)

        if carry_out(visit, deed, "month_done"):
            st.session_state.pop("lock_asked", None)
            st.rerun()


def _goes_on(visit: Visit, month: int, unit: str, clicked: bool) -> bool:
    """Whether a month may be locked: where lagging projects have no reason yet, only after a second click."""
    say, day = visit.say, month_end(visit.as_of.year, month)
    told = selection.owed_by(lagging.unexplained(visit.store, day, unit or None, most=0), say)
    if not told:
        st.session_state.pop("lock_asked", None)
        return clicked
    st.session_state["lock_asked"] = (month, unit)
    address = {**visit.address, "as_of": f"{day:%Y-%m}", "unit": unit, "cause": selection.NO_CAUSE}
    st.html(blocks.block(f'<p class="warn">{blocks.text(told)} {blocks.link("behind", say("calendar.explain"), **address)}</p>'))
    return st.button(say("calendar.lock_anyway"), key="lock_anyway")
