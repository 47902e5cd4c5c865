-- What a person limited to units sees: each table of the store under its own name, with the rows of these units alone.
-- `whole.` is the store itself; the views live in one cursor, and every question and rule asked there answers from them.
create or replace temp macro mine(unit_code) as coalesce(list_contains(getvariable('units'), unit_code), false);

-- The batches that speak for these units, and whether they speak for no other.
create or replace temp view own_batches as
with said as (
    select batch, unit_code from whole.actuals
    union all
    select batch, unit_code from whole.projects
)
select batch, bool_and(mine(unit_code)) as only_mine from said group by batch having bool_or(mine(unit_code));

create or replace temp view projects as select * from whole.projects where mine(unit_code);
create or replace temp view checkpoints as select * from whole.checkpoints where mine(unit_code);
create or replace temp view indicators as select * from whole.indicators where mine(unit_code);
create or replace temp view corrections as select * from whole.corrections where mine(unit_code);
create or replace temp view revisions as select * from whole.revisions where mine(unit_code);
create or replace temp view adjustments as select * from whole.adjustments where mine(unit_code);
create or replace temp view explanations as select * from whole.explanations where mine(unit_code);
create or replace temp view notices as select * from whole.notices where mine(unit_code);
create or replace temp view actuals as select * from whole.actuals where mine(unit_code);
create or replace temp view results as select * from whole.results where mine(unit_code);
create or replace temp view month_events as select * from whole.month_events where unit_code is null or mine(unit_code);
create or replace temp view notice_answers as select * from whole.notice_answers semi join notices using (fiscal_year, number);
create or replace temp view reversals as
select * from whole.reversals where reversed in (select act from adjustments union select act from revisions);

-- Of a batch that speaks for others too, what tells of the whole file is blank: name, sums, hashes, what it states.
create or replace temp view batches as
select batches.* replace (
    case when only_mine then file_name else '—' end as file_name,
    case when only_mine then sha256 end as sha256,
    case when only_mine then digest end as digest,
    case when only_mine then row_count end as row_count,
    case when only_mine then total end as total,
    case when only_mine then control_total end as control_total,
    case when only_mine then declared end as declared,
    case when only_mine then stated end as stated
)
from whole.batches join own_batches using (batch);

create or replace temp view events as
select events.* replace (case when only_mine then reason end as reason) from whole.events join own_batches using (batch);

create or replace temp view findings as
select findings.* from whole.findings join own_batches using (batch) where only_mine or mine(unit_code);

create or replace temp view answers as
select * from whole.answers semi join findings using (batch, finding);

-- The acts on these batches and on what stands in the tables above; a word that may name others is left out.
create or replace temp view acts as
with own as (
    select act from revisions union select act from adjustments union select act from explanations union select act from notices
    union select act from results union select act from month_events union select act from notice_answers
    union select act from reversals
)
select acts.* replace (
    case when only_mine or verb in ('rules', 'recheck', 'lock', 'reopen', 'notice', 'reply') then payload else '{}' end as payload
)
from whole.acts left join own_batches using (batch)
where only_mine is not null or batch is null and (verb = 'rules' or act in (from own));

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
    union all select unit_code from whole.month_events where act = act_number
    union all select null from whole.rules where act = act_number
    union all select unit_code from whole.notice_answers as answered join whole.notices using (fiscal_year, number)
        where answered.act = act_number
    union all select unit_code from whole.reversals as undone
        join (select act, unit_code from whole.adjustments union all select act, unit_code from whole.revisions) as changed
            on changed.act = undone.reversed
        where undone.act = act_number
)
select unit_code from touched where not mine(unit_code);
