-- How bad is a status? Those that tell something are 1 to 5, an unknown is 0; and the status of a gravity.
create or replace temp macro gravity(status) as
    coalesce(list_position(['met', 'slightly_behind', 'behind', 'overspent', 'far_behind'], status), 0);
create or replace temp macro of_gravity(number) as ['met', 'slightly_behind', 'behind', 'overspent', 'far_behind'][number];

-- Does a value do what a comparator and a figure ask? To the last digit; null without a value.
create or replace temp macro is_reached(comparator, figure, value) as
    case comparator
        when '≥' then value >= figure
        when '>' then value > figure
        when '≤' then value <= figure
        when '<' then value < figure
        when '=' then value = figure
    end;

-- Is a target a count that grows through the year, so that a part of it is due before the end? Only where its unit says that
-- something is counted: a rate, an upper limit, a target without a unit or with a remark in its place are whole at any time.
create or replace temp macro is_growing(comparator, target, unit, name) as coalesce(
    comparator in ('≥', '>', '=') and target > 0 and length(unit) <= 3
    and not regexp_matches(unit, '[%‰比率分度]') and not regexp_matches(coalesce(name, ''), '(率|度|比例|占比)$'),
    false
);

-- How much of a growing target is due? What is counted in whole ones is due in whole ones, rounded down; money to its digits.
create or replace temp macro due_part(target, unit, share) as
    case when target = floor(target) and unit not like '%元' then floor(target * share) else target * share end::decimal(18, 4);

-- Which status has an indicator, by its grade or by its value? done of base is what was done of what is asked by now; over a
-- limit what is left of it. Exactly at an edge the upper band wins. Without a word it is not_reported, never 0.
create or replace temp macro result_status(grade, comparator, target, value, is_count, is_limit, due, done, base, slightly_behind, behind) as
    case
        when comparator is null then case grade
            when 'met' then 'met' when 'partly' then 'behind' when 'unmet' then 'far_behind' else 'not_reported'
        end
        when value is null then if(is_count and due = 0, 'not_due', 'not_reported')
        when is_reached(comparator, target, value) then 'met'
        when base is null then 'no_basis'
        when is_count and not is_limit and due = 0 then 'not_due'
        when is_count and not is_limit and is_reached(if(comparator = '>', '>', '≥'), due, value) then 'met'
        when base > 0 and done >= slightly_behind * base then 'slightly_behind'
        when base > 0 and done >= behind * base then 'behind'
        else 'far_behind'
    end;

-- Which judgements had a person lowered at a moment, and to what? The newest of a month that was not taken back speaks.
create or replace temp macro lowered_on(as_of, known_at) as table
select lowerings.*
from lowerings
anti join reversed_on(known_at) as taken_back on taken_back.reversed = lowerings.act
where fiscal_year = year(as_of::date) and month = month(as_of::date) and was_known(recorded_at, reported_on, known_at)
qualify row_number() over (partition by unit_code, project_code, position order by act desc) = 1
