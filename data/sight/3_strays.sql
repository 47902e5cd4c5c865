-- What an act has touched beyond these units, or the whole bureau (null): one row each.
create or replace temp macro strays(act_number, batch_number) as table
with touched as (
    select unit_code from whole.actuals where batch = batch_number
    union all select unit_code from whole.projects where batch = batch_number
    union all select unit_code from whole.revisions where act = act_number
    union all select unit_code from whole.adjustments where act = act_number
    union all select unit_code from whole.explanations where act = act_number
    union all select unit_code from whole.notices where act = act_number
    union all select unit_code from whole.results where act = act_number
    union all select unit_code from whole.profiles where act = act_number
    union all select unit_code from whole.lowerings where act = act_number
    union all select unit_code from whole.form_words where act = act_number
    union all select unit_code from whole.month_events where act = act_number
    union all select null from whole.rules where act = act_number
    union all select unit_code from whole.notice_answers as answered join whole.notices using (fiscal_year, number)
        where answered.act = act_number
    union all select unit_code from whole.reversals as undone
        join (
            select act, unit_code from whole.adjustments union all select act, unit_code from whole.revisions
            union all select act, unit_code from whole.profiles union all select act, unit_code from whole.lowerings
            union all select act, unit_code from whole.results
        ) as changed
            on changed.act = undone.reversed
        where undone.act = act_number
)
select unit_code from touched where not mine(unit_code);
