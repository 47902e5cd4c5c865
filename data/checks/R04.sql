-- The same project, month, source and voucher must not stand in a file twice.
-- Looked for by a short number first: most files have no such row, and a million whole rows are much to compare.
with suspected as (
    from incoming
    where hash(fiscal_year, month, unit_code, project_code, fund, voucher, others) in (
        select hash(fiscal_year, month, unit_code, project_code, fund, voucher, others) as line
        from incoming group by line having count(*) > 1
    )
), twice as (
    select fiscal_year, month, unit_code, project_code, fund, voucher, others, min(row) as first_row
    from suspected
    group by all
    having count(*) > 1
)
select row, 'project_code' as column_name, incoming.project_code as value, incoming.project_code, incoming.unit_code, first_row
from suspected as incoming
join twice
    on incoming.fiscal_year = twice.fiscal_year
    and incoming.month = twice.month
    and incoming.unit_code = twice.unit_code
    and incoming.project_code = twice.project_code
    and incoming.fund is not distinct from twice.fund
    and incoming.voucher is not distinct from twice.voucher
    and incoming.others is not distinct from twice.others
where row > first_row
