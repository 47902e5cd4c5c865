"""The official forms laid out as their originals: head, money, goal and indicators in merged cells, what is missing marked."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from data.words import Words
from pages.parts import figures
from pages.parts.exports import Context, plain_text, safe
from pages.parts.grid import Box, Sheet, runs, spread

Row = dict[str, Any]
Columns = Callable[[str, str], Sequence[dict[str, str]]]
Lacks = Callable[[str, Row, str], bool]
MONEY = {"original_budget", "current_budget", "spent", "expected_spent", "due_amount", "gap_amount"}
SHARES = {"spent_share", "due_share"}
LEVELS = ("level1", "level2")
LAYOUT = ("form", "part", "name", "zh", "en", "width", "group_zh", "group_en")
LABEL = 1


def laid_out(form: Row, about: Context, columns: Columns, lacks: Lacks) -> Sheet:
    """One project's form; `columns` gives a part's columns, `lacks` whether a cell misses what it needs."""
    return _Form(form, about, columns, lacks).sheet()


class _Form:
    """One form, laid out from the top down."""

    def __init__(self, form: Row, about: Context, columns: Columns, lacks: Lacks) -> None:
        self.form, self.about, self.say, self.columns, self.lacks = form, about, about.say, columns, lacks
        self.parts = {part["name"]: part for part in columns(form["form"], "parts")}
        self.widths = [max(float(part["width"]) for part in self.parts.values())]
        self.widths += [float(column["width"]) for column in columns(form["form"], "indicators")]
        self.boxes: list[Box] = []
        self.at = 0

    def sheet(self) -> Sheet:
        """The parts in the order of the file, then the total of a self-evaluation and the notes."""
        say, form = self.say, self.form
        for part in self.parts:
            {"head": self._head, "money": self._money, "goal": self._goal, "indicators": self._indicators}[part](part)
        if form["form"] == "selfeval":
            self._total()
        mark = f"【{say('sample.mark')}】" if self.about.facts["sample"] else ""
        estimate = say("forms.estimate") if form["form"] == "selfeval" and form["estimated"] else ""
        under = say("forms.under", year=form["head"]["fiscal_year"], month=self.about.facts["as_of"].month)
        title = f"{mark}{say('forms.' + form['form'])}{estimate}"
        return Sheet(form["head"]["project_name"] or "", title, under, self.widths, self.boxes, [*self._notes(), *self.about.feet])

    def _put(self, column: int, width: int, value: Any, kind: str, height: int = 1, row: int | None = None) -> None:
        self.boxes.append(Box(self.at if row is None else row, column, height, width, value, kind))

    def _head(self, part: str) -> None:
        """Name and value, two of them on a line."""
        fields, row = self.columns(self.form["form"], part), self.form["head"]
        for start in range(0, len(fields), 2):
            pair = fields[start : start + 2]
            places = spread(LABEL, self.widths, [4, 2, 4][: 2 * len(pair) - 1])
            for (column, width), field in zip([places[0], places[-1]][: len(pair)], pair, strict=True):
                if field is pair[0]:
                    self._put(0, LABEL, self._heading(field), "head")
                else:
                    self._put(*places[1], self._heading(field), "head")
                self._put(column, width, *self._cell(part, 1, row, field["name"]))
            self.at += 1

    def _money(self, part: str) -> None:
        columns, rows = self.columns(self.form["form"], part), self.form["money"]
        places = spread(LABEL, self.widths, [float(column["width"]) for column in columns])
        self._put(0, LABEL, self._part(part), "head", 1 + len(rows))
        for place, column in zip(places, columns, strict=True):
            self._put(*place, self._heading(column), "head")
        for number, row in enumerate(rows, start=1):
            for place, column in zip(places, columns, strict=True):
                self._put(*place, *self._cell(part, number, row, column["name"]), row=self.at + number)
        self.at += 1 + len(rows)

    def _goal(self, part: str) -> None:
        """One text beside its label, or several below their headings."""
        columns = self.columns(self.form["form"], part)
        places = spread(LABEL, self.widths, [float(column["width"]) for column in columns])
        several = len(columns) > 1
        self._put(0, LABEL, self._part(part), "head", 1 + several)
        for place, column in zip(places, columns, strict=True):
            if several:
                self._put(*place, self._heading(column), "head")
            self._put(*place, *self._cell(part, 1, self.form, column["name"]), row=self.at + several)
        self.at += 1 + several

    def _indicators(self, part: str) -> None:
        """Headings with those above several, then a row for each indicator, its levels merged down."""
        say, columns, rows = self.say, self.columns(self.form["form"], part), self.form["indicators"]
        groups = [column[f"group_{say.language}"] or None for column in columns]
        deep = 1 + any(groups)
        self._put(0, LABEL, self._part(part), "head", deep + len(rows))
        for start, length in runs(groups):
            if groups[start]:
                self._put(LABEL + start, length, groups[start], "head")
        for place, column in enumerate(columns, start=LABEL):
            above = bool(groups[place - LABEL])
            self._put(place, 1, self._heading(column), "head", deep - above, self.at + above)
        self.at += deep
        merged = [column["name"] for column in columns if column["name"] in LEVELS]
        for place, column in enumerate(columns, start=LABEL):
            if column["name"] in LEVELS:
                names = merged[: merged.index(column["name"]) + 1]
                for start, length in runs([[row.get(name) for name in names] for row in rows]):
                    self._put(place, 1, *self._cell(part, start + 1, rows[start], column["name"]), length, self.at + start)
        for number, row in enumerate(rows, start=1):
            self._indicator(part, number, row, columns, groups)
        self.at += len(rows)

    def _indicator(self, part: str, number: int, row: Row, columns: Sequence[dict[str, str]], groups: Sequence[str | None]) -> None:
        """One row; a missing cell takes in the empty ones of its group behind it."""
        place = 0
        while place < len(columns):
            name, width = columns[place]["name"], 1
            value, kind = self._cell(part, number, row, name)
            if kind == "missing" and groups[place]:
                while (last := place + width) < len(columns) and groups[last] == groups[place] and not row.get(columns[last]["name"]):
                    width += 1
            if name not in LEVELS:
                self._put(LABEL + place, width, value, kind, row=self.at + number - 1)
            place += width

    def _total(self) -> None:
        """The last line of a self-evaluation: what all is worth, and the total where there is one."""
        form, columns = self.form, [column["name"] for column in self.columns(self.form["form"], "indicators")]
        worths = [row["worth"] for row in [*form["money"], *form["indicators"]] if row.get("worth") is not None]
        first = min(columns.index(name) for name in ("worth", "score")) + LABEL
        self._put(0, first, self.say("forms.sum"), "head")
        for place, name in enumerate(columns[first - LABEL :], start=first):
            value = {"worth": sum(worths, Decimal(0)), "score": form["points"]}.get(name)
            self._put(place, 1, "" if value is None else value, "number" if value is not None else "text")
        self.at += 1

    def _part(self, part: str) -> str:
        return self.parts[part][self.say.language]

    def _heading(self, column: dict[str, str], above: str = "") -> str:
        """The heading of a column, or the one above several of them where that is asked for and there is one."""
        return (above and column[f"{above}_{self.say.language}"]) or heading(column, self.about)

    def _cell(self, part: str, number: int, row: Row, name: str) -> tuple[Any, str]:
        """A cell's value and look: money in 万元, shares and scores as numbers, what is missing as its mark."""
        say, value = self.say, row.get(name)
        if self.lacks(part, row, name):
            return say("forms.missing"), "missing"
        mark = "proposed" if (part, number, name) in self.form["proposed"] else ""
        if name == "fund":
            return say(f"forms.{value}"), "text"
        if name == "why" and mark:
            value = _why(row, say)
        elif name == "achieved" and mark:
            value = achieved_text(value, say)
        elif name in ("reached", "expected") and part == "indicators":
            value = _said(row, name, say)
        if isinstance(value, Decimal):
            return figure(name, value, mark)
        if mark and len(value) == 1:
            return value, "tick"
        return plain_text("" if value is None else str(value)), mark or "text"

    def _notes(self) -> list[str]:
        """The total of a self-evaluation, what the estimate rests on, what is proposed, what is missing."""
        say, form, notes = self.say, self.form, []
        if form["form"] == "selfeval":
            told = {"points": form["points"], "grade": say(f"grade.{form['grade']}") if form["grade"] else "—"}
            notes.append(say("forms.total", **told) if form["points"] is not None else say("forms.open"))
            notes.append(say("forms.shared"))
            notes += [say("forms.no_level", level=level) for level in form["levels_missing"]]
        if form["form"] == "monitor" and form["low"] is not None:
            notes.append(say("forms.range", low=figures.wan(form["low"]), high=figures.wan(form["high"])))
        places = {(part, name) for part, _, name in form["proposed"]}
        if any(place[:2] == ("money", 2) for place in form["proposed"]):
            notes.append(say("forms.proposed_fiscal"))
        if any(part == "indicators" for part, _ in places):
            notes.append(say("forms.proposed"))
        notes += [say(f"forms.proposed_{name}") for part, name in sorted(places) if part in ("head", "goal")]
        if form["unexplained"]:
            notes.append(say("forms.unexplained"))
        return [*notes, self._open()]

    def _open(self) -> str:
        """How many cells are to be filled in, and under which headings."""
        say, missing = self.say, self.form["missing"]
        if not missing:
            return say("forms.complete")
        named = {(part, column["name"]): column for part in self.parts for column in self.columns(self.form["form"], part)}
        labels = (self._heading(column, "group") for part, _, name in missing if (column := named.get((part, name))))
        cells = say("month.and").join(f"{label} {count}" for label, count in Counter(labels).items())
        return say("forms.count", count=len(missing), cells=cells)


