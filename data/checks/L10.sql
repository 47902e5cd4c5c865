-- The same code under two units is two projects or a mistake.
select max(row) as row, 'project_code' as column_name, project_code as value, string_agg(unit_code, ', ' order by unit_code) as units
from arrived_projects
group by project_code
having count(distinct unit_code) > 1
