"""Columns of text, read and asked all at once instead of cell by cell."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

BLOCK = 4 * 2**20
MOST_IRREGULAR = 2_000_000
PIECE = 100_000
_LINE_ENDS = (10, 13)
_OFFSET = pa.int32()
_QUOTE = 34


class Body(NamedTuple):
    """The rows of a table that have one width, as columns of text, with the sender's row numbers."""

    texts: list[pa.Array]
    numbers: pa.Array

    def filled(self) -> Iterator[tuple[int, list[str]]]:
        """Each row that holds anything, with its number."""
        for number, *row in zip(self.numbers.to_pylist(), *(column.to_pylist() for column in self.texts), strict=True):
            if any(cell.strip() for cell in row):
                yield number, row

    def only(self, mask: pa.Array) -> "Body":
        """The rows that a mask marks."""
        return Body([column.filter(mask) for column in self.texts], self.numbers.filter(mask))


def of_rows(rows: Sequence[Sequence[str]], numbers: Sequence[int], width: int) -> Body:
    """Rows as columns of a width; what they have too many is cut, what they lack is blank."""
    texts = [pa.array([row[place] if place < len(row) else "" for row in rows], pa.string()) for place in range(width)]
    return Body(texts, pa.array(numbers, pa.int32()))


def of_columns(columns: Sequence[Sequence[str]], first: int) -> Body:
    """Columns of text whose rows are numbered from `first`."""
    texts = [pa.array(column, pa.string()) for column in columns]
    return Body(texts, pa.arange(first, first + len(columns[0])).cast(pa.int32()))


def joined(bodies: Sequence[Body]) -> Body:
    """Rows of one width from several places, in the order of their numbers; each column is taken from the places as it is joined."""
    if len(bodies) == 1:
        return bodies[0]
    texts = [pa.concat_arrays([body.texts.pop(0) for body in bodies]) for _ in range(len(bodies[0].texts))]
    numbers = pa.concat_arrays([body.numbers for body in bodies])
    order = pc.sort_indices(numbers)
    if order.equals(pa.arange(0, len(order)).cast(order.type)):
        return Body(texts, numbers)
    return Body([column.take(order) for column in texts], numbers.take(order))


def parsed(data: bytes, start: int, separator: str, width: int, first: int) -> tuple[Body, list[tuple[int, str]]] | None:
    """The records of separated text behind `start`, numbered from `first`, and those of another width as text with their numbers.

    None where the quotes are not regular or a record is too long: then only reading it character by character tells.
    """
    rest = memoryview(data)[start:]
    if data.find(b'"', start) >= 0 and not has_regular_quotes(rest, separator):
        return None
    irregular: list[tuple[int, str]] = []

    def keep(row: csv.InvalidRow) -> str:
        irregular.append((row.number, row.text))
        return "skip" if len(irregular) <= MOST_IRREGULAR else "error"

    names = [str(place) for place in range(width)]
    try:
        found = csv.read_csv(
            pa.BufferReader(rest),
            csv.ReadOptions(use_threads=False, column_names=names, block_size=BLOCK),
            csv.ParseOptions(delimiter=separator, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=keep),
            csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False),
        )
    except pa.ArrowInvalid:
        return None
    numbers = pa.arange(first, first + found.num_rows + len(irregular)).cast(pa.int32())
    if irregular:
        other = pa.array([first + number - 1 for number, _ in irregular], pa.int32())
        numbers = numbers.filter(pc.invert(pc.is_in(numbers, other)))
    columns = [column.chunks for column in found.columns]
    # Each part is let go of as soon as it is in the whole.
    del found
    body = Body([_whole(parts) for parts in columns], numbers)
    return body, [(first + number - 1, text) for number, text in irregular]


