"""What a person writes of a plan by hand, as a file of our own form: a new project, a corrected one, one that has ended."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any

from loaders import cells
from loaders.problems import LoadError, Problem, Reading
from loaders.projects import settle

FORM = "budget-plan-by-hand"
ENTRY, CORRECTION, END = "entry", "correction", "end"
_TEXTS = ("unit_code", "unit_name", "project_code", "project_name", "purpose", "goal", "place")
_AMOUNTS = ("budget", "fiscal_funds", "other_funds")
_INDICATOR = ("level1", "level2", "level3", "description", "target", "basis", "place")


def is_own(content: bytes) -> bool:
    """Whether a file is of our own form."""
    return content.lstrip()[:1] == b"{" and FORM.encode() in content[:200]


def written(why: str, projects: list[dict[str, Any]], reason: str, corrections: list[dict[str, Any]] | None = None) -> bytes:
    """The file that says what a person wrote: whole projects, why, and each cell that differs from the document."""
    told = {"form": FORM, "why": why, "reason": reason, "projects": projects, "corrections": corrections or []}
    return json.dumps(told, ensure_ascii=False, indent=1, default=str).encode()


def read_own(content: bytes) -> Reading:
    """The projects of such a file; LoadError F06 where it is not what `written` gives."""
    try:
        told = json.loads(content)
        if told["why"] not in (ENTRY, CORRECTION, END):
            raise ValueError
        reading = Reading("plan", layout=told["why"], unit_of_money="元")
        for number, project in enumerate(told["projects"], start=1):
            reading.rows.append(_project(project, number))
        reading.corrections = [_correction(row) for row in told["corrections"]]
        year = reading.rows[0]["fiscal_year"]
    except (ValueError, TypeError, KeyError, IndexError, InvalidOperation, AttributeError, RecursionError) as error:
        raise LoadError("F06") from error
    settle(reading, None, "", year)
    falling = [row for row in reading.rows if not row["dropped"] and not _rises(row["checkpoints"])]
    reading.problems += [Problem("W11", row=row["row"], value=_line(row)) for row in falling]
    return reading


def _project(told: dict[str, Any], number: int) -> dict[str, Any]:
    indicators = [{**{name: _text(one.get(name)) or "" for name in _INDICATOR}, "row": number} for one in told["indicators"]]
    for indicator in indicators:
        target = cells.target(indicator["target"])
        indicator |= {"comparator": target.comparator, "value": target.value, "unit": target.unit}
    return {
        **{name: _text(told[name]) for name in _TEXTS},
        **{name: _amount(told[name]) for name in _AMOUNTS},
        **({"department": _text(told["department"])} if told.get("department") else {}),
        "fiscal_year": int(told["fiscal_year"]),
        "plan_reading": _text(told["plan_reading"]),
        "checkpoints": [_point(point) for point in told["checkpoints"]],
        "indicators": indicators,
        "dropped": bool(told.get("dropped")),
        "row": number,
        "problems": [],
    }


def _point(told: dict[str, Any]) -> dict[str, Any]:
    point = {"month": int(told["month"]), "share": _number(told["share"])}
    if not 1 <= point["month"] <= cells.LAST_MONTH or not 0 <= point["share"] <= 10:  # noqa: PLR2004 - what the store can keep
        raise ValueError
    return point | ({"amount": _amount(told["amount"])} if told.get("amount") is not None else {})


def _correction(told: dict[str, Any]) -> dict[str, Any]:
    names = ("unit_code", "project_code", "field", "written", "holds")
    numbers = {name: None if told[name] is None else int(told[name]) for name in ("corrected", "fiscal_year", "position")}
    return {**{name: _text(told[name]) for name in names}, **numbers, "reason": _text(told["reason"])}


def _text(value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError
    return value


def _number(value: str) -> Decimal:
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError
    return number


def _amount(value: str | None) -> Decimal | None:
    if value is None:
        return None
    amount = _number(value)
    if amount != amount.quantize(Decimal("0.01")) or abs(amount) >= cells.MOST_YUAN:
        raise ValueError
    return amount.quantize(Decimal("0.01"))


def _rises(points: list[dict[str, Any]]) -> bool:
    shares = [point["share"] for point in points]
    months = [point["month"] for point in points]
    return months == sorted(set(months)) and shares == sorted(shares) and (not shares or shares[-1] <= 1)


def _line(row: dict[str, Any]) -> str:
    return " ".join(f"{point['month']}月 {(point['share'] * 100).normalize():f}%" for point in row["checkpoints"])
