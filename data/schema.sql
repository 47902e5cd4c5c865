-- Every table but the last is append-only: a correction is a new row, an undo is a row.
-- No keys, sequences or indexes: the same tables serve a DuckDB file and a DuckLake.

-- One row per version of these tables that the store has been through.
create table if not exists versions (
    version integer,
    recorded_at timestamp
);

-- One row per file taken in: its dress, its sums, who sent it; `declared` (JSON) is what was told
-- beside it, `rule_set` the checks it passed. `reported_on` is the day on which the bureau knew it,
-- `recorded_at` (UTC) the moment this store did. `layout` is a plan's form, `stated` (JSON) the totals that it states.
create table if not exists batches (
    batch integer,
    kind text,
    file_name text,
    sha256 text,
    digest text,
    fiscal_year integer,
    unit_of_money text,
    figure text,
    row_count integer,
    total decimal(18, 2),
    control_total decimal(18, 2),
    declared text,
    rule_set text,
    layout text,
    stated text,
    sample boolean,
    act integer,
    reported_on date,
    recorded_at timestamp,
    recorded_by text
);

-- One row per step of a batch's life: checked, certified, withdrawn. `act` orders them.
create table if not exists events (
    batch integer,
    event text,
    reason text,
    act integer,
    reported_on date,
    recorded_at timestamp,
    recorded_by text
);

-- One row per finding kept with a batch and round of checking (`act`); only the newest round speaks.
-- `finding` names it within the batch; `facts` is JSON for the sentence in words.csv.
create table if not exists findings (
    batch integer,
    act integer,
    finding text,
    code text,
    level text,
    file_row integer,
    column_name text,
    value text,
    expected text,
    unit_code text,
    project_code text,
    facts text
);

-- One row per answer to a finding that asks for one; the newest speaks. `carried_from` is the batch
-- whose answer was taken over because the same warning recurred.
create table if not exists answers (
    batch integer,
    finding text,
    code text,
    reason_code text,
    reason text,
    carried_from integer,
    act integer,
    recorded_at timestamp,
    recorded_by text
);

-- One row per closing or opening of a month: locked or reopened, for one unit or (null) for all.
create table if not exists month_events (
    fiscal_year integer,
    month integer,
    unit_code text,
    event text,
    reason text,
    act integer,
    reported_on date,
    recorded_at timestamp,
    recorded_by text
);

-- One row per project and plan batch. Amounts in yuan; a blank cell is null. `plan_reading` says how its payment
-- plan was written: cumulative, increments, amounts or missing; `dropped` that the project has ended. `department` is the one in
-- charge as the document names it.
create table if not exists projects (
    batch integer,
    fiscal_year integer,
    unit_code text,
    unit_name text,
    project_code text,
    project_name text,
    budget decimal(18, 2),
    fiscal_funds decimal(18, 2),
    other_funds decimal(18, 2),
    purpose text,
    goal text,
    place text,
    plan_reading text,
    dropped boolean,
    department text
);

-- One row per checkpoint of a project: the cumulative share of the budget due at a month's end, and
-- where the plan was written in amounts the exact amount in yuan.
create table if not exists checkpoints (
    batch integer,
    fiscal_year integer,
    unit_code text,
    project_code text,
    month integer,
    share decimal(9, 6),
    amount decimal(18, 2)
);

-- One row per indicator; comparator, target_value and target_unit only where the target is a number.
create table if not exists indicators (
    batch integer,
    fiscal_year integer,
    unit_code text,
    project_code text,
    position integer,
    level1 text,
    level2 text,
    level3 text,
    description text,
    target text,
    comparator text,
    target_value decimal(18, 4),
    target_unit text,
    basis text,
    place text
);

-- One row per cell that a person corrected in a document's plan: what the document says and what holds, as text.
-- `batch` carries the corrected project, `corrected` is the batch of the document; position counts indicators or months.
create table if not exists corrections (
    batch integer,
    corrected integer,
    fiscal_year integer,
    unit_code text,
    project_code text,
    field text,
    position integer,
    written text,
    holds text,
    reason text
);

