"""What may still come: the range of each project and of all, whether the next checkpoint can be reached, how earlier ranges did."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from data import queries
from data.calendar import month_end
from data.database import Rows, Store

DECEMBER = 12
RANGE = ("low", "middle", "high")
REACHABLE, STRAINED, HARDLY = "reachable", "strained", "hardly"
# A pace up to a tenth above the recent one is still the same pace.
SAME_PACE = Decimal("1.1")


def forecast(store: Store, as_of: date, to_month: int = DECEMBER, known_at: queries.Moment = None) -> Rows:
    """The range of each reported project at the end of a later month: low, middle, high and what stays unspent, in yuan."""
    return store.ask(
        "from forecast_on($as_of, $known_at, [$month]) order by unit_code, project_code",
        {"as_of": as_of, "known_at": known_at, "month": to_month},
    )


def whole(rows: Rows) -> dict[str, Any]:
    """The ranges of all projects added up, as if all went low or all went high together; None without any."""
    names = ("current_budget", "spent", "low", "middle", "high", "unspent_low", "unspent_high")
    sums = {name: sum((row[name] for row in rows), Decimal(0)) if rows else None for name in names}
    return {**sums, "projects": len(rows)}


def points(store: Store, as_of: date, known_at: queries.Moment = None, project: tuple[str, str] | None = None) -> Rows:
    """The range from a month on: the present, the next checkpoint's month and December, of one project (unit, code) or of all.

    Each point has month, low, middle and high. Empty where not every project that counts has reported, or the year is over.
    """
    of_project = {"as_of": as_of, "known_at": known_at, "unit": project[0] if project else None, "code": project[1] if project else None}
    now = store.ask(
        f"""
        select count(*) as projects, bool_and(reported or coalesce(current_budget, 0) = 0) as is_whole,
            coalesce(sum(spent), 0)::decimal(18, 2) as spent, min(next_month) filter (next_month > month($as_of::date)) as next_month
        from progress_on($as_of, $known_at) where {_OF_PROJECT}""",
        of_project,
    )[0]
    if as_of.month >= DECEMBER or not now["projects"] or not now["is_whole"]:
        return []
    months = sorted({now["next_month"] or DECEMBER, DECEMBER})
    sums = store.ask(
        f"""
        select target_month as month, sum(low)::decimal(18, 2) as low, sum(middle)::decimal(18, 2) as middle,
            sum(high)::decimal(18, 2) as high
        from forecast_on($as_of, $known_at, $months) where {_OF_PROJECT}
        group by target_month order by target_month""",
        {**of_project, "months": tuple(months)},
    )
    # Without a project that has reported and has a budget there is no range.
    return [{"month": as_of.month, **dict.fromkeys(RANGE, now["spent"])}, *sums] if sums else []


_OF_PROJECT = "$unit::text is null or (unit_code = $unit and project_code = $code)"


def reach(row: dict[str, Any], as_of: date, pace: Decimal) -> str | None:
    """Whether a project's next checkpoint can be reached at its recent pace: reachable, strained or hardly.

    `row` is one of progress, `pace` the rule's factor of early warning. None where no checkpoint follows, the month is not
    reported or no month of late is: what is not known is no slow pace.
    """
    needed, month = row["needed_to_next"], row["next_month"]
    if needed is None or month is None or month <= as_of.month or not row["reported"]:
        return None
    if needed == 0:
        return REACHABLE
    if row["recent_monthly"] is None:
        return None
    recent = max(row["recent_monthly"], Decimal(0)) * (month - as_of.month)
    if needed <= recent * SAME_PACE:
        return REACHABLE
    return STRAINED if needed <= recent * pace else HARDLY


def likelihood(row: dict[str, Any] | None) -> str | None:
    """Whether a project's budget will be spent, by its range at the year's end: certain where the middle gets there, possible
    where only the high end does, impossible where not even that; None without a range."""
    if row is None:
        return None
    return "certain" if row["middle"] >= row["current_budget"] else "possible" if row["high"] >= row["current_budget"] else "impossible"


def scoreboard(store: Store, as_of: date, known_at: queries.Moment = None) -> Rows:
    """How the ranges of each earlier month of the year, from what was known when its reports were due, met what was spent by this one.

    `origin` is the month, `projects` how many could be compared, `within` how many lay in their range, `error` the sum of
    the distances of the middles from what was spent, as a share of that sum. `then_known` is False where nothing of the month
    was known in its time, so that the range rests on what is known now.
    """
    report_day = int(queries.rules(store, known_at)["report_day"])
    found = []
    for month in range(1, as_of.month):
        moment = reports_due(month_end(as_of.year, month), report_day)
        facts = {"as_of": as_of, "known_at": known_at, "origin": month_end(as_of.year, month)}
        met = store.ask(_MET, {**facts, "then": min(moment, known_at or moment)})[0]
        then_known = bool(met["ranges"])
        if not then_known:
            met = store.ask(_MET, {**facts, "then": known_at})[0]
        if met["projects"]:
            told = {"projects": met["projects"], "within": met["within"]}
            error = met["missed"] / met["spent"] if met["spent"] else None
            found.append({"origin": month, **told, "error": error, "then_known": then_known})
    return found


_MET = """
    select count(*) as ranges, count(now.spent) as projects, count(*) filter (now.spent between low and high) as within,
        sum(abs(middle - now.spent)) as missed, sum(now.spent) as spent
    from forecast_on($origin, $then, [month($as_of::date)]) as range
    left join (from progress_on($as_of, $known_at) where reported) as now using (fiscal_year, unit_code, project_code)"""


def reports_due(month: date, report_day: int) -> datetime:
    """The end of the day of the next month until which a month should be reported, in UTC without a zone."""
    following = month + timedelta(days=1)
    day = following.replace(day=min(max(report_day, 1), month_end(following.year, following.month).day))
    return datetime.combine(day, time.max).astimezone(UTC).replace(tzinfo=None)
