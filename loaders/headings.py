"""Which heading of a file of disbursements is which column: one row a month, or a column a month."""

import re
from typing import NamedTuple

from loaders import cells
from loaders.columns import HEADER_WITHIN, Column, match, named_in, score
from loaders.problems import Problem
from loaders.shapes import Table

COLUMNS = (
    Column(
        "project_code",
        ("项目编码", "项目代码", "预算项目编码", "预算项目代码", "项目编号", "预算项目编号", "project code", "project_code"),
        needed=True,
    ),
    Column(
        "month",
        ("月份", "期间", "会计期间", "支出月份", "支付月份", "月度", "支出期间", "所属月份", "所属期间", "统计月份", "month", "period"),
        needed=True,
        also=("支付日期", "凭证日期", "记账日期", "支出日期", "入账日期", "业务日期", "交易日期", "截至月份", "截止月份", "日期", "date"),
    ),
    Column(
        "amount",
        (
            *("支出金额", "支付金额", "执行数", "本月支出", "累计支出", "本月执行数", "累计执行数", "支出数", "累计支付金额", "支付数"),
            *("实际支出", "实际支出数", "实际支出金额", "实际支付", "实际支付数", "实际支付金额", "预算执行数", "执行金额", "支付额"),
            *("本月支付", "本月支付数", "本月支出数", "本月支出金额", "本月支付金额", "本月实际支出", "本期支出", "本期支付", "本期支出数"),
            *("当月支出", "当月支付", "当月支出数", "当月支付数", "当月执行数", "当月支出金额", "当月支付金额"),
            *("累计支付", "累计支付数", "累计支出数", "累计支出金额", "累计执行", "累计执行金额", "累计实际支出", "本年累计支出"),
            *("本年累计支付", "本年累计执行数", "本年累计支出数", "本年累计支付金额", "amount"),
        ),
        needed=True,
        also=("金额", "发生额", "支付金额合计", "支出合计"),
    ),
    Column("fiscal_year", ("年度", "预算年度", "财政年度", "会计年度", "年份", "fiscal year", "year")),
    Column(
        "unit_code",
        ("单位编码", "预算单位编码", "单位代码", "预算单位代码", "单位编号", "预算单位编号", "unit code", "unit_code"),
    ),
    Column("project_name", ("项目名称", "预算项目名称", "project name", "project_name"), also=("项目",)),
    Column("money", ("金额单位", "unit of money"), also=("计量单位", "货币单位")),
    Column("figure", ("口径", "kind"), also=("数据口径", "支出口径")),
    Column("fund", ("资金来源", "资金性质", "fund"), also=("资金类型",)),
    Column(
        "voucher",
        ("凭证号", "凭证编号", "支付凭证号", "voucher"),
        also=("凭证字号", "支付凭证编号", "支付令号", "支付申请号", "单据号", "单据编号", "流水号"),
    ),
    Column("note", ("备注", "note"), also=("说明", "摘要", "用途", "事由")),
)
BY_MONTH = tuple(column._replace(needed=False) if column.name in ("month", "amount") else column for column in COLUMNS)
_FIRST = tuple(column._replace(also=()) for column in COLUMNS)
_ROW_SUM = re.compile(r"(全年|本年|年度)?(合计|总计|小计|累计)(数|金额)?|total")
_TWO_COLUMNS = 2
MOST_RUNNING = 100
RUNNING = {"序号", "行次", "行号", "顺序号", "no", "no.", "#", "seq"}
# What a report of ours appends to each row of a file; a report may come back mended.
APPENDED = (("级别", "规则", "问题", "怎么改"), ("level", "rule", "problem", "remedy"))
_CUMULATIVE, _MONTHLY = re.compile("累计|截至|cumulative|ytd", re.IGNORECASE), re.compile("本月|当月|单月|本期|monthly", re.IGNORECASE)


