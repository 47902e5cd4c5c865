-- Which batch speaks for a unit and month? The newest certified, not withdrawn one known then.
-- One row per fiscal year, unit and month that is officially reported.
create or replace temp macro official_on(known_at) as table
with offered as (
    select distinct fiscal_year, unit_code, month, batch from figures()
)
select
    offered.fiscal_year,
    unit_code,
    month,
    arg_max(batch, certified_act) as batch
from offered
join batches_on(known_at) as stood using (batch)
where state = 'certified'
group by all
