"""Findings worded for a person: what a page, a report and a certificate say of each."""

from typing import Any

from data.words import Words
from loaders.problems import Problem

Row = dict[str, Any]


def finding(problem: Problem, say: Words, said: Row | None = None) -> Row:
    """A finding with its sentence, its remedy and the answer it got; `said` is its row of the ledger, which also keeps its key."""
    said = said or {}
    column = problem.column
    return {
        "key": said.get("finding", problem.key),
        "code": problem.code,
        "level": problem.level,
        "row": problem.row,
        "column": say(f"column.{column}") if column and say.has(f"column.{column}") else column,
        "value": problem.value,
        "expected": problem.expected,
        "difference": problem.facts.get("difference"),
        "project_code": problem.facts.get("project_code"),
        "unit_code": problem.facts.get("unit_code"),
        "message": say.problem(problem),
        "fix": say.remedy(problem),
        "reason_code": said.get("reason_code"),
        "answer": said.get("reason"),
        "answered_by": said.get("answered_by"),
        "answered_at": said.get("answered_at"),
        "carried_from": said.get("carried_from"),
    }


def reason(code: str | None, words: str | None, say: Words) -> str:
    """An answer in words: the reason's name, then what was written beside it."""
    name = say(f"reason.{code}") if code and say.has(f"reason.{code}") else code
    return " · ".join(part for part in (name, words) if part) or "—"
