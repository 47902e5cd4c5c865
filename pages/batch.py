"""One batch of the ledger: its facts and papers, months, rows, findings, what was done to it and what it restated."""

from collections.abc import Callable
from datetime import date
from typing import Any

import streamlit as st

from data import acts, again, ledger
from data.acting import ActError
from data.database import StoreError
from pages import chronicle, finding, intake, papers
from pages.deeds import carry_out, doer, tell_done
from pages.judging import judged_again
from pages.parts import answers as wording
from pages.parts import blocks, figures
from pages.visit import Visit, ask_name, given_name

Row = dict[str, Any]
PAGE = 100


def show(visit: Visit, number: str) -> None:
    """The batch of the address, or a sentence where there is none."""
    say = visit.say
    st.html(blocks.block(f"<p>{blocks.link('ledger', '← ' + say('ledger.all'), **visit.address)}</p>"))
    try:
        row = ledger.standing(visit.store, int(number))
    except (ActError, ValueError):
        st.error(say("act.unknown", batch=blocks.label(number)))
        return
    title = say("ledger.batch", batch=row["batch"], file=row["file_name"])
    sample = f" <b>{say('sample.file')}</b>" if row["sample"] else ""
    st.html(
        blocks.block(
            f'<p class="verdict">{blocks.text(title)} · <b>{say("standing." + row["standing"])}</b>{sample}</p>',
            blocks.pairs(_facts(visit, row)),
        )
    )
    _show_done(visit, row)
    papers.offer_batch(visit, row, f"batch_{row['batch']}")
    if row["state"] == "checked" and visit.may("act.answer"):
        _show_draft(visit, row)
    if row["state"] != "withdrawn" and visit.may("act.withdraw"):
        _show_withdrawal(visit, row)
    _show_tabs(visit, row)


def _facts(visit: Visit, row: Row) -> list[tuple[str, str]]:
    say = visit.say
    control = row["control_total"]

    def by(act: str) -> str:
        who, when = blocks.by(row[f"{act}_by"], say), row[f"{act}_at"]
        return blocks.text(say("certificate.by", person=who, moment=figures.moment_name(when))) if when else ""

    figure = "、".join(say(f"figure.{kind}") for kind in (row["figure"] or "").split("/") if kind)
    return [
        (say("column.kind"), say(f"kind.{row['kind']}")),
        (say("column.months"), blocks.text(", ".join(row["months"] or []) or row["fiscal_year"])),
        (say("column.rows"), str(row["row_count"] if row["row_count"] is not None else "—")),
        (say("column.total"), figures.wan(row["total"]) if row["total"] is not None else "—"),
        (say("certificate.control"), figures.wan(control) if control is not None else ""),
        (say("column.money"), say(f"money.{row['unit_of_money']}") if row["unit_of_money"] else ""),
        (say("column.figure"), figure),
        (say("certificate.uploaded"), by("recorded")),
        (say("certificate.certified"), by("certified")),
        (say("certificate.rules"), blocks.text(row["rule_set"])),
        (say("column.note"), blocks.text(row["reason"]) if row["reason"] else ""),
        ("SHA-256", f"<code>{blocks.text(row['sha256'] or '—')}</code>"),
    ]


def _show_done(visit: Visit, row: Row) -> None:
    """What was just done to this batch."""
    receipt = st.session_state.get("receipt") or {}
    if receipt.get("batch") == row["batch"] and receipt.get("file") == _key(row):
        st.success(receipt["sentence"])
    tell_done("batch_done")


def _key(row: Row) -> str:
    return f"batch_{row['batch']}"


def _show_draft(visit: Visit, row: Row) -> None:
    """A waiting batch taken up again: checked anew where something has changed, answered, certified."""
    say, number = visit.say, row["batch"]
    try:
        if acts.is_stale(visit.store, number):
            st.warning(say("ledger.stale"))
            if st.button(say("ledger.recheck"), key="recheck_batch", type="primary"):
                again.recheck(visit.store, number, given_name() or say("none"), date.today())
                st.rerun()
            return
        words = ("upload.certify", "upload.done") if row["kind"] == "actuals" else ("plans.certify", "plans.certified")
        intake.walk(visit, lambda absent: judged_again(visit, number, absent), _key(row), (say(words[0]), words[1]))
    except (ActError, StoreError) as error:
        st.error(blocks.refusal(error, say))


def _show_withdrawal(visit: Visit, row: Row) -> None:
    """Take the batch back, with a reason and a name."""
    say = visit.say
    with st.expander(say("history.withdraw")), st.form("withdraw", border=False):
        left, right = st.columns([2, 5])
        person = ask_name(visit, "withdraw_person", left)
        reason = right.text_input(say("history.reason"), key="withdraw_reason", max_chars=200)
        if not st.form_submit_button(say("history.button"), key="withdraw_batch"):
            return
        st.session_state["person"] = person

        def deed() -> str:
            acts.withdraw(visit.store, row["batch"], doer(), reason, date.today())
            return say("ledger.withdrawn", batch=row["batch"])

        if carry_out(visit, deed, "batch_done"):
            st.rerun()


