-- Which months of which units are closed to any change? One row per fiscal year, month and unit locked then.
-- A lock or a reopening without a unit speaks for all units; the newest event wins, its reason blank where it gave none.
create or replace temp macro locks_on(known_at) as table
with units as (
    select distinct fiscal_year, unit_code, unit_name from plans_on(null)
),
spoken as (
    select
        units.fiscal_year,
        units.unit_code,
        unit_name,
        month,
        arg_max(event, act) as event,
        arg_max_null(reason, act) as reason,
        arg_max(recorded_at, act) as recorded_at,
        arg_max(recorded_by, act) as recorded_by,
        max(act) as act
    from month_events
    join units
        on units.fiscal_year = month_events.fiscal_year
        and (month_events.unit_code is null or month_events.unit_code = units.unit_code)
    where known_at::timestamp is null or month_events.recorded_at <= known_at::timestamp
    group by all
)
from spoken;

-- Which months of these units are open or closed now, whatever the units plan? The newest event wins, as above.
create or replace temp macro locks_of(units) as table
select
    fiscal_year, unit as unit_code, month,
    arg_max(event, act) as event, arg_max(recorded_at, act) as recorded_at, arg_max(recorded_by, act) as recorded_by
from month_events
join (select unnest(units) as unit) on unit_code is null or unit_code = unit
group by fiscal_year, unit, month
