"""Where a store is: a database file, or a lake in a folder with its catalogue in PostgreSQL."""

import os
from dataclasses import dataclass
from pathlib import Path

from data.database import DEFAULT_STORE, StoreError

PREFIX, FOLDER = "ducklake:postgres:", "BUDGET_STORE_DATA"


@dataclass(frozen=True)
class Address:
    """A shared store: its catalogue as libpq names it, and the folder of its files, its journal and its kept files.

    As text it is the folder alone: the catalogue's words may hold a password.
    """

    catalogue: str
    folder: Path

    def __str__(self) -> str:
        """The folder."""
        return str(self.folder)

    @property
    def name(self) -> str:
        """What a person is told of it."""
        return self.folder.name

    @property
    def setting(self) -> str:
        """The address as it is set."""
        return f"{PREFIX}{self.catalogue}"

    @property
    def files(self) -> Path:
        """The folder of the lake's own files; nothing else lies there, so that whatever none needs can be removed."""
        return self.folder / "lake"

    @property
    def home(self) -> Path:
        """Beside what journal and kept files lie, as beside a database file."""
        return self.folder / "monitor.duckdb"

    @property
    def mark(self) -> Path:
        """The file that says which catalogue the folder belongs to."""
        return self.folder / "monitor.lake"

    def exists(self) -> bool:
        """Whether a store has been made there."""
        return self.mark.exists()


Place = Path | Address


def place_of(setting: str | None = None) -> Place:
    """The place that is meant, or that BUDGET_STORE names; StoreError for a shared store whose folder is not set."""
    setting = setting or os.environ.get("BUDGET_STORE") or str(DEFAULT_STORE)
    if not setting.startswith(PREFIX):
        return Path(setting)
    if not (folder := os.environ.get(FOLDER)):
        raise StoreError("store.no_folder", name=FOLDER)
    return Address(setting.removeprefix(PREFIX), Path(folder).resolve())


def setting_of(place: Place) -> str:
    """A place as BUDGET_STORE names it."""
    return place.setting if isinstance(place, Address) else str(place.resolve())
