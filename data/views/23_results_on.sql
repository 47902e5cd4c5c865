-- What is each indicator of the plan to reach, and what was it said to have reached at a month's end?
-- One row per indicator of the plans of the year; the newest word of that month that was not taken back, null where none was
-- said of it as it reads now.
create or replace temp macro results_on(as_of, known_at) as table
with known as (
    select results.*
    from results
    anti join reversed_on(known_at) as taken_back on taken_back.reversed = results.act
    where fiscal_year = year(as_of::date) and month = month(as_of::date) and was_known(recorded_at, reported_on, known_at)
),
newest as (
    from known
    qualify row_number() over (partition by unit_code, project_code, position order by act desc) = 1
)
select
    indicators.* exclude (batch, place), plan.unit_name, plan.project_name,
    newest.reached, newest.expected, newest.grade, newest.percent, newest.note, newest.act, newest.recorded_at, newest.recorded_by
from indicators
join plans_on(known_at) as plan using (batch, fiscal_year, unit_code, project_code)
left join newest
    on newest.unit_code = indicators.unit_code and newest.project_code = indicators.project_code
    and newest.position = indicators.position
    and newest.level3 is not distinct from indicators.level3 and newest.target is not distinct from indicators.target
where indicators.fiscal_year = year(as_of::date)
