"""The tables of every store, as schema.sql makes them."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

# What the tables mean; a store of a higher number is left alone.
SCHEMA = 3
# What the verdicts of older versions had and these have not, which are made anew from the ledger.
RETIRED = ("spent_share", "original_share", "expected_share", "completion", "gap_share")
FILE = Path(__file__).with_name("schema.sql")
COLUMNS = "select table_name, column_name, data_type from duckdb_columns() where not internal order by table_oid, column_index"


@cache
def schema() -> str:
    """The tables as SQL makes them."""
    return FILE.read_text(encoding="utf-8")


@cache
def columns() -> dict[str, dict[str, str]]:
    """The columns of every table with their kinds."""
    found: dict[str, dict[str, str]] = {}
    with duckdb.connect(":memory:") as wanted:
        wanted.execute(schema())
        for table, name, kind in wanted.execute(COLUMNS).fetchall():
            found.setdefault(table, {})[name] = kind
    return found


def lacking(there: set[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """The columns that a store lacks of those (table, column) that are there, as table, name and kind."""
    return [(table, name, kind) for table, kinds in columns().items() for name, kind in kinds.items() if (table, name) not in there]


def lay_out(cursor: Any, there: set[tuple[str, str]], version: int) -> None:
    """Make the tables in one transaction; those of an older version get what they lack and lose what is retired; what is stored stays."""
    tables = {table for table, _ in there}
    cursor.execute("begin")
    cursor.execute(schema())
    for table, name, kind in lacking(there):
        if table in tables:
            cursor.execute(f"alter table {table} add column if not exists {name} {kind}")
    if version < SCHEMA:
        for name in RETIRED:
            if ("verdicts", name) in there:
                cursor.execute(f"alter table verdicts drop column {name}")
        cursor.execute("insert into versions values ($schema, $now)", {"schema": SCHEMA, "now": datetime.now(UTC).replace(tzinfo=None)})
    cursor.execute("commit")
