"""A plan on its way in: its projects in temporary tables beside the plans known so far, then in the store."""

from typing import Any

from data.database import Cursor, Rows, append, real
from loaders.codes import closes
from loaders.own import CORRECTION, END, ENTRY
from loaders.problems import Reading

BY_HAND = (ENTRY, CORRECTION, END)


def stage_plan(cursor: Cursor, reading: Reading) -> None:
    """Temporary tables of a plan's projects, checkpoints and indicators as they arrived, and of the plans known so far."""
    by_hand = reading.layout in BY_HAND
    cursor.execute(
        """create or replace temp table known_projects as
        select plan.*, coalesce(layout in ('entry', 'correction'), false) as by_hand, $by_hand as overtaken_by_hand
        from plans_on(null) as plan join batches using (batch)""",
        {"by_hand": by_hand},
    )
    cursor.execute("create or replace temp table arrived_projects as select *, 0 as row, false as closes from projects limit 0")
    cursor.execute("create or replace temp table arrived_checkpoints as from checkpoints limit 0")
    cursor.execute("""create or replace temp table arrived_indicators as
        select *, 0 as row, ''::text as project_name, 0::decimal(18, 2) as budget from indicators limit 0""")
    append(cursor, "arrived_projects", [{**row, "closes": closes(row["project_code"])} for row in reading.rows])
    append(cursor, "arrived_checkpoints", checkpoint_rows(reading))
    append(cursor, "arrived_indicators", indicator_rows(reading))
    # What the newer document replaces is known by the projects that both name; a hand has no such claim.
    cursor.execute("""create or replace temp table left_out_projects as
        with replaced as (
            select distinct batch from known_projects semi join arrived_projects using (fiscal_year, unit_code, project_code)
            where not overtaken_by_hand
        ),
        replaced_units as (
            select distinct fiscal_year, unit_code from known_projects semi join replaced using (batch)
        )
        select known.* from known_projects as known
        anti join arrived_projects using (fiscal_year, unit_code, project_code)
        where known.batch in (from replaced) or by_hand and (fiscal_year, unit_code) in (from replaced_units)""")


def checkpoint_rows(reading: Reading) -> Rows:
    """The checkpoints of a plan's reading, one row each, keyed by project."""
    return [{**_key(row), **point} for row in reading.rows for point in row["checkpoints"]]


def indicator_rows(reading: Reading) -> Rows:
    """The indicators of a plan's reading, one row each, keyed by project."""
    return [
        {
            **_key(row),
            "project_name": row["project_name"],
            "budget": row["budget"],
            **indicator,
            "position": position,
            "target_value": indicator["value"],
            "target_unit": indicator["unit"],
        }
        for row in reading.rows
        for position, indicator in enumerate(row["indicators"], start=1)
    ]


def _key(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("fiscal_year", "unit_code", "project_code")}


def insert_plan(cursor: Cursor, reading: Reading, batch: int) -> None:
    """Add the projects of a plan's reading, their checkpoints and indicators, and what a person corrected of them."""
    append(cursor, "projects", [{**row, "batch": batch} for row in reading.rows])
    append(cursor, "checkpoints", [{**row, "batch": batch} for row in checkpoint_rows(reading)])
    append(cursor, "indicators", [{**row, "batch": batch} for row in indicator_rows(reading)])
    append(cursor, "corrections", [{**row, "batch": batch} for row in reading.corrections])


def end_projects(cursor: Cursor, batch: int, projects: list[tuple[str, str]]) -> None:
    """Say in a plan's batch that projects (unit, code) which it leaves out have ended."""
    cursor.execute("create or replace temp table ended as select unit_code, project_code from projects limit 0")
    append(cursor, "ended", [{"unit_code": unit, "project_code": code} for unit, code in projects])
    cursor.execute(
        f"""insert into {real(cursor, "projects")} by name
        select * exclude (batch, dropped), $batch::integer as batch, true as dropped
        from plans_on(null) semi join ended using (unit_code, project_code)
        where fiscal_year in (select fiscal_year from projects where batch = $batch)""",
        {"batch": batch},
    )
