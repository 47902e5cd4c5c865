"""滞后清单: the lagging projects as a list to hand out."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from data import explaining as explaining_data
from data import queries
from data.words import Words
from pages import explaining, listing, noticing, official_forms
from pages.parts import blocks, exports, figures, selection
from pages.parts.working_paper import behind_workbook
from pages.visit import Visit, foot, head, offer

Row = dict[str, Any]
# The columns that are summed: their word and the name of their amount.
SUMMED = {"budget": "current_budget", "gap_amount": "gap_amount", "needed_to_next": "needed_to_next"}


def show(visit: Visit) -> None:
    """Filters, a sentence with count and sum, the table, the exports."""
    say = visit.say
    head(visit, say("page.behind"))
    everything = queries.progress(visit.store, visit.as_of, visit.known_at)
    if not everything:
        st.info(say("empty.no_plan_text"))
        return
    chosen = listing.choose(visit, everything)
    lagging = explaining_data.chased(visit.store, visit.as_of, visit.known_at)
    rows = chosen.chosen(lagging)
    total = sum((row["gap_amount"] for row in rows), Decimal(0))
    whole = queries.summary(visit.store, visit.as_of, visit.known_at)[0]
    month = figures.month_name(visit.as_of, say)
    sentence = (
        say("behind.sentence", month=month, count=len(rows), sum=figures.wan(-total), follow=sum(row["follow_up"] for row in rows))
        if rows
        else _none(whole, month, say)
    )
    silent = sum(row["status"] == "not_reported" for row in everything if not chosen.units or row["unit_code"] in chosen.units)
    rule = queries.rules(visit.store, visit.known_at)
    parts = [blocks.paragraph(sentence, "verdict"), blocks.paragraph(selection.owed(rows, say), "warn")]
    if silent:
        parts.append(blocks.paragraph(say("behind.unjudged", count=silent)))
    if rows:
        parts.append(_tables(rows, visit, chosen.grouped))
    st.html(blocks.block(*parts, foot(visit, whole), blocks.paragraph(figures.bands(rule, say), "foot")))
    beside = selection.beside(chosen, everything, explaining_data.recovered(visit.store, visit.as_of, visit.known_at), say)
    st.html(blocks.block(*(blocks.paragraph(line) for line in beside)))
    if rows:
        facts = {**queries.export_facts(visit.store, visit.as_of, visit.known_at), "beside": beside}
        _show_exports(visit, rows, exports.Context(facts, say, chosen.told(say, listing.names_of(everything))), chosen.grouped)
        explaining.show(visit, rows)
        noticing.show(visit, rows)
    official_forms.offer(visit, sum(row["cause"] is None for row in lagging))


def _none(whole: dict[str, Any], month: str, say: Words) -> str:
    """Why the list is empty: nothing reported, none lagging among those that reported, or none at all."""
    if not whole["reported"]:
        return say("verdict.nothing", month=month, projects=whole["projects"])
    if whole["reported"] == whole["projects"]:
        return say("behind.none", month=month)
    share = figures.percent(whole["coverage"])
    return say("behind.none_reported", month=month, reported=whole["reported"], projects=whole["projects"], share=share)


def _tables(rows: Sequence[Row], visit: Visit, grouped: bool) -> str:
    """The list as a table, whole or with each unit's projects under its name and over its sum."""
    say = visit.say
    unit, columns = f'<p class="foot">{say("unit.money")}</p>', _columns(visit, with_unit=not grouped)
    if not grouped:
        return unit + blocks.table(columns, rows, _sums(rows, say("behind.sum"), columns, say), kind="stack")

    def named(name: str, own: Sequence[Row]) -> str:
        return say("list.unit_sum", unit=name, count=len(own), sum=figures.wan(-sum((row["gap_amount"] for row in own), Decimal(0))))

    groups = [
        (named(first["unit_name"] or first["unit_code"], own), own, _sums(own, say("list.subtotal"), columns, say))
        for first, own in selection.by_unit(rows)
    ]
    return unit + blocks.grouped(columns, groups, kind="stack") + blocks.paragraph(named(say("behind.sum"), rows), "verdict")


def _sums(rows: Sequence[Row], label: str, columns: Sequence[blocks.Cell], say: Words) -> list[str]:
    """The last line of the list: the sums of its columns of money."""
    found = {say(f"column.{short}"): name for short, name in SUMMED.items()}
    sums = [
        sum((row[found[column.heading]] or Decimal(0) for row in rows), Decimal(0)) if column.heading in found else None
        for column in columns
    ]
    return [blocks.text(label), *("" if amount is None else figures.wan(amount) for amount in sums[1:])]


def _columns(visit: Visit, with_unit: bool) -> list[blocks.Cell]:
    say = visit.say
    columns = [
        blocks.Cell(
            say("column.project_name"),
            lambda row: blocks.link("project", row["project_name"], **visit.address, unit=row["unit_code"], project=row["project_code"]),
            "name",
        ),
        blocks.plain("project_code", say("column.project_code"), "code"),
        *([blocks.plain("unit_name", say("column.unit"))] if with_unit else []),
        blocks.Cell(say("column.status"), lambda row: blocks.chip(row["status"], say)),
        blocks.money("current_budget", say("column.budget")),
        blocks.share("due_share", say("column.due_share")),
        blocks.share("spent_share", say("column.spent_share")),
        blocks.Cell(say("column.gap_share"), lambda row: figures.points(row["gap_share"]), "n"),
        blocks.money("gap_amount", say("column.gap_amount")),
        blocks.money("needed_to_next", say("column.needed_to_next")),
        blocks.plain("months_left", say("column.months_left"), "n"),
        blocks.Cell(say("column.follow_up"), lambda row: say("yes") if row["follow_up"] else ""),
        blocks.Cell(say("column.streak"), lambda row: blocks.text(say("behind.streak", count=row["streak"]) if row["streak"] else ""), "n"),
        blocks.Cell(say("column.reason"), lambda row: _reason(row, say), "w"),
        blocks.Cell(say("column.promise"), lambda row: blocks.text(explaining.promise(row, say))),
    ]
    return columns


def _reason(row: dict[str, Any], say: Words) -> str:
    """Cause, reason and measure in one cell; a word that it is still missing."""
    if row["cause"] is None:
        return f'<span class="soft">{say("explain.missing")}</span>'
    same = f" （{say('explain.repeated')}）" if row["repeated"] else ""
    parts = [say(f"cause.{row['cause']}"), f"{row['reason']}{same}", row["measure"], row["responsible"]]
    return blocks.text(" · ".join(part for part in parts if part))


def _show_exports(visit: Visit, rows: list[Row], about: exports.Context, grouped: bool) -> None:
    say = visit.say
    name = ("示例_" if about.facts["sample"] else "") + say("behind.file", month=f"{visit.as_of:%Y-%m}")
    left, right, _ = st.columns([2, 2, 6])
    offer(
        visit,
        "export.table",
        say("behind.excel", count=len(rows)),
        lambda: behind_workbook(rows, about, grouped),
        f"{name}.xlsx",
        key="export_xlsx",
        place=left,
        width="stretch",
    )
    offer(
        visit,
        "export.table",
        say("behind.csv", count=len(rows)),
        lambda: exports.behind_csv(rows, about, grouped),
        f"{name}.csv",
        key="export_csv",
        place=right,
        width="stretch",
    )
