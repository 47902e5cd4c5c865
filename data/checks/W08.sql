-- A name other than the plan's may mean another project.
select
    row,
    'project_name' as column_name,
    incoming.project_name as value,
    planned.project_name as expected,
    unit_code,
    project_code
from incoming
join planned using (fiscal_year, unit_code, project_code)
where incoming.project_name is not null
    and translate(regexp_replace(incoming.project_name, '\s', '', 'g'), '()', '（）')
        <> translate(regexp_replace(planned.project_name, '\s', '', 'g'), '()', '（）')
