"""The verdict in words: sentences made from the rows of the views."""

from datetime import date
from decimal import Decimal
from typing import Any

from data.words import Words
from pages.parts import figures

Row = dict[str, Any]


def verdict(seen: Row, whole: Row, as_of: date, say: Words) -> list[str]:
    """The sentences that say how it stands: of a month `seen` at a glance, and of all projects together."""
    month = figures.month_name(as_of, say)
    if not whole["reported"]:
        return [say("verdict.nothing", month=month, projects=whole["projects"])]
    if not whole["judged_due"]:
        return [say("verdict.first", paid=figures.wan(whole["judged_spent"]))]
    told = {
        "month": month,
        "due": figures.wan(whole["judged_due"]),
        "paid": figures.wan(whole["judged_spent"]),
        "gap": _gap(whole["gap_amount"], say),
    }
    first = (
        say("verdict.all", **told)
        if whole["reported"] == whole["projects"]
        else say("verdict.part", **told, units=_silent(seen, say), reported=whole["reported"])
    )
    return [first, " ".join(part for part in (_who(seen, whole, say), _moves(seen, say)) if part)]


def _silent(seen: Row, say: Words) -> str:
    """The units that still owe reports: a few by name, of more their number."""
    names = say("month.and").join(seen["silent_names"])
    return names if seen["silent"] <= len(seen["silent_names"]) else say("verdict.units", names=names, count=seen["silent"])


def _gap(gap: Decimal, say: Words) -> str:
    if gap == 0:
        return say("verdict.even")
    return say("verdict.short" if gap < 0 else "verdict.ahead", amount=figures.wan(abs(gap)))


def _who(seen: Row, whole: Row, say: Words) -> str:
    """Which projects make up most of the lagging projects' shortfall; that none lags is said of the reported ones only."""
    if not seen["lagging"]:
        return none_lags(whole, say)
    lagging = say("verdict.lagging", count=seen["lagging"], amount=figures.wan(-seen["shortfall"]))
    if seen["main"] in (0, seen["lagging"]):
        return lagging
    share = figures.percent(seen["main_gap"] / seen["shortfall"])
    if seen["main"] == 1:
        return lagging + say("verdict.one", name=seen["first"], share=share)
    return lagging + say("verdict.top", count=seen["main"], share=share)


def none_lags(whole: Row, say: Words) -> str:
    """That no project lags; where some have not reported, of how many this can be said."""
    if whole["reported"] == whole["projects"]:
        return say("verdict.none")
    share = figures.percent(whole["coverage"])
    return say("verdict.none_reported", reported=whole["reported"], projects=whole["projects"], share=share)


def _moves(seen: Row, say: Words) -> str:
    """How many projects began or ceased to lag since the month before."""
    if seen["before"] is None:
        return ""
    return say("verdict.moves", month=figures.month_name(seen["before"], say), new=seen["new"], recovered=seen["recovered"])


def expected(ahead: list[Row], budget: Decimal | None, say: Words) -> str:
    """The range of the year's end and of what would stay unspent, in a sentence; empty where there is none."""
    if not ahead or not budget:
        return ""
    last = ahead[-1]
    return say(
        "outlook.year",
        low=figures.wan(last["low"]),
        high=figures.wan(last["high"]),
        low_share=figures.percent(last["low"] / budget),
        high_share=figures.percent(last["high"] / budget),
        unspent_low=figures.wan(max(budget - last["high"], Decimal(0))),
        unspent_high=figures.wan(max(budget - last["low"], Decimal(0))),
    )


def curve_told(months: list[Row], until: int, ahead: list[Row], say: Words) -> str:
    """What the curve of plan and payment shows, in words for those who do not see it."""
    marks = [row for row in months if row["is_checkpoint"] and row["due_amount"] is not None]
    told = say("month.and").join(f"{figures.month_short(row['month'], say)} {figures.wan(row['due_amount'])}" for row in marks) or "—"
    paid = next((row for row in reversed(months) if row["month"] <= until and row["reported"] and row["spent"] is not None), None)
    parts = [say("chart.alt_plan", plan=told)]
    parts += [say("chart.alt_paid", month=figures.month_short(paid["month"], say), paid=figures.wan(paid["spent"]))] if paid else []
    parts += [say("chart.ahead", low=figures.wan(ahead[-1]["low"]), high=figures.wan(ahead[-1]["high"]))] if ahead else []
    return say("chart.alt", told=say("chart.alt_and").join(parts))
