"""The briefing of a month: its facts, asked of the views that the pages ask, and its three downloads."""

from typing import Any

import streamlit as st

from data import briefs
from pages.papers import button, can_print
from pages.parts.brief import brief_docx, brief_html, brief_pdf
from pages.visit import Visit


def offer(visit: Visit) -> None:
    """Buttons for the briefing as PDF, Word and a page; each is made when it is asked for."""
    say, stem = visit.say, visit.say("brief.file", month=f"{visit.as_of:%Y-%m}")

    def facts() -> dict[str, Any]:
        return briefs.facts(visit.store, visit.as_of, visit.known_at)

    with st.container(horizontal=True, key="briefing"):
        if can_print():
            button(visit, "export.paper", say("brief.pdf"), lambda: brief_pdf(facts(), say), f"{stem}.pdf", "brief_pdf")
        button(visit, "export.paper", say("brief.docx"), lambda: brief_docx(facts(), say), f"{stem}.docx", "brief_docx")
        button(visit, "export.paper", say("brief.html"), lambda: brief_html(facts(), say), f"{stem}.html", "brief_html")
