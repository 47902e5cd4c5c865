-- Which steps of which batches were known at a moment? A null moment means all that is known now.
-- One row per event. A moment before the store's first record is read against the reported days.
create or replace temp macro known_on(known_at) as table
with birth as (
    select min(recorded_at) as first_at from events
)
select events.*
from events, birth
where known_at::timestamp is null
    or case
        when known_at::timestamp >= first_at then recorded_at <= known_at::timestamp
        else reported_on <= day_of(known_at)
    end
