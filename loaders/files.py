"""One file in, one Reading out: the door through which pages and the command line load."""

from typing import NamedTuple

from loaders import actuals, lists, plans
from loaders.problems import LoadError, Reading
from loaders.strangers import strange
from loaders.tables import read_tables


class Declared(NamedTuple):
    """What the uploader says of a file where the file itself does not.

    `this_year` is taken, and said, where neither the file nor `year` names a fiscal year. `plan_reading` says how
    payment plans are written: cumulative, increments or amounts.
    """

    year: int | None = None
    unit_of_money: str | None = None
    figure: str | None = None
    this_year: int | None = None
    plan_reading: str | None = None


NOTHING = Declared()


def read_file(content: bytes, declared: Declared = NOTHING) -> Reading:
    """What a file is, its rows and its problems; never an exception for what a sender may send."""
    try:
        tables = read_tables(content)
    except LoadError as error:
        return Reading(None, problems=[error.problem])
    if plans.is_document(tables):
        return plans.read_document(tables, declared.year, declared.this_year, declared.unit_of_money, declared.plan_reading)
    if actuals.is_actuals(tables) and not lists.is_project_table(tables):
        return actuals.read_actuals(tables, declared.year, declared.unit_of_money, declared.figure)
    if lists.is_project_table(tables):
        return lists.read_project_table(tables, declared.year, declared.unit_of_money, declared.this_year, declared.plan_reading)
    return strange(tables, [])
