"""The sender's own file comes back with what was found in it; the list of findings, to be answered."""

import csv
import io
import re
import zipfile
from collections.abc import Sequence

from data.words import Words
from loaders.confined import confined
from pages.parts import marked
from pages.parts.exports import safe
from pages.parts.marked import Finding
from pages.parts.plain_book import MOST_ROWS, plain_book
from pages.parts.sent import Dress, Record, Sent, dress_of, is_text, records, sent_table, without

# A workbook of 50,000 rows; what is larger would take more than its share of memory.
OWN_AT_MOST, OWN_UNPACKED = 5 * 2**20, 25 * 10**6
OWN_SECONDS, OWN_BYTES = 120.0, 260 * 2**20
PLAIN_SECONDS = 300.0
BOM = b"\xef\xbb\xbf"
END = ("\r\n", "\n", "\r")
_NUMBER = re.compile(r"[+-]?[0-9.,]+")


def returned_workbook(content: bytes, name: str, findings: Sequence[Finding], sheet: str | None, say: Words) -> bytes:
    """The sender's file as XLSX: four cells appended to each row, the faulty cells coloured, the list on a sheet of its own.

    An XLSX comes back as it is but for formulas, links and pivot tables (their values stay); any other
    file, and one too large or too strange for that, as a table of text. Never an exception: what is read
    is read in a process of its own, and where that fails the list comes back alone. `sheet` names the
    sheet in question.
    """
    found = list(findings)
    if _is_small_xlsx(content):
        from pages.parts.own_book import own_book  # noqa: PLC0415 - a third of a second that only workbooks need

        own = confined(own_book, content, name, found, sheet, say, seconds=OWN_SECONDS, most_bytes=OWN_BYTES)
        if own is not None:
            return own
    for only_faulty in (False, True):
        plain = confined(write_plain, content, name, found, sheet, say, only_faulty, seconds=PLAIN_SECONDS)
        if plain is not None:
            return plain
    return plain_book(None, name, found, say)


def _is_small_xlsx(content: bytes) -> bool:
    """Whether the file is an XLSX that may be opened whole, by the sizes that it declares."""
    try:
        members = zipfile.ZipFile(io.BytesIO(content)).infolist() if len(content) <= OWN_AT_MOST else []
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    return any(member.filename == "xl/workbook.xml" for member in members) and sum(member.file_size for member in members) <= OWN_UNPACKED


def write_plain(content: bytes, name: str, findings: Sequence[Finding], sheet: str | None, say: Words, only_faulty: bool = False) -> bytes:
    """The same from the table of text alone; of more rows than a sheet holds only those with findings."""
    sent = sent_table(content, sheet)
    return plain_book(sent, name, findings, say, only_faulty or (sent is not None and sent.last > MOST_ROWS))


def returned_csv(content: bytes, findings: Sequence[Finding], say: Words) -> bytes:
    """The sender's CSV with four cells appended to each row, as UTF-8 with BOM whatever encoding was sent.

    The sender's own cells come back as the text that was sent, separator, quotes and line ends included;
    findings without a row stand only in the list. An office file comes back as its table of text.
    """
    if not is_text(content):
        return confined(_csv_of_office, content, list(findings), say, seconds=PLAIN_SECONDS) or list_csv(findings, say)
    dress, sent, found = dress_of(content), sent_table(content), marked.by_row(findings)
    text = io.BytesIO()
    text.write(BOM)
    nothing = _joined(("",) * len(marked.BESIDE), dress)
    for record in records(content, dress):
        here = found.get(record.number, [])
        is_plain = sent is None or (not here and record.number != sent.header)
        if is_plain and (sent is None or record.number < sent.header or not record.cells):
            text.write(record.text.encode(errors="replace"))
            continue
        texts = None if is_plain else marked.texts_of(record.number, sent.header, here, say)
        text.write(_with(record, sent, _joined(texts, dress) if texts else nothing, dress).encode(errors="replace"))
    return text.getvalue()


def _csv_of_office(content: bytes, findings: Sequence[Finding], say: Words) -> bytes | None:
    """The table of an office file as CSV, then as any CSV; the numbers of its rows are kept by blank lines."""
    sent = sent_table(content)
    return None if sent is None else BOM + _office_text(sent, marked.by_row(findings), say).encode(errors="replace")


def _office_text(sent: Sent, found: dict[int, list[Finding]], say: Words) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    next_number = 1
    for number, cells in sent.rows():
        writer.writerows([[]] * (number - next_number))
        next_number = number + 1
        texts = marked.texts_of(number, sent.header, found.get(number, []), say) or ()
        blank = [""] * (sent.width - len(cells) if texts else 0)
        own = [cell if _NUMBER.fullmatch(cell) else safe(marked.clean(cell)) for cell in cells]
        writer.writerow([*own, *blank, *(safe(marked.clean(one)) for one in texts)])
    return text.getvalue()


def _with(record: Record, sent: Sent, appended: str, dress: Dress) -> str:
    """A record's own text, filled up to the width of the table, and the appended cells before its line end."""
    cells, end = record.cells, next((end for end in END if record.text.endswith(end)), "")
    own = record.text.removesuffix(end)
    if sent.is_report and len(cells) > sent.width:
        cells = without(cells, sent.width)
        own = dress.separator.join(_quoted(cell, dress) for cell in cells)
    return own + dress.separator * (max(sent.width - len(cells), 0) + 1) + appended + end


def _joined(texts: Sequence[str], dress: Dress) -> str:
    return dress.separator.join(_quoted(safe(marked.clean(text)), dress) for text in texts)


def _quoted(text: str, dress: Dress) -> str:
    if dress.quoted or any(sign in text for sign in (dress.separator, '"', "\n", "\r")):
        return '"' + text.replace('"', '""') + '"'
    return text


def list_csv(findings: Sequence[Finding], say: Words) -> bytes:
    """The list alone as CSV with BOM, the last two columns to be filled in and sent back."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(marked.list_heads(say))
    for finding in marked.ordered(findings):
        writer.writerow([safe(marked.clean(cell)) if isinstance(cell, str) else cell for cell in marked.list_row(finding, say)])
    return BOM + text.getvalue().encode()
