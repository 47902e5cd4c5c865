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
where plan.fiscal_year = year(as_of::date);

-- What share of its budget have a quarter, half and three quarters of the projects that pay like this one spent?
-- One row per reported project with a budget; of all of them where fewer than four are alike.
create or replace temp macro pools_on(as_of, known_at) as table
with kinds as (
    select alike.*, spent_share
    from progress_on(as_of, known_at) as progress
    join alike_on(as_of, known_at) as alike using (fiscal_year, unit_code, project_code)
    where reported and current_budget > 0
),
pools as (
    select kind, count(*) as members, quantile_disc(spent_share, [0.25, 0.5, 0.75]) as quartiles
    from kinds
    group by grouping sets ((kind), ())
)
select kinds.*, case when own.members >= 4 then own.quartiles else everyone.quartiles end as quartiles
from kinds
join pools as own on own.kind = kinds.kind
cross join (select quartiles from pools where kind is null) as everyone
