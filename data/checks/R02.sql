-- A project's spending must be filed under the unit that plans it.
with elsewhere as (
    select row, fiscal_year, project_code, unit_code
    from arrived
    anti join planned using (fiscal_year, project_code, unit_code)
    where unit_code is not null
)
select
    row,
    'unit_code' as column_name,
    elsewhere.unit_code as value,
    project_code,
    string_agg(planned.unit_code || ' ' || planned.unit_name, ' / ' order by planned.unit_code) as expected
from elsewhere
join planned using (fiscal_year, project_code)
group by row, elsewhere.unit_code, project_code
