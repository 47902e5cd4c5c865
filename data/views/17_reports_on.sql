-- Which unit has reported which month?
-- One row per unit of the plan and month: projects planned, projects reported, the batch that speaks.
create or replace temp macro reports_on(known_at) as table
select
    fiscal_year,
    unit_code,
    min(unit_name) as unit_name,
    month,
    count(*)::integer as projects,
    count(*) filter (reported)::integer as reported,
    max(batch) as batch
from verdicts_on(known_at)
group by fiscal_year, unit_code, month
