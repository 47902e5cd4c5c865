"""What people write into the official forms themselves: department and achievement by hand, the layout by a file."""

from datetime import date

import streamlit as st

from data import form_words, official, queries, variants
from pages.deeds import carry_out, doer
from pages.papers import button
from pages.parts import answers, blocks, figures
from pages.parts.official_layout import achieved_text, layout_csv
from pages.visit import Visit, ask_name

KEY = "form_filled"
Row = official.Row


def fill(visit: Visit) -> None:
    """The two cells of a project's forms that have no other source, each with what is proposed for it."""
    say = visit.say
    st.text(say("forms.fill_hint"))
    rows = {(row["unit_code"], row["project_code"]): row for row in queries.progress(visit.store, visit.as_of, visit.known_at)}
    key = st.selectbox(
        say("column.project"),
        list(rows),
        key="fill_project",
        format_func=lambda found: f"{rows[found]['project_name']} · {rows[found]['unit_name'] or found[0]}",
    )
    known = form_words.known(visit.store, visit.as_of, visit.known_at)
    keys = [(form_words.DEPARTMENT, key[0], None), (form_words.ACHIEVED, *key)]
    made = next(
        one for one in official.filled(visit.store, "selfeval", visit.as_of, visit.known_at, key[1]) if one["head"]["unit_code"] == key[0]
    )
    with st.form(f"fill_form_{key}_{visit.as_of:%Y%m}", border=False):
        labels, typed = (say("forms.department"), say("forms.achieved_label")), []
        for label, one, proposed in zip(labels, keys, _proposed(visit, made), strict=True):
            typed.append(st.text_area(label, known.get(one, ""), key=f"fill_{one}", max_chars=form_words.MOST[one[0]], height=68))
            if proposed:
                st.html(blocks.block(blocks.paragraph(say("forms.proposal", text=proposed), "soft")))
        person = ask_name(visit, f"form_filler_{key}", width=320)
        if st.form_submit_button(say("forms.fill"), type="primary"):
            st.session_state["person"] = person
            said = [form_words.Word(*one, words) for one, words in zip(keys, typed, strict=True)]
            if carry_out(visit, lambda: _record(visit, said), KEY):
                st.rerun()
    if told := form_words.history(visit.store, visit.as_of.year, key):
        st.html(blocks.block(_history(visit, told)))


def _proposed(visit: Visit, made: Row) -> tuple[str, str]:
    """What the form says of the two cells where nobody has filled them in; empty where it says nothing."""
    head, facts = made["head"], made["achieved"]
    return head["department"] or "", achieved_text(facts, visit.say) if isinstance(facts, dict) else ""


def _history(visit: Visit, rows: list[Row]) -> str:
    """What was written so far, by whom and when."""
    say = visit.say
    names = {form_words.DEPARTMENT: say("forms.department"), form_words.ACHIEVED: say("forms.achieved_label")}
    columns = [
        blocks.Cell(say("forms.cell"), lambda row: names[row["field"]], "name"),
        blocks.Cell(say("column.month"), lambda row: figures.month_short(row["month"], say)),
        blocks.Cell(say("forms.words"), lambda row: blocks.text(row["words"]), "w"),
        blocks.person("recorded_by", say),
        blocks.Cell(say("column.at"), lambda row: figures.moment_name(row["recorded_at"]), "code"),
    ]
    return blocks.table(columns, rows, kind="stack")


def _record(visit: Visit, said: list[form_words.Word]) -> str:
    count = form_words.record(visit.store, visit.as_of, said, doer(), date.today())
    return visit.say("forms.filled", count=count) if count else visit.say("upload.nothing_changed")


def layout(visit: Visit) -> None:
    """Which layout the forms have, as a file to take along; for whoever may, a place for the province's own."""
    say, now = visit.say, form_words.layout(visit.store, visit.known_at)
    st.text(say("forms.layout_used", name=now.name) if now.name else say("forms.layout_standard"))
    button(visit, "export.table", say("forms.layout_get"), lambda: layout_csv(now.rows), f"{say('forms.tab_layout')}.csv", "layout_get")
    if not visit.may("act.layout"):
        return
    st.text(say("forms.layout_hint"))
    file = st.file_uploader(say("forms.layout_file"), type=["csv", "xlsx", "xls", "ods"], key="layout_file")
    chosen = _looked_at(visit, file.name, file.getvalue()) if file else None
    if not (chosen or now.name):
        return
    with st.form("layout_form", border=False):
        person = ask_name(visit, "layout_person", width=320)
        with st.container(horizontal=True):
            is_set = st.form_submit_button(say("forms.layout_set"), type="primary", disabled=chosen is None)
            is_reset = bool(now.name) and st.form_submit_button(say("forms.layout_reset"))
        if is_set or is_reset:
            st.session_state["person"] = person
            wanted = ("", "") if is_reset or chosen is None else chosen
            if carry_out(visit, lambda: _set(visit, *wanted), KEY):
                st.rerun()


def _looked_at(visit: Visit, name: str, content: bytes) -> tuple[str, str] | None:
    """Name and text of a layout file that is in order; else None, and what is to be mended in it."""
    say, reading = visit.say, variants.read(content)
    if reading.fatal:
        found = [answers.finding(problem, say) for problem in reading.problems if problem.level == "fatal"]
        st.html(blocks.block(blocks.paragraph(say("forms.layout_amiss", count=len(found)), "verdict"), blocks.findings(found, say)))
        return None
    differing = [say("forms.layout_differs", form=say(f"forms.{form}"), count=count) for form, count in variants.differing(reading.rows)]
    st.text(say("forms.layout_read", forms=say("month.and").join(differing) or say("forms.layout_same")))
    return name, variants.text_of(reading.rows)


def _set(visit: Visit, name: str, text: str) -> str:
    is_new = form_words.set_layout(visit.store, name, text, doer(), date.today())
    return visit.say("forms.layout_done") if is_new else visit.say("upload.nothing_changed")
