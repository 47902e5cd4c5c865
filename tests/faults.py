"""The store under kills and full disks: `python -m tests.faults kills|sizes NUMBER`; a few of each run in the suite."""

import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

# Four people act at once, one looks, one backs up; each act is told only once it is done.
WORKER = """
import os, resource, sys, threading
sys.path[:0] = {paths!r}
from pathlib import Path
from drawn import paying, sending_of, progress
from data import acting, acts, audit, backup
from data.acting import ActError
from data.database import Store, StoreError
path, start, size = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
store = Store(path)
acting.prepare(store)
if size:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
print("ready", flush=True)
def work(who):
    for turn in range(1 if size else 30):
        amount = start + who * 100 + turn + 1
        try:
            batch = acts.load(store, sending_of(paying(f"P1 3 {{amount}}\\nP2 3 {{amount}}")), f"p{{who}}").batch
            os.write(1, f"load {{batch}} {{amount}}\\n".encode())
            acts.certify(store, batch, f"p{{who}}", {{"*": "x"}})
            os.write(1, f"certify {{batch}} {{amount}}\\n".encode())
        except (ActError, StoreError, OSError) as error:
            os.write(1, f"refused {{type(error).__name__}}\\n".encode())
        except Exception as error:
            os.write(1, f"fault {{type(error).__name__}}\\n".encode())
            if size:
                os._exit(70)
def look():
    while True:
        try:
            progress(store, 3)
            audit.note(store, "export", "looker", "list.xlsx")
            backup.make(store, path.with_name("b.zip"), "keeper")
        except Exception:
            if size:
                return
threads = [threading.Thread(target=work, args=(who,)) for who in range(4)]
threading.Thread(target=look, daemon=True).start()
for thread in threads: thread.start()
for thread in threads: thread.join()
os._exit(0)
"""


def run(path: Path, start: int, size: int = 0, wait: float | None = None) -> list[list[str]]:
    """What a worker said it had done before it ended or was killed after so many seconds."""
    code = WORKER.format(paths=[str(HERE), str(HERE.parent)])
    command = [sys.executable, "-c", code, str(path), str(start), str(size)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as worker:
        if worker.stdout.readline() != b"ready\n":
            return []
        # A slow machine takes a while until the first act is done; the kill comes so long after it.
        told = worker.stdout.readline().decode()
        if wait is not None:
            time.sleep(wait)
            worker.send_signal(signal.SIGKILL)
        told += worker.stdout.read().decode()
    return [line.split() for line in told.splitlines() if len(line.split()) > 1]


def lost(path: Path, told: list[list[str]]) -> list[str]:
    """What was acknowledged and is not there, half an act, or anything that the doctor finds."""
    from data import acting, doctor, queries
    from data.database import Store

    store = Store(path)
    acting.prepare(store)
    try:
        batches = {row["batch"]: row for row in queries.batches(store)}
        missing = []
        for verb, number, amount in (line for line in told if line[0] in ("load", "certify")):
            batch = batches.get(int(number))
            if batch is None or batch["total"] != 2 * int(amount) or (verb == "certify" and batch["state"] != "certified"):
                missing.append(f"{verb} {number}")
        rows = store.ask("select batch, count(*) as n from actuals group by batch having count(*) <> 2")
        missing += [f"half {row['batch']}" for row in rows]
    finally:
        store.close()
    return missing + [str(fault) for fault in doctor.examine(path)]


def new(folder: Path) -> Path:
    """A store with a plan of two projects."""
    from drawn import HEADINGS, QUARTERS, new_store

    path = folder / "monitor.duckdb"
    plan = f"{HEADINGS},{QUARTERS}\nP1,会议费,001,局本级,100,25%,50%,75%,100%\nP2,培训费,001,局本级,100,25%,50%,75%,100%\n"
    new_store(plan, path).close()
    return path


def kills(number: int, longest: float = 4.0) -> tuple[int, list[str]]:
    """How many acts were acknowledged before so many kills, and what of them was lost."""
    moments, done, found = random.Random(5), 0, []
    with tempfile.TemporaryDirectory() as folder:
        path = new(Path(folder))
        for turn in range(number):
            told = run(path, turn * 1000, wait=moments.uniform(0.05, longest))
            done += len([line for line in told if line[0] in ("load", "certify")])
            found += lost(path, told)
    return done, found


def sizes(number: int) -> tuple[int, list[str]]:
    """The same where no file may grow beyond one of so many sizes, as on a full disk; and once there is room again, acts go on."""
    moments, done, found = random.Random(6), 0, []
    with tempfile.TemporaryDirectory() as folder:
        made = new(Path(folder))
        for turn in range(number):
            path = Path(folder) / str(turn) / made.name
            shutil.copytree(folder, path.parent, ignore=lambda _, names: [name for name in names if name.isdigit()])
            told = run(path, turn * 1000, size=moments.randrange(2_000, 5_000_000))
            again = run(path, turn * 1000 + 500, wait=1.0)
            done += len([line for line in told if line[0] in ("load", "certify")])
            found += lost(path, told + again)
            shutil.rmtree(path.parent)
    return done, found


if __name__ == "__main__":
    print(*{"kills": kills, "sizes": sizes}[sys.argv[1]](int(sys.argv[2])))
