-- Spending beyond the current budget must be meant.
select
    'amount' as column_name,
    spent as value,
    '≤ ' || current_budget as expected,
    project_code,
    project_name,
    current_budget as budget,
    spent - current_budget as excess
from (
    select
        known.project_code,
        any_value(planned.project_name) as project_name,
        max(known.spent) as spent,
        any_value(planned.current_budget) as current_budget
    from months_after as known
    join planned using (fiscal_year, unit_code, project_code)
    semi join incoming using (fiscal_year, unit_code, project_code, month)
    group by known.fiscal_year, known.unit_code, known.project_code
)
where spent > current_budget
