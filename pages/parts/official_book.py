"""Forms as a workbook: a sheet for each, merged as on paper, numbers as numbers."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from pages.parts.exports import plain_text
from pages.parts.grid import Box, Sheet, lines

_LINE, _TOP = 15, 2
A4 = 9


def forms_workbook(sheets: Sequence[Sheet]) -> bytes:
    """The forms as XLSX, each on its sheet; no text can act as a formula."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    styles = _styles(book)
    for number, sheet in enumerate(sheets, start=1):
        _write(book.add_worksheet(f"{number:02d}"), sheet, styles)
    book.close()
    return content.getvalue()


def _styles(book: Any) -> dict[str, Any]:
    """The looks of boxes, by kind."""
    line = {"border": 1, "valign": "vcenter", "text_wrap": True}
    numbers = {"money": "#,##0.00", "share": "0.0%", "number": "#,##0.00", "count": "0"}
    proposed = {"font_color": "#1F5FA8", "italic": True}
    return {
        "title": book.add_format({"bold": True, "font_size": 16, "align": "center"}),
        "under": book.add_format({"font_color": "#555555", "font_size": 9, "align": "center"}),
        "foot": book.add_format({"font_color": "#555555", "font_size": 9}),
        "head": book.add_format({**line, "bold": True, "align": "center", "bg_color": "#EEF1F4"}),
        "text": book.add_format({**line, "num_format": "@"}),
        "missing": book.add_format({**line, "font_color": "#B3261E", "italic": True, "align": "center"}),
        "tick": book.add_format({**line, **proposed, "align": "center"}),
        "proposed": book.add_format({**line, **proposed, "num_format": "@"}),
        "proposed_money": book.add_format({**line, **proposed, "num_format": numbers["money"]}),
        "proposed_share": book.add_format({**line, **proposed, "num_format": numbers["share"]}),
        "choice": book.add_format({**line, "num_format": "@", "align": "center"}),
        "sum_text": book.add_format({**line, "bold": True}),
        **{kind: book.add_format({**line, "num_format": form}) for kind, form in numbers.items()},
        **{f"sum_{kind}": book.add_format({**line, "num_format": form, "bold": True}) for kind, form in numbers.items()},
    }


def _write(page: Any, sheet: Sheet, styles: dict[str, Any]) -> None:
    """Title, the line under it, the boxes, the lines below."""
    last = len(sheet.widths) - 1
    page.merge_range(0, 0, 0, last, plain_text(sheet.title), styles["title"])
    page.merge_range(1, 0, 1, last, sheet.under, styles["under"])
    for place, width in enumerate(sheet.widths):
        page.set_column(place, place, width)
    for row, count in enumerate(lines(sheet), start=_TOP):
        page.set_row(row, _LINE * count)
    for box in sheet.boxes:
        _put(page, box, styles[box.kind])
    for number, text in enumerate(sheet.feet, start=_TOP + sheet.rows):
        page.write_string(number, 0, plain_text(text), styles["foot"])
    page.set_landscape()
    page.set_paper(A4)
    page.set_margins(0.4, 0.4, 0.5, 0.6)
    page.fit_to_pages(1, 0)
    page.set_footer("&C&P / &N")


def _put(page: Any, box: Box, style: Any) -> None:
    row = box.row + _TOP
    if box.height > 1 or box.width > 1:
        page.merge_range(row, box.column, row + box.height - 1, box.column + box.width - 1, "", style)
    if isinstance(box.value, str):
        page.write_string(row, box.column, box.value, style)
    else:
        page.write_number(row, box.column, box.value, style)
