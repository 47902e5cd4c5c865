"""Valid months of disbursements, written in every dress that a sender may choose, and then spoilt."""

import csv
import io
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

import openpyxl
from hypothesis import strategies as st

CODES = ("13020225P00781710002T", "13020225P00783310001Y", "13020225P00780610003N", "X-7", "2025001")
SCALE = {"元": Decimal(1), "万元": Decimal(10_000), "千元": Decimal(1000)}
FULL_WIDTH = str.maketrans("0123456789.,-()", "０１２３４５６７８９．，－（）")
HEADINGS = {
    "code": ("项目编码", "项目代码", " 项 目 编 码 ", "预算项目编码", "项目编号", "Project Code", "项目\n编码"),
    "month": ("月份", "期间", "会计期间", "支付日期", "MONTH", "月 份："),
    "amount": ("支出金额", "支付金额", "执行数", "实际支出", "本月支出", "支付数", "Amount"),
    "name": ("项目名称", "预算项目名称"),
    "note": ("备注", "摘要"),
    "clerk": ("经办人",),
    "place": ("序号",),
}
TITLES = ("路南区支出明细表", "预算执行情况", "编制单位：人社局")
FOOTS = ("注：本表不含其他资金", "填报人：张三", "审核人：李四；电话：0315-1234567")
Line = tuple[str, int, Decimal]


@dataclass(frozen=True)
class Dress:
    """One file: its cells before they are written, and how they are written."""

    rows: tuple[tuple[object, ...], ...]
    header: int
    last: int
    amount: int
    encoding: str
    separator: str
    end: str
    quoted: bool
    final: bool
    declared: str | None

    def text(self) -> str:
        """The file as separated text."""
        out = io.StringIO()
        writer = csv.writer(
            out, delimiter=self.separator, lineterminator=self.end, quoting=csv.QUOTE_ALL if self.quoted else csv.QUOTE_MINIMAL
        )
        writer.writerows([str(cell) for cell in row] for row in self.rows)
        text = out.getvalue()
        return text if self.final else text.removesuffix(self.end)

    def csv(self) -> bytes:
        """The file as bytes of separated text."""
        return self.text().encode(self.encoding)

    def xlsx(self) -> bytes:
        """The file as a workbook; a text such as ="1" would become a formula in it."""
        book, content = openpyxl.Workbook(), io.BytesIO()
        for row in self.rows:
            book.active.append([cell[2:-1] if isinstance(cell, str) and cell.startswith("=") else cell for cell in row])
        book.save(content)
        return content.getvalue()

    def replaced(self, rows: list[list[object]]) -> "Dress":
        """The same dress around other cells."""
        return Dress(tuple(map(tuple, rows)), *[getattr(self, name) for name in list(self.__dataclass_fields__)[1:]])


some_cents = st.one_of(st.integers(-(10**6), 10**9), st.integers(-(10**12), 10**13), st.sampled_from([0, 1, -1, 100, 123456, 10**8]))
all_cents = st.one_of(some_cents, st.sampled_from([99_999_999_999_999, -99_999_999_999_999]))


def months_of(cents: st.SearchStrategy[int]) -> st.SearchStrategy[list[Line]]:
    """A few lines of codes, months and amounts."""
    return st.lists(
        st.tuples(st.sampled_from(CODES), st.integers(1, 12), cents.map(lambda number: Decimal(number).scaleb(-2))), min_size=1, max_size=12
    )


lines = months_of(all_cents)
# A spreadsheet keeps fifteen digits, of a total as well.
exact_lines = months_of(some_cents)


def multiset(found: list[Line]) -> Counter[Line]:
    """Lines without their order, each as often as it stands there."""
    return Counter(found)


@st.composite
def written_amount(draw: st.DrawFn, yuan: Decimal, unit: str, plain: bool = False) -> str:
    """One amount as a sender may write it in a column of some unit."""
    value = yuan / SCALE[unit]
    digits = f"{abs(value):f}"
    digits = digits.rstrip("0").rstrip(".") if "." in digits and draw(st.booleans()) else digits
    minus = "-" if value < 0 else ""
    if plain:
        return f"{minus}{digits}"
    whole, dot, part = digits.partition(".")
    grouped = f"{int(whole):,}{dot}{part}"
    wide_comma = grouped.replace(",", "，")
    digits = draw(st.sampled_from([digits, digits, grouped, wide_comma]))
    mark = draw(st.sampled_from(["", "", "¥", "￥"]))
    own = draw(st.sampled_from(["", "", unit]))
    if minus:
        form = draw(st.sampled_from(["-{mark}{digits}{own}", "({digits}{own})", "（{mark}{digits}）", "{digits}-", "−{digits}"]))
    else:
        form = draw(st.sampled_from(["{mark}{digits}{own}", "{digits}", " {digits} ", "+{digits}"]))
    text = form.format(mark=mark, digits=digits, own=own)
    return text.translate(FULL_WIDTH) if draw(st.integers(0, 4)) == 0 else text


def written_month(month: int) -> st.SearchStrategy[str]:
    """One month of 2025 as a sender may write it."""
    return st.sampled_from(
        [
            f"2025-{month:02d}",
            f"2025/{month}",
            f"2025{month:02d}",
            f"2025年{month}月",
            f"2025年{month:02d}月份",
            f"{month}月",
            f"{month}",
            f"2025-{month:02d}-15",
            f"2025{month:02d}15",
            f"2025/{month}/3 0:00:00",
            str(45658 + [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334][month - 1]),
            f"２０２５－{month:02d}".translate(FULL_WIDTH),
        ]
    )