-- One row per checkpoint of a revised payment plan, in force from a day on; the rows of one act are one plan.
create table if not exists revisions (
    fiscal_year integer,
    unit_code text,
    project_code text,
    month integer,
    share decimal(9, 6),
    document_number text,
    effective_on date,
    reason text,
    act integer,
    reported_on date,
    recorded_at timestamp,
    recorded_by text
);

-- One row per adjustment or revision taken back; `reversed` is the act that brought it.
create table if not exists reversals (
    reversed integer,
    reason text,
    act integer,
    reported_on date,
    recorded_at timestamp,
    recorded_by text
);

-- One row per change of a budget during the year: increase, cut or virement, in yuan.
create table if not exists adjustments (
    fiscal_year integer,
    unit_code text,
    project_code text,
    amount decimal(18, 2),
    kind text,
    document_number text,
    effective_on date,
    reason text,
    act integer,
    reported_on date,
    recorded_at timestamp,
    recorded_by text
);

-- One row per word on how a project pays by its nature: even, quarterly, once (in the month due_in) or settled; the newest speaks.
create table if not exists profiles (
    fiscal_year integer,
    unit_code text,
    project_code text,
    profile text,
    due_in integer,
    reason text,
    act integer,
    reported_on date,
    recorded_at timestamp,
    recorded_by text
);

-- One row per word on why a project stands as it does at a month's end, and what is promised: the newest of a month speaks.
-- `promised` (yuan) is to be paid between that month's end and that of `due_month`, in the same year.
create table if not exists explanations (
    fiscal_year integer,
    month integer,
    unit_code text,
    project_code text,
    cause text,
    reason text,
    measure text,
    responsible text,
    due_month integer,
    promised decimal(18, 2),
    act integer,
    reported_on date,
    recorded_at timestamp,
    recorded_by text
);

-- One row per follow-up notice to a unit on its lagging projects at a month's end; numbered within the fiscal year.
create table if not exists notices (
    fiscal_year integer,
    number integer,
    month integer,
    unit_code text,
    level text,
    deadline date,
    act integer,
    reported_on date,
    recorded_at timestamp,
    recorded_by text
);

-- One row per answer to a notice; the newest speaks.
create table if not exists notice_answers (
    fiscal_year integer,
    number integer,
    answer text,
    act integer,
    reported_on date,
    recorded_at timestamp,
    recorded_by text
);

-- One row per row of a file of disbursements, in yuan; figure is month or cumulative.
-- A row without file_row is a person's word that nothing was spent.
create table if not exists actuals (
    batch integer,
    file_row integer,
    fiscal_year integer,
    month integer,
    unit_code text,
    project_code text,
    amount decimal(18, 2),
    figure text,
    fund text,
    voucher text,
    note text
);

-- One row per threshold and version of the rules.
create table if not exists rules (
    version integer,
    name text,
    value decimal(18, 4),
    reason text,
    act integer,
    reported_on date,
    recorded_at timestamp,
    recorded_by text
);

-- One row per act, chained by hash; the journal beside the store holds the same lines.
create table if not exists acts (
    act integer,
    verb text,
    batch integer,
    person text,
    recorded_at timestamp,
    payload text,
    previous text,
    hash text
);

-- One row per thing that somebody did, was refused or took along, chained by hash: of an act `detail` names its number
-- and hash. `recorded_at` is UTC; the journal beside the store has the same rows.
create table if not exists audit (
    number integer,
    recorded_at timestamp,
    person text,
    event text,
    subject text,
    outcome text,
    detail text,
    previous text,
    hash text
);

