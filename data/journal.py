"""The journal beside the store: one line per act, chained by hash, and the files kept under theirs."""

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.database import Store, StoreError, ask

START = "0" * 64


def journal_path(store: Store) -> Path | None:
    """Where the store's journal lies; None for a store in memory."""
    return store.path.with_suffix(".journal.jsonl") if store.path else None


def files_path(store: Store) -> Path | None:
    """The folder of kept files; None for a store in memory."""
    return store.path.with_suffix(".files") if store.path else None


def line_of(act: dict[str, Any]) -> str:
    """An act as its line of the journal, without the line's end."""
    told = {**act, "recorded_at": act["recorded_at"].isoformat()}
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def seal(act: dict[str, Any]) -> dict[str, Any]:
    """The act with its hash: SHA-256 over the line of everything else in it, the hash before included."""
    return {**act, "hash": hashlib.sha256(line_of(act).encode()).hexdigest()}


def write(store: Store, acts: list[dict[str, Any]]) -> None:
    """Add the acts to the journal and wait until they are on the disk."""
    path = journal_path(store)
    if path is None or not acts:
        return
    with path.open("ab") as file:
        file.write("".join(line_of(act) + "\n" for act in acts).encode())
        file.flush()
        os.fsync(file.fileno())


def keep(store: Store, content: bytes) -> str:
    """The SHA-256 of a file's bytes, which are now kept under it, unchanged, on the disk."""
    digest = hashlib.sha256(content).hexdigest()
    folder = files_path(store)
    if folder is None or (folder / digest).exists():
        return digest
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f"{digest}.{os.getpid()}.half"
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(folder / digest)
    return digest


def kept(store: Store, digest: str) -> bytes | None:
    """The bytes kept under a SHA-256, or None where they are not (or no longer) here."""
    folder = files_path(store)
    path = folder / digest if folder and digest.isalnum() else None
    return path.read_bytes() if path and path.is_file() else None


def reconcile(store: Store) -> None:
    """Bring a journal that missed the last acts up to date; StoreError where the store lost acts that it holds."""
    path = journal_path(store)
    if path is None:
        return
    with store.cursor() as cursor:
        acts = ask(cursor, "select act, verb, batch, person, recorded_at, payload, previous, hash from acts order by act")
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
    if lines and not lines[-1].endswith("\n"):
        _cut(path, len(lines[-1].encode()))
        lines.pop()
    for act, line in zip(acts, lines, strict=False):
        if line.rstrip("\n") != line_of(act):
            raise StoreError("store.journal_differs", act=act["act"])
    if len(lines) > len(acts):
        raise StoreError("store.journal_ahead", store=len(acts), journal=len(lines))
    write(store, acts[len(lines) :])


def _cut(path: Path, length: int) -> None:
    """Take off a last line that a crash left half written; the store holds its act whole."""
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - length)


def now() -> datetime:
    """The present moment in UTC, without a zone, to the microsecond."""
    return datetime.now(UTC).replace(tzinfo=None)
