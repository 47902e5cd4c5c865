"""Monthly disbursements become rows: project, month, amount, kind of figure; read column by column, not row by row."""

import re
from collections import Counter
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from loaders import cells, spending, titles, totals
from loaders.amounts import YUAN, read_amounts
from loaders.arrays import Body, some
from loaders.codes import damage
from loaders.declared import contradicted, disguised, elsewhere, two_ways
from loaders.findings import Findings
from loaders.headings import COLUMNS, Heads, find
from loaders.lines import Lines, below, lines_of
from loaders.problems import Problem, Reading, curbed
from loaders.shapes import Table, Tables, Told
from loaders.spending import Basis

__all__ = ["COLUMNS", "ROWS", "TEMPLATE", "TOTAL", "is_actuals", "read_actuals", "sheets_of"]

TEMPLATE = ("年度", "月份", "单位编码", "项目编码", "项目名称", "支出金额", "金额单位", "口径", "资金来源", "凭证号", "备注")
TOTAL = re.compile(r"(合计|小计|总计|总额|本页合计|累计合计)")
_WHOLE, _TEXT = pa.int32(), pa.string()
ROWS = pa.schema(
    {
        "row": _WHOLE,
        "fiscal_year": _WHOLE,
        "month": _WHOLE,
        "unit_code": _TEXT,
        "project_code": _TEXT,
        "project_name": _TEXT,
        "amount": YUAN,
        "figure": _TEXT,
        "fund": _TEXT,
        "voucher": _TEXT,
        "note": _TEXT,
        "others": _TEXT,
    }
)

MOST_UNREAD = 10_000
WHOLE = 100
NO_ROWS = ROWS.empty_table()


def sheets_of(tables: Tables) -> list[str]:
    """The names of the tables that have a header of disbursements."""
    return [table.name for table in tables.tables if find(table) is not None]


def is_actuals(tables: Tables) -> bool:
    """Whether a header names two of code, month and amount, the month or the amount among them, or heads months."""
    return bool(sheets_of(tables))


def reports_beside_budget(tables: Tables) -> bool:
    """Whether a table that also shows budgets reports spending: its title names the month, or its months hold no shares of a plan."""
    found = ((table, heads) for table in tables.tables if (heads := find(table)) is not None)
    return any(_spends(table, heads) if heads.months else titles.read(table, heads).month is not None for table, heads in found)


def _spends(table: Table, heads: Heads) -> bool:
    """Whether the months of a table's first rows are amounts: a plan's shares rise to the whole."""
    for row in table.head[heads.row + 1 :]:
        filled = [row[place] for place in heads.months if place < len(row) and row[place].strip()]
        shares = [cells.percent(text) for text in filled]
        known = [share for share in shares if share is not None]
        if filled and not (len(known) == len(filled) and known == sorted(known) and known[-1] in (1, WHOLE)):
            return True
    return False


