-- A project without a payment plan cannot be judged.
select row, 'checkpoints' as column_name, project_code as value, project_name,
    unit_code, project_code, case when contains(place, ' ') then place end as place
from arrived_projects
anti join arrived_checkpoints using (unit_code, project_code)
