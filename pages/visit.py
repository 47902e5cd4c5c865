"""One visit to a page: the store, the language, the month and moment it shows."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import streamlit as st

from data import queries
from data.calendar import month_end
from data.database import Store
from data.words import LANGUAGES, Words
from pages.parts import blocks, figures

FIRST_YEAR = 2000


@dataclass(frozen=True)
class Visit:
    """What every page is shown with."""

    store: Store
    say: Words
    as_of: date
    known_at: datetime | None

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
    if visit.known_at:
        leave = blocks.link("", say("known.leave"), as_of=visit.address["as_of"], lang=say.language)
        st.html(
            blocks.block(f'<p class="sample">{blocks.text(say("known.banner", moment=figures.moment_name(visit.known_at)))} {leave}</p>')
        )
    if queries.samples(visit.store):
        st.html(blocks.block(blocks.paragraph(f"【{say('sample.mark')}】{say('sample.banner')}", "sample")))


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
