-- A cost target in money should be the project's budget.
select
    row,
    'target' as column_name,
    target as value,
    (budget / 10000)::decimal(18, 2) || '万元' as expected,
    project_name,
    unit_code,
    project_code,
    case when contains(place, ' ') then place end as place
from arrived_indicators
where level2 = '成本指标' and target_unit = '万元' and (target_value::decimal(22, 4) * 10000)::decimal(24, 2) <> budget
order by row
