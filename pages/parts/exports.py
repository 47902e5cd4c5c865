"""Rows become workbooks and CSV files that open rightly in Excel; the only door to XlsxWriter."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter

from data.words import Words
from pages.parts import figures

Row = dict[str, Any]
BEHIND = (
    "project_code",
    "project_name",
    "unit_code",
    "unit_name",
    "current_budget",
    "due_share",
    "spent_share",
    "gap_share",
    "due_amount",
    "spent",
    "gap_amount",
    "needed_to_next",
    "months_left",
    "completion",
    "status",
    "follow_up",
    "missing",
)
MONEY = {"current_budget", "due_amount", "spent", "gap_amount", "needed_to_next", "original_budget"}
SHARES = {"due_share", "spent_share", "completion"}
WIDTHS = {"project_code": 24, "project_name": 38, "unit_name": 30}
_FORMULA = re.compile(r"^[\s\u00a0\u3000]*[=+\-@＝＋－＠]|^[\t\r\n\x00]|[\r\n][\s\u00a0\u3000]*[=+\-@＝＋－＠]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Context:
    """What an export says beside its rows: month, coverage, rules, batches, filters, sample or not."""

    def __init__(self, facts: dict[str, Any], say: Words, filters: dict[str, Any]) -> None:
        """Keep the facts and the language."""
        self.facts, self.say = facts, say
        self.filters = {name: value for name, value in filters.items() if value not in (None, "", [], ())}

    @property
    def title(self) -> str:
        """The title over the rows, marked where sample data is in it."""
        say = self.say
        mark = f"【{say('sample.mark')}】" if self.facts["sample"] else ""
        return mark + say("behind.title", month=figures.month_name(self.facts["as_of"], say))

    @property
    def feet(self) -> list[str]:
        """The lines under the rows, so that the paper can be followed back."""
        say, facts = self.say, self.facts
        lines = [
            figures.foot(facts["whole"], facts["rule"], facts["as_of"], say),
            figures.bands(facts["rule"], say),
            say("behind.batches", batches=", ".join(map(str, facts["batches"])) or "—"),
        ]
        if facts["known_at"]:
            lines.append(say("behind.known", moment=figures.moment_name(facts["known_at"])))
        if self.filters:
            lines.append(say("behind.filters", filters="; ".join(f"{name}={value}" for name, value in self.filters.items())))
        if facts["sample"]:
            lines.append(say("sample.banner"))
        return lines


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula, without control characters."""
    clean = _CONTROL.sub("", text)
    return f"'{clean}" if _FORMULA.search(text) or _FORMULA.search(clean) else clean


def _shown(row: Row, name: str, say: Words) -> Decimal | str | int | None:
    """A cell's value as it is exported: money in 万元, words for statuses."""
    value = row[name]
    if name == "status":
        return say(f"status.{value}")
    if isinstance(value, bool):
        return say("yes" if value else "no")
    if name in MONEY and value is not None:
        return value / figures.WAN
    if name == "gap_share" and value is not None:
        return value * 100
    return value


def behind_csv(rows: Sequence[Row], about: Context) -> bytes:
    """The lagging list as CSV: BOM, CRLF, amounts in 万元 with six decimals at most, shares as fractions."""
    say = about.say
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([say(f"column.{name}") for name in BEHIND])
    for row in rows:
        cells = [_shown(row, name, say) for name in BEHIND]
        writer.writerow(
            [safe(cell) if isinstance(cell, str) else figures.trimmed(cell) if isinstance(cell, Decimal) else cell for cell in cells]
        )
    for line in ("", about.title, *about.feet):
        writer.writerow([safe(line)] if line else [])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def behind_workbook(rows: Sequence[Row], about: Context) -> bytes:
    """The lagging list as XLSX: typed cells, frozen header, a printable page, a sum and the footer."""
    say = about.say
    content = io.BytesIO()
    book = xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    styles = _styles(book)
    sheet = book.add_worksheet(say("behind.sheet"))
    sheet.merge_range(0, 0, 0, len(BEHIND) - 1, about.title, styles["title"])
    for column, name in enumerate(BEHIND):
        sheet.write_string(1, column, say(f"column.{name}"), styles["head"])
        sheet.set_column(column, column, WIDTHS.get(name, 12))
    for number, row in enumerate(rows, start=2):
        for column, name in enumerate(BEHIND):
            _write(sheet, (number, column), name, _shown(row, name, say), styles)
    end = len(rows) + 2
    _write_sums(sheet, end, rows, say, styles)
    for number, line in enumerate(about.feet, start=end + 2):
        sheet.write_string(number, 0, line, styles["foot"])
    _set_up(sheet, end, say)
    book.set_properties({"title": about.title})
    book.close()
    return content.getvalue()


