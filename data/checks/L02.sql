-- A target without a number cannot be compared with a result.
select row, 'target' as column_name, target as value, project_name, level3
from arrived_indicators
where target_value is null
order by row
