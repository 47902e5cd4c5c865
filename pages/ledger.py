"""台账: every batch, act, answer and restatement; with `batch` in the address, one batch."""

from typing import Any

import streamlit as st

from data import ledger, planned, queries
from pages import batch, chronicle, discipline
from pages.parts import blocks, figures
from pages.visit import Visit, head

Row = dict[str, Any]
STANDINGS = ("checked", "certified", "superseded", "withdrawn")
KINDS = ("actuals", "plan")
AT_ONCE = 100
TWO = 2


def show(visit: Visit) -> None:
    """The calendar, the batches under the filters of the address, every act and restatement; or one batch."""
    say = visit.say
    head(visit, say("page.ledger"))
    if number := st.query_params.get("batch"):
        batch.show(visit, number)
        return
    rows = queries.batches(visit.store, visit.known_at)
    restated = ledger.restatements(visit.store, known_at=visit.known_at)
    discipline.show(visit)
    chosen = _filters(visit, rows)
    found = [row for row in rows if _fits(row, chosen)]
    tabs = st.tabs([say("ledger.batches", count=len(found)), say("ledger.restated", count=len(restated)), say("ledger.events")])
    with tabs[0]:
        _show_batches(visit, found)
    with tabs[1]:
        chronicle.show_restatements(visit, restated)
    with tabs[2]:
        if visit.may("page.audit"):
            st.html(blocks.block(f"<p>{blocks.link('audit', say('ledger.audit') + ' →', **visit.address)}</p>"))
        chronicle.show_history(visit, ledger.act_count(visit.store), lambda limit, start: ledger.history(visit.store, None, limit, start))


def _filters(visit: Visit, rows: list[Row]) -> dict[str, str]:
    """State, month, unit and kind, kept in the address so that a link shows the same."""
    say = visit.say
    names = {row["unit_code"]: row["unit_name"] for row in planned.units(visit.store)}
    units = sorted({unit for row in rows for unit in row["units"] or []})
    months = sorted({month for row in rows for month in row["months"] or []}, reverse=True)
    options: dict[str, tuple[str, list[str]]] = {
        "state": (say("column.state"), list(STANDINGS)),
        "month": (say("column.month"), months),
        "unit": (say("control.unit"), units),
        "kind": (say("column.kind"), list(KINDS)),
    }

    def word(name: str, value: str) -> str:
        if not value:
            return say("ledger.any")
        return {
            "state": lambda: say(f"standing.{value}"),
            "kind": lambda: say(f"kind.{value}"),
            "unit": lambda: names.get(value, value),
        }.get(name, lambda: value)()

    def keep(name: str) -> None:
        st.query_params.pop(name, None)
        if st.session_state[f"ledger_{name}"]:
            st.query_params[name] = st.session_state[f"ledger_{name}"]

    found = {}
    for place, (name, (label, values)) in zip(st.columns(4), options.items(), strict=True):
        asked = st.query_params.get(name, "")
        st.session_state[f"ledger_{name}"] = asked if asked in values else ""
        found[name] = place.selectbox(
            label, ["", *values], key=f"ledger_{name}", on_change=keep, args=(name,), format_func=lambda value, name=name: word(name, value)
        )
    return found


def _fits(row: Row, chosen: dict[str, str]) -> bool:
    return (
        chosen["state"] in ("", row["standing"])
        and chosen["kind"] in ("", row["kind"])
        and (not chosen["month"] or chosen["month"] in (row["months"] or []))
        and (not chosen["unit"] or chosen["unit"] in (row["units"] or []))
    )


def _show_batches(visit: Visit, rows: list[Row]) -> None:
    """The batches, the newest first, a page at a time; each number leads to its batch."""
    say = visit.say
    if not rows:
        st.text(say("history.empty"))
        return
    last = (len(rows) - 1) // AT_ONCE
    label = say("ledger.page", pages=last + 1, rows=len(rows))
    page = st.number_input(label, 1, last + 1, key="batches_page", width=240) - 1 if last else 0
    columns = [
        blocks.Cell(say("column.batch"), lambda row: blocks.batch(row["batch"], visit.address), "n"),
        blocks.Cell(say("column.state"), lambda row: say(f"standing.{row['standing']}"), "code"),
        blocks.Cell(say("column.kind"), lambda row: say(f"kind.{row['kind']}"), "code"),
        blocks.Cell(
            say("column.file_name"),
            lambda row: blocks.text(row["file_name"]) + (f" <b>{say('sample.file')}</b>" if row["sample"] else ""),
            "name",
        ),
        blocks.Cell(say("column.months"), lambda row: blocks.text(_span(row["months"])), "code"),
        blocks.plain("row_count", say("column.rows"), "n"),
        blocks.money("total", say("column.total")),
        blocks.person("recorded_by", say),
        blocks.Cell(say("column.at"), lambda row: figures.moment_name(row["recorded_at"]), "code"),
        blocks.Cell(
            "SHA-256", lambda row: f'<span title="{blocks.text(row["sha256"])}">{blocks.text((row["sha256"] or "")[:12])}…</span>', "code"
        ),
        blocks.plain("reason", say("column.note"), "w"),
    ]
    st.html(blocks.block(blocks.table(columns, rows[page * AT_ONCE : (page + 1) * AT_ONCE], kind="stack")))


def _span(months: list[str] | None) -> str:
    months = months or []
    return ", ".join(months) if len(months) <= TWO else f"{months[0]} … {months[-1]}"