def written_code(code: str) -> st.SearchStrategy[str]:
    """One code as a sender may write it."""
    return st.sampled_from([code, code, f" {code}", f"{code}\t", code.lower(), code.translate(FULL_WIDTH), f"'{code}", f'="{code}"'])


@st.composite
def dresses(draw: st.DrawFn, told: list[Line], control: str | None = None, plain: bool = False) -> Dress:
    """A file that says just these lines; `control` puts a totals row `top` or `bottom`, `plain` writes numbers plainly."""
    unit = draw(st.sampled_from(list(SCALE)))
    where = draw(st.sampled_from(["heading", "title", "declared"]))
    names = draw(st.permutations(["code", "month", "amount", *draw(st.sets(st.sampled_from(["name", "note", "clerk", "place"])))]))
    heads = {name: draw(st.sampled_from(HEADINGS[name])) for name in names}
    if where == "heading":
        heads["amount"] += draw(st.sampled_from(["（{}）", "({})", "（单位：{}）"])).format(unit)
    body = [[draw(_cell(name, line, unit, place, plain)) for name in names] for place, line in enumerate(told, start=1)]
    total = ["" for _ in names]
    total[names.index("code")] = draw(st.sampled_from(["合计", "合 计", "总计", "合计："]))
    total[names.index("amount")] = draw(written_amount(sum((amount for *_, amount in told), Decimal(0)), unit, plain))
    position = control or draw(st.sampled_from(["none", "top", "bottom"]))
    body = [total, *body] if position == "top" else [*body, total] if position == "bottom" else body
    blank = ["" for _ in names[1:]]
    # Python leaves a line feed without quotes where a carriage return ends the lines.
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    titles = [[title, *blank] for title in draw(st.lists(st.sampled_from(TITLES), max_size=2))]
    titles += [[f"{draw(st.sampled_from(['单位', '金额单位']))}：{unit}", *blank]] if where == "title" else []
    foots = [[foot, *blank] for foot in draw(st.lists(st.sampled_from(FOOTS), max_size=2))]
    return Dress(
        tuple(map(tuple, [*titles, [heads[name] for name in names], *body, *foots])),
        len(titles),
        len(titles) + len(body),
        names.index("amount"),
        draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"])),
        draw(st.sampled_from([",", ",", "\t", ";"])),
        end,
        end == "\r" or draw(st.booleans()),
        draw(st.booleans()),
        unit if where == "declared" else None,
    )


def _cell(name: str, line: Line, unit: str, place: int, plain: bool) -> st.SearchStrategy[str]:
    code, month, amount = line
    if name == "amount":
        return written_amount(amount, unit, plain)
    kinds = {
        "code": written_code(code),
        "month": written_month(month),
        "name": st.sampled_from(["会议费", "表彰，奖励", "a;b"]),
        "note": st.sampled_from(["", "差旅\n住宿", '又说"好"', "退款"]),
        "clerk": st.sampled_from(["", "王五"]),
        "place": st.just(str(place)),
    }
    return kinds[name]


def numbered(dress: Dress) -> Dress:
    """The same with its plain amounts as numbers, as a spreadsheet keeps them."""
    rows = [list(row) for row in dress.rows]
    for row in rows[dress.header + 1 : dress.last + 1]:
        row[dress.amount] = float(row[dress.amount])
    return dress.replaced(rows)


@st.composite
def spoilt(draw: st.DrawFn, dress: Dress) -> bytes:
    """The bytes of a dressed file after something went wrong with them."""
    rows = [list(row) for row in dress.rows]
    kind = draw(st.sampled_from(["flip", "flips", "sign", "line", "twice", "column", "swap", "cut", "cells"]))
    if kind in ("flip", "flips", "sign", "cut"):
        return draw(_spoilt_bytes(kind, dress.csv()))
    body = st.integers(dress.header, len(rows) - 1)
    if kind == "line":
        del rows[draw(body)]
    elif kind == "twice":
        place = draw(body)
        rows.insert(place, rows[place])
    elif kind == "column":
        place = draw(st.integers(0, len(rows[0]) - 1))
        rows = [row[:place] + row[place + 1 :] for row in rows]
    elif kind == "swap":
        one, other = draw(body), draw(body)
        left, right = draw(st.integers(0, len(rows[0]) - 1)), draw(st.integers(0, len(rows[0]) - 1))
        rows[one][left], rows[other][right] = rows[other][right], rows[one][left]
    else:
        rows[draw(body)][draw(st.integers(0, len(rows[0]) - 1))] = draw(st.sampled_from(["", "0", "x", "合计", "1,2", "-", "2025-01"]))
    return dress.replaced(rows).csv()


@st.composite
def _spoilt_bytes(draw: st.DrawFn, kind: str, content: bytes) -> bytes:
    spoilt_content = bytearray(content)
    if kind == "cut":
        return content[: draw(st.integers(0, len(content)))]
    for _ in range(1 if kind != "flips" else draw(st.integers(2, 6))):
        place = draw(st.integers(0, len(content) - 1))
        spoilt_content[place] = draw(st.sampled_from(list(b'0123456789,.-"\n\r\t; (x') if kind == "sign" else list(range(256))))
    return bytes(spoilt_content)
