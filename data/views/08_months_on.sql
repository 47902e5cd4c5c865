-- What was spent on each project by the end of each month, and what was reported?
-- Twelve rows a project, in yuan. spent is the last officially known total, null before the first
-- report; missing counts months without a report since January or the last cumulative figure.
create or replace temp macro months_on(known_at) as table
with grid as (
    select fiscal_year, unit_code, project_code, unnest(range(1, 13))::integer as month
    from plans_on(known_at)
),
anchored as (
    select
        grid.*,
        batch,
        amount,
        amount is not null as reported,
        max(case when cumulative then month end) over upto as anchor,
        max(case when amount is not null then month end) over upto as last_reported
    from grid
    left join paid_on(known_at) using (fiscal_year, unit_code, project_code, month)
    window upto as (partition by fiscal_year, unit_code, project_code order by month)
),
summed as (
    select
        *,
        case when last_reported is not null then
            (sum(coalesce(amount, 0)) over since_anchor)::decimal(18, 2)
        end as spent,
        (count(*) filter (not reported) over since_anchor)::integer as missing
    from anchored
    window since_anchor as (partition by fiscal_year, unit_code, project_code, anchor order by month)
)
select
    * exclude (amount),
    case when reported then
        (spent - coalesce(lag(spent) over by_month, 0))::decimal(18, 2)
    end as paid,
    case when not reported then 0 when anchor = month then month - coalesce(lag(last_reported) over by_month, 0) else 1 end as covers
from summed
window by_month as (partition by fiscal_year, unit_code, project_code order by month)