def _styles(book: xlsxwriter.Workbook) -> dict[str, Any]:
    line = {"border": 1, "border_color": "#BBBBBB", "valign": "vcenter"}
    return {
        "title": book.add_format({"bold": True, "font_size": 14, "align": "center"}),
        "head": book.add_format({**line, "bold": True, "bg_color": "#EEF1F4", "text_wrap": True, "align": "center"}),
        "text": book.add_format({**line, "num_format": "@", "text_wrap": True}),
        "number": book.add_format({**line, "num_format": "0"}),
        "money": book.add_format({**line, "num_format": "#,##0.00"}),
        "share": book.add_format({**line, "num_format": "0.0%"}),
        "points": book.add_format({**line, "num_format": "0.0"}),
        "foot": book.add_format({"font_color": "#555555", "font_size": 9}),
        "sum": book.add_format({**line, "num_format": "#,##0.00", "bold": True}),
        "sum_text": book.add_format({**line, "bold": True}),
    }


def _write(sheet: Any, place: tuple[int, int], name: str, value: Any, styles: dict[str, Any]) -> None:
    if value is None:
        sheet.write_blank(*place, None, styles["text"])
    elif isinstance(value, str):
        sheet.write_string(*place, _CONTROL.sub("", value), styles["text"])
    else:
        style = "money" if name in MONEY else "share" if name in SHARES else "points" if name == "gap_share" else "number"
        sheet.write_number(*place, value, styles[style])


def _write_sums(sheet: Any, end: int, rows: Sequence[Row], say: Words, styles: dict[str, Any]) -> None:
    """A bold last line with the sums of the columns of money."""
    for column, name in enumerate(BEHIND):
        if name in MONEY:
            sheet.write_number(end, column, sum((row[name] or Decimal(0) for row in rows), Decimal(0)) / figures.WAN, styles["sum"])
        else:
            sheet.write_string(end, column, say("behind.sum") if column == 0 else "", styles["sum_text"])


def _set_up(sheet: Any, end: int, say: Words) -> None:
    sheet.freeze_panes(2, 2)
    sheet.autofilter(1, 0, max(end - 1, 1), len(BEHIND) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    sheet.set_footer("&C&P / &N")


def template_csv(plan: Sequence[Row], month: date, headings: Sequence[str]) -> bytes:
    """The template of disbursements as CSV with BOM, one row for each project of the plan."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([safe(cell) for cell in row] for row in _template(plan, month))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def template_workbook(plan: Sequence[Row], month: date, headings: Sequence[str], say: Words) -> bytes:
    """The template as XLSX, codes as text so that no spreadsheet turns them into numbers."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    styles = _styles(book)
    sheet = book.add_worksheet(say("upload.template_sheet"))
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, styles["head"])
        sheet.set_column(
            column, column, {"项目编码": 26, "项目名称": 40}.get(heading, 12), styles["text"] if heading != "支出金额" else styles["money"]
        )
    for number, row in enumerate(_template(plan, month), start=1):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell, styles["text"]) if cell else sheet.write_blank(number, column, None, styles["text"])
    sheet.freeze_panes(1, 0)
    book.close()
    return content.getvalue()


def _template(plan: Sequence[Row], month: date) -> list[list[str]]:
    return [
        [
            str(month.year),
            f"{month:%Y-%m}",
            row["unit_code"],
            row["project_code"],
            row["project_name"],
            "",
            "元",
            "当月",
            "财政资金",
            "",
            "",
        ]
        for row in plan
    ]
