"""The official forms, filled from what is known; what is not known is None and listed, never invented."""

from datetime import date
from decimal import Decimal
from typing import Any

from data import explaining, forecasts, form_words, indicators, proposals, queries, scoring
from data.database import Store
from data.variants import Columns, is_own, standard

FORMS = ("monitor", "selfeval")
SUMMARY = "summary"
SUMMED = ("original_budget", "current_budget", "due_amount", "spent", "gap_amount", "expected_spent")
DECEMBER = 12
Row = dict[str, Any]
Key = tuple[str, str]
# What stays blank unless it is needed: words on a deviation are asked only of an indicator that is not on course.
_FREE = {"note", "description", "basis", *explaining.CAUSES, "level2", "possible", "impossible"}
_ONLY_LAGGING = {"why"}


def filled(
    store: Store,
    form: str,
    as_of: date,
    known_at: queries.Moment = None,
    code: str | None = None,
    columns: Columns = standard,
) -> list[Row]:
    """The form of every project of the year, or of those with one code: head, money, goal, indicators, missing, points, grade.

    `proposed` names the cells that follow from what is known elsewhere and that a person may overwrite; `word` is the
    newest explanation, `unexplained` says that the project lags without one of this month. `columns` are those of the form.
    """
    everything = queries.progress(store, as_of, known_at)
    said: dict[Key, list[Row]] = {}
    for one in indicators.judged(store, as_of, known_at):
        said.setdefault(_key(one), []).append(one)
    ahead = {_key(row): row for row in forecasts.forecast(store, as_of, DECEMBER, known_at)}
    words: dict[Key, Row] = {}
    for word in explaining.explained(store, as_of, known_at):
        words.setdefault(_key(word), word)
    lagging = {_key(row) for row in queries.behind(store, as_of, known_at)}
    written = form_words.known(store, as_of, known_at)
    found = []
    for row in (row for row in everything if code in (None, row["project_code"])):
        key, word = _key(row), words.get(_key(row))
        plan = queries.plan_of(store, row["fiscal_year"], key, known_at) or {}
        named = written.get((form_words.DEPARTMENT, row["unit_code"], None)) or plan.get("department")
        more = {
            **{name: (ahead.get(key) or {}).get(name) for name in ("low", "middle", "high")},
            "word": word,
            "unexplained": key in lagging and (word is None or word["month"] != as_of.month),
            "likelihood": forecasts.likelihood(ahead.get(key)),
            "department": named or proposals.department(everything, row["unit_code"]),
            "department_proposed": not named,
            "achieved": written.get((form_words.ACHIEVED, *key)),
        }
        made = _form(form, {**row, **more}, plan, said.get(key, []), as_of)
        found.append({**made, "missing": _missing(made, columns)})
    return found


def _key(row: Row) -> Key:
    return (row["unit_code"], row["project_code"])


def _form(form: str, row: Row, plan: Row, indicators: list[Row], as_of: date) -> Row:
    head = {**row, "unit": row["unit_name"] or row["unit_code"]}
    money, scored = _money(row, plan), [_with_lag(form, one) for one in _scored(indicators)]
    scores = [money[0]["score"], *(one["score"] for one in scored)]
    unfilled = [level for level in scoring.LEVELS if level not in {one["level1"] for one in indicators}]
    points = None if unfilled else scoring.total(scores)
    made = {
        **{"form": form, "head": head, "money": money, "goal": plan.get("goal"), "indicators": scored, "points": points},
        **{"grade": scoring.grade(points), "estimated": as_of.month < DECEMBER, "levels_missing": unfilled},
        **{name: row[name] for name in ("low", "high", "word", "unexplained", "likelihood", "achieved")},
    }
    made["proposed"] = proposals.propose(made, as_of)
    return made


def _with_lag(form: str, one: Row) -> Row:
    """An indicator with whether it must be explained: in a self-evaluation if it is short of the whole target, else if it is
    not on course by now; None where nothing is known of it."""
    if form != "monitor":
        lags = None if one["good"] is None else not one["good"]
    else:
        lags = {"not_reported": None, "no_basis": None}.get(one["status"], one["status"] not in ("met", "not_due"))
    return {**one, "lags": lags}


