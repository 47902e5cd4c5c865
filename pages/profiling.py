"""The payment profile of a project: both verdicts in words, and the form that sets or takes back the profile."""

from typing import Any

import streamlit as st

from data import changes, profiles
from pages.deeds import carry_out, doer, tell_done
from pages.parts import blocks, figures
from pages.visit import Visit, ask_name

Row = dict[str, Any]


def verdicts(visit: Visit, row: Row) -> str:
    """The official verdict, and beside it the one against the profile where one is set, as HTML."""
    say, key = visit.say, (row["unit_code"], row["project_code"])
    lines = [f"{blocks.text(say('profile.official'))} {blocks.chip(row['status'], say, row['at_risk'])}"]
    if found := profiles.profiled(visit.store, visit.as_of, visit.known_at, key):
        one = found[0]
        told = say(
            "profile.verdict",
            profile=name(one["profile"], one["due_in"], visit),
            share=figures.percent(one["profile_share"]),
            due=figures.wan(one["profile_due"]),
            gap=figures.signed_wan(one["profile_gap"]),
        )
        lines.append(f"{blocks.text(told)} {blocks.chip(one['profile_status'], say)}")
    return f'<ul class="facts">{"".join(f"<li>{line}</li>" for line in lines)}</ul>'


def name(profile: str, due_in: int | None, visit: Visit) -> str:
    """A profile in words, with its month where it is paid at once."""
    words = visit.say(f"profile.{profile}")
    return words if due_in is None else visit.say("profile.in_month", profile=words, month=figures.month_short(due_in, visit.say))


def show(visit: Visit, row: Row) -> None:
    """Who set the profile and why; the form to set another one or to take it back."""
    say, key = visit.say, (row["unit_code"], row["project_code"])
    tell_done("profile_done")
    found = profiles.profiled(visit.store, visit.as_of, None, key)
    with st.expander(say("profile.title")):
        st.html(blocks.block(blocks.paragraph(say("profile.hint"), "soft"), _standing(visit, found)))
        if not visit.may("act.profile"):
            return
        left, right = st.columns(2, gap="large")
        profile = left.selectbox(
            say("profile.pick"), profiles.PROFILES, key="profile_picked", format_func=lambda one: say(f"profile.{one}")
        )
        due_in = None
        if profile == profiles.ONCE:
            months = list(range(1, 13))
            due_in = right.selectbox(
                say("profile.month"), months, index=11, key="profile_month", format_func=lambda month: figures.month_short(month, say)
            )
        with st.form("set_profile", border=False):
            reason = st.text_input(say("changes.reason"), key="profile_reason", max_chars=200)
            person = ask_name(visit, "profile_person", width=320)
            if st.form_submit_button(say("profile.set"), type="primary"):
                st.session_state["person"] = person
                told = profiles.Profile((row["fiscal_year"], *key), profile, due_in)
                _do(visit, lambda: say("profile.done", act=profiles.record(visit.store, told, doer(), reason)))
            if found and st.form_submit_button(say("profile.undo")):
                st.session_state["person"] = person
                _do(visit, lambda: _taken_back(visit, found[0]["act"], reason))


def _standing(visit: Visit, found: list[Row]) -> str:
    if not found:
        return blocks.paragraph(visit.say("profile.none"))
    one = found[0]
    told = visit.say(
        "profile.standing",
        profile=name(one["profile"], one["due_in"], visit),
        person=one["recorded_by"],
        moment=figures.moment_name(one["recorded_at"]),
        reason=one["reason"],
        act=one["act"],
    )
    return blocks.paragraph(told)


def _taken_back(visit: Visit, act: int, reason: str) -> str:
    changes.reverse(visit.store, act, doer(), reason)
    return visit.say("profile.undone", act=act)


def _do(visit: Visit, deed: Any) -> None:
    if carry_out(visit, deed, "profile_done"):
        st.session_state.pop("profile_reason", None)
        st.rerun()
