"""One cell of text becomes one value: money, month, share, code, target."""

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

YUAN = {"元": Decimal(1), "千元": Decimal(1000), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
_NUMBER = re.compile(r"[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?")
_MONEY_UNIT = re.compile(r"(亿元|万元|千元|元)$")
_TARGET = re.compile(r"(>=|<=|[≥≤><=])?\s*((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)(.*)", re.DOTALL)
_SAME_SIGN = {">=": "≥", "<=": "≤", None: "="}
_SERIAL = re.compile(r"[34][0-9]{4}(\.0+)?")
_MONTHS = (
    re.compile(r"(?P<year>[0-9]{4})[-/.年](?P<month>[0-9]{1,2})(月(份|底|末)?)?"),
    re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})"),
    re.compile(r"(?P<year>[0-9]{4})[-/.年](?P<month>[0-9]{1,2})[-/.月][0-9]{1,2}日?([T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)?"),
    re.compile(r"((?P<year>[0-9]{4})年)?0?1[-~—至到]+(?P<month>[0-9]{1,2})月?(份|底|末)?"),
    re.compile(r"(?P<month>[0-9]{1,2})(月(份|底|末)?)?"),
)
LAST_MONTH = 12
LONGEST_HEADING = 60
MOST_YUAN = Decimal(10) ** 12


class Money(NamedTuple):
    """An amount in yuan and whether the cell had to be repaired to read it."""

    yuan: Decimal
    repaired: bool


class Month(NamedTuple):
    """A month, with its year where the cell named one."""

    year: int | None
    month: int


def plain(text: str) -> str:
    """The text in half-width forms without invisible characters and outer blanks."""
    return unicodedata.normalize("NFKC", text.translate(INVISIBLE)).strip()


def label(text: str) -> str:
    """A heading reduced to what it names: no blanks, brackets, colons, case or unit."""
    bare = re.sub(r"\s", "", plain(text)).lower()
    bare = re.sub(r"[(\[][^)\]]*(元|%)[^)\]]*[)\]]", "", bare)
    bare = re.sub(r"^20[0-9]{2}年度?(?=.)", "", bare)
    return re.sub(r"[:*_\-—()\[\]【】\"']", "", bare)


_HELD = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]")
_NUMBERED = re.compile(r"(?:[一二三四五六七八九十]{1,3}[、.]|[0-9]{1,2}[、.](?![0-9])|[*★▲]+)")


def term(text: str) -> str:
    """A label of a form reduced to its words: no blanks, brackets with what they hold, numbering, year or marks."""
    bare = _HELD.sub("", re.sub(r"\s", "", plain(text)).lower())
    bare = re.sub(r"^20[0-9]{2}年度?(?=[^度])", "", _NUMBERED.sub("", bare, count=1) if _NUMBERED.match(bare) else bare)
    return re.sub(r"[:;,。、*_\-—~·\"'“”|]", "", bare)


def money_unit(text: str) -> str | None:
    """The unit of money that a heading or a remark names: 元, 千元, 万元, 亿元 or None."""
    match = re.search(r"(亿元|万元|千元|元)", plain(text))
    return match[1] if match else None


def money(text: str, unit: str) -> Money | None:
    """The amount in yuan that a cell says, or None where it is not a finite amount.

    A unit written in the cell wins over `unit`. Brackets mean negative; a blank, a dash and
    无 are no amount. The value is exact: it may have more than two decimals of a yuan.
    """
    bare = re.sub(r"[\s¥￥]", "", plain(text)).replace("，", ",").replace("−", "-")
    negative = bool(re.fullmatch(r"\(.*\)", bare))
    bare = bare.strip("()") if negative else bare
    own = _MONEY_UNIT.search(bare)
    digits = bare[: own.start()] if own else bare
    if not _NUMBER.fullmatch(digits) or (negative and digits[0] in "+-"):
        return None
    written = Decimal(digits.replace(",", ""))
    amount = written * YUAN[own[1] if own else unit]
    if abs(amount) >= MOST_YUAN:
        return None
    same = bool(re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text.strip(" "))) and written == Decimal(text.strip(" "))
    return Money(-amount if negative else amount, repaired=not same)


