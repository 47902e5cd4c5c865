"""Monthly disbursements become rows: project, month, amount, kind of figure."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from loaders import cells
from loaders.codes import destroyed
from loaders.columns import Column, Header, find_header, match
from loaders.problems import Problem, Reading
from loaders.tables import Table, Tables

COLUMNS = (
    Column("project_code", ("项目编码", "项目代码", "预算项目编码", "预算项目代码", "project code", "project_code"), needed=True),
    Column("month", ("月份", "期间", "会计期间", "支出月份", "支付月份", "month", "period"), needed=True),
    Column(
        "amount",
        ("支出金额", "支付金额", "执行数", "本月支出", "累计支出", "本月执行数", "累计执行数", "支出数", "累计支付金额", "amount"),
        needed=True,
    ),
    Column("fiscal_year", ("年度", "预算年度", "财政年度", "fiscal year", "year")),
    Column("unit_code", ("单位编码", "预算单位编码", "单位代码", "unit code", "unit_code")),
    Column("project_name", ("项目名称", "预算项目名称", "project name", "project_name")),
    Column("money", ("金额单位", "unit of money")),
    Column("figure", ("口径", "kind")),
    Column("fund", ("资金来源", "资金性质", "fund")),
    Column("voucher", ("凭证号", "凭证编号", "支付凭证号", "voucher")),
    Column("note", ("备注", "说明", "摘要", "note")),
)
TEMPLATE = ("年度", "月份", "单位编码", "项目编码", "项目名称", "支出金额", "金额单位", "口径", "资金来源", "凭证号", "备注")
FIGURES = {
    "当月": "month",
    "本月": "month",
    "单月": "month",
    "month": "month",
    "累计": "cumulative",
    "本年累计": "cumulative",
    "cumulative": "cumulative",
}
YEARS = range(2000, 2100)
TOTAL = re.compile(r"(合计|小计|总计|总额|本页合计|累计合计)")


def is_actuals(tables: Tables) -> bool:
    """Whether a header names two of code, month and amount, the month or the amount among them."""
    return _table(tables) is not None


def _table(tables: Tables) -> Table | None:
    for table in tables.tables:
        row = find_header(table.rows, COLUMNS)
        if row is not None and {"month", "amount"} & match(table.rows, COLUMNS, row).places.keys():
            return table
    return None


def read_actuals(tables: Tables, year: int | None, unit_of_money: str | None, figure: str | None) -> Reading:
    """The rows of a file of disbursements, read to its end, with everything that is amiss in it.

    `year`, `unit_of_money` and `figure` say what the file itself leaves out; each row keeps the
    sender's row number. Totals rows become control sums. A row with an unreadable cell is left
    out of the rows, so that one fault gives one finding.
    """
    table = _table(tables) or tables.tables[0]
    header = match(table.rows, COLUMNS, find_header(table.rows, COLUMNS) or 0, table.numbers)
    heads = [cell.strip() for cell in table.rows[header.row]]
    reading = Reading("actuals", problems=[*tables.problems, *header.problems], fiscal_year=year)
    if reading.fatal:
        return reading
    reading.headings = {name: heads[place] for name, place in header.places.items()}
    sums = _Sums()
    declared = _declared(heads, header, table, unit_of_money, figure)
    reading.unit_of_money = declared["money"]
    for number, row in zip(table.numbers[header.row + 1 :], table.rows[header.row + 1 :], strict=True):
        if len(row) != len(heads) and any(cell.strip() for cell in row[len(heads) :]):
            reading.problems.append(Problem("F04", row=number, facts={"why": "ragged", "cells": len(row), "headings": len(heads)}))
            continue
        if len(row) < len(heads) and tables.form == "csv":
            reading.problems.append(Problem("F04", row=number, facts={"why": "ragged", "cells": len(row), "headings": len(heads)}))
            continue
        texts = {name: row[place] if place < len(row) else "" for name, place in header.places.items()}
        others = [cell.strip() for place, cell in enumerate(row) if place not in header.places.values()]
        _read_row(_Line(number, texts, reading.headings, others), declared, reading, sums)
    if not reading.rows and not reading.fatal:
        reading.problems.append(Problem("F01"))
    if not reading.fatal:
        reading.problems += sums.problems
    years = {row["fiscal_year"] for row in reading.rows}
    reading.fiscal_year = next(iter(years)) if len(years) == 1 else year
    return reading


class _Line:
    """One row of the sender's file: its number, its texts and headings by column name."""

    def __init__(self, number: int, texts: dict[str, str], heads: dict[str, str], others: list[str]) -> None:
        self.number, self.texts, self.heads, self.others = number, texts, heads, others

    def text(self, name: str) -> str:
        """The cell of a column in plain form; empty where the file has no such column."""
        return cells.plain(self.texts.get(name, ""))

    def problem(self, code: str, name: str, **facts: Any) -> Problem:
        """A finding at this row and column, worded with the sender's own heading and value."""
        return Problem(code, row=self.number, column=self.heads.get(name, name), value=self.texts.get(name, "").strip()[:60], facts=facts)


