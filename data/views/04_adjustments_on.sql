-- Which changes of budgets were known at a moment? One row per adjustment, in yuan.
-- A moment before the store's first record is read against the reported days, as for batches.
create or replace temp macro adjustments_on(known_at) as table
with birth as (
    select min(recorded_at) as first_at from events
)
select adjustments.*
from adjustments, birth
where known_at::timestamp is null
    or case
        when known_at::timestamp >= first_at then recorded_at <= known_at::timestamp
        else reported_on <= day_of(known_at)
    end
