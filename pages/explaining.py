"""Why a project lags and what is promised: the form, the list that comes back filled in, what was said before."""

from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from data import explaining
from loaders import cells
from pages.deeds import carry_out, doer
from pages.parts import blocks, figures
from pages.visit import Visit, ask_name

Row = dict[str, Any]
DECEMBER = 12


def show(visit: Visit, rows: list[Row], silent: int) -> None:
    """The form for one of the projects shown, and the way back for the exported list; `silent` projects of it have no reason yet."""
    say = visit.say
    if done := st.session_state.pop("explained", None):
        st.success(done)
    if not visit.may("act.explain"):
        return
    title = say("explain.open", count=silent) if silent else say("explain.title")
    with st.expander(title):
        one, many = st.tabs([say("explain.one"), say("explain.many")])
        with one:
            _form(visit, rows)
        with many:
            _upload(visit)


def _form(visit: Visit, rows: list[Row]) -> None:
    say = visit.say
    keys = {(row["unit_code"], row["project_code"]): row for row in rows}
    key = st.selectbox(
        say("column.project"),
        list(keys),
        key="explain_project",
        format_func=lambda found: f"{keys[found]['project_name']} · {figures.signed_wan(keys[found]['gap_amount'])}",
    )
    row = keys[key]
    # Another month makes other cells; a promise of an earlier one stands as it is and is not filled in again.
    cells_of = f"{visit.as_of:%Y%m}_{key}"
    own = (row["promise"], row["promise_due"]) if row["promise_month"] == visit.as_of.month else (None, "")
    with st.form(f"explain_{cells_of}", border=False):
        left, right = st.columns(2, gap="large")
        causes = {code: say(f"cause.{code}") for code in explaining.CAUSES}
        place = list(causes).index(row["cause"]) if row["cause"] else 0
        cause = left.selectbox(say("column.cause"), list(causes), index=place, format_func=causes.__getitem__, key=f"cause_{cells_of}")
        reason = left.text_area(say("column.reason"), value=row["reason"] or "", key=f"reason_{cells_of}", max_chars=500, height=80)
        measure = left.text_area(say("column.measure"), value=row["measure"] or "", key=f"measure_{cells_of}", max_chars=500, height=80)
        responsible = right.text_input(say("column.responsible"), value=row["responsible"] or "", key=f"who_{cells_of}", max_chars=40)
        amount = "" if own[0] is None else figures.trimmed(own[0] / figures.WAN)
        promise = right.text_input(f"{say('column.promise')}{say('unit.in')}", amount, key=f"promise_{cells_of}", placeholder="50")
        months = ["", *range(visit.as_of.month + 1, DECEMBER + 1)]
        due = right.selectbox(
            say("column.promise_due"),
            months,
            index=months.index(own[1]),
            key=f"due_{cells_of}",
            format_func=lambda month: figures.month_short(month, say) if month else "—",
        )
        person = ask_name(visit, f"explainer_{key}", right)
        if st.form_submit_button(say("explain.record"), type="primary"):
            st.session_state["person"] = person
            said = explaining.Explanation(*key, cause, reason.strip(), measure.strip(), responsible.strip(), due or None, _yuan(promise))
            _record(visit, [said])


def _yuan(text: str) -> Decimal | None:
    """The promise in yuan; minus one, which the act refuses, for what is no amount."""
    if not text.strip():
        return None
    amount = cells.money(text, "万元")
    return amount.yuan if amount else Decimal(-1)


def _upload(visit: Visit) -> None:
    """The exported list with its last columns filled in: what cannot be read is told, or all of it is recorded."""
    say = visit.say
    st.text(say("explain.how"))
    file = st.file_uploader(say("explain.file"), type=["xlsx", "csv", "xls", "ods"], key="explain_file")
    if file is None:
        return
    reading = explaining.read(visit.store, visit.as_of, file.getvalue())
    if reading.fatal:
        told = [f"{say.problem(problem)} → {say.remedy(problem)}" for problem in reading.problems if problem.level == "fatal"]
        st.error("\n\n".join(blocks.label(line) for line in told[:20]))
        return
    said = explaining.said_of(visit.store, visit.as_of.year, reading.rows)
    st.text(say("explain.read", count=len(said)))
    with st.form("explain_many", border=False):
        person = ask_name(visit, "explain_many_person", width=320)
        if st.form_submit_button(say("explain.record"), type="primary", disabled=not said):
            st.session_state["person"] = person
            _record(visit, said)


def _record(visit: Visit, said: list[explaining.Explanation]) -> None:
    say = visit.say

    def deed() -> str:
        count = explaining.explain(visit.store, visit.as_of, said, doer(), date.today())
        return say("explain.recorded", count=count) if count else say("upload.nothing_changed")

    if carry_out(visit, deed, "explained"):
        st.rerun()


def history(visit: Visit, project: tuple[str, str]) -> str:
    """All that was said of a project up to the month shown, the newest first, as HTML; empty where nothing was."""
    say = visit.say
    rows = explaining.explained(visit.store, visit.as_of, visit.known_at, project)
    if not rows:
        return ""

    def promised(row: Row) -> str:
        return blocks.text(figures.promise({**row, "promise": row["promised"], "promise_due": row["due_month"]}, say))

    def reason(row: Row) -> str:
        same = f' <span class="soft">（{say("explain.repeated")}）</span>' if row["repeated"] else ""
        return blocks.text(row["reason"]) + same

    return f"<h3>{say('explain.title')}</h3>" + blocks.table(
        [
            blocks.Cell(say("column.month"), lambda row: figures.month_short(row["month"], say)),
            blocks.Cell(say("column.cause"), lambda row: say(f"cause.{row['cause']}")),
            blocks.Cell(say("column.reason"), reason, "w"),
            blocks.plain("measure", say("column.measure"), "w"),
            blocks.plain("responsible", say("column.responsible")),
            blocks.Cell(say("column.promise") + say("unit.in"), promised),
            blocks.person("recorded_by", say),
            blocks.Cell(say("column.at"), lambda row: figures.moment_name(row["recorded_at"]), "code"),
        ],
        rows,
        kind="stack",
    )
