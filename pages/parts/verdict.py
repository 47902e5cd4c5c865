"""The verdict in words: sentences made from the rows of the views."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from data.words import Words
from pages.parts import figures

LAGGING = ("behind", "far_behind")
MAIN_PART = Decimal("0.8")


def verdict(rows: list[dict[str, Any]], summary: list[dict[str, Any]], earlier: list[dict[str, Any]], as_of: date, say: Words) -> list[str]:
    """The sentences that say how it stands, made from the figures of the views."""
    month = figures.month_name(as_of, say)
    whole = summary[0]
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
    silent = [row["unit_name"] for row in summary[1:] if row["reported"] < row["projects"]]
    first = (
        say("verdict.all", **told)
        if whole["reported"] == whole["projects"]
        else say("verdict.part", **told, units="、".join(silent), reported=whole["reported"])
    )
    return [first, " ".join(part for part in (_who(rows, whole, say), _moves(rows, earlier, as_of, say)) if part)]


def _gap(gap: Decimal, say: Words) -> str:
    if gap == 0:
        return say("verdict.even")
    return say("verdict.short" if gap < 0 else "verdict.ahead", amount=figures.wan(abs(gap)))


def _who(rows: list[dict[str, Any]], whole: dict[str, Any], say: Words) -> str:
    """Which projects make up most of the lagging projects' shortfall; that none lags is said of the reported ones only."""
    gaps = sorted((row for row in rows if row["status"] in LAGGING), key=lambda row: row["gap_amount"])
    total = sum((row["gap_amount"] for row in gaps), Decimal(0))
    if not gaps:
        return none_lags(whole, say)
    part, count = Decimal(0), 0
    while count < len(gaps) and part > total * MAIN_PART:
        part += gaps[count]["gap_amount"]
        count += 1
    lagging = say("verdict.lagging", count=len(gaps), amount=figures.wan(-total))
    if count == len(gaps):
        return lagging
    share = figures.percent(part / total)
    return lagging + (
        say("verdict.one", name=gaps[0]["project_name"], share=share) if count == 1 else say("verdict.top", count=count, share=share)
    )


def none_lags(whole: dict[str, Any], say: Words) -> str:
    """That no project lags; where some have not reported, of how many this can be said."""
    if whole["reported"] == whole["projects"]:
        return say("verdict.none")
    share = figures.percent(whole["coverage"])
    return say("verdict.none_reported", reported=whole["reported"], projects=whole["projects"], share=share)


def _moves(rows: list[dict[str, Any]], earlier: list[dict[str, Any]], as_of: date, say: Words) -> str:
    """How many projects began or ceased to lag since the month before."""
    if not earlier:
        return ""
    now, then = ({(row["unit_code"], row["project_code"]) for row in some if row["status"] in LAGGING} for some in (rows, earlier))
    judged = {(row["unit_code"], row["project_code"]) for row in rows if row["gap_amount"] is not None}
    before = as_of.replace(day=1) - timedelta(days=1)
    return say("verdict.moves", month=figures.month_name(before, say), new=len(now - then), recovered=len((then - now) & judged))


def expected(ahead: list[dict[str, Any]], budget: Decimal | None, say: Words) -> str:
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


def curve_told(months: list[dict[str, Any]], until: int, ahead: list[dict[str, Any]], say: Words) -> str:
    """What the curve of plan and payment shows, in words for those who do not see it."""
    marks = [row for row in months if row["is_checkpoint"] and row["due_amount"] is not None]
    told = say("month.and").join(f"{figures.month_short(row['month'], say)} {figures.wan(row['due_amount'])}" for row in marks) or "—"
    paid = next((row for row in reversed(months) if row["month"] <= until and row["reported"] and row["spent"] is not None), None)
    parts = [say("chart.alt_plan", plan=told)]
    parts += [say("chart.alt_paid", month=figures.month_short(paid["month"], say), paid=figures.wan(paid["spent"]))] if paid else []
    parts += [say("chart.ahead", low=figures.wan(ahead[-1]["low"]), high=figures.wan(ahead[-1]["high"]))] if ahead else []
    return say("chart.alt", told=say("chart.alt_and").join(parts))
