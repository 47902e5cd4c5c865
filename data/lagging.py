"""The lagging list as a working paper: each project with its streak, the word said at the month and the newest promise."""

from datetime import date
from typing import Any

from data.database import Rows, Store
from data.queries import Moment, among

# Of the units that owe reasons a sentence names the first few.
NAMED = 3
# Of the projects beside the list it names the first few.
NAMES = 8

# More than any store has.
ALL = 1_000_000_000
# Of the projects beside the list an export lists those that need most by their next checkpoint.
MOST_WATCHED = 2000


# The rows of a source as `chased`, with the word said at the month and the newest promise. Where nothing was said at this month,
# `cause` and what follows are null; `promise_month`, `promise`, `promise_due`, `paid_since`, `outcome` and `kept_share` are of the
# newest promise made before or at it. `trend`: first, lasting, recovered.
_CHASE = """
with words as materialized (from explained_on($as_of, $known_at)),
promises as (
    select * exclude (cause, reason, measure, responsible, repeated) from words where promised > 0
    qualify row_number() over (partition by unit_code, project_code order by month desc) = 1
),
chased as (
    select
        found.*, now.cause, now.reason, now.measure, now.responsible, now.repeated,
        promises.month as promise_month, promises.promised as promise, promises.due_month as promise_due,
        promises.paid_since, promises.outcome, promises.kept_share,
        case when streak = 1 then 'first' when streak > 1 then 'lasting' when recovered and is_judged(status) then 'recovered' end
            as trend
    from {source} as found
    left join words as now
        on now.unit_code = found.unit_code and now.project_code = found.project_code and now.month = month($as_of::date)
    left join promises
        on promises.unit_code = found.unit_code and promises.project_code = found.project_code
)
"""


_BEHIND = "behind_on($as_of, $known_at)"
_CHASED = _CHASE.format(source=_BEHIND)

# Where the list looks, whatever the status.
_PLACED = """(len($units::text[]) = 0 or list_contains($units::text[], unit_code))
        and not list_contains($not_units::text[], unit_code)
        and not list_contains($not_projects::text[], project_code)"""

# A page of so many projects is looked up by their codes; of more, all that lag are looked at.
FEW, TRIES = 200, 3
_ORDER = "if($grouped, unit_code, ''), size, name, gap_amount, project_code, unit_code"
_CHOSEN = f"""
with said as (select unit_code, project_code, cause from said_on($as_of, $known_at) where month = month($as_of::date)),
-- All that fit, with no more of each than choosing, ordering and summing take.
fitting as materialized (
    select unit_code, unit_name, project_code, gap_amount, current_budget, needed_to_next, follow_up, cause,
        case $sort when 'money' then gap_amount when 'percent' then gap_share end as size,
        if($sort = 'name', coalesce(project_name, ''), '') as name
    from {_BEHIND}
    left join said using (unit_code, project_code)
    where {_PLACED}
        and (len($statuses::text[]) = 0 or list_contains($statuses::text[], status))
        and (len($causes::text[]) = 0 or list_contains($causes::text[], coalesce(cause, 'none')))
        and not list_contains($not_causes::text[], coalesce(cause, 'none'))
        and -gap_amount >= $gate and (follow_up or not $follow)
        and ($find = '' or contains(lower(concat_ws(' ', project_name, project_code, unit_name, unit_code)), lower($find)))
),
page as materialized (
    select unit_code, project_code, gap_amount, size, name from fitting order by {_ORDER} limit $most offset $start
),
of_units as (
    select unit_code, min(unit_name) as unit_name, count(*) as projects, sum(gap_amount)::decimal(18, 2) as gap_amount,
        sum(current_budget)::decimal(18, 2) as current_budget, sum(needed_to_next)::decimal(18, 2) as needed_to_next
    from fitting where $grouped and unit_code in (select unit_code from page) group by unit_code
),
owing as (select unit_code, min(unit_name) as unit_name, count(*) as projects from fitting where cause is null group by unit_code)
select
    count(*) as projects, coalesce(sum(gap_amount), 0)::decimal(18, 2) as gap_amount, count(distinct unit_code) as unit_count,
    coalesce(sum(current_budget), 0)::decimal(18, 2) as current_budget,
    coalesce(sum(needed_to_next), 0)::decimal(18, 2) as needed_to_next,
    count(*) filter (follow_up) as follow_up, count(*) filter (cause is null) as silent,
    (select list(page order by {_ORDER}) from page) as page,
    (select list(of_units order by unit_code) from of_units) as units,
    (select count(*) from owing) as owing_units,
    (select list(owing order by projects desc, unit_code)[:{NAMED}] from owing) as owing
from fitting
"""
EVERYTHING: dict[str, Any] = {
    **dict.fromkeys(("units", "statuses", "causes", "not_units", "not_projects", "not_causes"), ()),
    **{"gate": 0, "follow": False, "find": "", "sort": "money", "grouped": False},
}


