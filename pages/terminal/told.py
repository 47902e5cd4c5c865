"""What every verb shares: its exit codes, the store it asks, the answer it prints, the file it writes."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from data import acting
from data.database import Store, open_store
from data.words import Words
from pages.parts import answers

DONE, PROBLEMS, CANNOT = 0, 1, 2
Told = argparse.Namespace


class UsageError(Exception):
    """The command cannot be carried out as typed; its text is the sentence for the person."""


def opened(told: Told) -> Store:
    """The store, made where there is none, ready for an act."""
    store = open_store(told.store)
    acting.prepare(store)
    return store


def asked(told: Told, say: Words) -> Store:
    """The store to ask. Where there is none, an empty one in memory, and a word of it: a mistyped path makes no files."""
    if told.store.exists():
        return opened(told)
    print(say("cli.no_store", store=told.store), file=sys.stderr)
    store = open_store(None)
    acting.prepare(store)
    return store


def today(told: Told) -> date:
    """The day that the command was told, else this day."""
    return told.today or date.today()


def tell(told: Told, answer: Any, lines: list[str]) -> None:
    """Print the answer, for machines or for people."""
    print(json.dumps(answer, ensure_ascii=False, indent=1, default=answers.plain) if told.json else "\n".join(lines))


def write(path: str, content: bytes, say: Words) -> None:
    """Write a file that was asked for; UsageError where it cannot be written."""
    try:
        Path(path).write_bytes(content)
    except OSError as error:
        raise UsageError(say("cli.cannot_write", file=path)) from error


def form_of(path: str, forms: tuple[str, ...], say: Words) -> str:
    """The form that a file's name asks for; UsageError where it is none of these."""
    form = Path(path).suffix.lower().removeprefix(".")
    if form not in forms:
        raise UsageError(say("cli.bad_form", value=path, forms=", ".join(f".{name}" for name in forms)))
    return form
