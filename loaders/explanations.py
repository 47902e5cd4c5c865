"""A lagging list that comes back with its columns of reasons and promises filled in: rows to record, and what cannot be read."""

from collections.abc import Mapping
from typing import Any

from loaders import cells
from loaders.columns import Column
from loaders.confined import confined
from loaders.filled import read_filled
from loaders.problems import Problem, Reading

COLUMNS = (
    Column("project_code", ("项目编码", "project code", "project_code"), needed=True),
    Column("unit_code", ("单位编码", "unit code", "unit_code")),
    Column("cause", ("偏差原因", "cause"), needed=True),
    Column("reason", ("原因说明", "reason")),
    Column("measure", ("整改措施", "measure")),
    Column("responsible", ("责任人", "responsible")),
    Column("promised", ("承诺支付", "promised", "promised (10k yuan)")),
    Column("due_month", ("承诺月份", "promised by month")),
)
TOTAL = ("合计", "total", "小计", "subtotal")
LAST_MONTH = 12


def read_explanations_apart(content: bytes, causes: Mapping[str, str]) -> Reading:
    """What `read_explanations` gives back, read in a process of its own; finding F07 where that failed."""
    return confined(read_explanations, content, dict(causes)) or Reading(None, problems=[Problem("F07")])


def read_explanations(content: bytes, causes: Mapping[str, str]) -> Reading:
    """The rows of the first list in a file whose cause or reason is filled in; never an exception.

    `causes` gives the code of every way of writing a cause. Amounts are in 万元 unless the heading says otherwise, and come
    back in yuan. Each row: row, unit_code (or None), project_code, cause, reason, measure, responsible, promised, due_month.
    """
    reading, rows = read_filled(content, COLUMNS, "explanations", "A11")
    unit = cells.money_unit(reading.headings.get("promised", "")) or "万元"
    known = {cells.label(way): code for way, code in causes.items()}
    for number, texts in rows:
        code = cells.code(texts["project_code"].removeprefix("'"))
        if code and code.lower() not in TOTAL and any(texts.get(name) for name in ("cause", "reason", "promised")):
            _read_row(reading, number, texts, (code, unit, known))
    return reading


def _read_row(reading: Reading, number: int, texts: dict[str, str], told: tuple[str, str, Mapping[str, str]]) -> None:
    code, unit, known = told
    before = len(reading.problems)

    def amiss(problem: str, name: str) -> None:
        value = texts.get(name, "")[:60]
        reading.problems.append(Problem(problem, row=number, column=reading.headings.get(name, name), value=value))

    cause = known.get(cells.label(texts["cause"]))
    if cause is None:
        amiss("A13", "cause")
    amount = cells.money(texts["promised"], unit) if cells.plain(texts.get("promised", "")) else None
    if amount is None and cells.plain(texts.get("promised", "")):
        amiss("A14", "promised")
    month = _month(texts.get("due_month", ""))
    if month is None and cells.plain(texts.get("due_month", "")):
        amiss("A15", "due_month")
    if len(reading.problems) == before:
        words: dict[str, Any] = {name: texts.get(name, "").removeprefix("'") for name in ("reason", "measure", "responsible")}
        unit_code = cells.code(texts.get("unit_code", "").removeprefix("'")) or None
        promise = {"promised": amount and amount.yuan, "due_month": month}
        reading.rows.append({"row": number, "unit_code": unit_code, "project_code": code, "cause": cause, **words, **promise})


def _month(text: str) -> int | None:
    """A month of the year, as 10, 10月 or 2025-10."""
    bare = cells.plain(text).removesuffix("底").removesuffix("月")
    if bare.isdecimal() and 1 <= int(bare) <= LAST_MONTH:
        return int(bare)
    found = cells.month(text)
    return found.month if found else None
