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
    """The overview of each store: against an empty page, those of larger stores against the smallest, too."""
    empty = median(AppTest.from_string(EMPTY, default_timeout=LONGEST).run)
    taken = {size: _overview(store) for size, store in sorted(stores.items())}
    smallest = min(taken)
    found = [Line(f"overview page: {size:,} projects", taken[size], "an empty page", empty, OF_EMPTY) for size in taken]
    for size in list(taken)[1:]:
        found.append(Line(f"overview page: {size:,} projects", taken[size], f"{smallest:,} projects", taken[smallest], GROWTH))
    return found


def _overview(store: Store) -> float:
    """The median time of a rerun of the first page over a store."""
    os.environ["BUDGET_STORE"] = str(store.path)
    page = AppTest.from_file(str(FRAME), default_timeout=LONGEST).run()
    if page.exception:
        raise RuntimeError(page.exception[0].message)
    return median(page.run)
