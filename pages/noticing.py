"""Follow-up notices on the lagging list: issue one to a unit, take it along, record its answer."""

from datetime import date, timedelta
from typing import Any

import streamlit as st

from data import notices
from pages.deeds import carry_out, doer
from pages.papers import button, can_print
from pages.parts import blocks, figures
from pages.parts.notice import notice_docx, notice_html, notice_pdf, number_of
from pages.visit import Visit, ask_name

Row = dict[str, Any]
DAYS = 10


def show(visit: Visit, rows: list[Row]) -> None:
    """The form to issue a notice, then those of the year with their papers and answers."""
    say = visit.say
    if done := st.session_state.pop("noticed", None):
        st.success(done)
    listed = notices.listed(visit.store, visit.as_of.year)
    if not (listed or visit.may("act.notice")):
        return
    with st.expander(say("notice.title", count=len(listed))):
        if visit.may("act.notice"):
            _form(visit, rows)
        if listed:
            st.html(blocks.block(_table(visit, listed)))
            _show_one(visit, listed)


def _form(visit: Visit, rows: list[Row]) -> None:
    say = visit.say
    units = {row["unit_code"]: row["unit_name"] for row in rows}
    with st.form("issue_notice", border=False):
        places = st.columns([3, 2, 2, 2], vertical_alignment="bottom")
        unit = places[0].selectbox(say("control.unit"), list(units), format_func=units.__getitem__, key="notice_unit")
        levels = {level: say(f"notice.level_{level}") for level in notices.LEVELS}
        level = places[1].selectbox(say("notice.level"), list(levels), format_func=levels.__getitem__, key="notice_level")
        deadline = places[2].date_input(
            say("notice.deadline"), value=date.today() + timedelta(days=DAYS), key="notice_deadline", format="YYYY-MM-DD"
        )
        person = ask_name(visit, "notice_person", places[3])
        if st.form_submit_button(say("notice.issue"), type="primary"):
            st.session_state["person"] = person
            if carry_out(visit, lambda: _issue(visit, unit, level, deadline), "noticed"):
                st.rerun()


def _issue(visit: Visit, unit: str, level: str, deadline: date) -> str:
    facts = {"level": level, "deadline": deadline, "today": date.today()}
    number = notices.issue(visit.store, visit.as_of, unit, facts, doer())
    return visit.say("notice.done", number=number_of(notices.notice(visit.store, visit.as_of.year, number), visit.say))


def _table(visit: Visit, rows: list[Row]) -> str:
    say = visit.say

    def answered(row: Row) -> str:
        if row["answer"]:
            return blocks.text(f"{row['answered_by']}：{row['answer']}")
        late = row["deadline"] < date.today()
        return f'<span class="{"far_behind" if late else "soft"}">{say("notice.late" if late else "notice.open")}</span>'

    return blocks.table(
        [
            blocks.Cell(say("notice.no"), lambda row: blocks.text(number_of(row, say)), "code"),
            blocks.Cell(say("notice.level"), lambda row: say(f"notice.level_{row['level']}")),
            blocks.plain("unit_name", say("column.unit")),
            blocks.Cell(say("column.month"), lambda row: figures.month_short(row["month"], say)),
            blocks.plain("deadline", say("notice.deadline"), "code"),
            blocks.plain("recorded_by", say("column.person")),
            blocks.Cell(say("column.at"), lambda row: figures.moment_name(row["recorded_at"]), "code"),
            blocks.Cell(say("notice.answer"), answered, "w"),
        ],
        rows,
        kind="stack",
    )


def _show_one(visit: Visit, rows: list[Row]) -> None:
    """The papers of a notice, and the form for its answer."""
    say, names = visit.say, {row["number"]: number_of(row, visit.say) for row in rows}
    number = st.selectbox(say("notice.no"), list(names), format_func=names.__getitem__, key="notice_number")
    stem = names[number]

    def facts() -> Row:
        return notices.facts(visit.store, visit.as_of.year, number)

    with st.container(horizontal=True, key="notice_papers"):
        if can_print():
            button(visit, "export.paper", say("notice.pdf"), lambda: notice_pdf(facts(), say), f"{stem}.pdf", "notice_pdf")
        button(visit, "export.paper", say("notice.docx"), lambda: notice_docx(facts(), say), f"{stem}.docx", "notice_docx")
        button(visit, "export.paper", say("notice.html"), lambda: notice_html(facts(), say), f"{stem}.html", "notice_html")
    if not visit.may("act.reply"):
        return
    with st.form("answer_notice", border=False):
        text = st.text_area(say("notice.answer"), key="notice_answer", max_chars=1000, height=80)
        if st.form_submit_button(say("notice.reply")) and carry_out(visit, lambda: _reply(visit, number, text), "noticed"):
            st.rerun()


def _reply(visit: Visit, number: int, text: str) -> str:
    notices.answer(visit.store, visit.as_of.year, number, text, doer(), date.today())
    return visit.say("notice.replied")
