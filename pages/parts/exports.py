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
from pages.parts import figures, selection

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
    "at_risk",
    "follow_up",
    "missing",
    "streak",
    "trend",
    "cause",
    "reason",
    "repeated",
    "measure",
    "responsible",
    "promise",
    "promise_due",
    "outcome",
)
MONEY = {"current_budget", "due_amount", "spent", "gap_amount", "needed_to_next", "original_budget", "promise"}
SHARES = {"due_share", "spent_share", "completion"}
WIDTHS = {
    **{"project_code": 23, "project_name": 30, "unit_code": 8, "unit_name": 24, "reason": 28, "measure": 28, "cause": 10, "outcome": 14},
    **dict.fromkeys(("due_share", "spent_share", "gap_share", "completion", "status", "trend", "responsible"), 9),
    **dict.fromkeys(("months_left", "at_risk", "follow_up", "missing", "streak", "repeated", "promise_due"), 7),
}
_WORDED = ("status", "trend", "cause", "outcome")
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
    def watched_title(self) -> str:
        """The title over the projects beside the list, which are in none of its sums."""
        month = figures.month_name(self.facts["as_of"], self.say)
        return self.say("behind.watched_title", month=month, count=len(self.facts["watched"]))

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
        elif facts.get("newest"):
            lines.append(say("behind.newest", moment=figures.moment_name(facts["newest"])))
        if facts.get("layout"):
            lines.append(say("forms.layout_foot", name=plain_text(facts["layout"])))
        if self.filters:
            lines.append(say("behind.filters", filters="; ".join(f"{name}={value}" for name, value in self.filters.items())))
        if facts["sample"]:
            lines.append(say("sample.banner"))
        return lines


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula, without control characters."""
    clean = _CONTROL.sub("", text)
    return f"'{clean}" if _FORMULA.search(text) or _FORMULA.search(clean) else clean


def plain_text(text: str) -> str:
    """Text without control characters."""
    return _CONTROL.sub("", text)


def heading(name: str, say: Words) -> str:
    """The heading of a column; one of money carries its unit."""
    return say(f"column.{name}") + (say("unit.in") if name in MONEY else "")


def cell_of(row: Row, name: str, say: Words) -> Decimal | str | int | None:
    """A cell's value as it is exported: money in 万元, words for statuses, causes and outcomes."""
    value = row.get(name)
    if name in _WORDED and value is not None:
        share = (
            f" {figures.percent(row['kept_share'])}" if name == "outcome" and value == "part" and row.get("kept_share") is not None else ""
        )
        return say(f"{name}.{value}") + share
    if isinstance(value, bool):
        return say("yes" if value else "no")
    if name in MONEY and value is not None:
        return value / figures.WAN
    if name == "gap_share" and value is not None:
        return value * 100
    return value


def list_feet(rows: Sequence[Row], about: Context, mark: str = "") -> list[str]:
    """The lines under the lagging list: the reasons still owed and how their cells are marked, what stands beside the list, then
    those under every export."""
    told = selection.owed([row for row in rows if row["status"] in selection.STATUSES], about.say)
    return [plain_text(line) for line in (*([told + mark] if told else []), *about.facts.get("beside", ()), *about.feet)]


def behind_csv(rows: Sequence[Row], about: Context, grouped: bool = False) -> bytes:
    """The lagging list as CSV: BOM, CRLF, amounts in 万元 with six decimals at most, shares as fractions; sums below it,
    then the projects that are to be watched."""
    say = about.say
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([heading(name, say) for name in BEHIND])
    writer.writerows(_csv_row(row, say) for row in rows)
    writer.writerow(_sum_row(rows, {"project_code": say("behind.sum")}))
    for unit, own in selection.by_unit(rows) if grouped else ():
        named = {"unit_code": unit["unit_code"], "unit_name": unit["unit_name"] or ""}
        writer.writerow(_sum_row(own, {"project_code": say("list.subtotal"), **named}))
    if watched := about.facts.get("watched"):
        writer.writerows([[], [safe(about.watched_title)], *(_csv_row(row, say) for row in watched)])
    for line in ("", about.title, *list_feet(rows, about)):
        writer.writerow([safe(line)] if line else [])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _csv_row(row: Row, say: Words) -> list[Any]:
    cells = [cell_of(row, name, say) for name in BEHIND]
    return [safe(cell) if isinstance(cell, str) else figures.trimmed(cell) if isinstance(cell, Decimal) else cell for cell in cells]


def _sum_row(rows: Sequence[Row], named: dict[str, str]) -> list[str]:
    """The sums of the columns of money, exactly, with the words beside them."""
    sums = {name: sum((row.get(name) or Decimal(0) for row in rows), Decimal(0)) / figures.WAN for name in MONEY}
    return [figures.trimmed(sums[name]) if name in sums else safe(named.get(name, "")) for name in BEHIND]


def styles_of(book: xlsxwriter.Workbook) -> dict[str, Any]:
    """The looks of cells, by name."""
    line = {"border": 1, "border_color": "#BBBBBB", "valign": "vcenter"}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({**line, "bold": True, "bg_color": "#EEF1F4", "text_wrap": True, "align": "center"}),
        "text": book.add_format({**line, "num_format": "@", "text_wrap": True}),
        # A formula whose cell is formatted as text turns into text once somebody edits it.
        "word": book.add_format({**line, "text_wrap": True}),
        "owed": book.add_format({**line, "num_format": "@", "text_wrap": True, "bg_color": "#FFF3C4"}),
        "number": book.add_format({**line, "num_format": "0"}),
        "money": book.add_format({**line, "num_format": "#,##0.00"}),
        "share": book.add_format({**line, "num_format": "0.0%"}),
        "points": book.add_format({**line, "num_format": "0.0"}),
        "foot": book.add_format({"font_color": "#555555", "font_size": 9}),
        "sum": book.add_format({**line, "num_format": "#,##0.00", "bold": True}),
        "sum_text": book.add_format({**line, "bold": True}),
    }


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
    styles = styles_of(book)
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
