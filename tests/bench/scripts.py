"""The lagging list against a straightforward script over the same data, loaded already: no restatements, no adjustments, floats."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

from data.database import Store
from tests.bench import questions
from tests.bench.measured import Line, MissingError, alone, median
from tests.bench.questions import AS_OF, PAGE
from tests.bench.stores import Stores

OVER_PANDAS, BEHIND, TIMES = 50, 0.8, 3
LOADED = (
    "select unit_code, project_code, project_name, budget::double as budget from plans_on(null)",
    "select project_code, month, share::double as share from schedules_on(null)",
    "select project_code, month, amount::double as amount from paid_on(null)",
)


def by_pandas(plans: pd.DataFrame, points: pd.DataFrame, paid: pd.DataFrame) -> pd.DataFrame:
    """The 50 furthest behind."""
    spent = paid[paid["month"] <= AS_OF.month].groupby("project_code")["amount"].sum()
    due = points[points["month"] <= AS_OF.month].groupby("project_code")["share"].max()
    rows = plans.assign(spent=plans["project_code"].map(spent).fillna(0), due=plans["project_code"].map(due).fillna(0) * plans["budget"])
    rows["gap"] = rows["spent"] - rows["due"]
    return rows[rows["spent"] < BEHIND * rows["due"]].nsmallest(PAGE[1], "gap")


def by_polars(plans: Any, points: Any, paid: Any) -> Any:
    """The same."""
    import polars as pl

    spent = paid.lazy().filter(pl.col("month") <= AS_OF.month).group_by("project_code").agg(spent=pl.col("amount").sum())
    due = points.lazy().filter(pl.col("month") <= AS_OF.month).group_by("project_code").agg(due=pl.col("share").max())
    rows = plans.lazy().join(spent, on="project_code", how="left").join(due, on="project_code", how="left").fill_null(0)
    rows = rows.with_columns(due=pl.col("due") * pl.col("budget")).with_columns(gap=pl.col("spent") - pl.col("due"))
    return rows.filter(pl.col("spent") < BEHIND * pl.col("due")).bottom_k(PAGE[1], by="gap").sort("gap").collect()


SCRIPTS = {"pandas": by_pandas, "polars": by_polars}


def found(path: Path, name: str) -> list[str]:
    """The codes that a script finds in the store at a path."""
    return list(SCRIPTS[name](*_loaded(path, name))["project_code"])


def _loaded(path: Path, name: str) -> list[Any]:
    store = Store(path)
    with store.cursor() as cursor:
        tables = [cursor.execute(question).to_arrow_table() for question in LOADED]
    store.close()
    if name == "pandas":
        return [table.to_pandas() for table in tables]
    import polars as pl

    return [pl.from_arrow(table) for table in tables]


def _taken(path: Path, name: str) -> float:
    frames = _loaded(path, name)
    return median(lambda: SCRIPTS[name](*frames), TIMES)


def over_pandas(stores: Stores) -> list[Line]:
    """The list of each store but the smallest against the script in pandas."""
    return _against("pandas", stores, OVER_PANDAS)


def over_polars(stores: Stores) -> list[Line]:
    """The same against polars; MissingError where it is not installed."""
    if find_spec("polars") is None:
        raise MissingError("polars is not installed (pip install -r tests/bench/requirements.txt)")
    return _against("polars", stores)


def _against(name: str, stores: Stores, bar: float | None = None) -> list[Line]:
    larger = [(size, stores[size]) for size in stores if size != stores.smallest]
    return [
        Line(
            f"lagging list: {size:,} projects",
            alone(questions.answered, path, questions.LIST),
            f"{name} over loaded frames",
            alone(_taken, path, name),
            bar,
            faster=True,
        )
        for size, path in larger
    ]
