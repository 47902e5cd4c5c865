"""A paper as a Word document that the office can go on writing in; the door to python-docx for writing."""

import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from data.words import Words
from pages.parts.paper import Paper, as_png, plain

WESTERN, EASTERN = "Arial", "微软雅黑"
PAGE, MARGIN = (Mm(210), Mm(297)), Mm(18)
GREY, RED = RGBColor(0x5A, 0x64, 0x72), RGBColor(0xB3, 0x26, 0x1E)
_BLANKS = "＿" * 9


def as_docx(paper: Paper, say: Words) -> bytes:
    """The paper as DOCX on A4; its mark stands large at the top and in the head of every page."""
    told = plain(paper)
    document = docx.Document()
    set_up(document, say)
    document.core_properties.title, document.core_properties.author = told["title"][:255], ""
    section = document.sections[0]
    if told["mark"]:
        write(section.header.paragraphs[0], told["mark"], size=10, colour=RED, bold=True, align=WD_ALIGN_PARAGRAPH.RIGHT)
        write(document.add_paragraph(), told["mark"], size=40, colour=RED, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    write(document.add_paragraph(style="Title"), told["title"], size=17, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    for line in told["under"]:
        write(document.add_paragraph(), line, colour=GREY, align=WD_ALIGN_PARAGRAPH.CENTER)
    for block in told["blocks"]:
        if block.get("heading"):
            write(document.add_paragraph(style="Heading 2"), block["heading"], size=11, bold=True)
        _BLOCKS[block["kind"]](document, block)
    foot = section.footer.paragraphs[0]
    write(foot, f"{told['foot']}　", size=7.5, colour=GREY)
    for number, name in enumerate(("PAGE", "NUMPAGES")):
        write(foot, " / " if number else "", size=7.5, colour=GREY)
        field(foot, name)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def set_up(document: Document, say: Words) -> None:
    """A4, and one face for western and eastern signs in every style used."""
    section = document.sections[0]
    section.page_width, section.page_height = PAGE
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    for name in ("Normal", "Title", "Heading 2", "Footer"):
        style = document.styles[name]
        style.font.name, style.font.color.rgb = WESTERN, RGBColor(0x1C, 0x25, 0x30)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), EASTERN)
        style.paragraph_format.space_after = Pt(2)
    document.styles["Normal"].font.size, document.styles["Footer"].font.size = Pt(9.5), Pt(7.5)
    for line in document.styles["Title"].element.findall(f".//{qn('w:pBdr')}"):
        line.getparent().remove(line)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN" if say.language == "zh" else "en-US")
    document.styles["Normal"].element.get_or_add_rPr().append(language)


def write(paragraph: Any, text: str, size: float = 0, colour: RGBColor | None = None, bold: bool = False, align: Any = None) -> None:
    """A run of text in a paragraph; sizes and colours that are not given are the style's."""
    run = paragraph.add_run(text)
    run.bold = bold or None
    if size:
        run.font.size = Pt(size)
    if colour is not None:
        run.font.color.rgb = colour
    if align is not None:
        paragraph.alignment = align


def field(paragraph: Any, name: str) -> None:
    """A number that Word fills in: the page, or how many there are."""
    found = OxmlElement("w:fldSimple")
    found.set(qn("w:instr"), name)
    paragraph._p.append(found)


def _facts(document: Document, block: dict[str, Any]) -> None:
    table = _table(document, len(block["lines"]), (1, 4))
    for row, (name, value) in zip(table.rows, block["lines"], strict=True):
        write(row.cells[0].paragraphs[0], name, colour=GREY)
        write(row.cells[1].paragraphs[0], value)


def _rows(document: Document, block: dict[str, Any]) -> None:
    whole = [block["whole"]] if block["whole"] else []
    lines = [block["heads"], *block["rows"], *whole]
    table = _table(document, len(lines), block["widths"])
    table.style = "Table Grid"
    for number, (row, cells) in enumerate(zip(table.rows, lines, strict=True)):
        is_bold = number == 0 or bool(whole and number == len(lines) - 1)
        for place, (cell, text) in enumerate(zip(row._tr.tc_lst, cells, strict=True)):
            paragraph = docx.text.paragraph.Paragraph(cell.p_lst[0], table)
            align = WD_ALIGN_PARAGRAPH.RIGHT if place in block["numbers"] else None
            write(paragraph, text, size=8.5, bold=is_bold, colour=None if number else GREY, align=align)
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))


def _table(document: Document, rows: int, widths: Sequence[int]) -> Any:
    """A table over the width of the page with columns in these proportions."""
    table = document.add_table(rows, len(widths))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    room = PAGE[0] - 2 * MARGIN
    sizes = [int(room * width / sum(widths)) for width in widths]
    for place, size in enumerate(sizes):
        table.columns[place].width = size
    for row in table._tbl.tr_lst:
        for cell, size in zip(row.tc_lst, sizes, strict=True):
            cell.width = size
    return table


def _signatures(document: Document, block: dict[str, Any]) -> None:
    document.add_paragraph()
    table = _table(document, 2, (1,) * len(block["roles"]))
    for place, role in enumerate(block["roles"]):
        for row, words in zip(table.rows, (role, block["date"]), strict=True):
            row.height = Mm(12)
            write(row.cells[place].paragraphs[0], f"{words} {_BLANKS}")


def _picture(document: Document, block: dict[str, Any]) -> None:
    """The drawing as a picture with its words; the words alone where it cannot be drawn here."""
    drawn = as_png(block["svg"])
    if drawn is None:
        write(document.add_paragraph(), block["alt"], colour=GREY)
        return
    shape = document.add_picture(io.BytesIO(drawn), width=PAGE[0] - 2 * MARGIN)
    shape._inline.docPr.set("descr", block["alt"])


_BLOCKS = {
    "picture": _picture,
    "facts": _facts,
    "table": _rows,
    "note": lambda document, block: write(document.add_paragraph(), block["words"]),
    "signatures": _signatures,
}
