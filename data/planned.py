"""What can be asked of plans: documents, units, what was adjusted, revised and corrected, the same project in other years."""

from typing import Any

from data.database import Rows, Store
from loaders.codes import across_years

_READ = """
with sizes as (
    select unit_code, project_code, count(*) as indicators from indicators where batch = $batch group by all
),
points as (
    select unit_code, project_code, list({'month': month, 'share': share, 'amount': amount} order by month) as checkpoints
    from checkpoints where batch = $batch group by all
),
taken as materialized (
    select projects.*, coalesce(sizes.indicators, 0) as indicators, coalesce(points.checkpoints, []) as checkpoints
    from projects
    left join sizes using (unit_code, project_code)
    left join points using (unit_code, project_code)
    where batch = $batch
),
fitting as (
    select *, row_number() over (order by unit_code, project_code) as turn from taken
    where contains(lower(concat_ws(' ', project_name, project_code, unit_name, unit_code)), lower($find))
),
units as (
    select unit_code, min(unit_name) as unit_name, count(*) as projects, coalesce(sum(budget), 0)::decimal(18, 2) as budget
    from taken group by unit_code
)
select
    count(*) as count, count(distinct unit_code) as unit_count, coalesce(sum(len(checkpoints)), 0)::integer as checkpoints,
    coalesce(sum(indicators), 0)::integer as indicators, (select count(*) from fitting) as fits,
    (select list(fitting order by turn) from fitting where turn > $start and turn <= $start + coalesce($most, 1000000000)) as projects,
    (select list(units order by unit_code) from (from units order by budget desc, unit_code limit $most) as units) as units
from taken"""


def documents(store: Store, find: str = "", page: tuple[int, int | None] = (0, None)) -> list[dict[str, Any]]:
    """What was read of each plan batch that is not withdrawn, the newest first: its figures, units and projects.

    `count`, `unit_count`, `checkpoints` and `indicators` are of the whole document. `projects`, each with its checkpoints, are those
    whose name, code or unit has some words in it, from a place on and at most so many of the `fits`; `units` the largest.
    """
    found = store.ask("from batches_on(null) where kind = 'plan' and state <> 'withdrawn' order by batch desc")
    for document in found:
        facts = {"batch": document["batch"], "find": find, "start": page[0], "most": page[1]}
        read = store.ask(_READ, facts)[0]
        document |= {**read, "projects": read["projects"] or [], "units": read["units"] or []}
    return found


def projects_of(store: Store, code: str, year: int | None = None, unit: str | None = None) -> Rows:
    """The planned projects of a code, the latest year first; of one year or unit where asked."""
    return store.ask(
        """
        select fiscal_year, unit_code, unit_name, project_code, project_name from plans_on(null)
        where project_code = $code and ($year::integer is null or fiscal_year = $year) and ($unit::text is null or unit_code = $unit)
            and fiscal_year = (select max(fiscal_year) from plans_on(null) where project_code = $code
                and ($year::integer is null or fiscal_year = $year))
        order by unit_code""",
        {"code": code, "year": year, "unit": unit},
    )


def units(store: Store, year: int | None = None) -> Rows:
    """The units of the plans with their names, of one year or of all."""
    return store.ask(
        """select unit_code, arg_max(unit_name, fiscal_year) as unit_name from plans_on(null)
        where $year::integer is null or fiscal_year = $year group by unit_code order by unit_code""",
        {"year": year},
    )


def changes_of(store: Store, year: int, project: tuple[str, str] | None = None, most: int | None = None) -> Rows:
    """The adjustments and revisions of a year, of all projects or of one (unit, code), the newest first, all or at most so many.

    `count` says how many there are; `amount` in yuan of an adjustment, `points` (month, share) of a revision; `reversed_by` and
    `reversed_why` where taken back.
    """
    return store.ask(
        """
        with told as (
            select act, kind, fiscal_year, unit_code, project_code, amount, null as points, document_number, effective_on, reason,
                recorded_at, recorded_by
            from adjustments
            union all
            select act, 'revision', fiscal_year, unit_code, project_code, null,
                list({'month': month, 'share': share} order by month), any_value(document_number), any_value(effective_on),
                any_value(reason), any_value(recorded_at), any_value(recorded_by)
            from revisions group by act, fiscal_year, unit_code, project_code
        )
        select told.*, project_name, unit_name, back.recorded_by as reversed_by, back.reason as reversed_why, count(*) over () as count
        from told
        left join plans_on(null) as plan using (fiscal_year, unit_code, project_code)
        left join reversed_on(null) as back on back.reversed = told.act
        where fiscal_year = $year and ($unit::text is null or (unit_code = $unit and project_code = $code))
        order by told.act desc, amount limit $most""",
        {"year": year, "unit": project[0] if project else None, "code": project[1] if project else None, "most": most},
    )


def corrections_of(store: Store, year: int, project: tuple[str, str]) -> Rows:
    """What a person corrected in the plan of a project (unit, code): field, what the document says, what holds, why, by whom."""
    return store.ask(
        """
        select corrections.*, stood.recorded_by, stood.recorded_at, stood.state
        from corrections join batches_on(null) as stood using (batch)
        where corrections.fiscal_year = $year and unit_code = $unit and project_code = $code and state = 'certified'
        order by batch desc, field, position""",
        {"year": year, "unit": project[0], "code": project[1]},
    )


def kin_of(store: Store, project: dict[str, Any]) -> Rows:
    """The same project in other fiscal years, where the serial in its code says so: the same unit, only year and check differ."""
    own = across_years(project["project_code"])
    rows = store.ask(
        """select fiscal_year, unit_code, project_code, project_name, budget from plans_on(null)
        where unit_code = $unit and fiscal_year <> $year order by fiscal_year desc""",
        {"unit": project["unit_code"], "year": project["fiscal_year"]},
    )
    return [row for row in rows if own and across_years(row["project_code"]) == own]
