-- How much did each project pay of late? Sum over the reports of the last months (a rule), in yuan, and how many
-- months these cover: a cumulative figure covers all since the report before it, an unreported month is unknown.
-- One row per project that reported at least one of them.
create or replace temp macro pace_on(as_of, known_at) as table
select
    fiscal_year,
    unit_code,
    project_code,
    sum(paid)::decimal(18, 2) as recent_paid,
    sum(covers)::integer as counted_months
from months_on(known_at) as known, rules_on(known_at) as rule
where fiscal_year = year(as_of::date)
    and month <= month(as_of::date)
    and month > month(as_of::date) - rule.recent_months
    and reported
group by all
