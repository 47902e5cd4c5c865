"""The frame around every page: store, visitor's language and month, navigation."""

import logging
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

import streamlit as st  # noqa: E402 - the path above must come first

from data.database import Store, StoreError  # noqa: E402
from data.words import Words  # noqa: E402
from pages import behind, compare, indicators, ledger, overview, plans, project, settings, upload, wall  # noqa: E402
from pages import visit as visits  # noqa: E402
from pages.opened import open_seeded  # noqa: E402

PAGES = {
    "overview": overview.show,
    "project": project.show,
    "behind": behind.show,
    "indicators": indicators.show,
    "upload": upload.show,
    "ledger": ledger.show,
    "plans": plans.show,
    "compare": compare.show,
    "settings": settings.show,
}
PARTS = Path(__file__).with_name("parts")
STYLE = PARTS / "style.css"
SCRIPTS = {"zh": PARTS / "chinese.html", "en": PARTS / "english.html"}
LOG = logging.getLogger("budget")


def main() -> None:
    """Show the page that the address asks for."""
    say = Words(visits.language())
    st.set_page_config(page_title=say("product"), page_icon="📊", layout="wide", initial_sidebar_state="collapsed")
    store = open_seeded()
    pages = [
        st.Page(_guarded(name, show, store, say), title=say(f"page.{name}"), url_path=name, default=name == "overview")
        for name, show in PAGES.items()
    ]
    on_wall = wall.is_wanted() and not isinstance(store, StoreError)
    chosen = st.navigation(pages, position="hidden" if on_wall else "top")
    st.html(STYLE.read_text(encoding="utf-8"))
    st.html(SCRIPTS[say.language], unsafe_allow_javascript=True)
    if on_wall:
        wall.show(lambda: visits.Visit(store, say, visits.as_of_address(store), None))
        return
    chosen.run()


def _guarded(name: str, show: Callable[[visits.Visit], None], store: Store | StoreError, say: Words) -> Callable[[], None]:
    """A page that shows a sentence where it fails and leaves the trace in the log."""

    def page() -> None:
        if isinstance(store, StoreError):
            st.error(say(store.code, **store.facts))
            return
        visit = visits.Visit(store, say, visits.as_of(store), visits.known_at())
        st.session_state["as_of"] = f"{visit.as_of:%Y-%m}"
        st.query_params.update({name: value for name, value in visit.address.items() if value})
        try:
            show(visit)
        except Exception:  # noqa: BLE001 - the one place where a fault becomes a sentence; the log keeps it whole
            LOG.exception("page %s failed", name)
            st.error(say("error.page", moment=f"{datetime.now():%Y-%m-%d %H:%M:%S}"))

    return page


main()
