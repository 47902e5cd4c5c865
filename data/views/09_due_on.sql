-- What part of each project's budget is due by the end of each month?
-- Twelve rows a project with a plan. due_share is the last checkpoint's (0 before the first); the
-- straight line through the checkpoints is line / span, kept apart so that comparisons stay exact.
-- The plan is the one in force at that month's end; *_written are the amounts of a plan written in amounts.
create or replace temp macro due_on(known_at) as table
with legs as (
    select
        * exclude (month, share, amount),
        month as to_month,
        share as to_share,
        amount as to_amount,
        coalesce(lag(month) over along, 0) as last_month,
        coalesce(lag(share) over along, 0)::decimal(9, 6) as last_share,
        lag(amount) over along as last_amount,
        lead(month) over along as after_month,
        lead(share) over along as after_share,
        lead(amount) over along as after_amount
    from schedules_on(known_at)
    window along as (partition by fiscal_year, unit_code, project_code, version order by month)
),
months as (
    select legs.*, unnest(range(last_month + 1, to_month + 1))::integer as month from legs
    union all
    select legs.*, unnest(range(to_month + 1, 13))::integer as month from legs where after_month is null
)
select
    fiscal_year,
    unit_code,
    project_code,
    month,
    case when month >= to_month then to_share else last_share end as due_share,
    case when month >= to_month then to_amount else last_amount end as due_written,
    case when month >= to_month then to_month when last_month > 0 then last_month end as due_month,
    case when month < to_month then to_share when month = to_month then after_share end as next_share,
    case when month < to_month then to_amount when month = to_month then after_amount end as next_written,
    case when month < to_month then to_month when month = to_month then after_month end as next_month,
    greatest(to_month - last_month, 1)::integer as span,
    case
        when month >= to_month then to_share * greatest(to_month - last_month, 1)
        else last_share * (to_month - last_month) + (to_share - last_share) * (month - last_month)
    end::decimal(9, 6) as line
from months
where month between from_month and until_month
