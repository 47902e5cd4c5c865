-- How does each project stand against its payment profile: evenly by months, by quarters, at once in a month, as settled?
-- One row per project with a profile, in yuan. As settled, nothing is due before the settlement. The official verdict is `status`.
create or replace temp macro profiled_on(as_of, known_at) as table
with asked as (
    select
        progress.*,
        profile,
        due_in,
        told.act,
        told.reason,
        told.recorded_by,
        told.recorded_at,
        case
            when profile = 'even' then month(as_of::date)
            when profile = 'quarterly' then month(as_of::date) // 3 * 3
            when profile = 'once' and month(as_of::date) >= due_in then 12
            else 0
        end::integer as twelfths
    from progress_on(as_of, known_at) as progress
    join profiles_on(known_at) as told using (fiscal_year, unit_code, project_code)
)
select
    asked.*,
    share_of(twelfths, 12) as profile_share,
    one_of(current_budget::decimal(22, 2) * twelfths, 12)::decimal(18, 2) as profile_due,
    -- Twelve times each amount, so that nothing is rounded before it is compared.
    status_of(
        current_budget::decimal(22, 2) * 12, spent::decimal(22, 2) * 12, reported,
        case when current_budget > 0 then current_budget::decimal(22, 2) * twelfths end, rule.slightly_behind, rule.behind
    ) as profile_status,
    case when is_judged(profile_status) then spent - profile_due end as profile_gap
from asked
cross join rules_on(known_at) as rule
