"""Finding one among many: words to look for, a page of rows at a time, a project picked from those that fit."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from data import queries
from pages.parts.selection import LONGEST
from pages.visit import Visit

Row = dict[str, Any]
# So many rows stand on a page, so many names in a list to choose from; with fewer there is nothing to look for.
AT_ONCE, MOST_NAMES = 50, 200


def words(visit: Visit, key: str, place: Any = st) -> str:
    """What somebody types to look for."""
    say = visit.say
    return place.text_input(say("find.title"), key=key, placeholder=say("find.hint"), max_chars=LONGEST).strip()


def begins(key: str, at_once: int = AT_ONCE) -> int:
    """The place of the first row of the page that was chosen."""
    return (st.session_state.get(key, 1) - 1) * at_once


def turn(visit: Visit, key: str, count: int, at_once: int = AT_ONCE, label: str = "find.page") -> None:
    """A field for the page, where there is more than one; it never stands beyond the last."""
    last = max((count - 1) // at_once + 1, 1)
    st.session_state[key] = min(st.session_state.get(key, 1), last)
    if last > 1:
        st.number_input(visit.say(label, pages=last, rows=f"{count:,}"), 1, last, key=key, width=300)


def pick(visit: Visit, key: str, wanted: Row | None, year: int, **told: Any) -> Row | None:
    """A project of a year's plans from a list to choose from, with a field to look for others where there are many; `wanted` first.

    What is `told` goes to the list: its label, what to do on a change. None where nothing fits.
    """
    say, place = visit.say, st
    count = queries.planned(visit.store, year, visit.known_at, most=1)
    find = ""
    if count and count[0]["count"] > MOST_NAMES:
        left, place = st.columns([2, 5], vertical_alignment="bottom")
        find = words(visit, f"{key}_find", left)
    found = queries.planned(visit.store, year, visit.known_at, find=find, most=MOST_NAMES)
    rows = _named([*([wanted] if wanted else []), *found])
    if not rows:
        place.text(say("find.none"))
        return None
    if st.session_state.get(key) not in rows:
        st.session_state[key] = next(iter(rows))
    chosen = place.selectbox(
        told.pop("label", say("column.project")),
        list(rows),
        key=key,
        format_func=lambda one: f"{rows[one]['project_name'] or '—'} · {rows[one]['project_code']}",
        **told,
    )
    if found and found[0]["count"] > len(found):
        st.caption(say("find.most", most=len(found), count=f"{found[0]['count']:,}"))
    return rows[chosen]


def _named(rows: Sequence[Row]) -> dict[str, Row]:
    """Projects by unit and code as one text, each once."""
    found: dict[str, Row] = {}
    for row in rows:
        found.setdefault(f"{row['unit_code']} {row['project_code']}", row)
    return found
