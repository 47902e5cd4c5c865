"""The five figures of a month: value, share, change since the month before, their line through the year, where they lead."""

from decimal import Decimal
from typing import Any

from pages.parts import blocks, figures
from pages.visit import Visit

Row = dict[str, Any]
Entry = tuple[str, str, list[str], str, str]


def headline(whole: Row, earlier: Row | None, months: list[Row], visit: Visit) -> list[Entry]:
    """Budget, paid, due, gap and lagging projects as entries of `blocks.kpis`."""
    say, unit, address = visit.say, visit.say("unit.in"), visit.address
    part = say("kpi.covered") if 0 < whole["reported"] < whole["projects"] else ""
    is_told = bool(whole["reported"])
    lagging, lines = _lagging(whole, earlier, visit), _lines(months, visit)
    gap = None if not whole["judged_budget"] or whole["gap_amount"] is None else whole["gap_amount"] / whole["judged_budget"]
    return [
        (
            f"{say('kpi.budget')}{unit}",
            figures.wan(whole["budget"]),
            [say("kpi.projects", projects=whole["projects"]), _change("budget", whole, earlier, visit, always=True)],
            lines["budget"],
            blocks.to("plans", **address),
        ),
        (
            f"{say('kpi.paid')}{unit}",
            figures.wan(whole["judged_spent"]),
            [say("kpi.share", share=figures.percent(whole["spent_share"])), part or _change("judged_spent", whole, earlier, visit)],
            lines["spent"],
            blocks.to("ledger", **address, month=f"{visit.as_of:%Y-%m}", kind="actuals"),
        ),
        (
            f"{say('kpi.due')}{unit}",
            figures.wan(whole["judged_due"] if is_told else whole["due_amount"]),
            [
                say("kpi.due_share", share=figures.percent(whole["judged_due_share"] if is_told else whole["due_share"])),
                part or _change("judged_due", whole, earlier, visit),
            ],
            lines["due_amount"],
            blocks.to("plans", **address),
        ),
        (
            f"{say('kpi.gap')}{unit}",
            figures.signed_wan(whole["gap_amount"]),
            [say("kpi.points", points=figures.points(gap)), part or _change("gap_amount", whole, earlier, visit)],
            lines["gap_amount"],
            blocks.to("behind", **address),
        ),
        (
            say("kpi.lagging"),
            f"{whole['lagging']} / {whole['projects']}",
            [lagging if is_told else "", say("kpi.risk", count=whole["at_risk"]) if whole["at_risk"] else ""],
            lines["lagging"],
            blocks.to("behind", **address),
        ),
    ]


def _change(name: str, whole: Row, earlier: Row | None, visit: Visit, always: bool = False) -> str:
    """What is more or less than a month before; nothing where the two months do not cover the same."""
    say = visit.say
    if earlier is None or whole[name] is None or earlier[name] is None:
        return ""
    if not always and earlier["reported"] != whole["reported"]:
        return ""
    more = whole[name] - earlier[name]
    return say("kpi.delta", delta=figures.signed_wan(more)) if more else say("kpi.same")


def _lagging(whole: Row, earlier: Row | None, visit: Visit) -> str:
    if earlier is None:
        return ""
    more = whole["lagging"] - earlier["lagging"]
    return visit.say("kpi.delta", delta=f"{more:+d}".replace("-", "−")) if more else visit.say("kpi.same")


def _lines(months: list[Row], visit: Visit) -> dict[str, str]:
    """The line of each figure up to the month shown; of what was paid, only months that all projects reported."""
    say, found = visit.say, {}
    for name, is_plan in {"budget": True, "due_amount": True, "spent": False, "gap_amount": False, "lagging": False}.items():
        values: list[Decimal | int | None] = [
            row[name] if row["month"] <= visit.as_of.month and (is_plan or row["reported"] == row["projects"]) else None for row in months
        ]
        told = [
            f"{figures.month_short(row['month'], say)} {value if name == 'lagging' else figures.wan(value)}"
            for row, value in zip(months, values, strict=True)
            if value is not None
        ]
        found[name] = blocks.sparkline(values, say("kpi.line", values=say("month.and").join(told)), is_step=is_plan)
    return found
