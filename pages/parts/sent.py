"""A file as it was sent: its rows under the sender's own row numbers, each record's text untouched."""

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from loaders import headings
from loaders.columns import find_header, score
from loaders.problems import LoadError
from loaders.shapes import Table
from loaders.tables import read_tables
from pages.parts import marked

SEPARATORS = ",\t;"
FIRST = 20
MOST_COLUMNS = 200
_CHUNK = 2**20
_OTHERS = (b"PK\x03\x04", b"%PDF", b"{\\rtf")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROL = bytes([*range(9), *range(14, 32)])
# Rows of text, each with the sender's number of it.
Rows = Iterable[tuple[int, Sequence[str]]]


class Dress(NamedTuple):
    """How a text with separated values is written."""

    encoding: str
    separator: str
    quoted: bool


class Sent(NamedTuple):
    """A table as it was sent: its name, its header's row number and words, how wide and long it is, its rows on demand.

    `is_report`: an earlier report's cells stand at its right; heads, width and rows are without them.
    """

    name: str
    header: int
    heads: Sequence[str]
    width: int
    last: int
    rows: Callable[[], Rows]
    is_report: bool = False


class Record(NamedTuple):
    """One record of a text: its number, its text with its line end, its cells (none where it cannot be split)."""

    number: int
    text: str
    cells: list[str]


def is_text(content: bytes) -> bool:
    """Whether the file is a text and not an office file, a picture or the like."""
    start = content[:_CHUNK]
    return start.startswith(_UTF_16) or not (start.startswith(_OTHERS) or start.translate(None, _CONTROL) != start)


def header_place(rows: Sequence[Sequence[str]]) -> int | None:
    """The place among the first rows of the header of disbursements, else of the row that names most of our columns.

    The headings of disbursements find the header of a project table too: it names codes and names alike.
    """
    found = headings.find(Table([list(row) for row in rows], list(range(1, len(rows) + 1)), ""))
    return found.row if found else find_header(rows, headings.COLUMNS)


def _table_of(content: bytes, sheet: str | None) -> tuple[Table, int | None] | None:
    """The table of an office file or a converter's text and the place of its header.

    It is the sheet of that name, else the first with a header, else the first; a document's table has no header.
    """
    try:
        read = read_tables(content)
    except LoadError:
        return None
    is_sheet = read.form in ("workbook", "csv")
    headed = [(table, header_place(table.head) if is_sheet else None) for table in read.tables]
    named = [one for one in headed if sheet and one[0].name == sheet]
    return next(iter([*named, *(one for one in headed if one[1] is not None), *headed]), None)


def sent_table(content: bytes, sheet: str | None = None) -> Sent | None:
    """The table of a file of any kind, a text read record by record; None where the file cannot be read."""
    if not is_text(content) or _is_cell_a_line(content):
        found = _table_of(content, sheet)
        return _sent(found[0].name, lambda: zip(found[0].numbers, found[0].rows, strict=True), found[1]) if found else None
    dress = dress_of(content)

    def rows() -> Rows:
        return ((record.number, record.cells or [record.text.strip()]) for record in records(content, dress))

    return _sent("", rows, header_place([cells for _, cells in _first(rows)]))


def _first(rows: Callable[[], Rows]) -> list[tuple[int, Sequence[str]]]:
    """The first rows that hold anything, in which the header stands."""
    return list(islice((row for row in rows() if any(cell.strip() for cell in row[1])), FIRST))


def _sent(name: str, rows: Callable[[], Rows], place: int | None) -> Sent:
    """A first walk through the rows tells how many and how wide they are."""
    first = _first(rows)
    number, heads = first[place or 0] if first else (1, [])
    width, last = len(heads), 0
    for row in rows():
        last, width = row[0], min(max(width, len(row[1])), MOST_COLUMNS)
    if not marked.already_beside(heads):
        return Sent(name, number, heads, width, last, rows)
    own = len(heads) - len(marked.BESIDE)
    return Sent(name, number, heads[:own], own, last, lambda: ((one, without(cells, own)) for one, cells in rows()), True)


def without(cells: Sequence[str], own: int) -> list[str]:
    """The cells of a row without those that an earlier report appended after the sender's own."""
    return [*cells[:own], *cells[own + len(marked.BESIDE) :]]


def _is_cell_a_line(content: bytes) -> bool:
    """Whether the text is what a converter left of a Word file; a plain look first, because a table may be huge."""
    try:
        return b"\n\t" in content[:_CHUNK] and read_tables(content).form == "text"
    except LoadError:
        return False


def dress_of(content: bytes) -> Dress:
    """The encoding, the separator and whether each cell stands in quotes."""
    encoding = _encoding(content)
    text = io.TextIOWrapper(io.BytesIO(content), encoding, errors="replace", newline="")
    start = list(islice(text, FIRST))
    best = max(SEPARATORS, key=lambda sign: (_named(start, sign), sum(line.count(sign) for line in start)))
    head = next((line for line in start if best in line), "")
    return Dress(encoding, best, head.startswith('"') and head.count('"') >= 2 * (head.count(best) + 1))


def _named(lines: Sequence[str], separator: str) -> int:
    """How many of our headings a row names when the lines are split in this way."""
    rows = [line.rstrip("\r\n").replace('"', "").split(separator) for line in lines]
    return max((score(row, headings.COLUMNS) for row in rows), default=0)


def _encoding(content: bytes) -> str:
    if content.startswith(_UTF_16):
        return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            for start in range(0, len(content), _CHUNK):
                decoder.decode(content[start : start + _CHUNK])
            decoder.decode(b"", final=True)
            return encoding
        except UnicodeDecodeError:
            continue
    return "utf-8-sig"


def records(content: bytes, dress: Dress) -> Iterator[Record]:
    """Every record of a text, one at a time, counted as the loader counts them.

    From a quote that is not closed or a cell too long to be split, each line is a record of its own.
    """
    lines = io.TextIOWrapper(io.BytesIO(content), dress.encoding, errors="replace", newline="")
    taken: list[str] = []

    def told() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    number = 0
    reader = csv.reader(told(), delimiter=dress.separator, strict=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            for line in taken:
                number += 1
                yield Record(number, line, [])
            reader = csv.reader(told(), delimiter=dress.separator, strict=True)
        else:
            number += 1
            yield Record(number, "".join(taken), cells)
        taken.clear()
