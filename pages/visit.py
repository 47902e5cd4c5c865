"""One visit to a page: the store, the language, the month and moment it shows."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import streamlit as st

from data import audit, queries
from data.calendar import month_end
from data.database import Store
from data.rights import LOCAL, Visitor
from data.words import LANGUAGES, Words
from pages import present
from pages.parts import blocks, figures

FIRST_YEAR = 2000
# What a file is told to be, by how its name ends; all else is just bytes.
OFFICE = "application/vnd.openxmlformats-officedocument."
PLAIN = "application/octet-stream"
KINDS = {
    "xlsx": f"{OFFICE}spreadsheetml.sheet",
    "docx": f"{OFFICE}wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html",
    "csv": "text/csv",
}


@dataclass(frozen=True)
class Visit:
    """What every page is shown with; `store` is what the visitor may see of it."""

    store: Store
    say: Words
    as_of: date
    known_at: datetime | None
    visitor: Visitor = LOCAL

    def may(self, right: str) -> bool:
        """Whether to offer what needs a right; whether it is given is asked again when it is done."""
        return self.visitor.may(right)

    @property
    def address(self) -> dict[str, Any]:
        """What a link must carry so that the next page shows the same."""
        known = self.known_at.replace(tzinfo=UTC).isoformat() if self.known_at else None
        return {"as_of": f"{self.as_of:%Y-%m}", "lang": self.say.language, "known_at": known}


def language() -> str:
    """The language of the address, else of the session, else of the browser."""
    wanted = st.query_params.get("lang") or st.session_state.get("language")
    if wanted not in LANGUAGES:
        wanted = "en" if (st.context.locale or "zh").lower().startswith("en") else "zh"
    st.session_state["language"] = wanted
    return wanted


def as_of(store: Store) -> date:
    """The month of the address, else of the session, else the latest reported, else the last that is over."""
    for wanted in (st.query_params.get("as_of"), st.session_state.get("as_of")):
        try:
            year, month = map(int, (wanted or "").split("-"))
            return month_end(year, month) if year >= FIRST_YEAR else _default(store)
        except ValueError:
            continue
    return _default(store)


def as_of_address(store: Store) -> date:
    """The month of the address, else the latest reported: a screen that nobody touches follows the reports."""
    try:
        year, month = map(int, st.query_params.get("as_of", "").split("-"))
        return month_end(year, month) if year >= FIRST_YEAR else _default(store)
    except ValueError:
        return _default(store)


def _default(store: Store) -> date:
    latest = queries.latest_month(store)
    if latest:
        return latest
    today = date.today()
    years = queries.years(store)
    last_over = month_end(today.year - (today.month == 1), today.month - 1 or 12)
    return last_over if not years or last_over.year <= years[0] else month_end(years[0], 12)


def known_at() -> datetime | None:
    """The moment of the address, in UTC without a zone; None for now."""
    try:
        return datetime.fromisoformat(st.query_params.get("known_at", "")).astimezone(UTC).replace(tzinfo=None)
    except ValueError:
        return None


def head(visit: Visit, title: str) -> None:
    """The title of a page with the month and the language beside it, and what must be said on every page."""
    visit.store.look()
    say = visit.say
    with st.container(horizontal=True, vertical_alignment="center", key="head"):
        st.html(f"<div class='m'><h1>{title}</h1></div>", width="stretch")
        month, tongue = st.container(width=158), st.container(width=76)
    _pick_month(visit, month)
    other = "en" if say.language == "zh" else "zh"
    if tongue.button(say("language.other"), key="other_language", width="stretch"):
        st.session_state["language"] = other
        st.query_params["lang"] = other
        st.rerun()
    if visit.visitor.signed_in:
        _show_visitor(visit)
    if visit.known_at:
        leave = blocks.link("", say("known.leave"), as_of=visit.address["as_of"], lang=say.language)
        st.html(
            blocks.block(f'<p class="sample">{blocks.text(say("known.banner", moment=figures.moment_name(visit.known_at)))} {leave}</p>')
        )
    if queries.samples(visit.store):
        st.html(blocks.block(blocks.paragraph(f"【{say('sample.mark')}】{say('sample.banner')}", "sample")))


def _show_visitor(visit: Visit) -> None:
    """Who is signed in, as what, and of which units alone every figure of the page then speaks."""
    say, visitor = visit.say, visit.visitor
    role = say(f"role.{visitor.role}") if visitor.role else say("role.none")
    out = f'<a href="/signout?lang={say.language}" target="_self">{say("signout.title")}</a>'
    st.html(blocks.block(f'<p class="visitor">{blocks.text(visitor.name)} · {role} · {out}</p>'))
    if visitor.units is not None:
        names = {row["unit_code"]: row["unit_name"] for row in visit.store.ask("select distinct unit_code, unit_name from plans_on(null)")}
        units = say("month.and").join(names.get(code, code) for code in sorted(visitor.units))
        st.html(blocks.block(blocks.paragraph(say("units.limited", units=units), "limited")))


def given_name() -> str:
    """The name that the visitor gave last."""
    return st.session_state.get("person", "")


def ask_name(visit: Visit, key: str, place: Any = st, width: Any = "stretch") -> str:
    """The name of whoever acts: of the one signed in, else as it is typed here and remembered by `keep_name`."""
    if visit.visitor.signed_in:
        place.text_input(visit.say("upload.person"), value=visit.visitor.name, key=key, disabled=True, width=width)
        return visit.visitor.name
    return place.text_input(visit.say("upload.person"), value=given_name(), key=key, max_chars=40, width=width)


def offer(visit: Visit, right: str, label: str, data: Any, name: str, **told: Any) -> None:
    """A download for whoever has the right to it, asked again and noted in the audit when the file is made; `told` is the button's."""
    if not visit.may(right):
        return
    mime, place = told.setdefault("mime", KINDS.get(name.rpartition(".")[2], PLAIN)), told.pop("place", st)

    def made() -> bytes:
        if visit.visitor.signed_in:
            visit.store.actor("", right)
        content = data() if callable(data) else data
        content = content.encode() if isinstance(content, str) else content
        present.own(visit.visitor, content, mime, name)
        moment = f" known_at={visit.known_at:%Y-%m-%dT%H:%M:%S}" if visit.known_at else ""
        facts = f"as_of={visit.as_of:%Y-%m}{moment} bytes={len(content)}"
        audit.note(visit.store, "export", visit.store.named(given), subject=name, detail=facts)
        return content

    given = given_name()
    place.download_button(label, made, name, on_click="ignore", **told)


def _pick_month(visit: Visit, place: Any) -> None:
    years = sorted({*queries.years(visit.store), visit.as_of.year}, reverse=True)
    months = [f"{year}-{month:02d}" for year in years for month in range(12, 0, -1)]
    now = f"{visit.as_of:%Y-%m}"

    def keep() -> None:
        st.session_state["as_of"] = st.query_params["as_of"] = st.session_state["month_picked"]

    st.session_state["month_picked"] = now
    place.selectbox(
        visit.say("control.as_of"),
        months,
        key="month_picked",
        on_change=keep,
        label_visibility="collapsed",
        format_func=lambda text: visit.say("control.month", year=int(text[:4]), month=int(text[5:])),
    )


def foot(visit: Visit, whole: dict[str, Any]) -> str:
    """The foot of a block of figures, as HTML."""
    rule = queries.rules(visit.store, visit.known_at)
    return blocks.paragraph(figures.foot(whole, rule, visit.as_of, visit.say), "foot")
