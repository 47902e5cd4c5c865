"""Taking in a file, step by step: read, check, see the effect, certify; shared by reports and plans."""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from data import acts, queries, samples
from data.acting import ActError
from data.acts import ANY
from data.arrivals import NO_SPENDING, Sending
from data.database import StoreError
from data.staging import Consideration, consider
from loaders import cells
from loaders.apart import read_apart
from loaders.files import Declared
from loaders.problems import Problem
from pages.parts import blocks, exports, figures
from pages.visit import Visit

MOST_SHOWN = 200


@dataclass(frozen=True)
class Chosen:
    """A file that a visitor chose, with what was declared beside it."""

    name: str
    content: bytes
    declared: Declared
    control_total: Decimal | None = None
    absent_is_zero: bool = False

    def sending(self) -> Sending:
        """The file as the acts take it."""
        return Sending(
            self.name,
            self.content,
            read_apart(self.content, self.declared),
            date.today(),
            control_total=self.control_total,
            absent_is_zero=self.absent_is_zero,
            declared=self.declared._asdict(),
        )


def considered(visit: Visit, chosen: Chosen) -> tuple[Sending, Consideration]:
    """The file read and judged; kept for the session until the file, its declaration or the store changes."""
    state = visit.store.ask("select coalesce(max(act), 0) as act from acts")[0]["act"]
    key = (hashlib.sha256(chosen.content).hexdigest(), chosen.name, chosen.declared, chosen.control_total, chosen.absent_is_zero, state)
    kept = st.session_state.get("considered")
    if kept is None or kept[0] != key:
        with st.spinner(visit.say("upload.checking")):
            sending = chosen.sending()
            kept = (key, sending, consider(visit.store, sending))
        st.session_state["considered"] = kept
    return kept[1], kept[2]


def choose(visit: Visit, label: str, kinds: list[str]) -> Any:
    """The file uploader; a new one after each file that was taken in."""
    return st.file_uploader(label, type=kinds, key=f"uploader_{st.session_state.get('uploads', 0)}")


def told_findings(problems: list[Problem], visit: Visit) -> list[dict[str, Any]]:
    """Findings worded for a person."""
    say = visit.say
    return [
        {
            "code": p.code,
            "level": p.level,
            "row": p.row,
            "value": p.value,
            "expected": say.expected(p),
            "column": say(f"column.{p.column}") if p.column and say.has(f"column.{p.column}") else p.column,
            "message": say.problem(p),
            "fix": say.remedy(p),
        }
        for p in problems
    ]


def show_findings(visit: Visit, told: Consideration, key: str) -> None:
    """Step 2: how many places to mend or to confirm, then each of them with its remedy."""
    say = visit.say
    st.html(blocks.block(f"<h3>{say('upload.step2')}</h3>"))
    fatal = sum(problem.level == "fatal" for problem in told.problems)
    if told.fatal:
        st.error(say("upload.rejected", count=max(fatal, 1)) + _to_mend(visit, told.problems))
    elif told.open_questions:
        st.warning(say("upload.questions", count=len(told.open_questions)))
    else:
        st.success(say("upload.clean") if not told.problems else say("upload.fine"))
    if told.problems:
        order = {"fatal": 0, "confirm": 1, "note": 2}
        rows = sorted(told_findings(told.problems, visit), key=lambda row: order[row["level"]])
        st.html(blocks.block(blocks.findings(rows[:MOST_SHOWN], say)))
        st.download_button(
            say("upload.findings_file"),
            exports.findings_csv(rows, say),
            f"{say('upload.findings_name')}.csv",
            key=f"findings_{key}",
            on_click="ignore",
            mime="text/csv",
        )


def _to_mend(visit: Visit, problems: list[Problem]) -> str:
    """How many cells of which column are to be mended, counted like a colleague would."""
    say = visit.say
    counts = Counter(row["column"] for row in told_findings([p for p in problems if p.level == "fatal"], visit) if row["column"])
    items = [say("upload.mend_item", count=count, column=blocks.label(column)) for column, count in counts.items()]
    return say("upload.mend", items=say("month.and").join(items)) if items else ""


def show_flips(visit: Visit, told: Consideration) -> None:
    """The projects whose status would change, with the old and the new one."""
    say = visit.say
    if not told.flips:
        st.html(blocks.block(blocks.paragraph(say("upload.no_flips"))))
        return

    def chip(name: str) -> Callable[[dict[str, Any]], str]:
        return lambda row: blocks.chip(row[name] or "gone", say) if row[name] or name == "status" else "—"

    st.html(
        blocks.block(
            f"<h3>{say('upload.flips', count=len(told.flips))}</h3>",
            blocks.table(
                [
                    blocks.plain("project_name", say("column.project_name"), "name"),
                    blocks.plain("unit_name", say("column.unit")),
                    blocks.Cell(say("column.status_before"), chip("status_before")),
                    blocks.Cell(say("column.status_after"), chip("status")),
                    blocks.money("spent", say("column.spent")),
                    blocks.money("gap_amount", say("column.gap_amount")),
                ],
                told.flips[:MOST_SHOWN],
                kind="stack",
            ),
        )
    )