def has_regular_quotes(data: memoryview, separator: str) -> bool:
    """Whether every quote opens or closes a field or is doubled inside one, so that no reader can take it otherwise."""
    signs = pa.Array.from_buffers(pa.uint8(), len(data), [None, pa.py_buffer(data)])
    open_before, last_quote = False, -2
    for start in range(0, len(data), BLOCK):
        places = pc.add(pc.indices_nonzero(pc.equal(signs.slice(start, BLOCK), _QUOTE)).cast(pa.int64()), start)
        if len(places) == 0:
            continue
        opens = pc.equal(pc.bit_wise_and(pa.arange(0, len(places)), 1), int(open_before))
        before = _ends(signs, pc.subtract(places, 1), separator, len(data))
        after = _ends(signs, pc.add(places, 1), separator, len(data))
        gaps = pc.equal(pc.subtract(places, pa.concat_arrays([pa.array([last_quote]), places.slice(0, len(places) - 1)])), 1)
        doubled = pc.equal(signs.take(pc.min_element_wise(pc.add(places, 1), len(data) - 1)), _QUOTE)
        doubled = pc.and_(doubled, pc.less(places, len(data) - 1))
        if not every(pc.if_else(opens, pc.or_(before, gaps), pc.or_(after, doubled))):
            return False
        open_before ^= bool(len(places) % 2)
        last_quote = places[-1].as_py()
    return not open_before


def _ends(signs: pa.Array, places: pa.Array, separator: str, size: int) -> pa.Array:
    """Whether a separator, a line end or an end of the text stands at each place."""
    outside = pc.or_(pc.less(places, 0), pc.greater_equal(places, size))
    inside = signs.take(pc.min_element_wise(pc.max_element_wise(places, 0), size - 1))
    return pc.or_(outside, pc.is_in(inside, pa.array([ord(separator), *_LINE_ENDS], pa.uint8())))


def _whole(parts: list[pa.StringArray]) -> pa.StringArray:
    """Parts of a column of text without nulls as one, in the room that each gives up once it is copied: the list is empty afterwards."""
    count, size = sum(map(len, parts)), sum(pc.sum(pc.binary_length(part), min_count=0).as_py() for part in parts)
    offsets, text = pa.allocate_buffer(_OFFSET.bit_width // 8 * (count + 1)), pa.allocate_buffer(size)
    ends, signs = memoryview(offsets).cast("i"), memoryview(text)
    ends[0] = line = place = 0
    while parts:
        part = parts.pop(0)
        if not len(part):
            continue
        _, own_offsets, own_text = part.buffers()
        own_ends = pa.Array.from_buffers(_OFFSET, len(part) + 1, [None, own_offsets], offset=part.offset)
        first, last = own_ends[0].as_py(), own_ends[-1].as_py()
        moved = pc.add_checked(own_ends, pa.scalar(place - first, _OFFSET))
        ends[line : line + len(moved)] = memoryview(moved.buffers()[1]).cast("i")[: len(moved)]
        if last > first:
            signs[place : place + last - first] = memoryview(own_text)[first:last]
        line, place = line + len(part), place + last - first
    return pa.StringArray.from_buffers(count, offsets, text)


def distinct(column: pa.Array) -> tuple[list[Any], pa.Array]:
    """Each different value of a column once, and for every row which of them it has."""
    encoded = column.dictionary_encode()
    return encoded.dictionary.to_pylist(), encoded.indices


def mapped(column: pa.Array, read: Callable[[str], Any], kind: pa.DataType) -> pa.Array:
    """What `read` makes of every cell, the column itself where that changes nothing.

    Each different text of a piece is read once, so that a million of them stand in memory in turn.
    """
    found, is_changed = [], False
    for piece in pieces(column):
        values, places = distinct(piece)
        told = [read(value) for value in values]
        found.append(piece if kind == column.type and told == values else pa.array(told, kind).take(places))
        is_changed |= found[-1] is not piece
    return pa.concat_arrays(found) if is_changed else column


def pieces(column: pa.Array) -> list[pa.Array]:
    """A column cut into parts of a size that can be looked at one by one."""
    return [column.slice(start, PIECE) for start in range(0, max(len(column), 1), PIECE)]


def trimmed(column: pa.Array) -> pa.Array:
    """Texts without blanks around them, the column itself where there are none."""
    found = pc.utf8_trim_whitespace(column)
    return column if found.equals(column) else found


def marked(column: pa.Array, holds: Callable[[str], bool]) -> pa.Array:
    """For every cell whether something holds of its text; each different text is asked once."""
    return mapped(column, holds, pa.bool_())


def some(mask: pa.Array) -> bool:
    """Whether a mask marks anything."""
    return bool(pc.any(mask).as_py())


def every(mask: pa.Array) -> bool:
    """Whether a mask marks everything, were it nothing at all."""
    return bool(pc.all(mask, min_count=0).as_py())


def places_of(mask: pa.Array, most: int) -> list[int]:
    """The first places that a mask marks."""
    return pc.indices_nonzero(mask).slice(0, most).to_pylist()