def _money(row: Row, plan: Row) -> list[Row]:
    """The year's money as three rows: all of it with its score, fiscal funds, other funds; only the first is reported by month."""
    spent = row["spent"] if row["reported"] else None
    whole = {
        **{"fund": "whole", "original_budget": row["original_budget"], "current_budget": row["current_budget"], "spent": spent},
        "spent_share": row["spent_share"] if row["reported"] else None,
        "worth": scoring.MONEY,
        "score": scoring.money_points(spent, row["current_budget"]),
        "expected_spent": row["middle"],
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
    if name in _FREE or is_own(name) or (part == "money" and row["fund"] != "whole" and name in ("worth", "score")):
        return False
    if name in _ONLY_LAGGING and not row.get("lags"):
        return False
    if name == "certain" and (row.get("possible") or row.get("impossible")):
        return False
    if name == "reached" and row.get("grade"):
        return False
    return row.get(name) in (None, "")


def _missing(made: Row, columns: Columns) -> list[proposals.Place]:
    """Every cell that lacks what it needs: part, number of its row from 1, name of its column."""
    parts = {"head": [made["head"]], "money": made["money"], "goal": [made], "indicators": made["indicators"]}
    return [
        (part, number, column["name"])
        for part, rows in parts.items()
        for number, row in enumerate(rows, start=1)
        for column in columns(made["form"], part)
        if is_missing(part, row, column["name"])
    ]


def summary(store: Store, as_of: date, known_at: queries.Moment = None, columns: Columns = standard) -> Row:
    """The department's summary: a row for each project, sums of the rows for each unit and for all, shares as the views give them.

    What is not reported or not judged is None in its row and left out of the sum; `expected` counts the projects with a forecast.
    """
    monitor = {_key(made["head"]): made for made in filled(store, "monitor", as_of, known_at, columns=columns)}
    rows = [_summed_up(made, monitor[_key(made["head"])]) for made in filled(store, "selfeval", as_of, known_at)]
    sums = [
        {
            **{"unit_code": told["unit_code"], "unit": told["unit_name"] or told["unit_code"], "projects": told["projects"]},
            **{"due_share": told["judged_due_share"], "spent_share": told["spent_share"]},
            **{"reported": told["reported"], "lagging": told["lagging"]},
            **_sums([row for row in rows if told["unit_code"] in (None, row["unit_code"])]),
        }
        for told in queries.summary(store, as_of, known_at)
    ]
    return {"form": SUMMARY, "projects": rows, "whole": sums[0] if rows else {}, "units": sums[1:]}


def _sums(rows: list[Row]) -> Row:
    """The sum of each column of money, None where no row has an amount."""
    found = {name: [row[name] for row in rows if row[name] is not None] for name in SUMMED}
    sums = {name: sum(amounts, Decimal(0)) if amounts else None for name, amounts in found.items()}
    return {**sums, "expected": len(found["expected_spent"]), "blanks": sum(row["blanks"] for row in rows)}


def _summed_up(scored: Row, monitor: Row) -> Row:
    """One project's row: its verdict, the money of its forms, its score, how many indicators are reached of how many known."""
    head, known = scored["head"], [one["good"] for one in scored["indicators"] if one["good"] is not None]
    judged = head["gap_amount"] is not None
    return {
        **{name: head[name] for name in ("unit_code", "project_name", "project_code", "original_budget", "current_budget", "status")},
        **{name: head[name] if judged else None for name in ("due_share", "due_amount", "gap_amount")},
        **{name: scored["money"][0][name] for name in ("spent", "spent_share", "expected_spent")},
        **{name: scored[name] for name in ("points", "grade", "likelihood", "estimated")},
        **{name: head[name] for name in ("unit", "department")},
        "cause": scored["word"]["cause"] if scored["word"] else None,
        "unexplained": scored["unexplained"],
        "reached": f"{sum(known)}/{len(scored['indicators'])}" if known else None,
        "blanks": len(monitor["missing"]),
    }
