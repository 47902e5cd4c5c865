-- How do plan and spending of each project run through the year?
-- Twelve rows a project, in yuan: due at the last checkpoint, expected on the straight line, spent, and the verdict of each month.
create or replace temp macro curves_on(known_at) as table
select
    fiscal_year, unit_code, project_code, month, original_budget, current_budget, due_amount, expected_amount,
    due_month = month as is_checkpoint,
    due_share::decimal(9, 4) as due_share,
    reported, spent, paid, batch, status, gap_amount
from verdicts_on(known_at)
