"""The lagging list as a working paper: a summary and a sheet for each unit, with formulas that give our figures again."""

import io
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from data.words import Words
from pages.parts import figures
from pages.parts.exports import BEHIND, MONEY, SHARES, WIDTHS, Context, cell_of, heading, list_feet, plain_text, styles_of
from pages.parts.grid import signs
from pages.parts.selection import STATUSES, by_unit

Row = dict[str, Any]
PLACE = {name: place for place, name in enumerate(BEHIND)}
FIRST = 2
# What stands below the list begins behind the columns that are repeated on every page.
BELOW = 2
# A line of text in points, and how many of them a row of a workbook may have.
LINE, HIGHEST = 15, 27
# What a spreadsheet reckons itself from the cells beside it; the rest is written as it is.
FORMULAS = {
    "spent_share": 'IF({current_budget}>0,{spent}/{current_budget},"")',
    "gap_amount": "ROUND({spent}-{due_amount},6)",
    "gap_share": 'IF({current_budget}>0,ROUND(({spent}-{due_amount})/{current_budget}*100,8),"")',
    "completion": 'IF({due_amount}>0,{spent}/{due_amount},"")',
}
OWED = ("cause", "reason")
_UNFIT = re.compile(r"[\[\]:*?/\\]")
LONGEST_NAME = 31
# More sheets than this nobody leafs through; the units then stand in the summary alone.
MOST_SHEETS = 60


def behind_workbook(rows: Sequence[Row], about: Context, grouped: bool = False) -> bytes:
    """The list as XLSX: the summary with a chart, a sheet for each unit where there are some, the projects to be watched, the thresholds.

    The rows stand as they are given; `grouped` adds each unit's sum below that of all. A cause still owed is a yellow cell.
    """
    say, content = about.say, io.BytesIO()
    book = xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    styles = styles_of(book)
    names = {row["unit_code"] for row in rows}
    taken = {say("behind.sheet"), say("behind.watched"), say("behind.rules")}
    summary = book.add_worksheet(say("behind.sheet"))
    end = _write_list(summary, rows, about, styles, by_unit(rows) if grouped else ())
    if rows:
        _draw(book, summary, rows, about, end)
    for unit, own in by_unit(rows) if 1 < len(names) <= MOST_SHEETS else ():
        sheet = book.add_worksheet(_sheet_name(f"{unit['unit_code']} {unit['unit_name'] or ''}", taken))
        _write_list(sheet, own, about, styles)
    if watched := about.facts.get("watched"):
        _write_list(book.add_worksheet(say("behind.watched")), watched, about, styles, title=about.watched_title)
    _write_rules(book.add_worksheet(say("behind.rules")), about, styles)
    book.set_properties({"title": about.title})
    book.close()
    return content.getvalue()


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that a sheet may bear, unlike any other."""
    bare = _UNFIT.sub(" ", plain_text(name)).strip().strip("'") or "-"
    found, number = bare[:LONGEST_NAME], 2
    while found.lower() in {other.lower() for other in taken}:
        found, number = f"{bare[: LONGEST_NAME - 4]} ({number})", number + 1
    taken.add(found)
    return found


def _write_list(
    sheet: Any, rows: Sequence[Row], about: Context, styles: Row, units: Sequence[tuple[Row, Any]] = (), title: str = ""
) -> int:
    """The list with its sums and feet; the first free row below them."""
    say = about.say
    sheet.write_string(0, 0, title or about.title, styles["title"])
    sheet.set_row(1, 2 * LINE)
    for name, column in PLACE.items():
        sheet.write_string(1, column, heading(name, say), styles["head"])
        sheet.set_column(column, column, WIDTHS.get(name, 12))
    for number, row in enumerate(rows, start=FIRST):
        sheet.set_row(number, LINE * _lines(row, say))
        for name in BEHIND:
            _write(sheet, number, name, row, about, styles)
    end = len(rows) + FIRST
    _write_sums(sheet, end, rows, about, styles)
    for number, (unit, own) in enumerate(units, start=end + 1):
        _write_subtotal(sheet, number, (unit, own, end), about, styles)
    feet = list_feet(rows, about, say("list.owed_marked"))
    for number, line in enumerate(feet, start=end + len(units) + 2):
        sheet.write_string(number, BELOW, line, styles["foot"])
    sheet.freeze_panes(FIRST, 2)
    sheet.autofilter(1, 0, max(end - 1, 1), len(BEHIND) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    # Two pages wide, so that it can be read on paper: code and name stand on both.
    sheet.fit_to_pages(2, 0)
    sheet.set_margins(0.4, 0.4, 0.5, 0.6)
    sheet.repeat_rows(0, 1)
    sheet.repeat_columns(0, 1)
    sheet.set_footer("&C&P / &N")
    if rows:
        bar = {"type": "data_bar", "bar_color": "#C0504D", "bar_negative_color": "#C0504D", "bar_solid": True}
        sheet.conditional_format(FIRST, PLACE["gap_amount"], end - 1, PLACE["gap_amount"], bar)
    return end + len(units) + 2 + len(feet)


def _lines(row: Row, say: Words) -> int:
    """How many lines the longest text of a row takes in its column; no spreadsheet makes room by itself."""
    texts = {name: cell for name in WIDTHS if isinstance(cell := cell_of(row, name, say), str)}
    return min(HIGHEST, max([1, *(-(-signs(text) // (WIDTHS[name] - 1)) + text.count("\n") for name, text in texts.items())]))


def _write(sheet: Any, number: int, name: str, row: Row, about: Context, styles: Row) -> None:
    """One cell: text as text, figures as numbers, what follows from others as a formula with our figure as its result."""
    value, column = cell_of(row, name, about.say), PLACE[name]
    if value is None:
        owed = name in OWED and row.get("cause") is None and row["status"] in STATUSES
        sheet.write_blank(number, column, None, styles["owed" if owed else "text"])
    elif name == "status":
        sheet.write_formula(number, column, _status(number, about), styles["word"], value)
    elif isinstance(value, str):
        sheet.write_string(number, column, plain_text(value), styles["text"])
    else:
        style = styles["money" if name in MONEY else "share" if name in SHARES else "points" if name == "gap_share" else "number"]
        if name in FORMULAS:
            cells = {other: _at(number, other) for other in ("current_budget", "spent", "due_amount")}
            sheet.write_formula(number, column, f"={FORMULAS[name].format(**cells)}", style, float(value))
        else:
            sheet.write_number(number, column, value, style)


def _at(number: int, name: str) -> str:
    return xlsxwriter.utility.xl_rowcol_to_cell(number, PLACE[name], col_abs=True)


def _status(number: int, about: Context) -> str:
    """The verdict by the thresholds of the last sheet; amounts are compared, since a quotient may miss an edge by a binary digit."""
    rules, spent, due = f"'{about.say('behind.rules')}'", _at(number, "spent"), _at(number, "due_amount")
    # In the order in which the view decides.
    cases = {
        "overspent": f"ROUND({spent}-{_at(number, 'current_budget')},8)>0",
        "not_due": f"{due}<=0",
        "met": f"ROUND({spent}-{due},8)>=0",
        "slightly_behind": f"ROUND({spent}-{rules}!$B$2*{due},8)>=0",
        "behind": f"ROUND({spent}-{rules}!$B$3*{due},8)>=0",
    }
    formula = f'"{about.say("status.far_behind")}"'
    for name, holds in reversed(cases.items()):
        formula = f'IF({holds},"{about.say("status." + name)}",{formula})'
    return f"={formula}"


def _write_sums(sheet: Any, end: int, rows: Sequence[Row], about: Context, styles: Row) -> None:
    """A bold last line with the sums of the columns of money."""
    for name, column in PLACE.items():
        if name not in MONEY:
            sheet.write_string(end, column, about.say("behind.sum") if column == 0 else "", styles["sum_text"])
            continue
        total = sum((row.get(name) or Decimal(0) for row in rows), Decimal(0)) / figures.WAN
        if rows:
            span = xlsxwriter.utility.xl_range(FIRST, column, end - 1, column)
            sheet.write_formula(end, column, f"=ROUND(SUM({span}),6)", styles["sum"], float(total))
        else:
            sheet.write_number(end, column, 0, styles["sum"])


def _write_subtotal(sheet: Any, number: int, told: tuple[Row, Sequence[Row], int], about: Context, styles: Row) -> None:
    """The sums of a unit, which a spreadsheet reckons from the list by the unit's code."""
    unit, own, end = told
    first = {"project_code": about.say("list.subtotal"), "unit_code": unit["unit_code"], "unit_name": unit["unit_name"] or ""}
    keys = xlsxwriter.utility.xl_range_abs(FIRST, PLACE["unit_code"], end - 1, PLACE["unit_code"])
    for name, column in PLACE.items():
        if name not in MONEY:
            sheet.write_string(number, column, plain_text(first.get(name, "")), styles["sum_text"])
            continue
        total = sum((row.get(name) or Decimal(0) for row in own), Decimal(0)) / figures.WAN
        span = xlsxwriter.utility.xl_range_abs(FIRST, column, end - 1, column)
        formula = f"=ROUND(SUMIF({keys},{_at(number, 'unit_code')},{span}),6)"
        sheet.write_formula(number, column, formula, styles["sum"], float(total))