class _Sums:
    """Running sums of a file, to compare with the totals rows that the sender wrote."""

    def __init__(self) -> None:
        self.whole = self.part = Decimal(0)
        self.problems: list[Problem] = []

    def add(self, amount: Decimal) -> None:
        """Count one row's amount in yuan."""
        self.whole += amount
        self.part += amount

    def compare(self, line: _Line, stated: Decimal | None) -> None:
        """Keep a finding where a totals row is neither the sum so far nor the sum since the last one."""
        if stated is None:
            self.problems.append(line.problem("W09", "amount", sum=f"{self.whole}", difference=""))
        elif stated not in (self.whole, self.part):
            self.problems.append(line.problem("W09", "amount", sum=f"{self.whole}", difference=f"{stated - self.whole}"))
        self.part = Decimal(0)


def _declared(heads: list[str], header: Header, table: Table, unit_of_money: str | None, figure: str | None) -> dict[str, str]:
    """Unit of money and kind of figure: as the header says, else as declared, else yuan by month."""
    head = heads[header.places["amount"]]
    above = "".join("".join(row) for row in table.rows[: header.row])
    unit = cells.money_unit(head) or (cells.money_unit(above) if "单位" in above else None)
    kind = "cumulative" if "累计" in head else None
    return {"money": unit or unit_of_money or "元", "figure": kind or figure or "month"}


def _read_row(line: _Line, declared: dict[str, str], reading: Reading, sums: _Sums) -> None:
    """Add a row, compare a totals row, or add the findings that keep the row out."""
    unit = cells.money_unit(line.text("money")) or declared["money"]
    if _is_total(line):
        stated = cells.money(line.texts["amount"], unit)
        sums.compare(line, stated.yuan if stated else None)
        return
    before = len(reading.problems)
    code = _code(line, reading)
    month = _month(line, reading)
    amount = _amount(line, unit, reading)
    figure = FIGURES.get(line.text("figure")) or (None if line.text("figure") else declared["figure"])
    if figure is None:
        reading.problems.append(line.problem("R08", "figure"))
    if amount is None or any(problem.level == "fatal" for problem in reading.problems[before:]):
        return
    sums.add(amount)
    reading.rows.append(
        {
            "row": line.number,
            "fiscal_year": month.year,
            "month": month.month,
            "unit_code": cells.code(line.text("unit_code")) or None,
            "project_code": code,
            "project_name": line.texts.get("project_name", "").strip() or None,
            "amount": amount,
            "figure": figure,
            "fund": line.text("fund") or None,
            "voucher": line.text("voucher") or None,
            "note": line.text("note") or None,
            "others": "\t".join(line.others),
        }
    )


def _is_total(line: _Line) -> bool:
    """Whether the row is a sum of others: it says so and names no project."""
    code = cells.code(line.texts["project_code"])
    named = code and not TOTAL.fullmatch(cells.label(code))
    texts = [text for name, text in line.texts.items() if name not in ("amount", "note")]
    return not named and any(TOTAL.fullmatch(cells.label(text)) for text in [*texts, *line.others])


def _code(line: _Line, reading: Reading) -> str:
    written = line.texts["project_code"]
    code = cells.code(written)
    if not code:
        reading.problems.append(line.problem("R09", "project_code"))
    elif destroyed(code):
        reading.problems.append(line.problem("R07", "project_code"))
    elif code != written:
        reading.problems.append(
            Problem("M02", row=line.number, column=line.heads["project_code"], value=written[:60], expected=code, facts={"why": "repaired"})
        )
    return code


def _month(line: _Line, reading: Reading) -> cells.Month:
    found = cells.month(line.texts["month"])
    own = re.match(r"20\d\d", line.text("fiscal_year"))
    if found is None:
        reading.problems.append(line.problem("R05", "month", why="unreadable"))
        return cells.Month(None, 0)
    if found.year and own and found.year != int(own[0]):
        reading.problems.append(replace(line.problem("R05", "month", why="other_year"), expected=own[0]))
    year = found.year or (int(own[0]) if own else None) or reading.fiscal_year
    if year is None:
        reading.problems.append(line.problem("R05", "month", why="year"))
    elif year not in YEARS:
        reading.problems.append(line.problem("R05", "month", why="unreadable"))
    return cells.Month(year, found.month)


def _amount(line: _Line, unit: str, reading: Reading) -> Decimal | None:
    written = line.texts["amount"]
    found = cells.money(written, unit)
    if found is None or found.yuan != found.yuan.quantize(Decimal("0.01")):
        why = "blank" if not cells.plain(written) else "text" if found is None else "decimals"
        reading.problems.append(line.problem("R03", "amount", why=why))
        return None
    if found.repaired:
        reading.problems.append(
            Problem(
                "M02",
                row=line.number,
                column=line.heads["amount"],
                value=written.strip()[:60],
                expected=f"{found.yuan}",
                facts={"why": "repaired"},
            )
        )
    return found.yuan.quantize(Decimal("0.01"))
