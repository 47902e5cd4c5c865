"""The rows below the header of a file of disbursements, column by column, one line an amount."""

import re
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from loaders import cells
from loaders.arrays import Body, joined, of_rows, some
from loaders.headings import Heads
from loaders.problems import MOST_FINDINGS, Problem
from loaders.shapes import Table

MOST_NOTES = 200
_FOOT = re.compile(
    r"(注|备注|说明|附注|填表人?|填报人?|制表人?|制单人?|经办人?|审核人?|复核人?|负责人|单位负责人|财务负责人|联系人|联系电话|电话|盖章"
    r"|打印时间|打印日期|填报日期|填报时间|填报单位|报送日期|制表日期|导出时间|数据来源)([0-9一二三四五六七八九]?[:.、)]|$)"
)
TOTAL = re.compile(r"(.{0,20}(合计|小计|总计|总额|共计|总和)|sub-?total|grand-?total|total)(数|金额)?")
_CODE_LIKE = re.compile(r"[0-9A-Z-]{2,}")
_LONG_CODE = re.compile(r"[0-9A-Z-]{9,}")
_SENTENCE = re.compile("[：:。；，]")
Record = tuple[int, list[str]]


class Below(NamedTuple):
    """What stands below a header: the rows of the table, and notes on what was passed over as no row of it.

    `problems` ends with ragged rows; `beyond` is how many more of these there are.
    """

    body: Body
    problems: list[Problem]
    beyond: int


class Lines(NamedTuple):
    """One line for every amount: its row number, its texts by our names, and what else its row holds.

    In a table with a column a month, `column` is the place of the line's month, and a row makes several lines.
    """

    numbers: pa.Array
    texts: dict[str, pa.Array]
    others: pa.Array
    heads: Heads
    column: pa.Array | None = None

    @property
    def size(self) -> int:
        """How many lines there are."""
        return len(self.numbers)

    def text(self, name: str) -> pa.Array:
        """The cells of a column as they were written; blank where the file has no such column."""
        return self.texts[name] if name in self.texts else pa.repeat("", self.size)

    def only(self, mask: pa.Array) -> "Lines":
        """The lines that a mask marks."""
        column = self.column.filter(mask) if self.column is not None else None
        texts = {name: text.filter(mask) for name, text in self.texts.items()}
        return Lines(self.numbers.filter(mask), texts, self.others.filter(mask), self.heads, column)

    def place(self, name: str, line: int) -> int | None:
        """The place of a line's cell in its row; None where the file has no such column."""
        if self.column is not None and name in ("amount", "month"):
            return self.column[line].as_py()
        return self.heads.places.get(name)

    def heading(self, name: str, line: int) -> str:
        """The sender's own heading above a line's cell."""
        place = self.place(name, line)
        return name if place is None else self.heads.texts[place]


def below(table: Table, heads: Heads, form: str) -> Below:
    """The rows below the header as columns of its width.

    A row of another width is a finding; notes and signatures below the table and repeated headers are passed over.
    """
    width = len(heads.texts)
    single = [*zip(table.head_numbers[heads.row + 1 :], table.head[heads.row + 1 :], strict=True), *table.ragged]
    body = table.handed_over() or of_rows([], [], width)
    if len(body.texts) != width:
        body, odd = _refitted(body, width, form)
        single += odd
    last = max([0, *(number for number, row in single if len(row) >= width), *body.numbers[-1:].to_pylist()])
    good: list[Record] = []
    passed, ragged = [], []
    for number, row in sorted(single):
        filled = [cell.strip() for cell in row if cell.strip()]
        if not any(cell.strip() for cell in row[width:]) and (len(row) >= width or form != "csv"):
            good.append((number, row))
        elif _is_remark(filled, number > last):
            passed.append((number, filled[0]))
        else:
            ragged.append((number, len(row)))
    body = _without_blank(joined([of_rows([row for _, row in good], [number for number, _ in good], width), body]))
    body, notes = _without_notes(*_without_headers(body, heads), heads)
    found = [Problem("M02", row=number, value=text[:60], facts={"why": "passed"}) for number, text in sorted(passed + notes)]
    found += [
        Problem("F04", row=number, facts={"why": "ragged", "cells": size, "headings": width}) for number, size in ragged[:MOST_FINDINGS]
    ]
    return Below(body, found, max(len(ragged) - MOST_FINDINGS, 0))


def is_total(text: str) -> bool:
    """Whether a cell says that its row adds up others."""
    return bool(TOTAL.fullmatch(cells.label(text)))


def is_foot(text: str) -> bool:
    """Whether a text begins like a note or a signature below a table."""
    return bool(_FOOT.match(cells.plain(text[:40]).replace(" ", "")))


def _is_remark(filled: list[str], is_last: bool) -> bool:
    """Whether a row of another width is signed or a sentence below the table; what looks like a code makes it a row."""
    if any(_LONG_CODE.fullmatch(cells.code(cell)) for cell in filled):
        return False
    return is_foot(filled[0]) or (is_last and len(filled) == 1 and bool(_SENTENCE.search(filled[0])))


