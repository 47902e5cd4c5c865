-- Which unit has reported which month?
-- One row per unit of the plan and month: projects planned, projects reported, the batch that speaks.
create or replace temp macro reports_on(known_at) as table
select fiscal_year, unit_code, unit_name, month, projects, reported, batch from sums_on(known_at)
