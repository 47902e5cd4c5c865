-- A factor of about ten thousand against the budget: yuan under 万元 or the reverse.
with compared as not materialized (
    select row, amount, unit_code, project_code, current_budget
    from incoming
    join planned using (fiscal_year, unit_code, project_code)
    where current_budget > 0
)
select
    row,
    'amount' as column_name,
    amount as value,
    (amount / 10000)::decimal(18, 2)::text as expected,
    unit_code,
    project_code,
    'times' as why,
    (amount // current_budget)::bigint as times
from compared
where abs(amount) >= 100 * current_budget::decimal(20, 2)
union all
select
    null,
    'amount',
    sum(amount),
    (sum(amount) * 10000)::text,
    null,
    null,
    'part',
    (sum(current_budget) // sum(amount))::bigint
from compared
having sum(amount) > 0
    and sum(amount) * 10000 between sum(current_budget) * 0.02 and sum(current_budget) * 1.5
    and (select any_value(unit_of_money) from told) = '元'
