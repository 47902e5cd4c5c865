"""Twelve months by unit: who reported what, when and how late; a table that stands on its side on a phone."""

from collections.abc import Sequence
from html import escape
from typing import Any

from data.words import Words
from pages.parts import blocks, figures

Row = dict[str, Any]


def calendar(rows: Sequence[Row], months: Sequence[Row], say: Words, address: Row) -> str:
    """The calendar as HTML: a row of months with their state, then a row for each unit; a cell leads to its batch.

    `rows` are units by month with reported, due, days late, restated, open questions and state; `months` the twelve.
    """
    units = {row["unit_code"]: row["unit_name"] for row in rows}
    heads = "".join(
        f'<span role="columnheader" class="head {row["state"]}" style="--m:{row["month"]};--u:0">'
        f"<b>{escape(figures.month_short(row['month'], say))}</b>"
        f"<small>{escape(say('month_state.' + row['state']))}</small></span>"
        for row in months
    )
    corner = f'<span role="columnheader" class="corner" style="--m:0;--u:0">{escape(say("column.unit"))}</span>'
    lines = [f'<div role="row">{corner}{heads}</div>']
    for place, (code, name) in enumerate(units.items(), start=1):
        cells = "".join(_cell(row, place, say, address) for row in rows if row["unit_code"] == code)
        head = f'<span role="rowheader" class="unit" style="--m:0;--u:{place}">{blocks.text(name)}</span>'
        lines.append(f'<div role="row">{head}{cells}</div>')
    return f'<div class="scroll"><div class="year" role="table" style="--units:{len(units)}">{"".join(lines)}</div></div>'


def _cell(row: Row, place: int, say: Words, address: Row) -> str:
    """One unit's month: a mark with its day, then a line for whatever needs a second look."""
    lines = "".join(f'<span class="{kind}">{escape(words)}</span>' for kind, words in [_standing(row, say), *_remarks(row, say)])
    style, title = f"--m:{row['month']};--u:{place}", escape(_title(row, say))
    if row["batch"] is None or not row["reported"]:
        return f'<span role="cell" style="{style}" title="{title}">{lines}</span>'
    target = escape(blocks.to("ledger", **address, batch=row["batch"]))
    return f'<a role="cell" href="{target}" target="_self" style="{style}" title="{title}">{lines}</a>'


def _standing(row: Row, say: Words) -> tuple[str, str]:
    """The colour and the words of the first line: reported, in part, overdue, not due."""
    if row["reported"]:
        day = f"{row['reported_on']:%m-%d}"
        whole = row["reported"] == row["projects"]
        return ("met", f"● {day}") if whole else ("slightly_behind", f"◐ {row['reported']}/{row['projects']} {day}")
    if row["days_late"]:
        return "far_behind", f"○ {say('status.not_reported')}"
    return "not_due", "·"


def _remarks(row: Row, say: Words) -> list[tuple[str, str]]:
    """What else must be seen of a month, each with its colour."""
    late = say("calendar.late" if row["reported"] else "calendar.overdue", days=row["days_late"]) if row["days_late"] else ""
    told = [
        ("behind" if row["reported"] else "far_behind", late),
        ("slightly_behind", say("calendar.waiting", count=row["waiting"]) if row["waiting"] else ""),
        ("slightly_behind", say("calendar.open", count=row["open_questions"]) if row["open_questions"] else ""),
        ("soft", say("calendar.restated", count=row["restated"]) if row["restated"] else ""),
        ("lock", say(f"month_state.{row['state']}") if row["state"] in ("locked", "reopened") else ""),
    ]
    return [(kind, words) for kind, words in told if words]


def _title(row: Row, say: Words) -> str:
    """Who did what and when, in full."""
    month = say("month.long", year=row["fiscal_year"], month=row["month"])
    parts = [f"{month} · {row['unit_name']}", say("calendar.due", day=row["due_on"])]
    if row["reported"]:
        parts.append(say("calendar.reported", person=row["reported_by"], day=row["reported_on"], batch=row["batch"]))
    if row["state"] in ("locked", "reopened"):
        told = say("calendar.by", state=say(f"month_state.{row['state']}"), person=row["state_by"], at=figures.moment_name(row["state_at"]))
        parts.append(told + (f" · {row['state_reason']}" if row["state_reason"] else ""))
    return "\n".join([*parts, *(words for kind, words in _remarks(row, say) if kind != "lock")])
