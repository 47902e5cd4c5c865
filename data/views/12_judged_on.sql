-- Where does each project stand at each month's end, in money: spent against the plan due, the gap, a status?
-- Twelve rows per project; verdicts_on adds the shares. Amounts in yuan; a negative gap means behind plan. recent_monthly is the mean
-- month of the reports of the last months (a rule): a cumulative figure covers all since the report before it, an unreported month is
-- unknown. For how many judged months in a row the project lags by then (0 where the last one does not, null before the first) is
-- streak, since its first month; lagging_turns counts the lags at the last checkpoints (a rule).
create or replace temp macro judged_on(known_at) as table
with paced as (
    select
        months.*, rule,
        (sum(paid) filter (reported) over lately)::decimal(18, 2) as recent_paid,
        (sum(covers) filter (reported) over lately)::integer as counted_months
    from months_on(known_at) as months
    cross join rules_on(known_at) as rule
    window lately as (
        partition by fiscal_year, unit_code, project_code order by month range between rule.recent_months - 1 preceding and current row
    )
),
measured as (
    select
        budget.* exclude (budget), budget as original_budget,
        spending.* exclude (fiscal_year, unit_code, project_code, month),
        due.* exclude (fiscal_year, unit_code, project_code, month),
        due_of(budget, current_budget, due_share, due_written) as due_exact,
        due_of(budget, current_budget, next_share, next_written) as next_exact,
        due_amount_of(budget, current_budget, due_share, due_written) as due_amount,
        due_amount_of(budget, current_budget, next_share, next_written) as next_amount
    from monthly_budgets_on(known_at) as budget
    join paced as spending using (fiscal_year, unit_code, project_code, month)
    left join due_on(known_at) as due using (fiscal_year, unit_code, project_code, month)
),
judged as (
    select *, status_of(current_budget, spent, reported, due_exact, rule.slightly_behind, rule.behind) as status from measured
),
followed as (
    select
        *,
        -- Each month so far, one that does not lag below zero; the newest first.
        list_reverse(list(if(is_lagging(status), month, -month) order by month) filter (
            reported and current_budget > 0 and due_share is not null
        ) over so_far) as turns,
        list_reverse(list(is_lagging(status) order by month) filter (due_month = month) over so_far) as checked
    from judged
    window so_far as (partition by fiscal_year, unit_code, project_code order by month)
)
select
    * exclude (rule, due_exact, next_exact, next_amount, recent_paid, counted_months, turns, checked),
    part_of_money(current_budget, line, span) as expected_amount,
    case when is_judged(status) then spent - due_amount end as gap_amount,
    case when next_exact is not null and spent is not null then greatest(next_amount - spent, 0)::decimal(18, 2) end as needed_to_next,
    case when counted_months > 0 then one_of_money(recent_paid, counted_months)::decimal(18, 2) end as recent_monthly,
    status = 'met' and coalesce(
        spent::decimal(22, 2) * span < rule.slightly_behind * current_budget::decimal(20, 2) * line
        or (next_exact - spent) * coalesce(counted_months, 0)
            > rule.pace * greatest(coalesce(recent_paid, 0), 0)::decimal(20, 2) * (next_month - month), false
    ) as at_risk,
    coalesce(list_position(list_transform(turns, lambda turn: turn < 0), true) - 1, len(turns))::integer as streak,
    case when streak > 0 then turns[streak] end as since,
    coalesce(turns[1] < 0 and turns[2] > 0, false) as recovered,
    len(list_filter(coalesce(checked[:rule.running_checkpoints], []), lambda lags: lags))::integer as lagging_turns,
    rule.version as rule_version
from followed
