"""One file in, one Reading out: the door through which pages and the command line load."""

from typing import NamedTuple

from loaders import actuals, plans
from loaders.problems import LoadError, Problem, Reading
from loaders.tables import read_tables


class Declared(NamedTuple):
    """What the uploader says of a file where the file itself does not.

    `this_year` is taken, and said, where neither the file nor `year` names a fiscal year.
    """

    year: int | None = None
    unit_of_money: str | None = None
    figure: str | None = None
    this_year: int | None = None


NOTHING = Declared()


def read_file(content: bytes, declared: Declared = NOTHING) -> Reading:
    """What a file is, its rows and its problems; never an exception for what a sender may send."""
    try:
        tables = read_tables(content)
    except LoadError as error:
        return Reading(None, problems=[error.problem])
    if plans.is_document(tables):
        return plans.read_document(tables, declared.year, declared.this_year)
    if actuals.is_actuals(tables) and not plans.is_project_table(tables):
        return actuals.read_actuals(tables, declared.year, declared.unit_of_money, declared.figure)
    if plans.is_project_table(tables):
        return plans.read_project_table(tables, declared.year, declared.unit_of_money, declared.this_year)
    return Reading(None, problems=[*tables.problems, Problem("F06")])
