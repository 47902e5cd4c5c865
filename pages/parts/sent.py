"""A file as it was sent: its rows under the sender's own row numbers, each record's text untouched."""

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from loaders import actuals, lists
from loaders.columns import find_header, score
from loaders.problems import LoadError
from loaders.shapes import Table
from loaders.tables import read_tables
from pages.parts import marked

SEPARATORS = ",\t;"
FIRST = 20
MOST_COLUMNS = 200
_CHUNK = 2**20
_PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")
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


def is_packed(content: bytes) -> bool:
    """Whether the file is an office file or a PDF and not a text."""
    return content.startswith(_PACKED)


def header_place(rows: Sequence[Sequence[str]]) -> int | None:
    """The place among the first rows of the one that names most of our columns; None without one."""
    found = [(place, columns) for columns in (actuals.COLUMNS, lists.COLUMNS) if (place := find_header(rows, columns)) is not None]
    return max(found, key=lambda one: score(rows[one[0]], one[1]))[0] if found else None


def table_of(content: bytes, sheet: str | None) -> Table | None:
    """The table of an office file or a converter's text: of that sheet, else the first with a header, else the first."""
    try:
        tables = read_tables(content).tables
    except LoadError:
        return None
    named = [table for table in tables if sheet and table.name == sheet]
    headed = [table for table in tables if header_place(table.rows) is not None]
    return next(iter([*named, *headed, *tables]), None)


def sent_table(content: bytes, sheet: str | None = None) -> Sent | None:
    """The table of a file of any kind, a text read record by record; None where the file cannot be read."""
    if is_packed(content) or _is_cell_a_line(content):
        table = table_of(content, sheet)
        return _sent(table.name, lambda: zip(table.numbers, table.rows, strict=True)) if table else None
    dress = dress_of(content)
    return _sent("", lambda: ((record.number, record.cells or [record.text.strip()]) for record in records(content, dress)))


def _sent(name: str, rows: Callable[[], Rows]) -> Sent:
    """A first walk through the rows tells how many and how wide they are."""
    first = [row for row, _ in zip(((number, cells) for number, cells in rows() if any(cells)), range(FIRST), strict=False)]
    place = header_place([cells for _, cells in first])
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
    start = [line for line, _ in zip(text, range(FIRST), strict=False)]
    best = max(SEPARATORS, key=lambda sign: (_named(start, sign), sum(line.count(sign) for line in start)))
    head = next((line for line in start if best in line), "")
    return Dress(encoding, best, head.startswith('"') and head.count('"') >= 2 * (head.count(best) + 1))


def _named(lines: Sequence[str], separator: str) -> int:
    """How many of our headings a row names when the lines are split in this way."""
    rows = [line.rstrip("\r\n").replace('"', "").split(separator) for line in lines]
    return max((score(row, columns) for row in rows for columns in (actuals.COLUMNS, lists.COLUMNS)), default=0)


def _encoding(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
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
