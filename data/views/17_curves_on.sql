-- How do plan and spending of each project run through the year?
-- Twelve rows a project, in yuan: due at the last checkpoint, expected on the straight line, spent.
create or replace temp macro curves_on(known_at) as table
select
    plan.fiscal_year,
    plan.unit_code,
    plan.project_code,
    plan.month,
    plan.budget as original_budget,
    plan.current_budget,
    due_of(plan.budget, plan.current_budget, due_share, due_written)::decimal(18, 2) as due_amount,
    one_of(plan.current_budget::decimal(22, 2) * line, span)::decimal(18, 2) as expected_amount,
    due_month = plan.month as is_checkpoint,
    due_share::decimal(9, 4) as due_share,
    reported, spent, paid, spending.batch
from monthly_budgets_on(known_at) as plan
join months_on(known_at) as spending using (fiscal_year, unit_code, project_code, month)
left join due_on(known_at) as due using (fiscal_year, unit_code, project_code, month)
