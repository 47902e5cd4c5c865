-- What was said of each project's progress up to a day: one row per project and month, its newest word.
create or replace temp macro said_on(as_of, known_at) as table
from explanations
where fiscal_year = year(as_of::date) and month <= month(as_of::date) and was_known(recorded_at, reported_on, known_at)
qualify row_number() over (partition by unit_code, project_code, month order by act desc) = 1
