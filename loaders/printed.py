"""PDF documents with ruled tables become tables of text, their pages joined; the only door to the PDF libraries."""

import io
import logging
import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from loaders.paper import Box, Page, goes_on, join, joined, unparted
from loaders.problems import LoadError
from loaders.shapes import Tables

MOST_PAGES = 600
_WORTH = re.compile(r"项目(?:编码|代码|名称)|预算数|资金总额|支出计划|绩效(?:目标|指标|自评|监控)|[一二三]级指标|指标值|合计|单位[:：]")
_FORM = re.compile(r"项目(?:编码|代码|名称)|预算数|资金总额|支出计划|[一二三]级指标|指标值")
# Characters that print like a word's sign but are the sign of a part of it; some programs write them into a PDF.
_PARTS = "⺟母⺠民⺩王⺮竹⻁虎⻄西⻅见⻆角⻉贝⻋车⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻬齐⻮齿⻰龙⻳龟"
_WHOLE = dict(zip(map(ord, _PARTS[::2]), _PARTS[1::2], strict=True)) | {
    code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)
}


def printed(content: bytes) -> Tables:
    """The ruled tables of a PDF; LoadError F05 for a scan, an encrypted or damaged one, or one without rules."""
    import pdfplumber  # noqa: PLC0415 - a sixth of a second that only a PDF needs

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        with pdfplumber.open(io.BytesIO(content)) as document:
            if len(document.pages) > MOST_PAGES:
                raise LoadError("F05", value="PDF", why="large")
            pages = {page.page_number: _page(page) for page in _worth(document, content)}
            count = len(document.pages)
    except LoadError:
        raise
    except Exception as error:  # the libraries raise whatever they meet in a damaged file
        locked = "Password" in repr(error) or "Encrypt" in repr(error)
        raise LoadError("F05", value="PDF", why="locked" if locked else "damaged") from error
    text = "\n".join(page.text for page in pages.values())
    tables = joined(pages)
    if not tables and len(set(_FORM.findall(text))) > 2:  # noqa: PLR2004 - one or two words may stand in a sentence
        raise LoadError("F05", value="PDF", why="unruled")
    if not tables and not text.strip():
        raise LoadError("F05", value=str(count), why="scanned")
    return Tables(tables, text, "pdf", [])


def _worth(document: Any, content: bytes) -> Iterator[Any]:
    """The pages that a form may stand on: those with its words or without any text, and those that a table may go on to."""
    words = _words(content)
    goes_on = False
    for number, page in enumerate(document.pages):
        told = words[number] if number < len(words) else ""
        if goes_on or not told or _WORTH.search(told):
            goes_on = bool(page.find_tables())
            yield page
            page.close()


def _words(content: bytes) -> list[str]:
    """The text of each page without blanks, told a hundred times faster than with its places; none where that fails."""
    import pypdfium2  # noqa: PLC0415 - comes with pdfplumber

    try:
        with pypdfium2.PdfDocument(content) as quick:
            return [re.sub(r"\s", "", page.get_textpage().get_text_bounded().translate(_WHOLE)) for page in quick]
    except pypdfium2.PdfiumError:
        return []


def _page(page: Any) -> Page:
    """The tables of one page and the text around them."""
    upright = [edge for edge in page.edges if edge["orientation"] == "v"]
    ends = {round(edge[side], 1) for edge in upright for side in ("top", "bottom")}
    # A row that a page break cuts may lack its closing line: the ends of the upright lines stand for it.
    settings = {"explicit_horizontal_lines": sorted({min(ends), max(ends)})} if ends else {}
    found = page.find_tables(settings)
    chars = _anchored([char for char in page.chars if char.get("upright", True)])
    tables, used = [], set()
    for table in found:
        inside = [place for place, char in enumerate(chars) if _within(char, table.bbox)]
        used |= set(inside)
        tables.append(_rows(table, [chars[place] for place in inside]))
    around = "\n".join(text for text, _ in _lines([char for place, char in enumerate(chars) if place not in used]))
    height = float(page.height)
    begun = bool(found) and found[0].bbox[1] < height * 0.3
    return Page([rows for rows in tables if rows], around, begun, bool(found) and found[-1].bbox[3] > height * 0.7)


def _anchored(chars: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Characters with the middle of the first sign of their word: a word that runs over the edge belongs where it begins."""
    found: list[dict[str, Any]] = []
    for char in chars:
        last = found[-1] if found else None
        goes_on = (
            last is not None
            and bool(char["text"].strip() and last["text"].strip())
            and abs(char["x0"] - last["x1"]) < char["size"] / 8
            and abs(char["bottom"] - last["bottom"]) < char["size"] / 2
        )
        middle = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        found.append({**char, "anchor": last["anchor"] if last and goes_on else middle})
    return found


def _within(char: dict[str, Any], box: Sequence[float]) -> bool:
    across, down = char["anchor"]
    return bool(box[0] <= across <= box[2] and box[1] <= down <= box[3])


def _rows(table: Any, chars: list[dict[str, Any]]) -> list[list[Box | None]]:
    """The rows of a table, each cell with the characters whose middle lies in it."""
    rows: list[list[Box | None]] = []
    for row in table.rows:
        boxes: list[Box | None] = []
        for cell in row.cells:
            inside = [char for char in chars if _within(char, cell)] if cell else []
            boxes.append(Box(cell[0], cell[2], cell[3], *_cell_text(inside, cell)) if cell else None)
        rows.append(boxes)
    return rows


def _lines(chars: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Characters gathered into lines from top to bottom, each line from left to right."""
    lines: list[list[dict[str, Any]]] = []
    for char in sorted(chars, key=lambda char: ((char["top"] + char["bottom"]) / 2, char["x0"])):
        level = (char["top"] + char["bottom"]) / 2
        if lines and abs(level - (lines[-1][0]["top"] + lines[-1][0]["bottom"]) / 2) < char["size"] / 2:
            lines[-1].append(char)
        else:
            lines.append([char])
    found = []
    for line in lines:
        line.sort(key=lambda char: char["x0"])
        text = "".join(char["text"] for char in line).translate(_WHOLE).strip()
        if text:
            found.append((text, [char for char in line if char["text"].strip()]))
    return found


def _cell_text(chars: list[dict[str, Any]], cell: Sequence[float]) -> tuple[str, float, float]:
    """The text of a cell, a line that only the edge broke joined to the next; room behind the last line, size of its signs."""
    lines = _lines(chars)
    if not lines:
        return "", 0.0, 0.0
    pad = min(8.0, max(0.0, min(line[0]["x0"] for _, line in lines) - cell[0]))
    text = lines[0][0]
    for (_, before), (after, line) in pairwise(lines):
        room = cell[2] - pad - before[-1]["x1"]
        begins, ends = (line[min(length, len(line)) - 1]["x1"] - line[0]["x0"] for length in (len(unparted(after)), len(line)))
        text = join(text, after) if goes_on(text, after, room - 1, (begins, ends)) else f"{text}\n{after}"
    last = lines[-1][1][-1]
    return text, cell[2] - pad - last["x1"], last["size"]
