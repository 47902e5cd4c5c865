"""Where the values of indicators are entered: a project's form, a filled template, a judgement lowered, what was said before."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from data import changes, indicators, queries, results, scoring
from data.results import Result
from loaders.indicators import read_indicators
from loaders.problems import Problem
from pages import finding
from pages.deeds import carry_out, doer
from pages.papers import button
from pages.parts import answers, blocks, dual, figures
from pages.parts.indicator_book import indicators_csv, indicators_workbook
from pages.visit import Visit, ask_name, given_name

Row = dict[str, Any]
WIDTHS = [4, 2, 2, 3]
KINDS = ["xlsx", "csv", "xls", "ods"]
TYPED = ("unit_code", "project_code", "position", "reached", "expected", "grade", "percent", "note")


def show(visit: Visit, rows: list[Row]) -> None:
    """The tabs: one project's form, a file for many, lowering, history."""
    say = visit.say
    st.html(blocks.block(f"<h3>{say('indicators.fill')}</h3>"))
    key = _pick(visit, rows)
    found = indicators.judged(visit.store, visit.as_of, visit.known_at, key)
    drawn: dict[str, Callable[[], None]] = {}
    if visit.may("act.results"):
        drawn |= {"indicators.one": lambda: _filled(visit, key, found), "indicators.many": lambda: _many(visit)}
    if visit.may("act.lower"):
        drawn["indicators.lower"] = lambda: _lower(visit, key, found)
    drawn["indicators.history"] = lambda: _history(visit, key)
    for tab, draw in zip(st.tabs([say(name) for name in drawn]), drawn.values(), strict=True):
        with tab:
            draw()


def _filled(visit: Visit, key: tuple[str, str], found: list[Row]) -> None:
    with st.container(key="filling"):
        _form(visit, key, found)


def _many(visit: Visit) -> None:
    _template(visit)
    _upload(visit)


def _pick(visit: Visit, rows: list[Row]) -> tuple[str, str]:
    """The project of the address, or the one chosen, first the one that is worst; the address follows the choice."""
    asked = st.query_params
    known = queries.named(visit.store, visit.as_of.year, visit.known_at, (), (asked.get("project", ""),))
    wanted = next((row for row in known if row["unit_code"] == asked.get("unit", "")), rows[0])
    st.session_state["indicators_project"] = f"{wanted['unit_code']} {wanted['project_code']}"

    def keep() -> None:
        unit, _, project = st.session_state["indicators_project"].partition(" ")
        asked.update({"unit": unit, "project": project})

    label = {"label": visit.say("project.pick"), "label_visibility": "collapsed"}
    row = finding.pick(visit, "indicators_project", wanted, visit.as_of.year, on_change=keep, **label) or wanted
    return row["unit_code"], row["project_code"]


def _form(visit: Visit, key: tuple[str, str], rows: list[Row]) -> None:
    """A line for each indicator: what is asked on the left, the cells to fill in on the right."""
    say = visit.say
    if not rows:
        st.text(say("indicators.none"))
        return
    # A new act makes new cells, so that they show what is known; until then they keep what was typed.
    seen = "_".join([*key, f"{visit.as_of:%Y%m}", str(max(row["act"] or 0 for row in rows))])
    with st.form(f"fill_{seen}", border=False):
        heads = st.columns(WIDTHS)
        texts = ("", *(say(f"template.{name}") for name in ("reached", "expected", "note")))
        for place, text in zip(heads, texts, strict=True):
            place.html(blocks.block(f'<p class="soft wide">{text}</p>'))
        typed = [_line(visit, row, f"{seen}_{row['position']}") for row in rows]
        person = ask_name(visit, f"filler_{seen}", width=320)
        if st.form_submit_button(say("indicators.record"), type="primary"):
            st.session_state["person"] = person
            _record(visit, rows, typed)


