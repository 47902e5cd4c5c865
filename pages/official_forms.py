"""The official forms and the department's summary of the month shown, as workbooks and Word documents; made when asked for."""

from collections.abc import Callable

import streamlit as st

from data import form_words, official, queries
from pages import finding, form_filling
from pages.deeds import tell_done
from pages.papers import button
from pages.parts import blocks, exports, figures
from pages.parts.grid import Sheet
from pages.parts.official_book import forms_workbook
from pages.parts.official_layout import laid_out
from pages.parts.summary_layout import summary_sheet
from pages.visit import Visit

# As many projects as one workbook has sheets that somebody leafs through.
MOST_FORMS = 300


def offer(visit: Visit, unexplained: int, projects: int) -> None:
    """Each form and the summary to take along, what people fill in themselves, the layout; of these the one chosen is drawn."""
    say = visit.say
    draw: dict[str, Callable[[], None]] = {"get": lambda: _get(visit, unexplained, projects)}
    if visit.may("act.fill"):
        draw["fill"] = lambda: form_filling.fill(visit)
    draw["layout"] = lambda: form_filling.layout(visit)
    with st.expander(say("forms.title")):
        tell_done("form_filled")
        chosen = st.radio(
            say("forms.title"),
            list(draw),
            key="forms_tab",
            horizontal=True,
            label_visibility="collapsed",
            format_func=lambda name: say(f"forms.tab_{name}"),
        )
        draw[chosen]()


def _get(visit: Visit, unexplained: int, projects: int) -> None:
    """Buttons for each form and for the summary; a word of the reasons that the forms will lack, and of the layout.

    A form is a sheet for each project, or for the one that is picked: where there are too many, the command line writes them, a
    file each, into a folder.
    """
    say = visit.say
    st.text(say("forms.hint", month=figures.month_name(visit.as_of, say)))
    if name := form_words.layout(visit.store, visit.known_at).name:
        st.text(say("forms.layout_used", name=name))
    if projects > MOST_FORMS:
        st.text(say("forms.too_many", most=MOST_FORMS))
    if unexplained:
        st.html(blocks.block(blocks.paragraph(say("forms.silent", count=unexplained), "warn")))
    is_one = st.checkbox(say("forms.only_one"), key="forms_only_one")
    one = finding.pick(visit, "forms_project", None, visit.as_of.year) if is_one else None
    everything = (*official.FORMS, official.SUMMARY) if projects <= MOST_FORMS else ()
    with st.container(horizontal=True, key="official_forms"):
        for form in (official.FORMS if one else ()) if is_one else everything:
            name, made = say(f"forms.{form}"), _maker(visit, form, one)
            stem = "_".join([name, f"{visit.as_of:%Y-%m}", *([one["project_code"]] if one else [])])
            button(visit, "export.table", say("forms.get", form=name), _book(made), f"{stem}.xlsx", f"form_{form}")
            button(visit, "export.table", say("forms.get_docx", form=name), _document(made, visit), f"{stem}.docx", f"form_{form}_docx")


def _maker(visit: Visit, form: str, one: official.Row | None) -> Callable[[], list[Sheet]]:
    return lambda: sheets(visit, form, one)


def sheets(visit: Visit, form: str, one: official.Row | None) -> list[Sheet]:
    """The form of each project of the year, or of one (unit_code, project_code), laid out; the summary is of all."""
    asked = (visit.store, visit.as_of, visit.known_at)
    layout = form_words.layout(visit.store, visit.known_at)
    columns = layout.columns
    about = exports.Context({**queries.export_facts(*asked), "layout": layout.name}, visit.say, {})
    if form == official.SUMMARY:
        return [summary_sheet(official.summary(*asked, columns), about, columns)]
    filled = official.filled(visit.store, form, visit.as_of, visit.known_at, one and one["project_code"], columns)
    wanted = [made for made in filled if one is None or made["head"]["unit_code"] == one["unit_code"]]
    return [laid_out(made, about, columns, official.is_missing) for made in wanted]


def _book(made: Callable[[], list[Sheet]]) -> Callable[[], bytes]:
    return lambda: forms_workbook(made())


def _document(made: Callable[[], list[Sheet]], visit: Visit) -> Callable[[], bytes]:
    def document() -> bytes:
        from pages.parts.official_docx import forms_docx  # noqa: PLC0415 - a quarter of a second that only Word files need

        return forms_docx(made(), visit.say)

    return document
