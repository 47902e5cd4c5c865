-- How much will each project have spent by the end of some later months? A range, in yuan, between the ways of going on: its own
-- least, largest, recent and mean months, its plan's shape at its own pace, the quartiles of what projects alike pay in a mean
-- month; of all projects where fewer than four are alike.
-- One row per month of the list and reported project with a budget; never below what is spent, nor above an unpassed budget.
create or replace temp macro forecast_on(as_of, known_at, horizons) as table
with ahead as (select unnest(horizons)::integer as horizon, (horizon - month(as_of::date))::integer as months_ahead),
reporting as materialized (
    select progress.*, kind
    from progress_on(as_of, known_at) as progress
    join alike_on(as_of, known_at) using (fiscal_year, unit_code, project_code)
    where reported and current_budget > 0
),
pools as materialized (
    select kind, count(*) as members, quantile_disc(spent_share, [0.25, 0.5, 0.75]) as quartiles
    from reporting group by grouping sets ((kind), ())
),
pooled as (
    select own.kind, case when own.members >= 4 then own.quartiles else everyone.quartiles end as quartiles
    from pools as own join pools as everyone on own.kind is not null and everyone.kind is null
),
own as (
    select fiscal_year, unit_code, project_code, min(one_of(paid, covers)) as least, max(one_of(paid, covers)) as most
    from months_on(known_at) as months, rules_on(known_at) as rule
    where month <= month(as_of::date) and month > month(as_of::date) - rule.recent_months and reported
    group by all
),
ways as (
    select
        reporting.*, ahead.*, quartiles,
        [
            spent + least * months_ahead, spent + most * months_ahead, spent + recent_monthly * months_ahead,
            spent + one_of(spent * months_ahead, month(as_of::date)),
            case when expected_amount > 0 then spent + one_of(
                greatest(current_budget::decimal(22, 2) * shape.line / shape.span - expected_amount, 0)::decimal(18, 2)
                * least(greatest(share_of(spent, expected_amount), 0), 1.5)::decimal(9, 4), 1
            ) end,
            spent + one_of(current_budget * quartiles[1] * months_ahead, month(as_of::date)),
            spent + one_of(current_budget * quartiles[2] * months_ahead, month(as_of::date)),
            spent + one_of(current_budget * quartiles[3] * months_ahead, month(as_of::date))
        ]::decimal(18, 2)[] as sums
    from reporting
    cross join ahead
    join pooled using (kind) join own using (fiscal_year, unit_code, project_code)
    left join due_on(known_at) as shape
        on shape.fiscal_year = reporting.fiscal_year and shape.unit_code = reporting.unit_code
        and shape.project_code = reporting.project_code and shape.month = ahead.horizon
),
capped as (
    select
        *,
        list_sort(list_transform(
            list_filter(sums, lambda x: x is not null), lambda x: greatest(spent, least(x, greatest(current_budget, spent)))
        )) as sorted
    from ways
)
select
    * exclude (sums, sorted, horizon),
    horizon as target_month,
    sorted[1] as low,
    one_of(sorted[(len(sorted) + 1) // 2] + sorted[len(sorted) // 2 + 1], 2)::decimal(18, 2) as middle,
    sorted[len(sorted)] as high,
    greatest(current_budget - sorted[len(sorted)], 0)::decimal(18, 2) as unspent_low,
    greatest(current_budget - sorted[1], 0)::decimal(18, 2) as unspent_high
from capped
