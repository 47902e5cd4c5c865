"""Follow-up notices on the lagging list: issue one to a unit, take it along, record its answer."""

from datetime import date, timedelta
from typing import Any

import streamlit as st

from data import ladder, notices, queries
from pages.deeds import carry_out, doer
from pages.papers import button, can_print
from pages.parts import blocks, figures
from pages.parts.notice import ladder_rule, notice_docx, notice_html, notice_pdf, number_of, steps
from pages.visit import Visit, ask_name

Row = dict[str, Any]
DAYS = 10
# Proposals in the table, the hardest steps first, and notices of the year, the newest first.
MOST_SHOWN = 50


def show(visit: Visit, rows: list[Row]) -> None:
    """The steps proposed, the form to issue a notice, then those of the year with their papers and answers."""
    say = visit.say
    if done := st.session_state.pop("noticed", None):
        st.success(done)
    listed = notices.listed(visit.store, visit.as_of.year)
    if not (listed or visit.may("act.notice")):
        return
    proposed = ladder.proposed(visit.store, visit.as_of, visit.known_at, date.today())
    due = sum(not row["issued"] for row in proposed)
    title = say("notice.title_due", count=len(listed), due=due) if due else say("notice.title", count=len(listed))
    with st.expander(title):
        if proposed:
            rule = queries.rules(visit.store, visit.known_at)
            st.html(blocks.block(_proposals(visit, proposed[:MOST_SHOWN]), blocks.paragraph(ladder_rule(rule, say), "foot")))
        if visit.may("act.notice"):
            _form(visit, [*rows, *proposed], {row["unit_code"]: row for row in proposed})
        if listed:
            st.html(blocks.block(_table(visit, listed[:MOST_SHOWN])))
            _show_one(visit, listed)


def _proposals(visit: Visit, rows: list[Row]) -> str:
    """The next step for each unit with its reason, as HTML."""
    say = visit.say

    def sent(row: Row) -> str:
        issued = [say("notice.issued_now", sent=steps(row["issued"], say))] if row["issued"] else []
        return blocks.text(" ".join([steps(row["earlier"], say) or say("notice.never"), *issued]))

    columns = [
        blocks.Cell(say("column.unit"), lambda row: blocks.text(row["unit_name"] or row["unit_code"]), "name"),
        blocks.plain("projects", say("notice.followed"), "n"),
        blocks.Cell(say("column.gap_amount") + say("unit.in"), lambda row: figures.signed_wan(row["gap_amount"]), "n"),
        blocks.Cell(
            say("column.streak"), lambda row: say("notice.lasting", count=row["streak"], month=figures.month_short(row["since"], say))
        ),
        blocks.Cell(say("notice.earlier"), sent, "w"),
        blocks.Cell(say("notice.proposed"), lambda row: "<b>" + say(f"notice.level_{row['level']}") + "</b>"),
        blocks.plain("deadline", say("notice.deadline"), "code"),
    ]
    return f"<h3>{say('notice.proposed')}</h3>" + blocks.table(columns, rows, kind="stack")


def _form(visit: Visit, rows: list[Row], proposed: dict[str, Row]) -> None:
    say = visit.say
    units = {row["unit_code"]: row["unit_name"] for row in rows}
    unit = st.selectbox(say("control.unit"), list(units), format_func=units.__getitem__, key="notice_unit", width=480)
    step = proposed.get(unit, {}).get("level", notices.LEVELS[0])
    with st.form("issue_notice", border=False):
        places = st.columns([3, 2, 3], vertical_alignment="bottom")
        levels = {level: say(f"notice.level_{level}") for level in notices.LEVELS}
        level = places[0].selectbox(
            say("notice.level"),
            list(levels),
            index=notices.LEVELS.index(step),
            format_func=lambda one: levels[one] + (say("notice.is_proposed") if one == step and unit in proposed else ""),
            key=f"notice_level_{visit.as_of:%Y-%m}_{unit}_{step}",
        )
        days = proposed[unit]["deadline"] if unit in proposed else date.today() + timedelta(days=DAYS)
        deadline = places[1].date_input(say("notice.deadline"), value=days, key="notice_deadline", format="YYYY-MM-DD")
        person = ask_name(visit, "notice_person", places[2])
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
            blocks.person("recorded_by", say),
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
