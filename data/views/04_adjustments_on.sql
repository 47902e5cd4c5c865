-- Which acts had been taken back at a moment? One row per reversed act.
create or replace temp macro reversed_on(known_at) as table
select reversed, act, reason, recorded_at, recorded_by
from reversals
where was_known(recorded_at, reported_on, known_at);

-- Which changes of budgets were known at a moment and not taken back? One row per adjustment, in yuan.
create or replace temp macro adjustments_on(known_at) as table
select adjustments.*
from adjustments
anti join reversed_on(known_at) as taken_back on taken_back.reversed = adjustments.act
where was_known(recorded_at, reported_on, known_at)