-- One row per word on an indicator at a month's end: the value reached since January and the one expected by the
-- year's end, or a qualitative grade with its percent. level3 and target name the indicator that was meant; a word that
-- came in a file has its place in it.
create table if not exists results (
    fiscal_year integer,
    month integer,
    unit_code text,
    project_code text,
    position integer,
    level3 text,
    target text,
    reached decimal(18, 4),
    expected decimal(18, 4),
    grade text,
    percent decimal(9, 4),
    note text,
    file_name text,
    sha256 text,
    file_row integer,
    sample boolean,
    act integer,
    reported_on date,
    recorded_at timestamp,
    recorded_by text
);

-- One row per judgement of an indicator at a month's end that a person lowered to a worse status.
create table if not exists lowerings (
    fiscal_year integer,
    month integer,
    unit_code text,
    project_code text,
    position integer,
    level3 text,
    target text,
    status text,
    reason text,
    act integer,
    reported_on date,
    recorded_at timestamp,
    recorded_by text
);

-- One row per word that a person wrote into the official forms: the department of a unit, what a project has achieved by a
-- month's end, or (of no month and unit) the layout of all forms as CSV. The newest speaks, an empty one takes back.
create table if not exists form_words (
    fiscal_year integer,
    month integer,
    unit_code text,
    project_code text,
    field text,
    words text,
    file_name text,
    act integer,
    reported_on date,
    recorded_at timestamp,
    recorded_by text
);

-- One row per change of a person's account: added, role, password, disabled, enabled; and each failed try at its password.
-- The newest word on each column holds. `units` are codes parted by spaces, empty for all; `password` is salt and scrypt.
create table if not exists accounts (
    person text,
    event text,
    role text,
    units text,
    password text,
    temporary boolean,
    recorded_at timestamp,
    recorded_by text
);

-- One row per beginning and end of a session; `session` is the SHA-256 of the token that only the visitor's browser holds.
create table if not exists sessions (
    session text,
    person text,
    event text,
    recorded_at timestamp,
    recorded_by text
);

-- What judged_on(null), schedules_on(null) and sums_on(null) say, in a store of many projects; made from all the others and made
-- anew with each act, never read in their place for another moment. Empty in a small store.
create table if not exists verdicts (
    fiscal_year integer,
    unit_code text,
    unit_name text,
    project_code text,
    project_name text,
    month integer,
    current_budget decimal(18, 2),
    original_budget decimal(18, 2),
    batch integer,
    reported boolean,
    anchor integer,
    last_reported integer,
    spent decimal(18, 2),
    missing integer,
    paid decimal(18, 2),
    covers integer,
    due_share decimal(9, 6),
    due_written decimal(18, 2),
    due_month integer,
    next_share decimal(9, 6),
    next_written decimal(18, 2),
    next_month integer,
    span integer,
    line decimal(9, 6),
    due_amount decimal(18, 2),
    status text,
    expected_amount decimal(18, 2),
    gap_amount decimal(18, 2),
    needed_to_next decimal(18, 2),
    recent_monthly decimal(18, 2),
    at_risk boolean,
    streak integer,
    since integer,
    recovered boolean,
    lagging_turns integer,
    rule_version integer
);

create table if not exists schedules (
    fiscal_year integer,
    unit_code text,
    project_code text,
    version integer,
    from_month integer,
    month integer,
    share decimal(9, 6),
    amount decimal(18, 2),
    until_month integer
);

create table if not exists sums (
    fiscal_year integer,
    unit_code text,
    month integer,
    unit_name text,
    projects integer,
    reported integer,
    batch integer,
    is_checkpoint boolean,
    budget decimal(18, 2),
    original_budget decimal(18, 2),
    reported_budget decimal(18, 2),
    due_amount decimal(18, 2),
    expected_amount decimal(18, 2),
    spent decimal(18, 2),
    paid decimal(18, 2),
    judged_due decimal(18, 2),
    judged_spent decimal(18, 2),
    judged_budget decimal(18, 2),
    gap_amount decimal(18, 2),
    needed_to_next decimal(18, 2),
    recent_monthly decimal(18, 2),
    lagging integer,
    at_risk integer
);
