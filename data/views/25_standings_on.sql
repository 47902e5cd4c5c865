-- How does each project stand by money and by its targets, and by the worse of both?
-- One row per project of the year. status is that of money, results_status that of the worst indicator; an unknown one hides
-- no bad one, and among good ones leaves the whole unknown. quadrant: fast or slow money × results ahead or behind, null where
-- one of the two cannot be told.
create or replace temp macro standings_on(as_of, known_at) as table
with counted as (
    select
        unit_code,
        project_code,
        count(*) as indicators,
        count(*) filter (gravity(status) > 0) as judged,
        count(*) filter (status = 'met') as on_course,
        count(*) filter (status = 'not_reported') as open,
        count(*) filter (status = 'not_due') as not_due,
        max(gravity(status)) as worst,
        min(completion) filter (gravity(status) > 0) as lowest,
        bool_or(at_risk) as results_at_risk
    from indicators_on(as_of, known_at)
    group by all
),
judged as (
    select
        progress.*,
        coalesce(indicators, 0) as indicators, coalesce(counted.judged, 0) as judged, coalesce(on_course, 0) as on_course,
        coalesce(open, 0) as open, lowest, coalesce(results_at_risk, false) as results_at_risk,
        case
            when worst > 1 then of_gravity(worst)
            when open > 0 then 'not_reported'
            when worst = 1 then 'met'
            when not_due > 0 then 'not_due'
            else 'no_basis'
        end as results_status
    from progress_on(as_of, known_at) as progress
    left join counted using (unit_code, project_code)
)
select
    *,
    case
        when greatest(gravity(status), gravity(results_status)) > 1 then of_gravity(greatest(gravity(status), gravity(results_status)))
        when 'not_reported' in (status, results_status) then 'not_reported'
        when 'met' in (status, results_status) then 'met'
        when 'not_due' in (status, results_status) then 'not_due'
        else 'no_basis'
    end as worse,
    case
        when gravity(status) > 0 and gravity(results_status) > 0
        then if(status in ('met', 'overspent'), 'fast', 'slow') || if(results_status = 'met', '_ahead', '_behind')
    end as quadrant
from judged
