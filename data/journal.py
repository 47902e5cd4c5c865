"""The journal beside the store: one line per act, chained by hash, heads of the audit, and the files kept under theirs."""

import hashlib
import json
import os
import re
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


def anchor_of(row: dict[str, Any]) -> str:
    """The journal's line that holds fast a row of the audit, without the line's end."""
    return json.dumps({"audit": row["number"], "hash": row["hash"]})


def catch_up(store: Store) -> None:
    """Add to the journal every act of the store that it lacks and the head of the audit; they are on the disk when this ends."""
    if journal_path(store) is None:
        return
    with store.cursor() as cursor:
        acts = ask(cursor, f"{_ACTS} where act > $known order by act", {"known": store.journaled})
        head = ask(cursor, f"{_HEADS} where number > $known order by number desc limit 1", {"known": store.anchored})
    _write(store, acts, head)


_ACTS = "select act, verb, batch, person, recorded_at, payload, previous, hash from acts"
_HEADS = "select number, hash from audit"


def _write(store: Store, acts: list[dict[str, Any]], head: list[dict[str, Any]]) -> None:
    """Add the lines of acts and of the audit's head whole or not at all."""
    path = journal_path(store)
    lines = [*map(line_of, acts), *map(anchor_of, head)]
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
    store.anchored = head[-1]["number"] if head else store.anchored


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
        heads = ask(cursor, f"{_HEADS} order by number")
    *lines, half = path.read_bytes().split(b"\n") if path.exists() else [b""]
    told = [line for line in lines if line.startswith(_OF_ACT)]
    for act, line in zip(acts, told, strict=False):
        if line != line_of(act).encode():
            raise StoreError("store.journal_differs", act=act["act"])
    if len(told) > len(acts):
        raise StoreError("store.journal_ahead", store=len(acts), journal=len(told))
    anchored = _anchored([line for line in lines if not line.startswith(_OF_ACT)], heads)
    later = [row for row in heads if row["number"] > anchored]
    if half:
        _drop_half(path, half, acts[len(told) :], later)
    store.journaled = acts[len(told) - 1]["act"] if told else 0
    store.anchored = anchored
    _write(store, acts[len(told) :], later[-1:])


_OF_ACT = b'{"act": '


def _anchored(lines: list[bytes], heads: list[dict[str, Any]]) -> int:
    """The newest row of the audit that the journal holds fast; StoreError where the store has not every such row."""
    known = {anchor_of(row).encode(): row["number"] for row in heads}
    for line in lines:
        if line not in known:
            raise StoreError("store.journal_audit", number=_number(line))
    return max((known[line] for line in lines), default=0)


def _number(line: bytes) -> int:
    """The number of the audit row that a line speaks of, 0 where it cannot be read."""
    found = re.match(rb'\{"audit": (\d{1,9}),', line)
    return int(found[1]) if found else 0


def anchors(store: Store) -> dict[int, str]:
    """The hash by number of every row of the audit that the journal holds fast."""
    path = journal_path(store)
    lines = path.read_bytes().split(b"\n")[:-1] if path and path.exists() else []
    told = [json.loads(line) for line in lines if not line.startswith(_OF_ACT)]
    return {row["audit"]: row["hash"] for row in told}


def _drop_half(path: Path, half: bytes, acts: list[dict[str, Any]], later: list[dict[str, Any]]) -> None:
    """Take off a last line that a crash left half written; the store holds it whole, or the journal was changed."""
    wanted = [*map(line_of, acts[:1]), *([] if acts else map(anchor_of, later))]
    if not any(line.encode().startswith(half) for line in wanted):
        raise StoreError("store.journal_differs", act=acts[0]["act"] if acts else 0)
    os.truncate(path, path.stat().st_size - len(half))


def now() -> datetime:
    """The present moment in UTC, without a zone, to the microsecond."""
    return datetime.now(UTC).replace(tzinfo=None)
