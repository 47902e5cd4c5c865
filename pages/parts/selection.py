"""Which lagging projects a list shows and in which order: one selection for the page's address, the exports and the command line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from data.words import Words
from pages.parts import figures

Row = dict[str, Any]
STATUSES = ("behind", "far_behind")
# A cause to choose or leave out: none is a project whose reason is still owed.
NO_CAUSE = "none"
SORTS = ("money", "percent", "name")
# Of the units that owe reasons a sentence names the first few, as `lagging.listed` does.
NAMED, LONGEST = 3, 60
_LISTS = {"units": "unit", "statuses": "status", "causes": "cause", "not_units": "not_unit", "not_projects": "not_project"}
LISTS = {**_LISTS, "not_causes": "not_cause"}
MOST_GATE = Decimal(10) ** 12


@dataclass(frozen=True)
class Selection:
    """What is chosen, what is left out, the least gap in yuan, the order, whether units stand together, words to find."""

    units: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    not_units: tuple[str, ...] = ()
    not_projects: tuple[str, ...] = ()
    not_causes: tuple[str, ...] = ()
    gate: Decimal = Decimal(0)
    follow: bool = False
    sort: str = "money"
    grouped: bool = False
    find: str = ""

    @property
    def place(self) -> dict[str, tuple[str, ...]]:
        """Where the list looks, whatever the status."""
        return {name: getattr(self, name) for name in ("units", "not_units", "not_projects")}

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return self.address.keys() <= {"sort", "group"}

    @property
    def address(self) -> dict[str, str]:
        """What the page's address says of it; what is left as it is by itself is not said."""
        found = {short: ",".join(getattr(self, name)) for name, short in LISTS.items()}
        found |= {"gate": figures.trimmed(self.gate / figures.WAN) if self.gate else "", "follow": "1" if self.follow else ""}
        found |= {"find": self.find}
        found |= {"sort": self.sort if self.sort != "money" else "", "group": "unit" if self.grouped else ""}
        return {name: value for name, value in found.items() if value}

    def told(self, say: Words, names: Mapping[str, str]) -> dict[str, str]:
        """The same in words for the foot of an export; `names` gives the name of each unit and project."""

        def words(name: str, value: str) -> str:
            if name in ("statuses", "causes", "not_causes"):
                return say(f"{'status' if name == 'statuses' else 'cause'}.{value}")
            return f"{names[value]}（{value}）" if names.get(value) else value

        found = {say(f"list.{name}"): say("month.and").join(words(name, one) for one in getattr(self, name)) for name in LISTS}
        found[say("behind.gate")] = figures.wan(self.gate) if self.gate else ""
        found[say("behind.follow")] = say("yes") if self.follow else ""
        found[say("find.title")] = self.find
        found[say("list.sort")] = say(f"list.sort_{self.sort}") if self.sort != "money" else ""
        found[say("list.group")] = say("column.unit") if self.grouped else ""
        return {name: value for name, value in found.items() if value}


def of_address(asked: Mapping[str, str], rows: Sequence[Row]) -> Selection:
    """The selection that an address asks for; a name that none of the projects bears is left out."""
    known = {
        **{"unit": {row["unit_code"] for row in rows}, "project": {row["project_code"] for row in rows}},
        **{"status": set(STATUSES), "cause": {"funding", "system", "staff", "hardware", "other", NO_CAUSE}},
    }
    lists = {
        name: tuple(one for one in asked.get(short, "").split(",") if one in known[short.removeprefix("not_")])
        for name, short in LISTS.items()
    }
    sort = asked.get("sort", "money")
    return Selection(
        **lists,
        gate=gate_of(asked.get("gate", "")) or Decimal(0),
        follow=asked.get("follow") == "1",
        find=asked.get("find", "").strip()[:LONGEST],
        sort=sort if sort in SORTS else "money",
        grouped=asked.get("group") == "unit",
    )


def codes_of(asked: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes of units and of projects that an address names, whether there are such or not."""
    units, projects = (
        tuple(one for short in LISTS.values() if short.removeprefix("not_") == kind for one in asked.get(short, "").split(",") if one)
        for kind in ("unit", "project")
    )
    return units, projects


def gate_of(text: str) -> Decimal | None:
    """A gate written in 万元, in yuan; None for what is no amount of at least zero."""
    try:
        found = Decimal(text or "0")
    except InvalidOperation:
        return None
    return found * figures.WAN if found.is_finite() and 0 <= found <= MOST_GATE else None


def by_unit(rows: Sequence[Row]) -> list[tuple[Row, list[Row]]]:
    """Each unit, as its first project tells it, with its projects, in the order of the units' codes."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["unit_code"], []).append(row)
    return [(found[code][0], found[code]) for code in sorted(found)]


def beside(told: Sequence[Row], say: Words) -> list[str]:
    """What stands beside the list, as `lagging.beside` tells it: each with its number and names, of many the first ones."""
    lines = []
    for row in told:
        names = say("month.and").join(row["names"])
        names = names if len(row["names"]) == row["count"] else say("behind.others", names=names)
        lines.append(say(f"behind.{row['kind']}", count=row["count"], names=names))
    return lines


def owed(rows: Sequence[Row], say: Words) -> str:
    """A sentence that says how many lagging projects have no reason yet, and of which units; empty where all have one."""
    units = by_unit([row for row in rows if row.get("cause") is None])
    owing = [{**unit, "projects": len(own)} for unit, own in sorted(units, key=lambda one: -len(one[1]))[:NAMED]]
    return owed_by({"silent": sum(len(own) for _, own in units), "owing": owing, "owing_units": len(units)}, say)


def owed_by(told: Row, say: Words) -> str:
    """The same of what `lagging.listed` says of a list."""
    if not told["silent"]:
        return ""
    units = say("month.and").join(
        say("list.owed_unit", unit=unit["unit_name"] or unit["unit_code"], count=unit["projects"]) for unit in told["owing"]
    )
    if told["owing_units"] > len(told["owing"]):
        units = say("list.owed_units", units=units, count=told["owing_units"])
    return say("list.owed", count=told["silent"], units=units)
