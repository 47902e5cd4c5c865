"""Rows become answers of the command line: JSON for machines, lines for people."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from data.words import Words
from loaders.problems import Problem
from pages.parts import figures

PROGRESS = (
    "fiscal_year",
    "unit_code",
    "unit_name",
    "project_code",
    "project_name",
    "original_budget",
    "current_budget",
    "spent",
    "spent_share",
    "due_share",
    "expected_share",
    "calendar_share",
    "completion",
    "gap_share",
    "gap_amount",
    "needed_to_next",
    "status",
    "at_risk",
    "last_reported",
)
SHARES = {"spent_share", "due_share", "expected_share", "calendar_share", "completion", "gap_share", "next_share", "share"}


def plain(value: Any) -> str:
    """A value that JSON has no form for, as text."""
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


def row(found_row: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    """A row for machines: money and shares as decimal strings, months as YYYY-MM, null where there is no basis."""
    found = {}
    for key in keys:
        value = found_row[key]
        if key in SHARES and value is not None:
            value = figures.trimmed(value)
        elif key == "last_reported" and value is not None:
            value = f"{found_row['fiscal_year']}-{value:02d}"
        found[key] = str(value) if isinstance(value, Decimal) else value
    return found


def problem(found: Problem, say: Words, answer: dict[str, Any] | None = None) -> dict[str, Any]:
    """A finding for machines, worded in the language of the command, with the answer that it has."""
    return {
        "code": found.code,
        "level": found.level,
        "row": found.row,
        "column": found.column,
        "value": found.value,
        "expected": say.expected(found),
        "difference": _difference(found),
        "message": say.problem(found),
        "fix": say.remedy(found),
        "finding": found.key,
        "answer": answer and {name: answer.get(name) for name in ("reason_code", "reason", "answered_by", "carried_from")},
    }


def _difference(found: Problem) -> str | None:
    difference = found.facts.get("difference")
    return None if difference in (None, "") else str(difference)


def finding(found: Problem, say: Words, answer: dict[str, Any] | None = None) -> dict[str, Any]:
    """A finding as pages, reports and certificates take it: worded, with the answer that it has."""
    answer = answer or {}
    column = found.column and (say(f"column.{found.column}") if say.has(f"column.{found.column}") else found.column)
    return {
        "key": found.key,
        "code": found.code,
        "level": found.level,
        "row": found.row,
        "column": column,
        "value": found.value,
        "expected": say.expected(found),
        "difference": _difference(found),
        "project_code": found.facts.get("project_code"),
        "unit_code": found.facts.get("unit_code"),
        "message": say.problem(found),
        "fix": say.remedy(found),
        "reason_code": answer.get("reason_code"),
        "answer": answer.get("reason"),
        "answered_by": answer.get("answered_by"),
        "answered_at": answer.get("answered_at"),
        "carried_from": answer.get("carried_from"),
    }


def reason(code: str | None, words: str | None, say: Words) -> str:
    """An answer in words: the reason's name, then what was written beside it."""
    name = say(f"reason.{code}") if code and say.has(f"reason.{code}") else code
    return " · ".join(part for part in (name, words) if part) or "—"


def effect(told: Any) -> dict[str, Any]:
    """What a file would change at the month that it is judged at: rows, money in yuan, coverage, statuses that flip."""
    return {
        "as_of": f"{told.as_of:%Y-%m}",
        **told.counts,
        "delta_yuan": f"{told.delta:.2f}",
        **{
            f"{name}_{when}": None if whole.get(key) is None else str(whole[key])
            for when, whole in (("before", told.before), ("after", told.after))
            for name, key in (("coverage", "coverage"), ("reported", "reported"), ("lagging", "lagging"), ("gap_yuan", "gap_amount"))
        },
        "flips": [
            {key: row[key] for key in ("unit_code", "project_code", "project_name")}
            | {"before": row["status_before"], "after": row["status"]}
            for row in told.flips
        ],
    }


