"""The filters, exclusions and order of the lagging list, kept in the address: a link that is sent opens the same list."""

from typing import Any
from urllib.parse import urlencode

import streamlit as st

from data import queries
from data.explaining import CAUSES
from pages.parts import figures, selection
from pages.parts.selection import LISTS, LONGEST, NO_CAUSE, SORTS, STATUSES, Selection
from pages.visit import Visit

Row = dict[str, Any]
# What stands on the page's own line; the rest is behind a button.
_PLAIN = ("units", "statuses")
_MORE = ("causes", "not_units", "not_projects", "not_causes")


def names_of(rows: list[Row]) -> dict[str, str]:
    """The name of each unit and project by its code."""
    return {row[f"{kind}_code"]: row[f"{kind}_name"] or "" for row in rows for kind in ("unit", "project")}


def asked_for(visit: Visit) -> tuple[Selection, dict[str, str]]:
    """What the address asks for, and the names of the units and projects in it."""
    known = queries.named(visit.store, visit.as_of.year, visit.known_at, *selection.codes_of(st.query_params))
    return selection.of_address(st.query_params, known), names_of(known)


def choose(visit: Visit, asked: Selection, names: dict[str, str], rows: list[Row], units: list[Row]) -> None:
    """The fields, filled with what is asked for; each change goes into the address.

    To choose from stand the units given, the projects of the rows shown, and what was chosen already.
    """
    say, names = visit.say, {**{row["unit_code"]: row["unit_name"] or "" for row in units}, **names_of(rows), **names}
    options = {
        "units": sorted({*(row["unit_code"] for row in units), *asked.units, *asked.not_units}),
        "projects": [*dict.fromkeys([*asked.not_projects, *(row["project_code"] for row in rows)])],
        "statuses": list(STATUSES),
        "causes": [*CAUSES, NO_CAUSE],
    }
    words = {**names, **{one: say(f"status.{one}") for one in STATUSES}, **{one: say(f"cause.{one}") for one in options["causes"]}}
    st.session_state.update({f"behind_{name}": list(getattr(asked, name)) for name in LISTS})
    st.session_state.update({"behind_gate": float(asked.gate / figures.WAN), "behind_follow": asked.follow})
    st.session_state.update({"behind_sort": asked.sort, "behind_grouped": asked.grouped, "behind_find": asked.find})

    def keep() -> None:
        address = _now().address
        st.session_state.pop("behind_page", None)
        for name in (*LISTS.values(), "gate", "follow", "find", "sort", "group"):
            st.query_params.pop(name, None)
            if name in address:
                st.query_params[name] = address[name]

    def pick(place: Any, name: str) -> None:
        empty = say("list.nobody" if name.startswith("not_") else "list.any")
        chosen = options[name.removeprefix("not_")]
        place.multiselect(
            say(f"list.{name}"),
            chosen,
            key=f"behind_{name}",
            on_change=keep,
            placeholder=empty,
            format_func=lambda one: words.get(one) or one,
        )

    *places, more = st.columns([2.4, 2.6, 2.4, 1.8, 1.6, 2.2], vertical_alignment="bottom")
    places[0].text_input(say("find.title"), key="behind_find", on_change=keep, placeholder=say("find.hint"), max_chars=LONGEST)
    for place, name in zip(places[1:], _PLAIN, strict=False):
        pick(place, name)
    places[3].number_input(say("behind.gate"), min_value=0.0, step=5.0, format="%.2f", key="behind_gate", on_change=keep)
    places[4].checkbox(say("behind.follow"), key="behind_follow", on_change=keep, help=say.meaning("follow_up"))
    used = sum(bool(getattr(asked, name)) for name in _MORE) + asked.grouped + (asked.sort != "money")
    with more.popover(say("list.more_count", count=used) if used else say("list.more"), width="stretch"):
        for name in _MORE:
            pick(st, name)
        st.radio(say("list.sort"), list(SORTS), key="behind_sort", on_change=keep, format_func=lambda one: say(f"list.sort_{one}"))
        st.checkbox(say("list.group_unit"), key="behind_grouped", on_change=keep)
        st.text(say("list.link"))
        st.code(_link(visit, asked), language=None, wrap_lines=True)


def _now() -> Selection:
    """What the widgets say."""
    now = st.session_state
    return Selection(
        **{name: tuple(now[f"behind_{name}"]) for name in LISTS},
        gate=selection.gate_of(f"{now['behind_gate']:.6f}") or Selection().gate,
        follow=now["behind_follow"],
        find=now["behind_find"].strip(),
        sort=now["behind_sort"],
        grouped=now["behind_grouped"],
    )


def _link(visit: Visit, asked: Selection) -> str:
    """The whole address of the list as it stands."""
    told = {name: value for name, value in visit.address.items() if value} | asked.address
    return f"{(st.context.url or '').split('?')[0]}?{urlencode(told, safe=',')}"
