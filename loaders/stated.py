"""The totals that a document states of itself, and whether what was read comes to them."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from loaders import cells
from loaders.problems import Problem, Reading
from loaders.shapes import Table, Tables

_ALL = r"(?:总?共计?|合计|总计)"
_COUNTED = (
    re.compile(rf"项目[^0-9，,。]{{0,6}}{_ALL}[^0-9，,。]{{0,6}}([0-9]{{1,4}})\s*个"),
    re.compile(rf"{_ALL}[^0-9，,。]{{0,10}}([0-9]{{1,4}})\s*个[^，,。0-9]{{0,8}}项目"),
    re.compile(rf"{_ALL}[^0-9，,。]{{0,8}}项目[^0-9，,。]{{0,4}}([0-9]{{1,4}})\s*个"),
)
_COUNTED_OF_UNIT = re.compile(
    r"项目[^0-9，,。]{0,8}([0-9]{1,4})\s*个|([0-9]{1,4})\s*个[^，,。0-9]{0,8}项目|([0-9]{1,4})\s*个(?=[，,、]?[^0-9]{0,6}[0-9.,]{1,20}\s*万?元)"
)
_MONEY = re.compile(r"([0-9][0-9,，]{0,20}(?:\.[0-9]{1,9})?)\s*(亿元|万元|千元|元)")
_SUMMED_OF_UNIT = re.compile(rf"{_ALL}(?:金额|资金|预算)?[^0-9，,。；;个]{{0,4}}{_MONEY.pattern}")
_SUMMED = re.compile(rf"项目[^0-9，,。；;]{{0,8}}{_SUMMED_OF_UNIT.pattern}")
_SENTENCE = re.compile(r"[^。；;\n]{1,400}")


class _Remark(NamedTuple):
    """A sentence beside the forms: its text, its line in the sender's file where that has lines, its place."""

    text: str
    row: int | None
    place: str


class Sums:
    """Running sums of a table, to compare with the totals rows that stand in it."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.whole = self.part = Decimal(0)

    def add(self, budget: Decimal | None) -> None:
        """Count one project's budget in yuan."""
        self.whole += budget or 0
        self.part += budget or 0

    def compare(self, reading: Reading, row: int, name: str, yuan: Decimal | None, sheet: str = "") -> None:
        """Keep a totals row as stated; a finding where it is neither the sum so far nor the sum since the last one."""
        if yuan is None:
            return
        place = f"{sheet} 第{row}行".strip()
        reading.stated.append({"place": place, "what": "part" if "小计" in name else "whole", "yuan": yuan})
        if yuan not in (self.whole, self.part):
            facts = {"why": "budget", "read": _wan(self.whole), "difference": _wan(yuan - self.whole)}
            facts |= {"place": place} if sheet else {}
            reading.problems.append(Problem("W22", row=row, column=reading.headings.get("budget"), value=_wan(yuan), facts=facts))
        self.part = Decimal(0)


def state(reading: Reading, tables: Tables) -> None:
    """Keep what the text around the forms says of the whole and of each unit, and find where it differs from what was read."""
    for remark in _remarks(tables):
        for unit, part in _parts(remark.text, reading.rows):
            if unit or "项目" in part:
                _claim(reading, unit, part, remark)


def _remarks(tables: Tables) -> Iterator[_Remark]:
    """The sentences outside the tables; in a table the rows of a single text."""
    for number, line in enumerate(tables.text.split("\n"), start=1) if tables.form not in ("csv", "workbook") else ():
        if not (tables.form in ("text", "lines") and re.match(r"[ \f]*[\t|｜│┃]", line)):
            row = number if tables.form in ("text", "lines") else None
            yield from (_Remark(found[0].strip(), row, f"第{number}行" if row else "") for found in _SENTENCE.finditer(line))
    for table in tables.tables if tables.form in ("csv", "workbook") else ():
        for number, row in zip(table.numbers, table.rows, strict=True):
            texts = [cell.strip() for cell in row if cell.strip()]
            if len(texts) == 1:
                place = f"{table.name} 第{number}行".strip()
                yield from (_Remark(found[0].strip(), number, place) for found in _SENTENCE.finditer(texts[0]))


def _parts(text: str, rows: list[dict[str, Any]]) -> Iterator[tuple[str | None, str]]:
    """The part of a sentence that speaks of the whole, then each part that speaks of a unit, by its code."""
    names = {name: row["unit_code"] for row in rows for name in (row["unit_name"], row["unit_code"]) if name and len(name) > 3}  # noqa: PLR2004
    pattern = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    found = list(re.finditer(pattern, text)) if pattern else []
    ends = [match.start() for match in found] + [len(text)]
    yield None, text[: ends[0]]
    for match, end in zip(found, ends[1:], strict=True):
        yield names[match[0]], text[match.end() : end]


def _claim(reading: Reading, unit: str | None, text: str, remark: _Remark) -> None:
    """Keep the number and the sum that a part of a sentence states."""
    counted = _COUNTED_OF_UNIT.search(text) if unit else next((found for form in _COUNTED if (found := form.search(text))), None)
    amount = _MONEY.search(text, counted.end()) if counted else (_SUMMED_OF_UNIT if unit else _SUMMED).search(text)
    told = {"place": remark.place, "what": unit or "whole", "said": remark.text[:80]}
    if counted:
        _compare(reading, {**told, "count": int(next(group for group in counted.groups() if group))}, remark.row)
    if amount and (figure := cells.money(amount[1], amount[2])):
        _compare(reading, {**told, "yuan": figure.yuan}, remark.row)


def _compare(reading: Reading, told: dict[str, Any], row: int | None) -> None:
    """Keep one statement; a finding where what was read differs from it."""
    reading.stated.append(told)
    rows = [found for found in reading.rows if told["what"] in ("whole", found["unit_code"])]
    facts = {"said": told["said"], **({"place": told["place"]} if " " in told["place"] else {})}
    if "count" in told and told["count"] != len(rows):
        facts |= {"why": "count", "read": len(rows), "difference": told["count"] - len(rows)}
        reading.problems.append(Problem("W22", row=row, value=str(told["count"]), facts=facts))
    read = sum((found["budget"] or Decimal(0) for found in rows), Decimal(0))
    if "yuan" in told and told["yuan"] != read:
        facts |= {"why": "budget", "read": _wan(read), "difference": _wan(told["yuan"] - read)}
        reading.problems.append(Problem("W22", row=row, value=_wan(told["yuan"]), facts=facts))


def _wan(yuan: Decimal) -> str:
    """An amount in 万元 as a reader knows it from the document."""
    shown = f"{yuan / cells.YUAN['万元']:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def total_of_list(reading: Reading, table: Table, column: int, unit: str) -> None:
    """Keep the totals row of a list of projects that stands beside the forms, its budget in this column."""
    for number, row in zip(table.numbers, table.rows, strict=True):
        if column < len(row) and any(re.fullmatch(r"合计|总计", cells.term(cell)) for cell in row):
            amount = cells.money(row[column], unit)
            if amount is not None:
                place = f"{table.name} 第{number}行".strip()
                _compare(reading, {"place": place, "what": "whole", "said": "合计", "yuan": amount.yuan}, number)
