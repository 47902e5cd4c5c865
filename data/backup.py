"""Backup and restore: a store, its journal and its kept files as one archive that proves itself."""

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from data import audit, control, journal
from data.copies import looked_into
from data.database import Store, StoreError, copy_to
from data.opening import work_path
from data.tables import SCHEMA

DATABASE, JOURNAL, FILES, MANIFEST = "monitor.duckdb", "monitor.journal.jsonl", "monitor.files/", "manifest.json"
CHUNK = 1 << 20


def make(store: Store, target: Path, person: str, name: str = "") -> dict[str, Any]:
    """Write an archive of the store and look into it again; its manifest. The store goes on serving, `name` goes into the audit.

    StoreError where what was written does not say what the store says.
    """
    store = store.whole
    if store.path is None:
        raise StoreError("backup.no_file")
    work = work_path(store.path)
    half, copy = work / f"{uuid4().hex}.zip", work / f"{uuid4().hex}.duckdb"
    work.mkdir(parents=True, exist_ok=True)
    try:
        with store.writing:
            copy_to(store, copy)
            path = journal.journal_path(store)
            lines = path.read_bytes() if path and path.exists() else b""
        with looked_into(copy) as cursor:
            totals = control.totals(cursor)
            kept = sorted(control.kept_files(cursor))
        manifest = _pack(store, half, copy, lines, kept, totals)
        examine(half, work)
        target.parent.mkdir(parents=True, exist_ok=True)
        _arrive(half, target)
    except zipfile.BadZipFile as error:
        raise StoreError("backup.differs", file=target.name, member=MANIFEST) from error
    finally:
        for path in (half, copy, copy.with_name(f"{copy.name}.wal")):
            path.unlink(missing_ok=True)
    audit.note(store, "backup", person, subject=name or target.name, detail=f"acts={totals['tables']['acts']['rows']} files={len(kept)}")
    return manifest


def _pack(store: Store, half: Path, copy: Path, lines: bytes, kept: list[str], totals: dict[str, Any]) -> dict[str, Any]:
    """Write the archive's members and, last, the manifest with the SHA-256 of each."""
    folder, sums = journal.files_path(store), {}
    with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        sums[DATABASE] = _add(archive, DATABASE, copy)
        archive.writestr(JOURNAL, lines)
        sums[JOURNAL] = hashlib.sha256(lines).hexdigest()
        for digest in kept:
            path = folder / digest if folder else None
            if path is None or not path.is_file():
                raise StoreError("backup.file_lost", sha256=digest)
            sums[FILES + digest] = _add(archive, FILES + digest, path)
            if sums[FILES + digest] != digest:
                raise StoreError("backup.file_lost", sha256=digest)
        manifest = {"schema": SCHEMA, "made_at": journal.now().isoformat(), "totals": totals, "sha256": sums}
        archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    with half.open("rb+") as file:
        os.fsync(file.fileno())
    return manifest


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as member:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            member.write(chunk)
    return digest.hexdigest()


def _arrive(half: Path, target: Path) -> None:
    """Put a finished file in its place whole, on another disk too."""
    beside = target.with_name(f"{target.name}.half")
    try:
        shutil.copyfile(half, beside)
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def examine(archive: Path, work: Path) -> dict[str, Any]:
    """The manifest of an archive whose members, totals and chains are as it says; StoreError, naming the member, where not."""
    with unpacked(archive, work) as (_, manifest):
        return manifest


@contextmanager
def unpacked(archive: Path, work: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """A folder in `work` with the members of a proven archive, and its manifest; the folder is gone afterwards."""
    folder = work / f"{uuid4().hex}.unpacked"
    try:
        try:
            with zipfile.ZipFile(archive) as packed:
                manifest = json.loads(packed.read(MANIFEST))
                _unpack(packed, manifest, folder, archive.name)
        except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, EOFError) as error:
            if isinstance(error, OSError) and error.errno:
                raise
            raise StoreError("backup.no_archive", file=archive.name) from error
        with looked_into(folder / DATABASE) as cursor:
            if control.totals(cursor) != manifest["totals"]:
                raise StoreError("backup.differs", file=archive.name, member=DATABASE)
        yield folder, manifest
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unpack(packed: zipfile.ZipFile, manifest: dict[str, Any], folder: Path, name: str) -> None:
    """Write the members that the manifest names, each with the SHA-256 that it says; nothing else is looked at."""
    if manifest["schema"] > SCHEMA:
        raise StoreError("store.newer", schema=manifest["schema"], ours=SCHEMA)
    for member, wanted in manifest["sha256"].items():
        is_kept = member.startswith(FILES) and member.removeprefix(FILES).isalnum()
        if member not in (DATABASE, JOURNAL) and not is_kept:
            raise StoreError("backup.differs", file=name, member=member)
        path, digest = folder / member, hashlib.sha256()
        path.parent.mkdir(parents=True, exist_ok=True)
        with packed.open(member) as source, path.open("wb") as file:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        if digest.hexdigest() != wanted:
            raise StoreError("backup.differs", file=name, member=member)


def restore(archive: Path, path: Path, person: str) -> Path | None:
    """Put the store of an archive at a path; where the one before it lies now, or None where there was none.

    The archive is unpacked and proven first, and nothing is overwritten: what lies there is moved aside.
    """
    path = path.resolve()
    refuse_held(path)
    with unpacked(archive, work_path(path)) as (folder, _):
        aside = set_aside(path)
        place(folder, path)
    store = Store(path)
    try:
        journal.reconcile(store)
        audit.note(store, "restore", person, subject=archive.name, detail=f"aside={aside.name if aside else '-'}")
    finally:
        store.close()
    return aside


def parts(path: Path) -> list[tuple[Path, str]]:
    """What a store consists of on the disk, with the name of each in an archive."""
    return [
        (path, DATABASE),
        (path.with_name(f"{path.name}.wal"), f"{DATABASE}.wal"),
        (journal.journal_at(path), JOURNAL),
        (journal.files_at(path), FILES.rstrip("/")),
    ]


def refuse_held(path: Path) -> None:
    """StoreError where another program has the store open; a damaged one is nobody's."""
    if not path.exists():
        return
    try:
        with looked_into(path):
            pass
    except StoreError as error:
        if error.code == "store.held":
            raise


def set_aside(path: Path) -> Path | None:
    """Move all of a store into a folder of its own beside it; None where there is nothing."""
    found = [(part, name) for part, name in parts(path) if part.exists()]
    if not found:
        return None
    aside = path.with_name(f"{path.stem}.aside-{datetime.now():%Y%m%d-%H%M%S}-{uuid4().hex[:4]}")
    aside.mkdir()
    # The database goes last: until it has gone, a start finds it without its journal, which is written anew from it.
    for part, _ in reversed(found):
        part.replace(aside / part.name)
    return aside


def place(folder: Path, path: Path) -> None:
    """Move the members of a folder to where a store has them; the database last, so that a store is there whole or not at all."""
    for part, name in reversed(parts(path)):
        if (folder / name).exists():
            (folder / name).replace(part)
    with suppress(OSError):
        sync(path.parent)


def sync(folder: Path) -> None:
    """Have the names of a folder on the disk, where the system can."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
