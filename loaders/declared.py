"""What a file of disbursements says of itself, held against what was declared beside it and what else it says around its table."""

from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from loaders import cells
from loaders.arrays import mapped, places_of
from loaders.headings import Heads, kind_of
from loaders.lines import Lines
from loaders.problems import Problem
from loaders.shapes import Table
from loaders.titles import Title, units_of


def contradicted(title: Title, lines: Lines, rows: pa.Table, declared: tuple[str | None, str | None]) -> Iterator[Problem]:
    """W14 where the file names another unit of money, or another kind of figure, than `declared`; the file's word counts.

    Each finding stands at the first place that says it.
    """
    unit, figure = declared
    if unit:
        yield from _other_unit(title, lines, unit)
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
    numbers = pa.array(sorted({row + 1 for row, _ in table.disguised(columns)}), pa.int32())
    if not len(numbers):
        return
    read = rows.column("row")
    found = pc.unique(read.filter(pc.is_in(read, numbers)))
    if len(found):
        yield Problem("W15", found[0].as_py(), _heading(lines), facts={"count": len(found)})


def _other_unit(title: Title, lines: Lines, unit: str) -> Iterator[Problem]:
    """A row's own unit of money first, else that of the heading or the title."""
    facts = {"why": "money"}
    named = mapped(lines.text("money"), cells.money_unit, pa.string())
    others = places_of(pc.fill_null(pc.not_equal(named, unit), False), 1)
    if others:
        line = others[0]
        yield Problem("W14", lines.numbers[line].as_py(), lines.heading("money", line), named[line].as_py(), unit, facts)
    elif title.unit and title.unit != unit:
        yield Problem("W14", column=_heading(lines), value=title.unit, expected=unit, facts=facts)


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
