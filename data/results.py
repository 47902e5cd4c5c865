"""What indicators have reached: asked of the view, recorded as an act."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from data import journal, queries, scoring
from data.acting import ActError, acting
from data.database import Cursor, Rows, Store, append, ask

_PLACES = Decimal("0.0001")
_MOST = Decimal(10) ** 13


@dataclass(frozen=True)
class Result:
    """A word on one indicator (unit, code, position): value reached and expected, or a grade with its percent."""

    unit_code: str
    project_code: str
    position: int
    reached: Decimal | None = None
    expected: Decimal | None = None
    grade: str | None = None
    percent: Decimal | None = None
    note: str | None = None


@dataclass(frozen=True)
class Origin:
    """The file that words came in: its name and SHA-256, the row of each (unit, code, position); whether it is a sample."""

    file_name: str
    sha256: str
    rows: Mapping[tuple[str, str, int], int]
    sample: bool = False


# What is said of an indicator.
SAID = ("reached", "expected", "grade", "percent", "note")


def record(store: Store, as_of: date, said: list[Result], person: str, today: date | None = None, origin: Origin | None = None) -> int:
    """Record what indicators have reached by a month's end, all or none; how many say something new. ActError where one cannot stand."""
    with acting(store, person) as (cursor, note):
        new = _new(cursor, as_of, said)
        if new:
            told = {"as_of": f"{as_of:%Y-%m}", "said": [asdict(one) for one, _ in new], "today": today}
            if origin:
                told |= {"file": origin.file_name, "sha256": origin.sha256, "sample": origin.sample}
            stamp = {**note("results", None, told), "reported_on": today or journal.now().date()}
            _write(cursor, as_of, new, stamp, origin)
    return len(new)


def write(cursor: Cursor, as_of: date, said: list[Result], stamp: dict[str, Any]) -> None:
    """Add words under a stamp, for a look at what would be; ActError where one cannot stand."""
    _write(cursor, as_of, _new(cursor, as_of, said), stamp, None)


New = list[tuple[Result, dict[str, Any]]]


def _new(cursor: Cursor, as_of: date, said: list[Result]) -> New:
    """The words that say something new, each with its indicator."""
    planned = {_key(row): row for row in ask(cursor, "from results_on($as_of, null)", {"as_of": as_of})}
    found = [(one, planned.get((one.unit_code, one.project_code, one.position))) for one in said]
    for one, indicator in found:
        _refuse_unfit(one, indicator)
    return [(one, indicator) for one, indicator in found if indicator is not None and _differs(one, indicator)]


def _write(cursor: Cursor, as_of: date, new: New, stamp: dict[str, Any], origin: Origin | None) -> None:
    month = {"fiscal_year": as_of.year, "month": as_of.month}
    came = {"file_name": origin.file_name, "sha256": origin.sha256, "sample": origin.sample} if origin else {}
    rows = [{**_meant(indicator), **asdict(one), **month, **stamp, **came} for one, indicator in new]
    append(cursor, "results", [{**row, "file_row": origin.rows.get(_key(row))} for row in rows] if origin else rows)


def _key(row: dict[str, Any]) -> tuple[str, str, int]:
    return (row["unit_code"], row["project_code"], row["position"])


def _meant(indicator: dict[str, Any]) -> dict[str, Any]:
    """What names an indicator besides its position, so that a plan that changes takes no foreign value over."""
    return {"level3": indicator["level3"], "target": indicator["target"]}


def _differs(one: Result, known: dict[str, Any]) -> bool:
    return any(known[name] != value for name, value in asdict(one).items())


def _refuse_unfit(one: Result, indicator: dict[str, Any] | None) -> None:
    """ActError for an unknown indicator, a number for one judged by grade or the reverse, and a grade outside its band."""
    facts = {"project": one.project_code, "position": one.position}
    if indicator is None:
        raise ActError("act.no_indicator", **facts)
    numbers, graded = (one.reached, one.expected), (one.grade, one.percent)
    is_number = indicator["comparator"] is not None
    if (graded if is_number else numbers) != (None, None):
        raise ActError("act.indicator_number" if is_number else "act.indicator_grade", **facts)
    if any(value is not None and (abs(value) > _MOST or value != value.quantize(_PLACES)) for value in numbers):
        raise ActError("act.indicator_digits", **facts)
    if graded != (None, None) and (one.grade not in scoring.BANDS or one.percent is None or _part(one.grade, one.percent) is None):
        raise ActError("act.indicator_band", **facts)


def _part(grade: str, percent: Decimal) -> object:
    return scoring.part_of_grade(grade, percent) if percent == percent.quantize(_PLACES) else None


def results(store: Store, as_of: date, known_at: queries.Moment = None, project: tuple[str, str] | None = None) -> Rows:
    """Every indicator of the year's plans, or of one project's (unit, code), with what was said of it at a month's end."""
    return queries.each_indicator(store, "results_on", (as_of, known_at), project)