def _refitted(body: Body, width: int, form: str) -> tuple[Body, list[Record]]:
    """Columns cut or filled up to the width of the header, and the rows for which that would not do."""
    size = len(body.numbers)
    if len(body.texts) < width:
        if form == "csv":
            return of_rows([], [], width), list(body.filled())
        return Body([*body.texts, *(pa.repeat("", size) for _ in range(width - len(body.texts)))], body.numbers), []
    odd = pa.repeat(False, size)
    for column in body.texts[width:]:
        odd = pc.or_(odd, _filled(column))
    fitting = body.only(pc.invert(odd))
    return Body(fitting.texts[:width], fitting.numbers), list(body.only(odd).filled())


def _filled(column: pa.Array) -> pa.Array:
    """Which cells hold more than blanks."""
    return pc.not_equal(pc.utf8_trim_whitespace(column), "")


def _without_blank(body: Body) -> Body:
    """The rows that hold anything."""
    blank = pa.repeat(True, len(body.numbers))
    for column in body.texts:
        if not some(blank):
            return body
        blank = pc.and_(blank, pc.invert(_filled(column)))
    return body.only(pc.invert(blank))


def _without_headers(body: Body, heads: Heads) -> tuple[Body, list[Record]]:
    """The rows that are not the header once more, as a printed list has it on every page; and those that are."""
    code = heads.places["project_code"]
    again = pc.equal(pc.utf8_trim_whitespace(body.texts[code]), heads.texts[code])
    if not some(again):
        return body, []
    for place in (*heads.months, *(heads.places[name] for name in ("month", "amount") if name in heads.places)):
        again = pc.and_(again, pc.equal(pc.utf8_trim_whitespace(body.texts[place]), heads.texts[place]))
    return body.only(pc.invert(again)), [(number, heads.texts[code]) for number in body.numbers.filter(again).to_pylist()]


def _without_notes(body: Body, passed: list[Record], heads: Heads) -> tuple[Body, list[Record]]:
    """The rows without the notes that end the table; and what was passed over in all."""
    size = len(body.numbers)
    keep = size
    rest = Body([column.slice(max(size - MOST_NOTES, 0)) for column in body.texts], body.numbers.slice(max(size - MOST_NOTES, 0)))
    for number, row in reversed(list(rest.filled())):
        if not _is_note(row, heads):
            break
        passed = [*passed, (number, next(cell.strip() for cell in row if cell.strip()))]
        keep -= 1
    return Body([column.slice(0, keep) for column in body.texts], body.numbers.slice(0, keep)), passed


def _is_note(row: list[str], heads: Heads) -> bool:
    """Whether a row below the last line of a table names neither project, month nor amount, or is signed."""
    if _CODE_LIKE.fullmatch(cells.code(row[heads.places["project_code"]])):
        return False
    amounts = [row[place] for place in heads.months] or [row[heads.places["amount"]]]
    if any(cells.money(amount, "元") for amount in amounts):
        return False
    if any(is_total(cell) for cell in row):
        return False
    first = next(cell for cell in row if cell.strip())
    month = row[heads.places["month"]] if "month" in heads.places else ""
    return is_foot(first) or not any(cell.strip() for cell in (*amounts, month))


def lines_of(body: Body, heads: Heads, month: str | None) -> Lines:
    """The rows as lines: one a row, or one for each month that a row fills; `month` is the month of all, if the title says it."""
    texts = {name: body.texts[place] for name, place in heads.places.items()}
    if month is not None:
        texts["month"] = pa.repeat(month, len(body.numbers))
    others = _others([body.texts[place] for place in heads.others], len(body.numbers))
    if not heads.months:
        return Lines(body.numbers, texts, others, heads)
    parts = []
    for place in heads.months:
        lines = Lines(body.numbers, {**texts, "amount": body.texts[place]}, others, heads, pa.repeat(place, len(body.numbers)))
        parts.append(lines.only(_filled(body.texts[place])))
    return _in_order(parts, heads)


def _others(columns: list[pa.Array], size: int) -> pa.Array:
    """What the sender's own columns say, one text a row."""
    return pc.binary_join_element_wise(*map(pc.utf8_trim_whitespace, columns), "\t") if columns else pa.repeat("", size)


def _in_order(parts: list[Lines], heads: Heads) -> Lines:
    """The lines of all months, row by row."""
    keys = pa.table({"number": _joined(parts, "numbers"), "place": _joined(parts, "column")})
    order = pc.sort_indices(keys, sort_keys=[("number", "ascending"), ("place", "ascending")])
    texts = {name: pa.concat_arrays([part.texts[name] for part in parts]).take(order) for name in parts[0].texts}
    places = _joined(parts, "column").take(order)
    texts["month"] = _headings(places, heads)
    return Lines(_joined(parts, "numbers").take(order), texts, _joined(parts, "others").take(order), heads, places)


def _joined(parts: list[Lines], name: str) -> pa.Array:
    return pa.concat_arrays([getattr(part, name) for part in parts])


def _headings(places: pa.Array, heads: Heads) -> pa.Array:
    """The heading of the month that each line stands below."""
    return pa.array(heads.texts, pa.string()).take(places)
