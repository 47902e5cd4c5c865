-- How do plan and spending of each project run through the year?
-- Twelve rows a project, in yuan: due at the last checkpoint, expected on the straight line, spent, and the verdict of each month.
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
    reported, spent, paid, spending.batch,
    status_of(
        plan.current_budget, spent, reported, due_of(plan.budget, plan.current_budget, due_share, due_written),
        rule.slightly_behind, rule.behind
    ) as status,
    case when is_judged(status) then spent - due_amount end as gap_amount
from monthly_budgets_on(known_at) as plan
join months_on(known_at) as spending using (fiscal_year, unit_code, project_code, month)
left join due_on(known_at) as due using (fiscal_year, unit_code, project_code, month)
cross join rules_on(known_at) as rule
