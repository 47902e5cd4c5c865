"""How figures are written: yuan as 万元, shares as percents, months in words."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from data.words import Words

WAN = Decimal(10_000)
CENT = Decimal("0.01")
LONGEST_UNIT = 3


def wan(amount: Decimal | None, none: str = "—") -> str:
    """An amount of yuan in 万元 with two decimals and thousands commas, a real minus sign."""
    if amount is None:
        return none
    return f"{(amount / WAN).quantize(CENT, ROUND_HALF_UP):,}".replace("-", "−")


def signed_wan(amount: Decimal | None) -> str:
    """The same with a plus sign where it is above zero."""
    text = wan(amount)
    return f"+{text}" if amount is not None and amount > 0 else text


def percent(share: Decimal | None, none: str = "—") -> str:
    """A share as a percentage with one decimal."""
    return none if share is None else f"{points(share)} %"


def points(share: Decimal | None, none: str = "—") -> str:
    """A share or a difference of shares in hundredths with one decimal."""
    if share is None:
        return none
    return f"{(share * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}".replace("-", "−")


def trimmed(number: Decimal) -> str:
    """A number without needless zeros: 0.25, 75, 5."""
    return f"{number.normalize():f}"


def reached(row: dict[str, Any], say: Words, name: str = "reached") -> str:
    """The value of an indicator with its unit, or its grade with its percent; a dash where none is known."""
    if name == "reached" and row["grade"]:
        return f"{say('result.' + row['grade'])} {trimmed(row['percent'])} %"
    return "—" if row[name] is None else f"{trimmed(row[name])}{counted(row)}"


def counted(row: dict[str, Any]) -> str:
    """The unit of an indicator; nothing where a remark stands in its place."""
    unit = row["target_unit"] or ""
    return f" {unit}" if unit == "%" else unit if len(unit) <= LONGEST_UNIT else ""


def month_name(day: date, say: Words) -> str:
    """The month of a day in words, with its year."""
    return say("month.long", year=day.year, month=day.month)


def month_short(month: int, say: Words) -> str:
    """The name of a month alone."""
    return say(f"month.{month}")


def streak(months: int | None, say: Words) -> str:
    """For how many months in a row a project lags, in words; empty where it does not."""
    if not months:
        return ""
    return say("behind.streak_first") if months == 1 else say("behind.streak", count=months)


def promise(row: dict[str, Any], say: Words) -> str:
    """What became of the newest promise, in a few words; empty where there is none."""
    if row["promise"] is None:
        return ""
    share = f" {percent(row['kept_share'])}" if row["outcome"] in ("part", "running") and row["kept_share"] is not None else ""
    due = say("explain.promise", amount=wan(row["promise"]), month=month_short(row["promise_due"], say))
    return f"{due} · {say('outcome.' + row['outcome'])}{share}"


def moment_name(moment: datetime | None, seconds: bool = False) -> str:
    """A moment of UTC in this machine's time zone, to the minute or the second."""
    if moment is None:
        return "—"
    return moment.replace(tzinfo=UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def foot(whole: dict[str, Any], rule: dict[str, Any], as_of: date, say: Words) -> str:
    """The line under every block of figures: month, coverage, method, rule version."""
    return " · ".join(
        [
            say("foot.as_of", month=month_name(as_of, say)),
            say("foot.coverage", reported=whole["reported"], projects=whole["projects"], share=percent(whole["coverage"])),
            say("foot.method"),
            say("foot.rule", version=rule["version"]),
        ]
    )


def bands(rule: dict[str, Any], say: Words) -> str:
    """The thresholds in force, in words."""
    return say("foot.bands", slight=trimmed(rule["slightly_behind"] * 100), behind=trimmed(rule["behind"] * 100), gate=wan(rule["gate"]))
