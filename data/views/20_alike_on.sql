-- Which projects pay alike? Those of the same payment profile, of the others those with the same payment plan in force on a day.
-- One row per project; `kind` names the profile with its month, or month and share of each checkpoint, and is empty without a plan.
create or replace temp macro alike_on(as_of, known_at) as table
with shaped as (
    select fiscal_year, unit_code, project_code, string_agg(month || '=' || share, ' ' order by month) as shape
    from schedules_on(known_at)
    where fiscal_year = year(as_of::date) and month(as_of::date) between from_month and until_month
    group by all
)
select
    plan.fiscal_year,
    plan.unit_code,
    plan.project_code,
    case when profile is not null then profile || ' ' || coalesce(due_in, 0) else coalesce(shape, '') end as kind
from plans_on(known_at) as plan
left join shaped using (fiscal_year, unit_code, project_code)
left join profiles_on(known_at) as told using (fiscal_year, unit_code, project_code)
where plan.fiscal_year = year(as_of::date)
