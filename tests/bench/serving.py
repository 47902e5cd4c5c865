"""A page's time on the server, by Streamlit's own runner without a browser: against an empty page, and against the smallest store."""

import os
from pathlib import Path

from streamlit.testing.v1 import AppTest

from data import forecasts, queries
from data.database import Store, open_store
from tests.bench.measured import Line, Took, alone, median
from tests.bench.questions import AS_OF
from tests.bench.stores import Stores

GROWTH, OF_EMPTY = 2, 8
EMPTY = "import streamlit as st\nst.text('')"
FRAME = Path(__file__).parents[2] / "pages" / "frame.py"
LONGEST, ANEW = 120, 3


def lines(stores: Stores) -> list[Line]:
    """The overview of each store, anew after a change and again: against an empty page, and those of larger stores against the smallest."""
    empty = alone(_empty)
    charts = alone(_charts, stores[stores.smallest]).value - empty.value
    again = {size: alone(_overview, stores[size], False) for size in stores}
    anew = {size: alone(_overview, stores[size], True) for size in stores}
    found = []
    for size in stores:
        bare = Took(again[size].value - charts, again[size].peak)
        told = f"overview page again: {size:,} projects"
        found.append(Line(f"{told}, without its chart's own {charts * 1000:.0f} ms", bare, "an empty page", empty, OF_EMPTY))
        if size != (smallest := stores.smallest):
            found.append(Line(told, again[size], f"{smallest:,} projects", again[smallest], GROWTH))
            told = told.replace("again", "after a change")
            found.append(Line(told, anew[size], f"{smallest:,} projects", anew[smallest], GROWTH))
    return found


def _empty() -> float:
    return median(AppTest.from_string(EMPTY, default_timeout=LONGEST).run)


def _charts(path: Path) -> float:
    """A page with nothing but what the overview draws by Plotly."""
    store = Store(path)
    facts = queries.curve(store, AS_OF.year), forecasts.points(store, AS_OF)
    store.close()
    return median(AppTest.from_function(_draw, args=facts, default_timeout=LONGEST).run)


def _draw(months: list[dict], ahead: list[dict]) -> None:
    import streamlit as st

    from data.words import Words
    from pages.overview import CURVE_HEIGHT
    from pages.parts import charts
    from tests.bench.questions import AS_OF

    st.plotly_chart(charts.curve(months, Words("zh"), AS_OF.month, CURVE_HEIGHT, ahead), config=charts.CONFIG)


def _overview(path: Path, is_anew: bool) -> float:
    """The median time of the first page over a store, when every answer is new or when none is."""
    os.environ["BUDGET_STORE"] = str(path)
    page = AppTest.from_file(str(FRAME), default_timeout=LONGEST).run()
    if wrong := [*page.exception, *page.error]:
        raise RuntimeError(wrong[0].value)

    def anew() -> None:
        open_store(path).forget()
        page.run()

    return median(anew, ANEW) if is_anew else median(page.run)
