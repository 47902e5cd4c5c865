"""Opening a database file: what is shut, who holds it, where copies of it go."""

from contextlib import suppress
from pathlib import Path

import duckdb

SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "max_temp_directory_size": "4GB",
    # Rows on their way to the file wait in memory: five groups of them unless told otherwise.
    "write_buffer_row_group_count": "1",
}


LEAST_MEMORY, MOST_MEMORY, TIMES_OF_STORE = 512, 2048, 4
MEGABYTE = 2**20


def memory(path: Path | None) -> str:
    """How much memory the store may take, in proportion to its file; beyond it a folder beside the file is used."""
    if path is None:
        return f"{MOST_MEMORY}MB"
    size = path.stat().st_size if path.exists() else 0
    return f"{min(MOST_MEMORY, max(LEAST_MEMORY, TIMES_OF_STORE * size // MEGABYTE))}MB"


def closed(error: duckdb.Error) -> str:
    """Why a database file cannot be opened: another program, or this one, has it open, it may not be, or it is damaged."""
    held = ("could not set lock", "used by another process", "different configuration")
    if any(sign in str(error).lower() for sign in held):
        return "store.held"
    return "store.shut" if is_full(error) else "store.damaged"


def is_spent(error: duckdb.Error) -> bool:
    """Whether the database has given up for good or was let go of by whoever found that first, so that its file must be opened anew."""
    return isinstance(error, duckdb.FatalException | duckdb.ConnectionException)


def is_full(error: duckdb.Error) -> bool:
    """Whether what the database wanted to write could not be written: the disk is full, or may not be written to."""
    signs = ("could not write", "no space left", "file too large", "permission denied", "read-only file system")
    return any(sign in str(error).lower() for sign in signs)


def work_path(path: Path) -> Path:
    """The folder beside a store where copies of it are made; the only one that its SQL can reach."""
    return path.with_suffix(".work")


def shut(connection: duckdb.DuckDBPyConnection, work: Path | None) -> None:
    """Shut every way out of the database but the work folder, and the settings themselves."""
    if connection.execute("select current_setting('lock_configuration')").fetchone()[0]:
        return  # Two connections of a process to one file share what the first has set.
    if work:
        connection.execute(f"set allowed_directories = [{quoted(work)}]")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")


def copy(cursor: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Write a copy of the cursor's database to a file of its work folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    own = cursor.execute("select current_database()").fetchone()[0].replace('"', '""')
    cursor.execute(f"attach {quoted(target)} as copied")
    try:
        cursor.execute(f'copy from database "{own}" to copied')
    finally:
        with suppress(duckdb.Error):
            cursor.execute("rollback")
        cursor.execute("detach copied")


def quoted(path: Path | str) -> str:
    """A path or a text as SQL writes it."""
    return "'" + str(path).replace("'", "''") + "'"
