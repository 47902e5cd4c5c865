-- A project of the unit that the file leaves out is not reported, which is not zero.
-- Nobody can tell who is absent while a row has a code that cannot be read.
with reporting as (
    select distinct fiscal_year, unit_code, month from incoming
),
absent as (
    select reporting.*, project_code, project_name
    from reporting
    join planned using (fiscal_year, unit_code)
    anti join incoming using (fiscal_year, unit_code, project_code, month)
    anti join left_out using (project_code)
    anti join (select project_name from left_out where project_name is not null) as by_name using (project_name)
    where not exists (from left_out where project_code is null and project_name is null)
)
select
    'project_code' as column_name,
    project_code as value,
    project_code,
    any_value(project_name) as project_name,
    unit_code,
    string_agg(fiscal_year || '-' || lpad(month::text, 2, '0'), ', ' order by month) as months
from absent
group by unit_code, project_code
