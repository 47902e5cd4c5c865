-- One plan for every project looks like a template's default.
with plans as (
    select
        project_code,
        string_agg(month || '月 ' || (share * 100)::decimal(9, 0) || '%', ' / ' order by month) as plan
    from arrived_checkpoints
    group by unit_code, project_code
)
select any_value(plan) as value, count(*) as projects
from plans
having count(*) >= 3 and count(distinct plan) = 1
