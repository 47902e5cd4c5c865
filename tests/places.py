"""Where the stores of tests are: in memory and in files, or with `--store shared` in lakes of their own over a real PostgreSQL."""

from contextlib import contextmanager
from itertools import count

from data.addresses import Address
from data.database import Store
from data.shared import Shared

_LAKES = []
_NUMBERS = count(1)


@contextmanager
def shared(catalogues, folder):
    """Have every store that says no place of its own be a lake, until this ends."""
    _LAKES.append((catalogues, folder))
    try:
        yield
    finally:
        _LAKES.pop()


def catalogues():
    """Whose lakes they are; None where they are none."""
    return _LAKES[-1][0] if _LAKES else None


def new_place(folder=None):
    """A place where nobody has made a store: a file of a folder, memory without one, or a lake."""
    if not _LAKES:
        return folder / "monitor.duckdb" if folder else None
    makes, own = _LAKES[-1]
    return makes.lake((folder or own) / f"lake{next(_NUMBERS)}")


def copied(like, place=None):
    """A lake, at a place or anywhere, with what is in one that nobody has open."""
    place = place or new_place()
    catalogues().fill(place, like)
    return place


def opened(place=None):
    """The store at a place, made where there is none; a new one of the test's own where none is said."""
    place = place or new_place()
    return Shared(place) if isinstance(place, Address) else Store(place)
