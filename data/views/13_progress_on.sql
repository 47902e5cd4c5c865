-- Where does each project stand at the end of a day's month: spent against the plan due, the gap, a status?
-- One row per project of the year. Amounts in yuan; a negative gap means behind plan.
create or replace temp macro progress_on(as_of, known_at) as table
select
    fiscal_year, unit_code, unit_name, project_code, project_name,
    original_budget, current_budget, spent, reported, last_reported, missing, batch,
    spent_share, original_share,
    due_share::decimal(9, 4) as due_share,
    expected_share,
    share_of(month, 12) as calendar_share,
    due_month, next_month, next_share::decimal(9, 4) as next_share,
    due_amount, expected_amount, completion, gap_share, gap_amount, needed_to_next, recent_monthly,
    status, at_risk, streak, since, recovered, lagging_turns, rule_version
from verdicts_on(known_at)
where fiscal_year = year(as_of::date) and month = month(as_of::date)