def _show_tabs(visit: Visit, row: Row) -> None:
    say, number = visit.say, row["batch"]
    findings, restated = papers.findings_of(visit, number), ledger.restatements(visit.store, number)
    shown: list[tuple[str, Callable[[], None]]] = []
    if row["kind"] == "actuals":
        shown.append((say("ledger.rows"), lambda: _show_rows(visit, row)))
        shown.append((say("certificate.months"), lambda: _show_shares(visit, number)))
    shown.append((say("ledger.findings", count=len(findings)), lambda: _show_findings(visit, findings)))
    shown.append((say("ledger.events"), lambda: _show_acts(visit, number)))
    if restated:
        shown.append((say("ledger.restated", count=len(restated)), lambda: chronicle.show_restatements(visit, restated)))
    for tab, (_, draw) in zip(st.tabs([name for name, _ in shown]), shown, strict=True):
        with tab:
            draw()


def _show_acts(visit: Visit, number: int) -> None:
    count = ledger.act_count(visit.store, number)
    chronicle.show_history(visit, count, lambda limit, start: ledger.history(visit.store, number, limit, start))


def _show_shares(visit: Visit, number: int) -> None:
    """What the batch says of each unit and month, and which batch is official there now."""
    say = visit.say
    rows = ledger.shares(visit.store, number)
    columns = [
        blocks.plain("unit_name", say("column.unit"), "name"),
        blocks.Cell(say("column.month"), lambda row: f"{row['fiscal_year']}-{row['month']:02d}", "code"),
        blocks.plain("rows", say("column.rows"), "n"),
        blocks.Cell(say("certificate.reported"), lambda row: f"{row['reported']}/{row['projects'] or '—'}", "n"),
        blocks.money("amount", say("certificate.wan")),
        blocks.Cell(say("ledger.official"), lambda row: blocks.batch(row["official_batch"], visit.address), "n"),
    ]
    finding.turn(visit, "shares_page", len(rows), PAGE, "ledger.page")
    begin = finding.begins("shares_page", PAGE)
    st.html(blocks.block(blocks.table(columns, rows[begin : begin + PAGE], kind="stack")))


def _show_rows(visit: Visit, row: Row) -> None:
    """The rows a page at a time, the one of the address marked; each leads to its project."""
    say, number = visit.say, row["batch"]
    count = ledger.row_count(visit.store, number)
    last = max((count - 1) // PAGE, 0)
    marked = _number(st.query_params.get("row"))
    start = ledger.row_count(visit.store, number, marked) // PAGE if marked else 0
    if "rows_page" not in st.session_state or st.session_state.get("rows_of") != (number, marked):
        st.session_state.update({"rows_page": min(start, last) + 1, "rows_of": (number, marked)})
    page = 0
    if last:
        page = st.number_input(say("ledger.page", pages=last + 1, rows=count), 1, last + 1, key="rows_page", width=240) - 1
    rows = ledger.rows_of(visit.store, number, PAGE, page * PAGE)
    columns = [
        blocks.Cell(say("column.row"), lambda one: blocks.text(one["file_row"]), "n"),
        blocks.Cell(say("column.project_name"), lambda one: blocks.project(one, _at(visit, one)), "name"),
        blocks.plain("project_code", say("column.project_code"), "code"),
        blocks.plain("unit_name", say("column.unit")),
        blocks.Cell(say("column.month"), lambda one: f"{one['fiscal_year']}-{one['month']:02d}", "code"),
        blocks.money("amount", f"{say('column.amount')}{say('unit.in')}"),
        blocks.Cell(say("column.figure"), lambda one: say(f"figure.{one['figure']}")),
        blocks.plain("voucher", say("column.voucher")),
        blocks.plain("note", say("column.note")),
    ]
    st.html(blocks.block(blocks.table(columns, rows, kind="stack", marked=lambda one: marked is not None and one["file_row"] == marked)))


def _at(visit: Visit, row: Row) -> Row:
    """The address under which a row's project shows the month of the row."""
    return {**visit.address, "as_of": f"{row['fiscal_year']}-{row['month']:02d}"}


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else None  # noqa: PLR2004 - a row fits into an integer


def _show_findings(visit: Visit, findings: list[Row]) -> None:
    """The findings with what was answered to each, by whom and when."""
    say = visit.say
    if not findings:
        st.text(say("upload.clean"))
        return

    def answer(row: Row) -> str:
        if row["level"] != "confirm":
            return ""
        if not row["answered_by"]:
            return f'<span class="level-confirm">{blocks.text(say("certificate.unanswered"))}</span>'
        carried = f" <b>{say('answer.carried', batch=row['carried_from'])}</b>" if row["carried_from"] else ""
        return blocks.text(wording.reason(row["reason_code"], row["answer"], say)) + carried

    columns = [
        blocks.Cell(say("column.level"), lambda row: f'<span class="level-{row["level"]}">{say("level." + row["level"])}</span>'),
        blocks.plain("code", say("column.rule")),
        blocks.plain("message", say("column.problem")),
        blocks.Cell(say("certificate.answer"), answer),
        blocks.Cell(say("certificate.person"), lambda row: blocks.text(row["answered_by"]) if row["answered_by"] else ""),
        blocks.Cell(say("column.at"), lambda row: figures.moment_name(row["answered_at"]) if row["answered_at"] else "", "code"),
    ]
    st.html(blocks.block(blocks.table(columns, findings[: intake.MOST_SHOWN], kind="stack")))
    if len(findings) > intake.MOST_SHOWN:
        st.text(say("upload.more_findings", count=len(findings) - intake.MOST_SHOWN))
