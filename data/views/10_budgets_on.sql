-- What is each project's budget on a day: as planned and after adjustments in force?
-- One row per project, in yuan; current_budget is null where the plan's budget is blank.
create or replace temp macro budgets_on(as_of, known_at) as table
with changed as (
    select fiscal_year, unit_code, project_code, sum(amount) as change
    from adjustments_on(known_at)
    where effective_on <= as_of::date
    group by all
)
select
    plan.*,
    (budget + coalesce(change, 0))::decimal(18, 2) as current_budget
from plans_on(known_at) as plan
left join changed using (fiscal_year, unit_code, project_code)
where fiscal_year = year(as_of::date);

-- What is each project's budget at each month's end, as planned and after the adjustments in force then?
-- Twelve rows per project, in yuan.
create or replace temp macro monthly_budgets_on(known_at) as table
with grid as (
    select fiscal_year, unit_code, unit_name, project_code, project_name, budget, unnest(range(1, 13))::integer as month
    from plans_on(known_at)
),
changed as (
    select grid.fiscal_year, unit_code, project_code, grid.month, sum(amount) as change
    from grid
    join adjustments_on(known_at) as known using (fiscal_year, unit_code, project_code)
    where effective_on <= last_day(make_date(grid.fiscal_year, grid.month, 1))
    group by all
)
select
    grid.*,
    (budget + coalesce(change, 0))::decimal(18, 2) as current_budget
from grid
left join changed using (fiscal_year, unit_code, project_code, month)