def certify(visit: Visit, chosen: tuple[Sending, Consideration], key: str, words: tuple[str, str]) -> None:
    """Step 4: by whom and why, then one click; `words` are the button and the sentence of what was done.

    A click on a preview that another act has overtaken is answered with the new preview, not carried out.
    """
    say = visit.say
    sending, told = chosen
    with st.form(f"certify_{key}", border=False):
        left, right = st.columns(2)
        person = left.text_input(say("upload.person"), value=st.session_state.get("person", ""), key=f"person_{key}", max_chars=40)
        reason = right.text_input(say("upload.reason"), key=f"reason_{key}", max_chars=200) if _needs_reason(sending, told) else ""
        st.text(say("upload.will", file=sending.name, rows=told.rows, total=figures.wan(told.total), person=person or "…"))
        buttons = st.columns([2, 2, 6])
        done = buttons[0].form_submit_button(words[0], type="primary", width="stretch")
        keep = buttons[1].form_submit_button(say("upload.keep"), width="stretch")
    if refused := st.session_state.pop(f"refused_{key}", None):
        st.error(refused)
    shown = st.session_state.get(f"shown_{key}")
    st.session_state[f"shown_{key}"] = (told.digest, told.base)
    if not (done or keep):
        return
    st.session_state["person"] = person
    try:
        if done and shown != (told.digest, told.base):
            raise ActError("act.stale")
        _carry_out(visit, chosen, person or say("none"), reason if done else None, words[1])
        st.session_state["uploads"] = st.session_state.get("uploads", 0) + 1
    except (ActError, StoreError) as error:
        st.session_state[f"refused_{key}"] = say(error.code, **error.facts)
    except OSError:
        st.session_state[f"refused_{key}"] = say("store.full")
    st.session_state.pop("considered", None)
    st.rerun()


def _needs_reason(sending: Sending, told: Consideration) -> bool:
    return any(not (problem.code == "W07" and sending.absent_is_zero) for problem in told.open_questions)


def _carry_out(visit: Visit, chosen: tuple[Sending, Consideration], person: str, reason: str | None, done: str) -> None:
    """Store the file, certify it unless it is only kept, and leave a receipt for the next run."""
    say = visit.say
    sending, told = chosen
    if reason is not None and _needs_reason(sending, told) and not reason.strip():
        raise ActError("act.unanswered", count=len(told.open_questions))
    outcome = acts.load(visit.store, sending, person)
    if outcome.batch is None:
        raise ActError("act.stale")
    changed = True
    if reason is not None:
        answers = {ANY: reason} | ({"W07": NO_SPENDING} if sending.absent_is_zero else {})
        changed = acts.certify(visit.store, outcome.batch, person, answers, today=sending.today, base=told.base)
    batch = queries.batch_of(visit.store, outcome.batch)
    told_facts = {
        "batch": batch["batch"],
        "rows": batch["row_count"],
        "projects": batch["row_count"],
        "total": figures.wan(batch["total"]),
        "sha": batch["sha256"],
    }
    sentence = (
        say("upload.kept", batch=batch["batch"])
        if reason is None
        else say(done, **told_facts)
        if changed
        else say("upload.nothing_changed")
    )
    st.session_state["receipt"] = {"batch": batch["batch"], "kind": batch["kind"], "sentence": sentence}


def show_receipt(visit: Visit, kind: str) -> None:
    """What was done last on this page, with its undo."""
    say = visit.say
    receipt = st.session_state.get("receipt")
    if not receipt or receipt["kind"] != kind:
        return
    st.success(say("none") if not receipt["sentence"] else receipt["sentence"])
    if receipt.get("undone"):
        return
    if st.button(say("upload.undo"), key=f"undo_{kind}"):
        acts.withdraw(visit.store, receipt["batch"], st.session_state.get("person") or say("none"), say("upload.undo"))
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


def load_samples(visit: Visit) -> None:
    """Load the sample months with their progress, then show them."""
    say = visit.say
    bar = st.progress(0.0)
    try:
        for done, number in samples.load_samples(visit.store, "示例", say("sample.reason")):
            bar.progress(done / number, say("sample.loading", done=done, all=number))
    except ActError as error:
        st.error(say(error.code, **error.facts))
        return
    st.session_state.pop("as_of", None)
    st.query_params.pop("as_of", None)
    st.toast(say("sample.loaded"))
    st.rerun()
