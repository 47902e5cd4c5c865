"""What only asks: where projects stand, what was read, what was recorded."""

import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from data import briefs, explaining, forecasts, lagging, ledger, looking_back, planned, queries
from data.words import Words
from loaders import cells
from pages.parts import answers, exports, figures, selection
from pages.parts.brief import brief_docx, brief_html, brief_pdf
from pages.parts.working_paper import behind_workbook
from pages.terminal.told import DONE, Told, UsageError, asked, form_of, tell, today, write


def progress(told: Told, say: Words) -> int:
    """Each project's progress at a month's end."""
    rows = [row for row in queries.progress(asked(told, say), told.as_of, told.known_at) if told.unit in (None, row["unit_code"])]
    tell(
        told,
        [answers.row(row, answers.PROGRESS) for row in rows],
        [answers.progress_line(row, say) for row in rows] or [say("empty.no_plan")],
    )
    return DONE


def behind(told: Told, say: Words) -> int:
    """The lagging projects that are asked for, in the order asked for, to the screen or into a workbook or CSV."""
    store = asked(told, say)
    everything = queries.progress(store, told.as_of, told.known_at)
    chosen = _selection(told, everything, say)
    rows = lagging.listed(store, told.as_of, told.known_at, **asdict(chosen))["rows"]
    lines = [_line(row, say) for row in rows]
    if chosen.grouped:
        lines = [line for unit, own in selection.by_unit(rows) for line in _of_unit(unit, own, say)]
    beside = selection.beside(lagging.beside(store, told.as_of, told.known_at, **chosen.place), say)
    lines += [*_unjudged(rows, everything, told, say), *filter(None, [selection.owed(rows, say)]), *beside]
    if told.output:
        make = {"xlsx": behind_workbook, "csv": exports.behind_csv}[form_of(told.output, ("xlsx", "csv"), say)]
        names = {row[f"{kind}_code"]: row[f"{kind}_name"] or "" for row in everything for kind in ("unit", "project")}
        facts = {**queries.export_facts(store, told.as_of, told.known_at), "beside": beside}
        facts["watched"] = lagging.watched(store, told.as_of, told.known_at, **chosen.place)
        about = exports.Context(facts, say, chosen.told(say, names))
        write(told, make(rows, about, chosen.grouped), say)
        lines = [say("cli.written", file=told.output, count=len(rows))]
    tell(
        told,
        [{**answers.row(row, answers.PROGRESS), **answers.chased(row)} for row in rows],
        lines,
    )
    return DONE


def _selection(told: Told, rows: list[dict[str, Any]], say: Words) -> selection.Selection:
    """What the options ask for; UsageError for a unit, project, cause or amount that there is not."""
    units, projects = {row["unit_code"] for row in rows}, {row["project_code"] for row in rows}
    causes = {*explaining.CAUSES, selection.NO_CAUSE}
    if unknown := [unit for unit in told.unit or () if unit not in units]:
        raise UsageError(say("cli.no_unit", unit=unknown[0]))
    left = {"not_units": units, "not_projects": projects, "not_causes": causes}
    if unknown := [one for one in told.exclude if not any(one in known for known in left.values())]:
        raise UsageError(say("cli.bad_exclude", value=unknown[0]))
    gate = cells.money(told.gate, "元") if told.gate else None
    if told.gate and gate is None:
        raise UsageError(say("cli.bad_amount", value=told.gate))
    return selection.Selection(
        units=tuple(told.unit or ()),
        statuses=tuple(told.status),
        causes=tuple(told.cause),
        **{name: tuple(one for one in told.exclude if one in known) for name, known in left.items()},
        gate=gate.yuan if gate else Decimal(0),
        follow=told.follow,
        sort=told.sort,
        grouped=told.group == "unit",
    )


def _of_unit(unit: dict[str, Any], own: list[dict[str, Any]], say: Words) -> list[str]:
    """A unit's projects below its name and sum."""
    total = -sum((row["gap_amount"] for row in own), Decimal(0))
    named = say("list.unit_sum", unit=unit["unit_name"] or unit["unit_code"], count=len(own), sum=figures.wan(total))
    return [named, *(f"  {_line(row, say)}" for row in own)]


