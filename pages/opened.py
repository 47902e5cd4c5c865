"""The store that the pages show: opened once, and given the bundled plan when it is brand new."""

import threading
from datetime import date
from pathlib import Path

from data import acting, control, doctor, samples
from data.addresses import place_of
from data.database import Store, StoreError
from data.shared import open_place

_READY: set[Path | None] = set()
_NOTICED: dict[Path | None, list[doctor.Fault]] = {}
_LOCK = threading.Lock()


def open_seeded() -> Store | StoreError:
    """The store of BUDGET_STORE ready for use, or the error to show where it cannot be used."""
    with _LOCK:
        try:
            store = open_place(place_of())
            if store.path not in _READY:
                acting.prepare(store)
                if not store.ask("from batches limit 1"):
                    samples.load_plan(store, "default", date.today())
                _NOTICED[store.path] = _look(store)
                _READY.add(store.path)
        except StoreError as error:
            return error
        except OSError:
            return StoreError("store.shut", store=place_of().name)
    return store


def _look(store: Store) -> list[doctor.Fault]:
    with store.cursor() as cursor:
        return list(doctor.files(store.home, control.kept_files(cursor))) if store.home else []


def noticed(store: Store) -> list[doctor.Fault]:
    """What was found wrong with the kept files when the store was opened."""
    return _NOTICED.get(store.path, [])