def codes_by_project(problems: list[Problem]) -> dict[tuple[str, str], list[str]]:
    """The codes of the findings of each project (unit, code), each once."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for one in problems:
        if one.facts.get("project_code"):
            found.setdefault((one.facts.get("unit_code", ""), one.facts["project_code"]), {})[one.code] = None
    return {key: list(codes) for key, codes in found.items()}


def stated(told: dict[str, Any]) -> dict[str, Any]:
    """A total that a plan states of itself: of the whole or of a unit, projects counted or yuan, and where."""
    yuan = None if told.get("yuan") is None else f"{Decimal(told['yuan']):.2f}"
    return {"place": told["place"], "what": told["what"], "count": told.get("count"), "yuan": yuan}


def change(row: dict[str, Any]) -> dict[str, Any]:
    """An adjustment or a revision for machines: money in yuan, shares as cumulative fractions."""
    keys = ("act", "kind", "fiscal_year", "unit_code", "project_code", "project_name", "document_number", "reason", "recorded_by")
    return {
        **{key: row[key] for key in keys},
        "amount_yuan": None if row["amount"] is None else f"{row['amount']:.2f}",
        "checkpoints": [{"month": point["month"], "share": figures.trimmed(point["share"])} for point in row["points"] or []],
        "effective_on": plain(row["effective_on"]),
        "reversed_by": row["reversed_by"],
    }


def moved(row: dict[str, Any]) -> dict[str, Any]:
    """What differs of a project between two states, for machines: money in yuan."""

    def state(told: dict[str, Any] | None) -> dict[str, Any] | None:
        return told and {name: str(value) if isinstance(value, Decimal) else value for name, value in told.items()}

    keys = ("fiscal_year", "unit_code", "unit_name", "project_code", "project_name", "move")
    change = None if row["gap_change"] is None else str(row["gap_change"])
    return {**{key: row[key] for key in keys}, "before": state(row["old"]), "after": state(row["new"]), "gap_change": change}


def ahead(row: dict[str, Any]) -> dict[str, Any]:
    """A range or a line of its scoreboard for machines: money in yuan, shares as fractions."""
    names = ("fiscal_year", "unit_code", "project_code", "project_name", "target_month", "current_budget", "spent", "low", "middle", "high")
    kept = (*names, "unspent_low", "unspent_high", "projects", "origin", "within", "error", "then_known")
    found = {name: row[name] for name in kept if name in row}
    if isinstance(found.get("error"), Decimal):
        found["error"] = round(found["error"], 4)
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in found.items()}


def chased(row: dict[str, Any]) -> dict[str, Any]:
    """What the working paper adds to a lagging project, for machines: money in yuan."""
    names = ("due_amount", "follow_up", "months_left", "streak", "trend", "cause", "reason", "repeated", "measure", "responsible")
    found = {name: row[name] for name in (*names, "promise", "promise_due", "outcome", "kept_share")}
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in found.items()}


def chased_line(row: dict[str, Any], say: Words) -> str:
    """How long a project lags, what it needs by its next checkpoint, why, and what was promised; on one line."""
    months = "" if row["months_left"] is None else say("behind.left", count=row["months_left"])
    needed = f"{say('column.needed_to_next')} {figures.wan(row['needed_to_next'])}{months}"
    same = f" ({say('explain.repeated')})" if row["repeated"] else ""
    word = [say(f"cause.{row['cause']}"), f"{row['reason']}{same}", row["measure"], row["responsible"]] if row["cause"] else []
    told = (figures.streak(row["streak"], say), needed, *(word or [say("explain.missing")]), figures.promise(row, say))
    return " · ".join(part for part in told if part)


def explained(row: dict[str, Any]) -> dict[str, Any]:
    """What was said of a project at a month, for machines: the promise in yuan and what came of it."""
    names = ("fiscal_year", "month", "unit_code", "project_code", "cause", "reason", "measure", "responsible", "promised", "due_month")
    kept = (*names, "paid_since", "kept_share", "outcome", "repeated", "recorded_by")
    return {name: str(row[name]) if isinstance(row[name], Decimal) else row[name] for name in kept}


def indicator(row: dict[str, Any]) -> dict[str, Any]:
    """An indicator at a month's end, for machines: numbers in the unit of its target, completion a share of the whole."""
    names = ("fiscal_year", "unit_code", "project_code", "project_name", "position", "level1", "level2", "level3", "target", "comparator")
    more = ("target_value", "target_unit", "is_count", "due", "reached", "expected", "grade", "percent", "note", "completion")
    kept = (*names, *more, "computed", "status", "at_risk", "lowered_why", "lowered_by", "recorded_by", "recorded_at", "act")
    return {name: figures.trimmed(row[name]) if isinstance(row[name], Decimal) else row[name] for name in kept}


