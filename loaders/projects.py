"""What every plan is made of, from a form or a table: one project, its money, its findings, and the plan as a whole."""

import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Any

from loaders import cells
from loaders.codes import year_of
from loaders.payments import DASHES
from loaders.problems import Problem, Reading
from loaders.schedules import Written, schedule

HEADINGS = {"project_code": "项目编码", "budget": "预算数", "target": "指标值", "checkpoints": "资金支出计划"}
NO_UNIT = "未填单位"
LONGEST_UNIT = 100
CENT = Decimal("0.01")
Project = dict[str, Any]
_LED = re.compile(r"([0-9]{3,12})[\s\-—_:.]*([^\s0-9].*)", re.DOTALL)
_ENDED = re.compile(r"([^0-9].*?)[\s\-—_(:]*([0-9]{3,12})\)?", re.DOTALL)


def empty_project(place: str, row: int) -> Project:
    """A project of which nothing is known but its place; its findings are gathered in `problems` until it settles."""
    names = ("unit_code", "unit_name", "budget", "fiscal_funds", "other_funds", "purpose", "goal")
    return {
        **dict.fromkeys(names),
        "project_code": "",
        "project_name": "",
        "checkpoints": [],
        "plan_reading": "missing",
        "indicators": [],
        "place": place,
        "row": row,
        "problems": [],
    }


def tell(project: Project, code: str, row: int | None = None, **told: Any) -> None:
    """Add a finding to a project; what is no row, column, value or expectation becomes a fact of its sentence."""
    own = {name: told.pop(name) for name in ("column", "value", "expected") if name in told}
    facts = {name: value for name, value in told.items() if value not in (None, "")}
    project["problems"].append(Problem(code, row=project["row"] if row is None else row, facts=facts, **own))


def split_unit(text: str) -> tuple[str | None, str | None]:
    """Code and name of a unit written in one cell, in either order; None for what is not there."""
    bare = cells.plain(text)
    if len(bare) > LONGEST_UNIT:
        return None, bare
    if found := _LED.fullmatch(bare):
        return found[1], found[2].strip()
    if found := _ENDED.fullmatch(bare):
        return found[2], found[1].strip()
    return None, bare or None


def yuan(project: Project, text: str, unit: str, heading: str, row: int) -> Decimal | None:
    """An amount in yuan; None for a blank cell, None and a finding where the cell is no amount in whole 分."""
    if not cells.plain(text) or cells.plain(text) in DASHES:
        return None
    amount = cells.money(text, unit)
    if amount is None or amount.yuan != amount.yuan.quantize(CENT):
        tell(project, "R03", row, column=heading, value=text.strip()[:60])
        return None
    return amount.yuan.quantize(CENT)


def pay(project: Project, written: Written, row: int | None, place: str) -> None:
    """Give a project its checkpoints, with what is to be said of how they were read."""
    read = schedule(written)
    project["checkpoints"], project["plan_reading"] = read.checkpoints, read.reading
    for code, told in read.findings:
        tell(project, code, row, **told, **({"place": place} if place else {}))


def settle(reading: Reading, year: int | None, text: str, this_year: int | None) -> None:
    """Give every project its year and unit, find what stands twice, and say what the plan as a whole leaves open."""
    years = Counter(found for row in reading.rows if (found := year_of(row["project_code"])))
    named = re.search(r"(20\d\d)\s*年", text)
    titled = Counter(row["fiscal_year"] for row in reading.rows if row.get("fiscal_year"))
    own = next(iter(titled)) if len(titled) == 1 else None
    reading.fiscal_year = year or own or (years.most_common(1)[0][0] if years else None)
    reading.fiscal_year = reading.fiscal_year or (int(named[1]) if named else None)
    if reading.fiscal_year is None and this_year and reading.rows:
        reading.fiscal_year = this_year
        reading.problems.append(Problem("M05", value=str(this_year)))
    for row in reading.rows:
        row["fiscal_year"] = year or row.get("fiscal_year") or reading.fiscal_year
        row["unit_name"] = row["unit_name"] or row["unit_code"] or NO_UNIT
        row["unit_code"] = row["unit_code"] or row["unit_name"]
    reading.rows[:] = _once(reading)
    if any(row["fiscal_year"] is None for row in reading.rows):
        reading.problems.append(Problem("P05"))
    for row in reading.rows:
        reading.problems += [replace(problem, facts=_placed(problem, row)) for problem in row.pop("problems")]


def _placed(problem: Problem, row: Project) -> dict[str, Any]:
    """The facts of a finding with the project's keys, and with its place where a row's number alone does not tell it."""
    facts = problem.facts | {name: row[name] for name in ("unit_code", "project_code")}
    place = facts.pop("place", None) or f"{row['place'].rpartition(' ')[0]} 第{problem.row}行".strip()
    return facts | {"place": place} if " " in place else facts


def _once(reading: Reading) -> list[Project]:
    """The projects, one that stands twice in the same words only once; a contradiction keeps both and is fatal."""
    kept: dict[tuple[Any, ...], Project] = {}
    rows = []
    for row in reading.rows:
        key = (row["fiscal_year"], row["unit_code"], row["project_code"])
        first = kept.setdefault(key, row) if row["project_code"] else row
        if first is row:
            rows.append(row)
            continue
        differing = [name for name in row if name not in ("place", "row", "problems", "indicators") and row[name] != first[name]]
        differing += ["indicators"] * (_bare(row) != _bare(first))
        told = {"column": "项目编码", "value": row["project_code"], "first": first["place"], "place": row["place"]}
        if differing:
            tell(row, "P04", row["row"], **told, differing="、".join(_NAMES.get(name, name) for name in differing))
            rows.append(row)
        else:
            tell(first, "M26", row["row"], **told)
    return rows


_NAMES = {
    "project_name": "项目名称",
    "budget": "预算数",
    "fiscal_funds": "财政资金",
    "other_funds": "其他资金",
    "purpose": "资金用途",
    "goal": "绩效目标",
    "checkpoints": "资金支出计划",
    "plan_reading": "资金支出计划",
    "indicators": "绩效指标",
    "unit_name": "单位名称",
}


def _bare(row: Project) -> list[dict[str, Any]]:
    """The indicators of a project without their places."""
    return [{name: value for name, value in indicator.items() if name not in ("place", "row")} for indicator in row["indicators"]]
