-- Where does each batch stand: checked, certified or withdrawn?
-- One row per batch known at the moment; certified_act orders batches by when they became official.
create or replace temp macro batches_on(known_at) as table
with stood as (
    select
        batch,
        arg_max(event, act) as state,
        arg_max(reason, act) as reason,
        max(act) filter (event = 'certified') as certified_act,
        max(recorded_at) filter (event = 'certified') as certified_at,
        arg_max(recorded_by, act) filter (event = 'certified') as certified_by
    from known_on(known_at)
    group by batch
)
select batches.*, state, reason, certified_act, certified_at, certified_by
from batches
join stood using (batch)
