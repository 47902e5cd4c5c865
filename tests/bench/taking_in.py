"""Taking in a file: certified in an empty store against DuckDB's typed read of it; a small one in each store against the smallest."""

import csv
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb

from data import acting, acts
from data.arrivals import Sending
from data.database import Store
from loaders.files import Declared, read_file
from tests.bench.made import Size, make
from tests.bench.measured import Line, median

OF_READ, OF_SMALL = 2, 5
TODAY = date(2026, 1, 2)
HEADINGS = ("单位编码", "项目编码", "月份", "支出金额", "凭证号")


def lines(stores: dict[int, Store], rows: Sequence[int], folder: Path) -> list[Line]:
    """Files of so many rows, and sixteen rows in each store."""
    found = [_large(count, folder) for count in rows]
    taken = {size: _small(store, folder) for size, store in sorted(stores.items())}
    smallest = min(taken)
    found += [
        Line(f"certify 16 rows: {size:,} projects", taken[size], f"{smallest:,} projects", taken[smallest], OF_SMALL)
        for size in sorted(taken)[1:]
    ]
    return found


def _large(count: int, folder: Path) -> Line:
    store = Store(folder / f"rows-{count}.duckdb")
    make(store, Size(1_000, months=1))
    projects = store.ask("select unit_code, project_code from plans_on(null) order by project_code")
    path = folder / f"{count}.csv"
    _write(path, [(one["unit_code"], one["project_code"]) for one in projects], count, 11)
    read = median(lambda: duckdb.connect().execute(_READ, [str(path)]), 3)
    taken = _certified(store, path)
    store.close()
    return Line(f"certify {count:,} rows", taken, "DuckDB's typed read of the file", read, OF_READ)


_READ = """
    create table paid as from read_csv(
        ?, header = true, columns = {'unit': 'text', 'code': 'text', 'month': 'text', 'amount': 'decimal(18, 2)', 'voucher': 'text'})"""


def _small(store: Store, folder: Path) -> float:
    unit = store.ask("select unit_code, count(*) as projects from plans_on(null) group by all order by projects desc, unit_code limit 1")[0]
    of_unit = "select unit_code, project_code from plans_on(null) where unit_code = $unit order by project_code limit 16"
    rows = store.ask(of_unit, {"unit": unit["unit_code"]})
    path = folder / "small.csv"
    # The first act after a store was made pays for what making it has left to be put in order.
    for month in (11, 12):
        _write(path, [(one["unit_code"], one["project_code"]) for one in rows], len(rows), month)
        taken = _certified(store, path)
    return taken


def _write(path: Path, projects: list[tuple[str, str]], count: int, month: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for number in range(count):
            writer.writerow((*projects[number % len(projects)], f"2025-{month:02d}", f"{number % 1000 + 1}.25", f"V{number:09d}"))


def _certified(store: Store, path: Path) -> float:
    """How long it takes from the file's bytes until it is official."""
    acting.prepare(store)
    content = path.read_bytes()
    begun = time.perf_counter()
    sending = Sending(path.name, content, read_file(content, Declared(2025)), TODAY, year=2025, declared=Declared(2025)._asdict())
    outcome = acts.load(store, sending, "示例")
    if outcome.batch is None:
        raise RuntimeError(f"not taken in: {[problem.code for problem in outcome.considered.problems][:5]}")
    acts.certify(store, outcome.batch, "示例", {acts.ANY: "示例"})
    return time.perf_counter() - begun
