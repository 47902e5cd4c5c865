-- A cumulative figure must not fall without a word of reversal or refund.
with before as (
    select incoming.*, (
        select arg_max(spent, known.month)
        from months_before as known
        where known.fiscal_year = incoming.fiscal_year and known.unit_code = incoming.unit_code
            and known.project_code = incoming.project_code and known.month < incoming.month
            and known.reported
    ) as spent_before
    from incoming
    where figure = 'cumulative'
)
select
    min(row) as row,
    'amount' as column_name,
    sum(amount)::decimal(18, 2) as value,
    '≥ ' || any_value(spent_before) as expected,
    any_value(spent_before) as before,
    any_value(spent_before) - sum(amount)::decimal(18, 2) as difference
from before
group by fiscal_year, month, unit_code, project_code
having sum(amount) < any_value(spent_before)
    and not bool_or(regexp_matches(coalesce(note, ''), '冲销|冲回|退款|退回|红字|调减|reversal|refund'))
