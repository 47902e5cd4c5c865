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
    union select act from reversals union select act from profiles union select act from lowerings
    union select act from form_words
)
select acts.* replace (
    case when only_mine or verb in ('rules', 'recheck', 'lock', 'reopen', 'notice', 'reply') then payload else '{}' end as payload
)
from whole.acts left join own_batches using (batch)
where only_mine is not null or batch is null and (verb = 'rules' or act in (from own));

-- What nobody sees who is limited to units: the audit of all, and who may sign in.
create or replace temp view audit as select * from whole.audit where false;
create or replace temp view accounts as select * from whole.accounts where false;
create or replace temp view sessions as select * from whole.sessions where false;
