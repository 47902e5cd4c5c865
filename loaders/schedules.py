"""A payment plan as written becomes checkpoints: cumulative shares, increments or amounts, and which it was."""

import re
from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from itertools import accumulate
from typing import Any, NamedTuple

from loaders import cells

READINGS = ("cumulative", "increments", "amounts")
WHOLE, LAST = Decimal(100), Decimal("0.000001")
MOST = 1000 * WHOLE - 1
_PERCENT = re.compile(r"%|百分比|比例")
_MONEY = re.compile(r"[(（\[][^)）\]]*元[)）\]]|金额")
_SUMMED = re.compile(r"累计")
_IN_PARTS = re.compile(r"分[季月期]|[各每当本][季月期]|增量|[季月]度(?:用款|支出)计划")
Finding = tuple[str, dict[str, Any]]


class Written(NamedTuple):
    """A plan as the form has it: months with their texts, the words above them, budget and unit, what was declared."""

    points: Sequence[tuple[int, str]]
    heading: str
    budget: Decimal | None
    unit: str
    declared: str | None = None

    @property
    def text(self) -> str:
        """The figures in one line, as a finding quotes them."""
        return " ".join(text for _, text in self.points)


class Schedule(NamedTuple):
    """Checkpoints with cumulative shares, how they were read, and what is to be said of it."""

    checkpoints: list[dict[str, Any]]
    reading: str
    findings: list[Finding]


class _Reading(NamedTuple):
    """Cumulative figures in percent, the name of the reading, and what is to be said of it."""

    sums: list[Decimal]
    name: str
    findings: list[Finding]
    yuan: list[Decimal] | None = None


NOTHING = Schedule([], "missing", [])


def schedule(written: Written) -> Schedule:
    """The checkpoints of a plan; a falling plan or one above the whole is kept as written and found."""
    written = written._replace(points=sorted(written.points, key=lambda point: point[0]))
    months = [month for month, _ in written.points]
    if not months:
        return NOTHING
    figures = [figure if (figure := cells.percent(text)) is not None and figure <= MOST else None for _, text in written.points]
    amounts = [cells.money(text, written.unit) for _, text in written.points]
    if len(set(months)) < len(months) or None in amounts and None in figures:
        return NOTHING._replace(findings=[("P02", {"value": written.text})])
    if _is_money(written):
        read = _of_amounts(written)
    elif None in figures:
        return NOTHING._replace(findings=[("P02", {"value": written.text})])
    else:
        read = _of_shares(written, [figure for figure in figures if figure is not None])
    if read is None or max(read.sums) > MOST:
        return NOTHING._replace(findings=[("P02", {"value": written.text, "why": "budget"} if read is None else {"value": written.text})])
    return Schedule(_checkpoints(months, read), read.name, [*read.findings, *_faults(written, read)])


def _checkpoints(months: list[int], read: _Reading) -> list[dict[str, Any]]:
    """Cumulative shares, cut to the six places that the store keeps, so that what was paid in full is never short.

    A plan in amounts keeps the exact amount in yuan beside each share.
    """
    shares = [_plain((total / WHOLE).quantize(LAST, ROUND_DOWN)) for total in read.sums]
    points = [{"month": month, "share": share} for month, share in zip(months, shares, strict=True)]
    return [point | {"amount": amount} for point, amount in zip(points, read.yuan, strict=True)] if read.yuan else points


def _plain(number: Decimal) -> Decimal:
    """The same number without zeros behind its last digit."""
    bare = number.normalize()
    return bare.quantize(Decimal(1)) if bare == bare.to_integral_value() else bare


def _faults(written: Written, read: _Reading) -> list[Finding]:
    """What is amiss in a plan however it was read: it falls, it exceeds the whole, it ends below it."""
    if read.sums != sorted(read.sums) or read.sums[-1] > WHOLE:
        return [("W11", {"value": written.text})]
    if read.sums[-1] < WHOLE:
        return [("M23", {"value": written.text, "month": f"{written.points[-1][0]}月", "share": _percent(read.sums[-1])})]
    return []


