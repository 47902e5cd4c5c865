"""The totals that a document states of itself, and whether what was read comes to them."""

import re
from decimal import Decimal
from typing import Any

from loaders import cells
from loaders.problems import Problem, Reading
from loaders.tables import Table, Tables

_COUNTED = re.compile(
    r"(?:项目(?:支出)?(?:总?共|共计|总计|合计|共有|总数)(?:为|有)?|(?:总?共|共计|合计)(?:有|安排|申报|实施|涉及)?(?:预算|绩效)?(?:项目)?)"
    r"\s*([0-9]{1,4})\s*个(?!.{0,3}(?:单位|部门|指标|人|县|乡|街道|社区))"
)
_MONEY = re.compile(r"(?:资金|预算|金额|总额|合计|共计|总计|安排)[^0-9。；;\n]{0,10}([0-9][0-9,，]*(?:\.[0-9]+)?)\s*(亿元|万元|千元|元)")
_SENTENCE = re.compile(r"[^。；;\n]+")
_TOTAL = re.compile(r"(合计|总计|总额|共计)")


class Sums:
    """Running sums of a table, to compare with the totals rows that stand in it."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.whole = self.part = Decimal(0)

    def add(self, budget: Decimal | None) -> None:
        """Count one project's budget in yuan."""
        self.whole += budget or 0
        self.part += budget or 0

    def compare(self, reading: Reading, row: int, heading: str, yuan: Decimal | None) -> None:
        """Keep a totals row as stated; a finding where it is neither the sum so far nor the sum since the last one."""
        if yuan is None:
            return
        reading.stated.append({"place": f"第{row}行", "what": "rows", "yuan": yuan})
        if yuan not in (self.whole, self.part):
            facts = {"why": "budget", "read": _wan(self.whole), "difference": _wan(yuan - self.whole)}
            reading.problems.append(Problem("W22", row=row, column=heading, value=_wan(yuan), facts=facts))
        self.part = Decimal(0)


def state(reading: Reading, tables: Tables) -> None:
    """Keep what the text and the lists around the forms say of the whole or of a unit, and find where it differs."""
    lines = tables.text.split("\n")
    said = [(number, sentence[0]) for number, line in enumerate(lines, start=1) for sentence in _SENTENCE.finditer(line)]
    for number, sentence in said:
        counted = _COUNTED.search(sentence)
        if counted is None or "项目" not in sentence:
            continue
        unit = next((row for row in reading.rows if _names(sentence, row)), None)
        place = {"place": f"第{number}行" if tables.form == "text" else "", "what": unit["unit_code"] if unit else "whole"}
        told = place | {"said": sentence.strip()[:80]}
        _compare(reading, {**told, "count": int(counted[1])}, number if tables.form == "text" else None)
        if amount := _MONEY.search(sentence, counted.end()) or _MONEY.search(sentence):
            figure = cells.money(amount[1] + amount[2], amount[2])
            if figure:
                _compare(reading, {**told, "yuan": figure.yuan}, number if tables.form == "text" else None)


def _names(sentence: str, row: dict[str, Any]) -> bool:
    """Whether a sentence speaks of the unit of a project."""
    name = row["unit_name"] or ""
    return len(name) > 3 and name in re.sub(r"\s", "", sentence)  # noqa: PLR2004 - a shorter name is a word


def _compare(reading: Reading, told: dict[str, Any], row: int | None) -> None:
    """Keep one statement; a finding where what was read differs from it."""
    reading.stated.append(told)
    rows = [found for found in reading.rows if told["what"] in ("whole", found["unit_code"])]
    facts = {"place": told["place"]} if told["place"] and row is None else {}
    if "count" in told and told["count"] != len(rows):
        facts |= {"why": "count", "read": len(rows), "difference": told["count"] - len(rows), "said": told["said"]}
        reading.problems.append(Problem("W22", row=row, value=str(told["count"]), facts=facts))
    read = sum((found["budget"] or Decimal(0) for found in rows), Decimal(0))
    if "yuan" in told and told["yuan"] != read:
        facts |= {"why": "budget", "read": _wan(read), "difference": _wan(told["yuan"] - read), "said": told["said"]}
        reading.problems.append(Problem("W22", row=row, value=_wan(told["yuan"]), facts=facts))


def _wan(yuan: Decimal) -> str:
    """An amount in 万元 as a reader knows it from the document."""
    return f"{(yuan / cells.YUAN['万元']).normalize():f}"


def totals_rows(reading: Reading, table: Table, name_column: int, budget_column: int, unit: str) -> None:
    """Keep the totals rows of a list that stands beside the forms."""
    for number, row in zip(table.numbers, table.rows, strict=True):
        if name_column < len(row) and budget_column < len(row) and any(_TOTAL.fullmatch(cells.term(cell)) for cell in row):
            amount = cells.money(row[budget_column], unit)
            if amount is not None:
                place = f"{table.name} 第{number}行".strip()
                _compare(reading, {"place": place, "what": "whole", "said": "合计", "yuan": amount.yuan}, number)
