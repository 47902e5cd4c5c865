"""The audit's rows as tables to take along: CSV and XLSX, every cell text but the number."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from data.words import Words
from pages.parts import figures
from pages.parts.exports import plain_text, safe, styles_of

Row = dict[str, Any]
COLUMNS = ("number", "at", "person", "event", "subject", "outcome", "detail", "previous", "hash")
WIDTHS = {"at": 20, "person": 16, "event": 16, "subject": 36, "detail": 60, "previous": 20, "hash": 20}


def named(kind: str, name: str, say: Words) -> str:
    """An event or outcome in words; what words.csv does not know as it stands."""
    keys = (f"{kind}.{name}", f"verb.{name}")
    return next((say(key) for key in keys if say.has(key)), name)


def cells(row: Row, say: Words) -> list[str]:
    """A row of the audit as it is shown, in the order of COLUMNS; moments in this machine's time, to the second."""
    told = {
        **row,
        "at": figures.moment_name(row["recorded_at"], seconds=True),
        "event": named("event", row["event"], say),
        "outcome": named("outcome", row["outcome"], say),
    }
    return [str(told[name]) for name in COLUMNS]


def headings(say: Words) -> list[str]:
    """The headings of the columns."""
    return [say(f"audit.{name}") for name in COLUMNS]


def trail_csv(rows: Sequence[Row], say: Words) -> bytes:
    """The rows as CSV with BOM, no cell of which a spreadsheet takes for a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headings(say))
    writer.writerows([safe(cell) for cell in cells(row, say)] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def trail_workbook(rows: Sequence[Row], say: Words) -> bytes:
    """The rows as a workbook, typed as text."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    styles, sheet = styles_of(book), book.add_worksheet(say("page.audit"))
    for column, (name, heading) in enumerate(zip(COLUMNS, headings(say), strict=True)):
        sheet.write_string(0, column, heading, styles["head"])
        sheet.set_column(column, column, WIDTHS.get(name, 10))
    for line, row in enumerate(rows, start=1):
        sheet.write_number(line, 0, row["number"], styles["number"])
        for column, cell in list(enumerate(cells(row, say)))[1:]:
            sheet.write_string(line, column, plain_text(cell), styles["text"])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(COLUMNS) - 1)
    book.close()
    return content.getvalue()
