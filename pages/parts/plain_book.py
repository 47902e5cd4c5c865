"""A workbook of text with what was found beside each row, written row by row so that a million rows need little memory."""

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter

from data.words import Words
from pages.parts import marked
from pages.parts.marked import Finding
from pages.parts.sent import Sent

MOST_ROWS = 1_048_000
WIDE, NARROW = 24, 13


def plain_book(sent: Sent | None, title: str, findings: Sequence[Finding], say: Words, only_faulty: bool = False) -> bytes:
    """The table with four cells appended to each row, and the list; only the list where there is no table.

    A row of the sender's stands in the row of its own number; with `only_faulty` the rows with findings
    follow one another, led by their numbers, under a sentence that says so.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.xlsx"
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False, "strings_to_urls": False}
        book = xlsxwriter.Workbook(path, options)
        book.set_properties({"title": marked.clean(title)[:255]})
        styles = _styles(book)
        if sent is not None:
            _write_table(_Page(book, styles, say, only_faulty), sent, findings)
        _write_list(book, title, marked.ordered(findings)[:MOST_ROWS], say, styles)
        book.close()
        return path.read_bytes()


def _styles(book: xlsxwriter.Workbook) -> dict[str, Any]:
    line = {"border": 1, "border_color": "#BBBBBB", "valign": "top", "text_wrap": True, "num_format": "@"}
    fills = {level: book.add_format({**line, "bg_color": f"#{fill}"}) for level, fill in marked.FILLS.items()}
    return {
        "head": book.add_format({**line, "bold": True, "bg_color": f"#{marked.HEAD_FILL}"}),
        "text": book.add_format({"num_format": "@", "valign": "top"}),
        "beside": book.add_format(line),
        "answer": book.add_format({**line, "bg_color": f"#{marked.ANSWER_FILL}"}),
        "number": book.add_format({**line, "num_format": "0"}),
        "said": book.add_format({"bold": True}),
        **fills,
    }


class _Page(NamedTuple):
    """What a sheet is written with."""

    book: xlsxwriter.Workbook
    styles: dict[str, Any]
    say: Words
    only_faulty: bool


def _write_table(page: _Page, sent: Sent, findings: Sequence[Finding]) -> None:
    """The sender's rows; codes and amounts stay the text that was sent, so that no spreadsheet changes them."""
    say, styles, lead = page.say, page.styles, int(page.only_faulty)
    sheet = page.book.add_worksheet(marked.sheet_name(sent.name or say("upload.template_sheet"), [say("report.list")]))
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    _set_columns(sheet, lead, sent)
    found = marked.by_row(findings)
    if page.only_faulty:
        sheet.write_string(0, 0, say("report.only_faulty", rows=sent.last), styles["said"])
    below = 1
    for number, cells in sent.rows():
        here = found.get(number, [])
        if not page.only_faulty:
            line = number - 1
        elif (here or number == sent.header) and below < MOST_ROWS:
            line, below = below, below + 1
            sheet.write_string(line, 0, say("column.row") if number == sent.header else str(number), styles["beside"])
        else:
            continue
        texts = marked.texts_of(number, sent.header, here, say)
        if here:
            sheet.set_row(line, marked.height(texts or (), marked.BESIDE_WIDTHS))
        _write_row(sheet, (line, lead), cells, _faulty(here, sent.heads), styles)
        if texts is not None:
            _write_beside(sheet, (line, lead + max(sent.width, len(cells))), texts, "head" if number == sent.header else here, styles)


def _set_columns(sheet: Any, lead: int, sent: Sent) -> None:
    """Widths for what the columns hold, the header kept in sight."""
    for place, head in enumerate(sent.heads[: sent.width]):
        sheet.set_column(lead + place, lead + place, WIDE if re.search("编码|名称|code|name", head, re.IGNORECASE) else NARROW)
    for place, width in enumerate(marked.BESIDE_WIDTHS, start=lead + sent.width):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(2 if lead else sent.header, 0)
    _to_print(sheet)


def _faulty(here: Sequence[Finding], heads: Sequence[str]) -> dict[int, str]:
    """The level of each faulty cell by its place, the gravest where there are several."""
    levels: dict[int, str] = {}
    for finding in here:
        place = marked.place_of(finding, heads)
        if place is not None:
            levels.setdefault(place, finding["level"])
    return levels


def _write_row(sheet: Any, place: tuple[int, int], cells: Sequence[str], faulty: dict[int, str], styles: dict[str, Any]) -> None:
    line, first = place
    for column in sorted({*range(len(cells)), *faulty}):
        text = marked.clean(cells[column]) if column < len(cells) else ""
        style = styles[faulty.get(column, "text")]
        if text:
            sheet.write_string(line, first + column, text, style)
        elif column in faulty:
            sheet.write_blank(line, first + column, None, style)


def _write_beside(sheet: Any, place: tuple[int, int], texts: Sequence[str], here: Sequence[Finding] | str, styles: dict[str, Any]) -> None:
    """The four cells of a row, the level in its colour; nothing for a row without findings."""
    for column, text in enumerate(texts, start=place[1]):
        if text:
            name = here if isinstance(here, str) else here[0]["level"] if column == place[1] else "beside"
            sheet.write_string(place[0], column, marked.clean(text), styles[name])


def _write_list(book: xlsxwriter.Workbook, title: str, findings: Sequence[Finding], say: Words, styles: dict[str, Any]) -> None:
    """The list of all findings, with the words to choose a reason from beside each question."""
    sheet = book.add_worksheet(say("report.list"))
    for column, (head, width) in enumerate(zip(marked.list_heads(say), marked.LIST_WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, styles["head"])
    last = len(marked.LIST) - 1
    for line, finding in enumerate(findings, start=1):
        is_question = finding["level"] == "confirm"
        values = marked.list_row(finding, say)
        sheet.set_row(line, marked.height(values, marked.LIST_WIDTHS))
        for column, value in enumerate(values):
            style = styles[finding["level"] if column == 1 else "answer" if is_question and column > last - 2 else "beside"]
            if isinstance(value, int):
                sheet.write_number(line, column, value, styles["number"])
            elif value:
                sheet.write_string(line, column, marked.clean(value), style)
            else:
                sheet.write_blank(line, column, None, style)
    for choice in marked.choices(findings, say):
        rule = {"validate": "list", "source": list(choice.words), "input_title": say("report.choose"), "input_message": say("report.how")}
        sheet.data_validation(choice.first + 1, last - 1, choice.last + 1, last - 1, {**rule, "error_message": say("report.choose_only")})
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(findings), 1), last)
    sheet.repeat_rows(0)
    sheet.set_header(f"&L{marked.print_line(title) or ' '}")
    _to_print(sheet)


def _to_print(sheet: Any) -> None:
    """A4 across, all columns on one page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(0.4, 0.4, 0.6, 0.6)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")
