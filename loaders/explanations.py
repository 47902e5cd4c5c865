"""A lagging list that comes back with its columns of reasons and promises filled in: rows to record, and what cannot be read."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from loaders import cells
from loaders.columns import Column
from loaders.confined import confined
from loaders.filled import Filled, read_lists
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
WORDS = ("cause", "reason", "measure", "responsible")
PROMISE = ("promised", "due_month")
TOTAL = ("合计", "total", "小计", "subtotal")
LAST_MONTH = 12
Row = dict[str, Any]


class _Told(NamedTuple):
    """What a row is read with: the codes of causes, its list, the sheet to name, words known by project, rows read by unit and code."""

    causes: Mapping[str, str]
    one: Filled
    place: dict[str, str]
    known: Mapping[str, list[Row]]
    seen: dict[tuple[str | None, str], int]


def read_explanations_apart(content: bytes, causes: Mapping[str, str], known: Sequence[Row] = ()) -> Reading:
    """What `read_explanations` gives back, read in a process of its own; finding F07 where that failed."""
    return confined(read_explanations, content, dict(causes), list(known)) or Reading(None, problems=[Problem("F07")])


def read_explanations(content: bytes, causes: Mapping[str, str], known: Sequence[Row] = ()) -> Reading:
    """The rows of all lists in a file that are filled in, each project once; never an exception.

    `causes` gives the code of every way of writing a cause. `known` are the words with which lists go out (month `is_earlier` or
    not): an earlier promise that still stands in a row is not made again, and of a project on two sheets that speaks which says
    something else than was known. Amounts are in 万元 unless the heading says otherwise, and come back in yuan. Each row: row,
    unit_code (or None), project_code, cause, reason, measure, responsible, promised, due_month.
    """
    reading, lists = read_lists(content, COLUMNS, "explanations", "A11")
    ways, by_code, seen = {cells.label(way): code for way, code in causes.items()}, {}, {}
    for word in known:
        by_code.setdefault(word["project_code"], []).append(word)
    for one in lists:
        told = _Told(ways, one, {"sheet": one.sheet} if len(lists) > 1 else {}, by_code, seen)
        for number, texts in one.rows:
            code = cells.code(texts["project_code"].removeprefix("'"))
            if code and code.lower() not in TOTAL and any(texts.get(name) for name in (*WORDS, *PROMISE)):
                unit_code = cells.code(texts.get("unit_code", "").removeprefix("'")) or None
                _read_row(reading, {"row": number, "unit_code": unit_code, "project_code": code}, texts, told)
    return reading


def _read_row(reading: Reading, named: Row, texts: dict[str, str], told: _Told) -> None:
    """Add what a row says to the reading, or what cannot be read in it."""
    problems: list[Problem] = []

    def amiss(problem: str, name: str, **facts: Any) -> None:
        heading, value = told.one.headings.get(name, name), texts.get(name, "")[:60]
        problems.append(Problem(problem, row=named["row"], column=heading, value=value, facts={**told.place, **facts}))

    words: Row = {name: texts.get(name, "").removeprefix("'") for name in WORDS}
    known = [word for word in told.known.get(named["project_code"], ()) if named["unit_code"] in (None, word["unit_code"])]
    promise = _promise(texts, cells.money_unit(told.one.headings.get("promised", "")) or "万元", amiss)
    if not problems and promise in [_said(word, PROMISE) for word in known if word["is_earlier"]]:
        promise = (None, None)
    if not problems and not any((*words.values(), *promise)):
        return
    words["cause"] = told.causes.get(cells.label(words["cause"]))
    if words["cause"] is None:
        amiss("A13", "cause")
    row, key = {**named, **words, **dict(zip(PROMISE, promise, strict=True))}, (named["unit_code"], named["project_code"])
    before, now = reading.rows[told.seen[key]] if key in told.seen else None, [_said(word) for word in known if not word["is_earlier"]]
    if before and _said(row) != _said(before) and not {_said(row), _said(before)} & {*now}:
        amiss("A16", "project_code", first=before["row"])
    reading.problems += problems
    if not problems and before is None:
        told.seen[key] = len(reading.rows)
        reading.rows.append(row)
    elif not problems and _said(before) in now:
        reading.rows[told.seen[key]] = row


def _promise(texts: dict[str, str], unit: str, amiss: Callable[[str, str], None]) -> tuple[Decimal | None, int | None]:
    """Amount in yuan and month of a promise; what cannot be read is amiss."""
    found: list[Any] = []
    for name, code, read in (("promised", "A14", lambda text: cells.money(text, unit)), ("due_month", "A15", _month)):
        written = cells.plain(texts.get(name, ""))
        found.append(read(texts[name]) if written else None)
        if written and found[-1] is None:
            amiss(code, name)
    return found[0] and found[0].yuan, found[1]


def _said(row: Row, names: Sequence[str] = (*WORDS, *PROMISE)) -> tuple[Any, ...]:
    return tuple(row[name] or None for name in names)


def _month(text: str) -> int | None:
    """A month of the year, as 10, 10月 or 2025-10."""
    bare = cells.plain(text).removesuffix("底").removesuffix("月")
    if bare.isdecimal() and 1 <= int(bare) <= LAST_MONTH:
        return int(bare)
    found = cells.month(text)
    return found.month if found else None
