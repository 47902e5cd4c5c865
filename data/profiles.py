"""How a project's payments run by their nature (payment profile), beside the checkpoints of its plan; what each verdict is."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from data import journal
from data.acting import ActError, acting
from data.changes import Key
from data.database import Rows, Store, append, ask
from data.queries import Moment

EVEN, QUARTERLY, ONCE, SETTLED = PROFILES = ("even", "quarterly", "once", "settled")
DECEMBER = 12


@dataclass(frozen=True)
class Profile:
    """How a project (year, unit, code) pays: one of PROFILES, and for a payment at once its month."""

    project: Key
    profile: str
    due_in: int | None = None


def record(store: Store, told: Profile, person: str, reason: str, today: date | None = None) -> int:
    """Say how a project pays; the number of the act, which `changes.reverse` takes back.

    ActError without a reason, for an unknown project or profile, or where the same stands already.
    """
    project, profile, due_in = told.project, told.profile, told.due_in
    if not reason.strip():
        raise ActError("act.reason")
    if profile not in PROFILES:
        raise ActError("act.profile", profile=profile)
    if (profile == ONCE) != (due_in is not None) or not 1 <= (due_in or 1) <= DECEMBER:
        raise ActError("act.profile_month")
    key = dict(zip(("fiscal_year", "unit_code", "project_code"), project, strict=True))
    with acting(store, person) as (cursor, sealed):
        bound = {"y": project[0], "u": project[1], "c": project[2]}
        mine = "where fiscal_year = $y and unit_code = $u and project_code = $c"
        if not ask(cursor, f"from plans_on(null) {mine}", bound):
            raise ActError("act.no_project", project=project[2], year=project[0])
        standing = ask(
            cursor,
            f"from profiles anti join reversed_on(null) as back on back.reversed = profiles.act {mine} order by act desc limit 1",
            bound,
        )
        if standing and (standing[0]["profile"], standing[0]["due_in"]) == (profile, due_in):
            raise ActError("act.profile_same", act=standing[0]["act"])
        row: dict[str, Any] = {**key, "profile": profile, "due_in": due_in, "reason": reason}
        stamp = sealed("profile", None, {**row, "today": today})
        append(cursor, "profiles", [{**row, **stamp, "reported_on": today or journal.now().date()}])
    return stamp["act"]


def profiled(store: Store, as_of: date, known_at: Moment = None, project: tuple[str, str] | None = None) -> Rows:
    """Both verdicts of each project with a profile, or of one (unit, code), in the order of unit and code."""
    return store.ask(
        """
        from profiled_on($as_of, $known_at)
        where $unit::text is null or (unit_code = $unit and project_code = $code)
        order by unit_code, project_code""",
        {"as_of": as_of, "known_at": known_at, "unit": project[0] if project else None, "code": project[1] if project else None},
    )
