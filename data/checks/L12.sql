-- A code whose check character does not hold may be mistyped, or comes from elsewhere.
select row, 'project_code' as column_name, project_code as value, project_name,
    unit_code, project_code, case when contains(place, ' ') then place end as place
from arrived_projects
where not closes and project_code <> project_name
