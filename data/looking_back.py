"""What differs between two states of the verdicts: two months, or one month as known at two moments."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from data import queries
from data.acting import RULES, ActError
from data.database import Rows, Store, append, ask
from data.journal import now

# What is told of each project in both states.
TOLD = ("status", "at_risk", "current_budget", "due_amount", "spent", "gap_amount", "reported")
# What falls due with time alone changes no verdict of a project that has none in either state.
STANDING = tuple(name for name in TOLD if name != "due_amount")


def _told(side: str, names: tuple[str, ...] = TOLD) -> str:
    return "{" + ", ".join(f"'{name}': {side}.{name}" for name in names) + "}"


class State(NamedTuple):
    """A month's end and a moment of knowledge; None for all that is known now."""

    as_of: date
    known_at: queries.Moment = None


_CHANGED = f"""
with pairs as (
    select
        coalesce(later.fiscal_year, earlier.fiscal_year) as fiscal_year, unit_code,
        if(later.status is null, earlier.unit_name, later.unit_name) as unit_name,
        project_code, if(later.status is null, earlier.project_name, later.project_name) as project_name,
        if(earlier.status is null, null, {_told("earlier")}) as old, if(later.status is null, null, {_told("later")}) as new,
        later.gap_amount - earlier.gap_amount as gap_change,
        is_lagging(earlier.status) as lagged, is_lagging(later.status) as lags,
        coalesce(earlier.gap_amount, later.gap_amount) is null and {_told("earlier", STANDING)} = {_told("later", STANDING)} as stands
    from progress_on($before, $known_before) as earlier
    full join progress_on($after, $known_after) as later using (unit_code, project_code)
),
moved as materialized (
    select
        * exclude (lagged, lags, stands),
        case
            when old is null then 'new'
            when new is null then 'gone'
            when lags and not lagged then 'lagging'
            when lagged and not lags then if(new.gap_amount is null, 'unjudged', 'recovered')
            when old.status <> new.status then 'status'
            else 'figures'
        end as move,
        row_number() over (order by abs(gap_change) desc nulls last, unit_code, project_code) as place
    from pairs where old is distinct from new and not stands
)
select
    (select list({{'move': move, 'count': n}}) from (select move, count(*) as n from moved group by move)) as counts,
    (select list(moved order by place) from moved where place <= coalesce($most, 1000000000)) as rows"""


def changed(store: Store, before: State, after: State, most: int | None = None) -> tuple[Rows, dict[str, int]]:
    """The projects whose verdict or figures differ between two states, the largest change of the gap first, all or at most so many;
    and how many there are of each move.

    A project judged in neither state has not changed because more falls due. `move` says what happened: new (not in the
    first state), gone, lagging (it lags now and did not), recovered (judged, and it lags no more), unjudged (it lagged, and
    cannot be judged now), status, or figures; `old` and `new` hold both states, `gap_change` the difference of the gaps in
    yuan where both are known.
    """
    states = {"before": before.as_of, "known_before": before.known_at, "after": after.as_of, "known_after": after.known_at}
    found = store.ask(_CHANGED, {**states, "most": most})[0]
    rows = [{name: value for name, value in row.items() if name != "place"} for row in found["rows"] or []]
    return rows, {row["move"]: row["count"] for row in found["counts"] or []}


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
    question = """
        select unit_code, unit_name, project_code, project_name, status, gap_amount, completion, follow_up
        from behind_on($as_of, null) order by gap_amount, project_code"""
    with store.transaction(keep=False) as cursor:
        before = ask(cursor, question, {"as_of": as_of})
        newest = ask(cursor, "select name, value, version from rules where version = (select max(version) from rules)")
        values = {row["name"]: row["value"] for row in newest} | thresholds
        stamp = {"version": newest[0]["version"] + 1, "recorded_at": now()}
        append(cursor, "rules", [{"name": name, "value": value, **stamp} for name, value in values.items()])
        return {"before": before, "after": ask(cursor, question, {"as_of": as_of})}
