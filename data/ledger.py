"""Everything that can be asked of the ledger of uploads: batches, events, answers, restatements, months."""

import json
from datetime import date
from typing import Any

from data import queries
from data.acting import ActError
from data.calendar import month_end
from data.database import Rows, Store
from loaders.problems import Problem

Moment = queries.Moment


def history(store: Store, batch: int | None = None, limit: int | None = None, offset: int = 0) -> Rows:
    """The acts on batches and months, the newest first, or those on one batch; payload is what the journal says."""
    rows = store.ask(
        """
        select act, verb, batch, person, recorded_at, payload
        from acts where $batch::integer is null or batch = $batch order by act desc limit $limit offset $offset""",
        {"batch": batch, "limit": limit, "offset": offset},
    )
    return [{**row, "payload": json.loads(row["payload"])} for row in rows]


def act_count(store: Store, batch: int | None = None) -> int:
    """How many acts there are, or how many on one batch."""
    return store.ask("select count(*) as n from acts where $batch::integer is null or batch = $batch", {"batch": batch})[0]["n"]


def findings(store: Store, batch: int) -> list[tuple[Problem, dict[str, Any]]]:
    """The findings of a batch's newest check, each with the row that holds its answer, in the order of the file."""
    return [(queries.problem_of(row), row) for row in queries.findings(store, batch)]


def restatements(store: Store, batch: int | None = None, known_at: Moment = None) -> Rows:
    """Each certified batch that replaced another for a unit and month, the newest first: old and new sums in yuan, by whom."""
    return store.ask(
        """
        with said as (
            select fiscal_year, unit_code, month, batch, sum(amount)::decimal(18, 2) as total from actuals group by all
        ),
        lined as (
            select said.*, certified_act, certified_at, certified_by, reason, stood.state,
                lag(said.batch) over later as old_batch, lag(said.total) over later as old_total
            from said join batches_on($known_at) as stood on stood.batch = said.batch
            where certified_act is not null
            window later as (partition by said.fiscal_year, said.unit_code, said.month order by certified_act)
        )
        select *, total - old_total as difference from lined
        where old_batch is not null and ($batch::integer is null or batch = $batch)
        order by certified_act desc, unit_code, month""",
        {"batch": batch, "known_at": known_at},
    )


def restated(store: Store, year: int, project: tuple[str, str], known_at: Moment = None) -> Rows:
    """The months of a project (unit, code) that were reported otherwise at first: first and present amount in yuan, both batches."""
    return store.ask(
        "from restated_on($known_at) where fiscal_year = $year and unit_code = $unit and project_code = $code order by month",
        {"known_at": known_at, "year": year, "unit": project[0], "code": project[1]},
    )


def shares(store: Store, batch: int) -> Rows:
    """What a batch says of each unit and month: rows, sum, projects reported and planned, and which batch is official now."""
    return store.ask(
        """
        with said as (
            select fiscal_year, unit_code, month, count(file_row)::integer as rows, sum(amount)::decimal(18, 2) as amount,
                count(distinct project_code)::integer as reported
            from actuals where batch = $batch group by all
        ),
        planned as (
            select fiscal_year, unit_code, min(unit_name) as unit_name, count(*)::integer as projects from plans_on(null) group by all
        )
        select said.*, unit_name, projects, official.batch as official_batch
        from said left join planned using (fiscal_year, unit_code)
        left join official_on(null) as official using (fiscal_year, unit_code, month)
        order by fiscal_year, month, unit_code""",
        {"batch": batch},
    )


def rows_of(store: Store, batch: int, limit: int = 2000, offset: int = 0) -> Rows:
    """The rows of a batch as they stand in the ledger, in the order of the file, with the names of unit and project."""
    return store.ask(
        """
        select actuals.*, plan.unit_name, plan.project_name
        from actuals left join plans_on(null) as plan using (fiscal_year, unit_code, project_code)
        where actuals.batch = $batch order by file_row nulls last, month, project_code limit $limit offset $offset""",
        {"batch": batch, "limit": limit, "offset": offset},
    )


