"""PDF documents with ruled tables become tables of text, their pages joined; the only door to the PDF libraries."""

import io
import logging
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from loaders import layouts
from loaders.problems import LoadError
from loaders.tables import Table, Tables

MOST_PAGES = 600
_NEAR = 3
_WORTH = re.compile(r"项目(?:编码|代码|名称)|预算数|资金总额|支出计划|绩效(?:目标|指标|自评|监控)|[一二三]级指标|指标值|合计|单位[:：]")
_FORM = re.compile(r"项目(?:编码|代码|名称)|预算数|资金总额|支出计划|[一二三]级指标|指标值")
# Characters that print like a word's sign but are the sign of a part of it; some programs write them into a PDF.
_PARTS = (
    "⺟母⺠民⺩王⺮竹⻁虎⻄西⻅见⻆角⻉贝⻋车⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻬齐⻮齿⻰龙⻳龟"
)
_WHOLE = dict(zip(map(ord, _PARTS[::2]), _PARTS[1::2], strict=True)) | {
    code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)
}
_UNIT = re.compile(r"[(（\[【《“‘]*(?:[A-Za-z0-9.,%≥≤/\-]+|.)[)）\]】》”’，。、；：！？,;:!?%]*")
_LETTERS = re.compile(r"[A-Za-z]")


class _Box(NamedTuple):
    """A cell on a page: its edges, its text, the room behind its last line and the size of its signs, in points."""

    left: float
    right: float
    bottom: float
    text: str
    room: float
    size: float


class _Page(NamedTuple):
    """What stands on a page: its tables as rows of cells (None where a merged cell goes on), the text around, how full."""

    tables: list[list[list[_Box | None]]]
    text: str
    is_begun: bool
    is_filled: bool


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
    tables = _joined(pages)
    if not tables and len(set(_FORM.findall(text))) > 2:  # noqa: PLR2004 - one or two words may stand in a sentence
        raise LoadError("F05", value="PDF", why="unruled")
    if not tables and not text.strip():
        raise LoadError("F05", value=str(count), why="scanned")
    return Tables(tables, text, "pdf", [])


def _worth(document: Any, content: bytes) -> Iterator[Any]:
    """The pages that a form may stand on: those with its words, and those that a table may go on to; all of a short document."""
    import pypdfium2  # noqa: PLC0415 - tells the words of a page a hundred times faster

    quick = pypdfium2.PdfDocument(content)
    goes_on = False
    for number, page in enumerate(document.pages):
        told = quick[number].get_textpage().get_text_bounded().translate(_WHOLE)
        if goes_on or not told.strip() or _WORTH.search(re.sub(r"\s", "", told)):
            goes_on = bool(page.find_tables())
            yield page
            page.close()


def _page(page: Any) -> _Page:
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
    return _Page([rows for rows in tables if rows], around, begun, bool(found) and found[-1].bbox[3] > height * 0.7)


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


def _rows(table: Any, chars: list[dict[str, Any]]) -> list[list[_Box | None]]:
    """The rows of a table, each cell with the characters whose middle lies in it."""
    rows: list[list[_Box | None]] = []
    for row in table.rows:
        boxes: list[_Box | None] = []
        for cell in row.cells:
            inside = [char for char in chars if _within(char, cell)] if cell else []
            boxes.append(_Box(cell[0], cell[2], cell[3], *_cell_text(inside, cell)) if cell else None)
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
        width = line[min(len(_first(after)), len(line)) - 1]["x1"] - line[0]["x0"]
        broken = cell[2] - pad - before[-1]["x1"] < width + 1
        text = join(text, after) if broken else f"{text}\n{after}"
    last = lines[-1][1][-1]
    return text, cell[2] - pad - last["x1"], last["size"]


def _first(text: str) -> str:
    """The signs at the beginning of a text that no line break parts."""
    found = _UNIT.match(text)
    return found[0] if found else text[:1]


def join(before: str, after: str) -> str:
    """Two pieces of one line: a blank between two words, none between signs or figures."""
    blank = " " if _LETTERS.match(before[-1:]) and _LETTERS.match(after[:1]) else ""
    return f"{before}{blank}{after}"


