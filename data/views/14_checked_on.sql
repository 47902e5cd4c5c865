-- How did each project stand at each checkpoint that a day has passed?
-- One row per project and checkpoint reached, by the budget and the plan of that month; turn 1 is the latest one.
create or replace temp macro checked_on(as_of, known_at) as table
select
    budget.fiscal_year,
    budget.unit_code,
    budget.project_code,
    spending.month,
    status_of(
        current_budget, spent, reported, due_of(budget.budget, current_budget, due_share, due_written),
        rule.slightly_behind, rule.behind
    ) as status,
    row_number() over (
        partition by budget.fiscal_year, budget.unit_code, budget.project_code order by spending.month desc
    )::integer as turn
from monthly_budgets_on(known_at) as budget
join months_on(known_at) as spending using (fiscal_year, unit_code, project_code, month)
join due_on(known_at) as due
    on due.fiscal_year = budget.fiscal_year and due.unit_code = budget.unit_code
    and due.project_code = budget.project_code and due.month = spending.month
cross join rules_on(known_at) as rule
where budget.fiscal_year = year(as_of::date) and spending.month <= month(as_of::date) and due.due_month = spending.month
