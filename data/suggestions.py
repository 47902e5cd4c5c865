"""Which planned project a mistyped code probably means."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from data.database import Cursor, ask
from loaders.codes import ALPHABET, closes
from loaders.problems import Problem

MOST_CODES = 200
MOST_DISTANCE = 6


def suggest(cursor: Cursor, problems: list[Problem]) -> tuple[list[Problem], list[str]]:
    """The findings of unknown codes with the nearest planned project beside them, and the codes suggested."""
    if not any(problem.code == "R01" for problem in problems):
        return problems, []
    planned_years = {row["fiscal_year"] for row in ask(cursor, "select distinct fiscal_year from planned_by_all")}
    problems = [_without_plan(problem) if problem.facts.get("year") not in planned_years else problem for problem in problems]
    unknown = {problem.value: problem for problem in problems if problem.code == "R01" and "why" not in problem.facts}
    found = {code: _nearest(cursor, problem) for code, problem in list(unknown.items())[:MOST_CODES]}
    told = [
        _worded(problem, found.get(problem.value)) if problem.code == "R01" and "why" not in problem.facts else problem
        for problem in problems
    ]
    return told, [project["project_code"] for project in found.values() if project]


def _without_plan(problem: Problem) -> Problem:
    """R01 where the whole year has no plan."""
    return replace(problem, facts={**problem.facts, "why": "no_plan"}) if problem.code == "R01" and "why" not in problem.facts else problem


def _worded(problem: Problem, project: dict[str, Any] | None) -> Problem:
    """R01 with what can be said: the nearest project, or that the code itself is sound, or nothing."""
    if project:
        return replace(problem, expected=f"{project['project_code']} {project['project_name']}")
    return replace(problem, facts={**problem.facts, "why": "sound" if closes(problem.value or "") else "unknown"})


def _nearest(cursor: Cursor, problem: Problem) -> dict[str, Any] | None:
    """The planned project of that year that the code or, failing that, the name beside it most resembles."""
    code = problem.value or ""
    facts = {"year": problem.facts["year"], "code": code}
    one_slip = ask(
        cursor,
        """select project_code, project_name from planned_by_all
        where fiscal_year = $year and project_code in (select unnest($slips)) order by project_code limit 1""",
        {"year": facts["year"], "slips": [] if closes(code) else sorted(set(slips(code)))},
    )
    if one_slip:
        return one_slip[0]
    name = re.sub(r"\s", "", problem.facts.get("name") or "")
    by_name = ask(
        cursor,
        """select project_code, project_name from planned_by_all
        where fiscal_year = $year and regexp_replace(project_name, '\\s', '', 'g') = $name order by project_code limit 1""",
        {"year": facts["year"], "name": name},
    )
    if by_name:
        return by_name[0]
    if closes(code):
        return None
    like = ask(
        cursor,
        """select project_code, project_name, damerau_levenshtein(project_code, $code) as distance
        from planned_by_all where fiscal_year = $year and abs(length(project_code) - length($code)) <= $most
        order by distance, project_code limit 1""",
        {**facts, "most": MOST_DISTANCE},
    )
    near = like and like[0]["distance"] <= min(MOST_DISTANCE, max(len(code) // 2, 1))
    return like[0] if near else None


def slips(code: str) -> Iterable[str]:
    """Every code of the check character's alphabet that one wrong, swapped, missing or doubled sign may have turned into this."""
    signs = set(ALPHABET) | set(code)
    for place in range(len(code) + 1):
        head, tail = code[:place], code[place:]
        yield head + tail[1:]
        for sign in signs:
            yield head + sign + tail
            yield head + sign + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
