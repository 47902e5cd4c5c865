-- What do the units, and all together, come to on a day?
-- One row per unit and one for the whole (unit_code null). Amounts in yuan; judged_* cover only the
-- projects with an official report for the month, so that paid, due and gap of a row add up.
create or replace temp macro summary_on(as_of, known_at) as table
with summed as (
    select
        unit_code,
        case when unit_code is not null then min(unit_name) end as unit_name,
        coalesce(sum(projects), 0)::integer as projects,
        coalesce(sum(reported), 0)::integer as reported,
        sum(budget)::decimal(18, 2) as budget,
        sum(original_budget)::decimal(18, 2) as original_budget,
        coalesce(sum(reported_budget), 0)::decimal(18, 2) as reported_budget,
        sum(due_amount)::decimal(18, 2) as due_amount,
        sum(expected_amount)::decimal(18, 2) as expected_amount,
        sum(spent)::decimal(18, 2) as spent,
        sum(judged_due)::decimal(18, 2) as judged_due,
        sum(judged_spent)::decimal(18, 2) as judged_spent,
        sum(judged_budget)::decimal(18, 2) as judged_budget,
        sum(gap_amount)::decimal(18, 2) as gap_amount,
        sum(needed_to_next)::decimal(18, 2) as needed_to_next,
        sum(recent_monthly)::decimal(18, 2) as recent_monthly,
        coalesce(sum(lagging), 0)::integer as lagging,
        coalesce(sum(at_risk), 0)::integer as at_risk
    from sums_on(known_at)
    where fiscal_year = year(as_of::date) and month = month(as_of::date)
    group by grouping sets ((unit_code), ())
)
select
    *,
    share_of_money(reported_budget, budget) as coverage,
    share_of_money(judged_spent, judged_budget) as spent_share,
    share_of_money(due_amount, budget) as due_share,
    share_of_money(judged_due, judged_budget) as judged_due_share
from summed
