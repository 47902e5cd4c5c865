"""Project tables become projects: one row each, checkpoint columns by their month."""

import re
from typing import Any, NamedTuple

from loaders import actuals, cells
from loaders.codes import destroyed
from loaders.columns import Column, Header, find_header, match
from loaders.layouts import name_of
from loaders.problems import Problem, Reading
from loaders.projects import HEADINGS, Project, empty_project, pay, settle, split_unit, tell, yuan
from loaders.schedules import Written
from loaders.shapes import Table, Tables
from loaders.stated import Sums, total_of_list

COLUMNS = (
    Column("project_code", ("项目编码", "项目代码", "预算项目编码", "project code", "project_code"), needed=True),
    Column("project_name", ("项目名称", "预算项目名称", "project name", "project_name", "project"), needed=True),
    Column(
        "budget",
        (
            *("预算数", "年初预算数", "年度预算", "预算金额", "年度预算数", "年度预算金额", "项目预算", "本年预算", "budget"),
            *("年度资金总额", "资金总额", "预算总额", "当年预算", "项目当年预算", "本年预算数"),
        ),
        needed=True,
    ),
    Column("unit_code", ("单位编码", "预算单位编码", "单位代码", "unit code", "unit_code")),
    Column(
        "unit_name",
        ("单位名称", "预算单位", "单位", "主管部门", "部门", "实施单位", "预算单位名称", "department", "unit name", "unit_name", "unit"),
    ),
    Column("fiscal_funds", ("财政资金", "其中：财政资金", "财政拨款", "其中：财政拨款", "fiscal funds")),
    Column("other_funds", ("其他资金", "other funds")),
    Column("purpose", ("资金用途", "用途", "purpose")),
    Column("goal", ("绩效目标", "总体目标", "年度目标", "年度绩效目标", "goal")),
    Column("fiscal_year", ("年度", "预算年度", "财政年度", "fiscal year", "year")),
)
DEFAULT_UNIT = "万元"


class _Told(NamedTuple):
    """What holds for the whole table: the reading to fill, its checkpoint columns, their heading, what was declared."""

    reading: Reading
    months: dict[int, int]
    heading: str
    unit: str
    plan_reading: str | None


def is_project_table(tables: Tables) -> bool:
    """Whether a table has a header that names code, name and budget of projects, and no month."""
    return any(
        (row := find_header(table.rows, COLUMNS)) is not None
        and not match(table.rows, COLUMNS, row).problems
        and not {"month", "amount"} <= match(table.rows, actuals.COLUMNS, row).places.keys()
        for table in tables.tables
    )


def read_project_table(
    tables: Tables, year: int | None, unit_of_money: str | None, this_year: int | None = None, plan_reading: str | None = None
) -> Reading:
    """The projects of a plain table, read to its end, with everything that is amiss in it."""
    reading = Reading("plan", problems=list(tables.problems), layout="table")
    table = next(t for t in tables.tables if find_header(t.rows, COLUMNS) is not None)
    header = match(table.rows, COLUMNS, find_header(table.rows, COLUMNS) or 0)
    reading.problems += header.problems
    heads = table.rows[header.row]
    reading.headings = HEADINGS | {name: heads[place].strip() for name, place in header.places.items()}
    unit = _unit(table, header, unit_of_money)
    reading.unit_of_money = unit or DEFAULT_UNIT
    if unit is None:
        reading.problems.append(Problem("M04", row=table.numbers[header.row], column="预算数", value=DEFAULT_UNIT))
    above = "".join("".join(row) for row in table.rows[: header.row])
    months = {place: month for place, cell in enumerate(heads) if (month := cells.checkpoint_month(cell))}
    heading = "".join([*(heads[place] for place in months), *_over(table, header.row, months)])
    _read_rows(table, header, tables.form, _Told(reading, months, heading, reading.unit_of_money, plan_reading))
    if not reading.rows and not header.problems:
        reading.problems.append(Problem("F01"))
    settle(reading, year, above + "".join(heads), this_year)
    return reading


