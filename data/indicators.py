"""How indicators and projects stand by their targets: asked of the views; a judgement lowered, a word taken back, a file foreseen."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from data import journal, queries, results, scoring
from data.acting import ActError, acting
from data.arrivals import last_act
from data.database import Rows, Store, append, ask
from data.words import LANGUAGES, Words
from loaders.indicators import read_indicators_apart
from loaders.problems import Reading

# From good to bad; a person may only go on in this order.
ORDER = ("met", "slightly_behind", "behind", "far_behind")
QUADRANTS = ("fast_ahead", "fast_behind", "slow_ahead", "slow_behind")
Key = tuple[str, str, int]


@dataclass(frozen=True)
class Lowering:
    """A judgement of an indicator (unit, code, position) that a person lowers to a worse status, with a reason."""

    unit_code: str
    project_code: str
    position: int
    status: str
    reason: str


def judged(store: Store, as_of: date, known_at: queries.Moment = None, project: tuple[str, str] | None = None) -> Rows:
    """Every indicator of the year's plans, or of one project's (unit, code), with its status at a month's end."""
    return queries.each_indicator(store, "indicators_on", (as_of, known_at), project)


def standings(store: Store, as_of: date, known_at: queries.Moment = None, project: tuple[str, str] | None = None) -> Rows:
    """Each project by money, by targets and by the worse of both, in the order of unit and code; or one (unit, code)."""
    return store.ask(
        """
        from standings_on($as_of, $known_at)
        where $unit::text is null or (unit_code = $unit and project_code = $code) order by unit_code, project_code""",
        {"as_of": as_of, "known_at": known_at, "unit": project[0] if project else None, "code": project[1] if project else None},
    )


# From bad to good, as the table lists projects.
GRAVE = ("far_behind", "overspent", "behind", "slightly_behind", "not_reported", "met", "not_due", "no_basis")
_OVERVIEW = """
with stood as materialized (
    select *, (row_number() over (
        order by list_position($grave, worse), list_position($grave, results_status), project_code, unit_code))::integer as number
    from standings_on($as_of, $known_at)
),
fitting as (from stood where contains(lower(concat_ws(' ', project_name, project_code, unit_name, unit_code)), lower($find)))
select
    count(*) as projects, coalesce(sum(indicators), 0)::integer as indicators, coalesce(sum(judged), 0)::integer as judged,
    coalesce(sum(on_course), 0)::integer as on_course, count(quadrant) as placed,
    count(*) filter (list_contains($late, results_status)) as late,
    count(*) filter (list_contains($late, results_status) and quadrant = 'fast_behind') as fast,
    count(*) filter (quadrant = 'fast_ahead') as fast_ahead, count(*) filter (quadrant = 'fast_behind') as fast_behind,
    count(*) filter (quadrant = 'slow_ahead') as slow_ahead, count(*) filter (quadrant = 'slow_behind') as slow_behind,
    (select count(*) from fitting) as fits,
    (select list(worst order by number) from (from fitting order by number limit $most) as worst) as rows
from stood"""


def overview(store: Store, as_of: date, known_at: queries.Moment = None, find: str = "", most: int | None = None) -> dict[str, Any]:
    """All projects by money and targets in figures, and as `rows` those that fit some words, the worst first, all or at most so many.

    `number` is the place of a row among all, `fits` how many fit; `late` and `fast` count projects whose targets are not met, and
    those of them whose money is on plan; each quadrant's name counts its projects.
    """
    facts = {"as_of": as_of, "known_at": known_at, "find": find, "most": most, "grave": GRAVE, "late": ORDER[1:]}
    found = store.ask(_OVERVIEW, facts)[0]
    return {**found, "rows": found["rows"] or []}


def template(store: Store, month: date | int, known_at: queries.Moment = None) -> Rows:
    """The indicators of a year's plans, with what was said at a month's end; of a year alone nothing is filled in."""
    if isinstance(month, date):
        return judged(store, month, known_at)
    return [row | dict.fromkeys(results.SAID) for row in judged(store, date(month, 12, 31), known_at)]


def foresee(store: Store, as_of: date, said: list[results.Result]) -> Rows:
    """The indicators that words would change at a month's end, each with what it is `before`; ActError where one cannot stand."""
    question = "from indicators_on($as_of, null) order by unit_code, project_code, position"
    stamp = {"recorded_at": journal.now(), "reported_on": as_of, "recorded_by": ""}
    with store.transaction(keep=False) as cursor:
        before = {key_of(row): row for row in ask(cursor, question, {"as_of": as_of})}
        results.write(cursor, as_of, said, {**stamp, "act": last_act(cursor) + 1})
        after = ask(cursor, question, {"as_of": as_of})
    return [{**row, "before": before[key_of(row)]} for row in after if any(row[name] != before[key_of(row)][name] for name in results.SAID)]


