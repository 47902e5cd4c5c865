-- A month that is official already would be restated; projects whose rows wait to be mended are left aside.
with changed as (
    select
        fiscal_year,
        unit_code,
        month,
        sum(before.amount)::decimal(18, 2) as old,
        sum(after.amount)::decimal(18, 2) as new,
        bool_or(before.amount is distinct from after.amount) as differs,
        bool_or(before.amount is not null) as was_official
    from paid_after as after
    full join paid_before as before using (fiscal_year, unit_code, project_code, month)
    semi join incoming using (fiscal_year, unit_code, month)
    anti join left_out using (project_code)
    group by all
)
select
    unit_code as value,
    unit_code,
    fiscal_year || '-' || lpad(month::text, 2, '0') as month,
    old,
    coalesce(new, 0) as new,
    coalesce(new, 0) - coalesce(old, 0) as difference,
    (
        select count(*)
        from verdicts_before as before
        join verdicts_after as after using (unit_code, project_code)
        where before.unit_code = changed.unit_code and before.status <> after.status
    ) as projects
from changed
where was_official and differs
