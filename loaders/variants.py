"""A province's variant of the official forms as it arrives: its columns in their order with their labels, or what is amiss in it."""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from loaders.columns import Column
from loaders.confined import confined
from loaders.filled import read_filled
from loaders.problems import Problem, Reading

COLUMNS = (
    Column("form", ("form", "表", "表格"), needed=True),
    Column("part", ("part", "部分"), needed=True),
    Column("name", ("name", "列", "列名"), needed=True),
    Column("zh", ("zh", "中文", "中文标题", "标题"), needed=True),
    Column("en", ("en", "英文", "英文标题")),
    Column("width", ("width", "宽度", "列宽")),
    Column("group_zh", ("group_zh", "上级标题", "中文上级标题")),
    Column("group_en", ("group_en", "英文上级标题")),
)
LABELS = ("zh", "en", "group_zh", "group_en")
PARTS = "parts"
# A column that the province fills in by hand: its name is free behind this.
OWN = "own_"
LONGEST_LABEL, WIDEST = 60, 100
# The columns over which the other parts of a form are spread, and those without which a form says nothing.
BELOW = {"monitor": "indicators", "selfeval": "indicators", "summary": "projects"}
NEEDED = {
    **{("monitor", "money"): ("fund",), ("monitor", "indicators"): ("level3",)},
    **{("selfeval", "money"): ("fund",), ("selfeval", "indicators"): ("level3", "worth", "score")},
    ("summary", "projects"): ("project_name", "spent"),
}
PAIRED, PLACES = "head", 3
_OWN_NAME = re.compile(OWN + r"[a-z0-9_]{1,20}")
_WIDTH = re.compile(r"[0-9]{1,3}(\.[0-9]+)?")
_PLACEHOLDER = re.compile(r"\{month\}")
Row = dict[str, Any]
# The names that each part of each form may have.
Names = Mapping[tuple[str, str], Sequence[str]]


def read_variant_apart(content: bytes, standard: Sequence[Row], extra: Names) -> Reading:
    """What `read_variant` gives back, read in a process of its own; finding F07 where that failed."""
    return confined(read_variant, content, list(standard), dict(extra)) or Reading(None, problems=[Problem("F07")])


def read_variant(content: bytes, standard: Sequence[Row], extra: Names) -> Reading:
    """The rows of a layout file, what it leaves blank taken from the standard ones; never an exception.

    `standard` are the rows of the standard layout, `extra` the columns that a part may have beside those. A form that the
    file leaves out keeps its standard rows. Each row: form, part, name, zh, en, width, group_zh, group_en, all texts.
    """
    reading, rows = read_filled(content, COLUMNS, "variant", "A40")
    if reading.fatal:
        return reading
    variant = _Variant(reading, standard, extra)
    for number, texts in rows:
        if any(texts.values()):
            variant.take(number, texts)
    if not variant.forms and not reading.fatal:
        reading.problems.append(Problem("A40"))
    if not reading.fatal:
        variant.close()
    return reading


class _Variant:
    """A layout on its way in, row by row, and what it must be as a whole."""

    def __init__(self, reading: Reading, standard: Sequence[Row], extra: Names) -> None:
        self.reading, self.standard = reading, standard
        self.known = {(row["form"], row["part"], row["name"]): row for row in standard}
        self.names: dict[tuple[str, str], list[str]] = {}
        for form, part, name in self.known:
            self.names.setdefault((form, part), []).append(name)
        for place, names in extra.items():
            self.names[place] += names
        self.seen: dict[tuple[str, str, str], int] = {}
        self.forms: set[str] = set()

    def take(self, number: int, texts: dict[str, str]) -> None:
        """Add a row, or its findings."""
        texts = {column.name: texts.get(column.name, "").removeprefix("'").strip() for column in COLUMNS}
        key = (texts["form"], texts["part"], texts["name"])
        if not self._is_known(number, texts):
            return
        if first := self.seen.get(key):
            self._amiss("A44", number, "name", key[2], first=first)
            return
        self.seen[key] = number
        self.forms.add(key[0])
        usual = self.known.get(key, {})
        row = {**texts, "en": texts["en"] or usual.get("en") or texts["zh"], "width": texts["width"] or usual.get("width") or "12"}
        if not _WIDTH.fullmatch(row["width"]) or not 1 <= float(row["width"]) <= WIDEST:
            self._amiss("A45", number, "width", row["width"], f"1–{WIDEST}")
        for name in LABELS:
            if not _is_label(texts[name]):
                self._amiss("A46", number, name, texts[name][:LONGEST_LABEL], most=LONGEST_LABEL)
        if not row["zh"] and usual.get("zh", "-"):
            self._amiss("A47", number, "zh", key[2])
        self.reading.rows.append(row)

    def _amiss(self, code: str, number: int | None, column: str | None, value: str, expected: str | None = None, **facts: Any) -> None:
        heading = self.reading.headings.get(column, column) if column else None
        self.reading.problems.append(Problem(code, row=number, column=heading, value=value, expected=expected, facts=facts))

    def _is_known(self, number: int, texts: dict[str, str]) -> bool:
        """Whether form, part and column are ours; else a finding that says which there are."""
        form, part, name = texts["form"], texts["part"], texts["name"]
        forms = list(dict.fromkeys(one for one, _ in self.names))
        parts = [of for one, of in self.names if one == form]
        if form not in forms:
            self._amiss("A41", number, "form", form, " / ".join(forms))
        elif part not in parts:
            self._amiss("A42", number, "part", part, " / ".join(parts), form=form)
        elif name not in self.names[form, part] and not (part != PARTS and _OWN_NAME.fullmatch(name)):
            near = get_close_matches(name, self.names[form, part], 1, 0.6)
            self._amiss("A43", number, "name", name, near[0] if near else " / ".join(self.names[form, part]), form=form, part=part)
        else:
            return True
        return False

    def close(self) -> None:
        """What a form must have as a whole; the forms that the file leaves out are added as they are in the standard."""
        for form in self.forms:
            own: dict[str, list[str]] = {}
            for row in self.reading.rows:
                if row["form"] == form:
                    own.setdefault(row["part"], []).append(row["name"])
            self._check(form, own)
        self.reading.rows += [row for row in self.standard if row["form"] not in self.forms]

    def _check(self, form: str, own: dict[str, list[str]]) -> None:
        """The parts of one form: each named and with columns, those needed there, and enough below to spread the others over."""
        listed = own.pop(PARTS, None)
        if (form, PARTS) in self.names:
            for part in sorted({*(listed or ()), BELOW[form]} ^ {*own}):
                self._amiss("A48" if part in own else "A49", None, None, part, form=form)
        for (one, part), names in NEEDED.items():
            for name in names if one == form and part in own else ():
                if name not in own[part]:
                    self._amiss("A50", None, None, name, form=form, part=part)
        wide = {part: len(names) for part, names in own.items() if part not in (BELOW[form], PAIRED)}
        least = max([*wide.values(), PLACES if len(own.get(PAIRED, ())) > 1 else 1])
        if BELOW[form] in own and len(own[BELOW[form]]) < least:
            self._amiss("A51", None, None, str(len(own[BELOW[form]])), str(least), form=form, part=BELOW[form])


def _is_label(text: str) -> bool:
    """Whether a text may stand as a heading: not too long, and without a placeholder other than that of the month."""
    bare = _PLACEHOLDER.sub("", text)
    return len(text) <= LONGEST_LABEL and not re.search(r"[{}\x00-\x1f]", bare)
