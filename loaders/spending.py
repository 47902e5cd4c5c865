"""The columns of disbursements become codes, months, figures and words; what cannot be read is a finding."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from loaders import cells
from loaders.arrays import distinct, every, mapped, some, trimmed
from loaders.codes import LENGTH, damage
from loaders.findings import Findings
from loaders.lines import Lines

FIGURES = {
    **dict.fromkeys(("当月", "本月", "单月", "当月数", "本月数", "month", "monthly"), "month"),
    **dict.fromkeys(("累计", "本年累计", "累计数", "本年累计数", "cumulative", "ytd"), "cumulative"),
}
FIRST_YEAR, LAST_YEAR = 2000, 2099
_WHOLE = pa.int32()


class Basis(NamedTuple):
    """What the lines of a file are taken for where they do not say it: year, unit of money, kind of figure.

    `said` is the kind of figure that the heading of the amounts speaks of, None if it does not. `assumed`
    names what neither the file nor anybody beside it says.
    """

    year: int | None
    unit: str
    figure: str
    said: str | None
    assumed: frozenset[str] = frozenset()


class Months(NamedTuple):
    """Year and month of every line, and whether its month speaks of all months from January on."""

    year: pa.Array
    month: pa.Array
    to_date: pa.Array


def codes(lines: Lines, findings: Findings) -> pa.Array:
    """The project codes as the plan writes them; a missing or destroyed one is a finding, a mended one a note."""
    written = lines.text("project_code")
    values, places = distinct(written)
    read = [cells.code(value) for value in values]
    harm = pa.array([damage(code) for code in read], pa.string()).take(places)
    code = written if read == values else pa.array(read, pa.string()).take(places)
    blank = pc.equal(code, "")
    findings.add("R09", "project_code", blank)
    for why in ("scientific", "rounded"):
        findings.add("R07", "project_code", _is(harm, why), why)
    if some(lost := _is(harm, "zeros")):
        findings.add("R07", "project_code", lost, "zeros", pc.utf8_lpad(code, width=LENGTH, padding="0"))
    mended = pc.and_(pc.not_equal(code, written), pc.invert(pc.or_(blank, pc.is_valid(harm))))
    findings.add("M02", "project_code", mended, "repaired", code)
    return code


def months(lines: Lines, basis: Basis, findings: Findings) -> Months:
    """The months of all lines, with the year that the cell says, else the line's own, else the declared one."""
    own = _told(lines, "fiscal_year", cells.year, _WHOLE)
    findings.add("R05", "fiscal_year", pc.and_(pc.is_null(own), words_in(lines, "fiscal_year")), "year_cell")
    values, places = distinct(lines.text("month"))
    read = [_month(value) for value in values]
    month = pa.array([found and found.month for found in read], _WHOLE).take(places)
    named = pa.array([found and found.year for found in read], _WHOLE).take(places)
    to_date = pa.array([bool(found and found.to_date) for found in read], pa.bool_()).take(places)
    findings.add("R05", "month", pc.is_null(month), "unreadable")
    other = pc.fill_null(pc.not_equal(named, own), False)
    findings.add("R05", "month", other, "other_year", own)
    year = pc.coalesce(named, own, pa.scalar(basis.year, _WHOLE))
    findings.add("R05", "month", pc.and_(pc.is_valid(month), pc.is_null(year)), "year")
    beyond = pc.or_(pc.less(year, FIRST_YEAR), pc.greater(year, LAST_YEAR))
    findings.add("R05", "month", pc.and_(pc.is_valid(month), pc.fill_null(beyond, False)), "unreadable")
    return Months(year, month, to_date)


def _month(text: str) -> cells.MonthHeading | None:
    """The month of a cell, or of a heading above amounts."""
    found = cells.month(text)
    return cells.MonthHeading(*found, cells.is_to_date(text)) if found else cells.month_heading(text)


def figures(lines: Lines, to_date: pa.Array, basis: Basis, findings: Findings) -> pa.Array:
    """Whether each line is a month's amount or cumulative: its own word, else what its month or the heading says, else as declared."""
    own = _told(lines, "figure", lambda text: FIGURES.get(cells.label(text)), pa.string())
    told = words_in(lines, "figure")
    findings.add("R08", "figure", pc.and_(pc.is_null(own), told))
    if "figure" in basis.assumed and some(pc.not_equal(own, basis.figure)):
        findings.add("R08", "figure", pc.invert(pc.or_(told, to_date)), "blank")
    said = pa.scalar(basis.said, pa.string())
    findings.add("R12", "figure", pc.fill_null(pc.not_equal(own, said), False), "heading", heading=lines.heads.named.get("amount", ""))
    monthly = pc.equal(pc.fill_null(pc.coalesce(own, said), ""), "month")
    findings.add("R12", "month", pc.and_(to_date, monthly), "month")
    implied = pc.if_else(to_date, "cumulative", pa.scalar(None, pa.string()))
    return pc.coalesce(own, implied, said, pa.scalar(basis.figure))


def units(lines: Lines, basis: Basis, findings: Findings) -> pa.Array | None:
    """The unit of money that each line names for itself, null where it names none; None where no line does.

    Where others name another than the one that is assumed for the silent ones, nobody knows what these mean.
    """
    if "money" not in lines.texts:
        return None
    named = mapped(lines.texts["money"], cells.money_unit, pa.string())
    told = words_in(lines, "money")
    findings.add("R13", "money", pc.and_(pc.is_null(named), told))
    if "money" in basis.assumed and some(pc.not_equal(named, basis.unit)):
        findings.add("R13", "money", pc.invert(told), "blank")
    return named


def words_in(lines: Lines, name: str) -> pa.Array:
    """Which cells of a column say anything."""
    if name not in lines.texts:
        return pa.repeat(False, lines.size)
    return pc.is_valid(words(lines, name))


def words(lines: Lines, name: str) -> pa.Array:
    """A column of words in plain form, null where a cell says nothing."""
    if name not in lines.texts:
        return pa.nulls(lines.size, pa.string())
    column = lines.texts[name]
    is_plain = every(pc.string_is_ascii(column))
    return _unless_blank(trimmed(column) if is_plain else mapped(column, cells.plain, pa.string()))


def names(lines: Lines, name: str) -> pa.Array:
    """A column of names as they were written, null where a cell says nothing."""
    if name not in lines.texts:
        return pa.nulls(lines.size, pa.string())
    return _unless_blank(trimmed(lines.texts[name]))


def details(lines: Lines) -> pa.Array:
    """What tells lines of one project apart: the sender's own columns, without running numbers."""
    found = lines.others
    for nth in lines.heads.running:
        found = pc.replace_substring_regex(found, rf"^((?:[^\t]*\t){{{nth}}})[^\t]*", r"\1")
    return found


def unit_codes(lines: Lines) -> pa.Array:
    """The codes of the units, null where a line names none."""
    return _unless_blank(_told(lines, "unit_code", cells.code, pa.string()))


def _told(lines: Lines, name: str, read: Callable[[str], Any], kind: pa.DataType) -> pa.Array:
    """What the cells of a column say, null where the file has no such column."""
    return mapped(lines.texts[name], read, kind) if name in lines.texts else pa.nulls(lines.size, kind)


def _unless_blank(column: pa.Array) -> pa.Array:
    blank = pc.equal(column, "")
    return pc.if_else(blank, pa.scalar(None, pa.string()), column) if some(blank) else column


def _is(column: pa.Array, text: str) -> pa.Array:
    return pc.fill_null(pc.equal(column, text), False)
