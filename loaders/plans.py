"""Plan documents become projects, checkpoints and indicators: every form that loaders/layouts.py declares."""

import re
from collections import Counter
from decimal import Decimal
from typing import Any

from loaders import cells, layouts
from loaders.blocks import Block, Said
from loaders.codes import destroyed
from loaders.layouts import DECLARATION, LAYOUTS, RESULTS, Layout
from loaders.payments import DASHES
from loaders.problems import Problem, Reading
from loaders.projects import CENT, HEADINGS, Project, empty_project, pay, settle, split_unit, tell, yuan
from loaders.schedules import Written
from loaders.scribe import blocks
from loaders.strangers import strange
from loaders.tables import Tables

DEFAULT_UNIT = "万元"
_HELD = re.compile(r"[(（\[【]([^()（）\[\]【】]*元)[^()（）\[\]【】]*[)）\]】]")
_STATED_UNIT = re.compile(r"(?:金额)?单位\s*[:：]\s*(万元|千元|亿元|元)")
_CODE = re.compile(r"[0-9A-Z][0-9A-Z\-_./+]{0,39}")
_CODE_AND_NAME = re.compile(r"([0-9A-Z]{15,25})\s*[-－—–]\s*(\D.*)", re.DOTALL)


class _Told:
    """What holds for the document as a whole: its unit of money, what was declared, and the reading to fill."""

    def __init__(self, reading: Reading, found: list[Block], text: str, unit_of_money: str | None, plan_reading: str | None) -> None:
        self.reading, self.plan_reading = reading, plan_reading
        stated = {said.text for block in found for said in block.said.get("money", ())} & cells.YUAN.keys()
        self.stated = stated or set(_STATED_UNIT.findall(text))
        self.declared = unit_of_money
        self.used: Counter[str] = Counter()

    def unit(self, block: Block, project: Project, said: Said) -> str:
        """The unit of an amount: beside its label, above its section, of its form, of the document, declared, or 万元."""
        held = _HELD.search(said.label) or next((m for s in block.said.get("funds", ()) if (m := _HELD.search(s.label))), None)
        own = [one.text for one in block.said.get("money", ()) if one.text in cells.YUAN]
        if held and cells.money_unit(held[1]):
            unit = cells.money_unit(held[1]) or ""
        elif own:
            unit = own[-1]
            self._doubt(project, own)
        elif len(self.stated) == 1:
            unit = next(iter(self.stated))
        else:
            unit = self.declared or DEFAULT_UNIT
            self._doubt(project, sorted(self.stated))
        if not held and not own and not said.text.strip().endswith("元"):
            self._guessed(unit, said)
        self.used[unit] += 1
        return unit

    def _doubt(self, project: Project, units: list[str]) -> None:
        if len(set(units)) > 1 and all(problem.code != "W25" for problem in project["problems"]):
            tell(project, "W25", value="、".join(dict.fromkeys(units)))

    def _guessed(self, unit: str, said: Said) -> None:
        """Say once that the unit of money stands nowhere in the form itself."""
        if unit != self.declared and all(problem.code != "M04" for problem in self.reading.problems):
            self.reading.problems.append(Problem("M04", row=said.number, column=said.label.strip(), value=unit))


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
    told = _Told(reading, plans, tables.text, unit_of_money, plan_reading)
    used: Counter[str] = Counter()
    for block in plans:
        layout = _layout(block)
        if project := _project(block, layout, told):
            reading.rows.append(project)
            used[layout.name] += 1
    if not reading.rows:
        return strange(tables, found)
    for block in found:
        if block not in plans:
            reading.problems.append(Problem("M29", row=block.number, value=block.text("project_name"), facts={"place": block.place}))
    reading.layout = used.most_common(1)[0][0]
    reading.unit_of_money = told.used.most_common(1)[0][0] if told.used else DEFAULT_UNIT
    settle(reading, year, tables.text, this_year)
    return reading


def _layout(block: Block) -> Layout:
    """The form of which the block has most labels."""
    return max(LAYOUTS, key=lambda layout: len(layout.signs & block.said.keys()))


def _project(block: Block, layout: Layout, told: _Told) -> Project | None:
    """The project of one form, or None and a finding where nothing tells which project it is."""
    head = block.first("project_code") or block.first("project_name")
    project = empty_project(head.place if head else block.place, head.number if head else block.number)
    _keys(project, block)
    if not project["project_code"] and (layout.needs_code or not project["project_name"]):
        value = block.text("project_code") or block.text("project_name") or block.text("unit")
        told.reading.problems.append(Problem("P01", row=block.number, value=value, facts={"place": block.place, **_named(project)}))
        return None
    if not project["project_code"]:
        tell(project, "M25", value=project["project_name"])
        project["project_code"] = project["project_name"]
    elif destroyed(project["project_code"]):
        tell(project, "R07", column=HEADINGS["project_code"], value=project["project_code"])
    if not project["project_name"]:
        tell(project, "M27", value=project["project_code"])
    _money(project, block, layout, told)
    project["purpose"] = block.text("purpose") or "\n".join(text for text in block.loose if not _is_figure(text)) or None
    project["goal"] = block.text(*layout.goal).strip() or None
    _plan(project, block, told)
    _indicators(project, block)
    return project


