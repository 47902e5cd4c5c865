-- For how many months in a row does each project lag, and has it just recovered? Months that cannot be judged do not count.
-- One row per project judged in the year up to a day: streak 0 where its last judged month does not lag; `since` its first month.
create or replace temp macro streaks_on(as_of, known_at) as table
select fiscal_year, unit_code, project_code, streak, since, recovered
from verdicts_on(known_at)
where fiscal_year = year(as_of::date) and month = month(as_of::date) and streak is not null
