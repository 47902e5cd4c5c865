"""A database file that is no store in use, looked into: a copy, a backup's, or one that may be damaged."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from data.database import Cursor, StoreError
from data.dressing import dress
from data.opening import SETTINGS, closed, memory, shut


@contextmanager
def looked_into(path: Path, views: bool = False) -> Iterator[Cursor]:
    """A cursor on a database file that is no store in use; nothing can be written. StoreError where it cannot be opened or read."""
    try:
        connection = duckdb.connect(str(path), read_only=True, config=SETTINGS | {"memory_limit": memory(None)})
    except duckdb.Error as error:
        raise StoreError(closed(error), store=path.name) from error
    try:
        shut(connection, None)
        if views:
            dress(connection)
        yield connection
    except duckdb.Error as error:
        raise StoreError("store.damaged", store=path.name) from error
    finally:
        connection.close()
