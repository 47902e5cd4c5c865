"""回看: what changed between two states: two months, or one month as known then and as known now."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import streamlit as st

from data import looking_back, queries
from data.calendar import month_end
from data.looking_back import State
from pages.parts import blocks, figures
from pages.visit import Visit, head

Row = dict[str, Any]
MOVES = ("lagging", "recovered", "unjudged", "new", "gone", "status", "figures")
JANUARY = 1
# The largest changes; the command line gives all of them.
MOST_SHOWN = 100


def show(visit: Visit) -> None:
    """Choose two states; the address keeps them; what differs, with both verdicts side by side."""
    say = visit.say
    head(visit, say("page.compare"))
    if not queries.years(visit.store):
        st.info(say("empty.no_plan_text"))
        return
    moments = looking_back.moments(visit.store)
    left, right = st.columns(2, gap="large")
    with left:
        before = _state(visit, "from", moments)
    with right:
        after = _state(visit, "to", moments)
    rows, counts = looking_back.changed(visit.store, before, after, MOST_SHOWN)
    names = {"before": _name(visit, before), "after": _name(visit, after)}
    said = [say(f"move.{move}") + f" {counts[move]:,}" for move in MOVES if move in counts]
    line = say("compare.none", **names) if not rows else say("compare.some", **names, moves=say("month.and").join(said))
    left_out = sum(counts.values()) - len(rows)
    more = blocks.paragraph(say("compare.more", count=f"{left_out:,}"), "foot") if left_out else ""
    st.html(blocks.block(blocks.paragraph(line, "verdict"), _totals(visit, before, after), _table(visit, rows) if rows else "", more))


def _state(visit: Visit, side: str, moments: list[Row]) -> State:
    """The month and the moment of one side, from the address or chosen; the address follows."""
    say = visit.say
    years = queries.years(visit.store)
    months = [f"{year}-{month:02d}" for year in years for month in range(12, 0, -1)]
    start = visit.as_of.replace(day=1)
    first = f"{start.year}-{max(start.month - 1, JANUARY):02d}" if side == "from" else f"{visit.as_of:%Y-%m}"
    told = st.query_params.get(side, "")
    month, _, moment = told.partition("@")
    month = month if month in months else first if first in months else months[0]
    known = ["", *(row["recorded_at"].replace(tzinfo=UTC).isoformat() for row in moments)]
    labels = {at: _act(visit, row) for at, row in zip(known[1:], moments, strict=True)}
    if moment and moment not in known:
        known.append(moment)
    chosen = st.selectbox(
        say(f"compare.{side}"),
        months,
        index=months.index(month),
        key=f"compare_{side}",
        format_func=lambda text: say("control.month", year=int(text[:4]), month=int(text[5:])),
    )
    at = st.selectbox(
        say("compare.known"),
        known,
        index=known.index(moment),
        key=f"compare_{side}_known",
        format_func=lambda text: labels.get(text, text) if text else say("compare.now"),
    )
    st.query_params[side] = f"{chosen}@{at}" if at else chosen
    return State(month_end(int(chosen[:4]), int(chosen[5:])), _moment(at))


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None) if text else None
    except ValueError:
        return None


def _act(visit: Visit, row: Row) -> str:
    """An act as the moment after it: when, what, by whom."""
    say, batch = visit.say, f" {row['batch']}" if row["batch"] is not None else ""
    did = f"{say('verb.' + row['verb'])}{batch} · {row['person']}"
    return say("compare.then", at=figures.moment_name(row["recorded_at"]), verb=did)


def _name(visit: Visit, state: State) -> str:
    say = visit.say
    month = figures.month_name(state.as_of, say)
    return month if state.known_at is None else say("compare.as_known", month=month, moment=figures.moment_name(state.known_at))


def _totals(visit: Visit, before: State, after: State) -> str:
    """Paid, due, gap, lagging projects and coverage of the whole in both states."""
    say = visit.say
    old, new = (queries.altogether(visit.store, *state) for state in (before, after))
    names = {"spent": "judged_spent", "due_amount": "judged_due", "gap_amount": "gap_amount"}
    rows = [
        _line(say(f"column.{name}") + say("unit.in"), figures.wan(old[key]), figures.wan(new[key]), _difference(old[key], new[key]))
        for name, key in names.items()
    ]
    more = new["lagging"] - old["lagging"]
    rows.append(_line(say("column.lagging"), str(old["lagging"]), str(new["lagging"]), f"{more:+d}" if more else ""))
    covered = [f"{whole['reported']}/{whole['projects']} · {figures.percent(whole['coverage'])}" for whole in (old, new)]
    rows.append(_line(say("column.reported"), *covered, ""))
    return blocks.table(
        [
            blocks.plain("name", ""),
            blocks.plain("old", _name(visit, before), "n"),
            blocks.plain("new", _name(visit, after), "n"),
            blocks.Cell(say("column.change"), lambda row: blocks.text(row["change"]) if row["change"] else "", "n"),
        ],
        rows,
    )


def _line(name: str, old: str, new: str, change: str) -> Row:
    return {"name": name, "old": old, "new": new, "change": change}


def _difference(old: Decimal | None, new: Decimal | None) -> str:
    return figures.signed_wan(new - old) if old is not None and new is not None else ""


def _table(visit: Visit, rows: list[Row]) -> str:
    say = visit.say

    def chip(side: str) -> Any:
        return lambda row: blocks.chip(row[side]["status"], say, row[side]["at_risk"]) if row[side] else "—"

    def money(side: str, name: str) -> Any:
        return lambda row: figures.wan(row[side][name]) if row[side] else "—"

    return blocks.table(
        [
            blocks.Cell(say("column.change"), lambda row: say(f"move.{row['move']}")),
            blocks.Cell(say("column.project_name"), lambda row: blocks.project(row, visit.address), "name"),
            blocks.plain("unit_name", say("column.unit")),
            blocks.Cell(say("column.status_before"), chip("old")),
            blocks.Cell(say("column.status_after"), chip("new")),
            blocks.Cell(say("compare.spent_before"), money("old", "spent"), "n"),
            blocks.Cell(say("compare.spent_after"), money("new", "spent"), "n"),
            blocks.Cell(say("compare.gap_before"), money("old", "gap_amount"), "n"),
            blocks.Cell(say("compare.gap_after"), money("new", "gap_amount"), "n"),
            blocks.Cell(say("compare.gap_change"), lambda row: figures.signed_wan(row["gap_change"]), "n"),
        ],
        rows,
        kind="stack",
    )
