"""What indicators have reached: `indicators`, with its template, the file that comes back, and a judgement lowered."""

from datetime import date
from pathlib import Path
from typing import Any

from data import indicators, queries, scoring
from data.acting import ActError
from data.database import Store
from data.words import Words
from loaders.problems import Reading
from pages.parts import answers, figures
from pages.parts.indicator_book import indicators_csv, indicators_workbook
from pages.terminal.planning import key_of
from pages.terminal.told import DONE, PROBLEMS, Told, UsageError, asked, form_of, opened, tell, write

Row = dict[str, Any]


def listed(told: Told, say: Words) -> int:
    """Each indicator with its status at a month's end, and how each project stands by money and targets."""
    store = asked(told, say)
    month = _month(told, say)
    rows = _meant(indicators.judged(store, month, told.known_at), told, say)
    stands = _meant(indicators.standings(store, month, told.known_at), told, say)
    answer = {"indicators": [answers.indicator(row) for row in rows], "projects": [answers.standing(row) for row in stands]}
    tell(told, answer, [*(_line(row, say) for row in rows), *(_standing(row, say) for row in stands)] or [say("empty.no_plan")])
    return DONE


def template(told: Told, say: Words) -> int:
    """The template of the plan's indicators, with what was said at a month's end where one is named."""
    store = asked(told, say)
    if not told.output:
        raise UsageError(say("cli.indicators_needs", needs="-o FILE.xlsx|FILE.csv"))
    form = form_of(told.output, ("xlsx", "csv"), say)
    years = queries.years(store)
    if not years:
        raise UsageError(say("empty.no_plan"))
    rows = _meant(indicators.template(store, told.as_of or years[0], told.known_at), told, say)
    grades = [say(f"result.{grade}") for grade in scoring.BANDS]
    write(told, indicators_csv(rows, say) if form == "csv" else indicators_workbook(rows, say, grades), say)
    tell(told, {"file": told.output, "indicators": len(rows)}, [say("cli.indicators_written", count=len(rows), file=told.output)])
    return DONE


def load(told: Told, say: Words) -> int:
    """Record what a filled template says, all or nothing."""
    return _take(opened(told), told, say, keep=True)


def check(told: Told, say: Words) -> int:
    """Say what a filled template would change, and store nothing."""
    return _take(asked(told, say), told, say, keep=False)


def lower(told: Told, say: Words) -> int:
    """Lower the judgement of an indicator, with a reason."""
    if not (told.subject and told.position and told.to):
        raise UsageError(say("cli.indicators_needs", needs="CODE --position NUMBER --to STATUS --reason TEXT"))
    store, month = opened(told), _month(told, say)
    told.year = month.year
    _, unit, code = key_of(store, told, None if told.unit else told.subject)
    one = indicators.Lowering(unit, code, told.position, told.to, told.reason)
    act = indicators.lower(store, month, one, told.person, told.today)
    row = next(row for row in indicators.judged(store, month, project=(unit, code)) if row["position"] == told.position)
    tell(told, {**answers.indicator(row), "act": act}, [_line(row, say)])
    return DONE


ACTIONS = {"list": listed, "template": template, "load": load, "check": check, "lower": lower}


def run(told: Told, say: Words) -> int:
    """Carry out the action named behind the verb."""
    told.project = told.project or (told.subject if told.action == "lower" else None)
    return ACTIONS[told.action](told, say)


def _month(told: Told, say: Words) -> date:
    if told.as_of is None:
        raise UsageError(say("cli.indicators_needs", needs="--as-of YYYY-MM"))
    return told.as_of


def _meant(rows: list[Row], told: Told, say: Words) -> list[Row]:
    """The rows of the unit and project asked for; UsageError for a unit, ActError for a project that no plan has."""
    units = [row for row in rows if told.unit in (None, row["unit_code"])]
    if told.unit and not units:
        raise UsageError(say("cli.no_unit", unit=told.unit))
    found = [row for row in units if told.project in (None, row["project_code"])]
    if told.project and not found:
        raise ActError("act.no_project", project=told.project, year=told.as_of.year if told.as_of else "")
    return found


def _take(store: Store, told: Told, say: Words, keep: bool) -> int:
    month = _month(told, say)
    if not told.subject:
        raise UsageError(say("cli.indicators_needs", needs="FILE"))
    try:
        content = Path(told.subject).read_bytes()
    except OSError as error:
        raise UsageError(say("cli.not_found", file=told.subject)) from error
    reading = indicators.read(store, month, content)
    if reading.fatal:
        tell(
            told, _answer(0, [], reading, say), [f"[{found.code}] {say.problem(found)} → {say.remedy(found)}" for found in reading.problems]
        )
        return PROBLEMS
    changed = indicators.foresee(store, month, indicators.said_of(store, month, reading.rows))
    file = (Path(told.subject).name, content)
    count = indicators.load(store, month, file, reading.rows, told.person, today=told.today) if keep else 0
    said = say("indicators.recorded", count=count) if keep else say("indicators.would", count=len(changed))
    tell(told, _answer(count, changed, reading, say), [*(_change(row, say) for row in changed), said if changed else say("cli.no_change")])
    return DONE


def _answer(count: int, changed: list[Row], reading: Reading, say: Words) -> Row:
    return {
        "recorded": count,
        "rows": len(reading.rows),
        "changes": [{**answers.indicator(row), "before": answers.indicator(row["before"])} for row in changed],
        "problems": [answers.problem(found, say) for found in reading.problems],
    }


def _name(row: Row) -> str:
    return f"{row['project_code']}  {row['position']:>2}  {row['level3'] or ''}"


def _line(row: Row, say: Words) -> str:
    risk = f" {say('at_risk')}" if row["at_risk"] else ""
    told = f"{_name(row)}  {row['target'] or ''}  {figures.reached(row, say)}  {_status(row['status'], say)}{risk}"
    if row["status"] == row["computed"]:
        return told
    lowered = {"person": row["lowered_by"], "status": say(f"result_status.{row['computed']}"), "reason": row["lowered_why"]}
    return f"{told}  {say('dual.lowered', **lowered)}"


def _status(status: str, say: Words) -> str:
    return f"{say('mark.' + status)} {say('result_status.' + status)}"


def _change(row: Row, say: Words) -> str:
    before = row["before"]
    return f"{_name(row)}  {figures.reached(before, say)} → {figures.reached(row, say)}  " + (
        f"{_status(before['status'], say)} → {_status(row['status'], say)}" if before["status"] != row["status"] else ""
    )


def _standing(row: Row, say: Words) -> str:
    told = [f"{say('dual.' + name)} {_status(row[key], say)}" for name, key in (("results", "results_status"), ("worse", "worse"))]
    money = f"{say('dual.money')} {say('mark.' + row['status'])} {say('status.' + row['status'])}"
    return f"{row['project_code']}  {money}  {'  '.join(told)}  {row['on_course']}/{row['indicators']}  {row['project_name']}"
