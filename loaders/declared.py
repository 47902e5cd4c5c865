"""What a file of disbursements says of itself, held against what was declared beside it and what else it says around its table."""

import re
from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from loaders import cells
from loaders.arrays import Body, mapped, places_of
from loaders.headings import Heads, kind_of
from loaders.lines import Lines
from loaders.problems import Problem
from loaders.shapes import Table
from loaders.titles import Title, units_of

_REFUND = re.compile("退款|退回|冲销|冲回|冲减|refund|reversal", re.IGNORECASE)
_BARE_SPAN = r"^\s*0?1-[0-9]{1,2}\s*$"


def contradicted(title: Title, lines: Lines, rows: pa.Table, declared: tuple[str | None, str | None]) -> Iterator[Problem]:
    """W14 where the file names another unit of money, or another kind of figure, than `declared`; the file's word counts.

    So does a row's own unit against that of the heading. Each finding stands at the first place that says it.
    """
    unit, figure = declared
    if unit:
        yield from _other_unit(title, lines, unit)
    elif title.unit:
        yield from _rows_unit(lines, title.unit, "within")
    if figure:
        yield from _other_figure(lines, rows, figure)


def elsewhere(table: Table, heads: Heads, passed: Iterable[Problem], unit: str) -> list[Problem]:
    """W14 where a title above the header or a remark below the table names another unit of money than the amounts are read in."""
    said = [(number, cells.plain("".join(row))) for number, row in zip(table.head_numbers, table.head[: heads.row], strict=False)]
    said += [(problem.row, problem.value or "") for problem in passed if problem.facts.get("why") == "passed"]
    others = [(number, *units_of(text)) for number, text in said if len(units_of(text)) == 1]
    found = next(((number, named) for number, named in others if named != unit), None)
    return [Problem("W14", row=found[0], value=found[1], expected=unit, facts={"why": "elsewhere"})] if found else []


def disguised(table: Table, lines: Lines, rows: pa.Table) -> Iterator[Problem]:
    """W15 where cells of amounts that were read show another number than they hold; the number that they hold counts."""
    columns = list(lines.heads.months) or [lines.heads.places["amount"]]
    found = _read_of(rows, (row + 1 for row, _ in table.disguised(columns)))
    if found:
        yield Problem("W15", found[0], _heading(lines), facts={"count": len(found)})


def two_ways(table: Table, body: Body, lines: Lines, rows: pa.Table, figure: str | None) -> Iterator[Problem]:
    """W16 where the file may well mean something else than was read; `figure` is the kind that it or its sender says.

    Rows that the spreadsheet hides were read, refunds in a column of their own were not taken off, and 1-3 was
    read as January to March, where a spreadsheet may have made it of the third of January.
    """
    if hidden := _read_of(rows, table.hidden()):
        yield Problem("W16", hidden[0], facts={"why": "hidden", "count": len(hidden)})
    for place in lines.heads.others:
        amounts = [(number, text) for number, text in _amounts(body, place)] if _REFUND.search(lines.heads.texts[place]) else []
        if amounts:
            facts = {"why": "refund", "count": len(amounts)}
            yield Problem("W16", amounts[0][0], lines.heads.texts[place], amounts[0][1], facts=facts)
    if figure is None and "figure" not in lines.texts:
        spans = places_of(pc.match_substring_regex(lines.text("month"), _BARE_SPAN), 1)
        if spans:
            facts = {"why": "span"}
            line = spans[0]
            yield Problem("W16", lines.numbers[line].as_py(), lines.heading("month", line), lines.text("month")[line].as_py(), facts=facts)


def _read_of(rows: pa.Table, numbers: Iterable[int]) -> list[int]:
    """Those of some row numbers that were read, each once."""
    asked = pa.array(sorted(set(numbers)), pa.int32())
    read = rows.column("row")
    return pc.unique(read.filter(pc.is_in(read, asked))).to_pylist() if len(asked) else []


def _amounts(body: Body, place: int) -> Iterator[tuple[int, str]]:
    """The cells of a column that hold an amount other than nothing, with their row numbers."""
    for number, text in zip(body.numbers.to_pylist(), body.texts[place].to_pylist(), strict=True):
        if text.strip() and (amount := cells.money(text, "元")) is not None and amount.yuan:
            yield number, text


def _other_unit(title: Title, lines: Lines, unit: str) -> Iterator[Problem]:
    """A row's own unit of money first, else that of the heading or the title."""
    found = list(_rows_unit(lines, unit, "money"))
    yield from found
    if not found and title.unit and title.unit != unit:
        yield Problem("W14", column=_heading(lines), value=title.unit, expected=unit, facts={"why": "money"})


def _rows_unit(lines: Lines, unit: str, why: str) -> Iterator[Problem]:
    """The first row whose own unit of money is another."""
    named = mapped(lines.text("money"), cells.money_unit, pa.string())
    for line in places_of(pc.fill_null(pc.not_equal(named, unit), False), 1):
        yield Problem("W14", lines.numbers[line].as_py(), lines.heading("money", line), named[line].as_py(), unit, {"why": why})


def _other_figure(lines: Lines, rows: pa.Table, figure: str) -> Iterator[Problem]:
    """The first row that was read as the other kind: by its own word, by its month, or by the heading of its amount."""
    others = places_of(pc.not_equal(rows.column("figure").combine_chunks(), figure), 1)
    if not others:
        return
    number = rows.column("row")[others[0]].as_py()
    line = pc.index(lines.numbers, number).as_py()
    month, own = lines.text("month")[line].as_py(), lines.text("figure")[line].as_py().strip()
    facts = {"why": figure}
    if own:
        yield Problem("W14", number, lines.heading("figure", line), own, facts=facts)
    elif cells.is_to_date(month) and lines.place("month", line) is not None:
        yield Problem("W14", number, lines.heading("month", line), month, facts=facts)
    else:
        heading = _heading(lines)
        yield Problem("W14", column=heading, value=heading if heading and kind_of(heading) else month, facts=facts)


def _heading(lines: Lines) -> str | None:
    """What stands above the amounts."""
    return lines.heads.span.get("amount") or lines.heads.named.get("amount")
