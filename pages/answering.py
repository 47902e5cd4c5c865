"""Answers to the questions of a file, one by one, a rule at a time or from a report sent back; an act stores them."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from data.answers import CANCELLED_CODE, NO_SPENDING_CODE
from data.reasons import OTHER, reasons_for, ways_for
from loaders.answers import read_answers_apart
from pages.parts import answers as wording
from pages.parts import blocks
from pages.visit import Visit

Row = dict[str, Any]
Answers = dict[str, Row]
AT_ONCE = 20
REPORTS = ["xlsx", "csv", "xls", "ods"]
MOST_WORDS = 200


def show(visit: Visit, key: str, questions: Sequence[Row], carried: Answers) -> Answers:
    """The questions by rule, each with its reasons; the answers as they stand now.

    `questions` are findings in words, with the answer that the ledger has where it has one; `carried` are
    the answers that recurring questions got before.
    """
    given = _prefilled(key, questions, carried)
    if not questions:
        return given
    _take_report(visit, key, questions, given)
    for code in dict.fromkeys(question["code"] for question in questions):
        _show_rule(visit, key, [question for question in questions if question["code"] == code], given)
    return given


def open_ones(questions: Sequence[Row], given: Answers) -> list[Row]:
    """The questions that still need an answer, in words where the reason is “other”."""
    return [question for question in questions if not _is_answered(given.get(question["key"], {}))]


def to_store(questions: Sequence[Row], given: Answers) -> list[Row]:
    """The complete answers as the acts take them; those that are carried over are stored by the check itself."""
    complete = [question["key"] for question in questions if _is_answered(given.get(question["key"], {}))]
    return [
        {"finding": finding, "reason_code": given[finding]["reason_code"], "reason": given[finding]["reason"] or None}
        for finding in complete
        if not given[finding].get("carried_from")
    ]


def absent(questions: Sequence[Row], given: Answers) -> tuple[tuple[str, str], ...]:
    """Unit and code of the projects of which it is answered that nothing was spent or that they have ended.

    None while a question is open.
    """
    if open_ones(questions, given):
        return ()
    settled = {"W07": NO_SPENDING_CODE, "W28": CANCELLED_CODE}
    return tuple(
        (question["unit_code"], question["project_code"])
        for question in questions
        if question["code"] in settled and given[question["key"]]["reason_code"] == settled[question["code"]]
    )


def _is_answered(answer: Row) -> bool:
    return bool(answer.get("reason_code")) and (answer["reason_code"] != OTHER or bool((answer.get("reason") or "").strip()))


def _prefilled(key: str, questions: Sequence[Row], carried: Answers) -> Answers:
    """The session's answers of a file, begun from the ledger's and from those that are carried over."""
    given: Answers = st.session_state.setdefault(f"answers_{key}", {})
    for question in questions:
        known = {"reason_code": question["reason_code"], "reason": question["answer"], "carried_from": question["carried_from"]}
        if known["reason_code"] or question["key"] in carried:
            given.setdefault(question["key"], known if known["reason_code"] else dict(carried[question["key"]]))
    return given


def _show_rule(visit: Visit, key: str, questions: list[Row], given: Answers) -> None:
    """The questions of one rule: one answer for all of them where there are several, then each."""
    say, code = visit.say, questions[0]["code"]
    left = len(open_ones(questions, given))
    state = say("answer.left", count=left) if left else say("answer.all_done")
    st.html(blocks.block(f"<h3>{code} · {say('answer.count', count=len(questions))} · {blocks.text(state)}</h3>"))
    if len(questions) > 1:
        _offer_all(visit, key, questions, given)
    start = 0
    if len(questions) > AT_ONCE:
        start = st.selectbox(
            say("answer.which"),
            range(0, len(questions), AT_ONCE),
            key=f"part_{key}_{code}",
            format_func=lambda first: f"{first + 1}–{min(first + AT_ONCE, len(questions))}",
            width=160,
        )
    for place, question in enumerate(questions[start : start + AT_ONCE], start=start + 1):
        _show_question(visit, (key, place), question, given)


def _offer_all(visit: Visit, key: str, questions: list[Row], given: Answers) -> None:
    """One reason for all questions of a rule, which is then seen at each of them."""
    say, code = visit.say, questions[0]["code"]
    why, words, button = st.columns([3, 4, 3], vertical_alignment="bottom")
    name = f"{key}_{code}"
    reason = why.selectbox(
        say("answer.all", rule=code), ("", *reasons_for(code)), key=f"all_why_{name}", format_func=lambda one: _reason(visit, one)
    )
    text = words.text_input(say("column.explanation"), key=f"all_words_{name}", max_chars=MOST_WORDS)
    answer = {"reason_code": reason, "reason": text.strip() or None, "carried_from": None}
    label = say("answer.apply", rule=code, count=len(questions))
    if button.button(label, key=f"all_{name}", width="stretch", disabled=not _is_answered(answer)):
        given.update({question["key"]: dict(answer) for question in questions})
        st.rerun()


def _show_question(visit: Visit, place: tuple[str, int], question: Row, given: Answers) -> None:
    """One question of a file, at its place among those of its rule, beside its reason and words."""
    say, finding = visit.say, question["key"]
    answer = given.get(finding, {})
    name = f"{place[0]}_{finding}"
    st.session_state[f"why_{name}"] = answer.get("reason_code") or ""
    st.session_state[f"words_{name}"] = answer.get("reason") or ""

    def keep() -> None:
        given[finding] = {
            "reason_code": st.session_state[f"why_{name}"],
            "reason": st.session_state[f"words_{name}"].strip() or None,
            "carried_from": None,
        }

    says, why, words = st.columns([5, 2, 3], vertical_alignment="center")
    carried = f" <b>{blocks.text(say('answer.carried', batch=answer['carried_from']))}</b>" if answer.get("carried_from") else ""
    mark = "●" if _is_answered(answer) else "○"
    told = f'{mark} {blocks.text(question["message"])} <span class="soft">{blocks.text(question["fix"])}</span>{carried}'
    says.html(blocks.block(f'<p class="question">{told}</p>'))
    why.selectbox(
        say("answer.reason", rule=question["code"], place=place[1]),
        ("", *reasons_for(question["code"])),
        key=f"why_{name}",
        format_func=lambda one: _reason(visit, one),
        label_visibility="collapsed",
        on_change=keep,
    )
    words.text_input(
        say("answer.words", rule=question["code"], place=place[1]),
        key=f"words_{name}",
        max_chars=MOST_WORDS,
        label_visibility="collapsed",
        placeholder=say("answer.must_say" if answer.get("reason_code") == OTHER else "column.explanation"),
        on_change=keep,
    )


def _reason(visit: Visit, code: str) -> str:
    return visit.say(f"reason.{code}") if code else visit.say("report.choose")


def _take_report(visit: Visit, key: str, questions: Sequence[Row], given: Answers) -> None:
    """The answers of a report that was filled in and sent back, taken once; what was wrong in it is listed."""
    say = visit.say
    with st.expander(say("answer.bulk")):
        sent = st.file_uploader(say("answer.report"), type=REPORTS, key=f"answered_{key}")
    if sent is None:
        return
    token = (sent.file_id, key)
    if st.session_state.get("report_taken", [None])[0] != token:
        reading = read_answers_apart(sent.getvalue(), {question["key"]: ways_for(question["code"]) for question in questions})
        for row in reading.rows:
            given[row["key"]] = {"reason_code": row["reason_code"], "reason": row["text"] or None, "carried_from": None}
        st.session_state["report_taken"] = (token, len(reading.rows), reading.problems)
    _, count, problems = st.session_state["report_taken"]
    (st.warning if problems else st.success)(say("answer.taken", count=count, faulty=len(problems)))
    if problems:
        st.html(blocks.block(blocks.findings([wording.finding(problem, say) for problem in problems], say)))
