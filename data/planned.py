"""What can be asked of plans: documents, units, what was adjusted, revised and corrected, the same project in other years."""

from typing import Any

from data.database import Rows, Store
from loaders.codes import across_years


def documents(store: Store) -> list[dict[str, Any]]:
    """What was read of each plan batch that is not withdrawn: its units and projects with checkpoints, the newest first."""
    found = store.ask("from batches_on(null) where kind = 'plan' and state <> 'withdrawn' order by batch desc")
    for document in found:
        key = {"batch": document["batch"]}
        document["projects"] = store.ask(
            """
            select projects.*, (select count(*) from indicators where indicators.batch = projects.batch
                and indicators.unit_code = projects.unit_code and indicators.project_code = projects.project_code) as indicators
            from projects where batch = $batch order by unit_code, project_code""",
            key,
        )
        points = store.ask("from checkpoints where batch = $batch order by unit_code, project_code, month", key)
        for project in document["projects"]:
            project["checkpoints"] = [
                {"month": p["month"], "share": p["share"], "amount": p["amount"]}
                for p in points
                if (p["unit_code"], p["project_code"]) == (project["unit_code"], project["project_code"])
            ]
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


def changes_of(store: Store, year: int, project: tuple[str, str] | None = None) -> Rows:
    """The adjustments and revisions of a year, of all projects or of one (unit, code), the newest first.

    `amount` in yuan of an adjustment, `points` (month, share) of a revision; `reversed_by` and `reversed_why` where taken back.
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
        select told.*, project_name, unit_name, back.recorded_by as reversed_by, back.reason as reversed_why
        from told
        left join plans_on(null) as plan using (fiscal_year, unit_code, project_code)
        left join reversed_on(null) as back on back.reversed = told.act
        where fiscal_year = $year and ($unit::text is null or (unit_code = $unit and project_code = $code))
        order by told.act desc, amount""",
        {"year": year, "unit": project[0] if project else None, "code": project[1] if project else None},
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
