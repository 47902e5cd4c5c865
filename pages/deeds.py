"""Carrying out an act that a visitor clicked: by whom, and the sentence where it cannot be done."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from data.acting import ActError
from data.database import StoreError
from pages.parts import blocks
from pages.visit import Visit, given_name


def doer() -> str:
    """The name that the visitor gave; ActError without one."""
    if not given_name().strip():
        raise ActError("act.person")
    return given_name().strip()


def tell_done(key: str) -> None:
    """The sentence that `carry_out` kept under a key, once."""
    if done := st.session_state.pop(key, None):
        st.success(done)


def carry_out(visit: Visit, deed: Callable[[], Any], key: str) -> bool:
    """Keep under `key` of the session what an act gives, for the page drawn next; False, and a sentence, where it is refused."""
    try:
        st.session_state[key] = deed()
    except (ActError, StoreError) as error:
        st.error(blocks.refusal(error, visit.say))
        return False
    except OSError:
        st.error(visit.say("store.full"))
        return False
    return True
