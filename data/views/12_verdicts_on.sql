-- Where does each project stand at each month's end, in money and in shares of it?
-- Twelve rows per project. To reckon the shares of the rows that are looked at takes less time than to read them from a large store.
-- What is due comes to whole 分 mostly, which are reckoned faster.
create or replace temp macro verdicts_on(known_at) as table
select
    * exclude (due_exact),
    share_of_money(spent, current_budget) as spent_share,
    share_of_money(spent, original_budget) as original_share,
    one_share_of(line, span) as expected_share,
    case when not is_judged(status) then null when due_exact = due_amount then share_of_money(spent, due_amount)
        else share_of(spent, due_exact) end as completion,
    case when not is_judged(status) then null when due_exact = due_amount then share_of_money(gap_amount, current_budget)
        else share_of(spent - due_exact, current_budget) end as gap_share
from (select *, due_of(original_budget, current_budget, due_share, due_written) as due_exact from judged_on(known_at))
