-- One file says one kind of figure for a project and month.
select
    min(row) as row,
    'figure' as column_name,
    project_code as value,
    unit_code,
    project_code
from incoming
group by fiscal_year, month, unit_code, project_code
having count(distinct figure) > 1
