-- What was the plan of each project at a moment? Amounts in yuan.
-- One row per fiscal year, unit and code, from its newest certified document; none for a project that has ended.
-- A plan first recorded later is taken as first recorded: it was in force before it was typed in.
create or replace temp macro plans_on(known_at) as table
with then_known as (
    select batch, certified_act from batches_on(known_at) where kind = 'plan' and state = 'certified'
),
first_known as (
    select batch, -certified_act as certified_act
    from batches_on(null)
    where kind = 'plan'
        and state = 'certified'
        and fiscal_year not in (
            select fiscal_year from then_known join batches using (batch)
        )
),
known as (
    from then_known union all from first_known
),
ranked as (
    select
        projects.*,
        row_number() over (
            partition by fiscal_year, unit_code, project_code order by certified_act desc
        ) as place_in_line
    from projects
    join known using (batch)
)
select * exclude (place_in_line) from ranked where place_in_line = 1 and dropped is not true
