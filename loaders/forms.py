"""The forms of a document, one a project, over every page, sheet and table; a list of projects holds none."""

import re
from collections.abc import Sequence

from loaders import cells, layouts
from loaders.blocks import Block, Line
from loaders.layouts import GOALS, HEAD, MONEY
from loaders.scribe import Scribe, bare
from loaders.shapes import Tables

_CODE = re.compile(r"(?=.*[0-9])[0-9A-Za-z][0-9A-Za-z\-_.+]*")


def blocks(tables: Tables) -> list[Block]:
    """The forms in a document in their order, each from its head to its last indicator."""
    scribe = Scribe()
    for table in tables.tables:
        if tables.form == "workbook":
            scribe.close()
        for place, (number, row) in enumerate(zip(table.numbers, table.rows, strict=True)):
            if _heads_list(row, table.rows[place + 1 : place + 3]):
                scribe.close(listing=True)
            else:
                begins_page = tables.form == "pdf" and place == 0
                scribe.read(Line(row, number, f"{table.name} 第{number}行".strip(), tables.form != "text", begins_page))
    return _joined([block for block in scribe.blocks if block.is_form])


def _heads_list(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row heads a list of projects: names and codes stand below their labels, one project a row."""
    names = {name: column for column, cell in enumerate(row) if cell and (name := layouts.name_of(cell)) in HEAD}
    if not names.keys() >= HEAD or any(_CODE.fullmatch(cells.plain(cell)) for cell in row):
        return False
    column = names["project_code"]
    return any(column < len(line) and _CODE.fullmatch(cells.plain(line[column])) for line in below)


def _joined(found: list[Block]) -> list[Block]:
    """The blocks, a piece that only goes on with the one before it (its head repeated on a new page) joined to it."""
    kept: list[Block] = []
    for block in found:
        before = kept[-1] if kept else None
        if before and _goes_on(before, block):
            before.indicators += block.indicators
            before.unread += block.unread
            before.loose += block.loose
            before.said = {name: before.said.get(name, []) + block.said.get(name, []) for name in {**before.said, **block.said}}
            before.payments = before.payments if before.payments.points else block.payments
        else:
            kept.append(block)
    return kept


def _goes_on(before: Block, block: Block) -> bool:
    """Whether a piece has the same head, says nothing else otherwise, and is not the same project said twice."""
    code, name = bare(block.text("project_code")), bare(block.text("project_name"))
    same_head = (code, name) == (bare(before.text("project_code")), bare(before.text("project_name"))) and (code or name)
    if not same_head or any(block.text(money) and block.text(money) != before.text(money) for money in MONEY):
        return False
    twice = _parts(before) & _parts(block)
    return not twice - {"indicators"} or (twice == {"money"} and "money" in _parts(before))


def _parts(block: Block) -> set[str]:
    parts = {"money": any(block.text(name) for name in MONEY), "plan": bool(block.payments.points)}
    parts |= {"goal": any(block.text(name) for name in GOALS), "indicators": bool(block.indicators)}
    return {name for name, present in parts.items() if present}
