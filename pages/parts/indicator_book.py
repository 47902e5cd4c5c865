"""The template of indicators as XLSX and CSV: the plan's own words on the left, what is to be filled in on the right."""

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from data.words import Words
from pages.parts import figures
from pages.parts.exports import plain_text, safe, styles_of

Row = dict[str, Any]
PLANNED = (
    *("unit_code", "project_code", "project_name", "position", "level1", "level2", "level3"),
    *("comparator", "target", "target_unit"),
)
FILLED = ("reached", "expected", "grade", "percent", "note")
WIDTHS = {"project_code": 24, "project_name": 30, "level3": 30, "level2": 18, "note": 24, "reached": 13, "expected": 13}
_RATE = "%"


def headings(say: Words) -> list[str]:
    """The headings of the template in their order."""
    return [say(f"template.{name}") for name in (*PLANNED, *FILLED)]


def indicators_csv(rows: Sequence[Row], say: Words) -> bytes:
    """The template as CSV with BOM, a row for each indicator, with what was said of it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headings(say))
    for row in rows:
        cells = [_cell(row, name, say) for name in (*PLANNED, *FILLED)]
        writer.writerow([safe(cell) if isinstance(cell, str) else figures.trimmed(cell) for cell in cells])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def indicators_workbook(rows: Sequence[Row], say: Words, grades: Sequence[str]) -> bytes:
    """The template as XLSX: what an indicator does not have is grey, grades are chosen from a list, a sheet says how to fill it in."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    styles = styles_of(book)
    line = {"border": 1, "border_color": "#BBBBBB", "valign": "vcenter"}
    styles |= {
        "open": book.add_format({**line, "bg_color": "#FFFBE6", "locked": False}),
        # In a text cell a spreadsheet leaves 95% as it is typed; elsewhere it would keep 0.95.
        "open_text": book.add_format({**line, "bg_color": "#FFFBE6", "num_format": "@", "locked": False}),
        "closed": book.add_format({**line, "bg_color": "#E3E6EA"}),
    }
    sheet = book.add_worksheet(say("template.sheet"))
    names = (*PLANNED, *FILLED)
    for place, heading in enumerate(headings(say)):
        sheet.write_string(0, place, heading, styles["head"])
        sheet.set_column(place, place, WIDTHS.get(names[place], 11))
    for number, row in enumerate(rows, start=1):
        for place, name in enumerate(names):
            _write(sheet, (number, place), _cell(row, name, say), styles[_style(row, name)])
    if rows:
        grade = names.index("grade")
        sheet.data_validation(1, grade, len(rows), grade, {"validate": "list", "source": list(grades), "ignore_blank": True})
    sheet.freeze_panes(1, 4)
    sheet.autofilter(0, 0, max(len(rows), 1), len(names) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    how = book.add_worksheet(say("template.how_sheet"))
    how.set_column(0, 0, 110, book.add_format({"text_wrap": True, "valign": "top"}))
    for number, text in enumerate(say("template.how").split("；" if say.language == "zh" else "; ")):
        how.write_string(number, 0, text)
    book.close()
    return content.getvalue()


def _write(sheet: Any, at: tuple[int, int], value: Decimal | str, style: Any) -> None:
    if value == "":
        sheet.write_blank(*at, None, style)
    elif isinstance(value, str):
        sheet.write_string(*at, plain_text(value), style)
    else:
        sheet.write_number(*at, value, style)


def _cell(row: Row, name: str, say: Words) -> Decimal | str:
    """What stands in a cell: a text, or a number where one is counted; empty for what is not known."""
    value = row.get(name)
    if value is None:
        return ""
    if name == "grade":
        return say(f"result.{value}")
    if name in ("reached", "expected") and row["target_unit"] == _RATE:
        return f"{figures.trimmed(value)}%"
    return Decimal(value) if isinstance(value, int) else value


def _style(row: Row, name: str) -> str:
    if name in PLANNED:
        return "number" if name == "position" else "text"
    if name == "note":
        return "open_text"
    if (name in ("grade", "percent")) == bool(row["comparator"]):
        return "closed"
    return "open_text" if name == "grade" or row["target_unit"] == _RATE else "open"