def _write_rules(sheet: Any, about: Context, styles: Row) -> None:
    """The thresholds in force, which the verdicts of the other sheets refer to."""
    say, rule = about.say, about.facts["rule"]
    sheet.set_column(0, 0, 30)
    sheet.write_string(0, 0, say("foot.rule", version=rule["version"]), styles["sum_text"])
    for number, name in enumerate(("slightly_behind", "behind"), start=1):
        sheet.write_string(number, 0, say(f"rule.{name}"), styles["text"])
        sheet.write_number(number, 1, rule[name], styles["share"])
    sheet.write_string(3, 0, say("rule.gate"), styles["text"])
    sheet.write_number(3, 1, rule["gate"] / figures.WAN, styles["money"])


def _draw(book: Any, sheet: Any, rows: Sequence[Row], about: Context, below: int) -> None:
    """The gaps as bars, below the list."""
    name, end = about.say("behind.sheet"), len(rows) + FIRST - 1
    chart = book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": heading("gap_amount", about.say),
            "categories": [name, FIRST, PLACE["project_name"], end, PLACE["project_name"]],
            "values": [name, FIRST, PLACE["gap_amount"], end, PLACE["gap_amount"]],
            "fill": {"color": "#C0504D"},
        }
    )
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "label_position": "low"})
    chart.set_size({"width": 900, "height": 120 + 24 * min(len(rows), 40)})
    sheet.insert_chart(below + 1, BELOW, chart)
