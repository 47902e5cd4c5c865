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
create or replace temp view verdicts as select * from whole.verdicts where mine(unit_code);
create or replace temp view schedules as select * from whole.schedules where mine(unit_code);
create or replace temp view sums as select * from whole.sums where mine(unit_code);
create or replace temp view actuals as select * from whole.actuals where mine(unit_code);
create or replace temp view results as select * from whole.results where mine(unit_code);
create or replace temp view profiles as select * from whole.profiles where mine(unit_code);
create or replace temp view form_words as select * from whole.form_words where unit_code is null or mine(unit_code);
create or replace temp view lowerings as select * from whole.lowerings where mine(unit_code);
create or replace temp view month_events as select * from whole.month_events where unit_code is null or mine(unit_code);
create or replace temp view notice_answers as select * from whole.notice_answers semi join notices using (fiscal_year, number);
create or replace temp view reversals as
select * from whole.reversals
where reversed in (
    select act from adjustments union select act from revisions union select act from profiles
    union select act from results union select act from lowerings
);
