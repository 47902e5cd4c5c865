"""Follow-up notices (督办单): numbered within the year, kept with what was known when they were issued, and their answers."""

from datetime import date
from typing import Any

from data import journal, lagging, queries
from data.acting import ActError, acting
from data.calendar import month_end
from data.database import Rows, Store, append, ask, real

# The ladder, from the mildest step to the hardest.
LEVELS = ("remind", "circular", "talk", "rectify")


def issue(store: Store, as_of: date, unit: str, told: dict[str, Any], person: str) -> int:
    """Issue a notice to a unit on its lagging projects at a month's end; its number within the year.

    `told` has level, deadline (a day after today) and today. ActError where the unit has no lagging project, or for a level
    or deadline that cannot be.
    """
    today = told.get("today") or journal.now().date()
    if told["level"] not in LEVELS:
        raise ActError("act.notice_level", level=told["level"])
    if told["deadline"] <= today:
        raise ActError("act.notice_deadline", today=today)
    projects = [row["project_code"] for row in lagging.listed(store, as_of, units=(unit,))["rows"]]
    if not projects:
        raise ActError("act.notice_none", unit=unit, month=f"{as_of:%Y-%m}")
    with acting(store, person) as (cursor, record):
        newest = ask(cursor, f"select max(number) as number from {real(cursor, 'notices')} where fiscal_year = $year", {"year": as_of.year})
        number = (newest[0]["number"] or 0) + 1
        facts = {"number": number, "unit_code": unit, "level": told["level"], "deadline": told["deadline"]}
        stamp = record("notice", None, {**facts, "as_of": f"{as_of:%Y-%m}", "projects": projects, "today": today})
        append(cursor, "notices", [{**facts, "fiscal_year": as_of.year, "month": as_of.month, "reported_on": today, **stamp}])
    return number


def answer(store: Store, year: int, number: int, text: str, person: str, today: date | None = None) -> None:
    """Record what the unit answered to a notice. ActError for an unknown notice or no text."""
    if not text.strip():
        raise ActError("act.reason")
    notice(store, year, number)
    with acting(store, person) as (cursor, record):
        stamp = record("reply", None, {"fiscal_year": year, "number": number, "text": text, "today": today})
        row = {"fiscal_year": year, "number": number, "answer": text.strip(), "reported_on": today or journal.now().date()}
        append(cursor, "notice_answers", [{**row, **stamp}])


def listed(store: Store, year: int) -> Rows:
    """The notices of a year, the newest first, each with its unit's name, how long it is open, and its newest answer."""
    return store.ask(
        """
        with answered as (
            select fiscal_year, number, arg_max(answer, act) as answer, arg_max(recorded_by, act) as answered_by,
                min(recorded_at) as first_answered, max(recorded_at) as answered_at
            from notice_answers group by all
        )
        select notices.*, unit_name, answer, answered_by, answered_at, first_answered
        from notices
        left join (select fiscal_year, unit_code, min(unit_name) as unit_name from plans_on(null) group by all) as units
            using (fiscal_year, unit_code)
        left join answered using (fiscal_year, number)
        where fiscal_year = $year order by number desc""",
        {"year": year},
    )


def notice(store: Store, year: int, number: int) -> dict[str, Any]:
    """One notice; ActError where there is none of that number."""
    found = [row for row in listed(store, year) if row["number"] == number]
    if not found:
        raise ActError("act.no_notice", number=f"{year}-{number}")
    return found[0]


def facts(store: Store, year: int, number: int) -> dict[str, Any]:
    """All that a notice says, as it was known when it was issued: the notice, the unit's lagging projects, rules, coverage.

    `earlier` are the notices that the unit had been sent while this lag lasts, oldest first; one not answered by then has no answer.
    """
    row = notice(store, year, number)
    as_of, known_at = month_end(row["fiscal_year"], row["month"]), row["recorded_at"]
    projects = lagging.listed(store, as_of, known_at, units=(row["unit_code"],))["rows"]
    since = min((project["since"] for project in projects if project["since"]), default=row["month"])
    sent = [one for one in reversed(listed(store, year)) if one["unit_code"] == row["unit_code"] and one["number"] < number]
    earlier = [
        one if one["answer"] and one["first_answered"] <= known_at else {**one, "answer": None}
        for one in sent
        if since <= one["month"] < row["month"]
    ]
    return {"notice": row, "projects": projects, "earlier": earlier, "about": queries.export_facts(store, as_of, known_at)}
