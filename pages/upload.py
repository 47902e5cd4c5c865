"""上报: finance's monthly files, from template to receipt, and who has reported what."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from data import queries
from data.acting import ActError
from data.calendar import month_end
from data.database import StoreError
from loaders.actuals import TEMPLATE
from loaders.files import Declared
from pages import discipline, intake
from pages.judging import Chosen, Judged, Pairs, judged
from pages.parts import blocks, exports, figures
from pages.visit import Visit, head, offer

KINDS = ["csv", "txt", "xlsx", "xls", "ods"]
STEPS, ALL_ANSWERED = 4, 3
DONE = ("certified", "kept")


def show(visit: Visit) -> None:
    """The four steps, then who has reported what, then the batches that wait."""
    say = visit.say
    head(visit, say("page.upload"))
    plan_years = queries.years(visit.store)
    if not plan_years:
        st.info(say("empty.no_plan_text"))
        st.html(blocks.block(blocks.link("plans", say("empty.go_plans"), **visit.address)))
        return
    if visit.may("act.load"):
        _take_in(visit, plan_years)
    discipline.show(visit)
    _show_waiting(visit)


def _take_in(visit: Visit, plan_years: list[int]) -> None:
    """The four steps of the files that are chosen."""
    say, line = visit.say, st.empty()
    receipt = st.session_state.get("receipt")
    _show_line(visit, line, STEPS if receipt and receipt["kind"] == "actuals" else 1)
    intake.show_receipt(visit, "actuals")
    st.html(blocks.block(f"<h3>{say('upload.step1')}</h3>", blocks.paragraph(say("upload.template_example"), "soft")))
    _offer_template(visit, plan_years)
    files = _chosen(visit, plan_years)
    _note_done(files)
    if files:
        try:
            _show_line(visit, line, _show_steps(visit, files))
        except (StoreError, ActError) as error:
            st.error(blocks.refusal(error, say))
    st.divider()


def _note_done(files: Sequence[Chosen]) -> None:
    """Remember what the last act did to a file of the list; the uploader is cleared when all of them are done."""
    verdicts, receipt = st.session_state.setdefault("file_verdicts", {}), st.session_state.get("receipt") or {}
    if receipt.get("file") in {file.key for file in files}:
        verdicts[receipt["file"]] = receipt["outcome"]
    if files and all(verdicts.get(file.key) in DONE for file in files):
        for file in files:
            verdicts.pop(file.key)
        receipt.pop("file", None)
        st.session_state["uploads"] = st.session_state.get("uploads", 0) + 1
        st.rerun()


def _show_line(visit: Visit, place: Any, current: int) -> None:
    place.html(blocks.block(blocks.steps([visit.say(f"upload.step{n}") for n in range(1, STEPS + 1)], current)))


def _show_steps(visit: Visit, files: Sequence[Chosen]) -> int:
    """Steps 2 to 4 of the file that is open; the number of the step that it has come to."""
    say = visit.say
    chosen = _pick_file(visit, files) if len(files) > 1 else files[0]
    chosen = _with_sheet(visit, chosen)

    def judge(absent: Pairs) -> Judged:
        return judged(visit, chosen, absent)

    first = judge(())
    st.session_state.setdefault("file_verdicts", {})[chosen.key] = _verdict(first)
    if first.told.recognised == "plan":
        st.warning(say("upload.wrong_kind"))
        return 1
    step = intake.walk(visit, judge, chosen.key, (say("upload.certify"), "upload.done"))
    if step == ALL_ANSWERED:
        st.session_state["file_verdicts"][chosen.key] = "judged"
    return step


def _verdict(look: Judged) -> str:
    """The word for how a file stands before anything is done with it."""
    if look.told.fatal or look.told.recognised == "plan":
        return "faulty"
    if look.told.same_as is not None and not look.told.waits:
        return "same"
    return "asks" if look.told.questions else "judged"


def _pick_file(visit: Visit, files: Sequence[Chosen]) -> Chosen:
    """The list of the files with the verdict on each, judged in the order in which they were chosen; the one that is open."""
    say = visit.say
    verdicts = st.session_state.setdefault("file_verdicts", {})
    for file in files:
        if file.key not in verdicts:
            verdicts[file.key] = _verdict(judged(visit, file))
    by_key = {file.key: file for file in files}
    waiting = [key for key in by_key if verdicts[key] not in (*DONE, "same")]
    wanted = st.session_state.get("open_file")
    done_now = wanted in by_key and verdicts[wanted] in DONE and wanted == st.session_state.get("receipt", {}).get("file")
    is_open = wanted in by_key and not done_now
    st.session_state["open_file"] = wanted if is_open else (waiting or list(by_key))[0]
    picked = st.radio(
        say("file.list", count=len(by_key), left=len(waiting)),
        list(by_key),
        key="open_file",
        format_func=lambda key: f"{blocks.label(by_key[key].name)} · {say('file.' + verdicts[key])}",
    )
    return by_key[picked]


def _with_sheet(visit: Visit, chosen: Chosen) -> Chosen:
    """The file with the sheet to read, asked for where several sheets hold disbursements."""
    say = visit.say
    reading = judged(visit, chosen).sending.reading
    question = next((problem for problem in reading.problems if problem.code == "F08"), None)
    if question is None:
        return chosen
    picked = st.selectbox(
        say("upload.sheet"), ["", *reading.sheets], key=f"sheet_{chosen.key}", format_func=lambda name: name or say("upload.pick_sheet")
    )
    if not picked:
        return chosen
    return replace(chosen, declared=chosen.declared._replace(sheet=picked))


def _offer_template(visit: Visit, plan_years: list[int]) -> None:
    say = visit.say
    year = visit.as_of.year if visit.as_of.year in plan_years else plan_years[0]

    def plan() -> list[dict[str, Any]]:
        return queries.progress(visit.store, month_end(year, 12))

    name = say("upload.template_file", year=year)
    with st.container(horizontal=True):
        offer(
            visit,
            "export.table",
            say("upload.template_xlsx"),
            lambda: exports.template_workbook(plan(), visit.as_of, TEMPLATE, say),
            f"{name}.xlsx",
            key="template_xlsx",
        )
        offer(
            visit,
            "export.table",
            say("upload.template_csv"),
            lambda: exports.template_csv(plan(), visit.as_of, TEMPLATE),
            f"{name}.csv",
            key="template_csv",
        )


def _chosen(visit: Visit, plan_years: list[int]) -> list[Chosen]:
    """The files, each once, with what is declared beside them; the uploader is cleared when all of them are done."""
    say = visit.say
    size = st.get_option("server.maxUploadSize")
    uploaded = intake.choose(say("upload.file", size=size), KINDS, several=True)
    places = st.columns(4, vertical_alignment="bottom")
    year = places[0].selectbox(say("upload.year"), plan_years, key="declared_year")
    money = places[1].selectbox(
        say("upload.money"), ("", "元", "万元"), key="declared_money", format_func=lambda unit: unit or say("upload.money_as_file")
    )
    figure = places[2].selectbox(
        say("upload.figure"),
        ("", "month", "cumulative"),
        key="declared_figure",
        format_func=lambda kind: say(f"figure.{kind}" if kind else "upload.figure_as_file"),
    )
    control = intake.control_total(visit, places[3].text_input(say("upload.control"), key="declared_control"))
    declared = Declared(year, money or None, figure or None)
    return list({file.key: file for one in uploaded for file in [Chosen(one.name, one.getvalue(), declared, control)]}.values())


def _show_waiting(visit: Visit) -> None:
    """The batches that wait to be certified, the way to the ledger, the sample months."""
    say = visit.say
    waiting = [row for row in queries.batches(visit.store) if row["kind"] == "actuals" and row["state"] == "checked"]
    if waiting:
        columns = [
            blocks.Cell(say("column.batch"), lambda row: blocks.batch(row["batch"], visit.address), "n"),
            blocks.plain("file_name", say("column.file_name"), "name"),
            blocks.money("total", say("column.total")),
            blocks.person("recorded_by", say),
            blocks.Cell(say("column.at"), lambda row: figures.moment_name(row["recorded_at"]), "code"),
            blocks.Cell(say("answer.title"), lambda row: str(_open_count(visit, row["batch"])), "n"),
        ]
        st.html(blocks.block(f"<h3>{say('history.waiting')}</h3>", blocks.table(columns, waiting, kind="stack")))
    st.html(blocks.block(f"<p>{blocks.link('ledger', say('ledger.go') + ' →', **visit.address)}</p>"))
    if queries.samples(visit.store):
        if visit.may("act.withdraw") and st.button(say("sample.remove"), key="remove_samples"):
            intake.remove_samples(visit)
    elif intake.may_load_samples(visit) and not queries.real_actuals(visit.store) and st.button(say("sample.load"), key="load_samples"):
        intake.load_samples(visit)


def _open_count(visit: Visit, batch: int) -> int:
    return sum(row["level"] == "confirm" and row["answered_by"] is None for row in queries.findings(visit.store, batch))
