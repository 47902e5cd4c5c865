"""The frame around every page: store, visitor's language and month, navigation."""

import logging
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

import streamlit as st  # noqa: E402 - the path above must come first

from data.acting import ActError  # noqa: E402
from data.database import Store, StoreError  # noqa: E402
from data.rights import LOCAL, Visitor  # noqa: E402
from data.sight import Seek, Sight  # noqa: E402
from data.words import Words  # noqa: E402
from pages import (  # noqa: E402
    accounts,
    audit,
    behind,
    compare,
    health,
    indicators,
    ledger,
    overview,
    plans,
    present,
    project,
    settings,
    upload,
    wall,
)
from pages import visit as visits  # noqa: E402
from pages.opened import noticed, open_seeded  # noqa: E402
from pages.parts import blocks  # noqa: E402

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
    "accounts": accounts.show,
    "audit": audit.show,
}
# Of use only where people sign in.
SIGNED_IN = ("accounts",)
PARTS = Path(__file__).with_name("parts")
SCRIPTS = {"zh": PARTS / "chinese.html", "en": PARTS / "english.html"}
LOG = logging.getLogger("budget")


def main() -> None:
    """Show the page that the address asks for."""
    say = Words(visits.language())
    st.set_page_config(page_title=say("product"), page_icon="📊", layout="wide", initial_sidebar_state="collapsed")
    store = open_seeded()
    seek = (lambda: LOCAL) if isinstance(store, StoreError) else present.seeker(store)
    visitor = seek()
    if visitor is None or visitor.must_change:
        _send_away(say, visitor)
        return
    present.claim(visitor)
    allowed = [name for name in PAGES if visitor.may(f"page.{name}") and (visitor.signed_in or name not in SIGNED_IN)]
    pages = [
        st.Page(
            _guarded(name, PAGES[name], (store, seek, visitor), say),
            title=say(f"page.{name}"),
            url_path=name,
            default=place == 0,
            # Who works alone comes here from the ledger.
            visibility="hidden" if name == "audit" and not visitor.signed_in else "visible",
        )
        for place, name in enumerate(allowed)
    ]
    if not pages:
        st.error(say("act.no_role", person=blocks.label(visitor.name)))
        return
    on_wall = wall.is_wanted() and visitor.may("page.overview") and not isinstance(store, StoreError)
    chosen = st.navigation(pages, position="hidden" if on_wall else "top")
    st.html(SCRIPTS[say.language], unsafe_allow_javascript=True)
    if on_wall:
        seen = Sight(store, seek, "page.overview") if visitor.signed_in else store
        wall.show(lambda: visits.Visit(seen, say, visits.as_of_address(seen), None, visitor))
        return
    chosen.run()


def _send_away(say: Words, visitor: Visitor | None) -> None:
    """What somebody sees whose session has ended, or who must first change a password: nothing but the way on."""
    st.session_state.clear()
    where, told = ("/password", "password.must") if visitor else ("/signin", "act.signed_out")
    st.html(blocks.block(f'<p class="sample">{say(told)} <a href="{where}" target="_self">{say("signin.again")}</a></p>'))


Known = tuple[Store | StoreError, Seek, Visitor]


def _guarded(name: str, show: Callable[[visits.Visit], None], known: Known, say: Words) -> Callable[[], None]:
    """A page that shows a sentence where it fails and leaves the trace in the log."""
    found, seek, visitor = known

    def page() -> None:
        if isinstance(found, StoreError):
            st.error(say(found.code, **found.facts))
            return
        # At the machine itself there is nothing to ask; elsewhere every question of the page asks for the right to it.
        store = Sight(found, seek, f"page.{name}") if visitor.signed_in else found
        try:
            visit = visits.Visit(store, say, visits.as_of(store), visits.known_at(), visitor)
        except ActError as error:
            st.error(blocks.refusal(error, say))
            return
        if visitor.signed_in:
            st.session_state["person"] = visitor.name
        st.session_state["as_of"] = f"{visit.as_of:%Y-%m}"
        st.query_params.update({name: value for name, value in visit.address.items() if value})
        if faults := noticed(found):
            st.warning(say("store.unsound", count=len(faults)))
        begun, failed = time.perf_counter(), False
        try:
            show(visit)
        except (ActError, StoreError) as error:
            st.error(blocks.refusal(error, say))
        except Exception:  # noqa: BLE001 - the one place where a fault becomes a sentence; the log keeps it whole
            failed = True
            LOG.exception("page failed", extra={"facts": {"page": name}})
            st.error(say("error.page", moment=f"{datetime.now():%Y-%m-%d %H:%M:%S}"))
        finally:
            health.ran(time.perf_counter() - begun, failed)

    return page


main()
