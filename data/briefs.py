"""What a briefing of a month rests on, each asked of the view that the pages ask."""

from datetime import date
from typing import Any

from data import forecasts, lagging, queries
from data.database import Store
from data.glance import glance, units

# As many lagging projects and units as two pages can hold beside the rest.
MOST_LISTED, MOST_UNITS = 36, 8


def facts(store: Store, as_of: date, known_at: queries.Moment = None) -> dict[str, Any]:
    """The month at a glance, units, curve and range ahead, lagging projects, and what every export says beside its rows."""
    return {
        "seen": glance(store, as_of, known_at),
        "summary": units(store, as_of, known_at, MOST_UNITS),
        "months": queries.curve(store, as_of.year, known_at),
        "ahead": forecasts.points(store, as_of, known_at),
        "behind": lagging.listed(store, as_of, known_at, (0, MOST_LISTED)),
        "about": queries.export_facts(store, as_of, known_at),
    }
