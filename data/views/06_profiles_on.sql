-- How was each project said to pay by its nature: evenly by months, by quarters, at once in the month due_in, as settled?
-- One row per project with a payment profile: the newest word that is not taken back.
create or replace temp macro profiles_on(known_at) as table
with told as (
    select
        profiles.*,
        row_number() over (partition by fiscal_year, unit_code, project_code order by act desc) as turn
    from profiles
    anti join reversed_on(known_at) as taken_back on taken_back.reversed = profiles.act
    where was_known(recorded_at, reported_on, known_at)
)
select * exclude (turn) from told where turn = 1
