"""Rows of text become blocks, one a project: which label says what; the same for every form and every dress."""

import re

from loaders import cells, layouts
from loaders.blocks import Block, Line, Said
from loaders.layouts import BELOW, GOALS, HEAD, MONEY, RESULTS, SIGNS, TERMS, UNITS, Label

_CODED = re.compile(r"[0-9]{8}[A-Z][0-9A-Z]{12}")
UNIT_LINE = re.compile(r"([0-9]{6}(?:[0-9]{3})?)[\s\-—_:]*((?!万?元|千元|亿元|人|个|次)[^\s0-9%.,\-].+)")
TOTALS = frozenset({"budget", "year_total", "long_total", "total"})
_ANEW = frozenset({"budget", "funds", "year_total", "long_total"})
_OPENING = HEAD | _ANEW | {"plan", "goal", "targets"}
_WHOLE_PERIOD = re.compile(r"长期|中期|实施期")
_MAY_STAND_BELOW = frozenset(term.name for term in TERMS if term.stands == BELOW)


class Scribe:
    """Reads the rows of a document from its first to its last into blocks."""

    def __init__(self) -> None:
        """Begin without a block."""
        self.blocks: list[Block] = []
        self.block: Block | None = None
        self.section = ""
        self.before: tuple[Block | None, str] = (None, "")
        self.kinds: dict[int, str] = {}
        self.heads: dict[str, int] = {}
        self.awaiting: list[Label] = []
        self.wide = 0
        self.listing = False

    def read(self, line: Line) -> None:
        """Take in one row."""
        texts = line.texts
        if not texts or self._lists(line):
            return
        if unit := UNIT_LINE.fullmatch(texts[0][1]):
            self._need_new(line)
            self._say("unit", line, unit[0], texts[0][1])
        if columns := layouts.indicator_columns(line.cells):
            self._header(columns, line)
            return
        if len(texts) <= 2 and layouts.is_title(texts[0][1]):  # noqa: PLR2004 - a title, perhaps with a remark
            self._need_new(line).titles.append(" ".join(text for _, text in texts))
            return
        found = layouts.labels(line.cells)
        if self._goes_on_after_head(found, line):
            found = []
        if self.section == "indicators":
            found = self._closing(found)
        if found:
            self._labelled(found, line)
        elif self.block is not None and not unit:
            self._loose(self.block, line)

    def close(self, listing: bool = False) -> None:
        """End the block: what follows belongs to another one, or to a list of projects that is none."""
        self.block, self.section, self.listing = None, "", listing

    def _lists(self, line: Line) -> bool:
        """Whether a row still belongs to a list: until a label of a form stands beside its value again."""
        if self.listing:
            found = layouts.labels(line.cells)
            beside = any(label.name in _OPENING and (label.inside or _alone(label, found)) for label in found)
            self.listing = not (beside or UNIT_LINE.fullmatch(line.texts[0][1]) and len(line.texts) <= 2)  # noqa: PLR2004
        return self.listing

    def _need_new(self, line: Line) -> Block:
        """A block without a head or body: the one at hand, or a new one."""
        if self.block is None or self.block.body or (HEAD | RESULTS | {"unit"}) & self.block.said.keys():
            self.before = (self.block, self.section)
            self.block = Block(line.place, line.number)
            self.blocks.append(self.block)
            self.section, self.kinds, self.heads, self.awaiting = "", {}, {}, []
        return self.block

    def _say(self, name: str, line: Line, text: str, label: str, *others: str) -> None:
        if self.block is not None:
            said = Said(text, label, line.number, line.place, others, below=label not in line.cells)
            self.block.said.setdefault(name, []).append(said)

    def _header(self, columns: dict[str, int], line: Line) -> None:
        """Take the header of the indicators; one that stands anew keeps the levels, as after a page break."""
        block = self.block or self._need_new(line)
        block.header, block.width, block.headed_at = columns, len(line.cells), len(block.indicators)
        block.rows.add(frozenset(columns))
        self.section = "indicators"
        if "evaluated" in columns:
            self._say("evaluated", line, "", line.cells[columns["evaluated"]])
        before = [cell for cell in line.cells[: min(columns.values())] if cell.strip()]
        period = before or [said.label for said in block.said.get("targets", [])]
        block.of_year = not (period and _WHOLE_PERIOD.search(period[-1]))

    def _row_of_indicators(self, block: Block, line: Line) -> None:
        """Take a row of indicators; below a header that stands anew, the first level again begins another form."""
        level = line.cells[block.header["level1"]].strip() if block.header.get("level1", len(line.cells)) < len(line.cells) else ""
        first = block.indicators[0]["level1"] if block.indicators else ""
        if level and level == first and block.levels[0] != level and 0 < block.headed_at == len(block.indicators):
            columns, width = block.header, block.width
            block = self._need_new(line)
            block.header, block.width, self.section = columns, width, "indicators"
            block.rows.add(frozenset(columns))
        block.add_indicator(line)

    def _closing(self, found: list[Label]) -> list[Label]:
        """The labels that end the indicators: a new head anywhere, other labels only before the first level."""
        start = self.block.header.get("level1", self.block.header.get("level2", 0)) if self.block else 0
        kept = [label for label in found if label.name in HEAD or (label.column <= start and label.name not in MONEY)]
        return found[found.index(kept[0]) :] if kept else []

    def _labelled(self, found: list[Label], line: Line) -> None:
        """Take each label of a row with what stands between it and the next one."""
        columns = [label.column for label in found] + [len(line.cells)]
        heads = {label.name: label.column for label in found if label.name in ("long_head", "year_head")}
        if TOTALS & {label.name for label in found}:
            self.kinds = {}
        silent = []
        for label, stop in zip(found, columns[1:], strict=True):
            texts = [(label.column, label.inside)] if label.inside else line.beside(label.column, stop)
            if label.name == "project_code" and not texts and label.column and _CODED.fullmatch(line.cells[label.column - 1].strip()):
                texts = [(label.column - 1, line.cells[label.column - 1].strip())]
            is_plan = label.name == "plan"
            if self._take(label, [] if is_plan else texts, line) and not texts:
                silent.append(label)
            if is_plan:
                self._pay(line, texts if label.inside else [(place, text) for place, text in line.texts if label.column < place < stop])
        if len(heads) == 2:  # noqa: PLR2004 - the whole period and the year, side by side
            self.heads, self.section = heads, "funds"
        kinds = frozenset(label.name for label in found)
        if self.block is not None and kinds & SIGNS and not kinds & HEAD:
            self.block.rows.add(kinds & SIGNS)
        self.awaiting = silent if len(silent) == len(found) or _MAY_STAND_BELOW & {label.name for label in silent} else []
        self.wide = len(line.cells)

    def _take(self, label: Label, texts: list[tuple[int, str]], line: Line) -> bool:
        """Keep what a label says in the block that it belongs to; whether it belongs to any."""
        name = label.name
        text = self._of_year(texts, line) if name in MONEY and self.heads else texts[0][1] if texts else ""
        if name == "unit" and text in cells.YUAN:
            name = "money"
        if self._opens(name, text, line):
            self._need_new(line)
        if self.block is None:
            return False
        if name in TOTALS:
            self.kinds[label.column] = "long" if name == "long_total" else "year"
        elif name in MONEY and self._kind(label.column) == "long":
            return False
        if name == "plan":
            self.block.payments.heading += label.text
        self._enter(name)
        others = () if self.heads and name in MONEY else tuple(text for _, text in texts[1:])
        self._say(name, line, text, label.text, *others)
        return True

    def _enter(self, name: str) -> None:
        """The section that a label begins."""
        if name in HEAD | UNITS:
            self.section = "head"
        elif name in MONEY or name in ("funds", "purpose"):
            self.section = "funds"
        elif name in ("long_head", "year_head"):
            return
        else:
            self.section = "goal" if name in GOALS else "plan" if name == "plan" else ""

    def _opens(self, name: str, text: str, line: Line) -> bool:
        """Whether a label is the first of another block than the one at hand."""
        block = self.block
        if block is None:
            return name in _OPENING or name in UNITS
        before = block.said.get(name, [])
        if name in HEAD:
            return block.body or _differs(before, text)
        if name in UNITS:
            return block.body and _differs(before, text)
        if name in GOALS | {"plan"} and before and block.indicators:
            return True
        if name in _ANEW and before and before[-1].place != line.place:
            moved = self.section not in ("funds", "head")
            return moved or _differs(before, text)
        return False

    def _kind(self, column: int) -> str:
        """Whether a fund in this column is part of the year's total or of the whole period's."""
        left = [place for place in self.kinds if place <= column]
        return self.kinds[max(left)] if left else "year"

    def _of_year(self, texts: list[tuple[int, str]], line: Line) -> str:
        """Of the amounts beside a label, the one under the heading of the year; counted from the right in rows of another width."""
        column = self.heads["year_head"] + (0 if line.padded or len(line.cells) == self.wide else len(line.cells) - self.wide)
        return next((text for place, text in texts if place == column), "")

    def _goes_on_after_head(self, found: list[Label], line: Line) -> bool:
        """Whether a row goes on with the block before, whose head only stood again at the top of a new page; then it does."""
        (before, section), block = self.before, self.block
        if before is None or block is None or not HEAD & block.said.keys() or not _repeats(block, before):
            return False
        goes_on = not found and not block.body
        if section == "indicators":
            columns = [before.header[name] for name in ("level3", "target", "description") if name in before.header]
            filled = sum(column < len(line.cells) and bool(line.cells[column].strip()) for column in columns)
            goes_on = filled > 1 and not any(label.name in HEAD or label.column <= min(before.header.values()) for label in found)
        if goes_on:
            self.blocks.remove(block)
            self.block, self.section, self.before = before, section, (None, "")
        return goes_on

    def _loose(self, block: Block, line: Line) -> None:
        """A row without labels: what a label above waits for, a payment plan, an indicator, or a remark."""
        if self.section == "plan":
            self._pay(line, line.texts)
        elif self.section == "indicators":
            self._row_of_indicators(block, line)
        elif self.awaiting and self._below(line):
            self.awaiting = []
        elif self.section == "funds":
            block.loose += [text for _, text in line.texts]
        elif self.section == "goal" and len(line.texts) == 1:
            self._goes_on(block, line.texts[0][1])

    def _below(self, line: Line) -> bool:
        """Give the labels of the row above what stands below each; whether anything did."""
        aligned = line.padded or len(line.cells) == self.wide
        goals = [label for label in self.awaiting if label.name in GOALS]
        found = False
        for label in self.awaiting:
            text = line.cells[label.column].strip() if aligned and label.column < len(line.cells) else ""
            if not text and label.name in GOALS and label is goals[-1] and not aligned:
                text = line.texts[-1][1]
            if text and (label.name not in MONEY or cells.money(text, "元") is not None):
                self._take(label, [(label.column, text)], line)
                found = True
        return found

    def _pay(self, line: Line, texts: list[tuple[int, str]]) -> None:
        """Take in a row of the payment plan."""
        if self.block is not None:
            payments = self.block.payments
            if not payments.points:
                payments.row, payments.place = line.number, line.place
            payments.add(texts, len(line.cells), line.padded)

    def _goes_on(self, block: Block, text: str) -> None:
        """A text that continues the goal above it."""
        name = next((name for name in reversed(block.said) if name in GOALS and block.said[name][-1].text), None)
        if name:
            last = block.said[name].pop()
            block.said[name].append(last._replace(text=f"{last.text}\n{text}"))


def bare(text: str) -> str:
    """A text without blanks, to compare it by."""
    return re.sub(r"\s", "", cells.plain(text))


def _alone(label: Label, found: list[Label]) -> bool:
    """Whether no other label stands right beside this one."""
    return all(other.column != label.column + 1 for other in found)


def _repeats(block: Block, before: Block) -> bool:
    """Whether a block says nothing that the one before has not said in the same words."""
    said = [(name, one) for name, all_said in block.said.items() for one in all_said if one.text]
    same = all(any(bare(one.text) == bare(other.text) for other in before.said.get(name, ())) for name, one in said)
    return same and not block.payments.points and not block.indicators


def _differs(before: list[Said], text: str) -> bool:
    """Whether a label was followed by another text before."""
    now = bare(text)
    return bool(now) and any(said.text and bare(said.text) != now for said in before)
