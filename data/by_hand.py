"""Plans written by hand, as files that go the way of every file: a new project, a corrected cell, a project that has ended."""

from decimal import Decimal
from typing import Any

from data.acting import ActError
from data.database import Store
from data.differences import payment_plan
from loaders.own import CORRECTION, END, ENTRY, written

TEXTS, AMOUNTS = ("project_name", "purpose", "goal"), ("budget", "fiscal_funds", "other_funds")
INDICATOR = ("target", "description", "basis", "level3")
CENT = Decimal("0.01")
Key = tuple[int, str, str]
# A file on its way in: its name and its bytes.
File = tuple[str, bytes]


def project_of(store: Store, key: Key) -> dict[str, Any]:
    """A project (year, unit, code) as its plan stands now, with checkpoints and indicators; ActError where there is none."""
    told = dict(zip(("year", "unit", "code"), key, strict=True))
    found = store.ask("from plans_on(null) where fiscal_year = $year and unit_code = $unit and project_code = $code", told)
    if not found:
        raise ActError("act.no_project", project=key[2], year=key[0])
    project = found[0]
    where = "where batch = $batch and unit_code = $unit and project_code = $code"
    place = {"batch": project["batch"], "unit": key[1], "code": key[2]}
    project["checkpoints"] = store.ask(f"select month, share, amount from checkpoints {where} order by month", place)
    project["indicators"] = store.ask(f"from indicators {where} order by position", place)
    return project


def corrected(store: Store, key: Key, changes: list[dict[str, Any]], reason: str) -> File:
    """The file that corrects cells of a project: each change with field, position (an indicator's, else None) and what holds.

    Fields are those of TEXTS and AMOUNTS (Decimal yuan or None), `checkpoints` (pairs of month and share) and
    of an indicator those of INDICATOR. ActError where nothing differs or a field is unknown.
    """
    if not reason.strip():
        raise ActError("act.reason")
    project, told = project_of(store, key), []
    for change in changes:
        before, after = _corrected(project, change)
        if before != after:
            told.append({"field": change["field"], "position": change.get("position"), "written": before, "holds": after})
    if not told:
        raise ActError("act.nothing_differs")
    keys = {"corrected": project["batch"], "fiscal_year": key[0], "unit_code": key[1], "project_code": key[2], "reason": reason}
    name = f"更正 {project['project_code']}.json"
    return name, written(CORRECTION, [project], reason, [{**row, **keys} for row in told])


def entered(project: dict[str, Any], reason: str) -> File:
    """The file of a project that no document has: fiscal_year, unit, code, name, budget and checkpoints as pairs."""
    if not reason.strip():
        raise ActError("act.reason")
    if not project["project_code"] or not project["project_name"] or not (project["unit_code"] or project["unit_name"]):
        raise ActError("act.entry_incomplete")
    told = {**dict.fromkeys((*TEXTS, *AMOUNTS)), **project, "place": None, "indicators": []}
    _plan(told, project["checkpoints"])
    return f"补录 {project['project_code']}.json", written(ENTRY, [told], reason)


def ended(store: Store, key: Key, reason: str) -> File:
    """The file that says that a project has ended."""
    if not reason.strip():
        raise ActError("act.reason")
    project = {**project_of(store, key), "dropped": True}
    return f"取消 {project['project_code']}.json", written(END, [project], reason)


def _corrected(project: dict[str, Any], change: dict[str, Any]) -> tuple[str | None, str | None]:
    """Put what holds into the project; both texts, as they are kept beside each other."""
    name, holds = change["field"], change["holds"]
    if name == "checkpoints":
        before = payment_plan(project["checkpoints"]) or None
        _plan(project, holds)
        return before, payment_plan(project["checkpoints"]) or None
    if name in TEXTS or name in AMOUNTS:
        if name in AMOUNTS:
            holds = None if holds is None else holds.quantize(CENT)
        before, project[name] = project[name], None if holds == "" else holds
        return _text(before), _text(project[name])
    found = [row for row in project["indicators"] if row["position"] == change.get("position")]
    if name not in INDICATOR or not found:
        raise ActError("act.no_field", field=name)
    before, found[0][name] = found[0][name], holds
    return _text(before), _text(holds)


def _plan(project: dict[str, Any], points: list[tuple[int, Decimal]]) -> None:
    project["checkpoints"] = [{"month": month, "share": share} for month, share in points]
    project["plan_reading"] = "cumulative" if points else "missing"


def _text(value: Any) -> str | None:
    return None if value in (None, "") else str(value)
