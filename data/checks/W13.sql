-- A voucher that another month has already reported is money counted twice.
select
    incoming.row,
    'voucher' as column_name,
    incoming.voucher as value,
    incoming.unit_code,
    incoming.project_code,
    known.fiscal_year || '-' || lpad(known.month::text, 2, '0') as month,
    known.batch
from incoming
join (
    select actuals.* from actuals join official_before using (fiscal_year, unit_code, month, batch)
) as known
    on known.unit_code = incoming.unit_code and known.project_code = incoming.project_code
    and known.voucher = incoming.voucher and known.amount = incoming.amount
    and (known.fiscal_year <> incoming.fiscal_year or known.month <> incoming.month)
where incoming.voucher is not null and incoming.figure = 'month'
qualify row_number() over (partition by incoming.row order by known.batch desc) = 1
