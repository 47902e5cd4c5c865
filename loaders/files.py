"""One file in, one Reading out: the door through which pages and the command line load."""

from typing import NamedTuple

from loaders import actuals, lists, own, plans
from loaders.problems import LoadError, Problem, Reading
from loaders.shapes import Tables, Told
from loaders.strangers import strange
from loaders.tables import read_tables


class Declared(NamedTuple):
    """What the uploader says of a file where the file itself does not.

    `this_year` is taken, and said, where neither the file nor `year` names a fiscal year;
    `sheet` is the sheet to read of a workbook that holds several. `plan_reading` says how
    payment plans are written: cumulative, increments or amounts.
    """

    year: int | None = None
    unit_of_money: str | None = None
    figure: str | None = None
    this_year: int | None = None
    sheet: str | None = None
    plan_reading: str | None = None


NOTHING = Declared()


def read_file(content: bytes, declared: Declared = NOTHING, told: Told = lambda *_: None) -> Reading:
    """What a file is, its rows and its problems; never an exception for what a sender may send.

    `told` hears which stage the reading has reached, by its key in words.csv, and how much of the whole is done.
    """
    try:
        if own.is_own(content):
            return own.read_own(content)
        tables = _chosen(read_tables(content, told), declared.sheet)
    except LoadError as error:
        return Reading(None, problems=[error.problem])
    del content
    is_report = actuals.is_actuals(tables) and (not lists.is_project_table(tables.tops) or actuals.reports_beside_budget(tables))
    if plans.is_document(tables.tops if is_report and tables.large else tables):
        return plans.read_document(tables, declared.year, declared.this_year, declared.unit_of_money, declared.plan_reading)
    if is_report:
        return _report(tables, declared, told)
    if lists.is_project_table(tables.tops):
        return lists.read_project_table(tables, declared.year, declared.unit_of_money, declared.this_year, declared.plan_reading)
    return strange(tables, [])


def _chosen(tables: Tables, sheet: str | None) -> Tables:
    """The one sheet that was asked for, or all; LoadError F08 where the workbook has no such sheet."""
    if sheet is None or tables.form != "workbook":
        return tables
    found = [table for table in tables.tables if table.name == sheet]
    if not found:
        raise LoadError("F08", value=sheet, expected=_listed([table.name for table in tables.tables]), why="missing")
    return tables._replace(tables=found)


def _report(tables: Tables, declared: Declared, told: Told) -> Reading:
    """The disbursements of the one sheet that holds some; finding F08 where several do."""
    sheets = [name for name in actuals.sheets_of(tables) if name]
    if len(sheets) > 1:
        question = Problem("F08", expected=_listed(sheets), facts={"why": "several"})
        return Reading("actuals", [question], table=actuals.NO_ROWS, sheets=sheets)
    reading = actuals.read_actuals(tables, declared.year, declared.unit_of_money, declared.figure, told)
    reading.sheets, reading.sheet = sheets, sheets[0] if sheets else None
    return reading


def _listed(names: list[str]) -> str:
    return "、".join(f"「{name}」" for name in names)
