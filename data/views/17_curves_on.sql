-- How do plan and spending of each project run through the year?
-- Twelve rows a project, in yuan: due at the last checkpoint, expected on the straight line, spent.
create or replace temp macro curves_on(known_at) as table
select
    plan.fiscal_year,
    plan.unit_code,
    plan.project_code,
    spending.month,
    (plan.budget + coalesce(change, 0))::decimal(18, 2) as current_budget,
    ((plan.budget + coalesce(change, 0))::decimal(22, 2) * due_share)::decimal(18, 2) as due_amount,
    one_of((plan.budget + coalesce(change, 0))::decimal(22, 2) * line, span)::decimal(18, 2) as expected_amount,
    due_month = spending.month as is_checkpoint,
    due_share::decimal(9, 4) as due_share,
    reported, spent, paid, spending.batch
from plans_on(known_at) as plan
join months_on(known_at) as spending using (fiscal_year, unit_code, project_code)
left join due_on(known_at) as due
    on due.fiscal_year = plan.fiscal_year and due.unit_code = plan.unit_code
    and due.project_code = plan.project_code and due.month = spending.month
left join (
    select known.fiscal_year, unit_code, project_code, months.month, sum(amount) as change
    from adjustments_on(known_at) as known
    join (select unnest(range(1, 13)) as month) as months
        on effective_on <= last_day(make_date(known.fiscal_year, months.month, 1))
    group by all
) as adjusted
    on adjusted.fiscal_year = plan.fiscal_year and adjusted.unit_code = plan.unit_code
    and adjusted.project_code = plan.project_code and adjusted.month = spending.month
