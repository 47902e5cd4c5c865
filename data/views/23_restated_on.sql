-- Which figures of a project were reported otherwise at first? The batch that became official first beside the one that speaks.
-- One row per project and month whose amount differs, in yuan; figures of another kind (month, cumulative) are not compared.
create or replace temp macro restated_on(known_at) as table
with said as (
    select
        actuals.fiscal_year,
        actuals.unit_code,
        actuals.project_code,
        actuals.month,
        actuals.batch,
        stood.certified_act,
        bool_or(actuals.figure = 'cumulative') as cumulative,
        sum(actuals.amount)::decimal(18, 2) as amount
    from actuals
    join batches_on(known_at) as stood on stood.batch = actuals.batch
    where stood.certified_act is not null
    group by all
),
first_said as (
    select
        fiscal_year,
        unit_code,
        project_code,
        month,
        cumulative,
        arg_min(batch, certified_act) as first_batch,
        arg_min(amount, certified_act) as first_amount
    from said
    group by all
)
select
    official.*,
    first_batch,
    first_amount,
    (official.amount - first_amount)::decimal(18, 2) as difference
from paid_on(known_at) as official
join first_said using (fiscal_year, unit_code, project_code, month, cumulative)
where official.amount <> first_amount
