-- Fiscal and other funds should add up to the budget.
select
    row,
    'budget' as column_name,
    budget as value,
    (fiscal_funds + coalesce(other_funds, 0))::text as expected,
    project_name,
    unit_code,
    project_code,
    case when contains(place, ' ') then place end as place
from arrived_projects
where fiscal_funds is not null and fiscal_funds + coalesce(other_funds, 0) <> budget
