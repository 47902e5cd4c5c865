-- How does each indicator stand at a month's end?
-- One row per indicator of the year's plans. due is what is due of a count at the project's own last checkpoint, else the whole
-- target; null without a payment plan. completion is 1 where all of it is done; over a limit it falls to 0 at twice the limit.
-- computed is what the value says, status the same, or what a person lowered it to.
create or replace temp macro indicators_on(as_of, known_at) as table
with told as (
    select
        said.*, rule.slightly_behind, rule.behind,
        is_growing(comparator, target_value, target_unit, level3) as is_count,
        case when month(as_of::date) = 12 then 1 else due_share end as share
    from results_on(as_of, known_at) as said
    left join due_on(known_at) as plan
        on plan.fiscal_year = said.fiscal_year and plan.unit_code = said.unit_code
        and plan.project_code = said.project_code and plan.month = month(as_of::date)
    cross join rules_on(known_at) as rule
),
asked as (
    select
        *,
        case when is_count then due_part(target_value, target_unit, share) else target_value end as due,
        comparator in ('≤', '<') or (comparator = '=' and reached > target_value) as is_limit
    from told
),
measured as (
    select
        *,
        if(is_limit, 2 * target_value - reached, reached)::decimal(22, 4) as done,
        if(is_limit, target_value, due) as base
    from asked
),
judged as (
    select *, result_status(grade, comparator, target_value, reached, is_count, is_limit, due, done, base, slightly_behind, behind)
        as computed
    from measured
)
select
    judged.* exclude (slightly_behind, behind, share, is_limit, done, base),
    share_of(done, base) as completion,
    if(gravity(computed) between 1 and gravity(worse.status) - 1, worse.status, computed) as status,
    computed in ('met', 'not_due') and coalesce(not is_reached(comparator, target_value, expected), false) as at_risk,
    worse.status as lowered, worse.reason as lowered_why, worse.recorded_by as lowered_by, worse.act as lowered_act
from judged
left join lowered_on(as_of, known_at) as worse using (unit_code, project_code, position, level3, target)
