"""What keeps the store: `backup`, `restore`, `rebuild`, `doctor`."""

import shutil
from pathlib import Path

from data import backup as backups
from data import doctor as doctors
from data import keeper
from data import rebuild as rebuilding
from data.addresses import Address
from data.database import StoreError
from data.shared import open_place
from data.words import Words
from pages.terminal.told import DONE, PROBLEMS, Told, UsageError, opened, tell


def backup(told: Told, say: Words) -> int:
    """Write one archive of the store, its journal and its kept files; by the server, where that holds the store."""
    _needs_store(told, say)
    target = Path(told.file).resolve()
    if target.exists():
        raise UsageError(say("cli.exists", file=told.file))
    try:
        manifest = backups.make(opened(told), target, told.person)
    except StoreError as error:
        if error.code != "store.held":
            raise
        manifest, made = keeper.ask(told.store, "backup", told.person, target.name)
        shutil.move(made, target)
    totals = manifest["totals"]
    answer = {"file": told.file, "made_at": manifest["made_at"], "acts": totals["tables"]["acts"]["rows"], "paid": totals["paid"]}
    tell(told, {**answer, "files": len(manifest["sha256"]) - 2}, [say("cli.backed_up", file=told.file, acts=answer["acts"])])
    return DONE


def restore(told: Told, say: Words) -> int:
    """Put the store of an archive in place; what was there is moved aside."""
    _needs_file(told, say)
    archive = Path(told.file)
    if not archive.is_file():
        raise UsageError(say("cli.not_found", file=told.file))
    aside = backups.restore(archive, told.store, told.person)
    lines = [say("cli.restored", store=told.store)] + ([say("cli.aside", place=aside)] if aside else [])
    tell(told, {"store": str(told.store), "aside": aside and str(aside)}, lines)
    return DONE


def rebuild(told: Told, say: Words) -> int:
    """Make the store anew from its journal and kept files; replaces it only where the verdicts are the same."""
    _needs_file(told, say)
    done = rebuilding.rebuild(told.store, told.accept_differences)
    lines = [say("cli.rebuilt", acts=done["acts"])]
    if done["differs"]:
        lines = [say("cli.differs", count=len(done["differs"])), *done["differs"][:20]]
    lines += [say("cli.lost", tables=", ".join(done["lost"]))] if done["lost"] else []
    lines += [say("cli.aside", place=done["aside"])] if done["aside"] else []
    tell(told, done, lines)
    return DONE if done["aside"] else PROBLEMS


def doctor(told: Told, say: Words) -> int:
    """Say everything that is wrong with the store; by the server, where that holds it."""
    _needs_store(told, say)
    try:
        found = doctors.examine_open(open_place(told.store)) if isinstance(told.store, Address) else doctors.examine(told.store)
        faults = [(fault.code, fault.facts) for fault in found]
    except StoreError as error:
        if error.code != "store.held":
            raise
        faults = keeper.ask(told.store, "doctor", told.person)[0]["faults"]
    lines = [say(code, **facts) for code, facts in faults]
    answer = {"sound": not faults, "faults": [{"code": code, **facts, "message": say(code, **facts)} for code, facts in faults]}
    tell(told, answer, [*lines, say("doctor.way_back")] if faults else [say("doctor.sound")])
    return PROBLEMS if faults else DONE


def _needs_file(told: Told, say: Words) -> None:
    """UsageError for a shared store: what replaces a store replaces a file, which is then copied."""
    if isinstance(told.store, Address):
        raise UsageError(say("cli.needs_file", verb=told.verb))


def _needs_store(told: Told, say: Words) -> None:
    if not told.store.exists():
        raise UsageError(say("cli.no_store", store=told.store))
