"""One changed byte at a random place in all that a store consists of is noticed when it is opened, and no figure speaks from it.

A byte of which nothing that the store says depends is counted by itself: the store then opens and says just what it said.
"""

import os
import random
import shutil
import tempfile
from collections import Counter
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.proofs.apart import apart
from tests.proofs.served import warm

STORE = "monitor.duckdb"
# What a store consists of on the disk.
PARTS = {
    "store": STORE,
    "ahead": f"{STORE}.wal",
    "journal": "monitor.journal.jsonl",
    "kept": "monitor.files/*",
}
PERSON, PASSWORD = "管理", "First-Horse-41"
REBUILT_EVERY = 10
# A store that nobody holds any more would be closed, and its log ahead taken into the file.
LEFT_OPEN: list[Any] = []


def new(path: Path) -> None:
    """A store with plan, spending, a correction, a promise and an account in its file, and more acts in its log ahead only.

    It is left as by a power cut: this process ends without closing it.
    """
    from drawn import HEADINGS, QUARTERS, end_of, new_store, pay

    from data import accounts, acting, explaining
    from data.database import Store

    rows = (f"P{place},项目{place},001,局本级,1000,25%,50%,75%,100%" for place in range(1, 40))
    store = new_store("\n".join([f"{HEADINGS},{QUARTERS}", *rows]), path)
    accounts.add(store, PERSON, "admin", [], PASSWORD, "test")
    for month in range(1, 7):
        pay(store, "\n".join(f"P{place} {month} {place}{month}.07" for place in range(1, 40)))
    store.close()
    store = Store(path)
    acting.prepare(store)
    pay(store, "\n".join(f"P{place} 5 {place}5.08" for place in range(1, 40)))
    said = explaining.Explanation("001", "P1", "staff", "人手不足", "补招", "李", 9, Decimal(10_000))
    explaining.explain(store, end_of(6), [said], "test")
    accounts.sign_in(store, PERSON, PASSWORD)
    LEFT_OPEN.append(store)


def changed(path: Path, chance: random.Random) -> int:
    """The place of the one byte of a file that is now another."""
    content = bytearray(path.read_bytes())
    place = chance.randrange(len(content))
    content[place] ^= chance.randrange(1, 256)
    path.write_bytes(content)
    return place


def opened(path: Path) -> tuple[str, dict[str, Any]]:
    """How a server that starts finds a store: the code of what is wrong or nothing, and the control totals of what it says."""
    from data import control
    from data.database import StoreError
    from data.words import LANGUAGES, Words
    from pages.opened import noticed, open_seeded

    os.environ["BUDGET_STORE"] = str(path)
    store = open_seeded()
    if isinstance(store, StoreError):
        for language in LANGUAGES:
            assert Words(language)(store.code, **store.facts)
        return store.code, {}
    if faults := noticed(store):
        return faults[0].code, {}
    with store.cursor() as cursor:
        return "", control.totals(cursor)


def rebuilt(path: Path) -> bool:
    """Whether the way back that the sentence names leads back: the store made anew from journal and kept files is sound."""
    from data import doctor, rebuild
    from data.database import StoreError

    with suppress(StoreError):
        return not rebuild.rebuild(path)["differs"] and not doctor.examine(path)
    return False


def run(times: int) -> tuple[dict[str, int], list[str]]:
    """How often a change was noticed and by which sentence, `times` for each part; and each that was not."""
    warm()
    chance, found = random.Random(times), []
    done: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "base"
        base.mkdir()
        apart(new, base / STORE)
        code, whole = apart(opened, _copy(base))
        if code:
            return dict(done), [f"the store is found damaged as it is: {code}"]
        for part, pattern in PARTS.items():
            for turn in range(times):
                copy = _copy(base)
                harmed = chance.choice(sorted(copy.parent.glob(pattern)))
                place = changed(harmed, chance)
                code, told = apart(opened, copy)
                if code:
                    done[f"{part} {code}"] += 1
                elif told == whole:
                    done[f"{part} says the same"] += 1
                else:
                    found.append(f"{part}: byte {place} of {harmed.name} changed and nothing was said")
                if part in ("store", "ahead") and code and turn % REBUILT_EVERY == 0:
                    done["rebuilt"] += 1
                    found += [] if apart(rebuilt, copy) else [f"{part}: byte {place} changed, and rebuild does not lead back"]
    return dict(done), found


def _copy(base: Path) -> Path:
    """The store of a copy of a folder, in the place of the one before."""
    copy = base.with_name("copy")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(base, copy)
    return copy / STORE
