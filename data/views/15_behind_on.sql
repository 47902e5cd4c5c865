-- Which projects lag behind their own plan on a day, and which belong on the formal follow-up list?
-- One row per lagging project, in yuan. follow_up: past the money gate, or behind at the running checkpoints.
create or replace temp macro behind_on(as_of, known_at) as table
select
    progress.*,
    next_month - month(as_of::date) as months_left,
    -gap_amount >= rule.gate as past_gate,
    lagging_turns >= rule.running_checkpoints as is_running,
    past_gate or is_running as follow_up
from progress_on(as_of, known_at) as progress
cross join rules_on(known_at) as rule
where is_lagging(status)
