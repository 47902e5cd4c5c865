"""The department's summary (部门汇总表) laid out: a row for each project, each unit's sum, the sum of all."""

from decimal import Decimal
from typing import Any

from pages.parts.exports import Context, plain_text
from pages.parts.grid import Box, Sheet
from pages.parts.official_layout import MONEY, Columns, figure, heading

Row = dict[str, Any]
# What may stay blank without lacking: it is asked only of some projects.
_FREE = {"cause", "grade", "likelihood"}
_WORDED = {"status": "status", "cause": "cause", "grade": "grade", "likelihood": "likelihood"}
_MERGED = "unit"


def summary_sheet(summary: Row, about: Context, columns: Columns) -> Sheet:
    """The summary; where the province's file leaves the unit out, its name stands on its sum alone."""
    say, told = about.say, columns(summary["form"], "projects")
    names = [column["name"] for column in told]
    boxes = [Box(0, place, 1, 1, heading(column, about), "head") for place, column in enumerate(told)]
    at = 1
    for unit in summary["units"]:
        rows = [row for row in summary["projects"] if row["unit_code"] == unit["unit_code"]]
        if _MERGED in names:
            boxes.append(Box(at, names.index(_MERGED), len(rows), 1, plain_text(unit["unit"]), "text"))
        for number, row in enumerate(rows, start=at):
            boxes += [Box(number, place, 1, 1, *_cell(row, name, about)) for place, name in enumerate(names) if name != _MERGED]
        at += len(rows)
        boxes += _sums(at, names, unit, say("forms.unit_sum", unit=unit["unit"], projects=unit["projects"]))
        at += 1
    if summary["whole"]:
        boxes += _sums(at, names, summary["whole"], say("forms.department_sum", projects=summary["whole"]["projects"]))
    facts = about.facts
    mark = f"【{say('sample.mark')}】" if facts["sample"] else ""
    under = say("forms.under", year=facts["as_of"].year, month=facts["as_of"].month)
    return Sheet("", mark + say("forms.summary"), under, [float(c["width"]) for c in told], boxes, [*_notes(summary, about), *about.feet])


def _cell(row: Row, name: str, about: Context) -> tuple[Any, str]:
    """A cell and its look; what is not reported, and a reason that is still owed, is said in it."""
    say, value = about.say, row.get(name)
    if name == "cause" and row["unexplained"]:
        return say("explain.missing"), "missing"
    if value is None:
        if name in _FREE:
            return "", "text"
        return (say("status.not_reported") if row["status"] == "not_reported" and name in MONEY else "—"), "missing"
    if name in _WORDED:
        return say(f"{_WORDED[name]}.{value}"), "tick" if name == "likelihood" else "choice"
    if isinstance(value, Decimal):
        return figure(name, value, "proposed" if name == "expected_spent" else "")
    return (value, "count") if isinstance(value, int) else (plain_text(str(value)), "choice" if name == "reached" else "text")


def _sums(at: int, names: list[str], sums: Row, label: str) -> list[Box]:
    """A bold line: its label over the columns before the first amount, and the sums."""
    summed = [name in sums and name not in (_MERGED, "unit_code") for name in names]
    # Where an amount comes first, the label stands in the first column that is no sum.
    start, first = (0, summed.index(True)) if not summed[0] else (summed.index(False), 1)
    found = [Box(at, start, 1, first, plain_text(label), "sum_text")]
    for place, name in enumerate(names):
        if start <= place < start + first:
            continue
        value = sums.get(name) if summed[place] else None
        if isinstance(value, Decimal):
            shown, kind = figure(name, value)
            found.append(Box(at, place, 1, 1, shown, f"sum_{kind}"))
        else:
            found.append(Box(at, place, 1, 1, "" if value is None else value, "sum_text"))
    return found


def _notes(summary: Row, about: Context) -> list[str]:
    say, whole, rows = about.say, summary["whole"], summary["projects"]
    if not whole:
        return [say("empty.no_plan")]
    silent = [row for row in rows if row["unexplained"]]
    told = {"lagging": whole["lagging"], "reported": whole["reported"], "projects": whole["projects"]}
    notes = [say("forms.summary_sum", **told), say("forms.summary_expected", expected=whole["expected"], projects=whole["projects"])]
    if silent:
        notes.append(say("forms.summary_silent", count=len(silent), names=say("month.and").join(_name(row) for row in silent)))
    return notes


def _name(row: Row) -> str:
    """A project's name, else its code."""
    return plain_text(row["project_name"] or row["project_code"])
