"""How answers grow with the store, as ratios measured in one run: `python -m tests.bench [--parts …] [--sizes …] [--rows …]`."""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent)]

from tests.bench import browsing, crowds, questions, scripts, serving, starting, taking_in, workbooks  # noqa: E402 - after the path
from tests.bench.measured import CLOCKS, Line, MissingError, as_row, as_table, tell_time_by  # noqa: E402
from tests.bench.stores import Stores  # noqa: E402

SIZES, ROWS = (16, 1_000, 170_000), (100_000, 1_000_000)


class Wanted(NamedTuple):
    """What is measured: stores of some sizes, files of so many rows, a folder to write them to."""

    stores: Stores
    rows: list[int]
    folder: Path


PARTS: dict[str, Callable[[Wanted], list[Line]]] = {
    "questions": lambda wanted: questions.lines(wanted.stores),
    "pandas": lambda wanted: scripts.over_pandas(wanted.stores),
    "polars": lambda wanted: scripts.over_polars(wanted.stores),
    "pages": lambda wanted: serving.lines(wanted.stores),
    "browser": lambda wanted: browsing.lines(wanted.stores),
    "sessions": lambda _: crowds.lines(),
    "workbooks": lambda wanted: workbooks.lines(wanted.stores),
    "start": lambda wanted: starting.lines(wanted.stores),
    "files": lambda wanted: taking_in.large(wanted.rows, wanted.folder),
    "acts": lambda wanted: taking_in.small(wanted.stores),
}


def main(words: list[str] | None = None) -> None:
    """Measure and print the table; with -o write it, too."""
    told = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    told.add_argument("--parts", nargs="*", choices=PARTS, default=list(PARTS), metavar="PART", help=", ".join(PARTS))
    told.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="projects of the stores")
    told.add_argument("--rows", type=int, nargs="*", default=ROWS, help="rows of the files that are taken in")
    told.add_argument("--stores", type=Path, help="a folder in which the stores stay for the next time")
    told.add_argument(
        "--clock", choices=CLOCKS, default="wall", help="processor: on a machine with other work; people always wait by the wall"
    )
    told.add_argument("-o", type=Path, help="write the table to a file")
    given = told.parse_args(words)
    tell_time_by(given.clock)
    with tempfile.TemporaryDirectory() as folder:
        wanted = Wanted(Stores(given.stores or Path(folder), tuple(given.sizes)), given.rows, Path(folder))
        table = measured(given.parts, wanted, given.clock)
    print(table)
    if given.o:
        given.o.write_text(table, encoding="utf-8")


def measured(parts: list[str], wanted: Wanted, clock: str) -> str:
    """The table of some parts; a part that this machine lacks something for is named below it."""
    lines: list[Line] = []
    left_out = []
    for part in parts:
        print(f"{part} …", file=sys.stderr, flush=True)
        try:
            found = PARTS[part](wanted)
            # What is measured is not lost with a part that fails.
            print(*map(as_row, found), sep="\n", file=sys.stderr, flush=True)
            lines += found
        except MissingError as missing:
            left_out.append(f"{part}: {missing}")
    machine = f"{date.today()} · {os.cpu_count()} cores · {platform.system()} · Python {platform.python_version()} · time by the {clock}"
    return as_table(lines, machine, left_out)


if __name__ == "__main__":
    main()
