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


def catch_up(store: Store) -> None:
    """Add to the journal every act of the store that it lacks, and wait until they are on the disk."""
    if journal_path(store) is None:
        return
    with store.cursor() as cursor:
        acts = ask(cursor, f"{_ACTS} where act > $known order by act", {"known": store.journaled})
    _write(store, acts)


_ACTS = "select act, verb, batch, person, recorded_at, payload, previous, hash from acts"


def _write(store: Store, acts: list[dict[str, Any]]) -> None:
    """Add the acts' lines whole or not at all."""
    path = journal_path(store)
    if path is None or not acts:
        return
    before = path.stat().st_size if path.exists() else 0
    try:
        with path.open("ab") as file:
            file.write(b"".join(line_of(act).encode() + b"\n" for act in acts))
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        if path.exists():
            os.truncate(path, before)
        raise
    store.journaled = acts[-1]["act"]


def keep(store: Store, content: bytes) -> str:
    """The SHA-256 of a file's bytes, which are now kept under it, unchanged, on the disk."""
    digest = hashlib.sha256(content).hexdigest()
    folder = files_path(store)
    if folder is None:
        store.kept[digest] = content
        return digest
    if (folder / digest).exists():
        return digest
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f"{digest}.{os.getpid()}.half"
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(folder / digest)
    return digest


def kept(store: Store, digest: str | None) -> bytes | None:
    """The bytes kept under a SHA-256, or None where they are not (or no longer) here, or not for whoever asks."""
    if digest is None:
        return None
    folder = files_path(store)
    if folder is None:
        return store.kept.get(digest)
    path = folder / digest
    return path.read_bytes() if digest.isalnum() and path.is_file() else None


def reconcile(store: Store) -> None:
    """Bring a journal that missed the last acts up to date; StoreError where the store lost acts that it holds."""
    path = journal_path(store)
    if path is None:
        return
    with store.cursor() as cursor:
        acts = ask(cursor, f"{_ACTS} order by act")
    *lines, half = path.read_bytes().split(b"\n") if path.exists() else [b""]
    for act, line in zip(acts, lines, strict=False):
        if line != line_of(act).encode():
            raise StoreError("store.journal_differs", act=act["act"])
    if len(lines) > len(acts):
        raise StoreError("store.journal_ahead", store=len(acts), journal=len(lines))
    if half:
        _drop_half(path, half, acts[len(lines) :])
    store.journaled = acts[len(lines) - 1]["act"] if lines else 0
    _write(store, acts[len(lines) :])


def _drop_half(path: Path, half: bytes, missing: list[dict[str, Any]]) -> None:
    """Take off a last line that a crash left half written; the store holds its act whole, or the journal was changed."""
    if not missing or not line_of(missing[0]).encode().startswith(half):
        raise StoreError("store.journal_differs", act=missing[0]["act"] if missing else 0)
    os.truncate(path, path.stat().st_size - len(half))


def now() -> datetime:
    """The present moment in UTC, without a zone, to the microsecond."""
    return datetime.now(UTC).replace(tzinfo=None)
