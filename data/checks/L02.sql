-- A target without a number cannot be compared with a result.
select row, 'target' as column_name, target as value, project_name, level3,
    unit_code, project_code, case when contains(place, ' ') then place end as place
from arrived_indicators
where target_value is null
order by row
