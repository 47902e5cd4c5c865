"""What the title rows and headings of a file of disbursements say for all its rows: unit of money, kind of figure, month."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from loaders import cells
from loaders.headings import Heads, kind_of
from loaders.problems import Problem
from loaders.shapes import Table

_MONTH = re.compile(r"(?:20[0-9]{2}年)?(?:0?1月?[-~—–至到]+)?[0-9]{1,2}月(?!内)")
_IN_BRACKETS = re.compile(r"[(\[][^()\[\]]*元[)\]]")
_FOREIGN = re.compile(r"(?:美|欧|港|日|澳|百|十|百万|千万|十万|百亿|千亿|万亿)元")


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
    unit = next((unit for text in amounts if (unit := cells.money_unit(text))), None) or _unit_above(above)
    if unit is None and not problems:
        problems += [Problem("R13", row=number, value=found[0]) for text in above if (found := _money_of(text) and _FOREIGN.search(text))]
    figure = None if heads.months else kind_of(amounts[0])
    month = _month_above(above) if "month" not in heads.places and not heads.months else None
    if month is None:
        return Title(unit, figure, None, [*heads.problems, *problems])
    kept = [problem for problem in heads.problems if problem.facts.get("column_wanted") != "月份"]
    said = figure or kind_of("".join(above))
    return Title(unit, said, month, [*kept, *problems, Problem("M06", row=number, value=month)])


def _money_of(text: str) -> bool:
    """Whether a row above the header speaks of units of money."""
    return "单位" in text or bool(_IN_BRACKETS.search(text))


def _unit_above(above: Sequence[str]) -> str | None:
    return next((unit for text in above if _money_of(text) and (unit := cells.money_unit(text))), None)


def _month_above(above: Sequence[str]) -> str | None:
    """The one month that the rows above the header name, as they write it."""
    found = {month: text for row in above for text in _MONTH.findall(re.sub(r"\s", "", row)) if (month := cells.month(text))}
    return next(iter(found.values())) if len(found) == 1 else None