def _joined(pages: dict[int, _Page]) -> list[Table]:
    """The tables of all pages in the columns of the whole document; a row cut by a page break is whole where it begins."""
    columns = _columns(box.left for page in pages.values() for rows in page.tables for row in rows for box in row if box)
    found: list[Table] = []
    before: _Page | None = None
    for number, page in pages.items():
        for place, rows in enumerate(page.tables):
            last = before.tables[-1] if place == 0 and before and before.is_filled and page.is_begun else None
            if last:
                _lift(last, rows)
            cut = bool(last) and _is_cut(last[-1], rows[0])
            if last and cut:
                _mend(last[-1], rows[0])
            found.append(Table([], list(range(cut + 1, len(rows) + 1)), f"第{number}页"))
        before = page if page.tables else before
    every = [rows for page in pages.values() for rows in page.tables]
    return [
        Table([_texts(row, columns) for row in rows[len(rows) - len(table.numbers) :]], table.numbers, table.name)
        for table, rows in zip(found, every, strict=True)
        if table.numbers
    ]


def _columns(lefts: Iterable[float]) -> list[float]:
    """Where the columns of the document begin; edges less than three points apart are the same."""
    columns: list[float] = []
    for left in sorted(lefts):
        if not columns or left - columns[-1] >= _NEAR:
            columns.append(left)
    return columns


def _texts(row: list[_Box | None], columns: list[float]) -> list[str]:
    """The texts of a row, each in the column at which its cell begins."""
    texts = [""] * len(columns)
    for box in row:
        if box:
            texts[max(place for place, left in enumerate(columns) if left <= box.left)] += box.text
    return texts


def _same(one: _Box | None, other: _Box) -> bool:
    return one is not None and abs(one.left - other.left) < _NEAR and abs(one.right - other.right) < _NEAR


def _is_cut(last: list[_Box | None], first: list[_Box | None]) -> bool:
    """Whether the first row of a page only goes on with the last one: it fills some of its cells, and no new ones."""
    filled = [box for box in first if box and box.text]
    before = [box for box in last if box and box.text]
    if not filled or not all(any(_same(one, box) for one in before) for box in filled):
        return False
    pairs = [(one.text, box.text) for box in filled for one in before if _same(one, box)]
    if any(layouts.name_of(upper + lower) and not layouts.name_of(upper) for upper, lower in pairs):
        return True  # a label that the page break cuts
    if any(layouts.name_of(box.text) or layouts.is_title(box.text) for box in filled):
        return False
    due = [one for one in before if one.left > filled[0].left - _NEAR]
    return len(filled) < len(due) or len(due) == 1


def _mend(last: list[_Box | None], first: list[_Box | None]) -> None:
    """Put what stands on the new page behind the cells that it goes on with."""
    for box in (box for box in first if box and box.text):
        place, one = next((place, one) for place, one in enumerate(last) if one and one.text and _same(one, box))
        width = sum(one.size / (2 if sign.isascii() else 1) for sign in _first(box.text))
        last[place] = box._replace(text=join(one.text, box.text) if one.room < width + 1 else f"{one.text}\n{box.text}")


def _lift(before: list[list[_Box | None]], rows: list[list[_Box | None]]) -> None:
    """A merged cell that a page break cuts may bear its text on the new page: put it where the cell begins.

    A piece at the top of the page before may belong to a cell that began still earlier; it is left alone.
    """
    end = max((box.bottom for row in before for box in row if box), default=0.0)
    if layouts.indicator_columns([box.text if box else "" for box in rows[0]]):
        return
    for place, box in enumerate(rows[0]):
        if box is None or not box.text or layouts.name_of(box.text):
            continue
        for row in before[1:-1]:
            column = next((column for column, one in enumerate(row) if _same(one, box)), len(row))
            piece = row[column] if column < len(row) else None
            if piece and not piece.text and end - piece.bottom < _NEAR:
                row[column], rows[0][place] = box._replace(bottom=end), box._replace(text="")
