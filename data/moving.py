"""A store copied into another, empty one, of either kind: every row, the journal, the kept files, and the same verdicts."""

from typing import Any

from data import acting, audit, control, journal
from data.addresses import Place
from data.database import Cursor, Store, StoreError
from data.lake import OWN, ROWS_AT_ONCE
from data.shared import open_place
from data.tables import columns


def copy(source: Store, place: Place, person: str) -> dict[str, Any]:
    """Copy a store to a place that has none; how many acts and kept files are there now.

    StoreError, with nothing stored, where the place has a store already or what arrived is not what was sent.
    """
    target = open_place(place)
    with source.writing, target.writing, source.cursor() as reading:
        if target.ask("from acts limit 1") or target.ask("from audit limit 1"):
            raise StoreError("copy.not_empty", store=place.name)
        kept = sorted(control.kept_files(reading))
        for digest in kept:
            _keep(source, target, digest)
        with target.transaction() as writing:
            for table in sorted(set(columns()) - OWN):
                _copy_rows(reading, writing, table)
            _compare(reading, writing)
        acting.prepare(target)
        told = {"acts": target.journaled, "files": len(kept)}
        audit.note(target, "copy", person, subject=_name(source), detail=f"acts={told['acts']} files={told['files']}")
        audit.note(source, "copy", person, subject=place.name, detail=f"acts={told['acts']} files={told['files']}")
    return told


def _name(store: Store) -> str:
    return store.home.name if store.home else ""


def _keep(source: Store, target: Store, digest: str) -> None:
    content = journal.kept(source, digest)
    if content is None or journal.keep(target, content) != digest:
        raise StoreError("copy.file_lost", sha256=digest)


def _copy_rows(reading: Cursor, writing: Cursor, table: str) -> None:
    """Add the rows of a table in the order in which they came."""
    writing.register("added", reading.execute(f"from {table} order by rowid").to_arrow_reader(ROWS_AT_ONCE))
    writing.execute(f"insert into {table} by name from added")
    writing.unregister("added")


def _compare(reading: Cursor, writing: Cursor) -> None:
    """StoreError where a table or the verdicts of the two are not the same."""
    for table, names in columns().items():
        if table not in OWN and control.sum_of(reading, table, names) != control.sum_of(writing, table, names):
            raise StoreError("copy.differs", table=table)
    for view in ("verdicts_on(null)", "batches_on(null)"):
        if control.sum_of(reading, view) != control.sum_of(writing, view):
            raise StoreError("copy.differs", table=view)
