-- Which thresholds were in force at a moment? One row: the newest version known then.
-- Bands are fractions of the plan due; the gate is in yuan.
create or replace temp macro rules_on(known_at) as table
with known as (
    select *
    from rules
    where known_at::timestamp is null
        or recorded_at <= known_at::timestamp
        or version = 1
),
newest as (
    select * from known where version = (select max(version) from known)
)
select
    any_value(version) as version,
    any_value(value) filter (name = 'slightly_behind')::decimal(6, 4) as slightly_behind,
    any_value(value) filter (name = 'behind')::decimal(6, 4) as behind,
    any_value(value) filter (name = 'pace')::decimal(6, 4) as pace,
    any_value(value) filter (name = 'recent_months')::integer as recent_months,
    any_value(value) filter (name = 'gate')::decimal(18, 2) as gate,
    any_value(value) filter (name = 'running_checkpoints')::integer as running_checkpoints,
    coalesce(any_value(value) filter (name = 'report_day'), 10)::integer as report_day,
    coalesce(any_value(value) filter (name = 'two_persons'), 0) > 0 as two_persons,
    coalesce(any_value(value) filter (name = 'circular_months'), 2)::integer as circular_months,
    coalesce(any_value(value) filter (name = 'talk_months'), 3)::integer as talk_months,
    coalesce(any_value(value) filter (name = 'rectify_months'), 4)::integer as rectify_months,
    coalesce(any_value(value) filter (name = 'answer_days'), 10)::integer as answer_days
from newest
