-- Which payment plan of a project is in force in which months? The document's, then each revision from its day on.
-- One row per project, version and checkpoint: in force from the end of from_month to that of until_month.
create or replace temp macro schedules_on(known_at) as table
with revised as (
    select revisions.*
    from revisions
    anti join reversed_on(known_at) as taken_back on taken_back.reversed = revisions.act
    where was_known(recorded_at, reported_on, known_at)
),
points as (
    select fiscal_year, unit_code, project_code, 0 as version, 1 as from_month, month, share, amount
    from checkpoints
    join plans_on(known_at) using (batch, fiscal_year, unit_code, project_code)
    union all
    select
        revised.fiscal_year, unit_code, project_code, act as version,
        (case when year(effective_on) < revised.fiscal_year then 1 else month(effective_on) end)::integer as from_month,
        revised.month, revised.share, null as amount
    from revised
    where year(effective_on) <= revised.fiscal_year
),
versions as (
    select
        *,
        coalesce(lead(from_month) over (
            partition by fiscal_year, unit_code, project_code order by from_month, version
        ) - 1, 12)::integer as until_month
    from (select distinct fiscal_year, unit_code, project_code, version, from_month from points)
)
select points.*, versions.until_month
from points
join versions using (fiscal_year, unit_code, project_code, version)
where until_month >= points.from_month
