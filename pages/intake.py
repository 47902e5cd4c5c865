"""Taking in a file: what was found in it, the last step with its button, the receipt; shared by reports, plans and drafts."""

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from data import acts, queries, samples
from data.acting import ActError
from data.database import StoreError
from loaders import cells
from pages import answering, effects, papers
from pages.judging import Judged, Pairs
from pages.parts import answers as wording
from pages.parts import blocks, figures
from pages.visit import Visit, ask_name, given_name

Row = dict[str, Any]
# The questions of a file and what was answered to them.
Given = tuple[Sequence[Row], answering.Answers]
MOST_SHOWN = 200
LEVELS = {"fatal": 0, "confirm": 1, "note": 2}


# A widget's value is copied on every run of the page; what was sent is only read, and may be as large as the limit.
UploadedFile.__deepcopy__ = lambda sent, _: sent  # type: ignore[attr-defined]


def choose(label: str, kinds: list[str], several: bool = False) -> Any:
    """The file uploader; a new one after each file that was taken in."""
    return st.file_uploader(label, type=kinds, key=f"uploader_{st.session_state.get('uploads', 0)}", accept_multiple_files=several)


def walk(visit: Visit, judge: Callable[[Pairs], Judged], key: str, words: tuple[str, str]) -> int:
    """Steps 2 to 4 of a file or a waiting batch; the number of the step that the visitor has come to.

    `judge` gives the judgement, with the projects of which it is answered that nothing was spent.
    """
    plain = judge(())
    told = plain.told
    findings = told_findings(visit, plain)
    show_findings(visit, plain, findings, key)
    if told.fatal:
        return 2
    if told.same_as is not None and not told.waits:
        st.html(blocks.block(f"<p>{blocks.batch(told.same_as, visit.address, visit.say('ledger.open', batch=told.same_as) + ' →')}</p>"))
        return 4
    questions = [row for row in findings if row["level"] == "confirm"]
    given = answering.show(visit, key, questions, told.carried)
    absent = answering.absent(questions, given)
    seen = judge(absent) if absent else plain
    effects.show(visit, seen) if told.recognised == "actuals" else effects.show_plan(visit, seen)
    certify(visit, (plain, seen), (questions, given), key, words)
    return 2 if answering.open_ones(questions, given) else 3


def told_findings(visit: Visit, judged: Judged) -> list[Row]:
    """The findings of a file in words, with the answers that the waiting batch of the same content has."""
    told, said = judged.told, {}
    waiting = judged.sending.batch or (told.same_as if told.waits else None)
    if waiting is not None:
        said = {row["finding"]: row for row in queries.findings(visit.store, waiting)}
    return [wording.finding(problem, visit.say, said.get(problem.key)) for problem in told.problems]


def show_findings(visit: Visit, judged: Judged, findings: Sequence[Row], key: str) -> None:
    """Step 2: how many places to mend or to answer, then each of them with its remedy, and the report to take along."""
    say, told = visit.say, judged.told
    st.html(blocks.block(f"<h3>{say('upload.step2')}</h3>"))
    fatal = [row for row in findings if row["level"] == "fatal"]
    if told.fatal:
        st.error(say("upload.rejected", count=max(len(fatal), 1)) + _to_mend(visit, fatal))
    elif told.questions:
        st.warning(say("upload.questions", count=len(told.questions)))
    else:
        st.success(say("upload.clean") if not told.problems else say("upload.fine"))
    if not findings:
        return
    # A question stands below beside its answer; where the file is refused, it is listed with the faults.
    listed = [row for row in findings if told.fatal or row["level"] != "confirm"]
    if listed:
        st.html(blocks.block(blocks.findings(sorted(listed, key=lambda row: LEVELS[row["level"]])[:MOST_SHOWN], say)))
    if len(listed) > MOST_SHOWN:
        st.text(say("upload.more_findings", count=len(listed) - MOST_SHOWN))
    sending = judged.sending
    sheet = sending.reading.sheet or sending.declared.get("sheet")
    papers.offer_report(visit, sending.name, sending.content, findings, sheet, key)


def _to_mend(visit: Visit, fatal: Sequence[Row]) -> str:
    """How many cells of which column are to be mended, counted like a colleague would."""
    say = visit.say
    counts = Counter(row["column"] for row in fatal if row["column"])
    items = [say("upload.mend_item", count=count, column=blocks.label(column)) for column, count in counts.items()]
    return say("upload.mend", items=say("month.and").join(items)) if items else ""


def certify(visit: Visit, looks: tuple[Judged, Judged], answers: Given, key: str, words: tuple[str, str]) -> None:
    """Step 4: what will be recorded and by whom, then one click; `words` are the button and the sentence of what was done.

    `looks` are the judgement as the file stands and the one that was seen with its answers; `answers` are
    the questions and what was answered. A click on a preview that another act has overtaken
    is answered with the new preview, not carried out.
    """
    say, (judged, seen) = visit.say, looks
    told = seen.told
    open_count = len(answering.open_ones(*answers))
    st.html(blocks.block(f"<h3>{say('upload.step4')}</h3>"))
    if open_count:
        st.info(say("answer.open", count=open_count))
    with st.form(f"certify_{key}", border=False):
        person = ask_name(visit, f"person_{key}", width=320)
        st.text(say("upload.will", file=judged.sending.name, rows=told.rows, total=figures.wan(told.total), person=person or "…"))
        if judged.sending.control_total is not None:
            st.text(_compared(visit, judged))
        with st.container(horizontal=True):
            allowed = visit.may("act.certify")
            done = allowed and st.form_submit_button(words[0], type="primary", disabled=bool(open_count), key=f"do_{key}")
            keep = st.form_submit_button(say("upload.keep"), key=f"keep_{key}")
    shown = st.session_state.get(f"shown_{key}")
    if refused := st.session_state.pop(f"refused_{key}", None):
        st.error(refused)
    elif open_count and shown and shown[1] != told.base:
        # The new preview asks something: its button takes no click, not even one that was meant for the old.
        st.error(say("act.stale"))
    st.session_state[f"shown_{key}"] = (told.digest, told.base)
    if done or keep:
        st.session_state["person"] = person
        is_fresh = keep or shown == (told.digest, told.base)
        _try(visit, looks, answers, key, (words[1] if done else None, is_fresh))


