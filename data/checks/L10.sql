-- The same code under two units is two projects or a mistake.
select
    max(row) as row,
    'project_code' as column_name,
    project_code as value,
    string_agg(unit_code, ', ' order by unit_code) as units,
    arg_max(unit_code, row) as unit_code,
    project_code,
    case when contains(arg_max(place, row), ' ') then arg_max(place, row) end as place
from arrived_projects
group by project_code
having count(distinct unit_code) > 1