def row_count(store: Store, batch: int, before: int | None = None) -> int:
    """How many rows of a batch stand in the ledger, or how many of them stand before a row of the file."""
    found = store.ask(
        "select count(*) as n from actuals where batch = $batch and ($before::integer is null or file_row < $before)",
        {"batch": batch, "before": before},
    )
    return found[0]["n"]


def discipline(store: Store, year: int, day: date, known_at: Moment = None) -> Rows:
    """Per unit and month of a year: due, reported when and by whom, days late, restated, waiting, open questions, state."""
    return store.ask(
        "from discipline_on($day, $known_at) where fiscal_year = $year order by unit_code, month",
        {"day": day, "known_at": known_at, "year": year},
    )


def calendar(store: Store, year: int, day: date, known_at: Moment = None, find: str = "", page: tuple[int, int] = (0, 50)) -> Rows:
    """The same of the units whose name or code has some words in it, from a place on and at most so many; `units` says how many."""
    return store.ask(
        """
        with numbered as (
            select *, dense_rank() over (order by unit_code) as place
            from discipline_on($day, $known_at)
            where fiscal_year = $year and contains(lower(concat_ws(' ', unit_name, unit_code)), lower($find))
        ),
        counted as (select *, max(place) over () as units from numbered)
        select * exclude (place) from counted where place > $start and place <= $start + $most order by unit_code, month""",
        {"day": day, "known_at": known_at, "year": year, "find": find, "start": page[0], "most": page[1]},
    )


def months(store: Store, year: int, day: date, known_at: Moment = None) -> Rows:
    """The twelve months of a year: units that reported, days late at most, restatements, state; locked only where every unit is."""
    return store.ask(
        """
        select fiscal_year, month, count(*)::integer as units, count(*) filter (reported > 0)::integer as units_reported,
            sum(projects)::integer as projects, sum(reported)::integer as reported, any_value(due_on) as due_on,
            max(days_late) as days_late, sum(restated)::integer as restated, sum(open_questions)::integer as open_questions,
            count(*) filter (state = 'locked')::integer as units_locked,
            case
                when bool_and(state = 'locked') then 'locked'
                when bool_or(state = 'reopened') then 'reopened'
                when bool_and(reported > 0) then 'certified'
                when bool_and(state = 'not_open') then 'not_open'
                else 'open'
            end as state
        from discipline_on($day, $known_at) where fiscal_year = $year group by fiscal_year, month order by month""",
        {"day": day, "known_at": known_at, "year": year},
    )


def standing(store: Store, batch: int) -> dict[str, Any]:
    """A batch with its state and what it stands for now (superseded where another speaks); ActError if there is none."""
    found = [row for row in queries.batches(store) if row["batch"] == batch]
    if not found:
        raise ActError("act.unknown", batch=batch)
    return found[0]


def certificate(store: Store, batch: int) -> dict[str, Any]:
    """All that a certificate of a batch says: the batch, its months, coverage at the last of them, rules.

    Of a plan: its units with projects and budget, and the cells that a person corrected.
    """
    row = standing(store, batch)
    months_said = shares(store, batch)
    as_of = month_end(months_said[-1]["fiscal_year"], months_said[-1]["month"]) if months_said else None
    whole = queries.altogether(store, as_of) if as_of else None
    version, _, digest = (row["rule_set"] or "").partition("-")
    return {
        "batch": row,
        "months": months_said,
        "units": _planned(store, batch) if row["kind"] == "plan" else [],
        "corrections": store.ask("from corrections where batch = $batch order by field, position", {"batch": batch}),
        "whole": whole,
        "as_of": as_of,
        "rule_version": int(version.removeprefix("v") or 0),
        "rule_set": digest,
    }


def _planned(store: Store, batch: int) -> Rows:
    """The units of a plan's batch: projects, of these ended ones, and budget."""
    return store.ask(
        """select unit_code, min(unit_name) as unit_name, count(*) as projects, count(*) filter (dropped) as ended,
            coalesce(sum(budget) filter (dropped is not true), 0)::decimal(18, 2) as amount
        from projects where batch = $batch group by unit_code order by unit_code""",
        {"batch": batch},
    )
