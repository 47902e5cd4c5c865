"""Which lagging projects a list shows and in which order: one selection for the page's address, the exports and the command line."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from data.words import Words
from pages.parts import figures

Row = dict[str, Any]
STATUSES = ("behind", "far_behind")
# A cause to choose or leave out: none is a project whose reason is still owed.
NO_CAUSE = "none"
SORTS: dict[str, Callable[[Row], Any]] = {
    "money": lambda row: row["gap_amount"],
    "percent": lambda row: row["gap_share"],
    "name": lambda row: row["project_name"] or "",
}
_LISTS = {"units": "unit", "statuses": "status", "causes": "cause", "not_units": "not_unit", "not_projects": "not_project"}
LISTS = {**_LISTS, "not_causes": "not_cause"}
MOST_GATE = Decimal(10) ** 12


@dataclass(frozen=True)
class Selection:
    """What is chosen, what is left out, the least gap in yuan, the order, whether units stand together."""

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

    def fits(self, row: Row) -> bool:
        """Whether the list shows a project."""
        unit, code, cause = row["unit_code"], row["project_code"], row["cause"] or NO_CAUSE
        wanted = ((self.units, unit), (self.statuses, row["status"]), (self.causes, cause))
        unwanted = ((self.not_units, unit), (self.not_projects, code), (self.not_causes, cause))
        return (
            all(not names or name in names for names, name in wanted)
            and not any(name in names for names, name in unwanted)
            and -row["gap_amount"] >= self.gate
            and bool(row["follow_up"] or not self.follow)
        )

    def places(self, rows: Iterable[Row]) -> list[Row]:
        """The rows of any status that stand where the list looks: of its units, and not left out by unit or code."""
        return [
            row
            for row in rows
            if (not self.units or row["unit_code"] in self.units)
            and row["unit_code"] not in self.not_units
            and row["project_code"] not in self.not_projects
        ]

    def chosen(self, rows: Iterable[Row]) -> list[Row]:
        """The projects shown, in their order; those of a unit together where that is asked for."""

        def key(row: Row) -> tuple[Any, ...]:
            return (row["unit_code"] if self.grouped else "", SORTS[self.sort](row), row["gap_amount"], row["project_code"])

        return sorted(filter(self.fits, rows), key=key)

    @property
    def address(self) -> dict[str, str]:
        """What the page's address says of it; what is left as it is by itself is not said."""
        found = {short: ",".join(getattr(self, name)) for name, short in LISTS.items()}
        found |= {"gate": figures.trimmed(self.gate / figures.WAN) if self.gate else "", "follow": "1" if self.follow else ""}
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
        sort=sort if sort in SORTS else "money",
        grouped=asked.get("group") == "unit",
    )


def gate_of(text: str) -> Decimal | None:
    """A gate written in 万元, in yuan; None for what is no amount of at least zero."""
    try:
        found = Decimal(text or "0")
    except InvalidOperation:
        return None
    return found * figures.WAN if found.is_finite() and 0 <= found <= MOST_GATE else None


def by_unit(rows: Sequence[Row]) -> list[tuple[Row, list[Row]]]:
    """Each unit, as its first project tells it, with its projects, in the order of the units' codes."""
    codes = sorted({row["unit_code"] for row in rows})
    found = [[row for row in rows if row["unit_code"] == code] for code in codes]
    return [(own[0], own) for own in found]


def beside(chosen: Selection, everything: Iterable[Row], recovered: Iterable[Row], say: Words) -> list[str]:
    """What stands beside the list: the projects on plan that are at risk, and those that lagged when last judged and lag no more."""
    told = {"at_risk": chosen.places(row for row in everything if row["at_risk"]), "recovered": chosen.places(recovered)}
    return [
        say(f"behind.{name}", count=len(rows), names=say("month.and").join(row["project_name"] or row["project_code"] for row in rows))
        for name, rows in told.items()
        if rows
    ]


def owed(rows: Sequence[Row], say: Words) -> str:
    """A sentence that says how many lagging projects have no reason yet, and of which units; empty where all have one."""
    silent = [row for row in rows if row.get("cause") is None]
    if not silent:
        return ""
    units = [say("list.owed_unit", unit=unit["unit_name"] or unit["unit_code"], count=len(own)) for unit, own in by_unit(silent)]
    return say("list.owed", count=len(silent), units=say("month.and").join(units))
