-- What do the units, and all together, come to on a day?
-- One row per unit and one for the whole (unit_code null). Amounts in yuan; judged_* cover only the
-- projects with an official report for the month, so that paid, due and gap of a row add up.
create or replace temp macro summary_on(as_of, known_at) as table
select
    unit_code,
    case when unit_code is not null then min(unit_name) end as unit_name,
    count(*)::integer as projects,
    count(*) filter (reported)::integer as reported,
    sum(current_budget)::decimal(18, 2) as budget,
    sum(original_budget)::decimal(18, 2) as original_budget,
    coalesce(sum(current_budget) filter (reported), 0)::decimal(18, 2) as reported_budget,
    share_of(coalesce(sum(current_budget) filter (reported), 0), sum(current_budget)) as coverage,
    sum(due_amount)::decimal(18, 2) as due_amount,
    sum(expected_amount)::decimal(18, 2) as expected_amount,
    sum(spent)::decimal(18, 2) as spent,
    sum(due_amount) filter (is_judged(status))::decimal(18, 2) as judged_due,
    sum(spent) filter (is_judged(status))::decimal(18, 2) as judged_spent,
    sum(current_budget) filter (is_judged(status))::decimal(18, 2) as judged_budget,
    sum(gap_amount)::decimal(18, 2) as gap_amount,
    share_of(sum(spent) filter (is_judged(status)), sum(current_budget) filter (is_judged(status))) as spent_share,
    share_of(sum(due_amount), sum(current_budget)) as due_share,
    share_of(sum(due_amount) filter (is_judged(status)), sum(current_budget) filter (is_judged(status))) as judged_due_share,
    sum(needed_to_next)::decimal(18, 2) as needed_to_next,
    sum(recent_monthly)::decimal(18, 2) as recent_monthly,
    count(*) filter (is_lagging(status))::integer as lagging,
    count(*) filter (at_risk)::integer as at_risk
from progress_on(as_of, known_at)
group by grouping sets ((unit_code), ())