def read_actuals(tables: Tables, year: int | None, unit_of_money: str | None, figure: str | None, told: Told = lambda *_: None) -> Reading:
    """The rows of a file of disbursements, read to its end, with everything that is amiss in it.

    `year`, `unit_of_money` and `figure` say what the file itself leaves out; where it says otherwise, that is asked. Each row keeps the
    sender's row number. Totals rows become control sums. A row with an unreadable cell is left
    out of the rows, so that one fault gives one finding.
    """
    table, heads = next((table, heads) for table in tables.tables if (heads := find(table, figure)) is not None)
    title = titles.read(table, heads)
    said = {"money": title.unit or unit_of_money, "figure": title.figure or figure}
    assumed = frozenset(name for name, word in said.items() if word is None)
    basis = Basis(year, said["money"] or "元", said["figure"] or "month", title.figure, assumed)
    reading = Reading("actuals", [*tables.problems, *title.problems], year, basis.unit, headings=heads.named | heads.span, table=NO_ROWS)
    if reading.fatal:
        return reading
    under = below(table, heads, tables.form)
    reading.problems += elsewhere(table, heads, under.problems, basis.unit)
    told("reading.cells", 0.4)
    lines, control = totals.apart(lines_of(under.body, heads, title.month))
    findings = Findings(lines)
    findings.take(under.problems, under.beyond)
    reading.table, summed = _rows(lines, basis, findings, table, reading)
    told("reading.findings", 0.9)
    reading.problems += contradicted(title, lines, reading.table, (unit_of_money, figure))
    reading.problems += [*disguised(table, lines, reading.table), *two_ways(table, under.body, lines, reading.table, said["figure"])]
    reading.problems += findings.told()
    if not reading.table.num_rows and not reading.fatal:
        reading.problems.append(Problem("F01"))
    if summed is not None and summed[0].num_rows:
        sums = sorted(_sums(*summed, control, under.body, basis), key=lambda problem: problem.row or 0)
        reading.problems += curbed(sums, Counter(problem.code for problem in sums))
    years = pc.unique(reading.table.column("fiscal_year")).to_pylist()
    reading.fiscal_year = years[0] if len(years) == 1 else year
    return reading


Summed = tuple[pa.Table, pa.Array | None] | None


def _rows(lines: Lines, basis: Basis, findings: Findings, table: Table, reading: Reading) -> tuple[pa.Table, Summed]:
    """The lines that can be read as rows, and what the sender's own sums are to be compared with.

    A line with a fault in it still counts in a sum, as its amount was counted by the sender; while an
    amount cannot be read (None), no sum can be compared.
    """
    code = spending.codes(lines, findings)
    months = spending.months(lines, basis, findings)
    amounts = read_amounts(lines, spending.units(lines, basis, findings), basis.unit, table.shown)
    for kind in ("blank", "text", "error", "decimals"):
        findings.add("R03", "amount", amounts.are(kind), kind)
    for kind in ("repaired", "shown"):
        findings.add("M02", "amount", amounts.are(kind), kind, amounts.yuan)
    figure = spending.figures(lines, months.to_date, basis, findings)
    columns = {
        "row": lines.numbers,
        "fiscal_year": months.year,
        "month": months.month,
        "unit_code": spending.unit_codes(lines),
        "project_code": code,
        "project_name": spending.names(lines, "project_name"),
        "amount": amounts.yuan,
        "figure": figure,
        **{name: spending.words(lines, name) for name in ("fund", "voucher", "note")},
        "others": spending.details(lines),
    }
    rows = pa.table(columns, schema=ROWS)
    summed = None if some(pc.is_null(amounts.yuan)) else (rows, lines.column)
    if not some(findings.faulty):
        return rows, summed
    reading.unread = _unread(rows.filter(findings.faulty))
    return rows.filter(pc.invert(findings.faulty)), summed


def _unread(rows: pa.Table) -> list[dict[str, str | None]]:
    """Code and name of the projects of rows that are left out; a code that was destroyed is none."""
    named = rows.select(["project_code", "project_name"]).slice(0, MOST_UNREAD).to_pylist()
    return [{**row, "project_code": None if damage(row["project_code"]) else row["project_code"] or None} for row in named]


def _sums(rows: pa.Table, places: pa.Array | None, control: Lines, body: Body, basis: Basis) -> Iterator[Problem]:
    """The findings of all sums that the sender wrote: totals rows, and sums beside the months of a row."""
    own = control.texts["money"].to_pylist() if "money" in control.texts else []
    yield from totals.compared(control, rows, places, lambda line: (own and cells.money_unit(own[line])) or basis.unit)
    for place in control.heads.sums:
        beside = Lines(body.numbers, {"amount": body.texts[place]}, body.texts[place], control.heads, pa.repeat(place, len(body.numbers)))
        yield from totals.across(beside, read_amounts(beside, None, basis.unit, lambda _: {}).yuan, rows)