def _is_money(written: Written) -> bool:
    """Whether the figures are amounts: by declaration, their own unit, the heading, or because only so they fit."""
    texts = [cells.plain(text) for _, text in written.points]
    if any(re.search(r"[%]|百分比", text) for text in texts):
        return False
    if written.declared or any(text.endswith("元") for text in texts):
        return written.declared == "amounts" or any(text.endswith("元") for text in texts)
    if _MONEY.search(written.heading) or _PERCENT.search(written.heading):
        return bool(_MONEY.search(written.heading))
    figures = [cells.percent(text) for text in texts]
    if None in figures:
        return True
    known = [figure for figure in figures if figure is not None]
    if max(known) > WHOLE:
        return True
    return max(known) > 1 and WHOLE not in (known[-1], sum(known)) and _fitting(written) is not None


def _fitting(written: Written) -> list[Decimal] | None:
    """The amounts in yuan, in the unit in which they end at the budget or add up to it; None where they do neither."""
    for unit in dict.fromkeys((written.unit, "万元", "元")):
        found = [cells.money(text, unit) for _, text in written.points]
        yuan = [amount.yuan for amount in found if amount is not None]
        if written.budget and len(yuan) == len(found) and written.budget in (yuan[-1], sum(yuan)):
            return yuan
    return None


def _of_amounts(written: Written) -> _Reading | None:
    """Amounts as shares of the budget; None without a budget to compare them with."""
    found = [cells.money(text, written.unit) for _, text in written.points]
    fitting = _fitting(written)
    yuan = fitting or [amount.yuan for amount in found if amount is not None]
    if not written.budget or written.budget < 0 or len(yuan) < len(written.points):
        return None
    parts = list(accumulate(yuan))
    in_parts = fitting is not None and (yuan != sorted(yuan) or yuan[-1] != written.budget)
    kept, other = (parts, yuan) if in_parts else (yuan, parts)
    read = _Reading([amount / written.budget * WHOLE for amount in kept], "amounts", [], kept)
    told = {"value": written.text, "taken": _line(written, read.sums)}
    if written.declared != "amounts" and fitting is not None and _could_be_percents(written):
        as_percents = _line(written, [cells.percent(text) or Decimal(0) for _, text in written.points])
        return read._replace(findings=[("W21", told | {"other": as_percents, "why": "amounts"})])
    if fitting is None and yuan == sorted(yuan) and parts[-1] <= written.budget and len(yuan) > 1:
        in_other = _line(written, [amount / written.budget * WHOLE for amount in other])
        return read._replace(findings=[("W21", told | {"other": in_other, "why": "sums"})])
    return read._replace(findings=[("M22", told | {"why": "increments" if in_parts else "cumulative"})])


def _could_be_percents(written: Written) -> bool:
    """Whether bare figures under a bare heading could be percentages as well."""
    figures = [cells.percent(text) for _, text in written.points]
    return not _MONEY.search(written.heading) and all(figure is not None and figure <= WHOLE for figure in figures)


def _of_shares(written: Written, figures: list[Decimal]) -> _Reading:
    """Percentages or fractions, cumulative or in parts, with a finding where they could be read two ways."""
    signed = any("%" in cells.plain(text) or "百分比" in text for _, text in written.points)
    findings: list[Finding] = []
    if not signed and max(figures) <= 1:
        figures = [figure * WHOLE for figure in figures]
        if WHOLE not in (figures[-1], sum(figures)) and any(figures):
            other = _line(written, [figure / WHOLE for figure in figures])
            findings = [("W21", {"value": written.text, "taken": _line(written, figures), "other": other, "why": "fractions"})]
    parts = list(accumulate(figures))
    rises, adds_up = figures == sorted(figures), abs(parts[-1] - WHOLE) <= 1
    told = {"value": written.text, "taken": _line(written, parts), "other": _line(written, figures)}
    if written.declared in ("cumulative", "increments"):
        return _Reading(parts if written.declared == "increments" else figures, written.declared, findings)
    if _SUMMED.search(written.heading) or len(figures) == 1 or figures[-1] >= WHOLE or not adds_up:
        return _Reading(figures, "cumulative", findings)
    if not rises and parts[-1] != WHOLE:
        return _Reading(figures, "cumulative", findings)
    sure = not rises or bool(_IN_PARTS.search(written.heading))
    return _Reading(parts, "increments", [*findings, ("M21" if sure else "W21", told if sure else told | {"why": "increments"})])


def _line(written: Written, sums: Sequence[Decimal]) -> str:
    return " ".join(f"{month}月 {_percent(total)}" for (month, _), total in zip(written.points, sums, strict=True))


def _percent(number: Decimal) -> str:
    shown = f"{number.quantize(Decimal('0.01')):f}"
    return f"{shown.rstrip('0').rstrip('.')}%"
