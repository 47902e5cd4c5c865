-- A cumulative figure must not fall without a word of reversal or refund, in the file or against the month before.
with given as (
    select
        fiscal_year,
        unit_code,
        project_code,
        month,
        min(row) as row,
        sum(amount)::decimal(18, 2) as spent,
        bool_or(regexp_matches(coalesce(note, ''), '冲销|冲回|退款|退回|红字|调减|reversal|refund')) as explained
    from incoming
    where figure = 'cumulative'
    group by all
),
line as (
    from given
    union all by name
    select fiscal_year, unit_code, project_code, month, spent
    from months_before
    semi join given using (fiscal_year, unit_code, project_code)
    anti join given using (fiscal_year, unit_code, project_code, month)
    where reported
),
paired as (
    select *, lag(spent) over (partition by fiscal_year, unit_code, project_code order by month) as before from line
)
select
    row,
    'amount' as column_name,
    spent as value,
    '≥ ' || before as expected,
    unit_code,
    project_code,
    before,
    before - spent as difference
from paired
where row is not null and spent < before and not explained
