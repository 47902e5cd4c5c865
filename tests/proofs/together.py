"""Offices that report into one shared store at the same time, each from a process of its own: no act is lost, none is there twice."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
OFFICES = 8
MONTHS = 12


def plan(offices: int) -> str:
    """A plan with a project for each office."""
    from drawn import HEADINGS, QUARTERS

    rows = (f"P{one},项目{one},{one:03d},单位{one},1000,25%,50%,75%,100%" for one in range(1, offices + 1))
    return "\n".join([f"{HEADINGS},{QUARTERS}", *rows])


def amount(office: int, number: int) -> int:
    """What an office reports in its file of that number, in yuan."""
    return office * 1000 + number


def report(office: int, times: int) -> None:
    """One office: load and certify so many files, month after month, around the year again; every fifth is taken back at once."""
    from drawn import pay

    from data import acting, acts
    from data.addresses import place_of
    from data.shared import open_place

    store = open_place(place_of())
    acting.prepare(store)
    for number in range(times):
        batch = pay(store, f"P{office} {number % MONTHS + 1} {amount(office, number)} {office:03d}")
        if number % 5 == 4:
            acts.withdraw(store, batch, "test", "proof")
    store.close()


def expected(offices: int, times: int) -> dict[tuple[str, int], int]:
    """The official amount by unit and month: of the newest file that was not taken back."""
    told = [(one, number) for one in range(1, offices + 1) for number in range(times) if number % 5 != 4]
    return {(f"{one:03d}", number % MONTHS + 1): amount(one, number) for one, number in told}


def wrong(store: Any, offices: int, times: int) -> list[str]:
    """Everything that is not as the offices did it."""
    from data import audit, doctor, journal

    verbs = {row["verb"]: row["n"] for row in store.ask("select verb, count(*) as n from acts group by verb")}
    wanted = {"rules": 1, "load": offices * times + 1, "certify": offices * times + 1, "withdraw": offices * (times // 5)}
    official = store.ask("select unit_code, month, amount from actuals join official_on(null) using (batch, fiscal_year, unit_code, month)")
    found = [f"{verb}: {verbs.get(verb, 0)} acts, not {n}" for verb, n in wanted.items() if verbs.get(verb, 0) != n]
    if {(row["unit_code"], row["month"]): row["amount"] for row in official} != expected(offices, times):
        found.append("official figures")
    lines, trail, half = journal.lines_of(journal.journal_path(store))
    if len(lines) != sum(verbs.values()) or half:
        found.append(f"journal: {len(lines)} acts, not {sum(verbs.values())}")
    found += [f"audit {number} {fault}" for number, fault in audit.verify(store)]
    return found + [f"{fault.code} {fault.facts}" for fault in doctor.examine_open(store)]


def together(address: Any, offices: int, times: int) -> list[str]:
    """What is wrong after so many offices have reported so many files each into a new lake."""
    from drawn import take_in
    from postgres import around

    from data import acting
    from data.shared import Shared

    store = Shared(address)
    acting.prepare(store)
    take_in(store, plan(offices))
    store.close()
    command = [sys.executable, "-m", "tests.proofs.together"]
    around_it = os.environ | around(address)
    running = [subprocess.Popen([*command, str(one), str(times)], cwd=HERE.parent.parent, env=around_it) for one in range(1, offices + 1)]
    failed = [f"office {one} ended with {process.wait()}" for one, process in enumerate(running, start=1) if process.wait()]
    store = Shared(address)
    try:
        return failed + wrong(store, offices, times)
    finally:
        store.close()


def run(times: int, offices: int = OFFICES) -> tuple[str, list[str]]:
    """So many files of each office; what was done, and what is wrong."""
    from postgres import running

    with running() as catalogues, tempfile.TemporaryDirectory() as folder:
        found = together(catalogues.lake(Path(folder)), offices, times)
    return f"{offices} offices, {times} files each", found


if __name__ == "__main__":
    sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent)]
    report(int(sys.argv[1]), int(sys.argv[2]))