def chased(store: Store, as_of: date, known_at: Moment = None) -> Rows:
    """Every lagging project, the largest gap in money first."""
    return store.ask(f"{_CHASED} from chased order by gap_amount, project_code", {"as_of": as_of, "known_at": known_at})


def listed(store: Store, as_of: date, known_at: Moment = None, page: tuple[int, int | None] = (0, None), **wanted: Any) -> dict[str, Any]:
    """The lagging projects that are wanted (as a Selection says), `rows` from a place on and at most so many, and sums of all of them.

    `projects`, `gap_amount`, `current_budget`, `needed_to_next`, `follow_up` and `silent` (without a reason) are of all that fit,
    `units` the sums of the units on the page where they are grouped, `owing` some of the `owing_units` that owe reasons.
    """
    most = ALL if page[1] is None else page[1]
    asked = {**EVERYTHING, **wanted, "as_of": as_of, "known_at": known_at, "start": page[0], "most": most}
    for _ in range(TRIES):
        found = store.ask(_CHOSEN, asked)[0]
        page = found.pop("page") or []
        known = _whole(store, as_of, known_at, page)
        rows = [known.get((row["unit_code"], row["project_code"]), {}) for row in page]
        # Else an act has come between the two questions.
        if [row.get("gap_amount") for row in rows] == [row["gap_amount"] for row in page]:
            break
    return {**found, "rows": [row for row in rows if row], **{name: found[name] or [] for name in ("units", "owing")}}


def _whole(store: Store, as_of: date, known_at: Moment, page: Rows) -> dict[tuple[str, str], dict[str, Any]]:
    """The whole rows of a page's projects, and perhaps of others, by unit and code."""
    if not page:
        return {}
    condition, codes = ("true", {}) if len(page) > FEW else among("project_code", {row["project_code"] for row in page})
    question = _CHASE.format(source=f"(from {_BEHIND} where {condition})") + "from chased"
    rows = store.ask(question, {"as_of": as_of, "known_at": known_at, **codes})
    return {(row["unit_code"], row["project_code"]): row for row in rows}


def followed(store: Store, as_of: date, known_at: Moment = None) -> Rows:
    """Each unit with projects on the formal list: how many, their gap, and the longest lag in months with the month it began."""
    return store.ask(
        f"""
        {_CHASED}
        select unit_code, min(unit_name) as unit_name, count(*) as projects, sum(gap_amount)::decimal(18, 2) as gap_amount,
            max(coalesce(streak, 0)) as streak, min(coalesce(since, month($as_of::date))) as since
        from chased where follow_up group by unit_code""",
        {"as_of": as_of, "known_at": known_at},
    )


def unexplained(store: Store, as_of: date, unit: str | None = None, most: int | None = None) -> dict[str, Any]:
    """How many lagging projects, of all units or one, have no reason at this month, and whose; see `listed`."""
    return listed(store, as_of, page=(0, most), units=(unit,) if unit else (), causes=("none",))


def beside(store: Store, as_of: date, known_at: Moment = None, **place: Any) -> Rows:
    """What stands beside the list: the projects on plan that are at risk, and those that lagged when last judged before and lag no more.

    A row for each `kind` that there is, at_risk and recovered, with its `count` and the first of the `names`; `place` is where to
    look: units, not_units, not_projects.
    """
    return store.ask(_BESIDE, {**{name: () for name in _PLACE}, **place, "as_of": as_of, "known_at": known_at})


def watched(store: Store, as_of: date, known_at: Moment = None, **place: Any) -> Rows:
    """The projects that `beside` counts, each once, as in the working paper; those that need most by their next checkpoint first."""
    return store.ask(_WATCHED, {**{name: () for name in _PLACE}, **place, "as_of": as_of, "known_at": known_at})


_PLACE = ("units", "not_units", "not_projects")
_ALL = "(select *, next_month - month($as_of::date) as months_left, false as follow_up from progress_on($as_of, $known_at))"
_WATCHED = f"""
{_CHASE.format(source=_ALL)}
from chased where (at_risk or trend = 'recovered') and {_PLACED}
order by needed_to_next desc nulls last, project_code, unit_code limit {MOST_WATCHED}"""
_BESIDE = f"""
with placed as (
    from progress_on($as_of, $known_at)
    where {_PLACED}
),
told as (
    select 'at_risk' as kind, unit_code, project_code, project_name from placed where at_risk
    union all
    select 'recovered' as kind, unit_code, project_code, project_name
    from placed where recovered and is_judged(status)
)
select kind, count(*) as count, list(coalesce(project_name, project_code) order by unit_code, project_code)[:{NAMES}] as names
from told group by kind order by kind"""
