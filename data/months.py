"""Acts on months: closing one for good, opening it again with a reason, and the thresholds that all months share."""

from datetime import date
from decimal import Decimal
from typing import Any

from data import journal
from data.acting import RULES, ActError, acting
from data.database import Cursor, Store, append, ask


def lock(store: Store, month: date, person: str, unit: str | None = None, today: date | None = None) -> bool:
    """Close a month, of one unit or of all: no upload, certificate or withdrawal until it is reopened.

    False if it was locked already. ActError where nobody has officially reported the month.
    """
    key = {"year": month.year, "month": month.month, "unit": unit}
    with acting(store, person) as (cursor, record):
        standing = _standing(cursor, key)
        if not any(row["reported"] for row in standing):
            raise ActError("act.lock_unreported", month=f"{month:%Y-%m}")
        if all(row["event"] == "locked" for row in standing):
            return False
        _append(cursor, key, "locked", "", record("lock", None, {**key, "today": today}), today)
    return True


def reopen(store: Store, month: date, person: str, reason: str, unit: str | None = None, today: date | None = None) -> bool:
    """Open a locked month again, with a reason; False if nothing of it was locked."""
    if not reason.strip():
        raise ActError("act.reason")
    key = {"year": month.year, "month": month.month, "unit": unit}
    with acting(store, person) as (cursor, record):
        if not any(row["event"] == "locked" for row in _standing(cursor, key)):
            return False
        _append(cursor, key, "reopened", reason, record("reopen", None, {**key, "reason": reason, "today": today}), today)
    return True


def _standing(cursor: Cursor, key: dict[str, Any]) -> list[dict[str, Any]]:
    """Each unit meant, with whether it has reported the month and the newest event; ActError for an unknown unit or year."""
    rows = ask(
        cursor,
        """
        select reports.unit_code, reported > 0 as reported, event
        from reports_on(null) as reports left join locks_on(null) as locks using (fiscal_year, month, unit_code)
        where reports.fiscal_year = $year and reports.month = $month and ($unit::text is null or reports.unit_code = $unit)""",
        key,
    )
    if not rows:
        raise ActError("act.no_unit", unit=key["unit"] or "", year=key["year"])
    return rows


def _append(cursor: Cursor, key: dict[str, Any], event: str, reason: str, stamp: dict[str, Any], today: date | None) -> None:
    row = {"fiscal_year": key["year"], "month": key["month"], "unit_code": key["unit"], "event": event, "reason": reason or None}
    append(cursor, "month_events", [{**row, "reported_on": today or journal.now().date(), **stamp}])


def set_rules(store: Store, changes: dict[str, Decimal], person: str, reason: str) -> int:
    """A new version of the thresholds, with a reason; its number. ActError for an unknown name."""
    if not reason.strip():
        raise ActError("act.reason")
    with acting(store, person) as (cursor, record):
        newest = ask(cursor, "from rules where version = (select max(version) from rules) order by name")
        values = RULES | {row["name"]: row["value"] for row in newest}
        if unknown := sorted(set(changes) - set(values)):
            raise ActError("act.no_rule", name=", ".join(unknown))
        version = newest[0]["version"] + 1
        stamp = record("rules", None, {"version": version, "reason": reason, **changes})
        rows = [{"version": version, "name": name, "value": changes.get(name, value), "reason": reason} for name, value in values.items()]
        append(cursor, "rules", [{**row, "reported_on": journal.now().date(), **stamp} for row in rows])
    return version
