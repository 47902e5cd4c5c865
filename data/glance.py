"""What a month comes to at a glance, however many projects there are: the answer is as short at any size."""

from datetime import date
from typing import Any

from data.calendar import month_before
from data.database import Rows, Store
from data.queries import Moment, checkpoints

# As many as a person can read: bars and circles of single projects, squares of units, names of units in a sentence.
BARS, DOTS, SQUARES, NAMES = 16, 40, 12, 3

_GLANCE = """
with now as {held} (from progress_on($as_of, $known_at)),
-- Narrow, since it is read several times.
every as materialized (
    select unit_code, project_code, gap_amount, current_budget, coalesce(is_lagging(status), false) as lags from now
),
earlier as (
    select unit_code, project_code from progress_on($before::date, $known_at) where is_lagging(status)
),
turned as (
    select
        (select count(*) from every) as projects,
        (select count(*) from every where lags) - count(*) filter (lags) as new,
        count(*) filter (gap_amount is not null and not lags) as recovered
    from every join earlier using (unit_code, project_code)
),
lagging as (
    select gap_amount, sum(gap_amount) over (order by gap_amount rows unbounded preceding) - gap_amount as larger from every where lags
),
whole as (select sum(gap_amount) * 0.8 as most from every where lags),
-- The largest shortfalls that together make up four fifths of all.
held as (
    select count(*) as lagging, sum(gap_amount) as shortfall, count(*) filter (larger > most) as main,
        sum(gap_amount) filter (larger > most) as main_gap
    from lagging cross join whole
),
foremost as (
    select project_name as first from now where is_lagging(status) order by gap_amount, unit_code, project_code limit 1
),
furthest as (
    from now order by gap_amount nulls last, current_budget desc nulls last, unit_code, project_code limit $bars
),
dots as (
    from now where gap_amount is not null and current_budget > 0 order by abs(gap_amount) desc, unit_code, project_code limit $dots
),
-- All that have a place, without the dots.
rest as (
    select unit_code, 1 as projects, gap_amount, current_budget from every where gap_amount is not null and current_budget > 0
    union all
    select unit_code, -1, -gap_amount, -current_budget from dots
),
squares as (
    select unit_code, sum(projects)::integer as projects, sum(gap_amount)::decimal(18, 2) as gap_amount,
        sum(current_budget)::decimal(18, 2) as current_budget
    from rest group by unit_code having sum(projects) > 0 order by abs(sum(gap_amount)) desc, unit_code limit $squares
),
units as (
    select unit_code, unit_name, reported < projects as is_silent from sums_on($known_at)
    where fiscal_year = year($as_of::date) and month = month($as_of::date)
),
shown as (
    select unit_code, unit_name, projects, gap_amount, current_budget, share_of_money(gap_amount, current_budget) as gap_share
    from squares join units using (unit_code)
),
steps as (
    select distinct next_month as month, next_share as share from now where due_share is not null order by all limit 2
),
silent as (select unit_code, unit_name from units where is_silent),
-- Joined few at a time: the order of many joins is looked for among all that there are, which takes longer than all the rest.
told as materialized (from held, turned),
listed as materialized (
    select
        (select count(*) from every where gap_amount is not null and current_budget > 0) as placed,
        (select list(furthest order by gap_amount nulls last, current_budget desc nulls last, unit_code, project_code)
            from furthest) as furthest,
        (select list(dots order by abs(gap_amount) desc, unit_code, project_code) from dots) as dots,
        (select list(shown order by abs(gap_amount) desc, unit_code) from shown) as squares
),
named as materialized (
    select
        (select list(steps) from steps) as steps,
        (select first from foremost) as first,
        (select count(*) from silent) as silent,
        (select list(unit_name) from (from silent order by unit_code limit $names)) as silent_names
)
from told, listed, named
"""


def glance(store: Store, as_of: date, known_at: Moment = None) -> dict[str, Any]:
    """What pages, wall and briefing say of a month: `lagging` projects and their `shortfall`, of which the `main` largest make up
    `main_gap`, the `first` by its name; how many are `new` or `recovered` since `before`, the month before (None in January).

    `furthest` are the projects furthest behind with the `points` of their plans, `dots` those with the largest gaps either way,
    `squares` the rest by unit, `steps` at most two next checkpoints, `silent` the units that still owe reports, some by name.
    """
    before = month_before(as_of)
    facts = {"as_of": as_of, "known_at": known_at, "before": before, "bars": BARS, "dots": DOTS, "squares": SQUARES, "names": NAMES}
    # What was known then is reckoned once and held; what stands now is read where it stands, the few widest rows last.
    found = store.ask(_GLANCE.format(held="not materialized" if known_at is None else "materialized"), facts)[0]
    lists = {name: found[name] or [] for name in ("furthest", "dots", "squares", "steps", "silent_names")}
    # Asked by itself: what names its projects is answered without the plans of all the others.
    points = checkpoints(store, as_of, known_at, [row["project_code"] for row in lists["furthest"]])
    known = {(row["unit_code"], row["project_code"]): row["points"] for row in points}
    lists["furthest"] = [{**row, "points": known.get((row["unit_code"], row["project_code"]), [])} for row in lists["furthest"]]
    return {**found, **lists, "before": before}


def units(store: Store, as_of: date, known_at: Moment, most: int) -> Rows:
    """The whole first (unit_code None), then its `units` in their order; where more than one is too many, those with the worst gaps."""
    return store.ask(
        """
        with told as (
            select *, count(unit_code) over () as units,
                row_number() over (order by unit_code is null, gap_amount nulls last, unit_code) as place
            from summary_on($as_of, $known_at)
        )
        select * exclude (place) from told where unit_code is null or units <= $most + 1 or place <= $most
        order by unit_code is not null, if(units <= $most + 1, 0, place), unit_code""",
        {"as_of": as_of, "known_at": known_at, "most": most},
    )


def silent(store: Store, as_of: date, known_at: Moment, most: int) -> Rows:
    """The units that owe reports up to a month, those that owe most first: their `months`, and `units` in all."""
    return store.ask(
        """
        select unit_code, min(unit_name) as unit_name, list(month order by month) as months, count(*) over () as units
        from reports_on($known_at)
        where fiscal_year = year($as_of::date) and month <= month($as_of::date) and reported < projects
        group by unit_code order by len(months) desc, unit_code limit $most""",
        {"as_of": as_of, "known_at": known_at, "most": most},
    )
