-- What part of each project's budget is due by the end of each month?
-- Twelve rows a project with a plan. due_share is the last checkpoint's (0 before the first); the
-- straight line through the checkpoints is line / span, kept apart so that comparisons stay exact.
create or replace temp macro due_on(known_at) as table
with points as (
    select fiscal_year, unit_code, project_code, month as to_month, share as to_share
    from checkpoints
    join plans_on(known_at) using (batch, fiscal_year, unit_code, project_code)
),
legs as (
    select
        *,
        coalesce(lag(to_month) over along, 0) as from_month,
        coalesce(lag(to_share) over along, 0)::decimal(9, 6) as from_share,
        lead(to_month) over along as after_month,
        lead(to_share) over along as after_share
    from points
    window along as (partition by fiscal_year, unit_code, project_code order by to_month)
),
months as (
    select legs.*, unnest(range(from_month + 1, to_month + 1))::integer as month from legs
    union all
    select legs.*, unnest(range(to_month + 1, 13))::integer as month from legs where after_month is null
)
select
    fiscal_year,
    unit_code,
    project_code,
    month,
    case when month >= to_month then to_share else from_share end as due_share,
    case when month >= to_month then to_month when from_month > 0 then from_month end as due_month,
    case when month < to_month then to_share when month = to_month then after_share end as next_share,
    case when month < to_month then to_month when month = to_month then after_month end as next_month,
    greatest(to_month - from_month, 1)::integer as span,
    case
        when month >= to_month then to_share * greatest(to_month - from_month, 1)
        else from_share * (to_month - from_month) + (to_share - from_share) * (month - from_month)
    end::decimal(9, 6) as line
from months
