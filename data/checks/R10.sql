-- A code that two units plan needs its unit said.
select
    arrived.row,
    'project_code' as column_name,
    arrived.project_code as value,
    arrived.project_code as project_code,
    string_agg(planned.unit_code || ' ' || planned.unit_name, ' / ' order by planned.unit_code) as expected
from arrived
join planned using (fiscal_year, project_code)
where arrived.unit_code is null
group by arrived.row, arrived.project_code
having count(*) > 1