def _unit(table: Table, header: Header, unit_of_money: str | None) -> str | None:
    """The unit of money: in the heading of the budget, in a row above, or as declared."""
    heads = table.rows[header.row]
    above = (u for row in table.rows[: header.row] for cell in row if "单位" in cell and (u := cells.money_unit(cell)))
    return cells.money_unit(heads[header.places.get("budget", 0)]) or next(above, None) or unit_of_money


def _over(table: Table, row: int, months: dict[int, int]) -> list[str]:
    """The headings that stand over the checkpoint columns in the row above the header."""
    above = table.rows[row - 1] if row else []
    return [above[place] for place in months if place < len(above) and name_of(above[place])]


def total_stated(reading: Reading, tables: Tables) -> None:
    """Keep the totals row of each list of projects that stands beside the forms of a document."""
    for table in tables.tables:
        row = find_header(table.rows, COLUMNS)
        header = match(table.rows, COLUMNS, row) if row is not None else None
        if header and header.places.keys() >= {"project_name", "budget"}:
            total_of_list(reading, table, header.places["budget"], _unit(table, header, None) or reading.unit_of_money or DEFAULT_UNIT)


def _read_rows(table: Table, header: Header, form: str, told: _Told) -> None:
    """Add the projects of the rows below the header, and compare its totals rows."""
    heads, reading = table.rows[header.row], told.reading
    sums = Sums()
    for number, row in zip(table.numbers[header.row + 1 :], table.rows[header.row + 1 :], strict=True):
        if any(cell.strip() for cell in row[len(heads) :]) or (len(row) < len(heads) and form == "csv"):
            reading.problems.append(Problem("F04", row=number, facts={"why": "ragged", "cells": len(row), "headings": len(heads)}))
            continue
        texts = {name: row[place].strip() if place < len(row) else "" for name, place in header.places.items()}
        names = [label for name in ("project_code", "project_name", "unit_name") if (label := cells.label(texts.get(name, "")))]
        if total := next((name for name in names if actuals.TOTAL.fullmatch(name)), None):
            amount = cells.money(texts.get("budget", ""), told.unit)
            sums.compare(reading, number, total, amount.yuan if amount else None)
        elif texts.get("project_code") or texts.get("project_name"):
            project = _project(texts, row, number, told)
            reading.rows.append(project)
            sums.add(project["budget"])


def _project(texts: dict[str, str], row: list[str], number: int, told: _Told) -> Project:
    """The project of one row."""
    headings = told.reading.headings
    project = empty_project(f"第{number}行", number)
    project["project_code"] = cells.code(texts["project_code"]) if texts.get("project_code") else ""
    project["project_name"] = texts.get("project_name", "")
    code, name = split_unit(texts.get("unit_name", ""))
    project["unit_code"], project["unit_name"] = cells.code(texts.get("unit_code", "")) or code, name
    for column, heading in (("budget", "预算数"), ("fiscal_funds", "财政资金"), ("other_funds", "其他资金")):
        project[column] = yuan(project, texts.get(column, ""), told.unit, headings.get(column, heading), number)
    for column in ("purpose", "goal"):
        project[column] = texts.get(column) or None
    if named := re.fullmatch(r"(20\d\d)年?", cells.plain(texts.get("fiscal_year", ""))):
        project["fiscal_year"] = int(named[1])
    if not project["project_code"]:
        tell(project, "P01", value=project["project_name"])
    elif destroyed(project["project_code"]):
        tell(project, "R07", column=headings["project_code"], value=project["project_code"])
    _plan(project, row, told)
    return project


def _plan(project: Project, row: list[str], told: _Told) -> None:
    """Fill in the checkpoints from the columns that bear a month; a blank cell is no checkpoint."""
    planned: dict[int, Any] = {place: cells.plain(row[place]) for place in told.months if place < len(row)}
    points = [(told.months[place], text) for place, text in planned.items() if text]
    if points:
        heading = told.heading if len(set(told.months.values())) == len(told.months) else ""
        unit = cells.money_unit(heading) or told.unit
        pay(project, Written(points, heading, project["budget"], unit, told.plan_reading), project["row"], "")
