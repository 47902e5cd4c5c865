"""What the title rows and headings of a file of disbursements say for all its rows: unit of money, kind of figure, month."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from loaders import cells
from loaders.headings import Heads, kind_of
from loaders.problems import Problem
from loaders.shapes import Table

_MONTH = re.compile(r"(?:20[0-9]{2}年)?(?:0?1月?[-~—–至到]+)?[0-9]{1,2}月(?!内)")
_MADE_ON = re.compile(
    r"(打印|填报|填表|制表|编制|导出|报送|上报|下载|生成|提取|查询)(日期|时间|于)?:?"
    r"(20[0-9]{2})?[-/.年]?[0-9]{1,2}[-/.月][0-9]{1,2}日?"
)
_AMOUNT = re.compile(r"[0-9](?:亿|万|千)?元")
_STRANGE = re.compile(r"(?<![一-鿿])(?:金额|货币)?单位:?([^\s:,;()]{0,4}元|[百千万亿][^\s:,;()元]{0,2})(?![一-鿿])")


class Title(NamedTuple):
    """What holds for all rows: each None where nothing says it; `month` is the text that names it."""

    unit: str | None
    figure: str | None
    month: str | None
    problems: list[Problem]


def read(table: Table, heads: Heads) -> Title:
    """What the headings of the amounts say, else the rows above them; with the header's problems and what cannot be read."""
    amounts = [heads.texts[place] for place in heads.months] or [heads.named.get("amount", "")]
    above = [cells.plain("".join(row)) for row in table.head[: heads.row]]
    number = table.head_numbers[heads.row]
    problems = [Problem("R13", row=number, column=text, value=strange) for text in amounts if (strange := cells.strange_unit(text))]
    named = set().union(*map(cells.money_units, amounts)) or _units_above(above)
    problems += [Problem("R13", row=number, value="、".join(sorted(named)), facts={"why": "several"})] if len(named) > 1 else []
    unit = next(iter(sorted(named)), None)
    if unit is None and not problems:
        problems += [Problem("R13", row=number, value=found[1]) for text in above if (found := _STRANGE.search(text))]
    figure = None if heads.months else kind_of(amounts[0])
    month = _month_above(above) if "month" not in heads.places and not heads.months else None
    if month is None:
        return Title(unit, figure, None, [*heads.problems, *problems])
    kept = [problem for problem in heads.problems if problem.facts.get("column_wanted") != "月份"]
    said = figure or kind_of("".join(above))
    return Title(unit, said, month, [*kept, *problems, Problem("M06", row=number, value=month)])


def _units_above(above: Sequence[str]) -> set[str]:
    """The units of money that the first row above the header to name any names, not beside an amount of its own."""
    return next((units for text in above if (units := units_of(text))), set())


def units_of(text: str) -> set[str]:
    """The units of money that a remark around a table names for its amounts, not beside an amount of its own."""
    return set() if _AMOUNT.search(text) else cells.money_units(text)


def _month_above(above: Sequence[str]) -> str | None:
    """The one month that the rows above the header name, as they write it."""
    told = [_MADE_ON.sub("", re.sub(r"\s", "", row)) for row in above]
    found = {month: text for row in told for text in _MONTH.findall(row) if (month := cells.month(text))}
    return next(iter(found.values())) if len(found) == 1 else None
