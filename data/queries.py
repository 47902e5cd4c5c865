"""Everything that can be asked: one function, one question; money as Decimal yuan, months as int."""

import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from data.acting import RULES
from data.database import Rows, Store
from loaders.problems import Problem

Moment = datetime | None


def progress(store: Store, as_of: date, known_at: Moment = None, project: tuple[str | None, str] | None = None) -> Rows:
    """Where each project stands at a month's end, in the order of unit and code; or one of a code, of any unit or of one."""
    facts = {"as_of": as_of, "known_at": known_at, "unit": project[0] if project else None, "code": project[1] if project else None}
    return store.ask(
        """
        from progress_on($as_of, $known_at)
        where ($code::text is null or project_code = $code) and ($unit::text is null or unit_code = $unit)
        order by unit_code, project_code""",
        facts,
    )


def planned(store: Store, year: int, known_at: Moment = None, find: str = "", most: int | None = None) -> Rows:
    """The projects of a year's plans whose name, code or unit has some words in it, all or at most so many; `count` says how many."""
    return store.ask(
        """
        select unit_code, unit_name, project_code, project_name, count(*) over () as count
        from plans_on($known_at)
        where fiscal_year = $year and contains(lower(concat_ws(' ', project_name, project_code, unit_name, unit_code)), lower($find))
        order by unit_code, project_code limit $most""",
        {"year": year, "known_at": known_at, "find": find, "most": most},
    )


def named(store: Store, year: int, known_at: Moment, units: tuple[str, ...], projects: tuple[str, ...]) -> Rows:
    """The projects of these codes in a year's plans, and one of each of these units, with their names; those that there are."""
    return store.ask(
        """
        select unit_code, unit_name, project_code, project_name from plans_on($known_at)
        where fiscal_year = $year
        qualify list_contains($projects::text[], project_code)
            or list_contains($units::text[], unit_code) and row_number() over (partition by unit_code order by project_code) = 1""",
        {"year": year, "known_at": known_at, "units": units, "projects": projects},
    )


def silent(store: Store, as_of: date, known_at: Moment = None, units: tuple[str, ...] = ()) -> int:
    """How many projects cannot be judged because they are not reported, of all units or of some."""
    return store.ask(
        """
        select count(*) as n from progress_on($as_of, $known_at)
        where status = 'not_reported' and (len($units::text[]) = 0 or list_contains($units::text[], unit_code))""",
        {"as_of": as_of, "known_at": known_at, "units": units},
    )[0]["n"]


def behind(store: Store, as_of: date, known_at: Moment = None, most: int | None = None) -> Rows:
    """The lagging projects, the largest gap in money first; all or at most so many."""
    question = "from behind_on($as_of, $known_at) order by gap_amount, project_code limit $most"
    return store.ask(question, {"as_of": as_of, "known_at": known_at, "most": most})


def summary(store: Store, as_of: date, known_at: Moment = None) -> Rows:
    """The whole first (unit_code None), then one row a unit."""
    return store.ask("from summary_on($as_of, $known_at) order by unit_code nulls first", {"as_of": as_of, "known_at": known_at})


def altogether(store: Store, as_of: date, known_at: Moment = None) -> dict[str, Any]:
    """What all units come to together: the row of summary_on without a unit."""
    return store.ask("from summary_on($as_of, $known_at) where unit_code is null", {"as_of": as_of, "known_at": known_at})[0]


def each_indicator(store: Store, view: str, moment: tuple[date, Moment], project: tuple[str, str] | None = None) -> Rows:
    """The rows of a view of indicators at a month's end as known at a moment, of all projects or of one (unit, code)."""
    facts = {"as_of": moment[0], "known_at": moment[1], "unit": project[0] if project else None, "code": project[1] if project else None}
    return store.ask(
        f"""
        from {view}($as_of, $known_at)
        where $unit::text is null or (unit_code = $unit and project_code = $code)
        order by unit_code, project_code, position""",
        facts,
    )


