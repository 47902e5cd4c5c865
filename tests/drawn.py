"""A store in memory (or where `places` says) from a plan and disbursements drawn as text."""

from datetime import date
from decimal import Decimal

from places import catalogues, copied, opened

from data import acting, acts, deriving, queries
from data.addresses import Address
from data.arrivals import Sending
from data.calendar import month_end
from data.database import append
from data.journal import now
from data.narrow import tables
from loaders.files import Declared, read_file

TODAY = date(2025, 12, 31)
HEADINGS = "项目编码,项目名称,单位编码,单位名称,预算数（万元）"
QUARTERS = "3月底,6月底,10月底,12月底"
ONE_PROJECT = f"""
{HEADINGS},{QUARTERS}
P1,会议费,001,局本级,100,25%,50%,75%,100%
"""


def sending_of(text, today=TODAY, name="drawn.csv"):
    """A drawn table as a file on its way in."""
    content = text.strip().replace(" ", "").encode()
    return Sending(name, content, read_file(content, Declared(2025)), today, year=2025, declared=Declared(2025)._asdict())


def paying(lines):
    """Drawn disbursements: lines of code, month, amount in yuan, optionally 累计 and a unit, as a file's text."""
    rows = []
    for line in lines.strip().splitlines():
        code, month, amount, *rest = line.split()
        kind, unit = "累计" if "累计" in rest else "当月", "".join(word for word in rest if word != "累计")
        rows.append(f"{unit},{code},2025-{int(month):02d},{amount},{kind}")
    return "\n".join(["单位编码,项目编码,月份,支出金额,口径", *rows])


def take_in(store, text, today=TODAY, reason="drawn"):
    """Load and certify a drawn file; its batch. The file must be accepted and new."""
    outcome = acts.load(store, sending_of(text, today), "test")
    assert outcome.state == "checked", outcome.considered.problems
    assert acts.certify(store, outcome.batch, "test", {acts.ANY: reason}, today=today)
    return outcome.batch


def pay(store, lines, today=TODAY, reason="drawn"):
    """Load and certify drawn disbursements; their batch."""
    return take_in(store, paying(lines), today, reason)


# What stores with a plan hold, by the plan: planned once in a process.
_PLANNED = {}


def new_store(plan=ONE_PROJECT, path=None):
    """A store, in memory or at a path, with a drawn plan certified in it."""
    # A file keeps what its own acts have written.
    is_copied = plan and (path is None or isinstance(path, Address))
    if is_copied and (held := _PLANNED.get((plan, deriving.SMALL, catalogues()))):
        return opened(copied(held, path)) if catalogues() else _filled(opened(), *held)
    store = opened(path if not is_copied else None)
    acting.prepare(store)
    if plan:
        take_in(store, plan)
    if is_copied:
        held, store = _held(store, path)
        _PLANNED[plan, deriving.SMALL, catalogues()] = held
    return store


def _held(store, path):
    """What a store holds, to make another with, and the store to go on with."""
    if catalogues():
        store.close()
        return store.address, opened(copied(store.address, path))
    with store.cursor() as cursor:
        held = {name: cursor.execute(f"from {name}").to_arrow_table() for name in tables()}
    return ({name: rows for name, rows in held.items() if rows.num_rows}, dict(store.kept)), store


def _filled(store, held, files):
    """A store in memory with these rows and kept files."""
    with store.transaction() as cursor:
        for name, rows in held.items():
            append(cursor, name, rows)
    store.kept.update(files)
    return store


def drawn(lines, plan=ONE_PROJECT):
    """A store in memory with a plan and one file of disbursements."""
    store = new_store(plan)
    if lines.strip():
        pay(store, lines)
    return store


def adjust(store, code, amount, effective_on, unit="001", reported_on=None):
    """Record a change of a budget, in yuan."""
    row = {
        "fiscal_year": 2025,
        "unit_code": unit,
        "project_code": code,
        "amount": Decimal(amount),
        "kind": "increase",
        "effective_on": effective_on,
        "reported_on": reported_on or effective_on,
        "recorded_at": now(),
        "recorded_by": "test",
    }
    with store.transaction() as cursor:
        append(cursor, "adjustments", [row])


def end_of(month):
    """The last day of a month of 2025."""
    return month_end(2025, month)


def progress(store, month, known_at=None):
    """The rows at a month's end by project code."""
    return {row["project_code"]: row for row in queries.progress(store, end_of(month), known_at)}


def row_of(store, month, code="P1", known_at=None):
    """One project at a month's end."""
    return progress(store, month, known_at)[code]


def status(store, month, code="P1", known_at=None):
    """One project's status at a month's end."""
    return row_of(store, month, code, known_at)["status"]


def behind(store, month, known_at=None):
    """The lagging list at a month's end by project code."""
    return {row["project_code"]: row for row in queries.behind(store, end_of(month), known_at)}


def everything(store, known_at=None):
    """What the views say through the year: projects, list, units, curve and reports."""
    asked = [queries.progress(store, end_of(month), known_at) for month in (3, 4, 6, 12)]
    asked += [question(store, end_of(3), known_at) for question in (queries.behind, queries.summary)]
    return [*asked, queries.curve(store, 2025, known_at), queries.reports(store, 2025, known_at)]


def side_by_side(*lines, budget="100"):
    """A store with one project per text of months and amounts, all of one budget; P1 has the first."""
    rows = [f"P{place},项目{place},001,局本级,{budget},25%,50%,75%,100%" for place in range(1, len(lines) + 1)]
    paid = [f"P{place} {pair}" for place, text in enumerate(lines, start=1) for pair in text.split(", ")]
    return drawn("\n".join(paid), "\n".join([f"{HEADINGS},{QUARTERS}", *rows]))