class Heads(NamedTuple):
    """The header of a file of disbursements: its row among the table's first, the place of each column, its problems.

    `months` are the places that hold a month's amounts each; `sums` those that add them up.
    """

    row: int
    texts: list[str]
    places: dict[str, int]
    months: dict[int, cells.MonthHeading]
    sums: list[int]
    problems: list[Problem]

    @property
    def named(self) -> dict[str, str]:
        """The sender's own heading of each column."""
        return {name: self.texts[place] for name, place in self.places.items()}

    @property
    def span(self) -> dict[str, str]:
        """What to call month and amount in a table with a column a month."""
        if not self.months:
            return {}
        first, *_, last = [*self.months, *self.months]
        return dict.fromkeys(("month", "amount"), self.texts[first] if first == last else f"{self.texts[first]}…{self.texts[last]}")

    @property
    def running(self) -> list[int]:
        """Which of `others` are running numbers: another on every row, they tell no rows apart."""
        return [nth for nth, place in enumerate(self.others[:MOST_RUNNING]) if cells.label(self.texts[place]) in RUNNING]

    @property
    def others(self) -> list[int]:
        """The places of the sender's own columns; what a report appended is not the sender's and tells no rows apart."""
        taken = {*self.places.values(), *self.months, *self.sums}
        return [place for place in range(len(self.texts) - _appended(self.texts)) if place not in taken]


def _appended(texts: list[str]) -> int:
    """How many columns at the end are those of a report; a finding of the header itself stands under its headings."""
    size = len(APPENDED[0])
    last = tuple(text.strip().partition("\n")[0].lower() for text in texts[-size:])
    return size if last in APPENDED else 0


def _months(row: list[str]) -> dict[int, cells.MonthHeading]:
    """The places of a row that head a month's amounts, where it also heads codes and leaves the month to them."""
    names = named_in(row, COLUMNS)
    if "project_code" not in names or "month" in names:
        return {}
    return {place: found for place, cell in enumerate(row) if (found := cells.month_heading(cell))}


def find(table: Table, figure: str | None = None) -> Heads | None:
    """The header of a table of disbursements, or None; of two amounts the one that fits the declared kind of figure counts."""
    rows = table.head[:HEADER_WITHIN]
    scores = [score(row, COLUMNS) + _TWO_COLUMNS * bool(_months(row)) for row in rows]
    best = max(scores, default=0)
    if best < _TWO_COLUMNS:
        return None
    place = scores.index(best)
    months = _months(rows[place])
    if not months and not _reports(rows[place]):
        return None
    header = match([_fitting(row, figure) for row in rows], BY_MONTH if months else COLUMNS, place, table.head_numbers)
    texts = [cell.strip() for cell in rows[place]]
    sums = [column for column, text in enumerate(texts) if _is_sum(text, months)]
    places = {name: column for name, column in header.places.items() if not months or name != "amount"}
    return Heads(place, texts, places, months, sums, [*header.problems, *_twice(months, texts, table.head_numbers[place])])


def _reports(row: list[str]) -> bool:
    """Whether a header is one of disbursements: it names the month or the amount; by a lesser heading only beside the code."""
    told = {"month", "amount"}
    return bool(told & named_in(row, _FIRST) or ("project_code" in named_in(row, COLUMNS) and told & named_in(row, COLUMNS)))


def _is_sum(text: str, months: dict[int, cells.MonthHeading]) -> bool:
    """Whether a heading beside several months stands above their sum; 累计 does so where they start in January."""
    if len(months) < _TWO_COLUMNS or not (_ROW_SUM.fullmatch(cells.label(text)) or named_in([text], COLUMNS) == {"amount"}):
        return False
    return kind_of(text) != "cumulative" or [month.month for month in months.values()] == list(range(1, len(months) + 1))


def _fitting(row: list[str], figure: str | None) -> list[str]:
    """A header without the amount of the other kind, where it has a month's and a cumulative one and the kind is declared."""
    kinds = {cell: kind_of(cell) for cell in row if named_in([cell], COLUMNS) == {"amount"}}
    if figure is None or set(kinds.values()) != {"month", "cumulative"}:
        return row
    return ["" if kinds.get(cell, figure) != figure else cell for cell in row]


def _twice(months: dict[int, cells.MonthHeading], texts: list[str], number: int) -> list[Problem]:
    """A finding for each month that has two columns."""
    first: dict[cells.MonthHeading, int] = {}
    found = []
    for place, month in months.items():
        if first.setdefault(month, place) != place:
            facts = {"why": "twice", "near": texts[place]}
            found.append(Problem("F03", row=number, column=texts[first[month]], value=texts[place], facts=facts))
    return found


def kind_of(text: str) -> str | None:
    """The kind of figure that a heading or title speaks of: `month`, `cumulative`, or None for neither or both."""
    cumulative, monthly = _CUMULATIVE.search(text), _MONTHLY.search(text)
    if bool(cumulative) == bool(monthly):
        return None
    return "cumulative" if cumulative else "month"
