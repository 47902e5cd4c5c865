"""The sender's own workbook with what was found written into it; the only door to openpyxl. Run it confined."""

import io
import re
from collections.abc import Iterator, Sequence
from copy import copy
from itertools import groupby, islice
from typing import Any

import openpyxl
from openpyxl.cell import MergedCell
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from data.words import LANGUAGES, Words
from pages.parts import marked
from pages.parts.marked import Finding
from pages.parts.sent import FIRST, header_place

MOST_COLUMN = 16_000
# What reaches out of the workbook: another workbook, a web address, a share, a program.
_FOREIGN = re.compile(r"\[|://|\\\\|\||WEBSERVICE|FILTERXML|RTD\(|CALL\(", re.IGNORECASE)
_LINE = Side(style="thin", color="BBBBBB")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_WRAPPED = Alignment(wrap_text=True, vertical="top")


def own_book(content: bytes, name: str, findings: Sequence[Finding], sheet: str | None, say: Words) -> bytes:
    """The workbook with four cells appended to each row with findings, faulty cells filled, and the list after the sheet.

    Formulas are their last values; whatever reaches out of the workbook is left out.
    """
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True, keep_links=False, rich_text=True)
    for other in book.chartsheets:
        book.remove(other)
    _drop_earlier_lists(book)
    page = _page(book, sheet)
    _cut_ties(book)
    _mark(page, findings, say)
    _write_list(book, page, name, marked.ordered(findings), say)
    for each in book.worksheets:
        each.sheet_view.tabSelected = each is page
    book.active = page
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _rows(page: Worksheet) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything as text; the blank cells of a wide format are not made up."""
    for row, cells in groupby(page._cells.items(), key=lambda one: one[0][0]):
        texts = {column: str(cell.value) for (_, column), cell in cells if cell.value not in (None, "")}
        if texts:
            yield row, [texts.get(column, "") for column in range(1, min(max(texts), MOST_COLUMN) + 1)]


def _head(page: Worksheet) -> tuple[int, list[str]] | None:
    """The row of the header and its words; None for a sheet without one."""
    first = list(islice(_rows(page), FIRST))
    place = header_place([cells for _, cells in first])
    return None if place is None else first[place]


def _page(book: openpyxl.Workbook, sheet: str | None) -> Worksheet:
    """The sheet of that name, else the first with a header, else the first."""
    named = [page for page in book.worksheets if sheet and page.title == sheet]
    return named[0] if named else next((page for page in book.worksheets if _head(page)), book.worksheets[0])


def _drop_earlier_lists(book: openpyxl.Workbook) -> None:
    """Take out the list of an earlier report that came back: its answers were read or are void."""
    heads = [list(marked.list_heads(Words(language))) for language in LANGUAGES]
    for page in book.worksheets:
        if next(_rows(page), (1, []))[1] in heads and len(book.worksheets) > 1:
            book.remove(page)


def _cut_ties(book: openpyxl.Workbook) -> None:
    """Leave out what reaches out of the workbook or would be evaluated anew."""
    _keep_own_names(book.defined_names)
    for page in book.worksheets:
        _keep_own_names(page.defined_names)
        page._pivots = []
        page._charts = [chart for chart in page._charts if not _FOREIGN.search("".join(chart._write().itertext()))]
        rules = page.data_validations.dataValidation
        page.data_validations.dataValidation = [rule for rule in rules if not _is_foreign(rule.formula1, rule.formula2)]
        kept = ConditionalFormattingList()
        for place in page.conditional_formatting:
            for rule in place.rules:
                if not _is_foreign(*rule.formula):
                    kept.add(str(place.sqref), rule)
        page.conditional_formatting = kept
        for table in page.tables.values():
            table.tableType = table.connectionId = None
            for column in table.tableColumns:
                column.calculatedColumnFormula = column.totalsRowFormula = column.queryTableFieldId = None
        for cell in page._cells.values():
            if cell.hyperlink:
                cell.hyperlink = None


def _is_foreign(*formulas: str | None) -> bool:
    return any(formula and _FOREIGN.search(formula) for formula in formulas)


def _keep_own_names(names: Any) -> None:
    for name in [name for name, told in names.items() if _is_foreign(told.value)]:
        del names[name]


def _mark(page: Worksheet, findings: Sequence[Finding], say: Words) -> None:
    """The four cells right of the last used column, from the header on, and the colours of the faulty cells."""
    header, heads = _head(page) or next(_rows(page), (1, []))
    found = marked.by_row(findings)
    last = max((len(cells) for _, cells in _rows(page)), default=0)
    if marked.already_beside(heads):
        heads = heads[: -len(marked.BESIDE)]
        last = len(heads)
        _empty(page, header, last + 1)
    if last >= MOST_COLUMN:
        raise ValueError("no room for four columns")
    for number in sorted({header, *found}):
        here = found.get(number, [])
        for finding in reversed(here):
            place = marked.place_of(finding, heads)
            if place is not None:
                _anchor(page, number, place + 1).fill = _fill(marked.FILLS[finding["level"]])
        texts = marked.texts_of(number, header, here, say) or ()
        _fit(page, number, texts, marked.BESIDE_WIDTHS)
        for column, text in enumerate(texts, start=last + 1):
            fill = marked.HEAD_FILL if number == header else marked.FILLS[here[0]["level"]] if column == last + 1 else None
            _write(page.cell(number, column), text, fill)
    _make_room(page, last + 1)
    if page.auto_filter.ref:
        page.auto_filter.ref = re.sub(r":\$?[A-Z]+", f":{get_column_letter(last + len(marked.BESIDE))}", page.auto_filter.ref)


def _empty(page: Worksheet, header: int, first: int) -> None:
    """Take out what an earlier report wrote beside the rows."""
    for (row, column), cell in page._cells.items():
        if row >= header and first <= column < first + len(marked.BESIDE):
            cell.value, cell.style = None, "Normal"


def _anchor(page: Worksheet, row: int, column: int) -> Any:
    """The cell, or the one that shows where it is merged with others."""
    cell = page.cell(row, column)
    if isinstance(cell, MergedCell):
        place = next(place for place in page.merged_cells.ranges if cell.coordinate in place)
        return page.cell(place.min_row, place.min_col)
    return cell


def _fill(colour: str) -> PatternFill:
    return PatternFill("solid", fgColor=colour)


def _write(cell: Any, value: str | int | None, fill: str | None = None) -> None:
    """A value as text or number, never as a formula, wrapped and bordered."""
    if isinstance(value, str):
        # A sheet's own way of writing a sign by its number must show as it is.
        cell.value = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", marked.clean(value)) or None
        cell.data_type = "s" if cell.value else "n"
        cell.number_format = "@"
    else:
        cell.value = value
    cell.alignment, cell.border = _WRAPPED, _BORDER
    if fill:
        cell.fill = _fill(fill)
    if fill == marked.HEAD_FILL:
        cell.font = Font(bold=True)


def _fit(page: Worksheet, row: int, texts: Sequence[Any], widths: Sequence[int]) -> None:
    """A row as high as its new texts need; a higher one stays."""
    needed = marked.height(texts, widths)
    if needed and needed > (page.row_dimensions[row].height or 0):
        page.row_dimensions[row].height = needed


def _make_room(page: Worksheet, first: int) -> None:
    """Widths for the four columns; a setting that spans them, such as hidden columns to the end, is cut around them."""
    last = first + len(marked.BESIDE) - 1
    for letter, told in list(page.column_dimensions.items()):
        low, high = told.min or openpyxl.utils.column_index_from_string(letter), told.max or 0
        if high < first or low > last:
            continue
        if low < first:
            told.min, told.max = low, first - 1
        else:
            del page.column_dimensions[letter]
        if high > last:
            rest = copy(told)
            rest.index, rest.min, rest.max = get_column_letter(last + 1), last + 1, high
            page.column_dimensions[rest.index] = rest
    for place, width in enumerate(marked.BESIDE_WIDTHS):
        page.column_dimensions[get_column_letter(first + place)].width = width


def _write_list(book: openpyxl.Workbook, page: Worksheet, name: str, findings: Sequence[Finding], say: Words) -> None:
    """The list of all findings on a sheet of its own, with the words to choose a reason from beside each question."""
    title = marked.sheet_name(say("report.list"), book.sheetnames)
    sheet = book.create_sheet(title, book.index(page) + 1)
    last = len(marked.LIST)
    for column, (head, width) in enumerate(zip(marked.list_heads(say), marked.LIST_WIDTHS, strict=True), start=1):
        _write(sheet.cell(1, column), head, marked.HEAD_FILL)
        sheet.column_dimensions[get_column_letter(column)].width = width
    for line, finding in enumerate(findings, start=2):
        values = marked.list_row(finding, say)
        _fit(sheet, line, values, marked.LIST_WIDTHS)
        for column, value in enumerate(values, start=1):
            answer = marked.ANSWER_FILL if finding["level"] == "confirm" and column > last - 2 else None
            _write(sheet.cell(line, column), value, marked.FILLS[finding["level"]] if column == 2 else answer)  # noqa: PLR2004 - the level
    for choice in marked.choices(findings, say):
        rule = DataValidation("list", f'"{",".join(choice.words)}"', allow_blank=True, showErrorMessage=True, showInputMessage=True)
        rule.promptTitle, rule.prompt, rule.error = say("report.choose"), say("report.how"), say("report.choose_only")
        letter = get_column_letter(last - 1)
        rule.add(f"{letter}{choice.first + 2}:{letter}{choice.last + 2}")
        sheet.add_data_validation(rule)
    _set_up(sheet, f"A1:{get_column_letter(last)}{max(len(findings), 1) + 1}", name)


def _set_up(sheet: Worksheet, place: str, name: str) -> None:
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = place
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0
    sheet.page_margins = openpyxl.worksheet.page.PageMargins(0.4, 0.4, 0.6, 0.6)
    sheet.print_title_rows = "1:1"
    sheet.oddHeader.left.text = marked.print_line(name) or None
    sheet.oddFooter.center.text = "&P / &N"
