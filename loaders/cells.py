"""One cell of text becomes one value: money, month, share, code, target."""

import re
import unicodedata
from datetime import date, timedelta
from decimal import Context, Decimal
from functools import lru_cache
from typing import NamedTuple

YUAN = {"元": Decimal(1), "千元": Decimal(1000), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
_UNSEEN = re.compile(f"[{''.join(map(chr, INVISIBLE))}]")
NO_AMOUNT = {"", "-", "--", "---", "—", "——", "–", "/", "无", "空", "n/a", "null", "none"}
# Only the full-width twins of ASCII are taken for it: a superscript or a circled digit is none.
_HALF = INVISIBLE | {sign: sign - 0xFEE0 for sign in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x2212: "-", 0xFE63: "-", 0x2013: "-"}
_MONEY = _HALF | dict.fromkeys(map(ord, " \t\r\n\f\v\u00a0\u2002\u2003\u2009\u202f\u3000¥￥"))
_PLAIN = re.compile(r" *-?[0-9]+(\.[0-9]+)? *")
_AMOUNT = re.compile(r"(\()?([+-])?([1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]+)?(亿元|万元|千元|元)?(\))?(亿元|万元|千元|元)?(-)?")
# Blanks part thousands; elsewhere between digits they part two numbers.
_GROUPED, _PARTED = re.compile(r"(?<![0-9])[1-9][0-9]{0,2}(?:\s[0-9]{3})+(?![0-9])"), re.compile(r"[0-9]\s+[0-9]")
_EXPORTED = re.compile(r"""=(["'])(?P<formula>.*)\1|'(?P<marked>.*?)'?""", re.DOTALL)
_ERROR = re.compile(r"#[A-Z0-9/_]+[!?]?|Err:[0-9]+", re.IGNORECASE)
_UNIT = re.compile(r"(?:^|(?<=[\s(\[:,;、/|额数出付位币为]))(亿元|万元|千元|元)(?=$|[\s)\]:,;、/|]|人民币|整)")
_STRANGE = re.compile(r"[(\[:/](?:金额)?(?:单位)?:?([^()\[\]:/]*元)(?![一-鿿])|([一-鿿]{2}元)$")
_FANCY = re.compile("[²³¹⁰-₟①-⓿❶-➓㉑-㊿\U0001d7ce-\U0001d7ff\U0001f100-\U0001f10c]")
_TARGET = re.compile(r"(>=|<=|[≥≤><=])?\s*((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)(.*)", re.DOTALL)
_SAME_SIGN = {">=": "≥", "<=": "≤", None: "="}
_SERIAL = re.compile(r"[34][0-9]{4}(\.[0-9]+)?")
_CLOCK = r"([T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?)?"
_MONTHS = (
    re.compile(r"(?P<year>[0-9]{4})[-/.年](?P<month>[0-9]{1,2})(月(份|底|末)?)?"),
    re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(\.0+)?"),
    re.compile(r"(?P<year>20[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"),
    re.compile(rf"(?P<year>[0-9]{{4}})[-/.年](?P<month>[0-9]{{1,2}})[-/.月](?P<day>[0-9]{{1,2}})日?{_CLOCK}"),
    re.compile(r"(?P<month>[0-9]{1,2})(\.0+|月(份|底|末)?)?"),
)
_TO = "[-~〜—–至到]+"
_END = "月?(?:份|底|末)?(?:累计)?"
_SPANS = (
    re.compile(rf"(?:(?P<year>[0-9]{{4}})[年.]度?)?0?1(?:月份?)?{_TO}(?P<month>[0-9]{{1,2}}){_END}"),
    re.compile(rf"(?P<year>[0-9]{{4}})[-/.]0?1月?{_TO}(?P<month>[0-9]{{1,2}})月(?:份|底|末)?(?:累计)?"),
    re.compile(rf"(?P<year>[0-9]{{4}})[-/.年]?0?1月?{_TO}(?P=year)[-/.年]?(?P<month>[0-9]{{1,2}}){_END}"),
    re.compile(r"(?:截至|截止)到?(?:(?P<year>[0-9]{4})[-/.年])?(?P<month>[0-9]{1,2})月?(?:份|底|末)?(?:累计)?"),
    re.compile(r"(?:(?P<year>[0-9]{4})[-/.年])?(?P<month>[0-9]{1,2})月(?:份|底|末)?累计"),
)
_PAID = "(?:实际|预算|资金)?(?:支出|支付|执行)?(?:数|金额|额)?"
_HEADINGS = (
    re.compile(rf"(?P<to>截至)?(?:(?P<year>20[0-9]{{2}})年)?(?P<from>0?1月?{_TO})?(?P<month>[0-9]{{1,2}})月份?(?P<sum>累计)?{_PAID}"),
    re.compile(r"(?P<year>20[0-9]{2})[-/.]?(?P<month>[0-9]{2})"),
)
LAST_MONTH = 12
_IN_WORDS = {
    word: number for number, word in enumerate(["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"], start=1)
}
_WORDED = re.compile(f"(?<![一二三四五六七八九十])({'|'.join(sorted(_IN_WORDS, key=len, reverse=True))})(?=月)")
LONGEST_LABEL = 200
MOST_DIGITS = 60
MOST_YUAN, MOST_TOTAL = Decimal(10) ** 12, Decimal(10) ** 18
_WHOLE_DIGITS = 12
_EXACT = Context(prec=2 * MOST_DIGITS)
LONGEST_HEADING = 60


class Money(NamedTuple):
    """An amount in yuan and whether the cell had to be repaired to read it."""

    yuan: Decimal
    repaired: bool


class Written(NamedTuple):
    """What a cell of money says: plain digits, its own unit if it has one, whether it had to be mended."""

    digits: str
    unit: str | None
    repaired: bool


class Month(NamedTuple):
    """A month, with its year where the cell named one."""

    year: int | None
    month: int


class MonthHeading(NamedTuple):
    """The month of a column of amounts, its year where named, and whether it counts from January on."""

    year: int | None
    month: int
    to_date: bool


def plain(text: str) -> str:
    """The text in half-width forms without invisible characters and outer blanks."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text.translate(INVISIBLE) if _UNSEEN.search(text) else text).strip()


def _half(text: str) -> str:
    """The text in half-width forms, without the marks with which programs export a code as text (="…", a leading ')."""
    bare = text.translate(_HALF).strip()
    if bare[:1] in ("=", "'") and (found := _EXPORTED.fullmatch(bare)):
        return (found["formula"] or found["marked"] or "").strip()
    return bare


def label(text: str) -> str:
    """A heading reduced to what it names: no blanks, brackets, colons, case or unit."""
    return _label(text[:LONGEST_LABEL])


@lru_cache(maxsize=10_000)
def _label(text: str) -> str:
    bare = re.sub(r"\s", "", plain(text)).lower()
    bare = re.sub(r"[(\[][^)\]]*(元|%)[^)\]]*[)\]]", "", bare)
    bare = re.sub(r"(?<=[额数出付])[/,:]?(亿|万|千)?元$", "", bare)
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
    match = _UNIT.search(plain(text))
    return match[1] if match else None


def money_units(text: str) -> set[str]:
    """All units of money that a heading or a remark names."""
    return set(_UNIT.findall(plain(text)))


def strange_unit(text: str) -> str | None:
    """What stands in the place of a unit of money but is none that we read, such as 美元 or 百万元."""
    bare = re.sub(r"\s", "", plain(text))
    match = None if _UNIT.search(bare) else _STRANGE.search(bare)
    return (match[1] or match[2]) if match else None


def written_amount(text: str) -> Written | None:
    """The digits of an amount as a plain number, the unit that stands beside them, and whether they had to be mended.

    Brackets and a minus on either side mean negative. None where the cell is no finite amount.
    """
    if _PLAIN.fullmatch(text):
        return Written(text.strip(" "), None, False)
    bare = text.translate(_MONEY)
    if _PARTED.search(_GROUPED.sub("0", text.translate(_HALF))):
        return None
    found = _AMOUNT.fullmatch(_half(bare) if bare[:1] in ("=", "'") else bare)
    if not found:
        return None
    opened, sign, whole, decimals, inner, closed, outer, minus = found.groups()
    if (opened is None) != (closed is None) or (inner and outer) or (opened, sign, minus).count(None) < 2:  # noqa: PLR2004 - one sign
        return None
    negative = "-" if opened or minus or sign == "-" else ""
    return Written(f"{negative}{whole.replace(',', '')}{decimals or ''}", inner or outer, True)


def money(text: str, unit: str, most: Decimal = MOST_YUAN) -> Money | None:
    """The amount in yuan that a cell says, or None where it is not a finite amount below `most`.

    A unit written in the cell wins over `unit`. The value is exact: it may have more than two decimals of a yuan.
    """
    found = written_amount(text)
    if found is None or len(found.digits) > MOST_DIGITS:
        return None
    amount = _EXACT.multiply(Decimal(found.digits), YUAN[found.unit or unit])
    return Money(amount, found.repaired) if abs(amount) < most else None


def plain_amount(unit: str) -> str:
    """The form in which an amount of this unit needs no mending and is whole 分, as a regular expression."""
    shift = YUAN[unit].adjusted()
    return rf"^-?[0-9]{{1,{_WHOLE_DIGITS - shift}}}(\.[0-9]{{1,{2 + shift}}})?$"


def no_amount(text: str) -> bool:
    """Whether a cell of money is left blank, or filled with a dash or 无."""
    return plain(text).lower() in NO_AMOUNT


def is_error(text: str) -> bool:
    """Whether a cell is a spreadsheet's own word for a failed formula, such as #REF! or #N/A."""
    return bool(_ERROR.fullmatch(plain(text)))


def month(text: str) -> Month | None:
    """The month that a cell says; 1-3月 and 1~3月 are the third, a day or a spreadsheet date its month."""
    bare = _WORDED.sub(lambda found: str(_IN_WORDS[found[1]]), re.sub(r"\s+", " ", plain(_half(text))))
    if _SERIAL.fullmatch(bare):
        day = date(1899, 12, 30) + timedelta(days=int(float(bare)))
        return Month(day.year, day.month)
    for form in () if _FANCY.search(text) else (*_MONTHS, *_SPANS):
        found = form.fullmatch(bare) or form.fullmatch(bare.replace(" ", ""))
        if found and 1 <= int(found["month"]) <= LAST_MONTH and _is_day(found.groupdict()):
            year = found.groupdict().get("year")
            return Month(int(year) if year else None, int(found["month"]))
    return None


def _is_day(named: dict[str, str | None]) -> bool:
    """Whether the day that a cell names, if it names one, is one of its month."""
    if not named.get("day"):
        return True
    try:
        return bool(date(int(named["year"] or 0), int(named["month"] or 0), int(named["day"] or 0)))
    except ValueError:
        return False


def is_to_date(text: str) -> bool:
    """Whether a month's cell speaks of all months from January on (1-3月, 截至3月): then its amount is cumulative."""
    bare = re.sub(r"\s", "", plain(_half(text)))
    return not any(form.fullmatch(bare) for form in _MONTHS) and any(form.fullmatch(bare) for form in _SPANS)


def month_heading(text: str) -> MonthHeading | None:
    """The month whose amounts stand below a heading such as 3月, 2025年3月支出 or 1-3月执行数; None for any other."""
    bare = re.sub(r"[(\[][^)\]]*[)\]]", "", re.sub(r"\s", "", plain(text)))
    bare = _WORDED.sub(lambda found: str(_IN_WORDS[found[1]]), bare)
    for form in () if _FANCY.search(text) else _HEADINGS:
        found = form.fullmatch(bare)
        if found and 1 <= int(found["month"]) <= LAST_MONTH:
            parts = found.groupdict()
            return MonthHeading(
                int(parts["year"]) if parts["year"] else None,
                int(parts["month"]),
                any(parts.get(name) for name in ("to", "from", "sum")),
            )
    return None


_CHECKPOINT = re.compile(
    r"(?:截至|截止|到)?(?P<year>20[0-9]{2}年)?(?:[0-9]{1,2}[-~—至到])?(?P<month>[0-9]{1,2})月(?:份|[0-9]{1,2}日)?(?P<end>[底末前]*)"
)
_QUARTER = re.compile(r"(?:截至|截止|到)?(?:20[0-9]{2}年)?(?:(?P<ahead>前)|第)?(?P<quarter>[1-4])季度?(?:底|末)?(?:前)?")
_HALVES = {"上半年": 6, "半年": 6, "下半年": 12, "年中": 6, "全年": 12, "年底": 12, "年末": 12, "年终": 12}
_CHINESE = {"十二": "12", "十一": "11", "十": "10", **dict(zip("一二三四五六七八九", "123456789", strict=True))}


def checkpoint_month(text: str) -> int | None:
    """The month of a checkpoint heading such as 3月底, 三月末, 第一季度末 or 上半年; None for any other."""
    if len(text) > LONGEST_HEADING:
        return None
    bare = re.sub(r"\s", "", plain(text))
    bare = re.sub(r"[(\[][^)\]]*[)\]]$", "", bare).removeprefix("计划")
    kind = re.search(r"(?:累计|计划|支出|支付|用款|进度|比例|金额)*%?$", bare)
    if kind and "金额" in kind[0] and "计划" not in kind[0]:
        return None  # the heading of what was paid
    bare = bare[: kind.start()] if kind else bare
    for sign, digits in _CHINESE.items():
        bare = re.sub(f"{sign}(?=月|季)", digits, bare)
    if bare in _HALVES or bare.rstrip("底末") in _HALVES:
        return _HALVES.get(bare) or _HALVES[bare.rstrip("底末")]
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
    if text.isascii() and text.isalnum():
        return text.upper()
    return re.sub(r"\s", "", _half(text)).upper()


def year(text: str) -> int | None:
    """The fiscal year that a cell says (2025, 2025年度); None where it says none."""
    found = re.fullmatch(r"(20[0-9]{2})(\.0+|年度?)?", re.sub(r"\s", "", _half(text)))
    return int(found[1]) if found else None


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
