"""A store made anew from its journal and kept files: every act done again, at its moment, until its hash is the same."""

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from data import acting, acts, again, backup, changes, explaining, form_words, indicators, journal, months, notices, profiles, results
from data.acting import ActError
from data.arrivals import Sending
from data.calendar import month_end
from data.copies import looked_into
from data.database import Cursor, Store, StoreError, append, ask
from data.opening import work_path
from loaders.apart import read_apart
from loaders.files import Declared

Payload = dict[str, Any]
Act = dict[str, Any]
# What no act has made and the journal does not know: taken over from the store before, where it can still be read.
TAKEN_OVER = ("accounts", "sessions")


def rebuild(path: Path, accept: bool = False) -> dict[str, Any]:
    """Make a store anew beside the one before and put it in its place; acts, where the old one lies, and what differs.

    Every act must get the hash that the journal has. Where the old store can still be read, its verdicts must be the same; where
    they are not nothing is replaced, unless that is accepted.
    """
    path = path.resolve()
    backup.refuse_held(path)
    told, trail, _ = journal.lines_of(journal.journal_at(path))
    if not told:
        raise StoreError("rebuild.no_journal", store=path.name)
    folder = work_path(path) / "rebuilt"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    store = Store(folder / backup.DATABASE)
    try:
        with suppress(FileNotFoundError):
            shutil.copytree(journal.files_at(path), folder / backup.FILES)
        for line in told:
            _redo(store, line)
        lost = _take_over(store, path)
        _append_trail(store, trail)
        journal.reconcile(store)
        differs = _differences(store, path)
    finally:
        store.close()
    answer = {"acts": len(told), "differs": differs, "lost": lost, "aside": None}
    if not differs or accept:
        answer["aside"] = str(backup.set_aside(path))
        backup.place(folder, path)
    shutil.rmtree(folder, ignore_errors=True)
    return answer


def _redo(store: Store, line: bytes) -> None:
    """Do again the act of a line; StoreError where it does not come out as it was."""
    try:
        act = json.loads(line)
        number, verb, payload = act["act"], act["verb"], json.loads(act["payload"])
    except (ValueError, KeyError) as error:
        raise StoreError("rebuild.unreadable", act=line[:20].decode(errors="replace")) from error
    if verb not in AGAIN:
        raise StoreError("rebuild.unknown", act=number, verb=verb)
    try:
        with journal.again(datetime.fromisoformat(act["recorded_at"])):
            AGAIN[verb](store, act, payload)
    except ActError as error:
        raise StoreError("rebuild.refused", act=number, verb=verb, code=error.code) from error
    with store.cursor() as cursor:
        newest = ask(cursor, "select act, hash from acts order by act desc limit 1")
    if not newest or newest[0]["act"] != number or newest[0]["hash"] != act["hash"]:
        raise StoreError("rebuild.differs", act=number, verb=verb)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _kept(store: Store, digest: str) -> bytes:
    content = journal.kept(store, digest)
    if content is None:
        raise StoreError("backup.file_lost", sha256=digest)
    return content


def _load(store: Store, act: Act, told: Payload) -> None:
    content = _kept(store, told["sha256"])
    beside = told["declared"]
    declared = Declared(**{name: beside.get(name) for name in Declared._fields})
    total = beside.get("control_total")
    sending = Sending(
        told["file"],
        content,
        read_apart(content, declared),
        date.fromisoformat(told["today"]),
        sample=told["sample"],
        control_total=None if total is None else Decimal(total),
        absent_is_zero=bool(beside.get("absent_is_zero")),
        year=beside.get("only_year"),
        declared=declared._asdict(),
    )
    acts.load(store, sending, act["person"])


def _rules(store: Store, act: Act, told: Payload) -> None:
    if told.pop("version") == 1:
        acting.prepare(store)
    else:
        reason = told.pop("reason")
        months.set_rules(store, {name: Decimal(value) for name, value in told.items()}, act["person"], reason)


def _certify(store: Store, act: Act, told: Payload) -> None:
    with store.cursor() as cursor:
        newest = ask(cursor, "select max(act) as act from acts")[0]["act"]
    acts.certify(store, act["batch"], act["person"], told["reasons"], today=_day(told["today"]), base=newest)


def _change(store: Store, act: Act, told: Payload) -> None:
    basis = changes.Basis(**{**told["basis"], "effective_on": date.fromisoformat(told["basis"]["effective_on"])})
    key, to = tuple(told["project"]), told.get("to")
    if act["verb"] == "adjust":
        change = changes.Adjustment(key, told["kind"], Decimal(told["amount"]), basis, tuple(to) if to else None)
    else:
        change = changes.Revision(key, tuple((month, Decimal(share)) for month, share in told["points"]), basis)
    changes.record(store, change, act["person"], _day(told["today"]))


def _said(kind: type, rows: list[Payload], amounts: tuple[str, ...]) -> list[Any]:
    """Rows of a payload as what was said, their amounts exact again."""
    return [kind(**{name: Decimal(v) if name in amounts and v is not None else v for name, v in row.items()}) for row in rows]


