-- Which months of these units were open or closed at a moment, whatever the units plan? One row per fiscal year, month and unit.
-- A lock or a reopening without a unit speaks for all units; the newest event wins, its reason blank where it gave none.
create or replace temp macro locks_of(units, known_at) as table
select
    fiscal_year,
    unit as unit_code,
    month,
    arg_max(event, act) as event,
    arg_max_null(reason, act) as reason,
    arg_max(recorded_at, act) as recorded_at,
    arg_max(recorded_by, act) as recorded_by,
    max(act) as act
from month_events
join (select unnest(units) as unit) on unit_code is null or unit_code = unit
where known_at::timestamp is null or recorded_at <= known_at::timestamp
group by fiscal_year, unit, month;

-- Which months of which units were open or closed? The same of every unit in the years that it plans.
create or replace temp macro locks_on(known_at) as table
with planned as materialized (
    select distinct fiscal_year, unit_code, unit_name from plans_on(null)
)
select fiscal_year, unit_code, unit_name, month, event, reason, recorded_at, recorded_by, act
from planned
join locks_of((select list(distinct unit_code) from planned), known_at) using (fiscal_year, unit_code)