def _line(visit: Visit, row: Row, key: str) -> Row:
    """The cells of one indicator as they are typed."""
    say = visit.say
    told = f"{row['position']} {row['level3'] or ''}"
    asked = " · ".join(text for text in (row["target"] or "", _due(visit, row)) if text)
    left, first, second, third = st.columns(WIDTHS, vertical_alignment="center")
    left.html(blocks.block(f'<p class="asked">{blocks.text(told)}<br><small>{blocks.text(asked)}</small> {dual.status(row, say)}</p>'))

    def cell(place: Any, name: str, value: str, hint: str) -> str:
        label = f"{say(f'template.{name}')} · {told}"
        return place.text_input(blocks.label(label), value, key=f"{name}_{key}", placeholder=hint)

    typed = {name: row[name] for name in ("unit_code", "project_code", "position")}
    if row["comparator"]:
        unit = figures.counted(row).strip()
        for place, name in ((first, "reached"), (second, "expected")):
            value = "" if row[name] is None else f"{figures.trimmed(row[name])}{'%' if unit == '%' else ''}"
            typed[name] = cell(place, name, value, f"{say(f'template.{name}')} {unit}")
    else:
        names = {"": "—"} | {grade: say(f"result.{grade}") for grade in scoring.BANDS}
        typed["grade"] = first.selectbox(
            blocks.label(f"{say('template.grade')} · {told}"),
            list(names),
            index=list(names).index(row["grade"] or ""),
            format_func=names.__getitem__,
            key=f"grade_{key}",
        )
        value = "" if row["percent"] is None else figures.trimmed(row["percent"])
        typed["percent"] = cell(second, "percent", value, say("indicators.percent"))
    typed["note"] = cell(third, "note", row["note"] or "", say("template.note"))
    return typed


def _due(visit: Visit, row: Row) -> str:
    return f"{visit.say('dual.due')} {figures.reached(row, visit.say, 'due')}" if row["is_count"] and row["due"] is not None else ""


