"""审计: who did, was refused or took along what, and when, under the filters of the address; whether the trail is whole."""

from datetime import date
from typing import Any

import streamlit as st

from data import audit
from pages.parts import blocks, trail
from pages.visit import Visit, head, offer

Row = dict[str, Any]
AT_ONCE = 100
DAYS = {"from": "first", "to": "last"}


def show(visit: Visit) -> None:
    """The filters, the rows of the audit a page at a time, the exports, and the check of the chain."""
    say = visit.say
    head(visit, say("page.audit"))
    st.html(blocks.block(blocks.paragraph(say("audit.hint"), "soft")))
    asked = _asked(visit)
    count = audit.count(visit.store, **asked)
    last = max((count - 1) // AT_ONCE, 0)
    page = _page(visit, last, count)
    if count:
        _show_rows(visit, audit.trail(visit.store, AT_ONCE, page * AT_ONCE, **asked))
    else:
        st.text(say("audit.none"))
    with st.container(horizontal=True, key="audit_papers"):
        for form, make in (("xlsx", trail.trail_workbook), ("csv", trail.trail_csv)):
            offer(
                visit,
                "page.audit",
                say(f"audit.get_{form}", count=count),
                lambda make=make: make(audit.trail(visit.store, **asked), say),
                f"{say('page.audit')}_{date.today():%Y-%m-%d}.{form}",
                key=f"audit_{form}",
            )
        if st.button(say("audit.verify"), key="audit_verify"):
            _show_faults(visit)


def _asked(visit: Visit) -> Row:
    """Person, event and days, kept in the address so that a link shows the same."""
    say, known = visit.say, audit.choices(visit.store)
    places = dict(zip(("person", "event", "from", "to"), st.columns(4), strict=True))
    found = {}
    for name in ("person", "event"):
        asked = st.query_params.get(name, "")
        st.session_state[f"audit_{name}"] = asked if asked in known[name] else ""
        found[name] = places[name].selectbox(
            say(f"audit.{name}"),
            ["", *known[name]],
            key=f"audit_{name}",
            on_change=_keep,
            args=(name,),
            format_func=lambda value, name=name: (trail.named(name, value, say) if name == "event" else value) or say("ledger.any"),
        )
    for name, bound in DAYS.items():
        st.session_state[f"audit_{name}"] = _day(st.query_params.get(name, ""))
        label = say(f"audit.{name}")
        found[bound] = places[name].date_input(label, key=f"audit_{name}", on_change=_keep, args=(name,), format="YYYY-MM-DD")
    return found


def _day(text: str) -> date | None:
    try:
        return audit.day_of(text)
    except ValueError:
        return None


def _keep(name: str) -> None:
    chosen = st.session_state[f"audit_{name}"]
    st.query_params.pop("page", None)
    st.query_params.pop(name, None)
    if chosen:
        st.query_params[name] = str(chosen)


def _page(visit: Visit, last: int, count: int) -> int:
    """The page of the address, counted from zero."""
    if not last:
        return 0
    asked = st.query_params.get("page", "1")
    st.session_state["audit_page"] = min(int(asked) if asked.isdecimal() and asked.isascii() else 1, last + 1) or 1

    def keep() -> None:
        st.query_params["page"] = str(st.session_state["audit_page"])

    label = visit.say("ledger.page", pages=last + 1, rows=count)
    return st.number_input(label, 1, last + 1, key="audit_page", on_change=keep, width=240) - 1


def _show_rows(visit: Visit, rows: list[Row]) -> None:
    say = visit.say
    shown = [{**row, **dict(zip(trail.COLUMNS, trail.cells(row, say), strict=True))} for row in rows]
    kinds = {"number": "n", "at": "code", "event": "code", "subject": "w", "outcome": "code"}
    columns = [blocks.plain(name, say(f"audit.{name}"), kinds.get(name, "")) for name in trail.COLUMNS[:6]]
    columns += [
        blocks.Cell(say("audit.detail"), lambda row: blocks.text(_short(row["detail"])), "w"),
        blocks.Cell(say("audit.hash"), lambda row: f'<span title="{blocks.text(row["hash"])}">{row["hash"][:12]}…</span>', "code"),
    ]
    st.html(blocks.block(blocks.table(columns, shown, kind="stack", marked=lambda row: row["outcome"] != say("outcome.done"))))


def _short(detail: str) -> str:
    """The detail; of an act's hash its beginning."""
    words = detail.split(" ")
    return " ".join(words[:2]) if words[0] == "act" else detail


def _show_faults(visit: Visit) -> None:
    say, faults = visit.say, audit.verify(visit.store)
    if not faults:
        st.success(say("audit.whole", count=audit.count(visit.store)))
        return
    st.error(say("audit.broken", count=len(faults)))
    for number, fault in faults[:AT_ONCE]:
        st.text(say("audit.fault", number=number, fault=say(f"fault.{fault}")))
