"""The official forms, filled from what is known; what is not known is None and listed, never invented."""

import csv
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from data import queries, results, scoring
from data.database import Store

FILE = Path(__file__).with_name("forms.csv")
FORMS = ("monitor", "selfeval")
DECEMBER = 12
Row = dict[str, Any]
# What stays blank unless it is needed: words on a deviation are asked only of an indicator that is not reached.
_FREE = {"note", "funding", "system", "staff", "hardware", "other", "level2"}
_ONLY_UNREACHED = {"why"}


@cache
def columns(form: str, part: str) -> tuple[dict[str, str], ...]:
    """The columns of a part of a form in their order, from forms.csv: name, zh, en, width."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(row for row in csv.DictReader(file) if (row["form"], row["part"]) == (form, part))


def filled(store: Store, form: str, as_of: date, known_at: queries.Moment = None, code: str | None = None) -> list[Row]:
    """The form of every project of the year, or of those with one code: head, money, goal, indicators, missing, points, grade."""
    rows = [row for row in queries.progress(store, as_of, known_at) if code in (None, row["project_code"])]
    said: dict[tuple[str, str], list[Row]] = {}
    for one in results.results(store, as_of, known_at):
        said.setdefault((one["unit_code"], one["project_code"]), []).append(one)
    return [_form(form, row, _plan(store, row, known_at), said.get((row["unit_code"], row["project_code"]), []), as_of) for row in rows]


def _plan(store: Store, row: Row, known_at: queries.Moment) -> Row:
    return queries.plan_of(store, row["fiscal_year"], (row["unit_code"], row["project_code"]), known_at) or {}


def _form(form: str, row: Row, plan: Row, indicators: list[Row], as_of: date) -> Row:
    head = {**row, "department": None, "unit": row["unit_name"] or row["unit_code"]}
    money, scored = _money(row, plan), _scored(indicators)
    scores = [money[0]["score"], *(one["score"] for one in scored)]
    unfilled = [level for level in scoring.LEVELS if level not in {one["level1"] for one in indicators}]
    points = None if unfilled else scoring.total(scores)
    made = {
        **{"form": form, "head": head, "money": money, "goal": plan.get("goal"), "indicators": scored, "points": points},
        **{"grade": scoring.grade(points), "estimated": as_of.month < DECEMBER, "levels_missing": unfilled},
    }
    return {**made, "missing": _missing(form, made)}


def _money(row: Row, plan: Row) -> list[Row]:
    """The year's money as three rows: all of it with its score, fiscal funds, other funds; only the first is reported by month."""
    spent = row["spent"] if row["reported"] else None
    whole = {
        **{"fund": "whole", "original_budget": row["original_budget"], "current_budget": row["current_budget"], "spent": spent},
        "spent_share": row["spent_share"] if row["reported"] else None,
        "worth": scoring.MONEY,
        "score": scoring.money_points(spent, row["current_budget"]),
    }
    return [whole, *({"fund": name, "original_budget": plan.get(name)} for name in ("fiscal_funds", "other_funds"))]


def _scored(indicators: list[Row]) -> list[Row]:
    """The indicators with what each is worth, a level's points shared evenly, and what it earned."""
    worth = {level: scoring.shared(points, sum(one["level1"] == level for one in indicators)) for level, points in scoring.LEVELS.items()}
    rows = []
    for one in indicators:
        points = worth[one["level1"]].pop(0) if one["level1"] in worth else None
        part, good = _judged(one)
        rows.append({**one, "worth": points, "score": None if points is None else scoring.earned(points, part), "good": good})
    return rows


def _judged(one: Row) -> tuple[Any, bool | None]:
    """The part of its points that an indicator earned, and whether it is reached; two Nones where nothing was said."""
    if one["comparator"] and one["reached"] is not None:
        asked = (one["comparator"], one["target_value"], one["reached"])
        return scoring.part_of(*asked), scoring.is_reached(*asked)
    if one["grade"]:
        return scoring.part_of_grade(one["grade"], one["percent"]), one["grade"] == "met"
    return None, None


def is_missing(part: str, row: Row, name: str) -> bool:
    """Whether a cell of a form lacks what it needs."""
    if name in _FREE or (part == "money" and row["fund"] != "whole" and name in ("worth", "score")):
        return False
    if name in _ONLY_UNREACHED and row.get("good") is not False:
        return False
    if name == "reached" and row.get("grade"):
        return False
    return row.get(name) in (None, "")


def _missing(form: str, made: Row) -> list[tuple[str, int, str]]:
    """Every cell that lacks what it needs: part, number of its row from 1, name of its column."""
    parts = {"head": [made["head"]], "money": made["money"], "goal": [made], "indicators": made["indicators"]}
    return [
        (part, number, column["name"])
        for part, rows in parts.items()
        for number, row in enumerate(rows, start=1)
        for column in columns(form, part)
        if is_missing(part, row, column["name"])
    ]
