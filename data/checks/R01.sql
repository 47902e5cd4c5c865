-- Spending must belong to a project of that year's plan.
select
    row,
    'project_code' as column_name,
    arrived.project_code as value,
    arrived.project_code,
    project_name as name,
    arrived.fiscal_year as year
from arrived
anti join planned using (fiscal_year, project_code)
where arrived.fiscal_year = (select fiscal_year from told)
