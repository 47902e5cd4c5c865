-- A month cannot be reported before it has begun, nor in another year than the one declared.
select
    row,
    'month' as column_name,
    arrived.fiscal_year || '-' || lpad(month::text, 2, '0') as value,
    case
        when make_date(arrived.fiscal_year, month, 1) > told.today then strftime(told.today, '≤ %Y-%m')
        else told.fiscal_year::text
    end as expected,
    case when make_date(arrived.fiscal_year, month, 1) > told.today then 'future' else 'other_year' end as why
from arrived, told
where make_date(arrived.fiscal_year, month, 1) > told.today or arrived.fiscal_year <> told.fiscal_year
