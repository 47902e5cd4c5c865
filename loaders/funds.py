"""Budget and funds of a form in yuan: which label is this year's budget, in which unit of money it stands."""

import re
from collections import Counter
from decimal import Decimal

from loaders import cells
from loaders.blocks import Block, Said
from loaders.layouts import Layout
from loaders.payments import DASHES
from loaders.problems import Problem, Reading
from loaders.projects import CENT, Project, tell, yuan

DEFAULT_UNIT = "万元"
_HELD = re.compile(r"[(（\[【][^()（）\[\]【】]*?(亿元|万元|千元|元)[^()（）\[\]【】]*[)）\]】]")
_STATED = re.compile(r"(?:金额|货币)?单位\s*[:：]\s*(亿元|万元|千元|元)")
NOTHING = Decimal("0.00")


def held_unit(heading: str) -> str | None:
    """The unit of money that a heading holds in brackets, as in 项目资金（万元）."""
    found = _HELD.search(heading)
    return found[1] if found else None


def own_unit(block: Block) -> str | None:
    """The unit of money that a form says of itself: 单位：万元."""
    return next((said.text for said in reversed(block.said.get("money", [])) if said.text in cells.YUAN), None)


class Units:
    """The units of money of a document: what its text and forms say of the whole, what was declared, what was used."""

    def __init__(self, reading: Reading, found: list[Block], text: str, declared: str | None) -> None:
        """Look through the forms and the text around them."""
        said = {entry.text for block in found for entry in block.said.get("money", ())} & cells.YUAN.keys()
        self.reading, self.declared = reading, declared
        self.stated = said or set(_STATED.findall(text))
        self.used: Counter[str] = Counter()

    def unit(self, block: Block, project: Project, said: Said) -> str:
        """The unit of an amount: beside its label, above its section, of its form, of the document, declared, or 万元."""
        over = (unit for heading in block.said.get("funds", ()) if (unit := held_unit(heading.label)))
        unit = held_unit(said.label) or next(over, None) or own_unit(block)
        own = {entry.text for entry in block.said.get("money", ())} & cells.YUAN.keys()
        if unit is None and len(self.stated) == 1:
            unit = next(iter(self.stated))
        elif unit is None or len(own) > 1:
            self._doubt(project, own or self.stated)
        if unit is None:
            unit = self.declared or DEFAULT_UNIT
            self._guess(unit, said)
        self.used[unit] += 1
        return unit

    def _doubt(self, project: Project, units: set[str]) -> None:
        """Find once in a project that its form, or the forms around it, name different units."""
        if len(units) > 1 and all(problem.code != "W25" for problem in project["problems"]):
            tell(project, "W25", value="、".join(sorted(units)))

    def _guess(self, unit: str, said: Said) -> None:
        """Say once that the document names no unit of money."""
        is_told = self.declared or said.text.strip().endswith("元") or any(problem.code == "M04" for problem in self.reading.problems)
        if not is_told:
            facts = {"place": said.place} if " " in said.place else {}
            self.reading.problems.append(Problem("M04", row=said.number, column=said.label.strip(), value=unit, facts=facts))


def fill_money(project: Project, block: Block, layout: Layout, units: Units) -> None:
    """Fill in budget, fiscal and other funds; a blank cell stays None."""

    def amount(said: Said | None) -> Decimal | None:
        return _amount(project, block, said, units.unit(block, project, said)) if said else None

    def total(name: str) -> Decimal | None:
        found = [part for said in block.said.get(name, ()) if said.text and (part := amount(said)) is not None]
        return sum(found, NOTHING) if found else None

    whole = block.first(*layout.budget)
    heading = block.first("funds")
    project["budget"] = amount(whole or (heading if heading and is_figure(heading.text) else None))
    if whole is None and project["budget"] is None and (period := block.first("long_total")):
        tell(project, "M30", period.number, column=period.label.strip(), value=period.text, place=period.place)
    fiscal = block.first("fiscal")
    project["fiscal_funds"] = amount(fiscal) if fiscal else total("fiscal_part")
    project["other_funds"] = _others(project, amount(block.first("other")), total("other_part"), total("carried"))


def is_figure(text: str) -> bool:
    """Whether a text is an amount, or a dash that stands for none."""
    return cells.money(text, "元") is not None or cells.plain(text) in DASHES


def _amount(project: Project, block: Block, said: Said, unit: str) -> Decimal | None:
    """The amount behind a label; None and a finding where two figures stand there. A text beside it belongs to the form."""
    others = [text for text in said.others if is_figure(text) and cells.plain(text) != cells.plain(said.text)]
    if others and is_figure(said.text):
        tell(project, "W24", said.number, column=said.label.strip(), value=said.text, others=" ".join(others), place=said.place)
        return None
    block.loose += [text for text in said.others if not is_figure(text)]
    return yuan(project, said.text, unit, said.label.strip(), said.number)


def _others(project: Project, other: Decimal | None, parts: Decimal | None, carried: Decimal | None) -> Decimal | None:
    """The funds that are not fiscal: of the sums that the form allows the one that makes up the budget, else 其他资金 as written."""
    fiscal = project["fiscal_funds"] or NOTHING
    for kinds in ((other,), (other, parts), (other, carried), (other, parts, carried)):
        known = [kind for kind in kinds if kind is not None]
        if known and project["budget"] == fiscal + sum(known, NOTHING):
            return sum(known, NOTHING).quantize(CENT)
    return other
