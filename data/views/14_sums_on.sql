-- What do the projects of a unit come to at each month's end?
-- One row per unit of the plan and month. Amounts in yuan; judged_* cover only the projects with an official report
-- for the month, so that paid, due and gap of a row add up; batch is the newest that speaks.
create or replace temp macro sums_on(known_at) as table
select
    fiscal_year,
    unit_code,
    month,
    min(unit_name) as unit_name,
    count(*)::integer as projects,
    count(*) filter (reported)::integer as reported,
    max(batch) as batch,
    bool_or(due_month = month) as is_checkpoint,
    sum(current_budget)::decimal(18, 2) as budget,
    sum(original_budget)::decimal(18, 2) as original_budget,
    coalesce(sum(current_budget) filter (reported), 0)::decimal(18, 2) as reported_budget,
    sum(due_amount)::decimal(18, 2) as due_amount,
    sum(expected_amount)::decimal(18, 2) as expected_amount,
    sum(spent)::decimal(18, 2) as spent,
    sum(paid)::decimal(18, 2) as paid,
    sum(due_amount) filter (is_judged(status))::decimal(18, 2) as judged_due,
    sum(spent) filter (is_judged(status))::decimal(18, 2) as judged_spent,
    sum(current_budget) filter (is_judged(status))::decimal(18, 2) as judged_budget,
    sum(gap_amount)::decimal(18, 2) as gap_amount,
    sum(needed_to_next)::decimal(18, 2) as needed_to_next,
    sum(recent_monthly)::decimal(18, 2) as recent_monthly,
    count(*) filter (is_lagging(status))::integer as lagging,
    count(*) filter (at_risk)::integer as at_risk
from verdicts_on(known_at)
group by fiscal_year, unit_code, month
