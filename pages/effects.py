"""What a file would do if it were certified now: rows, money, coverage, portfolio, statuses that change."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import streamlit as st

from data.staging import Consideration
from pages.judging import Judged
from pages.parts import blocks, figures
from pages.visit import Visit

MOST_SHOWN = 200


def show(visit: Visit, judged: Judged) -> None:
    """Step 3 for disbursements: what was read, what changes, before and after side by side, lights that flip."""
    say, told, reading = visit.say, judged.told, judged.sending.reading
    figure = "、".join(say(f"figure.{kind}") for kind in sorted(filter(None, reading.distinct("figure")), reverse=True))
    money = say(f"money.{reading.unit_of_money or '元'}")
    counts = {name: told.counts.get(name, 0) for name in ("added", "changed", "unchanged", "missing")}
    lines = [
        say("upload.read", rows=told.rows, total=figures.wan(told.total), money=money, figure=figure),
        say("upload.counts", **counts, delta=figures.signed_wan(told.delta)),
    ]
    st.html(blocks.block(f"<h3>{say('upload.step3')}</h3>", *(blocks.paragraph(line) for line in lines), _portfolio(visit, told)))
    show_flips(visit, told)
    with st.expander(say("upload.changes")):
        st.html(blocks.block(_changes(visit, told)))


def show_plan(visit: Visit, judged: Judged) -> None:
    """Step 3 for a plan: projects new, changed and left out, field by field, before and after, lights that flip."""
    say, told = visit.say, judged.told
    line = say("plans.counts", **told.counts, delta=figures.signed_wan(told.delta))
    rows = [row for row in told.changes if row["change"] != "unchanged"]
    st.html(
        blocks.block(
            f"<h3>{say('upload.step3')}</h3>", blocks.paragraph(line), _differences(visit, rows) if rows else "", _portfolio(visit, told)
        )
    )
    show_flips(visit, told)


def _differences(visit: Visit, rows: list[dict[str, Any]]) -> str:
    """One line a field that differs; of a project that is new or left out only its budget."""
    say = visit.say
    whole = [{**row, "fields": row["fields"] or [{"field": "budget", "old": row["old"], "new": row["new"]}]} for row in rows]
    lines = [{**row, **field} for row in whole for field in row["fields"]]

    def said(name: str) -> Callable[[dict[str, Any]], str]:
        return lambda row: blocks.text(figures.wan(row[name]) if isinstance(row[name], Decimal) else row[name])

    return blocks.table(
        [
            blocks.Cell(say("column.change"), lambda row: say(f"change.{row['change']}")),
            blocks.plain("project_name", say("column.project_name"), "name"),
            blocks.plain("project_code", say("column.project_code"), "code"),
            blocks.Cell(say("by_hand.field"), lambda row: say(f"column.{row['field']}")),
            blocks.Cell(say("column.old"), said("old"), "w"),
            blocks.Cell(say("column.new"), said("new"), "w"),
        ],
        lines[:MOST_SHOWN],
        kind="stack",
    )


def _portfolio(visit: Visit, told: Consideration) -> str:
    """Coverage, paid, gap and lagging projects of the whole, before and after."""
    say, before, after = visit.say, told.before, told.after
    if not (told.as_of and before and after):
        return ""

    def covered(whole: dict[str, Any]) -> str:
        return say("effect.covered", reported=whole["reported"], projects=whole["projects"], share=figures.percent(whole["coverage"]))

    rows = [
        {"name": say("certificate.covered"), "old": covered(before), "new": covered(after), "change": ""},
        *(_changed(say(f"effect.{name}"), before[name], after[name]) for name in ("judged_spent", "judged_due", "gap_amount")),
        {"name": say("column.lagging"), "old": str(before["lagging"]), "new": str(after["lagging"]), "change": ""},
    ]
    columns = [
        blocks.plain("name", say("effect.title", month=figures.month_name(told.as_of, say)), "name"),
        blocks.plain("old", say("effect.before"), "n"),
        blocks.plain("new", say("effect.after"), "n"),
        blocks.Cell(say("column.change"), lambda row: blocks.text(row["change"]) if row["change"] else "", "n"),
    ]
    return blocks.table(columns, rows)


def _changed(name: str, old: Any, new: Any) -> dict[str, str]:
    change = figures.signed_wan(new - old) if old is not None and new is not None else ""
    return {"name": name, "old": figures.wan(old), "new": figures.wan(new), "change": change}


def _changes(visit: Visit, told: Consideration) -> str:
    say = visit.say
    return blocks.table(
        [
            blocks.Cell(say("column.month"), lambda row: f"{row['fiscal_year']}-{row['month']:02d}"),
            blocks.plain("project_name", say("column.project_name"), "name"),
            blocks.plain("project_code", say("column.project_code"), "code"),
            blocks.money("old", say("column.old")),
            blocks.money("new", say("column.new")),
            blocks.Cell(say("column.change"), lambda row: say(f"change.{row['change']}")),
        ],
        told.changes[:MOST_SHOWN],
        kind="stack",
    )


def show_flips(visit: Visit, told: Consideration) -> None:
    """The projects whose status would change, with the old and the new one."""
    say = visit.say
    if not told.flips:
        st.html(blocks.block(blocks.paragraph(say("upload.no_flips"))))
        return

    def chip(name: str) -> Callable[[dict[str, Any]], str]:
        return lambda row: blocks.chip(row[name] or "gone", say) if row[name] or name == "status" else "—"

    st.html(
        blocks.block(
            f"<h3>{say('upload.flips', count=len(told.flips))}</h3>",
            blocks.table(
                [
                    blocks.Cell(say("column.project_name"), lambda row: blocks.project(row, visit.address), "name"),
                    blocks.plain("unit_name", say("column.unit")),
                    blocks.Cell(say("column.status_before"), chip("status_before")),
                    blocks.Cell(say("column.status_after"), chip("status")),
                    blocks.money("spent", say("column.spent")),
                    blocks.money("gap_amount", say("column.gap_amount")),
                ],
                told.flips[:MOST_SHOWN],
                kind="stack",
            ),
        )
    )
