"""The sample months and the bundled plan: taken in and taken back like any other file."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from data import acts, changes, indicators, queries, scoring
from data.acting import ActError
from data.acts import ANY
from data.arrivals import Sending
from data.calendar import month_end
from data.database import Store
from loaders.files import read_file
from loaders.indicators import read_indicators

HERE = Path(__file__).parent
PLAN = HERE / "documents" / "路南区人社局_2025_项目绩效目标.txt"
TODAY = date(2025, 12, 31)
# The day of the month after on which a sample month is reported; one of them comes late.
REPORT_DAY, LATE = 8, {"2025-06": 16}


def load_plan(store: Store, person: str, today: date) -> int | None:
    """Load and certify the bundled plan; its batch number, or None where the same plan is official already."""
    content = PLAN.read_bytes()
    outcome = acts.load(store, Sending(PLAN.name, content, read_file(content), today), person)
    if outcome.batch is not None:
        acts.certify(store, outcome.batch, person, today=today)
    return outcome.batch


def load_samples(store: Store, person: str, reason: str) -> Iterator[tuple[int, int]]:
    """Load and certify the sample months one by one, yielding (done, all); ActError beside real figures."""
    if queries.real_actuals(store):
        raise ActError("act.sample_real")
    if not queries.years(store):
        load_plan(store, person, TODAY)
    paths = sorted((HERE / "samples").glob("*.csv"))
    for done, path in enumerate(paths, start=1):
        content = path.read_bytes()
        day = _reported_on(path.stem)
        sending = Sending(path.name, content, read_file(content), day, sample=True)
        outcome = acts.load(store, sending, person)
        if outcome.batch is None:
            raise ActError("act.sample_plan")
        acts.certify(store, outcome.batch, person, {ANY: reason}, today=day)
        _load_indicators(store, path.stem, person, day)
        yield done, len(paths)


def _load_indicators(store: Store, month: str, person: str, day: date) -> None:
    """Record the sample of what indicators have reached by that month, where there is one and nobody said anything of it."""
    path = HERE / "samples" / "indicators" / f"{month}.csv"
    end = month_end(*map(int, month.split("-")))
    if not path.exists() or any(row["act"] for row in indicators.judged(store, end)):
        return
    content = path.read_bytes()
    rows = read_indicators(content, indicators.judged(store, end), indicators.ways(), scoring.BANDS).rows
    indicators.load(store, end, (path.name, content), rows, person, today=day, sample=True)


def _reported_on(name: str) -> date:
    """The day on which the sample month of that name is reported, within its year."""
    year, month = map(int, name.split("-"))
    return min(month_end(year, month) + timedelta(days=LATE.get(name, REPORT_DAY)), TODAY)


def remove_samples(store: Store, person: str, reason: str) -> int:
    """Withdraw every sample batch in one transaction, and what samples said of indicators; how many batches. ActError without any."""
    batches = queries.samples(store)
    if not batches:
        raise ActError("act.no_sample")
    count = acts.withdraw_all(store, batches, person, reason)
    for act in indicators.samples(store):
        changes.reverse(store, act, person, reason)
    return count
