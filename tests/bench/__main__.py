"""How answers grow with the store, as ratios measured in one run: `python -m tests.bench [--sizes …] [--rows …] [-o TABLE.md]`."""

import argparse
import os
import platform
import tempfile
from datetime import date
from pathlib import Path

from tests.bench import questions, serving, taking_in
from tests.bench.measured import Line, as_table

SIZES, ROWS = (16, 1_000, 170_000), (100_000, 1_000_000)


def main(words: list[str] | None = None) -> None:
    """Measure and print the table; with -o write it, too."""
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="projects of the stores")
    told.add_argument("--rows", type=int, nargs="*", default=ROWS, help="rows of the files that are taken in")
    told.add_argument("-o", type=Path, help="write the table to a file")
    given = told.parse_args(words)
    lines: list[Line] = []
    with tempfile.TemporaryDirectory() as folder:
        stores = {size: questions.made_at(Path(folder), size) for size in given.sizes}
        lines += questions.lines(stores)
        lines += serving.lines(stores)
        lines += taking_in.lines(stores, given.rows, Path(folder))
    machine = f"{date.today()} · {os.cpu_count()} cores · {platform.system()} · Python {platform.python_version()}"
    table = as_table(lines, machine)
    print(table)
    if given.o:
        given.o.write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
