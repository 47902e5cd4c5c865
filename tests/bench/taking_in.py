"""Taking in a file: certified in an empty store against DuckDB's typed read of it; a small one in each store against the smallest."""

import csv
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb

from data import acting, acts
from data.arrivals import Sending
from data.database import Store
from loaders.apart import read_apart
from loaders.files import Declared, read_file
from loaders.problems import Reading
from tests.bench.made import Size, make
from tests.bench.measured import Line, Took, alone, median, timed
from tests.bench.stores import Stores

OF_READ, OF_SMALL = 2, 5
MOST_MEMORY, OF_MOST = 1.5 * 2**30, 10_000_000
TODAY = date(2026, 1, 2)
HEADINGS = ("单位编码", "项目编码", "月份", "支出金额", "凭证号")


def large(rows: list[int], folder: Path) -> list[Line]:
    """Files of so many rows, each certified in a store of its own."""
    found = []
    for count in rows:
        path = folder / f"rows-{count}.duckdb"
        alone(_begin, path, count)
        read, taken = alone(_read, path.with_suffix(".csv")), alone(_certified, path, path.with_suffix(".csv"))
        found.append(Line(f"certify {count:,} rows", taken, "DuckDB's typed read of the file", read, OF_READ))
        if count >= OF_MOST:
            most = Took(MOST_MEMORY)
            found.append(Line(f"memory to certify {count:,} rows", Took(taken.peak), "what is allowed", most, 1, unit="MB"))
    return found


def small(stores: Stores) -> list[Line]:
    """Sixteen rows in a copy of each store."""
    taken = {size: _small(stores[size]) for size in stores}
    smallest = stores.smallest
    return [
        Line(f"certify 16 rows: {size:,} projects", taken[size], f"{smallest:,} projects", taken[smallest], OF_SMALL)
        for size in stores
        if size != smallest
    ]


def _begin(path: Path, count: int) -> float:
    """A store of a thousand projects, and a file with what they paid in so many rows."""
    store = Store(path)
    make(store, Size(1_000, months=1))
    _write(path.with_suffix(".csv"), _projects(store), count, 11)
    store.close()
    return 0


_TYPED = """
    create table paid as from read_csv(
        ?, header = true, columns = {'unit': 'text', 'code': 'text', 'month': 'text', 'amount': 'decimal(18, 2)', 'voucher': 'text'})"""


def _read(path: Path) -> float:
    return median(lambda: duckdb.connect().execute(_TYPED, [str(path)]), 3)


def _small(path: Path) -> Took:
    copy = path.with_name(f"acted-{path.name}")
    for one in (path, path.with_suffix(".journal.jsonl"), path.with_suffix(".files")):
        (shutil.copytree if one.is_dir() else shutil.copyfile)(one, copy.with_name(one.name.replace(path.stem, copy.stem)))
    try:
        return alone(_certified_small, copy)
    finally:
        for one in copy.parent.glob(f"{copy.stem}.*"):
            shutil.rmtree(one) if one.is_dir() else one.unlink()


def _certified_small(path: Path) -> float:
    store = Store(path)
    rows, sent = _projects(store, 16), path.with_suffix(".csv")
    # The first act after a store was made pays for what making it has left to be put in order.
    for month in (11, 12):
        _write(sent, rows, len(rows), month)
        taken = _taken_in(store, sent)
    return taken


def _projects(store: Store, most: int | None = None) -> list[tuple[str, str]]:
    """Units and codes of projects: of all, or the first of the unit that has the most."""
    question = """
        with plans as (from plans_on(null)), largest as (select unit_code from plans group by all order by count(*) desc, unit_code limit 1)
        select unit_code, project_code from plans
        where $most is null or unit_code in (from largest) order by project_code limit coalesce($most, 1000000000)"""
    return [(one["unit_code"], one["project_code"]) for one in store.ask(question, {"most": most})]


def _write(path: Path, projects: list[tuple[str, str]], count: int, month: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for number in range(count):
            writer.writerow((*projects[number % len(projects)], f"2025-{month:02d}", f"{number % 1000 + 1}.25", f"V{number:09d}"))


def _certified(path: Path, sent: Path) -> float:
    """How long it takes from a file's bytes until it is official in the store at a path, read in a process of its own as a server does."""
    return _taken_in(Store(path), sent, read_apart)


def _taken_in(store: Store, sent: Path, read: Callable[[bytes, Declared], Reading] = read_file) -> float:
    acting.prepare(store)
    content = sent.read_bytes()

    def take_in() -> None:
        sending = Sending(sent.name, content, read(content, Declared(2025)), TODAY, year=2025, declared=Declared(2025)._asdict())
        outcome = acts.load(store, sending, "示例")
        if outcome.batch is None:
            raise RuntimeError(f"not taken in: {[problem.code for problem in outcome.considered.problems][:5]}")
        acts.certify(store, outcome.batch, "示例", {acts.ANY: "示例"})

    return timed(take_in)
