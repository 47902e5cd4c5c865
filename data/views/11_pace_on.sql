-- How much did each project pay of late? Sum and count over the last reported months (a rule), in yuan.
-- One row per project that reported at least one of them.
create or replace temp macro pace_on(as_of, known_at) as table
select
    fiscal_year,
    unit_code,
    project_code,
    sum(paid)::decimal(18, 2) as recent_paid,
    count(*)::integer as counted_months
from months_on(known_at) as known, rules_on(known_at) as rule
where fiscal_year = year(as_of::date)
    and month <= month(as_of::date)
    and month > month(as_of::date) - rule.recent_months
    and reported
group by all
