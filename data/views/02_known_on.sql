-- Was a row known at a moment? A null moment means now. A moment before the store's first record is read against the day on
-- which the row was reported.
create or replace temp macro was_known(at_moment, on_day, moment) as
    moment::timestamp is null
    or case
        when moment::timestamp >= (select min(events.recorded_at) from events) then at_moment <= moment::timestamp
        else on_day <= day_of(moment)
    end;

-- Which steps of which batches were known at a moment? One row per event.
create or replace temp macro known_on(known_at) as table
select * from events where was_known(recorded_at, reported_on, known_at)
