"""The lagging list as a workbook and as CSV, of any number of rows, against the same cells written by XlsxWriter alone."""

import io
from pathlib import Path
from typing import Any

import xlsxwriter

from data import lagging, queries
from data.database import Store
from data.words import Words
from pages.parts import exports
from pages.parts.working_paper import behind_workbook
from tests.bench.measured import Line, alone, timed
from tests.bench.questions import AS_OF
from tests.bench.stores import Stores

ROWS = (1_000, 100_000)
SAY = Words("zh")


def lines(stores: Stores) -> list[Line]:
    """Lists of a thousand and a hundred thousand rows; the rows of the largest store, repeated where it has too few."""
    path, found = stores[max(stores)], []
    for count in ROWS:
        bare = alone(_bare, path, count)
        for name in ("XLSX", "CSV"):
            found.append(Line(f"lagging list as {name}: {count:,} rows", alone(_ours, path, count, name), "bare XlsxWriter", bare))
    return found


def _rows(path: Path, count: int) -> tuple[list[dict[str, Any]], exports.Context]:
    store = Store(path)
    rows = lagging.listed(store, AS_OF, None, (0, count))["rows"]
    about = exports.Context({**queries.export_facts(store, AS_OF), "beside": ()}, SAY, {})
    store.close()
    return [rows[number % len(rows)] for number in range(count)], about


def _ours(path: Path, count: int, name: str) -> float:
    rows, about = _rows(path, count)
    make = {"XLSX": behind_workbook, "CSV": exports.behind_csv}[name]
    return timed(lambda: make(rows, about))


def _bare(path: Path, count: int) -> float:
    rows, _ = _rows(path, count)
    cells = [[exports.cell_of(row, name, SAY) for name in exports.BEHIND] for row in rows]

    def write() -> None:
        book = xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True})
        sheet = book.add_worksheet()
        for number, row in enumerate(cells):
            sheet.write_row(number, 0, row)
        book.close()

    return timed(write)
