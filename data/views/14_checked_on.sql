-- How did each project stand at each checkpoint that a day has passed?
-- One row per project and checkpoint reached, by the budget and the plan of that month; turn 1 is the latest one.
create or replace temp macro checked_on(as_of, known_at) as table
select
    fiscal_year,
    unit_code,
    project_code,
    month,
    status,
    row_number() over (partition by fiscal_year, unit_code, project_code order by month desc)::integer as turn
from verdicts_on(known_at)
where fiscal_year = year(as_of::date) and month <= month(as_of::date) and due_month = month
