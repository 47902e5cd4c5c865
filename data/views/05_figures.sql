-- Every figure that was ever reported, whether its batch speaks or not; no more of it than verdicts rest on.
create or replace temp macro figures() as table
select batch, fiscal_year, unit_code, project_code, month, figure, amount
from actuals
