-- Where does each project stand on a day: spent against the plan due, the gap, a status?
-- One row per project of the year. Amounts in yuan; a negative gap means behind plan.
create or replace temp macro progress_on(as_of, known_at) as table
with measured as (
    select
        budget.* exclude (batch, budget, purpose, goal, place, plan_reading, dropped),
        budget.budget as original_budget,
        spent, reported, last_reported, missing, spending.batch,
        due_share, due_month, next_share, next_month, line, span,
        due_of(budget.budget, current_budget, due_share, due_written) as due_exact,
        due_of(budget.budget, current_budget, next_share, next_written) as next_exact,
        recent_paid, counted_months, rule
    from budgets_on(as_of, known_at) as budget
    join months_on(known_at) as spending
        on spending.fiscal_year = budget.fiscal_year and spending.unit_code = budget.unit_code
        and spending.project_code = budget.project_code and spending.month = month(as_of::date)
    left join due_on(known_at) as due
        on due.fiscal_year = budget.fiscal_year and due.unit_code = budget.unit_code
        and due.project_code = budget.project_code and due.month = month(as_of::date)
    left join pace_on(as_of, known_at) as pace
        on pace.fiscal_year = budget.fiscal_year and pace.unit_code = budget.unit_code
        and pace.project_code = budget.project_code
    cross join rules_on(known_at) as rule
),
judged as (
    select *, status_of(current_budget, spent, reported, due_exact, rule.slightly_behind, rule.behind) as status
    from measured
)
select
    fiscal_year, unit_code, unit_name, project_code, project_name,
    original_budget, current_budget, spent, reported, last_reported, missing, batch,
    share_of(spent, current_budget) as spent_share,
    share_of(spent, original_budget) as original_share,
    due_share::decimal(9, 4) as due_share,
    share_of(line, span) as expected_share,
    share_of(month(as_of::date), 12) as calendar_share,
    due_month, next_month, next_share::decimal(9, 4) as next_share,
    due_exact::decimal(18, 2) as due_amount,
    one_of(current_budget::decimal(22, 2) * line, span)::decimal(18, 2) as expected_amount,
    case when is_judged(status) then share_of(spent, due_exact) end as completion,
    case when is_judged(status) then share_of(spent - due_exact, current_budget) end as gap_share,
    case when is_judged(status) then spent - due_exact::decimal(18, 2) end as gap_amount,
    case when next_exact is not null and spent is not null then greatest(next_exact - spent, 0)::decimal(18, 2) end as needed_to_next,
    case when counted_months > 0 then one_of(recent_paid, counted_months)::decimal(18, 2) end as recent_monthly,
    status,
    status = 'met' and coalesce(
        spent::decimal(22, 2) * span < rule.slightly_behind * current_budget::decimal(20, 2) * line
        or (next_exact - spent) * coalesce(counted_months, 0)
            > rule.pace * greatest(coalesce(recent_paid, 0), 0)::decimal(20, 2) * (next_month - month(as_of::date)), false
    ) as at_risk,
    rule.version as rule_version
from judged
