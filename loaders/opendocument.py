"""How far the cells of an OpenDocument spreadsheet reach once its repetitions are written out, and which of them failed."""

import re
from xml.parsers import expat

from loaders.extents import DENSITY, LONGEST_ROW, MOST_ERRORS, Cell, last_start
from loaders.limits import MOST_CELLS, MOST_COLUMNS, SPARSE_CELLS
from loaders.problems import LoadError

_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*?)(/?)>")
_ROWS = re.compile(rb"""number-rows-repeated=["']([0-9]+)""")
_COLUMNS = re.compile(rb"""number-columns-repeated=["']([0-9]+)""")
_ERROR = re.compile(rb"<text:p[^>]*>(#[A-Z0-9/]+[!?]?|Err:[0-9]+)</text:p>")
_ROW, _TABLE = re.compile(rb"<table:table-row[\s>/]"), re.compile(rb"<table:table\s")
_PART = re.compile(rb"(?=<table:table(?:-row)?[\s>/])")


class OpenExtent:
    """The area that the filled cells of each sheet span, and the cells that failed, by the sheet's place in the file."""

    def __init__(self) -> None:
        """Nothing has gone by."""
        self.errors: dict[int, dict[Cell, str]] = {}
        # The library looks for the end of a table for ever where the XML does not close it.
        self._parser = expat.ParserCreate()
        self._rest = b""
        self._sheet = -1
        self._row = self._rows = self._width = self._cells = 0

    def see(self, piece: bytes) -> None:
        """Look at the next piece, up to its last whole row; LoadError F05 for XML that is not well-formed."""
        self._parse(piece, is_last=False)
        text = self._rest + piece
        cut = last_start(text, b"<table:table-row")
        if len(text) - cut > LONGEST_ROW:
            raise LoadError("F05", value=str(MOST_COLUMNS), why="wide")
        self._look(text[:cut])
        self._rest = text[cut:]

    def end(self) -> None:
        """Look at what is left over."""
        self._parse(b"", is_last=True)
        self._look(self._rest)
        self._judge()

    def _parse(self, piece: bytes, is_last: bool) -> None:
        try:
            self._parser.Parse(piece, is_last)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise LoadError("F05", value="ODS", why="damaged") from error

    def _look(self, text: bytes) -> None:
        for part in _PART.split(text):
            if _TABLE.match(part):
                self._judge()
                self._sheet += 1
                self._row = self._rows = self._width = self._cells = 0
            elif _ROW.match(part):
                self._see_row(part)

    def _see_row(self, row: bytes) -> None:
        """Count a row as often as it is repeated, up to its last filled cell."""
        times = _number(_ROWS, row[: row.find(b">")])
        place = width = 0
        found = list(_CELL.finditer(row))
        ends = [cell.start() for cell in found[1:]] + [len(row)] * bool(found)
        for cell, after in zip(found, ends, strict=True):
            repeated = _number(_COLUMNS, cell[1])
            if b"value" in cell[1] or not cell[2] and b"<text:p" in row[cell.end() : after]:
                width = place + repeated
                if failed := _ERROR.search(row, cell.end(), after):
                    self._keep(failed[1].decode(), place)
            place += repeated
            if width > MOST_COLUMNS:
                raise LoadError("F05", value=str(width), why="wide")
        self._row += times
        if width:
            self._rows, self._width = self._row, max(self._width, width)
            self._cells += len(found)
            if self._rows * self._width > MOST_CELLS:
                raise LoadError("F05", value=str(MOST_CELLS), why="cells")

    def _keep(self, text: str, column: int) -> None:
        errors = self.errors.setdefault(self._sheet, {})
        if len(errors) < MOST_ERRORS:
            errors[Cell(self._row, column)] = text

    def _judge(self) -> None:
        """LoadError F05 where few written cells stand for many."""
        if self._rows * self._width > SPARSE_CELLS + DENSITY * self._cells:
            raise LoadError("F05", value=str(self._rows * self._width), why="sparse")


def _number(form: re.Pattern[bytes], text: bytes) -> int:
    found = form.search(text)
    return int(found[1][:9]) if found else 1