def _named(project: Project) -> dict[str, Any]:
    return {"unit_code": project["unit_code"] or project["unit_name"], "project_code": project["project_code"]}


def _is_figure(text: str) -> bool:
    return cells.money(text, "元") is not None or cells.plain(text) in DASHES


def _keys(project: Project, block: Block) -> None:
    """Fill in code, name, unit and year; a finding where the unit is nowhere."""
    code = cells.code(block.text("project_code"))
    name = re.sub(r"\s*\n\s*", "", block.text("project_name").strip())
    joined = _CODE_AND_NAME.fullmatch(name) or _CODE_AND_NAME.fullmatch(block.text("project_code").strip())
    if joined and not (_CODE.fullmatch(code) and name != joined[0]):
        code, name = joined[1], joined[2].strip()
    project["project_code"] = code if _CODE.fullmatch(code) else ""
    project["project_name"] = name
    own_code, own_name = split_unit(block.text("unit") or block.text("department"))
    project["unit_code"] = cells.code(block.text("unit_code")) or own_code
    project["unit_name"] = re.sub(r"\s*\n\s*", "", own_name) if own_name else None
    if not project["unit_code"] and not project["unit_name"]:
        tell(project, "W23", value=name)
    if years := re.findall(r"(20[0-9]{2})\s*年", " ".join(block.titles)):
        project["fiscal_year"] = int(years[-1])


def _money(project: Project, block: Block, layout: Layout, told: _Told) -> None:
    """Fill in budget, fiscal and other funds; a blank cell stays None."""

    def amount(said: Said | None) -> Decimal | None:
        if said is None:
            return None
        unit = told.unit(block, project, said)
        others = [text for text in said.others if _is_figure(text) and cells.plain(text) not in ("", cells.plain(said.text))]
        if others and _is_figure(said.text):
            tell(project, "W24", said.number, column=said.label.strip(), value=said.text, others=" ".join(others), place=said.place)
            return None
        project_loose = [text for text in said.others if not _is_figure(text)]
        block.loose += project_loose
        return yuan(project, said.text, unit, said.label.strip(), said.number)

    def total(name: str) -> Decimal | None:
        amounts = [found for said in block.said.get(name, ()) if said.text and (found := amount(said)) is not None]
        return sum(amounts, Decimal(0)) if amounts else None

    whole = block.first(*layout.budget)
    if whole is None and (heading := block.first("funds")) and _is_figure(heading.text):
        whole = heading
    project["budget"] = amount(whole)
    project["fiscal_funds"] = amount(block.first("fiscal")) if block.first("fiscal") else total("fiscal_part")
    project["other_funds"] = _others(project, amount(block.first("other")), total("other_part"), total("carried"))


def _others(project: Project, other: Decimal | None, parts: Decimal | None, carried: Decimal | None) -> Decimal | None:
    """The funds that are not fiscal: of the sums that the form allows the one that makes up the budget, else 其他资金 as written."""
    fiscal, nothing = project["fiscal_funds"] or Decimal(0), Decimal(0)
    for kinds in ((other,), (other, parts), (other, carried), (other, parts, carried)):
        if any(kind is not None for kind in kinds) and project["budget"] == fiscal + sum((kind or nothing for kind in kinds), nothing):
            return sum((kind or nothing for kind in kinds), nothing).quantize(CENT)
    return other


def _plan(project: Project, block: Block, told: _Told) -> None:
    """Fill in the checkpoints, with what could not be paired and how the figures were read."""
    payments = block.payments
    for text in payments.amiss:
        tell(project, "P02", payments.row, value=text, place=payments.place)
    if payments.amiss:
        return
    held = _HELD.search(payments.heading)
    unit = (cells.money_unit(held[1]) if held else None) or next(
        (said.text for said in reversed(block.said.get("money", [])) if said.text in cells.YUAN), DEFAULT_UNIT
    )
    points = [(month, text) for name, text in payments.points if (month := cells.checkpoint_month(name))]
    written = Written(points, payments.heading, project["budget"], unit, told.plan_reading)
    pay(project, written, payments.row, payments.place)
    if payments.blank and points:
        tell(project, "M24", payments.row, value=" ".join(payments.blank), place=payments.place)


def _indicators(project: Project, block: Block) -> None:
    """Fill in the indicators, their targets taken apart."""
    for row in block.indicators:
        parsed = cells.target(row["target"])
        project["indicators"].append({**row, "comparator": parsed.comparator, "value": parsed.value, "unit": parsed.unit})
    for said in block.again[:1]:
        tell(project, "W26", said.number, value=said.text, place=said.place)
    for said in block.unread:
        tell(project, "M28", said.number, value=said.text[:60], place=said.place)


__all__ = ["DECLARATION", "is_document", "layouts", "read_document"]
