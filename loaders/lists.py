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
    Column(
        "project_code",
        ("项目编码", "项目代码", "预算项目编码", "项目编号", "预算项目编号", "预算项目代码", "project code", "project_code"),
        needed=True,
    ),
    Column("project_name", ("项目名称", "预算项目名称", "project name", "project_name", "project"), needed=True),
    Column(
        "budget",
        (
            *("预算数", "年初预算数", "年度预算", "预算金额", "年度预算数", "年度预算金额", "项目预算", "本年预算", "budget"),
            *("年初预算", "年初预算金额", "全年预算", "全年预算数", "全年预算金额"),
            *("年度资金总额", "资金总额", "预算总额", "当年预算", "项目当年预算", "本年预算数"),
        ),
        needed=True,
        also=("预算",),
    ),
    Column("unit_code", ("单位编码", "预算单位编码", "单位代码", "单位编号", "预算单位代码", "预算单位编号", "unit code", "unit_code")),
    Column(
        "unit_name",
        ("单位名称", "预算单位", "单位", "所属单位", "实施单位", "预算单位名称", "unit name", "unit_name", "unit"),
        also=("项目单位", "用款单位", "主管单位", "主管部门", "部门", "所属部门", "department"),
    ),
    Column("fiscal_funds", ("财政资金", "其中：财政资金", "财政拨款", "其中：财政拨款", "fiscal funds")),
    Column("other_funds", ("其他资金", "other funds")),
    Column("purpose", ("资金用途", "用途", "purpose")),
    Column("goal", ("绩效目标", "总体目标", "年度目标", "年度绩效目标", "goal")),
    Column("fiscal_year", ("年度", "预算年度", "财政年度", "fiscal year", "year")),
)
DEFAULT_UNIT = "万元"


# Headings that a reader would take for a part of the plan: one that is not read is said.
_OURS = re.compile(r"[0-9一二三四五六七八九十]月|季度?|半年|年[底末中]|预算|单位|部门|编[码号]|金额|资金|计划")


class _Told(NamedTuple):
    """What holds for one table: the reading to fill, its headings and checkpoint columns, what was declared.

    `sheet` is its name where the file holds several.
    """

    reading: Reading
    sheet: str
    headings: dict[str, str]
    months: dict[int, int]
    heading: str
    unit: str
    plan_reading: str | None


def is_project_table(tables: Tables) -> bool:
    """Whether a table has a header that names code, name and budget of projects, and no month."""
    return any(_header(table) for table in tables.tables)


def _header(table: Table) -> Header | None:
    """The header of a list of projects; None where a table has none, or reports months and amounts."""
    row = find_header(table.rows, COLUMNS)
    if row is None or {"month", "amount"} <= match(table.rows, actuals.COLUMNS, row).places.keys():
        return None
    header = match(table.rows, COLUMNS, row, table.numbers)
    return None if header.problems else header


def read_project_table(
    tables: Tables, year: int | None, unit_of_money: str | None, this_year: int | None = None, plan_reading: str | None = None
) -> Reading:
    """The projects of plain tables, each sheet that lists some read to its end, with everything that is amiss in it."""
    reading = Reading("plan", problems=list(tables.problems), layout="table")
    lists = [(table, header) for table in tables.tables if (header := _header(table))]
    reading.headings = HEADINGS | _headings(*lists[0])
    reading.unit_of_money = next((unit for table, header in lists if (unit := _unit(table, header, unit_of_money))), DEFAULT_UNIT)
    reading.sheets = [table.name for table, _ in lists if table.name]
    around = []
    for table, header in lists:
        _read_list(table, header, tables.form, reading, (unit_of_money, plan_reading, len(tables.tables) > 1))
        around += ["".join(row) for row in table.rows[: header.row + 1]]
    read = [id(table) for table, _ in lists]
    for table in tables.tables:
        if id(table) not in read and (place := find_header(table.rows, COLUMNS)) is not None:
            reading.problems.append(_passed_over(table, place))
    if not reading.rows:
        reading.problems.append(Problem("F01"))
    settle(reading, year, "".join(around), this_year)
    return reading


def _headings(table: Table, header: Header) -> dict[str, str]:
    """The sender's own heading of each column."""
    return {name: table.rows[header.row][place].strip() for name, place in header.places.items()}


def _passed_over(table: Table, row: int) -> Problem:
    """The finding that a sheet with some of a plan's headings was not read, with those that it lacks."""
    places = match(table.rows, COLUMNS, row).places
    missing = "、".join(column.headings[0] for column in COLUMNS if column.needed and column.name not in places)
    why = "missing" if missing else "spending"
    return Problem("M31", row=table.numbers[row], value=table.name, facts={"why": why, "missing": missing, "place": table.name})


def _read_list(table: Table, header: Header, form: str, reading: Reading, told: tuple[str | None, str | None, bool]) -> None:
    """Add the projects of one table; `told` are the declared unit of money and way of plans, and whether there are more sheets."""
    unit_of_money, plan_reading, several = told
    heads = table.rows[header.row]
    sheet = table.name if several else ""
    place = {"place": f"{sheet} 第{table.numbers[header.row]}行"} if sheet else {}
    unit = _unit(table, header, unit_of_money)
    if unit is None:
        reading.problems.append(Problem("M04", row=table.numbers[header.row], column="预算数", value=DEFAULT_UNIT, facts=place))
    months = {place: month for place, cell in enumerate(heads) if (month := cells.checkpoint_month(cell))}
    unread = [cell.strip() for place, cell in enumerate(heads) if place not in {*months, *header.places.values()} and _OURS.search(cell)]
    if unread:
        reading.problems.append(Problem("M32", row=table.numbers[header.row], value="、".join(unread)[:200], facts=place))
    heading = "".join([*(heads[place] for place in months), *_over(table, header.row, months)])
    names = HEADINGS | _headings(table, header)
    _read_rows(table, header, form, _Told(reading, sheet, names, months, heading, unit or DEFAULT_UNIT, plan_reading))


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
            facts = {"why": "ragged", "cells": len(row), "headings": len(heads)} | _at(number, told)
            reading.problems.append(Problem("F04", row=number, facts=facts))
            continue
        texts = {name: row[place].strip() if place < len(row) else "" for name, place in header.places.items()}
        names = [label for name in ("project_code", "project_name", "unit_name") if (label := cells.label(texts.get(name, "")))]
        if total := next((name for name in names if actuals.TOTAL.fullmatch(name)), None):
            amount = cells.money(texts.get("budget", ""), told.unit)
            sums.compare(reading, number, total, amount.yuan if amount else None, told.sheet)
        elif texts.get("project_code") or texts.get("project_name"):
            project = _project(texts, row, number, told)
            reading.rows.append(project)
            sums.add(project["budget"])


def _at(number: int, told: _Told) -> dict[str, str]:
    """The place of a row as a fact of its finding, where its number alone does not tell it."""
    return {"place": f"{told.sheet} 第{number}行"} if told.sheet else {}


def _project(texts: dict[str, str], row: list[str], number: int, told: _Told) -> Project:
    """The project of one row."""
    headings = told.headings
    project = empty_project(f"{told.sheet} 第{number}行".strip(), number)
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
