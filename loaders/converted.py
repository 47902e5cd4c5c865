"""What converters leave of a document, as text, becomes tables again: a cell a line, tabs, or drawn lines."""

import re
from collections.abc import Iterator
from itertools import pairwise

from loaders import cells, layouts
from loaders.problems import Problem
from loaders.shapes import Table, Tables

_NOISE = re.compile(r"\[bookmark:[^\]]*\]|Evaluation Warning:.*|^.*Created with Aspose.*", re.IGNORECASE)
# A unit, or the unit of money: what stands between two tables.
_BETWEEN = re.compile(r"\d{6}\D.*|(?:金额)?单位[:：]\s*[百千万亿]*元")
_BAR = re.compile(r"[|｜│┃]")
_RULE = re.compile(r"[\s|｜│┃+:=\-─━┼├┤┬┴┌┐└┘]*")
_LIKE_A_FORM = 3
# Labels that begin a row, and more cells than any row of a form has.
_FIRST = frozenset({"project_code", "funds", "plan", "goal"})
_HEADER, _LONG = "一级指标", 13
Cell = tuple[int, str]


def converted(text: str, problems: list[Problem]) -> Tables | None:
    """The tables of a converter's text, or prose without tables; None for a text with separated values."""
    if is_cell_a_line(text):
        return Tables([cell_a_line(text)], text, "text", problems)
    for form in (_drawn(text), _tabbed(text)):
        if sum(any(layouts.name_of(cell) in layouts.SIGNS | layouts.HEAD for cell in row) for row in form.rows) >= _LIKE_A_FORM:
            return Tables([form], text, "lines", problems)
    return Tables([], text, "text", problems) if _is_prose(text) else None


def is_cell_a_line(text: str) -> bool:
    """Whether a word-processing file was turned into text with one cell a line, each led by a tab."""
    cells = [line for line in text.splitlines() if line.lstrip(" \f").startswith("\t")]
    return len(cells) > 10 and sum("\t" in cell.strip() for cell in cells) < len(cells) / 10  # noqa: PLR2004


def cell_a_line(text: str) -> Table:
    """The rows of such a text: a cell a line, a blank line ends a row, the rest is noise.

    A page break before a tab, a line that names the unit or the unit of money, and a line without a tab start anew; an
    empty cell is the continuation of a merged one. A line without a tab right below a cell goes on with it, unless it
    is a title or a new page.
    """
    rows: list[list[Cell]] = []
    is_open = False
    for number, line in enumerate(text.split("\n"), start=1):
        bare = _NOISE.sub("", line.rstrip("\r"))
        if not bare.lstrip(" \f").startswith("\t"):
            is_open = is_open and bool(bare.strip()) and bare == line.rstrip("\r") and bare[0] not in " \f" and not layouts.is_title(bare)
            if is_open:
                rows[-1][-1] = (rows[-1][-1][0], f"{rows[-1][-1][1]}\n{bare}")
            continue
        cell = bare.lstrip(" \f")[1:]
        if not is_open or bare[0] != "\t" or _BETWEEN.fullmatch(cell.strip()):
            rows.append([])
            is_open = True
        rows[-1].append((number, cell))
    parted = [part for row in rows for part in _parted(row)]
    return Table([[cell for _, cell in row] for row in parted], [row[0][0] for row in parted], "")


def _parted(row: list[Cell]) -> Iterator[list[Cell]]:
    """The rows that ran into one where the blank lines between them were lost: at their first labels, indicators by their header."""
    starts = [place for place, (_, cell) in enumerate(row) if layouts.name_of(cell) in _FIRST or cells.term(cell) == _HEADER]
    if len(row) < _LONG or not starts:
        yield row
        return
    for start, end in pairwise(sorted({0, *starts, len(row)})):
        part = row[start:end]
        width = next((place for place, (_, cell) in enumerate(part) if not layouts.name_of(cell, layouts.INDICATORS)), len(part))
        if cells.term(part[0][1]) == _HEADER and len(part) > width and len(part) % width == 0:
            yield from (part[at : at + width] for at in range(0, len(part), width))
        else:
            yield part


def _drawn(text: str) -> Table:
    """The rows of a text whose cells stand between bars, as in Markdown."""
    rows, numbers = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.strip()
        if _BAR.search(bare) and not _RULE.fullmatch(bare):
            inner = bare[1 if _BAR.match(bare) else 0 : -1 if _BAR.match(bare[-1]) else None]
            rows.append([re.sub(r"<br\s*/?>", "\n", cell).strip() for cell in _BAR.split(inner)])
            numbers.append(number)
    return Table(rows, numbers, "")


def _tabbed(text: str) -> Table:
    """The rows of a text whose cells stand between tabs, each row perhaps led by one."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if "\t" in line]
    led = all(line.startswith("\t") for _, line in lines)
    rows = [[cell.strip() for cell in line[1 if led else 0 :].split("\t")] for _, line in lines]
    return Table(rows, [number for number, _ in lines], "")


def _is_prose(text: str) -> bool:
    """Whether a text is sentences, not rows of values."""
    lines = [line for line in text.splitlines() if line.strip()]
    separated = sum(any(sign in line for sign in ",\t;") for line in lines)
    return text.count("。") > 1 and separated < len(lines) / 2
