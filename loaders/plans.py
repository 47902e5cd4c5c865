"""Plan documents and project tables become projects, checkpoints and indicators."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from loaders import actuals, cells
from loaders.codes import destroyed, year_of
from loaders.columns import Column, find_header, match
from loaders.problems import Problem, Reading
from loaders.tables import Table, Tables

COLUMNS = (
    Column("project_code", ("项目编码", "项目代码", "预算项目编码", "project code", "project_code"), needed=True),
    Column("project_name", ("项目名称", "预算项目名称", "project name", "project_name", "project"), needed=True),
    Column(
        "budget",
        ("预算数", "年初预算数", "年度预算", "预算金额", "年度预算数", "年度预算金额", "项目预算", "本年预算", "budget"),
        needed=True,
    ),
    Column("unit_code", ("单位编码", "预算单位编码", "单位代码", "unit code", "unit_code")),
    Column(
        "unit_name",
        ("单位名称", "预算单位", "单位", "主管部门", "部门", "实施单位", "预算单位名称", "department", "unit name", "unit_name", "unit"),
    ),
    Column("fiscal_funds", ("财政资金", "其中：财政资金", "fiscal funds")),
    Column("other_funds", ("其他资金", "other funds")),
    Column("purpose", ("资金用途", "用途", "purpose")),
    Column("goal", ("绩效目标", "总体目标", "goal")),
    Column("fiscal_year", ("年度", "预算年度", "财政年度", "fiscal year", "year")),
)
HEADINGS = {"project_code": "项目编码", "budget": "预算数", "target": "指标值", "checkpoints": "资金支出计划"}
INDICATOR = ("level1", "level2", "level3", "description", "target", "basis")
_UNIT = re.compile(r"(\d{6})\s*(\D.*)")
_WHOLE = Decimal(100)


def is_document(tables: Tables) -> bool:
    """Whether the tables hold the blocks of a performance-target document, not a list of projects."""
    return any(_labelled(table, "预算规模及资金用途") or _labelled(table, "资金支出计划") for table in tables.tables)


def _labelled(table: Table, words: str) -> bool:
    return any(cells.label(cell).startswith(words) for row in table.rows for cell in row[:1])


def read_document(tables: Tables, year: int | None, this_year: int | None = None) -> Reading:
    """The projects of a performance-target document, one block each, with their findings."""
    reading = Reading("plan", unit_of_money="万元", headings=dict(HEADINGS))
    for table in tables.tables:
        for block in _blocks(table):
            _read_block(block, table, reading)
    _settle(reading, year, tables.text, this_year)
    return reading


def _blocks(table: Table) -> Iterator[list[tuple[int, list[str]]]]:
    """The rows of each project: from its unit line, or its 项目编码 where that line was lost."""
    block: list[tuple[int, list[str]]] = []
    for number, row in zip(table.numbers, table.rows, strict=True):
        starts_unit = bool(row and _UNIT.fullmatch(cells.plain(row[0])))
        starts_code = bool(row and cells.label(row[0]) == "项目编码") and any(
            cells.label(cell) == "项目编码" for _, seen in block for cell in seen
        )
        if (starts_unit or starts_code) and block:
            yield block
            block = []
        if starts_unit or block or (row and cells.label(row[0]) == "项目编码"):
            block.append((number, row))
    if block:
        yield block


def _read_block(block: list[tuple[int, list[str]]], table: Table, reading: Reading) -> None:
    """Add the project of one block, with what in it could not be read."""
    project = _empty_project()
    pending: list[int] | None = None
    section, levels = "", ["", ""]
    for number, row in block:
        texts = [cell.strip() for cell in row]
        labels = [cells.label(cell) for cell in row]
        first = labels[0] if labels else ""
        if unit := _UNIT.fullmatch(texts[0]) if texts else None:
            project["unit_code"], project["unit_name"] = unit[1], unit[2].strip()
            reading.unit_of_money = next((u for t in texts[1:] if "单位" in t and (u := cells.money_unit(t))), reading.unit_of_money)
        elif "项目编码" in labels:
            project["project_code"] = cells.code(_after(row, labels, "项目编码"))
            project["project_name"] = _after(row, labels, "项目名称").strip()
            project["place"], project["row"] = _place(table, number), number
        elif "预算数" in labels:
            section = "budget"
            _funds(project, row, labels, number, reading)
        elif first.startswith("资金支出计划"):
            section = "plan"
            pending = [month for text in texts if (month := cells.checkpoint_month(text))]
        elif first == "绩效目标":
            section, project["goal"] = "goal", "\n".join(texts[1:]).strip()
        elif first == "一级指标":
            section = "indicators"
        elif section == "indicators" and len(row) >= len(INDICATOR):
            levels = [texts[0] or levels[0], texts[1] or levels[1]]
            project["indicators"].append({**_indicator([*levels, *texts[2:6]]), "place": _place(table, number), "row": number})
        elif section == "plan" and pending:
            _checkpoints(project, pending, [text for text in texts if text], number, reading)
            pending = None
        elif section == "budget" and project["purpose"] is None:
            project["purpose"] = next((text for text in texts if text), None)
    if project["project_code"]:
        reading.rows.append(project)
    else:
        reading.problems.append(Problem("P01", row=block[0][0], value=project["unit_name"]))


def _empty_project() -> dict[str, Any]:
    return {
        "unit_code": None,
        "unit_name": None,
        "project_code": "",
        "project_name": "",
        "budget": None,
        "fiscal_funds": None,
        "other_funds": None,
        "purpose": None,
        "goal": None,
        "checkpoints": [],
        "indicators": [],
        "place": "",
        "row": None,
    }


def _after(row: list[str], labels: list[str], name: str) -> str:
    """The cell that follows a label in its row, or nothing."""
    place = labels.index(name) + 1 if name in labels else len(row)
    return row[place] if place < len(row) else ""


def _funds(project: dict[str, Any], row: list[str], labels: list[str], number: int, reading: Reading) -> None:
    """Fill in budget, fiscal funds and other funds; a blank cell stays None."""
    for name, heading in (("budget", "预算数"), ("fiscal_funds", "其中财政资金"), ("other_funds", "其他资金")):
        text = cells.plain(_after(row, labels, heading))
        if not text:
            continue
        project[name] = _yuan(text, reading.unit_of_money or "万元", number, heading, reading)


def _yuan(text: str, unit: str, number: int, heading: str, reading: Reading) -> Decimal | None:
    """An amount in yuan; None and a finding where the cell is no amount in whole 分."""
    amount = cells.money(text, unit)
    if amount is None or amount.yuan != amount.yuan.quantize(Decimal("0.01")):
        reading.problems.append(Problem("R03", row=number, column=heading, value=text))
        return None
    return amount.yuan


def _checkpoints(project: dict[str, Any], months: list[int], texts: list[str], number: int, reading: Reading) -> None:
    """Fill in the plan as cumulative fractions of the budget; a finding where it is not one."""
    shares = [cells.percent(text) for text in texts]
    if len(shares) != len(months) or None in shares:
        reading.problems.append(Problem("P02", row=number, value=" ".join(texts)))
        return
    known = [share for share in shares if share is not None]
    if known != sorted(known) or known[-1] > _WHOLE:
        reading.problems.append(Problem("W11", row=number, value=" ".join(texts)))
    project["checkpoints"] = [{"month": month, "share": share / _WHOLE} for month, share in zip(months, known, strict=True)]


def _indicator(texts: list[str]) -> dict[str, Any]:
    row: dict[str, Any] = dict(zip(INDICATOR, texts, strict=True))
    parsed = cells.target(row["target"])
    return {**row, "comparator": parsed.comparator, "value": parsed.value, "unit": parsed.unit}


def _place(table: Table, number: int) -> str:
    return f"{table.name} 第{number}行".strip()


def is_project_table(tables: Tables) -> bool:
    """Whether a table has a header that names code, name and budget of projects, and no month."""
    return any(
        (row := find_header(table.rows, COLUMNS)) is not None
        and not match(table.rows, COLUMNS, row).problems
        and not {"month", "amount"} <= match(table.rows, actuals.COLUMNS, row).places.keys()
        for table in tables.tables
    )


def read_project_table(tables: Tables, year: int | None, unit_of_money: str | None, this_year: int | None = None) -> Reading:
    """The projects of a plain table: one row each, checkpoint columns by their month."""
    reading = Reading("plan", problems=list(tables.problems), unit_of_money=unit_of_money)
    table = next(t for t in tables.tables if find_header(t.rows, COLUMNS) is not None)
    header = match(table.rows, COLUMNS, find_header(table.rows, COLUMNS) or 0)
    reading.problems += header.problems
    heads = table.rows[header.row]
    reading.headings = HEADINGS | {name: heads[place].strip() for name, place in header.places.items()}
    reading.unit_of_money = (
        cells.money_unit(heads[header.places.get("budget", 0)])
        or next((u for row in table.rows[: header.row] for cell in row if "单位" in cell and (u := cells.money_unit(cell))), None)
        or unit_of_money
    )
    if reading.unit_of_money is None:
        reading.unit_of_money = "万元"
        reading.problems.append(Problem("M04", row=table.numbers[header.row], column="预算数", value="万元"))
    months = {place: month for place, cell in enumerate(heads) if (month := cells.checkpoint_month(cell))}
    for number, row in zip(table.numbers[header.row + 1 :], table.rows[header.row + 1 :], strict=True):
        if any(cell.strip() for cell in row[len(heads) :]) or (len(row) < len(heads) and tables.form == "csv"):
            reading.problems.append(Problem("F04", row=number, facts={"why": "ragged", "cells": len(row), "headings": len(heads)}))
            continue
        texts = {name: row[place].strip() if place < len(row) else "" for name, place in header.places.items()}
        is_total = any(actuals.TOTAL.fullmatch(cells.label(texts.get(name, ""))) for name in ("project_code", "project_name", "unit_name"))
        if not is_total and (texts.get("project_code") or texts.get("project_name")):
            reading.rows.append(_table_project(texts, row, months, number, reading))
    if not reading.rows and not header.problems:
        reading.problems.append(Problem("F01"))
    _settle(reading, year, "".join("".join(row) for row in table.rows[: header.row + 1]), this_year)
    return reading


def _table_project(texts: dict[str, str], row: list[str], months: dict[int, int], number: int, reading: Reading) -> dict[str, Any]:
    project = _empty_project() | {"row": number, "place": f"第{number}行"}
    project["project_code"] = cells.code(texts["project_code"]) if texts.get("project_code") else ""
    project["project_name"] = texts.get("project_name", "")
    joined = _UNIT.fullmatch(texts.get("unit_name", ""))
    project["unit_name"] = (joined[2].strip() if joined else texts.get("unit_name")) or None
    project["unit_code"] = cells.code(texts.get("unit_code", "")) or (joined[1] if joined else None)
    for name, heading in (("budget", "预算数"), ("fiscal_funds", "财政资金"), ("other_funds", "其他资金")):
        if texts.get(name):
            project[name] = _yuan(texts[name], reading.unit_of_money or "万元", number, reading.headings.get(name, heading), reading)
    for name in ("purpose", "goal"):
        project[name] = texts.get(name) or None
    if named := re.fullmatch(r"(20\d\d)年?", cells.plain(texts.get("fiscal_year", ""))):
        project["fiscal_year"] = int(named[1])
    if not project["project_code"]:
        reading.problems.append(Problem("P01", row=number, value=project["project_name"]))
    elif destroyed(project["project_code"]):
        reading.problems.append(Problem("R07", row=number, column=reading.headings["project_code"], value=project["project_code"]))
    planned = {month: cells.plain(row[place]) for place, month in months.items() if place < len(row)}
    filled = {month: text for month, text in sorted(planned.items()) if text}
    if filled:
        _checkpoints(project, list(filled), _as_percents(list(filled.values())), number, reading)
    return project


def _as_percents(texts: list[str]) -> list[str]:
    """Fractions such as a spreadsheet's percent cells give (0.25 ... 1) as percents; all else unchanged."""
    shares = [cells.percent(text) for text in texts]
    if any("%" in text for text in texts) or None in shares or max(share for share in shares if share is not None) > 1:
        return texts
    return [str(share * _WHOLE) for share in shares if share is not None]


