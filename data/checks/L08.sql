-- A budget that is blank or zero gives no execution rate.
select row, 'budget' as column_name, budget as value, project_name,
    unit_code, project_code, case when contains(place, ' ') then place end as place
from arrived_projects
where coalesce(budget, 0) <= 0
