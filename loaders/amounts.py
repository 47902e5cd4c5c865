"""A column of money becomes yuan: what is plain all at once, every other text once, by the grammar of cells."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from loaders import cells
from loaders.arrays import distinct, every, pieces, places_of, some
from loaders.extents import Cell
from loaders.lines import Lines

YUAN = pa.decimal128(18, 2)
CENT = Decimal("0.01")
CENT_DECIMALS = 2
KINDS = ("plain", "repaired", "blank", "text", "error", "decimals", "shown")
_KIND = pa.int8()
Shown = Callable[[list[Cell]], dict[Cell, int]]


class Amounts(NamedTuple):
    """The amount of every line in yuan, null where there is none, and which of KINDS its cell is."""

    yuan: pa.Array
    kinds: pa.Array

    def are(self, kind: str) -> pa.Array:
        """A mask of the lines whose cell is of a kind."""
        return pc.equal(self.kinds, KINDS.index(kind))


def read_amounts(lines: Lines, units: pa.Array | None, unit: str, shown: Shown) -> Amounts:
    """The amounts of all lines; `units` are the rows' own units of money where the file has them, null for `unit`.

    A number with more decimals than a yuan has is rounded where `shown` says that its cell shows just these.
    """
    texts = lines.text("amount")
    if units is None:
        found = _in_unit(texts, unit)
    else:
        units = pc.fill_null(units, unit)
        found = Amounts(pa.nulls(lines.size, YUAN), pa.array([0] * lines.size, _KIND))
        for one in pc.unique(units).to_pylist():
            mask = pc.equal(units, one)
            part = _in_unit(texts.filter(mask), one)
            found = Amounts(pc.replace_with_mask(found.yuan, mask, part.yuan), pc.replace_with_mask(found.kinds, mask, part.kinds))
    return _rounded(found, lines, units, unit, shown)


def _in_unit(texts: pa.Array, unit: str) -> Amounts:
    plain = pc.match_substring_regex(texts, cells.plain_amount(unit))
    kinds = pa.repeat(pa.scalar(KINDS.index("plain"), _KIND), len(texts))
    if every(plain):
        return Amounts(_cast(texts, unit), kinds)
    yuan = _cast(pc.if_else(plain, texts, None), unit)
    rest = pc.invert(plain)
    others = [_one_by_one(piece, unit) for piece in pieces(texts.filter(rest))]
    return Amounts(
        pc.replace_with_mask(yuan, rest, pa.concat_arrays([part.yuan for part in others])),
        pc.replace_with_mask(kinds, rest, pa.concat_arrays([part.kinds for part in others])),
    )


def _one_by_one(texts: pa.Array, unit: str) -> Amounts:
    """The same for texts that are not plain: each different one is mended, and looked into where that is not enough."""
    values, places = distinct(texts)
    written = [cells.written_amount(value) for value in values]
    digits = pa.array([found.digits if found and found.unit is None else None for found in written], pa.string())
    plain = pc.fill_null(pc.match_substring_regex(digits, cells.plain_amount(unit)), False)
    yuan = _cast(pc.if_else(plain, digits, None), unit)
    kinds = pa.array([KINDS.index("repaired" if found and found.repaired else "plain") for found in written], _KIND)
    rest = pc.invert(plain)
    if some(rest):
        read = [_read(values[place], unit) for place in places_of(rest, len(values))]
        yuan = pc.replace_with_mask(yuan, rest, pa.array([amount for amount, _ in read], YUAN))
        kinds = pc.replace_with_mask(kinds, rest, pa.array([KINDS.index(kind) for _, kind in read], _KIND))
    return Amounts(yuan.take(places), kinds.take(places))


def _cast(digits: pa.Array, unit: str) -> pa.Array:
    """Plain digits of a unit in yuan."""
    shift = cells.YUAN[unit].adjusted()
    numbers = digits.cast(pa.decimal128(18, CENT_DECIMALS + shift))
    return (pc.multiply(numbers, pa.scalar(cells.YUAN[unit])) if shift else numbers).cast(YUAN)


def _read(text: str, unit: str) -> tuple[Decimal | None, str]:
    """What one cell of money says: its amount in yuan where it has one, and its kind."""
    found = cells.money(text, unit)
    if found is None:
        return None, "blank" if cells.no_amount(text) else "error" if cells.is_error(text) else "text"
    amount = found.yuan.quantize(CENT)
    if amount != found.yuan:
        return None, "decimals"
    return amount, "repaired" if found.repaired else "plain"


def _rounded(found: Amounts, lines: Lines, units: pa.Array | None, unit: str, shown: Shown) -> Amounts:
    """The same with those numbers rounded to 分 whose cells show so many decimals as make 分."""
    mask = found.are("decimals")
    places = places_of(mask, lines.size)
    if not places:
        return found
    where = [Cell(lines.numbers[line].as_py() - 1, lines.place("amount", line) or 0) for line in places]
    decimals = shown(where)
    yuan, kinds = [], []
    for line, cell in zip(places, where, strict=True):
        own = units[line].as_py() if units is not None else unit
        amount = cells.money(lines.texts["amount"][line].as_py(), own)
        is_shown = amount is not None and decimals.get(cell) == CENT_DECIMALS + cells.YUAN[own].adjusted()
        yuan.append(amount.yuan.quantize(CENT, ROUND_HALF_UP) if is_shown and amount else None)
        kinds.append(KINDS.index("shown" if is_shown else "decimals"))
    return Amounts(
        pc.replace_with_mask(found.yuan, mask, pa.array(yuan, YUAN)),
        pc.replace_with_mask(found.kinds, mask, pa.array(kinds, _KIND)),
    )
