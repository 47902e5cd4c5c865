-- One month above two fifths of the budget must be meant.
with paid as (
    select incoming.* exclude (project_name), planned.project_name, current_budget
    from incoming
    join planned using (fiscal_year, unit_code, project_code)
    anti join (from found where code in ('W02', 'W03')) using (unit_code, project_code)
    where figure = 'month' and current_budget > 0
)
select
    min(row) as row,
    'amount' as column_name,
    sum(amount)::decimal(18, 2) as value,
    unit_code,
    project_code,
    any_value(project_name) as project_name,
    fiscal_year || '-' || lpad(month::text, 2, '0') as month,
    (share_of(sum(amount)::decimal(18, 2), any_value(current_budget)) * 100)::decimal(18, 1) as percent
from paid
group by fiscal_year, unit_code, project_code, month
having sum(amount) * 5 > any_value(current_budget)::decimal(20, 2) * 2
