"""The command line asks the program that holds the store, by a note in the work folder: whoever may write there owns the store."""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from data import backup, doctor
from data.database import Store, StoreError
from data.opening import work_path

LOOK_EVERY, TAKEN_WITHIN, DONE_WITHIN = 0.3, 5, 600
Told = dict[str, Any]
LOG = logging.getLogger("budget")


def ask(path: Path, verb: str, person: str, name: str = "") -> tuple[Told, Path]:
    """The answer of whoever holds the store, and the file that came with it; StoreError where nobody answers or it is refused."""
    work = work_path(path.resolve())
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    token = uuid4().hex
    note, taken, answer = (work / f"{token}.{end}" for end in ("ask", "taken", "answer"))
    begun, half = time.monotonic(), work / f"{token}.half"
    try:
        half.write_text(json.dumps({"verb": verb, "person": person, "name": name}), encoding="utf-8")
        half.replace(note)
        while not answer.exists():
            if not (note.exists() or taken.exists() or answer.exists()):
                raise StoreError("store.full")
            waited = time.monotonic() - begun
            if waited > DONE_WITHIN or (waited > TAKEN_WITHIN and not taken.exists()):
                raise StoreError("store.held", store=path.name)
            time.sleep(LOOK_EVERY / 3)
        told = json.loads(answer.read_text(encoding="utf-8"))
    finally:
        for left in (half, note, answer):
            left.unlink(missing_ok=True)
    if "error" in told:
        raise StoreError(told["error"], **told["facts"])
    return told, work / f"{token}.zip"


@contextmanager
def answering(find: Callable[[], Store | None]) -> Iterator[None]:
    """Answer such notes for as long as this lasts; `find` gives the store, None as long as it cannot be used."""
    stop = threading.Event()
    thread = threading.Thread(target=_answer, args=(find, stop), daemon=True, name="keeper")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _answer(find: Callable[[], Store | None], stop: threading.Event) -> None:
    while not stop.wait(LOOK_EVERY):
        with suppress(OSError):
            store = find()
            if store is None or store.path is None:
                continue
            work = work_path(store.path)
            # What could not be answered, for whatever reason: whoever waits for it shall wait no longer.
            for left in work.glob("*.taken"):
                left.unlink(missing_ok=True)
            for note in work.glob("*.ask"):
                _answer_one(store, note)


def _answer_one(store: Store, note: Path) -> None:
    """Carry out one note; its answer appears whole. Where even that cannot be written the note goes without one."""
    taken, half = note.with_suffix(".taken"), note.with_suffix(".half")
    note.replace(taken)
    try:
        told = _carried_out(store, taken)
        half.write_text(json.dumps(told, default=str), encoding="utf-8")
        half.replace(note.with_suffix(".answer"))
    finally:
        for left in (half, taken):
            left.unlink(missing_ok=True)


def _carried_out(store: Store, taken: Path) -> Told:
    try:
        asked = json.loads(taken.read_text(encoding="utf-8"))
        return VERBS[asked["verb"]](store, taken.with_suffix(".zip"), asked["person"], asked["name"])
    except StoreError as error:
        return {"error": error.code, "facts": error.facts}
    except OSError:
        return {"error": "store.full", "facts": {}}
    except Exception:  # noqa: BLE001 - whoever asks next must find somebody; the log keeps the fault
        LOG.exception("a note could not be carried out")
        return {"error": "store.failed", "facts": {}}


def _examine(store: Store, *_: Any) -> Told:
    with store.writing:
        return {"faults": [[fault.code, fault.facts] for fault in doctor.examine_open(store)]}


VERBS: dict[str, Callable[[Store, Path, str, str], Told]] = {"backup": backup.make, "doctor": _examine}