def _record(visit: Visit, rows: list[Row], typed: list[Row]) -> None:
    """Record what was typed; a cell that was emptied says that its value is not known."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([visit.say(f"template.{name}") for name in TYPED])
    writer.writerows([row.get(name, "") for name in TYPED] for row in typed)
    reading = read_indicators(text.getvalue().encode(), rows, indicators.ways(), scoring.BANDS)
    names = {place: f"{row['position']} {row['level3'] or ''} " for place, row in enumerate(rows, start=2)}
    amiss = [replace(found, row=None, facts={**found.facts, "place": names.get(found.row, "")}) for found in reading.problems]
    if _tell(visit, [found for found in amiss if found.level == "fatal"]):
        return
    known = {row["position"]: row for row in reading.rows}
    nothing = dict.fromkeys(results.SAID)
    said = [Result(*indicators.key_of(row), **{name: known.get(row["position"], nothing)[name] for name in results.SAID}) for row in rows]

    def deed() -> str:
        count = results.record(visit.store, visit.as_of, said, doer(), date.today())
        return visit.say("indicators.recorded", count=count) if count else visit.say("cli.no_change")

    if carry_out(visit, deed, "filled"):
        st.rerun()


def _tell(visit: Visit, problems: list[Problem]) -> bool:
    """Whether anything is amiss; it is told."""
    if problems:
        told = [f"{visit.say.problem(found)} → {visit.say.remedy(found)}" for found in problems]
        st.error("\n\n".join(blocks.label(line) for line in told))
    return bool(problems)


def _template(visit: Visit) -> None:
    """The template with what was said of the month, as a workbook or as CSV."""
    say = visit.say
    st.text(say("indicators.how"))
    stem = say("template.file", year=f"{visit.as_of:%Y-%m}")
    grades = [say(f"result.{grade}") for grade in scoring.BANDS]

    def rows() -> list[Row]:
        return indicators.template(visit.store, visit.as_of, visit.known_at)

    def book() -> bytes:
        return indicators_workbook(rows(), say, grades)

    with st.container(horizontal=True, key="indicator_templates"):
        button(visit, "export.table", say("upload.template_xlsx"), book, f"{stem}.xlsx", "indicators_xlsx")
        button(visit, "export.table", say("upload.template_csv"), lambda: indicators_csv(rows(), say), f"{stem}.csv", "indicators_csv")


def _upload(visit: Visit) -> None:
    """A filled template: what is amiss in it, or what it would change and the button."""
    say = visit.say
    file = st.file_uploader(say("indicators.file"), type=KINDS, key=f"indicators_file_{st.session_state.get('indicators_files', 0)}")
    if file is None:
        return
    content = file.getvalue()
    reading = indicators.read(visit.store, visit.as_of, content)
    if reading.fatal:
        found = [answers.finding(problem, say) for problem in reading.problems if problem.level == "fatal"]
        st.html(blocks.block(blocks.paragraph(say("indicators.amiss", count=len(found)), "verdict"), blocks.findings(found, say)))
        return
    changed = indicators.foresee(visit.store, visit.as_of, indicators.said_of(visit.store, visit.as_of, reading.rows))
    told = say("indicators.read", count=len(reading.rows), changed=len(changed), month=figures.month_name(visit.as_of, say))
    st.html(blocks.block(blocks.paragraph(told, "verdict"), dual.changes(changed, say) if changed else ""))
    with st.form("indicators_many", border=False):
        person = ask_name(visit, "indicators_person", width=320)
        if st.form_submit_button(say("indicators.record"), type="primary", disabled=not changed):
            st.session_state["person"] = person

            def deed() -> str:
                count = indicators.load(visit.store, visit.as_of, (file.name, content), reading.rows, doer(), today=date.today())
                return say("indicators.recorded", count=count)

            if carry_out(visit, deed, "filled"):
                st.session_state["indicators_files"] = st.session_state.get("indicators_files", 0) + 1
                st.rerun()


def _lower(visit: Visit, key: tuple[str, str], rows: list[Row]) -> None:
    """The form that lowers the judgement of an indicator; it offers only what is worse."""
    say = visit.say
    st.text(say("indicators.lower_how"))
    open_ones = {row["position"]: row for row in rows if row["status"] in indicators.ORDER[:-1]}
    if not open_ones:
        st.text(say("indicators.lower_none"))
        return
    position = st.selectbox(
        say("template.level3"),
        list(open_ones),
        key=f"lower_{key}",
        format_func=lambda place: f"{place} {open_ones[place]['level3'] or ''} · {say('result_status.' + open_ones[place]['status'])}",
    )
    worse = indicators.ORDER[indicators.ORDER.index(open_ones[position]["status"]) + 1 :]
    with st.form("lower_indicator", border=False):
        left, right = st.columns(2, gap="large")
        status = left.selectbox(say("column.status_after"), worse, format_func=lambda name: say(f"result_status.{name}"), key="lower_to")
        person = ask_name(visit, f"lower_person_{given_name()}", left)
        reason = right.text_area(say("column.reason"), key="lower_reason", max_chars=500, height=122)
        if st.form_submit_button(say("indicators.lower"), type="primary"):
            st.session_state["person"] = person

            def deed() -> str:
                one = indicators.Lowering(*key, position, status, reason.strip())
                indicators.lower(visit.store, visit.as_of, one, doer(), date.today())
                return say("indicators.lowered")

            if carry_out(visit, deed, "filled"):
                st.rerun()


def _history(visit: Visit, key: tuple[str, str]) -> None:
    """Who said what of the project's indicators and when, and the way back."""
    say = visit.say
    rows = indicators.history(visit.store, visit.as_of.year, key)
    if not rows:
        st.text(say("indicators.none_said"))
        return

    def what(row: Row) -> str:
        if row["status"] is None:
            return say("indicators.said", count=row["words"])
        return say("indicators.was_lowered", name=row["level3"] or "", status=say(f"result_status.{row['status']}"), reason=row["reason"])

    def back(row: Row) -> str:
        return say("indicators.back", person=row["reversed_by"], reason=row["reversed_why"]) if row["reversed_by"] else ""

    columns = [
        blocks.plain("act", say("ledger.act"), "n"),
        blocks.Cell(say("column.month"), lambda row: figures.month_short(row["month"], say)),
        blocks.Cell(say("column.change"), lambda row: blocks.text(what(row)), "w"),
        blocks.Cell(say("column.file_name"), lambda row: blocks.text(row["file_name"])),
        blocks.person("recorded_by", say),
        blocks.Cell(say("column.at"), lambda row: figures.moment_name(row["recorded_at"]), "code"),
        blocks.Cell(say("changes.reversed"), lambda row: blocks.text(back(row)) if row["reversed_by"] else "", "w"),
    ]
    st.html(blocks.block(blocks.table(columns, rows, kind="stack")))
    standing = {row["act"]: f"{row['act']} · {what(row)}" for row in rows if not row["reversed_by"]}
    if standing and visit.may("act.reverse"):
        _undo(visit, standing)


def _undo(visit: Visit, acts: dict[int, str]) -> None:
    say, newest = visit.say, max(acts)
    with st.expander(say("indicators.undo")), st.form("reverse_indicators", border=False):
        act = st.selectbox(say("ledger.act"), list(acts), format_func=acts.__getitem__, key=f"reverse_words_{newest}")
        st.text(say("indicators.undo_how"))
        reason = st.text_input(say("changes.reason"), key=f"reverse_reason_{newest}", max_chars=200)
        person = ask_name(visit, f"reverse_person_{newest}")
        if st.form_submit_button(say("indicators.undo")):
            st.session_state["person"] = person

            def deed() -> str:
                changes.reverse(visit.store, act, doer(), reason)
                return say("changes.undone", act=act)

            if carry_out(visit, deed, "filled"):
                st.rerun()
