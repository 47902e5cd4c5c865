"""Reasons and promises: `explain`."""

from pathlib import Path
from typing import Any

from data import explaining
from data.database import Store
from data.words import Words
from loaders import cells
from pages.parts import answers, figures
from pages.terminal.planning import key_of
from pages.terminal.told import DONE, PROBLEMS, Told, UsageError, asked, opened, tell


def explain(told: Told, say: Words) -> int:
    """Record the word on one project, or those of a list that came back; without either, tell what was said."""
    if told.file:
        return _of_file(told, say)
    if told.project is None:
        rows = explaining.explained(asked(told, say), told.as_of)
        tell(told, [answers.explained(row) for row in rows], [_line(row, say) for row in rows] or [say("explain.none")])
        return DONE
    store = opened(told)
    amount = None if told.promise is None else cells.money(told.promise, "元")
    if told.promise is not None and amount is None:
        raise UsageError(say("cli.bad_amount", value=told.promise))
    told.year = told.as_of.year
    _, unit, code = key_of(store, told)
    one = explaining.Explanation(unit, code, told.cause, told.reason, told.measure, told.responsible, told.due, amount and amount.yuan)
    return _record(store, told, say, [one])


def _of_file(told: Told, say: Words) -> int:
    store = opened(told)
    try:
        content = Path(told.file).read_bytes()
    except OSError as error:
        raise UsageError(say("cli.not_found", file=told.file)) from error
    reading = explaining.read(store, told.as_of, content)
    if reading.fatal:
        lines = [f"[{problem.code}] {say.problem(problem)} → {say.remedy(problem)}" for problem in reading.problems]
        tell(told, {"recorded": 0, "problems": [answers.problem(problem, say) for problem in reading.problems]}, lines)
        return PROBLEMS
    return _record(store, told, say, explaining.said_of(store, told.as_of.year, reading.rows))


def _record(store: Store, told: Told, say: Words, said: list[explaining.Explanation]) -> int:
    count = explaining.explain(store, told.as_of, said, told.person, told.today)
    line = say("explain.recorded", count=count) if count else say("cli.no_change")
    tell(told, {"recorded": count, "problems": []}, [line])
    return DONE


def _line(row: dict[str, Any], say: Words) -> str:
    """What was said of a project at a month, and what came of its promise."""
    same = f" ({say('explain.repeated')})" if row["repeated"] else ""
    promise = figures.promise({**row, "promise": row["promised"], "promise_due": row["due_month"]}, say)
    words = (say(f"cause.{row['cause']}"), f"{row['reason']}{same}", row["measure"], row["responsible"], promise)
    return "  ".join((f"{row['fiscal_year']}-{row['month']:02d}", row["project_code"], *filter(None, words)))