def curve(store: Store, year: int, known_at: Moment = None, project: tuple[str, str] | None = None) -> Rows:
    """Twelve months of plan and spending, of one project (unit, code) or of all together.

    `reported` says how many of the `projects` have a report for the month; gap_amount and lagging are those of that month's end.
    """
    if project is None:
        return store.ask(
            """
            select month, sum(budget) as budget, sum(due_amount) as due_amount, sum(expected_amount) as expected_amount,
                sum(spent) as spent, sum(paid) as paid, sum(projects)::integer as projects, sum(reported)::integer as reported,
                bool_or(is_checkpoint) as is_checkpoint, max(batch) as batch,
                sum(gap_amount) as gap_amount, sum(lagging)::integer as lagging
            from sums_on($known_at) where fiscal_year = $year group by month order by month""",
            {"known_at": known_at, "year": year},
        )
    return store.ask(
        """
        select month, current_budget as budget, due_amount, expected_amount, spent, paid, 1 as projects, reported::integer as reported,
            is_checkpoint, batch, gap_amount, coalesce(is_lagging(status), false)::integer as lagging
        from curves_on($known_at)
        where fiscal_year = $year and unit_code = $unit and project_code = $code
        order by month""",
        {"known_at": known_at, "year": year, "unit": project[0], "code": project[1]},
    )


def among(column: str, values: Collection[str]) -> tuple[str, dict[str, str]]:
    """A condition that a column is one of a few values, and its facts, one for each: so a table is asked for them, not looked through."""
    facts = {f"{column}_{place}": value for place, value in enumerate(sorted(values))}
    return f"{column} in ({', '.join(f'${name}' for name in facts)})" if facts else "false", facts


def checkpoints(store: Store, as_of: date, known_at: Moment, codes: list[str]) -> Rows:
    """The shares of the checkpoints of some projects, by the plan in force on a day, in the order of their months."""
    condition, facts = among("project_code", codes)
    return store.ask(
        f"""
        select unit_code, project_code, list(share::decimal(9, 4) order by month) as points
        from schedules_on($known_at)
        where {condition}
            and fiscal_year = year($as_of::date) and month($as_of::date) between from_month and until_month
        group by unit_code, project_code""",
        {"known_at": known_at, "as_of": as_of, **facts},
    )


def rules(store: Store, known_at: Moment = None) -> dict[str, Any]:
    """The thresholds in force and their version."""
    return store.ask("from rules_on($known_at)", {"known_at": known_at})[0]


def rule_versions(store: Store) -> Rows:
    """Every version of the thresholds, the newest first: a column each, with its reason, person and moment."""
    rows = store.ask("from rules order by version desc, name")
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        told = {name: row[name] for name in ("version", "reason", "recorded_by", "recorded_at")}
        found.setdefault(row["version"], dict.fromkeys(RULES) | told)[row["name"]] = row["value"]
    return list(found.values())


def years(store: Store) -> list[int]:
    """The fiscal years that have a plan, the latest first."""
    return [row["fiscal_year"] for row in store.ask("select distinct fiscal_year from sums_on(null) order by 1 desc")]


def latest_month(store: Store) -> date | None:
    """The end of the latest month with an official report, or None before the first one."""
    found = store.ask("select max(last_day(make_date(fiscal_year, month, 1))) as day from sums_on(null) where reported > 0")
    return found[0]["day"]


def batches(store: Store, known_at: Moment = None) -> Rows:
    """Every batch with its state, the newest first; months and units name what it reports."""
    return store.ask(
        """
        select stood.*, months, units,
            case when stood.kind = 'actuals' and state = 'certified' and not exists (
                from official_on($known_at) as official where official.batch = stood.batch) then 'superseded' else state end as standing
        from batches_on($known_at) as stood
        left join (
            select batch, list_sort(list(distinct fiscal_year || '-' || lpad(month::text, 2, '0'))) as months,
                list(distinct unit_code order by unit_code) as units
            from actuals group by batch) as said using (batch)
        order by batch desc""",
        {"known_at": known_at},
    )


