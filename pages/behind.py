"""滞后清单: the lagging projects as a list to hand out."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import streamlit as st

from data import glance, lagging, queries
from data.words import Words
from pages import explaining, finding, listing, noticing, official_forms
from pages.parts import blocks, exports, figures, selection
from pages.parts.selection import Selection
from pages.parts.working_paper import behind_workbook
from pages.visit import Visit, foot, head, offer

Row = dict[str, Any]
# Units to choose from, rows in a workbook: more than these nobody reads or works in.
MOST_UNITS, MOST_IN_BOOK = 200, 20_000
# The columns that are summed: their word and the name of their amount.
SUMMED = {"budget": "current_budget", "gap_amount": "gap_amount", "needed_to_next": "needed_to_next"}


def show(visit: Visit) -> None:
    """Filters, a sentence with count and sum, a page of the table, the exports."""
    say, store, as_of, known_at = visit.say, visit.store, visit.as_of, visit.known_at
    head(visit, say("page.behind"))
    whole, *units = glance.units(store, as_of, known_at, MOST_UNITS) or [None]
    if whole is None or not whole["projects"]:
        st.info(say("empty.no_plan_text"))
        return
    chosen, names = listing.asked_for(visit)
    told = lagging.listed(store, as_of, known_at, (finding.begins("behind_page"), finding.AT_ONCE), **asdict(chosen))
    if told["projects"] and not told["rows"]:
        st.session_state.pop("behind_page")
        told = lagging.listed(store, as_of, known_at, (0, finding.AT_ONCE), **asdict(chosen))
    listing.choose(visit, chosen, names, told["rows"], units)
    beside = selection.beside(lagging.beside(store, as_of, known_at, **chosen.place), say)
    _show_list(visit, told, chosen, whole)
    st.html(blocks.block(*(blocks.paragraph(line) for line in beside)))
    if told["rows"]:
        finding.turn(visit, "behind_page", told["projects"])
        facts = {**queries.export_facts(store, as_of, known_at), "beside": beside}
        _show_exports(visit, told["projects"], chosen, exports.Context(facts, say, chosen.told(say, names)))
        explaining.show(visit, told["rows"], told["silent"])
        noticing.show(visit, told["rows"])
    # The forms are of all projects, whatever the list shows.
    every = told if chosen.is_whole else lagging.listed(store, as_of, known_at, (0, 0))
    official_forms.offer(visit, every["silent"], whole["projects"])


def _show_list(visit: Visit, told: Row, chosen: Selection, whole: Row) -> None:
    """What the list says in a sentence, and its table."""
    say, month = visit.say, figures.month_name(visit.as_of, visit.say)
    summed = figures.wan(-told["gap_amount"])
    sentence = (
        say("behind.sentence", month=month, count=told["projects"], sum=summed, follow=told["follow_up"])
        if told["rows"]
        else say("behind.none_fits", count=whole["lagging"])
        if whole["lagging"]
        else _none(whole, month, say)
    )
    parts = [blocks.paragraph(sentence, "verdict"), blocks.paragraph(selection.owed_by(told, say), "warn")]
    if silent := queries.silent(visit.store, visit.as_of, visit.known_at, chosen.units):
        parts.append(blocks.paragraph(say("behind.unjudged", count=silent)))
    if told["rows"]:
        parts.append(_tables(told, visit, chosen.grouped))
    elif not whole["reported"] and visit.may("page.upload"):
        parts.append(f"<p>{blocks.link('upload', say('empty.upload') + ' →', **visit.address)}</p>")
    rule = queries.rules(visit.store, visit.known_at)
    st.html(blocks.block(*parts, foot(visit, whole), blocks.paragraph(figures.bands(rule, say), "foot")))


def _none(whole: dict[str, Any], month: str, say: Words) -> str:
    """Why the list is empty: nothing reported, none lagging among those that reported, or none at all."""
    if not whole["reported"]:
        return say("verdict.nothing", month=month, projects=whole["projects"])
    if whole["reported"] == whole["projects"]:
        return say("behind.none", month=month)
    share = figures.percent(whole["coverage"])
    return say("behind.none_reported", month=month, reported=whole["reported"], projects=whole["projects"], share=share)


def _tables(told: Row, visit: Visit, grouped: bool) -> str:
    """A page of the list as a table, with the sums of the whole list or with each unit's projects under its name and over its sum."""
    say, rows = visit.say, told["rows"]
    unit, columns = f'<p class="foot">{say("unit.money")}</p>', _columns(visit, with_unit=not grouped)
    if not grouped:
        return unit + blocks.table(columns, rows, _sums(told, say("behind.sum"), columns, say), kind="stack")

    def named(name: str, sums: Row) -> str:
        return say("list.unit_sum", unit=name, count=sums["projects"], sum=figures.wan(-sums["gap_amount"]))

    groups = [
        (
            named(sums["unit_name"] or sums["unit_code"], sums),
            [row for row in rows if row["unit_code"] == sums["unit_code"]],
            _sums(sums, say("list.subtotal"), columns, say),
        )
        for sums in told["units"]
    ]
    return unit + blocks.grouped(columns, groups, kind="stack") + blocks.paragraph(named(say("behind.sum"), told), "verdict")


def _sums(sums: Row, label: str, columns: Sequence[blocks.Cell], say: Words) -> list[str]:
    """The last line of the list: the sums of its columns of money."""
    found = {say(f"column.{short}"): figures.wan(sums[name]) for short, name in SUMMED.items()}
    return [blocks.text(label), *(found.get(column.heading, "") for column in columns[1:])]


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
        blocks.Cell(say("column.streak"), lambda row: blocks.text(figures.streak(row["streak"], say)), "n"),
        blocks.Cell(say("column.reason"), lambda row: _reason(row, say), "w"),
        blocks.Cell(say("column.promise"), lambda row: blocks.text(figures.promise(row, say))),
    ]
    return columns


def _reason(row: dict[str, Any], say: Words) -> str:
    """Cause, reason and measure in one cell; a word that it is still missing."""
    if row["cause"] is None:
        return f'<span class="soft">{say("explain.missing")}</span>'
    same = f" （{say('explain.repeated')}）" if row["repeated"] else ""
    parts = [say(f"cause.{row['cause']}"), f"{row['reason']}{same}", row["measure"], row["responsible"]]
    return blocks.text(" · ".join(part for part in parts if part))


def _show_exports(visit: Visit, count: int, chosen: Selection, about: exports.Context) -> None:
    """The whole list as a workbook and as CSV, made when asked for; a workbook only of a size that one can work in."""
    say = visit.say
    name = ("示例_" if about.facts["sample"] else "") + say("behind.file", month=f"{visit.as_of:%Y-%m}")
    forms = {"xlsx": (behind_workbook, "behind.excel"), "csv": (exports.behind_csv, "behind.csv")}
    if count > MOST_IN_BOOK:
        del forms["xlsx"]
        st.text(say("behind.too_many", most=f"{MOST_IN_BOOK:,}"))
    for place, (form, (make, words)) in zip(st.columns([2, 2, 6]), forms.items(), strict=False):

        def made(make: Callable[..., bytes] = make) -> bytes:
            rows = lagging.listed(visit.store, visit.as_of, visit.known_at, **asdict(chosen))["rows"]
            watched = lagging.watched(visit.store, visit.as_of, visit.known_at, **chosen.place)
            return make(rows, exports.Context({**about.facts, "watched": watched}, say, about.filters), chosen.grouped)

        key = f"export_{form}"
        offer(visit, "export.table", say(words, count=count), made, f"{name}.{form}", key=key, place=place, width="stretch")
