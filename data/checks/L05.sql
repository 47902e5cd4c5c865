-- 百分比 is written where % is meant.
select row, 'target' as column_name, target as value, replace(target, '百分比', '%') as expected, project_name,
    unit_code, project_code, case when contains(place, ' ') then place end as place
from arrived_indicators
where target_unit = '%' and contains(target, '百分比')
order by row
