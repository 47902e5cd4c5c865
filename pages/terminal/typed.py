"""Months and moments as they are typed."""

import argparse
from datetime import UTC, date, datetime

from data.calendar import month_end
from data.words import Words


def month(say: Words, text: str) -> date:
    """The last day of a month."""
    try:
        year, number = text.split("-")
        return month_end(int(year), int(number))
    except ValueError as error:
        raise argparse.ArgumentTypeError(say("cli.bad_month", value=text)) from error


def moment(say: Words, text: str) -> datetime:
    """A moment as UTC without a zone; without an offset it is this machine's time."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
    except ValueError as error:
        raise argparse.ArgumentTypeError(say("cli.bad_moment", value=text)) from error
