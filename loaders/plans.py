"""Plan documents become projects, checkpoints and indicators: every form that loaders/layouts.py declares."""

import re
from collections import Counter
from typing import Any

from loaders import cells
from loaders.blocks import Block
from loaders.codes import destroyed
from loaders.forms import blocks
from loaders.funds import DEFAULT_UNIT, Units, fill_money, held_unit, is_figure, own_unit
from loaders.layouts import LAYOUTS, RESULTS, Layout
from loaders.lists import total_stated
from loaders.problems import Problem, Reading
from loaders.projects import HEADINGS, Project, empty_project, pay, settle, split_unit, tell
from loaders.schedules import Written
from loaders.shapes import Tables
from loaders.stated import state
from loaders.strangers import strange

_CODE = re.compile(r"[0-9A-Z][0-9A-Z\-_./+]{0,39}")
_CODED = re.compile(r"(?<![0-9A-Z])[0-9]{8}[A-Z][0-9A-Z]{12}(?![0-9A-Z])")
_CODE_AND_NAME = re.compile(r"([0-9A-Z]{15,25})\s*[-－—–]\s*(\D.*)", re.DOTALL)


def is_document(tables: Tables) -> bool:
    """Whether the tables hold a form, filled in or blank, a plan's or another's, and not a list of projects."""
    return bool(blocks(tables))


def read_document(
    tables: Tables, year: int | None, this_year: int | None = None, unit_of_money: str | None = None, plan_reading: str | None = None
) -> Reading:
    """The projects of a document of forms, one block each, with their findings; a sentence where it holds no plan."""
    found = blocks(tables)
    reading = Reading("plan", problems=list(tables.problems), headings=dict(HEADINGS))
    plans = [block for block in found if not RESULTS & block.said.keys()]
    units = Units(reading, plans, tables.text, unit_of_money)
    used: Counter[str] = Counter()
    for block in plans:
        layout = _layout(block)
        if project := _project(block, layout, reading):
            fill_money(project, block, layout, units)
            _fill_texts(project, block, layout)
            _fill_plan(project, block, plan_reading)
            reading.rows.append(project)
            used[layout.name] += 1
    if not reading.rows:
        return strange(tables, found)
    for block in found:
        if block not in plans:
            _pass_over(reading, block)
    reading.layout = used.most_common(1)[0][0]
    reading.unit_of_money = units.used.most_common(1)[0][0] if units.used else DEFAULT_UNIT
    settle(reading, year, tables.text, this_year)
    _find_unread(reading, tables)
    state(reading, tables)
    total_stated(reading, tables)
    return reading


def _find_unread(reading: Reading, tables: Tables) -> None:
    """Find the project codes that stand in the document but in no form that was read, so that no project is lost unseen."""
    text = "\n".join([tables.text, *(cell for table in tables.tables for row in table.rows for cell in row)])
    known = {row["project_code"] for row in reading.rows} | {cells.code(problem.value or "") for problem in reading.problems}
    for code in dict.fromkeys(_CODED.findall(text)):
        if code not in known:
            reading.problems.append(Problem("W27", value=code))


def _layout(block: Block) -> Layout:
    """The form of which the block has most labels."""
    return max(LAYOUTS, key=lambda layout: len(layout.signs & block.said.keys()))


def _pass_over(reading: Reading, block: Block) -> None:
    """Say that a form is no plan of a project."""
    value = block.text("project_name") or " ".join(block.titles) or block.text("department", "unit")
    reading.problems.append(Problem("M29", row=block.number, value=value, facts={"place": block.place} if " " in block.place else {}))


def _project(block: Block, layout: Layout, reading: Reading) -> Project | None:
    """The project of one form by its keys; None and a finding where nothing tells which project it is."""
    head = block.first("project_code") or block.first("project_name")
    project = empty_project(head.place if head else block.place, head.number if head else block.number)
    _fill_keys(project, block)
    if not project["project_code"] and (layout.needs_code or not project["project_name"]):
        if not block.said.keys() & (layout.signs - {"year_goal", "total"}) and "project_code" not in block.said:
            _pass_over(reading, block)
            return None
        value = block.text("project_code") or block.text("project_name") or block.text("unit")
        facts = {"unit_code": project["unit_code"] or project["unit_name"], "project_code": ""}
        facts |= {"place": block.place} if " " in block.place else {}
        reading.problems.append(Problem("P01", row=block.number, value=value, facts=facts))
        return None
    if not project["project_code"]:
        tell(project, "M25", value=project["project_name"])
        project["project_code"] = project["project_name"]
    elif destroyed(project["project_code"]):
        tell(project, "R07", column=HEADINGS["project_code"], value=project["project_code"])
    if not project["project_name"]:
        tell(project, "M27", value=project["project_code"])
    return project


def _fill_keys(project: Project, block: Block) -> None:
    """Fill in code, name, unit and year; a finding where the unit is nowhere."""
    code = cells.code(block.text("project_code"))
    name = _one_line(block.text("project_name"))
    if joined := _CODE_AND_NAME.fullmatch(name) or _CODE_AND_NAME.fullmatch(_one_line(block.text("project_code"))):
        code, name = joined[1], joined[2].strip() if joined[0] == name or not name else name
    project["project_code"] = code if _CODE.fullmatch(code) else ""
    project["project_name"] = name
    own_code, own_name = split_unit(block.text("unit") or block.text("department"))
    project["unit_code"] = cells.code(block.text("unit_code")) or own_code
    project["unit_name"] = _one_line(own_name) if own_name else None
    if named := _one_line(" ".join(filter(None, (block.text("department_code"), block.text("department"))))):
        project["department"] = named
    if not project["unit_code"] and not project["unit_name"]:
        tell(project, "W23", value=name)
    if years := re.findall(r"(20[0-9]{2})\s*年", " ".join(block.titles)):
        project["fiscal_year"] = int(years[-1])


def _one_line(text: str) -> str:
    """A name without the line breaks that a narrow cell put into it."""
    return re.sub(r"\s*\n\s*", "", text.strip())


def _fill_texts(project: Project, block: Block, layout: Layout) -> None:
    """Fill in purpose, goal and indicators, their targets taken apart."""
    project["purpose"] = block.text("purpose") or "\n".join(text for text in block.loose if not is_figure(text)) or None
    project["goal"] = block.text(*layout.goal).strip() or None
    for row in block.indicators:
        parsed = cells.target(row["target"])
        project["indicators"].append({**row, "comparator": parsed.comparator, "value": parsed.value, "unit": parsed.unit})
    for said in block.again[:1]:
        tell(project, "W26", said.number, value=said.text, place=said.place)
    for said in block.unread:
        tell(project, "M28", said.number, value=said.text[:60], place=said.place)


def _fill_plan(project: Project, block: Block, plan_reading: str | None) -> None:
    """Fill in the checkpoints, with what could not be paired and how the figures were read."""
    payments = block.payments
    told: dict[str, Any] = {"row": payments.row, "place": payments.place}
    for text in payments.amiss:
        tell(project, "P02", value=text, **told)
    if payments.amiss:
        return
    unit = held_unit(payments.heading) or own_unit(block) or DEFAULT_UNIT
    points = [(month, text) for name, text in payments.points if (month := cells.checkpoint_month(name))]
    pay(project, Written(points, payments.heading, project["budget"], unit, plan_reading), payments.row, payments.place)
    if payments.blank and points:
        tell(project, "M24", value=" ".join(payments.blank), **told)
