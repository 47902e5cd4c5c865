-- Checkpoints that are not quarter ends are easily misread.
select
    array_to_string(list_transform(list_sort(list(distinct month)), lambda month: month || '月'), ', ') as value,
    count(distinct project_code) as projects
from arrived_checkpoints
where month not in (3, 6, 9, 12)
having count(*) > 0
