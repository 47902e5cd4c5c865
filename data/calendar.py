"""Months as days."""

import calendar
from datetime import date

JANUARY = 1


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def month_before(as_of: date) -> date | None:
    """The last day of the month before within the same year; None in January."""
    return month_end(as_of.year, as_of.month - 1) if as_of.month > JANUARY else None
