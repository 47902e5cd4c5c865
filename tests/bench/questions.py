"""What a reader asks, at each size against the smallest, and against the same list by pandas over loaded frames."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from data import glance, lagging, queries
from data.database import Store, open_store
from tests.bench.made import Size, make
from tests.bench.measured import Line, median

AS_OF, PAGE = date(2025, 10, 31), (0, 50)
MOST_UNITS = 200
# How many times a question may take what it takes in the smallest store, and how many times faster than pandas it has to be.
GROWTH, FLAT, OVER_PANDAS = 25, 3, 50
BEHIND = 0.8


def made_at(folder: Path, size: int) -> Store:
    """A store of so many projects in a folder."""
    store = open_store(folder / f"{size}.duckdb")
    make(store, Size(size))
    return store


def asked(store: Store) -> dict[str, Callable[[], Any]]:
    """Each question of the pages, answered anew at every call."""
    one = store.ask("select unit_code, project_code from plans_on(null) order by project_code limit 1")[0]
    key = (one["unit_code"], one["project_code"])
    questions = {
        "overview": lambda: (glance.glance(store, AS_OF), queries.curve(store, AS_OF.year)),
        "lagging list, 50 furthest behind": lambda: lagging.listed(store, AS_OF, None, PAGE),
        "roll-up by unit": lambda: glance.units(store, AS_OF, None, MOST_UNITS),
        "one project's year": lambda: queries.months_of(store, AS_OF.year, key),
    }

    def anew(question: Callable[[], Any]) -> Callable[[], Any]:
        def answer() -> Any:
            store.forget()
            return question()

        return answer

    return {name: anew(question) for name, question in questions.items()}


def lines(stores: dict[int, Store]) -> list[Line]:
    """The questions of each store against those of the smallest, and the list against pandas."""
    smallest = min(stores)
    taken = {size: {name: median(call) for name, call in asked(store).items()} for size, store in stores.items()}
    found = []
    for size in sorted(stores)[1:]:
        for name, seconds in taken[size].items():
            bar = FLAT if "one project" in name else GROWTH
            found.append(Line(f"{name}: {size:,} projects", seconds, f"{smallest:,} projects", taken[smallest][name], bar))
    for size, store in sorted(stores.items())[1:]:
        frames = _frames(store)
        listed = taken[size]["lagging list, 50 furthest behind"]
        pandas = median(lambda frames=frames: _by_pandas(*frames), 3)
        found.append(Line(f"lagging list: {size:,} projects", listed, "pandas over loaded frames", pandas, OVER_PANDAS, faster=True))
    return found


def _frames(store: Store) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    with store.cursor() as cursor:
        plans = cursor.execute("select unit_code, project_code, project_name, budget::double as budget from plans_on(null)").df()
        points = cursor.execute("select project_code, month, share::double as share from schedules_on(null)").df()
        paid = cursor.execute("select project_code, month, amount::double as amount from paid_on(null)").df()
    return plans, points, paid


def _by_pandas(plans: pd.DataFrame, points: pd.DataFrame, paid: pd.DataFrame) -> pd.DataFrame:
    """The 50 furthest behind as a script would find them: no restatements, no adjustments, floats."""
    spent = paid[paid["month"] <= AS_OF.month].groupby("project_code")["amount"].sum()
    due = points[points["month"] <= AS_OF.month].groupby("project_code")["share"].max()
    rows = plans.assign(spent=plans["project_code"].map(spent).fillna(0), due=plans["project_code"].map(due).fillna(0) * plans["budget"])
    rows["gap"] = rows["spent"] - rows["due"]
    return rows[rows["spent"] < BEHIND * rows["due"]].nsmallest(PAGE[1], "gap")
