-- A code whose check character does not hold may be mistyped, or comes from elsewhere.
select row, 'project_code' as column_name, project_code as value, project_name
from arrived_projects
where not closes
