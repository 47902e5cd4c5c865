"""What a reader asks, at each size against the smallest."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from data import glance, lagging, queries
from data.database import Store
from tests.bench.measured import Line, alone, median
from tests.bench.stores import Stores

AS_OF, PAGE = date(2025, 10, 31), (0, 50)
MOST_UNITS = 200
# How many times a question may take what it takes in the smallest store.
GROWTH, FLAT = 25, 3
LIST, ONE = "lagging list, 50 furthest behind", "one project's year"


def _of_one(store: Store) -> Callable[[], Any]:
    found = store.ask("select unit_code, project_code from plans_on(null) order by project_code limit 1")[0]
    return lambda: queries.months_of(store, AS_OF.year, (found["unit_code"], found["project_code"]))


QUESTIONS: dict[str, Callable[[Store], Callable[[], Any]]] = {
    "overview": lambda store: lambda: (glance.glance(store, AS_OF), queries.curve(store, AS_OF.year)),
    LIST: lambda store: lambda: lagging.listed(store, AS_OF, None, PAGE),
    "roll-up by unit": lambda store: lambda: glance.units(store, AS_OF, None, MOST_UNITS),
    ONE: _of_one,
}


def answered(path: Path, name: str) -> float:
    """The median time of a question to the store at a path, answered anew at every call."""
    store = Store(path)
    question = QUESTIONS[name](store)

    def anew() -> None:
        store.forget()
        question()

    return median(anew)


def lines(stores: Stores) -> list[Line]:
    """The questions of each store against those of the smallest."""
    smallest = stores.smallest
    taken = {size: {name: alone(answered, stores[size], name) for name in QUESTIONS} for size in stores}
    return [
        Line(f"{name}: {size:,} projects", took, f"{smallest:,} projects", taken[smallest][name], FLAT if name == ONE else GROWTH)
        for size in stores
        if size != smallest
        for name, took in taken[size].items()
    ]
