-- Which acts had been taken back at a moment? One row per reversed act.
-- A moment before the store's first record is read against the reported days, as for batches.
create or replace temp macro reversed_on(known_at) as table
select reversed, act, reason, recorded_at, recorded_by
from reversals, (select min(recorded_at) as first_at from events) as birth
where known_at::timestamp is null
    or case when known_at::timestamp >= first_at then recorded_at <= known_at::timestamp else reported_on <= day_of(known_at) end;

-- Which changes of budgets were known at a moment and not taken back? One row per adjustment, in yuan.
create or replace temp macro adjustments_on(known_at) as table
select adjustments.*
from adjustments
cross join (select min(recorded_at) as first_at from events) as birth
anti join reversed_on(known_at) as taken_back on taken_back.reversed = adjustments.act
where known_at::timestamp is null
    or case when known_at::timestamp >= first_at then recorded_at <= known_at::timestamp else reported_on <= day_of(known_at) end
