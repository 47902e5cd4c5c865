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
    yield
    _LAKES.clear()


def is_shared():
    """Whether they are lakes."""
    return bool(_LAKES)


def new_place(folder=None):
    """A place where nobody has made a store: a file of a folder, memory without one, or a lake."""
    if not _LAKES:
        return folder / "monitor.duckdb" if folder else None
    catalogues, own = _LAKES[0]
    return catalogues.lake((folder or own) / f"lake{next(_NUMBERS)}")


def copied(like, place=None):
    """A lake, at a place or anywhere, with what is in one that nobody has open."""
    place = place or new_place()
    _LAKES[0][0].fill(place, like)
    return place


def opened(place=None):
    """The store at a place, made where there is none; a new one of the test's own where none is said."""
    place = place or new_place()
    return Shared(place) if isinstance(place, Address) else Store(place)
