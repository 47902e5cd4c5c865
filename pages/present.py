"""Who is at the page: asked of the connection's cookie and the store at every run, question and act."""

from collections import OrderedDict
from collections.abc import Mapping

import streamlit as st
from streamlit.runtime.memory_media_file_storage import _calculate_file_id
from streamlit.runtime.scriptrunner import get_script_run_ctx

from data.database import Store
from data.rights import Visitor
from data.sight import Seek
from pages import ways

Shown = tuple[Mapping[str, str], Mapping[str, str]]
# Whose each page session is, by its id: the guard lets nobody into another's.
OWNERS: OrderedDict[str, str] = OrderedDict()
# The sessions to which a file was offered, by the name that the server gives it.
FILES: OrderedDict[str, set[str]] = OrderedDict()
MOST_OWNERS = 20_000


def _shown() -> Shown | None:
    """Headers (in small letters) and cookies of the connection that this run answers; None outside of a run."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    headers = {name.lower(): text for name, text in st.context.headers.to_dict().items()}
    return headers, st.context.cookies.to_dict()


def seeker(store: Store) -> Seek:
    """A question to be asked again and again: who is there now? Work that goes on after a run asks by the run's own cookie."""
    whole, at_first = store.whole, _shown() or ({}, {})
    return lambda: ways.identify(whole, *(_shown() or at_first))


def claim(visitor: Visitor) -> None:
    """Make this page session the visitor's; what somebody else has left in it is dropped."""
    context = get_script_run_ctx(suppress_warning=True)
    if not visitor.signed_in or context is None:
        return
    if st.session_state.get("owner", visitor.session) != visitor.session:
        st.session_state.clear()
    st.session_state["owner"] = visitor.session
    OWNERS[context.session_id] = visitor.session
    OWNERS.move_to_end(context.session_id)
    if len(OWNERS) > MOST_OWNERS:
        OWNERS.popitem(last=False)


def own(visitor: Visitor, content: bytes, mime: str, name: str) -> None:
    """Let a visitor's browser fetch a file that is offered to it, and nobody else's."""
    if not visitor.signed_in:
        return
    key = _calculate_file_id(content, mime, name)
    FILES.setdefault(key, set()).add(visitor.session)
    FILES.move_to_end(key)
    if len(FILES) > MOST_OWNERS:
        FILES.popitem(last=False)
