-- A budget that is blank or zero gives no execution rate.
select row, 'budget' as column_name, budget as value, project_name
from arrived_projects
where coalesce(budget, 0) <= 0
