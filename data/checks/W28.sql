-- Of a project that a newer document leaves out it must be said whether it has ended.
select
    'project_code' as column_name,
    project_code as value,
    project_code,
    project_name,
    unit_code,
    batch as known_batch
from left_out_projects
order by unit_code, project_code
