"""The ladder of follow-up: which step comes next for each unit, by how long its projects lag and what it was sent before."""

from datetime import date, timedelta
from typing import Any

from data import journal, lagging, notices, queries
from data.database import Rows, Store

Row = dict[str, Any]
# The threshold that says for how many months in a row a project must lag before a step; the mildest asks for none.
MONTHS = {"circular": "circular_months", "talk": "talk_months", "rectify": "rectify_months"}


def next_step(streak: int, hardest: str | None, rule: Row) -> str:
    """The step after the hardest that was sent while this lag lasts, once the lag is long enough for it; else that one again.

    No step is skipped: a unit that was never reminded is reminded, however long it lags.
    """
    if hardest is None:
        return notices.LEVELS[0]
    after = notices.LEVELS[min(notices.LEVELS.index(hardest) + 1, len(notices.LEVELS) - 1)]
    return after if streak >= rule[MONTHS[after]] else hardest


def proposed(store: Store, as_of: date, known_at: queries.Moment = None, today: date | None = None) -> Rows:
    """The next step for each unit with projects on the formal list at a month's end, the hardest first.

    Each has projects, gap_amount, streak and since (the longest lag in months, and the month it began), earlier (what was
    sent for a month of this lag, oldest first), issued (what was sent for this very month), level and deadline.
    """
    rule, day = queries.rules(store, known_at), today or journal.now().date()
    sent = [one for one in notices.listed(store, as_of.year) if known_at is None or one["recorded_at"] <= known_at]
    found = [_sent_to(row, sent, as_of) for row in lagging.followed(store, as_of, known_at)]
    for row in found:
        hardest = max((notices.LEVELS.index(one["level"]) for one in row["earlier"]), default=None)
        row["level"] = next_step(row["streak"], None if hardest is None else notices.LEVELS[hardest], rule)
        row["deadline"] = day + timedelta(days=rule["answer_days"])
    return sorted(found, key=lambda row: (-notices.LEVELS.index(row["level"]), row["gap_amount"], row["unit_code"]))


def _sent_to(row: Row, sent: Rows, as_of: date) -> Row:
    """A unit on the formal list with the notices of this lag: those for earlier months, and those for this one."""
    own = [one for one in reversed(sent) if one["unit_code"] == row["unit_code"]]
    return {
        **row,
        "earlier": [one for one in own if row["since"] <= one["month"] < as_of.month],
        "issued": [one for one in own if one["month"] == as_of.month],
    }


def step_for(store: Store, as_of: date, unit: str) -> str:
    """The step proposed for a unit at a month's end; the mildest for one without a project on the formal list."""
    return next((row["level"] for row in proposed(store, as_of) if row["unit_code"] == unit), notices.LEVELS[0])
