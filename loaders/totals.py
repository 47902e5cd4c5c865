"""Totals rows, which the sender wrote below or above other rows: they are no spending but a check of it."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from loaders import cells
from loaders.arrays import marked, some
from loaders.lines import Lines, is_total
from loaders.problems import Problem

Unit = Callable[[int], str]
_END = 2**31
_PLAINLY = re.compile("[0-9A-Za-z]*[0-9][0-9A-Za-z]*")


def is_named(text: str) -> bool:
    """Whether a cell of project codes names a project."""
    if _PLAINLY.fullmatch(text):
        return True
    return bool(cells.code(text)) and not is_total(text)


def apart(lines: Lines) -> tuple[Lines, Lines]:
    """The lines of projects, and those that name none and say that they add up others."""
    unnamed = pc.invert(marked(lines.text("project_code"), is_named))
    if not some(unnamed):
        return lines, lines.only(unnamed)
    asked = lines.only(unnamed)
    adds = marked(asked.others, lambda text: any(map(is_total, text.split("\t"))))
    for name in asked.texts:
        if name not in ("amount", "note"):
            adds = pc.or_(adds, marked(asked.texts[name], is_total))
    totals = pc.replace_with_mask(pa.repeat(False, lines.size), unnamed, adds)
    return lines.only(pc.invert(totals)), lines.only(totals)


class Sums(NamedTuple):
    """The amounts of a file's rows in their order, to compare with the totals that the sender wrote."""

    numbers: list[int]
    amounts: pa.Array

    def between(self, first: int, end: int) -> Decimal:
        """The exact sum of the amounts whose row numbers lie from `first` up to `end`."""
        start = bisect_left(self.numbers, first)
        return pc.sum(self.amounts.slice(start, bisect_left(self.numbers, end) - start)).as_py() or Decimal(0)


def compared(totals: Lines, rows: pa.Table, places: pa.Array | None, unit: Unit) -> Iterator[Problem]:
    """A finding for each totals row that adds up neither what stands above it nor, leading a table or a part of it, what follows.

    `rows` are the rows of projects and `places` the columns of their amounts, in a table with a column a month.
    """
    if not totals.size:
        return
    columns = [None] if totals.column is None else pc.unique(totals.column).to_pylist()
    for column in columns:
        asked = range(totals.size) if column is None else [i for i, one in enumerate(totals.column.to_pylist()) if one == column]
        table = rows if column is None else rows.filter(pc.equal(places, column))
        amounts = table.column("amount").combine_chunks() if table.num_rows else pa.array([], pa.decimal128(18, 2))
        yield from _compared(totals, list(asked), Sums(table.column("row").to_pylist(), amounts), unit)


def _compared(totals: Lines, asked: list[int], sums: Sums, unit: Unit) -> Iterator[Problem]:
    numbers = [totals.numbers[line].as_py() for line in asked]
    leads = bisect_left(sums.numbers, numbers[0]) == 0
    so_far, before = Decimal(0), 0
    for line, number, after in zip(asked, numbers, [*numbers[1:], _END], strict=True):
        part = sums.between(before, number)
        so_far, before = so_far + part, number
        whole = sums.between(0, _END) if leads and number == numbers[0] else so_far
        fitting = {whole} if leads and number == numbers[0] else {so_far, part}
        fitting |= {sums.between(number, after)} if leads else set()
        text = totals.texts["amount"][line].as_py()
        stated = cells.money(text, unit(line), cells.MOST_TOTAL)
        if stated is None or stated.yuan not in fitting:
            yield Problem(
                "W09",
                row=number,
                column=totals.heading("amount", line),
                value=text.strip()[:60],
                facts={"sum": f"{whole:.2f}", "difference": f"{stated.yuan - whole}" if stated else ""},
            )


def across(lines: Lines, stated: pa.Array, rows: pa.Table) -> Iterator[Problem]:
    """A finding for each row whose months do not add up to the sum beside them; `stated` are these sums in yuan."""
    added = rows.group_by("row").aggregate([("amount", "sum")])
    sums = dict(zip(added.column("row").to_pylist(), added.column("amount_sum").to_pylist(), strict=True))
    for line, amount in enumerate(stated.to_pylist()):
        number = lines.numbers[line].as_py()
        if amount is not None and number in sums and sums[number] != amount:
            facts = {"why": "across", "sum": f"{sums[number]:.2f}", "difference": f"{amount - sums[number]}"}
            text = lines.texts["amount"][line].as_py().strip()[:60]
            yield Problem("W09", row=number, column=lines.heading("amount", line), value=text, facts=facts)