def _end(told: Payload) -> date:
    year, month = map(int, told["as_of"].split("-"))
    return month_end(year, month)


def _explain(store: Store, act: Act, told: Payload) -> None:
    said = _said(explaining.Explanation, told["said"], ("promised",))
    explaining.explain(store, _end(told), said, act["person"], _day(told["today"]))


def _results(store: Store, act: Act, told: Payload) -> None:
    if "sha256" in told:
        content = _kept(store, told["sha256"])
        rows = indicators.read(store, _end(told), content).rows
        facts = {"today": _day(told["today"]), "sample": told["sample"]}
        indicators.load(store, _end(told), (told["file"], content), rows, act["person"], **facts)
        return
    said = _said(results.Result, told["said"], ("reached", "expected", "percent"))
    results.record(store, _end(told), said, act["person"], _day(told["today"]))


def _notice(store: Store, act: Act, told: Payload) -> None:
    facts = {"level": told["level"], "deadline": date.fromisoformat(told["deadline"]), "today": _day(told["today"])}
    notices.issue(store, _end(told), told["unit_code"], facts, act["person"])


def _profile(store: Store, act: Act, told: Payload) -> None:
    key = (told["fiscal_year"], told["unit_code"], told["project_code"])
    said = profiles.Profile(key, told["profile"], told["due_in"])
    profiles.record(store, said, act["person"], told["reason"], _day(told["today"]))


def _lower(store: Store, act: Act, told: Payload) -> None:
    one = indicators.Lowering(**{field.name: told[field.name] for field in fields(indicators.Lowering)})
    indicators.lower(store, _end(told), one, act["person"], _day(told["today"]))


def _fill(store: Store, act: Act, told: Payload) -> None:
    said = [form_words.Word(**row) for row in told["said"]]
    form_words.record(store, _end(told), said, act["person"], _day(told["today"]))


def _month(told: Payload) -> date:
    return month_end(told["year"], told["month"])


AGAIN: dict[str, Callable[[Store, Act, Payload], Any]] = {
    "load": _load,
    "recheck": lambda store, act, told: again.recheck(store, act["batch"], act["person"], date.fromisoformat(told["today"])),
    "answer": lambda store, act, told: acts.answer(store, act["batch"], told["answers"], act["person"]),
    "certify": _certify,
    "withdraw": lambda store, act, told: acts.withdraw(store, act["batch"], act["person"], told["reason"], _day(told["today"])),
    "lock": lambda store, act, told: months.lock(store, _month(told), act["person"], told["unit"], _day(told["today"])),
    "reopen": lambda store, act, told: months.reopen(store, _month(told), act["person"], told["reason"], told["unit"], _day(told["today"])),
    "rules": _rules,
    "adjust": _change,
    "revise": _change,
    "reverse": lambda store, act, told: changes.reverse(store, told["reversed"], act["person"], told["reason"], _day(told["today"])),
    "explain": _explain,
    "results": _results,
    "lower": _lower,
    "profile": _profile,
    "fill": _fill,
    "layout": lambda store, act, told: form_words.set_layout(store, told["file"], told["layout"], act["person"], _day(told["today"])),
    "notice": _notice,
    "reply": lambda store, act, told: notices.answer(
        store, told["fiscal_year"], told["number"], told["text"], act["person"], _day(told["today"])
    ),
}


def _take_over(store: Store, path: Path) -> list[str]:
    """Copy what no act has made from the store before; the tables that could not be read."""
    lost = []
    for table in TAKEN_OVER:
        try:
            with looked_into(path) as cursor:
                rows = ask(cursor, f"from {table}")
        except StoreError:
            lost.append(table)
            continue
        with store.transaction() as cursor:
            append(cursor, table, rows)
    return lost


def _append_trail(store: Store, lines: list[bytes]) -> None:
    """The audit as the journal has it."""
    rows = [json.loads(line)["audit"] for line in lines]
    with store.transaction() as cursor:
        append(cursor, "audit", [{**row, "recorded_at": datetime.fromisoformat(row["recorded_at"])} for row in rows])


def _differences(store: Store, path: Path) -> list[str]:
    """Where the verdicts of two stores differ, as month, unit and project; none where the old one cannot be read."""
    with store.cursor() as cursor:
        new = _verdicts(cursor)
    try:
        with looked_into(path, views=True) as cursor:
            old = _verdicts(cursor)
    except StoreError:
        return []
    return sorted(" ".join(key) for key in new.keys() | old.keys() if new.get(key) != old.get(key))


def _verdicts(cursor: Cursor) -> dict[tuple[str, ...], Payload]:
    """What is said of each project at the end of each month of each year."""
    found = {}
    for year in (row["year"] for row in ask(cursor, "select distinct fiscal_year as year from projects")):
        for month in range(1, 13):
            for row in ask(cursor, "from progress_on($as_of, null)", {"as_of": month_end(year, month)}):
                found[f"{year}-{month:02d}", str(row["unit_code"]), row["project_code"]] = row
    return found
