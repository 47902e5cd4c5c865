-- Which findings does a batch stand on, and what was answered to each?
-- One row per finding of the batch's newest round of checking, with its newest answer.
create or replace temp macro findings_of() as table
with newest as (
    select batch, max(act) as act from events where event = 'checked' group by batch
),
spoken as (
    select
        batch,
        finding,
        arg_max(reason_code, act) as reason_code,
        arg_max(reason, act) as reason,
        arg_max(carried_from, act) as carried_from,
        arg_max(recorded_by, act) as answered_by,
        max(recorded_at) as answered_at
    from answers
    group by all
)
select findings.*, reason_code, reason, carried_from, answered_by, answered_at
from findings
join newest using (batch, act)
left join spoken using (batch, finding);

-- Which questions must still be answered? One row per open question of any batch.
create or replace temp macro open_questions() as table
select * from findings_of() where level = 'confirm' and answered_by is null
