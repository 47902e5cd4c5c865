"""A page's time on the server, by Streamlit's own runner without a browser: against an empty page, and against the smallest store."""

import os
from pathlib import Path

from streamlit.testing.v1 import AppTest

from data.database import Store
from tests.bench.measured import Line, median

GROWTH, OF_EMPTY = 2, 8
EMPTY = "import streamlit as st\nst.text('')"
FRAME = Path(__file__).parents[2] / "pages" / "frame.py"
LONGEST = 120


def lines(stores: dict[int, Store]) -> list[Line]:
    """The overview of each store, anew after a change and again: against an empty page, and those of larger stores against the smallest."""
    empty = median(AppTest.from_string(EMPTY, default_timeout=LONGEST).run)
    taken = {size: _overview(store) for size, store in sorted(stores.items())}
    smallest, found = min(taken), []
    for size, (anew, again) in taken.items():
        found.append(Line(f"overview page again: {size:,} projects", again, "an empty page", empty, OF_EMPTY))
        if size != smallest:
            for what, seconds, base in (("again", again, taken[smallest][1]), ("after a change", anew, taken[smallest][0])):
                found.append(Line(f"overview page {what}: {size:,} projects", seconds, f"{smallest:,} projects", base, GROWTH))
    return found


def _overview(store: Store) -> tuple[float, float]:
    """The median time of the first page over a store, when every answer is new and when none is."""
    os.environ["BUDGET_STORE"] = str(store.path)
    page = AppTest.from_file(str(FRAME), default_timeout=LONGEST).run()
    if wrong := [*page.exception, *page.error]:
        raise RuntimeError(wrong[0].value)

    def anew() -> None:
        store.forget()
        page.run()

    return median(anew, 3), median(page.run)
