-- The same project, month, source and voucher must not stand in a file twice.
with ranked as (
    select
        row,
        project_code,
        unit_code,
        first_value(row) over (
            partition by fiscal_year, month, unit_code, project_code, fund, voucher, others order by row
        ) as first_row
    from incoming
)
select row, 'project_code' as column_name, project_code as value, project_code, unit_code, first_row
from ranked
where row > first_row
