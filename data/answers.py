"""Answers to the findings that ask for one: which are open, which recur, how they are kept."""

from typing import Any

from data.database import Cursor, append, ask
from data.reasons import OTHER, ways_for
from loaders.problems import Problem

# These say the same of the same project each month; an amount is a new question every time.
RECURRING = ("W07", "W08", "W11")
NO_SPENDING_CODE, CANCELLED_CODE = "no_spending", "cancelled"


def carried(cursor: Cursor, questions: list[Problem], own: int | None = None) -> dict[str, dict[str, Any]]:
    """The answer that the same warning got in the newest certified batch, by the finding's key.

    A word that nothing was spent speaks for its own month only: it is never taken over.
    """
    recurring = [_asked(question) for question in questions if question.code in RECURRING]
    cursor.execute("""create or replace temp table asked as
        select finding, code, unit_code, project_code, value, expected from findings limit 0""")
    append(cursor, "asked", recurring)
    if not recurring:
        return {}
    rows = ask(
        cursor,
        """
        select asked.finding, said.reason_code, said.reason, said.answered_by, coalesce(said.carried_from, said.batch) as carried_from
        from asked join findings_of() as said on said.code = asked.code
            and said.unit_code is not distinct from asked.unit_code and said.project_code is not distinct from asked.project_code
            and said.value is not distinct from asked.value and said.expected is not distinct from asked.expected
        join batches_on(null) as stood on stood.batch = said.batch
        where stood.state = 'certified' and said.batch is distinct from $own and said.answered_by is not null
        qualify row_number() over (partition by asked.finding order by stood.certified_act desc) = 1""",
        {"own": own},
    )
    return {row.pop("finding"): row for row in rows if row["reason_code"] != NO_SPENDING_CODE}


def _asked(question: Problem) -> dict[str, Any]:
    """What tells a recurring question from another."""
    about = {name: question.facts.get(name) for name in ("unit_code", "project_code")}
    return {"finding": question.key, "code": question.code, "value": question.value, "expected": question.expected, **about}


def open_questions(cursor: Cursor, batch: int) -> list[dict[str, Any]]:
    """The findings of a batch that still ask for an answer."""
    return ask(cursor, "from open_questions() where batch = $batch order by file_row nulls last, code", {"batch": batch})


def keep(cursor: Cursor, batch: int, answers: list[dict[str, Any]], stamp: dict[str, Any]) -> None:
    """Add answers of a batch: each with finding, code, reason_code, reason and where it was carried from."""
    append(cursor, "answers", [{**answer, "batch": batch, **stamp} for answer in answers])


def unspent(cursor: Cursor, batch: int) -> list[tuple[str, str]]:
    """Unit and code of each absent project of which somebody answered that nothing was spent."""
    return _answered(cursor, batch, "W07", NO_SPENDING_CODE)


def ended(cursor: Cursor, batch: int) -> list[tuple[str, str]]:
    """Unit and code of each project that a plan leaves out and of which somebody answered that it has ended."""
    return _answered(cursor, batch, "W28", CANCELLED_CODE)


def _answered(cursor: Cursor, batch: int, code: str, reason: str) -> list[tuple[str, str]]:
    rows = ask(
        cursor,
        "select unit_code, project_code from findings_of() where batch = $batch and code = $code and reason_code = $reason",
        {"batch": batch, "code": code, "reason": reason},
    )
    return [(row["unit_code"], row["project_code"]) for row in rows]


def worded(question: dict[str, Any], reason: str) -> dict[str, Any]:
    """The answer to a question in a person's own words; the words of a reason are known as that reason."""
    code = ways_for(question["code"]).get(reason, OTHER)
    return {"finding": question["finding"], "code": question["code"], "reason_code": code, "reason": reason}
