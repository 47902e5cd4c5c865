-- Which status does a project have? Exactly at an edge the upper band wins.
-- due is the exact amount due at the last checkpoint reached, null where there is no plan.
create or replace temp macro status_of(budget, spent, reported, due, slightly_behind, behind) as
    case
        when budget is null or budget <= 0 or due is null then 'no_basis'
        when not reported then 'not_reported'
        when spent > budget then 'overspent'
        when due = 0 then 'not_due'
        when spent >= due then 'met'
        when spent >= slightly_behind * due then 'slightly_behind'
        when spent >= behind * due then 'behind'
        else 'far_behind'
    end;

-- How much of a budget is due, exactly? The amount as the plan writes it while the budget is the original one,
-- else the share of the budget in force.
create or replace temp macro due_of(original, budget, share, written) as
    case
        when written is not null and budget = original then written::decimal(27, 8)
        else (budget::decimal(22, 2) * share)::decimal(27, 8)
    end;

-- The same to the 分, half away from zero.
create or replace temp macro due_amount_of(original, budget, share, written) as
    case when written is not null and budget = original then written::decimal(18, 2) else part_of_money(budget, share, 1) end;

-- Can a gap be told at this status? Not without a report or a basis.
create or replace temp macro is_judged(status) as status not in ('no_basis', 'not_reported');

-- Does this status belong into the list of lagging projects?
create or replace temp macro is_lagging(status) as status in ('behind', 'far_behind')
