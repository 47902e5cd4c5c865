"""What differs between two states of the verdicts: two months, or one month as known at two moments."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from data import queries
from data.acting import RULES, ActError
from data.database import Rows, Store, append, ask
from data.journal import now

LAGGING = ("behind", "far_behind")
# What is told of each project in both states.
TOLD = ("status", "at_risk", "current_budget", "due_amount", "spent", "gap_amount", "reported")


class State(NamedTuple):
    """A month's end and a moment of knowledge; None for all that is known now."""

    as_of: date
    known_at: queries.Moment = None


def changed(store: Store, before: State, after: State) -> Rows:
    """The projects whose verdict or figures differ between two states, the largest change of the gap first.

    `move` says what happened: new (not in the first state), gone, lagging (it lags now and did not), recovered
    (judged, and it lags no more), unjudged (it lagged, and cannot be judged now), status, or figures; `old` and
    `new` hold both states, `gap_change` the difference of the gaps in yuan where both are known.
    """
    first, second = ({(row["unit_code"], row["project_code"]): row for row in queries.progress(store, *state)} for state in (before, after))
    rows = []
    for key in sorted(first.keys() | second.keys()):
        old, new = first.get(key), second.get(key)
        told = [{name: row[name] for name in TOLD} if row else None for row in (old, new)]
        if told[0] != told[1]:
            named = {name: (new or old or {})[name] for name in ("fiscal_year", "unit_code", "unit_name", "project_code", "project_name")}
            rows.append({**named, "move": _move(old, new), "old": told[0], "new": told[1], "gap_change": _gap_change(old, new)})
    return sorted(rows, key=lambda row: (row["gap_change"] is None, -abs(row["gap_change"] or 0)))


def _move(old: dict[str, Any] | None, new: dict[str, Any] | None) -> str:
    if old is None or new is None:
        return "new" if old is None else "gone"
    if (old["status"] in LAGGING) != (new["status"] in LAGGING):
        if new["status"] in LAGGING:
            return "lagging"
        return "recovered" if new["gap_amount"] is not None else "unjudged"
    return "status" if old["status"] != new["status"] else "figures"


def _gap_change(old: dict[str, Any] | None, new: dict[str, Any] | None) -> Decimal | None:
    if old is None or new is None or old["gap_amount"] is None or new["gap_amount"] is None:
        return None
    return new["gap_amount"] - old["gap_amount"]


def moments(store: Store, most: int = 200) -> Rows:
    """The moments at which a verdict may have changed, the newest first: act, verb, batch, person, recorded_at."""
    return store.ask(
        """select act, verb, batch, person, recorded_at from acts
        where verb in ('certify', 'withdraw', 'adjust', 'revise', 'profile', 'reverse', 'rules') order by act desc limit $most""",
        {"most": most},
    )


def tried(store: Store, thresholds: dict[str, Decimal], as_of: date) -> dict[str, Rows]:
    """The lagging lists at a month's end by the thresholds in force and by others, asked of the same views; nothing is kept."""
    if unknown := sorted(set(thresholds) - set(RULES)):
        raise ActError("act.no_rule", name=", ".join(unknown))
    question = "from behind_on($as_of, null) order by gap_amount, project_code"
    with store.transaction(keep=False) as cursor:
        before = ask(cursor, question, {"as_of": as_of})
        newest = ask(cursor, "select name, value, version from rules where version = (select max(version) from rules)")
        values = {row["name"]: row["value"] for row in newest} | thresholds
        stamp = {"version": newest[0]["version"] + 1, "recorded_at": now()}
        append(cursor, "rules", [{"name": name, "value": value, **stamp} for name, value in values.items()])
        return {"before": before, "after": ask(cursor, question, {"as_of": as_of})}