def _settle(reading: Reading, year: int | None, text: str, this_year: int | None) -> None:
    """Give every project its year and unit, and say what the plan as a whole leaves open."""
    years = Counter(found for row in reading.rows if (found := year_of(row["project_code"])))
    named = re.search(r"(20\d\d)\s*年", text)
    reading.fiscal_year = year or (years.most_common(1)[0][0] if years else None) or (int(named[1]) if named else None)
    if reading.fiscal_year is None and this_year and any(not row.get("fiscal_year") for row in reading.rows):
        reading.fiscal_year = this_year
        reading.problems.append(Problem("M05", value=str(this_year)))
    seen: dict[tuple[Any, ...], int] = {}
    for row in reading.rows:
        row["fiscal_year"] = year or row.get("fiscal_year") or reading.fiscal_year
        row["unit_name"] = row["unit_name"] or row["unit_code"] or "未填单位"
        row["unit_code"] = row["unit_code"] or row["unit_name"]
        key = (row["unit_code"], row["project_code"])
        if row["project_code"] and key in seen:
            reading.problems.append(
                Problem("P04", row=row["row"], column="项目编码", value=row["project_code"], facts={"first": seen[key]})
            )
        seen.setdefault(key, row["row"])
    if any(row["fiscal_year"] is None for row in reading.rows):
        reading.problems.append(Problem("P05"))
    if reading.rows and reading.fiscal_year is None:
        reading.fiscal_year = reading.rows[0]["fiscal_year"]
