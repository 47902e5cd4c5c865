-- For how many months in a row does each project lag, and has it just recovered? Months that cannot be judged do not count.
-- One row per project judged in the year up to a day: streak 0 where its last judged month does not lag; `since` its first month.
create or replace temp macro streaks_on(as_of, known_at) as table
with judged as (
    select fiscal_year, unit_code, project_code, month, is_lagging(status) as lags
    from verdicts_on(known_at)
    where fiscal_year = year(as_of::date) and month <= month(as_of::date) and reported and current_budget > 0 and due_share is not null
),
marked as (
    select *, coalesce(max(case when not lags then month end) over (
        partition by fiscal_year, unit_code, project_code
    ), 0) as last_good
    from judged
)
select
    fiscal_year,
    unit_code,
    project_code,
    (count(*) filter (lags and month > last_good))::integer as streak,
    min(month) filter (lags and month > last_good) as since,
    not arg_max(lags, month) and coalesce(arg_max(lags, month) filter (month < last_month), false) as recovered
from (select *, max(month) over (partition by fiscal_year, unit_code, project_code) as last_month from marked)
group by all
