-- The same amount on several projects may be a copied cell: told by the first row of each.
with stated as (
    select fiscal_year, month, amount, project_code, min(row) as row
    from incoming
    where amount <> 0
    group by all
)
select
    min(row) as row,
    'amount' as column_name,
    amount as value,
    string_agg(row::text, ', ' order by row) as rows
from stated
group by fiscal_year, month, amount
having count(*) >= 3
