-- A negative amount is a reversal or a refund: someone must say which.
select row, 'amount' as column_name, amount as value, unit_code, project_code
from incoming
where amount < 0