def key_of(row: dict[str, Any]) -> Key:
    """What names an indicator among those of a year: unit, code, position."""
    return row["unit_code"], row["project_code"], row["position"]


def lower(store: Store, as_of: date, one: Lowering, person: str, today: date | None = None) -> int:
    """Lower the judgement of an indicator at a month's end; the number of the act. ActError where it would raise it, or is unknown."""
    if not one.reason.strip():
        raise ActError("act.reason")
    with acting(store, person) as (cursor, record):
        rows = ask(cursor, "from indicators_on($as_of, null)", {"as_of": as_of})
        found = next((row for row in rows if key_of(row) == (one.unit_code, one.project_code, one.position)), None)
        facts = {"project": one.project_code, "position": one.position}
        if found is None:
            raise ActError("act.no_indicator", **facts)
        if found["status"] not in ORDER or one.status not in ORDER[ORDER.index(found["status"]) + 1 :]:
            raise ActError("act.not_lower", **facts)
        stamp = record("lower", None, {"as_of": f"{as_of:%Y-%m}", **asdict(one), "today": today})
        named = {"fiscal_year": as_of.year, "month": as_of.month, "level3": found["level3"], "target": found["target"]}
        append(cursor, "lowerings", [{**asdict(one), **named, **stamp, "reported_on": today or journal.now().date()}])
    return stamp["act"]


def history(store: Store, year: int, project: tuple[str, str] | None = None) -> Rows:
    """Every act on indicators of a year, of all projects or of one (unit, code), the newest first.

    A row for each act and project: `words` indicators with a value or grade, or the `status` to which one was lowered and
    why; `reversed_by` and `reversed_why` where taken back.
    """
    return store.ask(
        """
        with told as (
            select act, month, unit_code, project_code, count(*) as words, null as status, null as reason, null as level3,
                any_value(file_name) as file_name, any_value(sha256) as sha256, bool_or(coalesce(sample, false)) as sample,
                any_value(recorded_at) as recorded_at, any_value(recorded_by) as recorded_by
            from results where fiscal_year = $year group by act, month, unit_code, project_code
            union all
            select act, month, unit_code, project_code, 1, status, reason, level3, null, null, false, recorded_at, recorded_by
            from lowerings where fiscal_year = $year
        )
        select told.*, project_name, back.recorded_by as reversed_by, back.reason as reversed_why
        from told
        left join (from plans_on(null) where fiscal_year = $year) as plan using (unit_code, project_code)
        left join reversed_on(null) as back on back.reversed = told.act
        where $unit::text is null or (unit_code = $unit and project_code = $code)
        order by told.act desc, unit_code, project_code""",
        {"year": year, "unit": project[0] if project else None, "code": project[1] if project else None},
    )


def samples(store: Store) -> list[int]:
    """The acts that brought sample words and are not taken back."""
    rows = store.ask("select distinct act from results anti join reversed_on(null) on reversed = results.act where sample order by act")
    return [row["act"] for row in rows]


def ways() -> dict[str, str]:
    """Every way of writing a grade, with its code."""
    return {way: code for code in scoring.BANDS for way in (code, *(Words(language)(f"result.{code}") for language in LANGUAGES))}


def said_of(store: Store, as_of: date, rows: Rows) -> list[results.Result]:
    """The rows of a filled template as words to record: a cell left blank keeps what was said of that month."""
    known = {key_of(row): row for row in judged(store, as_of)}
    found = []
    for row in rows:
        before = known[key_of(row)]
        kept = {name: before[name] if row[name] is None else row[name] for name in results.SAID}
        found.append(results.Result(*key_of(row), **kept))
    return found


_PLANNED = ("unit_code", "project_code", "position", "level3", "target", "comparator", "target_value", "target_unit")


def read(store: Store, as_of: date, content: bytes) -> Reading:
    """The filled rows of a template, compared with the plan of a month's year; what is amiss as problems."""
    planned = [{name: row[name] for name in _PLANNED} for row in judged(store, as_of)]
    return read_indicators_apart(content, planned, ways(), scoring.BANDS)


def load(store: Store, as_of: date, file: tuple[str, bytes], rows: Rows, person: str, **told: Any) -> int:
    """Record the rows that a file (name, bytes) was read to, all or none, and keep the file; how many say something new.

    `today` is the day on which they are reported, `sample` whether they are invented.
    """
    store.actor(person, "act.results")
    name, content = file
    origin = results.Origin(name, journal.keep(store, content), {key_of(row): row["row"] for row in rows}, told.get("sample", False))
    return results.record(store, as_of, said_of(store, as_of, rows), person, told.get("today"), origin)