def layout_csv(rows: Sequence[dict[str, str]]) -> bytes:
    """A layout as a file to start a variant from: CSV with BOM and CRLF, in which no label acts as a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(LAYOUT)
    writer.writerows([safe(row[name]) for name in LAYOUT] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def heading(column: dict[str, str], about: Context) -> str:
    """The heading of a column; one of money carries its unit."""
    unit = about.say("unit.in") if column["name"] in MONEY else ""
    return column[about.say.language].format(month=about.facts["as_of"].month) + unit


def figure(name: str, value: Decimal, mark: str = "") -> tuple[Decimal, str]:
    """A number as it stands in a form, with its look: money in 万元, shares as fractions."""
    if name in MONEY:
        return value / figures.WAN, f"{mark}_money" if mark else "money"
    return value, f"{mark}_share" if mark and name in SHARES else "share" if name in SHARES else "number"


def _said(row: Row, name: str, say: Words) -> str:
    """A value with its unit, or a grade with its percent."""
    if name == "reached" and row["grade"]:
        return f"{say('result.' + row['grade'])} {figures.trimmed(row['percent'])}%"
    return "" if row[name] is None else f"{figures.trimmed(row[name])}{row['target_unit'] or ''}"


def achieved_text(facts: Row, say: Words) -> str:
    """What a project has achieved, in a sentence of its figures."""
    month = figures.month_short(facts["month"], say)
    spent = {"spent": figures.wan(facts["spent"]), "share": figures.percent(facts["spent_share"])}
    money = say("forms.achieved_money", **spent) if facts["spent"] is not None else say("forms.achieved_silent")
    told = {name: facts[name] for name in ("indicators", "reached", "short", "open")}
    return say("forms.achieved" if facts["indicators"] else "forms.achieved_bare", month=month, money=money, **told)


def _why(row: Row, say: Words) -> str:
    """The reason and the measure of an explanation, with its month where it is not the one of the form."""
    word, month = row["why"], row.get("why_month")
    measure = say("forms.measure", measure=word["measure"]) if word["measure"] else ""
    return f"{word['reason']}{measure}" + (say("forms.said_in", month=figures.month_short(month, say)) if month else "")
