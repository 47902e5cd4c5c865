-- A month whose every amount equals the month before it is a copied file whose month was changed.
with compared as (
    select fiscal_year, unit_code, month, project_code, sum(amount) as amount
    from incoming
    where figure = 'month'
    group by all
),
paired as (
    select compared.*, earlier.amount as amount_before
    from compared
    left join paid_before as earlier
        on earlier.fiscal_year = compared.fiscal_year and earlier.month = compared.month - 1
        and earlier.unit_code = compared.unit_code and earlier.project_code = compared.project_code
        and not earlier.cumulative
    where compared.amount <> 0
)
select
    'month' as column_name,
    fiscal_year || '-' || lpad(month::text, 2, '0') as value,
    unit_code,
    fiscal_year || '-' || lpad((month - 1)::text, 2, '0') as earlier,
    count(*) as projects
from paired
group by fiscal_year, unit_code, month
having count(*) >= 3 and bool_and(coalesce(amount = amount_before, false))
