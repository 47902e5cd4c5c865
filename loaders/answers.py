"""An answered report becomes answers: which question, which reason, which words."""

import re
from collections.abc import Mapping
from typing import Any

from loaders import cells
from loaders.columns import Column, find_header, match, score
from loaders.confined import confined
from loaders.problems import LoadError, Problem, Reading
from loaders.shapes import Table, Tables
from loaders.tables import read_tables

COLUMNS = (
    Column("key", ("唯一标识", "key"), needed=True),
    Column("reason_code", ("原因代码", "原因", "reason", "reason code"), needed=True),
    Column("text", ("说明", "explanation")),
    # The other headings of the list tell it from a table that happens to have a key.
    Column("level", ("级别", "level")),
    Column("rule", ("规则", "rule")),
    Column("row", ("行号", "row")),
    Column("field", ("字段", "field")),
    Column("value", ("填报值", "value")),
    Column("expected", ("应为", "expected")),
    Column("difference", ("差额", "difference")),
    Column("problem", ("问题", "problem")),
    Column("remedy", ("怎么改", "remedy")),
)
OTHER = "other"
_LED = re.compile(r"'(?=[\s\u00a0\u3000]*[=+\-@＝＋－＠])")
# The reasons that may answer one question, by every way of writing them.
Ways = Mapping[str, str]


def is_answers(tables: Tables) -> bool:
    """Whether one of the tables is the list of a report, with its keys and its column for reasons."""
    return _list(tables) is not None


def read_answers_apart(content: bytes, questions: Mapping[str, Ways]) -> Reading:
    """What `read_answers` gives back, read in a process of its own; finding F07 where that failed."""
    return confined(read_answers, content, questions) or Reading(None, problems=[Problem("F07")])


def read_answers(content: bytes, questions: Mapping[str, Ways]) -> Reading:
    """The answers in a report that came back: rows of row, key, reason_code and text; never an exception.

    `questions` holds what may be answered: by its key, every way of writing a reason that it allows,
    with the reason's code. A row without reason and text is not answered and gives nothing; words
    without a reason are the reason `other`. Any problem is one of A01 to A05 or of the file itself.
    """
    try:
        tables = read_tables(content)
    except LoadError as error:
        return Reading(None, problems=[error.problem])
    table = _list(tables)
    if table is None:
        return Reading(None, problems=[*tables.problems, Problem("A01")])
    header = match(table.rows, COLUMNS, find_header(table.rows, COLUMNS) or 0, table.numbers)
    heads = {name: table.rows[header.row][place].strip() for name, place in header.places.items()}
    reading = Reading("answers", problems=[*tables.problems, *header.problems], headings=heads)
    known = {_folded(key): (key, {cells.label(way): code for way, code in ways.items()}) for key, ways in questions.items()}
    seen: dict[str, int] = {}
    for number, row in zip(table.numbers[header.row + 1 :], table.rows[header.row + 1 :], strict=True):
        texts = {name: row[place].strip() if place < len(row) else "" for name, place in header.places.items()}
        found = _answer(number, texts, known, seen, heads)
        if isinstance(found, Problem):
            reading.problems.append(found)
        elif found:
            reading.rows.append(found)
    return reading


def _list(tables: Tables) -> Table | None:
    """The table that looks most like a report's list, wherever it stands in the file."""
    lists = []
    for table in tables.tables:
        row = find_header(table.rows, COLUMNS)
        if row is not None and {"key", "reason_code"} <= match(table.rows, COLUMNS, row).places.keys():
            lists.append((score(table.rows[row], COLUMNS), table))
    return max(lists, key=lambda found: found[0])[1] if lists else None


def _answer(
    number: int, texts: dict[str, str], known: Mapping[str, tuple[str, Ways]], seen: dict[str, int], heads: Mapping[str, str]
) -> dict[str, Any] | Problem | None:
    """One row's answer, what is wrong with it, or None where the question was left open."""
    key, reason, text = texts["key"], texts["reason_code"], _LED.sub("", texts.get("text", ""), count=1)
    if not cells.plain(reason) and not cells.plain(text):
        return None

    def problem(code: str, name: str, **facts: Any) -> Problem:
        return Problem(code, row=number, column=heads.get(name, name), value=texts.get(name, "")[:60], facts=facts)

    if _folded(key) not in known:
        return problem("A02", "key", why="unknown" if key else "blank")
    if _folded(key) in seen:
        return problem("A04", "key", first=seen[_folded(key)])
    seen[_folded(key)] = number
    key, ways = known[_folded(key)]
    code = ways.get(cells.label(reason)) if cells.plain(reason) else OTHER
    if code is None:
        return problem("A03", "reason_code", question=key)
    if code == OTHER and not cells.plain(text):
        return problem("A05", "text")
    return {"row": number, "key": key, "reason_code": code, "text": text}


def _folded(key: str) -> str:
    return cells.code(key)
