"""What can be proposed for the open cells of an official form, from what is known; a person checks it and may overwrite it."""

import re
from datetime import date
from typing import Any

from data import scoring

Row = dict[str, Any]
Key = tuple[str, str]
Place = tuple[str, int, str]
TICK = "√"
# The columns of money that are reported for all funds together.
OF_FISCAL = ("current_budget", "spent", "spent_share", "expected_spent")
# A unit that is a department's own: its name ends so.
_OWN = re.compile(r"[（(]?本级[）)]?$")
# How many digits at the end of a unit's code count the units of a department.
_SERIAL = 3


def department(rows: list[Row], unit: str) -> str | None:
    """Name and code of a unit's department, from the one unit of the same beginning of its code whose name says 本级; else None."""
    names = {row["unit_code"]: row["unit_name"] or "" for row in rows}
    kin = [code for code in names if len(code) == len(unit) > _SERIAL and code[:-_SERIAL] == unit[:-_SERIAL] and code.isdigit()]
    found = [code for code in kin if _OWN.search(names[code])]
    if len(found) != 1:
        return None
    return f"{_OWN.sub('', names[found[0]])}（{unit[:-_SERIAL]}）"


def achieved(made: Row, as_of: date) -> Row | None:
    """The figures of a sentence on what a project has achieved: spending, and its indicators by whether they are reached."""
    whole, goods = made["money"][0], [one["good"] for one in made["indicators"]]
    if whole["spent"] is None and all(good is None for good in goods):
        return None
    return {
        **{name: whole[name] for name in ("spent", "spent_share")},
        **{"month": as_of.month, "indicators": len(goods), "reached": goods.count(True), "short": goods.count(False)},
        "open": goods.count(None),
    }


def propose(made: Row, as_of: date) -> set[Place]:
    """Fill what follows from forecast and explanations into a form; the cells that were filled so.

    A cause is proposed to an indicator that is not on course, or of which nothing is known; a likelihood from what is
    expected of the indicator, else from whether its money can still be spent.
    """
    form, whole, word, found = made["form"], made["money"][0], made["word"], set()
    if whole["expected_spent"] is not None:
        found.add(("money", 1, "expected_spent"))
    found |= _of_fiscal(made["money"])
    if made["head"]["department"] and made["head"]["department_proposed"]:
        found.add(("head", 1, "department"))
    if made["achieved"] is None and form == "selfeval" and (facts := achieved(made, as_of)):
        made["achieved"] = facts
        found.add(("goal", 1, "achieved"))
    for number, one in enumerate(made["indicators"], start=1):
        told: Row = {}
        if word and (one["lags"] or (one["lags"] is None and form == "monitor")):
            told |= {word["cause"]: TICK, "why": word, "why_month": None if word["month"] == as_of.month else word["month"]}
        likely = _likelihood(one, made["likelihood"])
        if likely and form == "monitor":
            told[likely] = TICK
        one.update(told)
        found |= {("indicators", number, name) for name in told if name != "why_month"}
    return found


def _of_fiscal(money: list[Row]) -> set[Place]:
    """Where the plan's whole budget is fiscal funds, what is known of all funds is proposed for these."""
    whole, fiscal = money[:2]
    if whole["original_budget"] is None or fiscal["original_budget"] != whole["original_budget"]:
        return set()
    told = {name: whole[name] for name in OF_FISCAL if whole[name] is not None}
    fiscal.update(told)
    return {("money", 2, name) for name in told}


def _likelihood(one: Row, of_money: str | None) -> str | None:
    if one["good"]:
        return "certain"
    if one["comparator"] and one["expected"] is not None:
        return "certain" if scoring.is_reached(one["comparator"], one["target_value"], one["expected"]) else "impossible"
    return of_money
