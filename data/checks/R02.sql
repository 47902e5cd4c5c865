-- A project's spending must be filed under the unit that plans it.
select
    arrived.row,
    'unit_code' as column_name,
    arrived.unit_code as value,
    any_value(arrived.project_code) as project_code,
    string_agg(planned.unit_code || ' ' || planned.unit_name, ' / ') as expected
from arrived
join planned using (fiscal_year, project_code)
where arrived.unit_code is not null
group by arrived.row, arrived.unit_code
having not bool_or(planned.unit_code = arrived.unit_code)
