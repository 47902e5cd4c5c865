"""上报: finance's monthly file, from template to receipt, and the ledger of batches."""

from decimal import Decimal
from typing import Any

import streamlit as st

from data import acts, queries, samples
from data.acting import ActError
from data.acts import ANY
from data.calendar import month_end
from data.staging import Consideration
from loaders.actuals import TEMPLATE
from loaders.files import Declared
from pages import intake
from pages.parts import blocks, exports, figures
from pages.visit import Visit, head

KINDS = ["csv", "txt", "xlsx", "xls", "ods"]


def show(visit: Visit) -> None:
    """The four steps, then who has reported what, then every batch with its undo."""
    say = visit.say
    head(visit, say("page.upload"))
    plan_years = queries.years(visit.store)
    if not plan_years:
        st.info(say("empty.no_plan_text"))
        st.html(blocks.block(blocks.link("plans", say("empty.go_plans"), **visit.address)))
        return
    intake.show_receipt(visit, "actuals")
    _show_steps(visit, plan_years)
    st.divider()
    _show_calendar(visit)
    _show_ledger(visit)


def _show_steps(visit: Visit, plan_years: list[int]) -> None:
    say = visit.say
    st.html(blocks.block(f"<h3>{say('upload.step1')}</h3>", blocks.paragraph(say("upload.template_example"), "soft")))
    _offer_template(visit, plan_years)
    chosen = _chosen(visit, plan_years)
    if chosen is None:
        st.html(blocks.block(f"<p class='soft'>{say('upload.step2')} → {say('upload.step3')} → {say('upload.step4')}</p>"))
        return
    sending, told = intake.considered(visit, chosen)
    if told.recognised == "plan":
        st.warning(say("upload.wrong_kind"))
        return
    intake.show_findings(visit, told, "actuals")
    if told.fatal:
        return
    _show_effect(visit, told, sending.reading.unit_of_money or "元", sending.reading.rows)
    st.html(blocks.block(f"<h3>{say('upload.step4')}</h3>"))
    intake.certify(visit, (sending, told), "actuals", (say("upload.certify"), "upload.done"))


def _offer_template(visit: Visit, plan_years: list[int]) -> None:
    say = visit.say
    year = visit.as_of.year if visit.as_of.year in plan_years else plan_years[0]
    plan = queries.progress(visit.store, month_end(year, 12))
    name = say("upload.template_file", year=year)
    left, right, _ = st.columns([2, 2, 6])
    left.download_button(
        say("upload.template_xlsx"),
        lambda: exports.template_workbook(plan, visit.as_of, TEMPLATE, say),
        f"{name}.xlsx",
        key="template_xlsx",
        on_click="ignore",
        width="stretch",
    )
    right.download_button(
        say("upload.template_csv"),
        lambda: exports.template_csv(plan, visit.as_of, TEMPLATE),
        f"{name}.csv",
        key="template_csv",
        on_click="ignore",
        width="stretch",
        mime="text/csv",
    )


def _chosen(visit: Visit, plan_years: list[int]) -> intake.Chosen | None:
    """The file and what is declared beside it; None until a file is chosen."""
    say = visit.say
    uploaded = intake.choose(visit, say("upload.file"), KINDS)
    places = st.columns(5, vertical_alignment="bottom")
    year = places[0].selectbox(say("upload.year"), plan_years, key="declared_year")
    money = places[1].selectbox(say("upload.money"), ("元", "万元"), key="declared_money")
    figure = places[2].selectbox(
        say("upload.figure"), ("month", "cumulative"), key="declared_figure", format_func=lambda kind: say(f"figure.{kind}")
    )
    absent = places[3].selectbox(
        say("upload.absent"),
        (False, True),
        key="declared_absent",
        format_func=lambda zero: say("upload.absent_zero" if zero else "upload.absent_unreported"),
    )
    control = intake.control_total(visit, places[4].text_input(say("upload.control"), key="declared_control"))
    if uploaded is None:
        return None
    return intake.Chosen(uploaded.name, uploaded.getvalue(), Declared(year, money, figure), control, absent)


def _show_effect(visit: Visit, told: Consideration, unit_of_money: str, rows: list[dict[str, Any]]) -> None:
    """Step 3: rows added, changed, unchanged and missing, coverage, lights that flip."""
    say = visit.say
    figure = "、".join(say(f"figure.{kind}") for kind in sorted({row["figure"] for row in rows}, reverse=True))
    delta = sum(((row["new"] or Decimal(0)) - (row["old"] or Decimal(0)) for row in told.changes), Decimal(0))
    lines = [
        say("upload.read", rows=told.rows, total=figures.wan(told.total), money=unit_of_money, figure=figure),
        say("upload.counts", **told.counts, delta=figures.signed_wan(delta)),
    ]
    if told.as_of and told.before and told.after:
        lines.append(
            say(
                "upload.coverage",
                month=figures.month_name(told.as_of, say),
                before=figures.percent(told.before["coverage"]),
                after=figures.percent(told.after["coverage"]),
                lag_before=told.before["lagging"],
                lag_after=told.after["lagging"],
            )
        )
    st.html(blocks.block(f"<h3>{say('upload.step3')}</h3>", *(blocks.paragraph(line) for line in lines)))
    intake.show_flips(visit, told)
    with st.expander(say("upload.changes")):
        st.html(
            blocks.block(
                blocks.table(
                    [
                        blocks.Cell(say("column.month"), lambda row: f"{row['fiscal_year']}-{row['month']:02d}"),
                        blocks.plain("project_name", say("column.project_name"), "name"),
                        blocks.plain("project_code", say("column.project_code"), "code"),
                        blocks.money("old", say("column.old")),
                        blocks.money("new", say("column.new")),
                        blocks.Cell(say("column.change"), lambda row: say(f"change.{row['change']}")),
                    ],
                    told.changes[: intake.MOST_SHOWN],
                )
            )
        )


