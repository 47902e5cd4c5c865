-- What was said of each project's progress, and was what was promised paid?
-- One row per project and month explained up to a day, its newest word. paid_since is what was spent from that month's end to
-- the promise's (or to the day, while it runs); outcome: kept, part, broken, running, unreported, or none without a promise.
create or replace temp macro explained_on(as_of, known_at) as table
with newest as (from said_on(as_of, known_at)),
-- A few months of a few projects, however large the store is.
told as materialized (
    select months.*
    from months_on(known_at) as months
    semi join (
        select fiscal_year, unit_code, project_code, unnest([month, least(due_month, month(as_of::date))]) as month from newest
    ) as wanted using (fiscal_year, unit_code, project_code, month)
),
judged as (
    select
        newest.*,
        reason is not null and reason = lag(reason) over (partition by newest.unit_code, newest.project_code order by newest.month)
            as repeated,
        due_month <= month(as_of::date) as is_due,
        until.reported as until_reported,
        (until.spent - coalesce(since.spent, 0))::decimal(18, 2) as paid_since
    from newest
    left join told as since
        on since.fiscal_year = newest.fiscal_year and since.unit_code = newest.unit_code
        and since.project_code = newest.project_code and since.month = newest.month
    left join told as until
        on until.fiscal_year = newest.fiscal_year and until.unit_code = newest.unit_code
        and until.project_code = newest.project_code and until.month = least(newest.due_month, month(as_of::date))
)
select
    * exclude (is_due, until_reported),
    case when promised > 0 then share_of(greatest(paid_since, 0), promised) end as kept_share,
    case
        when promised is null or promised = 0 then 'none'
        when paid_since >= promised then 'kept'
        when not is_due then 'running'
        when not until_reported then 'unreported'
        when paid_since > 0 then 'part'
        else 'broken'
    end as outcome
from judged
