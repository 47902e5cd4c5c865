"""Control totals of a store: what two stores must have in common to be the same."""

from collections.abc import Iterable
from typing import Any

from data.database import Cursor, ask

_TABLES = "select table_name from duckdb_tables() where not temporary and not internal and database_name = current_database() order by 1"


def totals(cursor: Cursor) -> dict[str, Any]:
    """By table the number of rows and a sum over every cell, the money in the ledger, and the heads of acts and audit."""
    names = [row["table_name"] for row in ask(cursor, _TABLES)]
    rows = {name: ask(cursor, f"select count(*) as rows, coalesce(sum(hash({name}))::text, '0') as sum from {name}")[0] for name in names}
    money = ask(cursor, "select coalesce(sum(amount), 0)::text as paid from actuals")[0]["paid"]
    heads = {
        name: (ask(cursor, f"select hash from {name} order by {number} desc limit 1") or [{"hash": ""}])[0]["hash"]
        for name, number in (("acts", "act"), ("audit", "number"))
    }
    return {"tables": rows, "paid": money, "heads": heads}


def sum_of(cursor: Cursor, table: str, names: Iterable[str] = ()) -> dict[str, Any]:
    """How many rows a table or view has, and a sum over every cell of these columns, of all in their order where none is named."""
    row = f"row({', '.join(f'told.{name}' for name in names)})" if names else "told"
    return ask(cursor, f"select count(*) as rows, coalesce(sum(hash({row}))::text, '0') as sum from {table} as told")[0]


def kept_files(cursor: Cursor) -> set[str]:
    """The SHA-256 of every file that a batch or a word on indicators rests on."""
    question = "select sha256 from batches union select sha256 from results"
    return {row["sha256"] for row in ask(cursor, question) if row["sha256"] is not None}