def _line(row: dict[str, Any], say: Words) -> str:
    """A lagging project on two lines: where it stands, and what is done about it."""
    return f"{answers.progress_line(row, say)}\n    {answers.chased_line(row, say)}"


def brief(told: Told, say: Words) -> int:
    """The briefing of a month as PDF, Word or HTML."""
    make = {"pdf": brief_pdf, "docx": brief_docx, "html": brief_html}[form_of(told.output, ("pdf", "docx", "html"), say)]
    facts = briefs.facts(asked(told, say), told.as_of, told.known_at)
    if not facts["about"]["whole"]["projects"]:
        raise UsageError(say("empty.no_plan"))
    content = make(facts, say)
    write(told, content, say)
    answer = {"file": told.output, "as_of": f"{told.as_of:%Y-%m}", "lagging": facts["behind"]["projects"], "bytes": len(content)}
    tell(told, answer, [say("cli.written_file", file=told.output)])
    return DONE


def changes(told: Told, say: Words) -> int:
    """What differs between two states of the verdicts: two months, or one as known at two moments."""
    before, after = looking_back.State(told.first, told.known_first), looking_back.State(told.second, told.known_second)
    rows, _ = looking_back.changed(asked(told, say), before, after)
    lines = [
        f"{say('move.' + row['move'])}  {row['project_code']}  {_word(row['old'], say)} → {_word(row['new'], say)}  "
        f"{figures.signed_wan(row['gap_change'])}  {row['project_name']}"
        for row in rows
    ]
    tell(told, [answers.moved(row) for row in rows], lines or [say("compare.nothing")])
    return DONE


def forecast(told: Told, say: Words) -> int:
    """The range of each project at a later month, whether its next checkpoint can be reached, and how earlier ranges did."""
    store = asked(told, say)
    rows = forecasts.forecast(store, told.as_of, told.by, told.known_at)
    pace = queries.rules(store, told.known_at)["pace"]
    answer = {
        "as_of": f"{told.as_of:%Y-%m}",
        "by": told.by,
        "projects": [{**answers.ahead(row), "reach": forecasts.reach(row, told.as_of, pace)} for row in rows],
        "whole": answers.ahead(forecasts.whole(rows)),
        "scoreboard": [answers.ahead(row) for row in forecasts.scoreboard(store, told.as_of, told.known_at)],
    }
    lines = [
        f"{row['project_code']}  {figures.wan(row['spent'])} → {figures.wan(row['low'])} … {figures.wan(row['high'])} {say('unit.money')}  "
        f"{row['project_name']}"
        for row in rows
    ]
    tell(told, answer, lines or [say("outlook.nothing")])
    return DONE


def _word(state: dict[str, Any] | None, say: Words) -> str:
    return say("status." + state["status"]) if state else "—"


def _unjudged(rows: list[dict[str, Any]], everything: list[dict[str, Any]], told: Told, say: Words) -> list[str]:
    """What the list cannot say: that nobody is behind, or that nobody knows."""
    meant = [row for row in everything if not told.unit or row["unit_code"] in told.unit]
    silent = sum(row["status"] == "not_reported" for row in meant)
    month = figures.month_name(told.as_of, say)
    if not meant:
        return [say("empty.no_plan")]
    if silent == len(meant):
        return [say("verdict.nothing", month=month, projects=len(meant))]
    none = [] if rows else [say("behind.none", month=month)]
    return [*none, *([say("behind.unjudged", count=silent)] if silent else [])]


