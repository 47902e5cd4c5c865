-- Who reported which month, when, how late, and how often was it restated?
-- One row per unit of the plan and month. due_on is the report day (a rule) of the month after; day is the
-- day on which lateness is judged; state: not_open, open, certified, locked or reopened.
create or replace temp macro discipline_on(day, known_at) as table
with handed_in as (
    select
        said.fiscal_year,
        said.unit_code,
        said.month,
        arg_min(stood.reported_on, stood.act) as reported_on,
        arg_min(stood.recorded_by, stood.act) as reported_by,
        (count(*) - 1)::integer as restated
    from (select distinct fiscal_year, unit_code, month, batch from actuals) as said
    join batches_on(known_at) as stood using (batch)
    where stood.state = 'certified'
    group by all
),
waiting as (
    select said.fiscal_year, said.unit_code, said.month, count(distinct stood.batch)::integer as waiting, sum(questions)::integer as questions
    from (select distinct fiscal_year, unit_code, month, batch from actuals) as said
    join batches_on(known_at) as stood using (batch)
    left join (select batch, count(*) as questions from open_questions() group by batch) using (batch)
    where stood.state = 'checked'
    group by all
)
select
    reports.*,
    make_date(reports.fiscal_year, reports.month, 1) + interval 1 month + to_days(rule.report_day - 1) as due_moment,
    due_moment::date as due_on,
    handed_in.reported_on,
    reported_by,
    case
        when reports.reported > 0 then greatest(date_diff('day', due_on, handed_in.reported_on), 0)
        when day::date > due_on then date_diff('day', due_on, day::date)
        else 0
    end::integer as days_late,
    coalesce(restated, 0) as restated,
    coalesce(waiting.waiting, 0) as waiting,
    coalesce(waiting.questions, 0) as open_questions,
    case
        when locks.event = 'locked' then 'locked'
        when locks.event = 'reopened' then 'reopened'
        when reports.reported > 0 then 'certified'
        when day::date < make_date(reports.fiscal_year, reports.month, 1) then 'not_open'
        else 'open'
    end as state,
    locks.recorded_at as state_at,
    locks.recorded_by as state_by,
    locks.reason as state_reason
from reports_on(known_at) as reports
cross join rules_on(known_at) as rule
left join handed_in using (fiscal_year, unit_code, month)
left join waiting using (fiscal_year, unit_code, month)
left join locks_on(known_at) as locks using (fiscal_year, unit_code, month)
