"""A store copied into another, and the upkeep of a shared one: `copy`, `shared snapshots`, `shared compact`, `shared clean`."""

from data import audit, moving
from data.addresses import place_of
from data.shared import Shared
from data.words import Words
from pages.terminal.told import DONE, Told, UsageError, opened, tell

ACTIONS = ("snapshots", "compact", "clean")
# Whoever is still at work on an older state keeps its files for so long.
DAYS = 7


def copy(told: Told, say: Words) -> int:
    """Copy the store into another place, a file or a shared store; nothing is there if the two are not the same."""
    if not told.store.exists():
        raise UsageError(say("cli.no_store", store=told.store))
    place = place_of(told.to)
    done = moving.copy(opened(told), place, told.person)
    tell(told, {"store": str(place), **done}, [say("cli.copied", store=place, **done)])
    return DONE


def run(told: Told, say: Words) -> int:
    """One action of the upkeep; each that changes a file stands in the audit."""
    if not told.store.exists():
        raise UsageError(say("cli.no_store", store=told.store))
    store = opened(told)
    if not isinstance(store, Shared):
        raise UsageError(say("cli.not_shared", store=told.store))
    if told.action == "snapshots":
        return _snapshots(store, told, say)
    before = store.lake.size()
    with store.writing:
        removed = store.lake.clean(told.older_than) if told.action == "clean" else store.lake.compact() or 0
        store.follow()
        audit.note(store, told.action, told.person, detail=f"removed={removed}")
    after = store.lake.size()
    answer = {"action": told.action, "removed": removed, "files_before": before["files"], **after}
    tell(told, answer, [say(f"cli.shared_{told.action}", before=before["files"], size=after["bytes"] // 1024, **answer)])
    return DONE


def _snapshots(store: Shared, told: Told, say: Words) -> int:
    """The states that the lake can still show."""
    found, size = store.lake.snapshots(), store.lake.size()
    lines = [f"{row['snapshot']:>8}  {row['recorded_at']:%Y-%m-%d %H:%M:%S} UTC" for row in found]
    head = say("cli.shared_snapshots", count=len(found), files=size["files"], size=size["bytes"] // 1024)
    tell(told, {**size, "snapshots": found}, [head, *lines])
    return DONE
