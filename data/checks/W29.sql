-- A document would set aside what a person has corrected by hand.
with corrected as (
    select fiscal_year, unit_code, project_code, batch, string_agg(field, ',' order by field) as fields
    from corrections
    semi join (from known_projects where by_hand and not overtaken_by_hand) as known
        using (batch, fiscal_year, unit_code, project_code)
    group by all
)
select
    row,
    'project_code' as column_name,
    project_code as value,
    project_code,
    project_name,
    unit_code,
    batch_before as known_batch,
    fields
from arrived_projects
join (select * exclude (batch), batch as batch_before from corrected) as corrected
    using (fiscal_year, unit_code, project_code)
