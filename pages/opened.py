"""The store that the pages show: opened once, and given the bundled plan when it is brand new."""

import socket
import threading
import time
from datetime import date
from pathlib import Path

from data import acting, control, doctor, samples
from data.addresses import Address, Place, place_of
from data.database import Store, StoreError
from data.shared import open_place

# So often a store that could not be used is tried anew, whether somebody looks or not.
TRY_EVERY = 30
_READY: dict[Place, Store] = {}
_NOTICED: dict[Path | None, list[doctor.Fault]] = {}
_LOCK = threading.Lock()


def open_seeded() -> Store | StoreError:
    """The store of BUDGET_STORE ready for use, or the error to show where it cannot be used."""
    with _LOCK:
        try:
            place = place_of()
            store = open_place(place)
            if _READY.get(place) is not store:
                acting.prepare(store)
                if not store.ask("from batches limit 1"):
                    samples.load_plan(store, "default", date.today())
                _NOTICED[store.path] = _look(store)
                _READY[place] = store
        except StoreError as error:
            return error
        except OSError:
            return StoreError("store.shut", store=place_of().name)
    return store


def ready() -> Store | None:
    """The store of BUDGET_STORE where it has been opened for use; it is not opened for this."""
    try:
        return _READY.get(place_of())
    except StoreError:
        return None


class Awaited:
    """The store of BUDGET_STORE as soon as it can be used."""

    def __init__(self) -> None:
        """Not tried yet."""
        self._tried = time.monotonic()

    def __call__(self) -> Store | None:
        """The store, or None as long as it cannot be used; somebody who looks at a page may have opened it meanwhile."""
        if ready() is None and time.monotonic() - self._tried > TRY_EVERY:
            self._tried = time.monotonic()
            open_seeded()
        return ready()


def beside() -> Path | None:
    """What this machine's files lie beside: of a shared store, each machine has its own; None where no place is set."""
    try:
        place = place_of()
    except StoreError:
        return None
    return place.home.with_name(f"{place.home.stem}.{socket.gethostname()}.duckdb") if isinstance(place, Address) else place


def _look(store: Store) -> list[doctor.Fault]:
    with store.cursor() as cursor:
        return list(doctor.files(store.home, control.kept_files(cursor))) if store.home else []


def noticed(store: Store) -> list[doctor.Fault]:
    """What was found wrong with the kept files when the store was opened."""
    return _NOTICED.get(store.path, [])
