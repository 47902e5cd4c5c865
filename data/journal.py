"""The journal beside the store: one line per act and per row of the audit, each chained by hash, and the files kept under theirs."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from data.database import Cursor, Rows, Store, StoreError, ask

START = "0" * 64
# How the line of an act begins.
OF_ACT = b'{"act": '


def journal_at(path: Path) -> Path:
    """Where the journal of the store at a path lies."""
    return path.with_suffix(".journal.jsonl")


def files_at(path: Path) -> Path:
    """The folder of the files that the store at a path keeps."""
    return path.with_suffix(".files")


def journal_path(store: Store) -> Path | None:
    """Where the store's journal lies; None for a store in memory."""
    return journal_at(store.home) if store.home else None


def files_path(store: Store) -> Path | None:
    """The folder of kept files; None for a store in memory."""
    return files_at(store.home) if store.home else None


def line_of(act: dict[str, Any]) -> str:
    """An act as its line of the journal, without the line's end."""
    told = {**act, "recorded_at": act["recorded_at"].isoformat()}
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def seal(act: dict[str, Any]) -> dict[str, Any]:
    """The act with its hash: SHA-256 over the line of everything else in it, the hash before included."""
    return {**act, "hash": hashlib.sha256(line_of(act).encode()).hexdigest()}


def audit_line_of(row: dict[str, Any]) -> str:
    """A row of the audit as its line of the journal, without the line's end."""
    return f'{{"audit": {line_of(row)}}}'


def catch_up(store: Store) -> None:
    """Add to the journal every act and audit row of the store that it lacks; they are on the disk when this ends."""
    if journal_path(store) is None:
        return
    follow(store)
    with store.cursor() as cursor:
        acts = ask(cursor, f"{_ACTS} where act > $known order by act", {"known": store.journaled})
        trail = ask(cursor, f"{_TRAIL} where number > $known order by number", {"known": store.anchored})
    _write(store, acts, trail)


@contextmanager
def anchored(store: Store) -> Iterator[Cursor]:
    """A transaction whose acts and audit rows are in the journal, on the disk, when this ends.

    StoreError, saying so, where they are in the store and the journal cannot be written: the next act makes up for it.
    """
    with store.writing:
        try:
            with store.transaction() as cursor:
                yield cursor
        except BaseException:
            # It may have come after the commit; what could not be done is told, not that the journal is late.
            with suppress(OSError, StoreError):
                catch_up(store.whole)
            raise
        try:
            catch_up(store.whole)
        except OSError as error:
            raise StoreError("store.journal_late") from error


_ACTS = "select act, verb, batch, person, recorded_at, payload, previous, hash from acts"
_TRAIL = "select number, recorded_at, person, event, subject, outcome, detail, previous, hash from audit"


def _write(store: Store, acts: list[dict[str, Any]], trail: list[dict[str, Any]]) -> None:
    """Add the lines of acts and of the audit whole or not at all."""
    path = journal_path(store)
    lines = [*map(line_of, acts), *map(audit_line_of, trail)]
    if path is None or not lines:
        return
    before = path.stat().st_size if path.exists() else 0
    try:
        with path.open("ab") as file:
            file.write(b"".join(line.encode() + b"\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        if path.exists():
            os.truncate(path, before)
        raise
    store.journaled = acts[-1]["act"] if acts else store.journaled
    store.anchored = trail[-1]["number"] if trail else store.anchored
    store.followed = path.stat().st_size


def follow(store: Store) -> None:
    """Take note of the lines that other programs have added to the journal of a shared store, by whoever has the turn to act.

    A last line that one of them could not finish goes: what it was to say is in the store.
    """
    path = journal_path(store)
    if path is None or not store.is_shared or not path.exists():
        return
    with path.open("rb") as file:
        file.seek(store.followed)
        *lines, half = file.read().split(b"\n")
    store.followed += sum(len(line) + 1 for line in lines)
    if half:
        os.truncate(path, store.followed)
    acts = sum(line.startswith(OF_ACT) for line in lines)
    store.journaled += acts
    store.anchored += len(lines) - acts


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
    half = folder / f"{digest}.{uuid4().hex}.half"
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
        acts, trail, half = behind(cursor, path)
    if half:
        os.truncate(path, path.stat().st_size - half)
    of_acts, of_audit, _ = lines_of(path)
    store.journaled, store.anchored = len(of_acts), len(of_audit)
    store.followed = path.stat().st_size if path.exists() else 0
    _write(store, acts, trail)


def behind(cursor: Cursor, path: Path) -> tuple[Rows, Rows, int]:
    """The acts and audit rows that a journal lacks, and the bytes of a last line cut short; StoreError where it says otherwise."""
    acts, trail = ask(cursor, f"{_ACTS} order by act"), ask(cursor, f"{_TRAIL} order by number, rowid")
    of_acts, of_audit, half = lines_of(path)
    for act, line in zip(acts, of_acts, strict=False):
        if line != line_of(act).encode():
            raise StoreError("store.journal_differs", act=act["act"])
    if len(of_acts) > len(acts):
        raise StoreError("store.journal_ahead", store=len(acts), journal=len(of_acts))
    for number, line in enumerate(of_audit, start=1):
        if number > len(trail) or line != audit_line_of(trail[number - 1]).encode():
            raise StoreError("store.journal_audit", number=number)
    acts, trail = acts[len(of_acts) :], trail[len(of_audit) :]
    wanted = line_of(acts[0]) if acts else audit_line_of(trail[0]) if trail else ""
    # A crash leaves the beginning of a line that the store has whole; anything else was changed.
    if not wanted.encode().startswith(half):
        raise StoreError("store.journal_differs", act=len(of_acts) + 1)
    return acts, trail, len(half)


def lines_of(path: Path) -> tuple[list[bytes], list[bytes], bytes]:
    """The journal's lines of acts, those of the audit, and a last one without its end; whatever is no act's counts as the audit's."""
    *lines, half = path.read_bytes().split(b"\n") if path.exists() else [b""]
    acts = [line for line in lines if line.startswith(OF_ACT)]
    return acts, [line for line in lines if not line.startswith(OF_ACT)], half


def audit_hashes(path: Path) -> dict[int, str]:
    """The hash by number of every row of the audit that a journal has; of a line that cannot be read an empty one."""
    found: dict[int, str] = {}
    for number, line in enumerate(lines_of(path)[1], start=1):
        try:
            row = json.loads(line)["audit"]
            found[row["number"]] = row["hash"]
        except (ValueError, KeyError, TypeError):
            found[number] = ""
    return found


_AGAIN: ContextVar[datetime | None] = ContextVar("again", default=None)


def now() -> datetime:
    """The present moment in UTC, without a zone, to the microsecond; where an act is done again, the moment when it was done."""
    return _AGAIN.get() or datetime.now(UTC).replace(tzinfo=None)


def is_again() -> bool:
    """Whether an act is done again, so that nothing of it is news."""
    return _AGAIN.get() is not None


@contextmanager
def again(moment: datetime) -> Iterator[None]:
    """Let acts be done as at a moment of the past."""
    before = _AGAIN.set(moment)
    try:
        yield
    finally:
        _AGAIN.reset(before)
