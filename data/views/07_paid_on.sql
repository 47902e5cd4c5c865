-- What was officially reported for a project and month? Amounts in yuan, as the file gave them.
-- One row per project and month; cumulative says that the amount is the year's to date.
create or replace temp macro paid_on(known_at) as table
select
    fiscal_year,
    unit_code,
    project_code,
    month,
    batch,
    bool_or(figure = 'cumulative') as cumulative,
    sum(amount)::decimal(18, 2) as amount
from figures()
join official_on(known_at) using (fiscal_year, unit_code, month, batch)
group by all
