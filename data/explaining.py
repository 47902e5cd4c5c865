"""Why a project lags, what is done about it and what is promised: asked of the view, recorded as an act."""

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from data import journal, planned, queries
from data.acting import ActError, acting
from data.database import Rows, Store, append, ask
from data.words import LANGUAGES, Words
from loaders.explanations import read_explanations_apart
from loaders.problems import Reading

# The five causes that the official form names.
CAUSES = ("funding", "system", "staff", "hardware", "other")
DECEMBER = 12
Row = dict[str, Any]
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Explanation:
    """A word on a project (unit, code) at a month's end: cause, reason, measure, who answers for it, what is promised until when."""

    unit_code: str
    project_code: str
    cause: str
    reason: str
    measure: str = ""
    responsible: str = ""
    due_month: int | None = None
    promised: Decimal | None = None


def ways() -> dict[str, str]:
    """Every way of writing a cause, with its code."""
    return {way: code for code in CAUSES for way in (code, *(Words(language)(f"cause.{code}") for language in LANGUAGES))}


def read(store: Store, as_of: date, content: bytes) -> Reading:
    """The rows of a list that comes back filled in, compared with what was said up to a month's end; what is amiss as problems.

    The list shows the newest promise of each project: one of an earlier month runs on and is not made again.
    """
    words = explained(store, as_of)
    known = [word for word in words if word["month"] == as_of.month]
    newest: dict[tuple[str, str], Row] = {}
    for word in (word for word in words if word["promised"]):
        newest.setdefault((word["unit_code"], word["project_code"]), word)
    known += [word for word in newest.values() if word["month"] != as_of.month]
    names = ("unit_code", "project_code", "cause", "reason", "measure", "responsible", "promised", "due_month")
    told = [{name: word[name] for name in names} | {"is_earlier": word["month"] != as_of.month} for word in known]
    return read_explanations_apart(content, ways(), told)


def said_of(store: Store, year: int, rows: Rows) -> list[Explanation]:
    """The rows of a list that came back as words to record; a unit that it leaves out is the project's own where it has but one."""
    names = ("cause", "reason", "measure", "responsible", "due_month", "promised")
    found = []
    for row in rows:
        owners = [project["unit_code"] for project in planned.projects_of(store, row["project_code"], year)]
        unit = row["unit_code"] or (owners[0] if len(owners) == 1 else "")
        found.append(Explanation(unit, row["project_code"], **{name: row[name] for name in names}))
    return found


def explain(store: Store, as_of: date, said: list[Explanation], person: str, today: date | None = None) -> int:
    """Record explanations at a month's end, all or none; how many say something new. ActError where one cannot stand."""
    with acting(store, person) as (cursor, record):
        planned = {
            (row["unit_code"], row["project_code"])
            for row in ask(cursor, "select unit_code, project_code from plans_on(null) where fiscal_year = $year", {"year": as_of.year})
        }
        for one in said:
            if (one.unit_code, one.project_code) not in planned:
                raise ActError("act.no_project", project=one.project_code, year=as_of.year)
            _refuse_unfit(one, as_of.month)
        known = {(row["unit_code"], row["project_code"]): row for row in ask(cursor, _NEWEST, {"year": as_of.year, "month": as_of.month})}
        new = [one for one in said if _differs(one, known.get((one.unit_code, one.project_code)))]
        if new:
            told = {"as_of": f"{as_of:%Y-%m}", "said": [asdict(one) for one in new], "today": today}
            stamp = {**record("explain", None, told), "reported_on": today or journal.now().date()}
            month = {"fiscal_year": as_of.year, "month": as_of.month}
            rows = [{name: value or None for name, value in asdict(one).items()} for one in new]
            append(cursor, "explanations", [{**row, **month, **stamp} for row in rows])
    return len(new)


_NEWEST = """
    from explanations where fiscal_year = $year and month = $month
    qualify row_number() over (partition by unit_code, project_code order by act desc) = 1"""


def _differs(one: Explanation, known: dict[str, object] | None) -> bool:
    return known is None or any((value or None) != known[name] for name, value in asdict(one).items())


def _refuse_unfit(one: Explanation, month: int) -> None:
    """ActError for a cause nobody knows, a missing reason, or a promise that is half or cannot be."""
    if one.cause not in CAUSES:
        raise ActError("act.cause", cause=one.cause, project=one.project_code)
    if not one.reason.strip():
        raise ActError("act.explain_reason", project=one.project_code)
    if (one.promised is None) != (one.due_month is None):
        raise ActError("act.promise_half", project=one.project_code)
    if one.promised is not None and (one.promised <= 0 or one.promised != one.promised.quantize(CENT)):
        raise ActError("act.promise_amount", project=one.project_code)
    if one.due_month is not None and not month < one.due_month <= DECEMBER:
        raise ActError("act.promise_month", project=one.project_code)


def explained(store: Store, as_of: date, known_at: queries.Moment = None, project: tuple[str, str] | None = None) -> Rows:
    """Every word up to a month's end, the newest month first, of all projects or of one (unit, code), with what came of it."""
    return store.ask(
        """
        from explained_on($as_of, $known_at)
        where $unit::text is null or (unit_code = $unit and project_code = $code)
        order by month desc, unit_code, project_code""",
        {"as_of": as_of, "known_at": known_at, "unit": project[0] if project else None, "code": project[1] if project else None},
    )