def plans(told: Told, say: Words) -> int:
    """What was read of each plan that is not withdrawn."""
    answer = []
    store = asked(told, say)
    for document in planned.documents(store):
        found = [queries.problem_of(row) for row in queries.findings(store, document["batch"])]
        codes = answers.codes_by_project(found)
        projects = [answers.project(row, codes) for row in document["projects"]]
        units = {row["unit_code"]: row["unit_name"] for row in projects}
        answer.append(
            {
                "document": document["file_name"],
                "layout": document["layout"],
                "batch": document["batch"],
                "state": document["state"],
                "fiscal_year": document["fiscal_year"],
                "unit_of_money": document["unit_of_money"],
                "sha256": document["sha256"],
                "total_yuan": str(document["total"]),
                "units": [
                    {
                        "unit_code": code,
                        "unit_name": name,
                        "projects": sum(row["unit_code"] == code for row in projects),
                        "budget_yuan": str(sum(Decimal(row["budget_yuan"] or 0) for row in projects if row["unit_code"] == code)),
                    }
                    for code, name in units.items()
                ],
                "projects": projects,
                "stated": [answers.stated(row) for row in json.loads(document["stated"] or "[]")],
                "problems": [answers.problem(problem, say) for problem in found],
            }
        )
    lines = [
        line
        for document in answer
        for line in (
            f"{document['document']}  {say('standing.' + document['state'])}  "
            f"{figures.wan(Decimal(document['total_yuan']))} {say('unit.money')}",
            *(
                f"  {row['unit_code']}  {row['project_code']}  {figures.wan(Decimal(row['budget_yuan'])) if row['budget_yuan'] else '—'}  "
                f"{row['project_name']}"
                for row in document["projects"]
            ),
        )
    ]
    tell(told, answer, lines or [say("empty.no_plan")])
    return DONE


def batches(told: Told, say: Words) -> int:
    """Every batch with its state, the newest first."""
    rows = queries.batches(asked(told, say))
    keys = (
        "batch",
        "kind",
        "state",
        "standing",
        "file_name",
        "sha256",
        "fiscal_year",
        "months",
        "units",
        "row_count",
        "total",
        "unit_of_money",
        "figure",
        "sample",
        "recorded_at",
        "recorded_by",
        "certified_at",
        "certified_by",
        "reason",
    )
    lines = [
        f"{row['batch']:>4}  {say('standing.' + row['standing'])}  {say('kind.' + row['kind'])}  {figures.wan(row['total'])}  "
        f"{', '.join(row['months'] or [])}  {row['file_name']}{'  ' + say('sample.mark') if row['sample'] else ''}"
        for row in rows
    ]
    tell(told, [{key: row[key] for key in keys} for row in rows], lines or [say("history.empty")])
    return DONE


def months(told: Told, say: Words) -> int:
    """Who reported which month of a year: due, when, by whom, how late, restated, open questions, state."""
    store = asked(told, say)
    year = told.year or (queries.years(store) or [date.today().year])[0]
    rows = ledger.discipline(store, year, today(told))
    keys = ("fiscal_year", "month", "unit_code", "unit_name", "projects", "reported", "due_on", "reported_on", "reported_by")
    more = ("days_late", "restated", "waiting", "open_questions", "state", "state_at", "state_by", "state_reason", "batch")
    whole = ledger.months(store, year, today(told))
    tell(
        told,
        {"months": whole, "units": [{key: row[key] for key in (*keys, *more)} for row in rows]},
        [_month_line(row, say) for row in whole] or [say("empty.no_plan")],
    )
    return DONE


def _month_line(row: dict[str, Any], say: Words) -> str:
    late = f"  {say('discipline.late', days=row['days_late'])}" if row["days_late"] else ""
    restated = f"  {say('discipline.restated', count=row['restated'])}" if row["restated"] else ""
    return (
        f"{row['fiscal_year']}-{row['month']:02d}  {say('month_state.' + row['state'])}  "
        f"{say('column.reported')} {row['units_reported']}/{row['units']}{late}{restated}"
    )


def history(told: Told, say: Words) -> int:
    """Every act of the ledger, or those on one batch, with its restatements."""
    store = asked(told, say)
    if told.batch is not None:
        ledger.standing(store, told.batch)
    acts = ledger.history(store, told.batch)
    restated = ledger.restatements(store, told.batch)
    lines = [
        f"{row['act']:>5}  {figures.moment_name(row['recorded_at'])}  {say('verb.' + row['verb'])}  {row['batch'] or ''}  {row['person']}"
        for row in acts
    ]
    tell(told, {"acts": acts, "restatements": restated}, lines)
    return DONE
