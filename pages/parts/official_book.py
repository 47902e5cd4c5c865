"""The official forms as a workbook: a sheet for each project, laid out as on paper, what is missing marked in its cell."""

import io
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from data.words import Words
from pages.parts import figures
from pages.parts.exports import Context, plain_text

Row = dict[str, Any]
Columns = Callable[[str, str], Sequence[dict[str, str]]]
_MONEY = {"original_budget", "current_budget", "spent", "expected_spent"}
_LINE = 16


def forms_workbook(forms: Sequence[Row], about: Context, columns: Columns, lacks: Callable[[str, Row, str], bool]) -> bytes:
    """The filled forms as XLSX; `columns` gives a part's columns, `lacks` whether a cell misses what it needs."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    line = {"border": 1, "valign": "vcenter", "text_wrap": True}
    styles = {
        "title": book.add_format({"bold": True, "font_size": 16, "align": "center"}),
        "head": book.add_format({**line, "bold": True, "align": "center", "bg_color": "#EEF1F4"}),
        "text": book.add_format({**line, "num_format": "@"}),
        "money": book.add_format({**line, "num_format": "#,##0.00"}),
        "share": book.add_format({**line, "num_format": "0.0%"}),
        "missing": book.add_format({**line, "font_color": "#B3261E", "italic": True}),
        "foot": book.add_format({"font_color": "#555555", "font_size": 9}),
    }
    for number, form in enumerate(forms, start=1):
        _Sheet(book.add_worksheet(f"{number:02d}"), form, about, styles).fill(columns, lacks)
    book.close()
    return content.getvalue()


class _Sheet:
    """One form on its sheet, written from the top down."""

    def __init__(self, sheet: Any, form: Row, about: Context, styles: Row) -> None:
        self.sheet, self.form, self.about, self.styles, self.at = sheet, form, about, styles, 0
        self.widths: Sequence[dict[str, str]] = ()

    def fill(self, columns: Columns, lacks: Callable[[str, Row, str], bool]) -> None:
        """Title, head, money, goal, indicators, the total, what is missing, the foot."""
        say, form, kind = self.about.say, self.form, self.form["form"]
        parts = {name: columns(kind, name) for name in ("head", "money", "goal", "indicators")}
        last = len(parts["indicators"]) - 1
        mark = f"【{say('sample.mark')}】" if self.about.facts["sample"] else ""
        estimate = say("forms.estimate") if kind == "selfeval" and form["estimated"] else ""
        self.sheet.merge_range(0, 0, 0, last, f"{mark}{say(f'forms.{kind}')}{estimate}", self.styles["title"])
        self.sheet.write_string(1, 0, say("forms.under", year=form["head"]["fiscal_year"], month=self.month), self.styles["foot"])
        self.at, self.widths = 2, parts["indicators"]
        for name, rows in (("head", [form["head"]]), ("goal", [form])):
            for column in parts[name]:
                self.sheet.write_string(self.at, 0, self._label(column), self.styles["head"])
                text, style = self._cell(name, rows[0], column["name"], lacks)
                self._raise([text], [sum(float(other["width"]) for other in self.widths[1:])])
                self.sheet.merge_range(self.at, 1, self.at, last, text, self.styles[style])
                self.at += 1
        for name in ("money", "indicators"):
            self._write_table(name, parts[name], lacks)
        self._close(kind)
        for place, column in enumerate(parts["indicators"]):
            self.sheet.set_column(place, place, int(column["width"]))
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer("&C&P / &N")

    def _raise(self, values: Sequence[Any], widths: Sequence[float]) -> None:
        """Make the row high enough for its longest text: no spreadsheet does so by itself when it opens a file."""
        lines = [-(-_signs(value) // (width - 1)) for value, width in zip(values, widths, strict=True) if isinstance(value, str)]
        self.sheet.set_row(self.at, _LINE * max([1, *lines]))

    @property
    def month(self) -> int:
        return self.about.facts["as_of"].month

    def _label(self, column: dict[str, str]) -> str:
        unit = self.about.say("unit.in") if column["name"] in _MONEY else ""
        return column[self.about.say.language].format(month=self.month) + unit

    def _write_table(self, part: str, columns: Sequence[dict[str, str]], lacks: Callable[[str, Row, str], bool]) -> None:
        for place, column in enumerate(columns):
            self.sheet.write_string(self.at, place, self._label(column), self.styles["head"])
        widths = [float(column["width"]) for column in self.widths[: len(columns)]]
        self._raise([self._label(column) for column in columns], widths)
        for row in self.form[part]:
            self.at += 1
            filled = [self._cell(part, row, column["name"], lacks) for column in columns]
            self._raise([value for value, _ in filled], widths)
            for place, (value, style) in enumerate(filled):
                write = self.sheet.write_string if isinstance(value, str) else self.sheet.write_number
                write(self.at, place, value, self.styles[style])
        self.at += 1

    def _cell(self, part: str, row: Row, name: str, lacks: Callable[[str, Row, str], bool]) -> tuple[Any, str]:
        """A cell's value and style: money in 万元, shares and scores as numbers, what is missing as its mark."""
        say, value = self.about.say, row.get(name)
        if lacks(part, row, name):
            return say("forms.missing"), "missing"
        if name == "fund":
            return say(f"forms.{value}"), "text"
        if name in ("reached", "expected") and part == "indicators":
            return plain_text(_said(row, name, say)), "text"
        if isinstance(value, Decimal):
            return (value / figures.WAN, "money") if name in _MONEY else (value, "share" if name == "spent_share" else "money")
        return plain_text("" if value is None else str(value)), "text"

    def _close(self, kind: str) -> None:
        """The total of a self-evaluation, how many cells are missing, and the foot."""
        say, form = self.about.say, self.form
        lines = []
        if kind == "selfeval":
            lines.append(
                say("forms.open")
                if form["points"] is None
                else say("forms.total", points=figures.trimmed(form["points"]), grade=say(f"grade.{form['grade']}"))
            )
            lines.append(say("forms.shared"))
            lines += [say("forms.no_level", level=level) for level in form["levels_missing"]]
        lines.append(say("forms.count", count=len(form["missing"])))
        for number, text in enumerate([*lines, *self.about.feet], start=self.at + 1):
            self.sheet.write_string(number, 0, plain_text(text), self.styles["foot"])


def _signs(text: str) -> int:
    """How wide a text is, in western signs."""
    return sum(2 if sign > "\u2000" else 1 for sign in text)


def _said(row: Row, name: str, say: Words) -> str:
    """A value with its unit, or a grade with its percent."""
    if name == "reached" and row["grade"]:
        return f"{say('result.' + row['grade'])} {figures.trimmed(row['percent'])}%"
    return "" if row[name] is None else f"{figures.trimmed(row[name])}{row['target_unit'] or ''}"
