-- What have people written into the official forms of a month, as known at a moment?
-- One row per cell, its newest word: the department of a unit for the year, what a project has achieved by that month's end. An
-- empty one was taken back.
create or replace temp macro form_words_on(as_of, known_at) as table
select *
from form_words
where was_known(recorded_at, reported_on, known_at)
    and fiscal_year = year(as_of::date)
    and (field = 'department' or month = month(as_of::date))
qualify row_number() over (partition by unit_code, project_code, field order by act desc) = 1
