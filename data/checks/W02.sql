-- Spending beyond the current budget must be meant.
with summed as (
    select
        known.unit_code,
        known.project_code,
        any_value(planned.project_name) as project_name,
        max(known.spent) as spent,
        any_value(planned.current_budget) as current_budget
    from months_after as known
    join planned using (fiscal_year, unit_code, project_code)
    semi join incoming using (fiscal_year, unit_code, project_code, month)
    group by known.fiscal_year, known.unit_code, known.project_code
)
select
    (
        select max(row) from incoming
        where incoming.unit_code = summed.unit_code and incoming.project_code = summed.project_code
    ) as row,
    'amount' as column_name,
    spent as value,
    '≤ ' || current_budget as expected,
    unit_code,
    project_code,
    project_name,
    current_budget as budget,
    spent - current_budget as difference,
    one_of(spent - current_budget, 10000)::decimal(18, 2) as excess
from summed
anti join (from found where code = 'W03') using (unit_code, project_code)
where spent > current_budget
