-- A cost target is a ceiling: at least so much money is no target.
select row, 'target' as column_name, target as value, replace(replace(target, '≥', '≤'), '>', '<') as expected, project_name,
    unit_code, project_code, case when contains(place, ' ') then place end as place
from arrived_indicators
where level2 = '成本指标' and comparator in ('≥', '>')
order by row
