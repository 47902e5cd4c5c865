"""What a briefing of a month rests on, each asked of the view that the pages ask."""

from datetime import date
from typing import Any

from data import explaining, forecasts, queries
from data.calendar import month_before
from data.database import Store


def facts(store: Store, as_of: date, known_at: queries.Moment = None) -> dict[str, Any]:
    """Progress now and a month before, units, curve and range ahead, lagging projects, and what every export says beside its rows."""
    before = month_before(as_of)
    return {
        "rows": queries.progress(store, as_of, known_at),
        "earlier": queries.progress(store, before, known_at) if before else [],
        "summary": queries.summary(store, as_of, known_at),
        "months": queries.curve(store, as_of.year, known_at),
        "ahead": forecasts.points(store, as_of, known_at),
        "behind": explaining.chased(store, as_of, known_at),
        "about": queries.export_facts(store, as_of, known_at),
    }
