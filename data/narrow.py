"""What a cursor sees of the store: the rows of some units alone, by views of data/sight/ before its tables."""

from functools import cache
from pathlib import Path
from typing import Any

from data.tables import columns

HERE = Path(__file__).parent
# A cursor of the database; its type is behind that door.
Cursor = Any


@cache
def tables() -> frozenset[str]:
    """The tables of the store."""
    return frozenset(columns())


def narrow(cursor: Cursor, units: frozenset[str]) -> None:
    """Put the views of data/sight/ before the tables of the store; `real` still names these."""
    catalog = cursor.execute("select current_database()").fetchone()[0].replace('"', '""')
    cursor.execute("set variable units = $units", {"units": sorted(units)})
    cursor.execute("set variable whole = $whole", {"whole": f'"{catalog}".main.'})
    for path in sorted((HERE / "sight").glob("*.sql")):
        cursor.execute(path.read_text(encoding="utf-8").replace("whole.", f'"{catalog}".main.'))


def real(cursor: Cursor, table: str) -> str:
    """The name of a table of the store itself, under which it is written and numbered whatever the cursor sees of it."""
    prefix = cursor.execute("select getvariable('whole')").fetchone()[0]
    return f"{prefix}{table}" if prefix and table in tables() else table


class Unlimited:
    """What a store asks of whoever uses it: nothing, of those who have the store itself."""

    @property
    def whole(self) -> Any:
        """The store without anybody's limits."""
        return self

    def actor(self, person: str, right: str) -> str:
        """The name under which an act is recorded; whoever has the store itself acts under any, with every right."""
        return person

    def look(self) -> None:
        """Refuse whoever may not look at this; nobody here."""

    def named(self, person: str) -> str:
        """The name under which a refusal is noted."""
        return person

    def confine(self, cursor: Cursor, act: int, batch: int | None) -> None:
        """Refuse an act that reaches beyond what its person sees; nothing does here."""
