"""What the form of one project says, label by label: values, payment plan, indicators, each with its place."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from loaders import cells
from loaders.layouts import BODY, HEAD, MONEY
from loaders.paper import join
from loaders.payments import Payments

INDICATOR = ("level1", "level2", "level3", "description", "target", "basis")


class Line(NamedTuple):
    """One row of a table: its cells, its number, its place.

    `padded` tells whether a blank cell may be part of a merged one, `begins_page` whether a page break may have cut the row.
    """

    cells: list[str]
    number: int
    place: str
    padded: bool
    begins_page: bool = False

    def beside(self, column: int, stop: int) -> list[tuple[int, str]]:
        """The texts between a label and the next one, each with its column; none where the value is left blank."""
        between = [(place, self.cells[place].strip()) for place in range(column + 1, stop)]
        if not self.padded and between and not between[0][1]:
            return []
        return [(place, text) for place, text in between if text]

    @property
    def texts(self) -> list[tuple[int, str]]:
        """The cells that are not blank, each with its column."""
        return [(place, cell.strip()) for place, cell in enumerate(self.cells) if cell.strip()]


class Said(NamedTuple):
    """What a form says behind one label: the text, the label as written, and where; `others` stood there too."""

    text: str
    label: str
    number: int
    place: str
    others: tuple[str, ...] = ()
    below: bool = False


@dataclass
class Block:
    """What the form of one project says, by the names of its labels; `loose` is what stood there without a label."""

    place: str
    number: int
    titles: list[str] = field(default_factory=list)
    said: dict[str, list[Said]] = field(default_factory=dict)
    loose: list[str] = field(default_factory=list)
    payments: Payments = field(default_factory=Payments)
    header: dict[str, int] = field(default_factory=dict)
    width: int = 0
    headed_at: int = 0
    of_year: bool = True
    levels: tuple[str, str] = ("", "")
    indicators: list[dict[str, Any]] = field(default_factory=list)
    unread: list[Said] = field(default_factory=list)
    again: list[Said] = field(default_factory=list)
    rows: set[frozenset[str]] = field(default_factory=set)

    def first(self, *names: str) -> Said | None:
        """The first of these labels that has a text, in their order."""
        return next((said for name in names for said in self.said.get(name, ()) if said.text), None)

    def text(self, *names: str) -> str:
        """The first text behind any of these labels; empty where there is none."""
        found = self.first(*names)
        return found.text if found else ""

    @property
    def body(self) -> bool:
        """Whether anything beyond the head of a form was said: money, plan, goals or indicators."""
        return bool(self.header or BODY & self.said.keys())

    @property
    def is_form(self) -> bool:
        """Whether this is a form and not a list: kinds of rows that only forms have, below a head or beside a figure."""
        headed = any(said.text and not said.below for name in (*HEAD, "department") for said in self.said.get(name, ()))
        paid = any(cells.money(said.text, "元") for name in MONEY for said in self.said.get(name, ()) if not said.below)
        return len(self.rows) > (1 if headed else 2) or (headed and paid and bool(self.rows))

    def add_indicator(self, line: Line) -> None:
        """Take in a row of indicators; a blank level is the one above, a row of another width stays unread."""
        row = [cell.strip() for cell in line.cells]
        if not line.padded and len(row) != self.width:
            self.unread.append(Said(" ".join(text for text in row if text), "", line.number, line.place))
            return
        said = {name: row[column] if column < len(row) else "" for name, column in self.header.items()}
        level1, level2 = said.get("level1", ""), said.get("level2", "")
        if line.begins_page and self.indicators and not (level1 or level2 or said.get("level3")):
            self._go_on(said)
            return
        if level1 and level1 != self.levels[0] and any(row_of["level1"] == level1 for row_of in self.indicators):
            self.again.append(Said(level1, "", line.number, line.place))
        self.levels = (level1 or self.levels[0], level2 or ("" if level1 and "level2" in said else self.levels[1]))
        if self.of_year and any(said.get(name) for name in ("level3", "target", "description")):
            row_of = {name: said.get(name, "") for name in INDICATOR} | {"level1": self.levels[0], "level2": self.levels[1]}
            row_of["target"] = _target(said)
            self.indicators.append({**row_of, "place": line.place, "row": line.number})

    def _go_on(self, said: dict[str, str]) -> None:
        """Put the rest of a row that a page break cut behind what stands of it."""
        last = self.indicators[-1]
        last["target"] = join(last["target"], _target(said))
        last.update({name: join(last[name], said.get(name, "")) for name in ("description", "basis")})


def _target(said: dict[str, str]) -> str:
    """The target of an indicator, put together where a form keeps comparator, number and unit apart."""
    target = said.get("target", "")
    if said.get("sign") in ("≥", "≤", "=", "＝", ">", "<", "＞", "＜"):
        target = f"{said['sign'].replace('＝', '=')}{target}"
    if said.get("measure") and cells.target(target).value is not None and cells.target(target).unit is None:
        target += said["measure"]
    return target
