"""The stores that are measured, made when a part first asks for one of their size."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from data import deriving
from data.database import Store
from tests.bench.made import Size, make
from tests.bench.measured import alone


@dataclass(frozen=True)
class Stores:
    """Stores of some sizes in a folder, where one that is there already is used again."""

    folder: Path
    sizes: tuple[int, ...]

    def __getitem__(self, size: int) -> Path:
        """The file of a store of so many projects, not open."""
        path = self.folder / f"{size}.duckdb"
        if not path.exists():
            alone(_make, path, size)
        return path

    def __iter__(self) -> Iterator[int]:
        """The sizes, the smallest first."""
        return iter(sorted(self.sizes))

    @property
    def smallest(self) -> int:
        """The size that the others are compared with."""
        return min(self.sizes)


def _make(path: Path, size: int) -> float:
    # Under another name until it is whole.
    begun = path.with_name(f"begun-{path.name}")
    store, small = Store(begun), deriving.SMALL
    deriving.SMALL = size
    make(store, Size(size))
    store.close()
    deriving.SMALL = small
    # A store may take memory by the size of its file, which it has now.
    store = Store(begun)
    with store.transaction() as cursor:
        if deriving.is_large(cursor):
            deriving.make(cursor)
    store.close()
    for one in sorted(path.parent.glob(f"{begun.stem}.*")):
        one.rename(path.parent / one.name.removeprefix("begun-"))
    return 0