def _compared(visit: Visit, judged: Judged) -> str:
    """The control total beside the file's."""
    say, control, total = visit.say, judged.sending.control_total or Decimal(0), judged.told.total
    told = {"control": figures.wan(control), "total": figures.wan(total)}
    if total is None or control == total:
        return say("upload.control_same", **told)
    return say("upload.control_differs", **told, difference=f"{total - control:,.2f}".replace("-", "−"))


def _try(visit: Visit, looks: tuple[Judged, Judged], answers: Given, key: str, click: tuple[str | None, bool]) -> None:
    """Carry out a click, or leave the sentence that says why not; the page is drawn anew in either case."""
    say, (done, is_fresh) = visit.say, click
    try:
        if not given_name().strip():
            raise ActError("act.person")
        if not is_fresh:
            raise ActError("act.stale")
        with st.spinner(say("upload.storing")):
            st.session_state["receipt"] = {**_carry_out(visit, looks, answers, done), "file": key}
    except (ActError, StoreError) as error:
        st.session_state[f"refused_{key}"] = blocks.refusal(error, say)
    except OSError:
        st.session_state[f"refused_{key}"] = say("store.full")
    st.rerun()


def _carry_out(visit: Visit, looks: tuple[Judged, Judged], answers: Given, done: str | None) -> Row:
    """Store the file and its answers, certify it unless it is only kept; the receipt."""
    store, say, sending = visit.store, visit.say, looks[0].sending
    person = given_name().strip()
    batch = sending.batch or acts.load(store, sending, person, looks[0].told).batch
    if batch is None:
        raise ActError("act.stale")
    changed = queries.batch_of(store, batch)["state"] == "checked"
    if changed:
        if acts.is_stale(store, batch):
            acts.recheck(store, batch, sending, person)
        acts.answer(store, batch, answering.to_store(*answers), person)
    if done:
        changed = acts.certify(store, batch, person, today=sending.today, base=looks[1].told.base)
    row = queries.batch_of(store, batch)
    told_facts = {"batch": batch, "rows": row["row_count"], "projects": row["row_count"], "total": figures.wan(row["total"])}
    sentence = say("upload.kept", batch=batch) if not done else say(done, **told_facts, sha=row["sha256"])
    return {
        "batch": batch,
        "kind": row["kind"],
        "sentence": sentence if changed else say("upload.nothing_changed"),
        "outcome": "certified" if done else "kept",
    }


def show_receipt(visit: Visit, kind: str) -> None:
    """What was done last on this page: the batch, its papers, its undo."""
    say = visit.say
    receipt = st.session_state.get("receipt")
    if not receipt or receipt["kind"] != kind:
        return
    st.success(receipt["sentence"])
    if receipt.get("undone"):
        return
    row = queries.batch_of(visit.store, receipt["batch"])
    st.html(blocks.block(f"<p>{blocks.batch(row['batch'], visit.address, say('ledger.open', batch=row['batch']) + ' →')}</p>"))
    papers.offer_batch(visit, {**row, "standing": row["state"]}, f"receipt_{kind}")
    if visit.may("act.withdraw") and st.button(say("upload.undo"), key=f"undo_{kind}"):
        try:
            acts.withdraw(visit.store, receipt["batch"], given_name() or say("none"), say("upload.undo"))
        except (ActError, StoreError) as error:
            st.error(blocks.refusal(error, say))
            return
        st.session_state["receipt"] = {**receipt, "undone": True, "sentence": say("upload.undone", batch=receipt["batch"])}
        st.rerun()


def control_total(visit: Visit, text: str) -> Decimal | None:
    """The control total in yuan that was typed in 万元; None where nothing or nonsense was typed."""
    if not text.strip():
        return None
    amount = cells.money(text, "万元")
    if amount is None:
        st.warning(visit.say("upload.control_bad"))
    return amount.yuan if amount else None


def may_load_samples(visit: Visit) -> bool:
    """Whether to offer the sample months, which are loaded and certified at once."""
    return visit.may("act.load") and visit.may("act.certify") and visit.visitor.units is None


def load_samples(visit: Visit) -> None:
    """Load the sample months with their progress, then show them."""
    say = visit.say
    bar = st.progress(0.0)
    try:
        for done, number in samples.load_samples(visit.store, "示例", say("sample.reason")):
            bar.progress(done / number, say("sample.loading", done=done, all=number))
    except (ActError, StoreError) as error:
        st.error(blocks.refusal(error, say))
        return
    st.session_state.pop("as_of", None)
    st.query_params.pop("as_of", None)
    st.toast(say("sample.loaded"))
    st.rerun()


def remove_samples(visit: Visit) -> None:
    """Withdraw the sample months, or say why that cannot be done."""
    say = visit.say
    try:
        samples.remove_samples(visit.store, given_name().strip() or say("none"), say("sample.remove_reason"))
    except (ActError, StoreError) as error:
        st.error(blocks.refusal(error, say))
        return
    st.toast(say("sample.removed"))
    st.rerun()
