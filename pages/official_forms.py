"""The official forms of the month shown, as workbooks with a sheet for each project; what is missing is counted beside them."""

import streamlit as st

from data import official, queries
from pages.papers import button
from pages.parts import exports, figures
from pages.parts.official_book import forms_workbook
from pages.visit import Visit


def offer(visit: Visit) -> None:
    """A button for each form; the workbook is made when it is asked for."""
    say = visit.say
    with st.expander(say("forms.title")):
        st.text(say("forms.hint", month=figures.month_name(visit.as_of, say)))
        with st.container(horizontal=True, key="official_forms"):
            for form in official.FORMS:
                name = say(f"forms.{form}")
                button(
                    visit,
                    "export.table",
                    say("forms.get", form=name),
                    _maker(visit, form),
                    f"{name}_{visit.as_of:%Y-%m}.xlsx",
                    f"form_{form}",
                )


def _maker(visit: Visit, form: str) -> object:
    def made() -> bytes:
        about = exports.Context(queries.export_facts(visit.store, visit.as_of, visit.known_at), visit.say, {})
        filled = official.filled(visit.store, form, visit.as_of, visit.known_at)
        return forms_workbook(filled, about, official.columns, official.is_missing)

    return made