def standing(row: dict[str, Any]) -> dict[str, Any]:
    """A project by money, by targets and by the worse of both, for machines."""
    names = ("unit_code", "project_code", "project_name", "status", "completion", "results_status", "results_at_risk", "lowest")
    kept = (*names, "indicators", "judged", "on_course", "open", "worse", "quadrant")
    return {name: figures.trimmed(row[name]) if isinstance(row[name], Decimal) else row[name] for name in kept}


def profiled(row: dict[str, Any]) -> dict[str, Any]:
    """A project's two verdicts for machines: the official one and that against its payment profile; money in yuan."""
    names = ("fiscal_year", "unit_code", "project_code", "project_name", "current_budget", "spent", "status", "due_amount", "gap_amount")
    kept = (*names, "profile", "due_in", "profile_status", "profile_due", "profile_gap", "reason", "act", "recorded_by")
    return {name: str(row[name]) if isinstance(row[name], Decimal) else row[name] for name in kept}


def payment_plan(points: list[dict[str, Any]], say: Words) -> str:
    """A payment plan in one line: month and cumulative share of each checkpoint."""
    return " ".join(f"{figures.month_short(point['month'], say)} {figures.trimmed(point['share'] * 100)}%" for point in points)


def project(row: dict[str, Any], codes: dict[tuple[str, str], list[str]] | None = None) -> dict[str, Any]:
    """A plan's project for machines; a blank cell is null, shares are cumulative fractions, `codes` its findings."""

    def yuan(name: str) -> str | None:
        return None if row[name] is None else f"{row[name]:.2f}"

    indicators = row["indicators"]
    return {
        "unit_code": row["unit_code"],
        "unit_name": row["unit_name"],
        "project_code": row["project_code"],
        "project_name": row["project_name"],
        "budget_yuan": yuan("budget"),
        "fiscal_yuan": yuan("fiscal_funds"),
        "other_yuan": yuan("other_funds"),
        "checkpoints": [{"month": point["month"], "share": figures.trimmed(point["share"])} for point in row["checkpoints"]],
        "plan_reading": row["plan_reading"] or ("cumulative" if row["checkpoints"] else "missing"),
        "indicators": indicators if isinstance(indicators, int) else len(indicators),
        "findings": (codes or {}).get((row["unit_code"], row["project_code"]), []),
        "place": row["place"],
    }


def lines(answer: dict[str, Any], say: Words) -> list[str]:
    """What came of one file, for a person: a head line, then each finding with its remedy."""
    total = "" if answer["total_yuan"] is None else f"，{figures.wan(Decimal(answer['total_yuan']))} {say('unit.money')}"
    batch = f"，{say('cli.batch', batch=answer['batch'], state=say('standing.' + answer['state']))}" if answer["state"] else ""
    head = f"{answer['file']}：{say('cli.' + answer['verdict'])}，{say('cli.rows', rows=answer['rows'])}{total}{batch}"
    found = [f"  [{say('level.' + p['level'])} {p['code']}] {p['message']} → {p['fix']}" for p in answer["problems"]]
    return [head, *found, *([f"  {say('cli.needs_reason')}"] if answer["verdict"] == "warnings" else [])]


def progress_line(row: dict[str, Any], say: Words) -> str:
    """One project's progress on one line."""
    return (
        f"{row['project_code']}  {say('mark.' + row['status'])} {say('status.' + row['status'])}"
        f"{' ' + say('at_risk') if row['at_risk'] else ''}  {say('column.spent')} {figures.wan(row['spent'])}"
        f" ({figures.percent(row['spent_share'])})"
        f"  {say('column.due_amount')} {figures.wan(row['due_amount'])}  {say('column.gap_amount')} {figures.wan(row['gap_amount'])}"
        f"  {row['project_name']}"
    )
