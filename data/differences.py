"""What a plan says otherwise than the plans known so far, project by project and field by field."""

from collections import Counter
from decimal import Decimal
from typing import Any

from data.database import Cursor, Rows, ask
from loaders.problems import Reading

FIELDS = ("project_name", "unit_name", "budget", "fiscal_funds", "other_funds", "purpose", "goal", "checkpoints", "indicators")
_INDICATOR = ("level1", "level2", "level3", "description", "target", "basis")
Key = tuple[int, str, str]


def differences(cursor: Cursor, reading: Reading) -> Rows:
    """One row a project that the staged plan names or leaves out: `change` is added, changed, unchanged or missing.

    `fields` lists what differs with `old` and `new`: Decimal yuan, text, or a payment plan in one line.
    Missing are projects of a document that the staged one says anew in part; `batch` is the known plan's.
    """
    known = {_key(row): row for row in ask(cursor, "from known_projects")}
    points, indicators = _points(cursor), _indicators(cursor)
    rows = []
    for row in reading.rows:
        key = _key(row)
        before = known.get(key)
        new = _said(row, row["checkpoints"], row["indicators"])
        old = _said(before, points.get(key, []), indicators.get(key, [])) if before else {}
        fields = [_differing(name, old[name], new[name]) for name in FIELDS if before and old[name] != new[name]]
        change = "missing" if row.get("dropped") else "added" if before is None else "changed" if fields else "unchanged"
        rows.append({**_named(row), "batch": before and before["batch"], "change": change, "fields": fields, **_budgets(before, row)})
    rows += [{**_named(row), "batch": row["batch"], "change": "missing", "fields": [], **_budgets(row, None)} for row in _left_out(cursor)]
    return rows


def counts(rows: Rows) -> dict[str, int]:
    """How many projects there are of each change."""
    found = Counter(row["change"] for row in rows)
    return {name: found[name] for name in ("added", "changed", "unchanged", "missing")}


def delta(rows: Rows) -> Decimal:
    """By how much the budgets of what is added and changed differ, in yuan."""
    told = [row for row in rows if row["change"] in ("added", "changed")]
    return sum(((row["new"] or Decimal(0)) - (row["old"] or Decimal(0)) for row in told), Decimal(0))


def payment_plan(points: list[dict[str, Any]]) -> str:
    """A payment plan in one line: 3月 25% / 6月 50% …"""
    return " / ".join(f"{point['month']}月 {_trimmed(point['share'] * 100)}%" for point in points)


def _trimmed(number: Decimal) -> str:
    shown = f"{number:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _key(row: dict[str, Any]) -> Key:
    return row["fiscal_year"], row["unit_code"], row["project_code"]


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("fiscal_year", "unit_code", "unit_name", "project_code", "project_name")}


def _budgets(before: dict[str, Any] | None, now: dict[str, Any] | None) -> dict[str, Any]:
    return {"old": before and before["budget"], "new": now and now["budget"]}


def _said(row: dict[str, Any], points: list[dict[str, Any]], indicators: list[dict[str, Any]]) -> dict[str, Any]:
    texts = {name: row[name] or None for name in ("project_name", "unit_name", "purpose", "goal")}
    amounts = {name: row[name] for name in ("budget", "fiscal_funds", "other_funds")}
    lines = ["　".join(one[name] or "" for name in _INDICATOR) for one in indicators]
    return {**texts, **amounts, "checkpoints": payment_plan(points) or None, "indicators": "\n".join(lines) or None}


def _differing(name: str, old: Any, new: Any) -> dict[str, Any]:
    """A field with both its values; of indicators only those that are not the same in both."""
    if name != "indicators":
        return {"field": name, "old": old, "new": new}
    lines, others = (old or "").split("\n"), (new or "").split("\n")
    left, right = Counter(lines) - Counter(others), Counter(others) - Counter(lines)
    return {"field": name, "old": "\n".join(left.elements()) or None, "new": "\n".join(right.elements()) or None}


def _points(cursor: Cursor) -> dict[Key, list[dict[str, Any]]]:
    rows = ask(
        cursor,
        """select checkpoints.* from checkpoints join known_projects using (batch, fiscal_year, unit_code, project_code)
        semi join arrived_projects using (fiscal_year, unit_code, project_code) order by month""",
    )
    return _gathered(rows)


def _indicators(cursor: Cursor) -> dict[Key, list[dict[str, Any]]]:
    rows = ask(
        cursor,
        """select indicators.* from indicators join known_projects using (batch, fiscal_year, unit_code, project_code)
        semi join arrived_projects using (fiscal_year, unit_code, project_code) order by position""",
    )
    return _gathered(rows)


def _gathered(rows: Rows) -> dict[Key, list[dict[str, Any]]]:
    found: dict[Key, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(_key(row), []).append(row)
    return found


def _left_out(cursor: Cursor) -> Rows:
    return ask(cursor, "from left_out_projects order by unit_code, project_code")
