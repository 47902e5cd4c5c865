-- A month cannot be reported before it has begun, in another year than the one declared, or once it is locked.
select
    row,
    'month' as column_name,
    arrived.unit_code,
    project_code,
    arrived.fiscal_year || '-' || lpad(arrived.month::text, 2, '0') as value,
    case
        when make_date(arrived.fiscal_year, arrived.month, 1) > told.today then strftime(told.today, '≤ %Y-%m')
        when arrived.fiscal_year <> told.fiscal_year then told.fiscal_year::text
    end as expected,
    case
        when make_date(arrived.fiscal_year, arrived.month, 1) > told.today then 'future'
        when arrived.fiscal_year <> told.fiscal_year then 'other_year'
        else 'locked'
    end as why,
    locked.recorded_by as who,
    strftime(here(locked.recorded_at), '%Y-%m-%d %H:%M') as moment
from arrived
cross join told
left join locked_months as locked
    on locked.fiscal_year = arrived.fiscal_year and locked.month = arrived.month and locked.unit_code = arrived.unit_code
where make_date(arrived.fiscal_year, arrived.month, 1) > told.today
    or arrived.fiscal_year <> told.fiscal_year
    or locked.month is not null
