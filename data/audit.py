"""The audit: who did, was refused or took along what, and when; append-only, chained by hash, kept in the journal as well."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from data import journal
from data.database import Cursor, Rows, Store, append, ask, real

DONE, REFUSED = "done", "refused"
_COLUMNS = "number, recorded_at, person, event, subject, outcome, detail, previous, hash"
_FITS = """
    ($person::text is null or person = $person) and ($event::text is null or event = $event)
    and ($first::date is null or here(recorded_at)::date >= $first) and ($last::date is null or here(recorded_at)::date <= $last)"""
_LONGEST = 2000


def note(database: Store | Cursor, event: str, person: str, subject: str = "", outcome: str = DONE, detail: str = "") -> int:
    """The number of the row that now says so: in the transaction of a cursor, or in one of its own, on the disk; 0 for an act done again.

    `event` is a word of words.csv (event.NAME or verb.NAME), `detail` a code or a few facts: never a password, a cookie or a figure.
    """
    told = {"person": person, "event": event, "subject": subject, "outcome": outcome, "detail": detail[:_LONGEST]}
    if journal.is_again():
        return 0
    if not isinstance(database, Store):
        return _add(database, told)
    with journal.anchored(database.whole) as cursor:
        return _add(cursor, told)


def _add(cursor: Cursor, told: dict[str, str]) -> int:
    before = ask(cursor, f"select number, hash from {real(cursor, 'audit')} order by number desc limit 1")
    number, previous = (before[0]["number"], before[0]["hash"]) if before else (0, journal.START)
    row = journal.seal({"number": number + 1, "recorded_at": journal.now(), **told, "previous": previous})
    append(cursor, "audit", [row])
    return number + 1


def subject_of(batch: int | None, payload: dict[str, Any]) -> str:
    """What an act was done to, in few signs: the batch, else month, unit, project or number as the journal has them."""
    if batch is not None:
        return f"#{batch}"
    year, month = payload.get("fiscal_year") or payload.get("year"), payload.get("month")
    when = f"{year}-{month:02d}" if year and isinstance(month, int) else None
    names = ("unit", "unit_code", "project", "project_code", "number", "version")
    parts = [when or payload.get("as_of"), *(payload.get(name) for name in names)]
    return " ".join(str(part) for part in parts if part)


def act_named(act: dict[str, Any]) -> str:
    """An act's number and hash, as `detail` names it."""
    return f"act {act['act']} {act['hash']}"


def trail(store: Store, limit: int | None = None, offset: int = 0, **asked: Any) -> Rows:
    """The rows of the audit, the newest first; `asked`: person, event, first, last (local days, both included)."""
    question = f"select {_COLUMNS} from audit where {_FITS} order by number desc limit $limit offset $offset"
    return store.ask(question, {**_asked(asked), "limit": limit, "offset": offset})


def count(store: Store, **asked: Any) -> int:
    """How many rows the audit has of what is asked for."""
    return store.ask(f"select count(*) as n from audit where {_FITS}", _asked(asked))[0]["n"]


def _asked(asked: dict[str, Any]) -> dict[str, Any]:
    return {name: asked.get(name) or None for name in ("person", "event", "first", "last")}


def choices(store: Store) -> dict[str, list[str]]:
    """The persons and events that the audit knows."""
    return {
        name: [row[name] for row in store.ask(f"select distinct {name} from audit where {name} <> '' order by all")]
        for name in ("person", "event")
    }


def verify(store: Store) -> list[tuple[int, str]]:
    """Every fault of the trail as (number, changed, missing or inserted), in order; none where it is whole.

    Each row is sealed anew, its number and the hash before it are compared with its neighbours', and the rows
    of the journal must be here, so that a trail cut off at its end is noticed, too.
    """
    with store.cursor() as cursor:
        return faults_of(cursor, journal.journal_path(store))


def faults_of(cursor: Cursor, path: Path | None) -> list[tuple[int, str]]:
    """Every fault of the trail that a cursor sees, beside a journal."""
    rows = ask(cursor, f"select {_COLUMNS} from audit order by number, rowid")
    acts = {row["act"]: row["hash"] for row in ask(cursor, "select act, hash from acts")}
    faults = {fault for before, row in zip([None, *rows], rows, strict=False) for fault in _between(before, row)}
    hashes = {row["number"]: row["hash"] for row in rows}
    for number, digest in (journal.audit_hashes(path) if path else {}).items():
        if hashes.get(number) != digest:
            faults.add((number, "changed" if number in hashes else "missing"))
    return sorted(faults | _unacted(rows, acts))


def _between(before: dict[str, Any] | None, row: dict[str, Any]) -> set[tuple[int, str]]:
    """What is wrong with a row, and between it and the one before."""
    last, digest = (before["number"], before["hash"]) if before else (0, journal.START)
    number, faults = row["number"], set()
    content = {name: value for name, value in row.items() if name != "hash"}
    if journal.seal(content)["hash"] != row["hash"]:
        faults.add((number, "changed"))
    if number <= last:
        faults.add((number, "inserted"))
    faults |= {(gone, "missing") for gone in range(last + 1, number)}
    if number == last + 1 and row["previous"] != digest:
        faults.add((max(last, 1), "changed"))
    return faults


def _unacted(rows: Rows, acts: dict[int, str]) -> set[tuple[int, str]]:
    """Rows that name an act which the store has not, or has otherwise."""
    named = [(row["number"], row["detail"].split()) for row in rows if row["detail"].startswith("act ")]
    return {(number, "changed") for number, (_, act, digest) in named if acts.get(int(act)) != digest}


def day_of(text: str) -> date:
    """A day as it is typed; ValueError where it is none."""
    return datetime.strptime(text.strip(), "%Y-%m-%d").date()
