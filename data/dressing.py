"""The views of a cursor, and its clock."""

from datetime import datetime, timedelta
from typing import Any

from data import derived, macros

# A cursor of the store; only the store's own module speaks of the library.
Cursor = Any


def set_clock(cursor: Cursor) -> None:
    """Tell a cursor how far this machine's clock is ahead of UTC."""
    ahead = datetime.now().astimezone().utcoffset() or timedelta()
    cursor.execute(f"set variable seconds_ahead_of_utc = {int(ahead.total_seconds())}")


def dress(cursor: Cursor) -> None:
    """Install the views in a cursor.

    A view is bound when it is made: while those that rest on the verdicts are made, these answer from their table, and so does
    what a view rests on while it is put back.
    """
    set_clock(cursor)
    short = derived.ANSWERS if derived.is_there(cursor) else {}
    for view in macros.texts():
        cursor.execute(view)
        for name in macros.made_by(view) & short.keys():
            cursor.execute(macros.answering_from(short[name], name))
    for view in reversed(macros.texts()):
        if macros.made_by(view) & short.keys():
            cursor.execute(view)
