"""The payment plan of one form: months and figures wherever they stand, as yet without a meaning."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from loaders import cells

DASHES = frozenset({"-", "--", "—", "——", "/", "无"})
_FIGURE = re.compile(r"[0-9]")
_INLINE = re.compile(
    r"(?P<month>(?:截至)?(?:第?[一二三四1-4]季度?|[0-9一二三四五六七八九十]{1,3}月|上半年|全年)[份底末前]*)"
    r"(?:累计|支出|完成|支付|达到?|进度|比例|占)*[:：]?(?P<figure>[0-9][0-9.,]*(?:%|％|万?元))[;；,，、。]*"
)
Text = tuple[int, str]


@dataclass
class Payments:
    """Months and figures of a payment plan: `points` are pairs of both, `amiss` what could not be paired."""

    heading: str = ""
    months: list[Text] = field(default_factory=list)
    width: int = 0
    points: list[tuple[str, str]] = field(default_factory=list)
    blank: list[str] = field(default_factory=list)
    amiss: list[str] = field(default_factory=list)
    row: int | None = None
    place: str = ""

    def add(self, texts: Sequence[Text], width: int, padded: bool) -> None:
        """Take in one row: months, figures below the months, or both in turn."""
        texts = [(column, text) for column, text in texts if cells.plain(text) not in DASHES]
        months = [entry for entry in texts if cells.checkpoint_month(entry[1])]
        lead = texts.index(months[0]) if months else 0
        self.heading += "".join(text for _, text in texts[:lead])
        others = [entry for entry in texts[lead:] if entry not in months]
        if months and others:
            self._pair(texts[lead:], months, others)
        elif months:
            self._head(months, width)
        elif others and self.months and not self.points:
            self._align(others, width, padded)
        elif others and not self.months and not self.points:
            self._inline("".join(text for _, text in others))

    def _head(self, months: list[Text], width: int) -> None:
        if not self.points:
            self.months, self.width = months, width
        elif [text for _, text in months] != [text for _, text in self.months]:
            self.amiss.append(" ".join(text for _, text in months))

    def _pair(self, texts: Sequence[Text], months: list[Text], others: list[Text]) -> None:
        """A month and its figure in turn, or all months and then all figures."""
        in_turn = texts[::2] == months and texts[1::2] == others
        if len(months) == len(others) and (in_turn or list(texts) == months + others):
            self.points += [(month, figure) for (_, month), (_, figure) in zip(months, others, strict=True)]
        else:
            self.amiss.append(" ".join(text for _, text in texts))

    def _align(self, others: list[Text], width: int, padded: bool) -> None:
        """The figures below the months: by their columns, else in their order where there are as many."""
        if len(others) > len(self.months) and not _FIGURE.search(others[0][1]):
            self.heading += others.pop(0)[1]
        columns = dict(self.months)
        if (padded or width == self.width) and all(column in columns for column, _ in others):
            told = dict(others)
            self.points = [(month, told[column]) for column, month in self.months if column in told]
            self.blank = [month for column, month in self.months if column not in told]
        elif len(others) == len(self.months):
            self.points = [(month, figure) for (_, month), (_, figure) in zip(self.months, others, strict=True)]
        else:
            self.amiss.append(" ".join(text for _, text in others))

    def _inline(self, text: str) -> None:
        """A plan in one sentence, such as 3月底25%，6月底50%; anything else is no plan."""
        bare = re.sub(r"\s", "", text)
        found = list(_INLINE.finditer(bare))
        if found and "".join(match[0] for match in found) == bare:
            self.points = [(match["month"], match["figure"]) for match in found]
