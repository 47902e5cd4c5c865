-- Spending must belong to a project of that year's plan; the nearest code is offered.
select
    arrived.row,
    'project_code' as column_name,
    arrived.project_code as value,
    (
        select project_code || ' ' || project_name
        from planned
        where planned.fiscal_year = arrived.fiscal_year
        order by damerau_levenshtein(planned.project_code, arrived.project_code), project_code
        limit 1
    ) as expected,
    arrived.fiscal_year as year
from arrived
anti join planned using (fiscal_year, project_code)
