-- The control total that the uploader typed must be the file's.
select
    'amount' as column_name,
    sum(amount)::decimal(18, 2) as value,
    any_value(control_total)::text as expected,
    any_value(control_total) - sum(amount)::decimal(18, 2) as difference
from incoming, told
having any_value(control_total) is not null and sum(amount) <> any_value(control_total)
