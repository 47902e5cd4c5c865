"""What indicators have reached: asked of the view, recorded as an act."""

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from data import journal, queries, scoring
from data.acting import ActError, acting
from data.database import Rows, Store, append, ask

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


def record(store: Store, as_of: date, said: list[Result], person: str, today: date | None = None) -> int:
    """Record what indicators have reached by a month's end, all or none; how many say something new. ActError where one cannot stand."""
    with acting(store, person) as (cursor, note):
        planned = {_key(row): row for row in ask(cursor, "from results_on($as_of, null)", {"as_of": as_of})}
        for one in said:
            _refuse_unfit(one, planned.get((one.unit_code, one.project_code, one.position)))
        new = [one for one in said if _differs(one, planned[one.unit_code, one.project_code, one.position])]
        if new:
            told = {"as_of": f"{as_of:%Y-%m}", "said": [asdict(one) for one in new], "today": today}
            stamp = {**note("results", None, told), "reported_on": today or journal.now().date()}
            month = {"fiscal_year": as_of.year, "month": as_of.month}
            append(cursor, "results", [{**_meant(planned[_key(asdict(one))]), **asdict(one), **month, **stamp} for one in new])
    return len(new)


def _key(row: dict[str, object]) -> tuple[object, ...]:
    return (row["unit_code"], row["project_code"], row["position"])


def _meant(indicator: dict[str, object]) -> dict[str, object]:
    """What names an indicator besides its position, so that a plan that changes takes no foreign value over."""
    return {"level3": indicator["level3"], "target": indicator["target"]}


def _differs(one: Result, known: dict[str, object]) -> bool:
    return any(known[name] != value for name, value in asdict(one).items())


def _refuse_unfit(one: Result, indicator: dict[str, object] | None) -> None:
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
    return store.ask(
        """
        from results_on($as_of, $known_at)
        where $unit::text is null or (unit_code = $unit and project_code = $code)
        order by unit_code, project_code, position""",
        {"as_of": as_of, "known_at": known_at, "unit": project[0] if project else None, "code": project[1] if project else None},
    )
