-- A number needs a unit, and nothing else behind it.
select
    row,
    'target' as column_name,
    target as value,
    project_name,
    case when target_unit is null then 'missing' else 'malformed' end as why,
    unit_code,
    project_code,
    case when contains(place, ' ') then place end as place
from arrived_indicators
where target_value is not null and (target_unit is null or length(target_unit) > 4)
order by row
