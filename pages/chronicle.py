"""What was done and what was restated, as tables; shared by the ledger and a batch's page."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from pages.parts import answers as wording
from pages.parts import blocks, figures
from pages.visit import Visit

Row = dict[str, Any]
AT_ONCE = 100


def show_history(visit: Visit, count: int, acts_from: Callable[[int, int], Sequence[Row]]) -> None:
    """So many acts, a page at a time: when, who, what, on which batch or month, in which words.

    `acts_from` gives the next so many acts from one on.
    """
    say = visit.say
    last = max((count - 1) // AT_ONCE, 0)
    page = st.number_input(say("ledger.page", pages=last + 1, rows=count), 1, last + 1, key="acts_page", width=240) - 1 if last else 0
    acts = acts_from(AT_ONCE, page * AT_ONCE)
    columns = [
        blocks.plain("act", say("ledger.act"), "n"),
        blocks.Cell(say("column.at"), lambda row: figures.moment_name(row["recorded_at"]), "code"),
        blocks.person("person", say),
        blocks.Cell(say("ledger.verb"), lambda row: blocks.text(_verb(row, visit)), "code"),
        blocks.Cell(say("column.batch"), lambda row: blocks.batch(row["batch"], visit.address), "n"),
        blocks.Cell(say("column.note"), lambda row: blocks.text(_told(row["payload"], visit)), "w"),
    ]
    st.html(blocks.block(blocks.table(columns, acts, kind="stack")))


def _verb(row: Row, visit: Visit) -> str:
    key = f"verb.{row['verb']}"
    return visit.say(key) if visit.say.has(key) else row["verb"]


def _told(payload: Row, visit: Visit) -> str:
    """What the journal says of an act, in words."""
    say, parts = visit.say, []
    if "month" in payload and "year" in payload:
        unit = payload.get("unit") or say("control.all_units")
        parts.append(f"{say('month.long', year=payload['year'], month=payload['month'])} {unit}")
    if payload.get("file"):
        parts.append(payload["file"])
    if payload.get("version"):
        parts.append(say("foot.rule", version=payload["version"]))
    parts += [f"{one['finding']}: {wording.reason(one['reason_code'], one.get('reason'), say)}" for one in payload.get("answers", [])]
    parts += [text for text in [payload.get("reason"), *(payload.get("reasons") or {}).values()] if text]
    return "; ".join(parts)


def show_restatements(visit: Visit, rows: Sequence[Row]) -> None:
    """Each certified batch that replaced another: the month, the old and the new sum, the difference, who and why."""
    say = visit.say
    if not rows:
        st.text(say("ledger.no_restated"))
        return
    columns = [
        blocks.plain("unit_code", say("column.unit_code"), "code"),
        blocks.Cell(say("column.month"), lambda row: f"{row['fiscal_year']}-{row['month']:02d}", "code"),
        blocks.Cell(say("ledger.old_batch"), lambda row: blocks.batch(row["old_batch"], visit.address), "n"),
        blocks.Cell(say("ledger.new_batch"), lambda row: blocks.batch(row["batch"], visit.address), "n"),
        blocks.money("old_total", f"{say('column.old')}{say('unit.in')}"),
        blocks.money("total", f"{say('column.new')}{say('unit.in')}"),
        blocks.Cell(f"{say('column.difference')}{say('unit.in')}", lambda row: figures.signed_wan(row["difference"]), "n"),
        blocks.person("certified_by", say),
        blocks.Cell(say("column.at"), lambda row: figures.moment_name(row["certified_at"]), "code"),
        blocks.plain("reason", say("column.note"), "w"),
    ]
    st.html(blocks.block(blocks.table(columns, rows, kind="stack")))
