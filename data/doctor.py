"""What is wrong with a store on the disk: every byte of it, its journal and its kept files is looked at; nothing is changed."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from data import audit, checksums, control, deriving, journal
from data.copies import looked_into
from data.database import Cursor, Store, StoreError, ask
from data.shared import Shared

_DIGEST = 64


class Fault(NamedTuple):
    """One thing that is wrong: a key of words.csv and what its sentence names."""

    code: str
    facts: dict[str, Any]


def examine(path: Path) -> list[Fault]:
    """Every fault of a store's file, tables, chains, journal and kept files; StoreError where another program holds it."""
    blocks = _blocks(checksums.broken(path))
    try:
        with looked_into(path, views=True) as cursor:
            return [*blocks, *_known(cursor, path)]
    except StoreError as error:
        if error.code == "store.held":
            raise
        return [*blocks, Fault(error.code, error.facts), *files(path, set())]


def examine_open(store: Store) -> list[Fault]:
    """The same of a store that this program has open, between two acts."""
    with store.writing, store.cursor() as cursor:
        if store.home is None:
            return list(_tables(cursor))
        differing = store.differing() if isinstance(store, Shared) else []
        own = [Fault("doctor.lake", {"table": table}) for table in differing]
        return [*_blocks(checksums.broken_while_open(store.path)), *own, *_known(cursor, store.home)]


def _blocks(numbers: Iterable[int]) -> list[Fault]:
    return [Fault("doctor.block", {"number": number}) for number in numbers]


def _known(cursor: Cursor, path: Path) -> list[Fault]:
    """What is wrong with tables, journal, audit and kept files."""
    return [*_tables(cursor), *_journal(cursor, journal.journal_at(path)), *files(path, control.kept_files(cursor))]


# Each question answers with the numbers of batches (or acts) that are not what others say of them.
QUESTIONS = {
    "doctor.total": """
        with found as (
            select batch, sum(amount) filter (file_row is not null) as total, count(file_row) as rows from actuals group by batch
        )
        select batch as number from batches left join found using (batch)
        where kind = 'actuals' and (batches.total is distinct from coalesce(found.total, 0) or row_count <> coalesce(found.rows, 0))""",
    "doctor.plan": """
        select batch as number from batches left join (select batch, count(*) as rows from projects group by batch) as found using (batch)
        where kind = 'plan' and row_count > coalesce(found.rows, 0)""",
    "doctor.load": """
        select batches.batch as number from batches left join acts on acts.act = batches.act and verb = 'load'
        where acts.act is null or acts.batch <> batches.batch or (payload ->> 'sha256') <> sha256 or (payload ->> 'digest') <> digest
            or (payload ->> 'total')::decimal(18, 2) is distinct from total or (payload ->> 'rows')::integer <> row_count""",
    "doctor.event": """
        select events.batch as number from events left join acts using (act)
        where acts.act is null or acts.batch <> events.batch or verb not in (
            case event when 'checked' then 'load' when 'certified' then 'certify' when 'withdrawn' then 'withdraw' end,
            case event when 'checked' then 'recheck' else '' end)""",
    "doctor.batch_gap": "select max(batch) as number from batches having max(batch) <> count(distinct batch) or count(*) <> max(batch)",
    "doctor.act_gap": "select max(act) as number from acts having max(act) <> count(distinct act) or count(*) <> max(act)",
}


def _tables(cursor: Cursor) -> Iterator[Fault]:
    """Sums and states that contradict each other, and acts that are not what was sealed."""
    for code, question in QUESTIONS.items():
        for row in ask(cursor, question):
            yield Fault(code, row)
    if differing := deriving.differing(cursor):
        yield Fault("doctor.derived", {"number": differing})
    previous = journal.START
    for act in ask(cursor, "select act, verb, batch, person, recorded_at, payload, previous, hash from acts order by act"):
        content = {name: value for name, value in act.items() if name != "hash"}
        if act["previous"] != previous or journal.seal(content)["hash"] != act["hash"]:
            yield Fault("doctor.act", {"number": act["act"]})
        previous = act["hash"]


def _journal(cursor: Cursor, path: Path) -> Iterator[Fault]:
    """Where store and journal part, and what is wrong with the audit."""
    try:
        acts, trail, half = journal.behind(cursor, path)
        if acts or trail or half:
            yield Fault("doctor.journal_behind", {"count": len(acts) + len(trail)})
    except StoreError as error:
        yield Fault(error.code, error.facts)
    for number, fault in audit.faults_of(cursor, path):
        yield Fault(f"doctor.audit_{fault}", {"number": number})


def files(path: Path, wanted: set[str]) -> Iterator[Fault]:
    """Kept files of a store that are missing, or whose bytes are not those of their name."""
    folder = journal.files_at(path)
    there = {found.name: found for found in folder.iterdir() if len(found.name) == _DIGEST} if folder.is_dir() else {}
    for digest in sorted(wanted - set(there)):
        yield Fault("doctor.file_missing", {"sha256": digest})
    for digest, found in sorted(there.items()):
        if hashlib.sha256(found.read_bytes()).hexdigest() != digest:
            yield Fault("doctor.file_changed", {"sha256": digest})