def export_facts(store: Store, as_of: date, known_at: Moment = None) -> dict[str, Any]:
    """What every export says beside its rows: month, moment, the newest record, coverage, rules, the batches in force, sample or not."""
    in_force = [row for row in batches(store, known_at) if row["standing"] == "certified"]
    return {
        "as_of": as_of,
        "known_at": known_at,
        "newest": store.ask("select max(recorded_at) as moment from acts")[0]["moment"],
        "whole": altogether(store, as_of, known_at),
        "rule": rules(store, known_at),
        "batches": sorted(row["batch"] for row in in_force),
        "sample": any(row["sample"] for row in in_force),
    }


def findings(store: Store, batch: int) -> Rows:
    """The findings of a batch's newest round of checking, each with the answer it got, in the order of the file."""
    return store.ask("from findings_of() where batch = $batch order by file_row nulls last, code, value", {"batch": batch})


def problem_of(finding: dict[str, Any]) -> Problem:
    """A kept finding as the Problem it was, ready to be worded."""
    return Problem(
        finding["code"],
        row=finding["file_row"],
        column=finding["column_name"],
        value=finding["value"],
        expected=finding["expected"],
        facts=json.loads(finding["facts"] or "{}"),
    )


def batch_of(store: Store, batch: int) -> dict[str, Any]:
    """One batch with its state; IndexError if there is none of that number."""
    return store.ask("from batches_on(null) where batch = $batch", {"batch": batch})[0]


def samples(store: Store) -> list[int]:
    """The numbers of the sample batches that are not withdrawn."""
    return [row["batch"] for row in store.ask("select batch from batches_on(null) where sample and state <> 'withdrawn' order by batch")]


def real_actuals(store: Store) -> int:
    """How many batches of real disbursements are waiting or official."""
    return store.ask("select count(*) as n from batches_on(null) where kind = 'actuals' and not sample and state <> 'withdrawn'")[0]["n"]


def reports(store: Store, year: int, known_at: Moment = None) -> Rows:
    """Which unit has reported which month: projects planned, projects reported, the batch that speaks."""
    return store.ask("from reports_on($known_at) where fiscal_year = $year order by unit_code, month", {"known_at": known_at, "year": year})


def months_of(store: Store, year: int, project: tuple[str, str], known_at: Moment = None) -> Rows:
    """The twelve months of a project (unit, code): due, expected, paid, spent, reported, its batch and file."""
    return store.ask(
        """
        select curves.*, file_name, recorded_by
        from curves_on($known_at) as curves left join batches using (batch)
        where curves.fiscal_year = $year and unit_code = $unit and project_code = $code order by month""",
        {"known_at": known_at, "year": year, "unit": project[0], "code": project[1]},
    )


def lines_of(store: Store, year: int, project: tuple[str, str], known_at: Moment = None) -> Rows:
    """Every official row of a project, traced to batch, file and row of the file."""
    return store.ask(
        """
        select actuals.*, batches.file_name, batches.sha256, batches.recorded_by, batches.recorded_at, batches.sample
        from actuals join official_on($known_at) using (fiscal_year, unit_code, month, batch) join batches using (batch)
        where actuals.fiscal_year = $year and unit_code = $unit and project_code = $code
        order by month, file_row""",
        {"known_at": known_at, "year": year, "unit": project[0], "code": project[1]},
    )


def plan_of(store: Store, year: int, project: tuple[str, str], known_at: Moment = None) -> dict[str, Any] | None:
    """A project's plan with its document, or None if there is none."""
    found = store.ask(
        """
        select plan.*, batches.file_name, batches.sha256
        from plans_on($known_at) as plan join batches using (batch)
        where plan.fiscal_year = $year and unit_code = $unit and project_code = $code""",
        {"known_at": known_at, "year": year, "unit": project[0], "code": project[1]},
    )
    return found[0] if found else None


def indicators_of(store: Store, batch: int, project: tuple[str, str]) -> Rows:
    """The indicators of a project in a plan batch, in the document's order."""
    return store.ask(
        "from indicators where batch = $batch and unit_code = $unit and project_code = $code order by position",
        {"batch": batch, "unit": project[0], "code": project[1]},
    )
