"""What every verb shares: its exit codes, the store it asks, the answer it prints, the file it writes."""

import argparse
import getpass
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from data import acting, audit
from data.database import Store, open_store
from data.shared import open_place
from data.words import Words
from pages.parts import answers

DONE, PROBLEMS, CANNOT = 0, 1, 2
Told = argparse.Namespace


class UsageError(Exception):
    """The command cannot be carried out as typed; its text is the sentence for the person."""


def opened(told: Told) -> Store:
    """The store, made where there is none, ready for an act."""
    told.opened = store = open_place(told.store)
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


def write(told: Told, content: bytes, say: Words, path: str | None = None) -> None:
    """Write the file that was asked for and note that it was taken along; UsageError where it cannot be written."""
    path = path or told.output
    try:
        Path(path).write_bytes(content)
    except OSError as error:
        raise UsageError(say("cli.cannot_write", file=path)) from error
    # The report on a file that was just handed in tells nothing of the store.
    if (store := getattr(told, "opened", None)) and told.verb not in ("load", "check"):
        person = getattr(told, "person", None) or getpass.getuser()
        audit.note(store, "export", person, subject=Path(path).name, detail=f"verb={told.verb} bytes={len(content)}")


def form_of(path: str, forms: tuple[str, ...], say: Words) -> str:
    """The form that a file's name asks for; UsageError where it is none of these."""
    form = Path(path).suffix.lower().removeprefix(".")
    if form not in forms:
        raise UsageError(say("cli.bad_form", value=path, forms=", ".join(f".{name}" for name in forms)))
    return form
