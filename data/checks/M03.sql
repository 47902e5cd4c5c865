-- The same amount on several projects may be a copied cell.
select
    min(row) as row,
    'amount' as column_name,
    amount as value,
    string_agg(distinct row::text, ', ' order by row::text) as rows
from incoming
where amount <> 0
group by fiscal_year, month, amount
having count(distinct project_code) >= 3
