-- Figures declared as a month's own that never fall below the year's total so far look cumulative.
with compared as (
    select sum(incoming.amount) as amount, any_value(known.spent) as spent_before
    from incoming
    join months_before as known
        on known.fiscal_year = incoming.fiscal_year and known.unit_code = incoming.unit_code
        and known.project_code = incoming.project_code and known.month = incoming.month - 1
    where figure = 'month' and known.spent > 0 and known.last_reported > 1
    group by incoming.fiscal_year, incoming.unit_code, incoming.project_code, incoming.month
)
select 'amount' as column_name, count(*) as value
from compared
having count(*) >= 3 and bool_and(amount >= spent_before)