def _show_calendar(visit: Visit) -> None:
    """Twelve months by unit: reported, partly, not, or not yet due."""
    say = visit.say
    rows = queries.reports(visit.store, visit.as_of.year)
    last = queries.latest_month(visit.store)
    units: dict[str, dict[str, Any]] = {}
    for row in rows:
        units.setdefault(row["unit_code"], {"unit_name": row["unit_name"]})[row["month"]] = row

    def cell(month: int) -> blocks.Cell:
        def show_cell(unit: dict[str, Any]) -> str:
            row = unit[month]
            if row["reported"] == row["projects"]:
                return f'<span class="met" title="{say("column.batch")} {row["batch"]}">●</span>'
            if row["reported"]:
                return f'<span class="slightly_behind">◐ {row["reported"]}/{row["projects"]}</span>'
            due = last is not None and month_end(row["fiscal_year"], month) <= last
            return f'<span class="not_reported">{"○" if due else "·"}</span>'

        return blocks.Cell(figures.month_short(month, say), show_cell)

    st.html(
        blocks.block(
            f"<h3>{say('history.calendar')}（{visit.as_of.year}）</h3>",
            blocks.table(
                [blocks.plain("unit_name", say("column.unit")), *(cell(month) for month in range(1, 13))],
                list(units.values()),
                kind="calendar",
            ),
            blocks.paragraph(f"● {say('column.reported')}　◐ {say('chart.partial')}　○ {say('status.not_reported')}", "foot"),
        )
    )


def _show_ledger(visit: Visit) -> None:
    """Every batch, the newest first; a waiting one can be certified, any other withdrawn."""
    say = visit.say
    rows = [row for row in queries.batches(visit.store) if row["kind"] == "actuals"]
    st.html(
        blocks.block(
            f"<h3>{say('history.title')}</h3>",
            blocks.table(ledger_columns(visit), rows) if rows else blocks.paragraph(say("history.empty")),
        )
    )
    if queries.samples(visit.store):
        if st.button(say("sample.remove"), key="remove_samples"):
            samples.remove_samples(visit.store, st.session_state.get("person") or say("none"), say("sample.remove_reason"))
            st.toast(say("sample.removed"))
            st.rerun()
    elif not queries.real_actuals(visit.store) and st.button(say("sample.load"), key="load_samples"):
        intake.load_samples(visit)
    standing = [row for row in rows if row["state"] != "withdrawn"]
    if standing:
        _show_handling(visit, standing)


def ledger_columns(visit: Visit) -> list[blocks.Cell]:
    """The columns of the ledger of batches."""
    say = visit.say
    return [
        blocks.plain("batch", say("column.batch"), "n"),
        blocks.Cell(say("column.state"), lambda row: say(f"standing.{row['standing']}"), "code"),
        blocks.Cell(
            say("column.file_name"),
            lambda row: blocks.text(row["file_name"]) + (f" <b>{say('sample.file')}</b>" if row["sample"] else ""),
            "code",
        ),
        blocks.Cell(say("column.months"), lambda row: blocks.text(_span(row["months"])), "code"),
        blocks.plain("row_count", say("column.rows"), "n"),
        blocks.money("total", say("column.total")),
        blocks.plain("recorded_by", say("column.person")),
        blocks.Cell(say("column.at"), lambda row: figures.moment_name(row["recorded_at"]), "code"),
        blocks.Cell(
            "SHA-256", lambda row: f'<span title="{blocks.text(row["sha256"])}">{blocks.text((row["sha256"] or "")[:12])}…</span>', "code"
        ),
        blocks.plain("reason", say("column.note"), "w"),
    ]


def _span(months: list[str] | None) -> str:
    months = months or []
    return ", ".join(months) if len(months) <= 2 else f"{months[0]} … {months[-1]}"  # noqa: PLR2004 - two fit into a cell


def _show_handling(visit: Visit, rows: list[dict[str, Any]]) -> None:
    """Certify a waiting batch or withdraw one, with a reason."""
    say = visit.say
    by_number = {row["batch"]: row for row in rows}
    with st.expander(say("history.withdraw") + " / " + say("history.waiting"), expanded=any(row["state"] == "checked" for row in rows)):
        batch = st.selectbox(
            say("history.pick"),
            list(by_number),
            key="handled_batch",
            format_func=lambda number: say(
                "history.option", batch=number, file=by_number[number]["file_name"], total=figures.wan(by_number[number]["total"])
            ),
        )
        reason = st.text_input(say("history.reason"), key="handled_reason", max_chars=200)
        left, right, _ = st.columns([2, 2, 6])
        person = st.session_state.get("person") or say("none")
        try:
            if left.button(say("history.button"), key="withdraw_batch", width="stretch"):
                acts.withdraw(visit.store, batch, person, reason)
                st.rerun()
            if by_number[batch]["state"] == "checked" and right.button(say("history.certify"), key="certify_batch", width="stretch"):
                acts.certify(visit.store, batch, person, {ANY: reason})
                st.rerun()
        except ActError as error:
            st.error(say(error.code, **error.facts))
