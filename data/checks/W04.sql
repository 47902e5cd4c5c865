-- Figures of a month that never fall below the year's total so far look cumulative, and the reverse.
with history as (
    select fiscal_year, unit_code, project_code, month,
        count(*) filter (reported) over (partition by fiscal_year, unit_code, project_code order by month) as reports,
        spent
    from months_before
),
compared as (
    select figure, sum(incoming.amount) as amount, any_value(known.spent) as spent_before
    from incoming
    join history as known
        on known.fiscal_year = incoming.fiscal_year and known.unit_code = incoming.unit_code
        and known.project_code = incoming.project_code and known.month = incoming.month - 1
    where known.spent > 0 and known.reports > 1
    group by incoming.fiscal_year, incoming.unit_code, incoming.project_code, incoming.month, figure
)
select 'amount' as column_name, count(*) as value, 'month' as why
from compared
where figure = 'month' and not exists (from found where code = 'W12')
having count(*) >= 3 and bool_and(amount >= spent_before)
union all
select 'amount', count(*), 'cumulative'
from found
where code = 'R06'
having count(*) >= 3 and count(*) > (select count(*) from compared where figure = 'cumulative')
