"""The audit on the command line: asked, written to a file, verified."""

from data import audit
from data.shared import open_place
from data.words import Words
from pages.parts import trail
from pages.terminal.told import DONE, PROBLEMS, Told, UsageError, asked, form_of, tell, write


def show(told: Told, say: Words) -> int:
    """The rows of the audit that are asked for, or whether it is whole."""
    if told.verify:
        return _verify(told, say)
    store = asked(told, say)
    rows = audit.trail(store, person=told.of, event=told.event, first=told.first, last=told.last)
    lines = ["  ".join(part for part in trail.cells(row, say)[:7] if part) for row in rows]
    if told.output:
        make = {"xlsx": trail.trail_workbook, "csv": trail.trail_csv}[form_of(told.output, ("xlsx", "csv"), say)]
        write(told, make(rows, say), say)
        lines = [say("cli.written_file", file=told.output)]
    answer = [{"at" if name == "recorded_at" else name: value for name, value in row.items()} for row in rows]
    tell(told, answer, lines or [say("audit.none")])
    return DONE


def _verify(told: Told, say: Words) -> int:
    """Whether a row was changed, is missing or was put in; the store is opened as it is, even where its journal differs."""
    if not told.store.exists():
        raise UsageError(say("cli.no_store", store=told.store))
    store = open_place(told.store)
    faults, count = audit.verify(store), audit.count(store)
    lines = [say("audit.fault", number=number, fault=say(f"fault.{fault}")) for number, fault in faults]
    answer = {"rows": count, "faults": [{"number": number, "fault": fault} for number, fault in faults]}
    tell(told, answer, [say("audit.broken", count=len(faults)), *lines] if faults else [say("audit.whole", count=count)])
    return PROBLEMS if faults else DONE
