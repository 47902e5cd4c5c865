"""The macros of data/views: their texts, in the order of the files, and what each file makes."""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "views"
_MADE = re.compile(r"create or replace temp macro (\w+)\(([^)]*)\)")


@cache
def texts() -> tuple[str, ...]:
    """The files, each a sentence of SQL or several, in the order in which they are installed."""
    return tuple(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.sql")))


@cache
def _made() -> dict[str, tuple[str, str]]:
    return {found[1]: (found[2], text) for text in texts() for found in _MADE.finditer(text)}


def names() -> frozenset[str]:
    """Every macro."""
    return frozenset(_made())


@cache
def made_by(text: str) -> frozenset[str]:
    """The macros that a file makes."""
    return frozenset(found[1] for found in _MADE.finditer(text))


def parameters(name: str) -> str:
    """The parameters of a macro, as SQL writes them."""
    return _made()[name][0]


def text_of(name: str) -> str:
    """The file that makes a macro."""
    return _made()[name][1]


def answering_from(table: str, name: str, condition: str = "true") -> str:
    """The sentence that lets a macro answer from a table that holds what it says."""
    return f"create or replace temp macro {name}({parameters(name)}) as table from {table} where {condition}"