def month(text: str) -> Month | None:
    """The month that a cell says; 1-3月 and 1~3月 are the third, a day or a spreadsheet date its month."""
    bare = re.sub(r"\s+", " ", plain(text)).strip()
    if _SERIAL.fullmatch(bare):
        day = date(1899, 12, 30) + timedelta(days=int(float(bare)))
        return Month(day.year, day.month)
    for form in _MONTHS:
        found = form.fullmatch(bare) or form.fullmatch(bare.replace(" ", ""))
        if found and 1 <= int(found["month"]) <= LAST_MONTH:
            year = found.groupdict().get("year")
            return Month(int(year) if year else None, int(found["month"]))
    return None


_CHECKPOINT = re.compile(
    r"(?:截至|截止|到)?(?P<year>20[0-9]{2}年)?(?:[0-9]{1,2}[-~—至到])?(?P<month>[0-9]{1,2})月(?:份|[0-9]{1,2}日)?(?P<end>[底末前]*)"
)
_QUARTER = re.compile(r"(?:截至|截止|到)?(?:20[0-9]{2}年)?(?:(?P<ahead>前)|第)?(?P<quarter>[1-4])季度?(?:底|末)?(?:前)?")
_SPANS = {"上半年": 6, "半年": 6, "下半年": 12, "年中": 6, "全年": 12, "年底": 12, "年末": 12, "年终": 12}
_CHINESE = {"十二": "12", "十一": "11", "十": "10", **dict(zip("一二三四五六七八九", "123456789", strict=True))}


def checkpoint_month(text: str) -> int | None:
    """The month of a checkpoint heading such as 3月底, 三月末, 第一季度末 or 上半年; None for any other."""
    if len(text) > LONGEST_HEADING:
        return None
    bare = re.sub(r"\s", "", plain(text))
    bare = re.sub(r"[(\[][^)\]]*[)\]]$", "", bare)
    kind = re.search(r"(?:累计|计划|支出|支付|用款|进度|比例|金额)*%?$", bare)
    if kind and "金额" in kind[0] and "计划" not in kind[0]:
        return None  # the heading of what was paid
    bare = bare[: kind.start()] if kind else bare
    for sign, digits in _CHINESE.items():
        bare = re.sub(f"{sign}(?=月|季)", digits, bare)
    if bare in _SPANS or bare.rstrip("底末") in _SPANS:
        return _SPANS.get(bare) or _SPANS[bare.rstrip("底末")]
    if found := _QUARTER.fullmatch(bare):
        return int(found["quarter"]) * 3
    found = _CHECKPOINT.fullmatch(bare)
    if not found or found["year"] and not found["end"]:
        return None  # a month with its year is when something was paid
    return int(found["month"]) if 1 <= int(found["month"]) <= LAST_MONTH else None


def percent(text: str) -> Decimal | None:
    """The number before the percent sign, sign or not; None where there is no plain number."""
    bare = re.sub(r"[\s%]", "", plain(text).replace("百分比", "%"))
    return Decimal(bare) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", bare) else None


def code(text: str) -> str:
    """A code as the plan writes it: half-width, upper case, without blanks."""
    return re.sub(r"\s", "", plain(text)).upper()


class Target(NamedTuple):
    """An indicator's target taken apart; all None where the text is not a number."""

    comparator: str | None
    value: Decimal | None
    unit: str | None


def target(text: str) -> Target:
    """The comparator, number and unit of a target such as ≥26万元; three Nones for 长期.

    A bare number means equals; 百分比 and ％ are the unit %.
    """
    found = _TARGET.fullmatch(plain(text).strip("。;, "))
    if not found:
        return Target(None, None, None)
    unit = found[3].strip()
    unit = "%" if unit in ("%", "百分比") else unit
    return Target(_SAME_SIGN.get(found[1], found[1]), Decimal(found[2].replace(",", "")), unit or None)
