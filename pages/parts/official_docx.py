"""Forms as a Word document in landscape, each on its own page, with the merged cells of the paper they stand for."""

import io
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from html import escape

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Emu, Mm

from data.words import Words
from pages.parts import paper_docx as word
from pages.parts.figures import CENT, points
from pages.parts.grid import Box, Sheet
from pages.parts.paper import shown

PAGE, MARGIN = (Mm(297), Mm(210)), Mm(12)
_TWIP = 635
_SIZE = 15
_COLOURS = {"missing": "B3261E", "tick": "1F5FA8", "proposed": "1F5FA8", "proposed_money": "1F5FA8", "proposed_share": "1F5FA8"}
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_CENTRED = ("head", "missing", "tick", "choice")


def forms_docx(sheets: Sequence[Sheet], say: Words) -> bytes:
    """The forms as DOCX, as many pages as there are forms and more where one is long."""
    document = docx.Document()
    word.set_up(document, say)
    section = document.sections[0]
    section.orientation, (section.page_width, section.page_height) = WD_ORIENT.LANDSCAPE, PAGE
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    section.header_distance = section.footer_distance = Mm(6)
    document.core_properties.title, document.core_properties.author = shown(sheets[0].title)[:255] if sheets else "", ""
    for number, sheet in enumerate(sheets):
        _write(document, sheet, is_first=number == 0)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for number, field in enumerate(("PAGE", "NUMPAGES")):
        word.write(foot, " / " if number else "", size=7.5, colour=word.GREY)
        word.field(foot, field)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _write(document: Document, sheet: Sheet, is_first: bool) -> None:
    title = document.add_paragraph(style="Title")
    title.paragraph_format.page_break_before = not is_first
    word.write(title, shown(sheet.title), size=15, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    word.write(document.add_paragraph(), shown(sheet.under), size=8.5, colour=word.GREY, align=WD_ALIGN_PARAGRAPH.CENTER)
    document.element.body.insert_element_before(parse_xml(_table(sheet)), "w:sectPr")
    for line in sheet.feet:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = 0
        word.write(paragraph, shown(line), size=7, colour=word.GREY)


def _table(sheet: Sheet) -> str:
    """The boxes as a Word table: python-docx merges cell by cell, too slow for sixteen forms."""
    room = Emu(PAGE[0] - 2 * MARGIN) // _TWIP
    sizes = [int(room * width / sum(sheet.widths)) for width in sheet.widths]
    at = {(row, box.column): (box, row == box.row) for box in sheet.boxes for row in range(box.row, box.row + box.height)}
    rows = []
    for row in range(sheet.rows):
        cells, column = [], 0
        while column < len(sizes):
            box, starts = at.get((row, column), (Box(row, column, 1, 1, "", "text"), True))
            cells.append(_cell(box, starts, sum(sizes[column : column + box.width])))
            column += box.width
        repeats = "<w:tblHeader/>" if row == 0 and all(box.kind == "head" for box in sheet.boxes if box.row == 0) else ""
        rows.append(f"<w:tr><w:trPr><w:cantSplit/>{repeats}</w:trPr>{''.join(cells)}</w:tr>")
    sides = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="808080"/>' for side in _SIDES)
    margins = "".join(f'<w:{side} w:w="50" w:type="dxa"/>' for side in ("left", "right"))
    grid = "".join(f'<w:gridCol w:w="{size}"/>' for size in sizes)
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(sizes)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{sides}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _cell(box: Box, starts: bool, size: int) -> str:
    """One cell of a row; the rows below the first of a tall box carry on its merge and are empty."""
    span = f'<w:gridSpan w:val="{box.width}"/>' if box.width > 1 else ""
    merge = f'<w:vMerge w:val="{"restart" if starts else "continue"}"/>' if box.height > 1 else ""
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="EEF1F4"/>' if box.kind == "head" else ""
    properties = f'<w:tcPr><w:tcW w:w="{size}" w:type="dxa"/>{span}{merge}{shade}<w:vAlign w:val="center"/></w:tcPr>'
    text = _text(box) if starts else ""
    number = not isinstance(box.value, str)
    align = "right" if number else "center" if box.kind in _CENTRED else "left"
    bold = "<w:b/>" if box.kind == "head" or box.kind.startswith("sum_") else ""
    slope = "<w:i/>" if box.kind in _COLOURS else ""
    colour = f'<w:color w:val="{_COLOURS[box.kind]}"/>' if box.kind in _COLOURS else ""
    look = f'<w:rPr>{bold}{slope}{colour}<w:sz w:val="{_SIZE}"/></w:rPr>'
    runs = "<w:r><w:br/></w:r>".join(f'<w:r>{look}<w:t xml:space="preserve">{escape(line)}</w:t></w:r>' for line in text.split("\n"))
    return f'<w:tc>{properties}<w:p><w:pPr><w:spacing w:before="20" w:after="20"/><w:jc w:val="{align}"/></w:pPr>{runs}</w:p></w:tc>'


def _text(box: Box) -> str:
    """A box's value as it is read: two decimals for money and points, one for percent."""
    kind = box.kind.removeprefix("sum_").removeprefix("proposed_")
    if isinstance(box.value, str):
        return shown(box.value)
    if isinstance(box.value, Decimal) and kind == "share":
        return f"{points(box.value)}%"
    if isinstance(box.value, Decimal) and kind in ("money", "number"):
        return f"{box.value.quantize(CENT, ROUND_HALF_UP):,}"
    return str(box.value)
