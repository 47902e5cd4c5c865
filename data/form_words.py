"""What people write into the official forms themselves: a unit's department, what a project has achieved, a layout of the forms."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from data import journal, queries, variants
from data.acting import ActError, acting
from data.database import Rows, Store, append, ask

DEPARTMENT, ACHIEVED, LAYOUT = "department", "achieved", "layout"
# How long each may be.
MOST = {DEPARTMENT: 100, ACHIEVED: 1000}


@dataclass(frozen=True)
class Word:
    """What stands in one cell: the department of a unit, or what a project of it has achieved; empty takes back what was said."""

    field: str
    unit_code: str
    project_code: str | None
    words: str


@dataclass(frozen=True)
class Layout:
    """The columns of the forms, and the name of the file they came in; no name for the standard ones."""

    name: str
    rows: tuple[variants.Row, ...]

    @property
    def columns(self) -> variants.Columns:
        """The columns of each form and part."""
        return variants.columns_of(self.rows)


def record(store: Store, as_of: date, said: list[Word], person: str, today: date | None = None) -> int:
    """Record words at a month's end, all or none; how many say something new. ActError where one cannot stand."""
    with acting(store, person) as (cursor, note):
        planned = ask(cursor, "select unit_code, project_code from plans_on(null) where fiscal_year = $year", {"year": as_of.year})
        keys = {(DEPARTMENT, row["unit_code"], None) for row in planned}
        keys |= {(ACHIEVED, row["unit_code"], row["project_code"]) for row in planned}
        for one in said:
            _refuse_unfit(one, keys, as_of.year)
        known = {_key(row): row["words"] for row in ask(cursor, "from form_words_on($as_of, null)", {"as_of": as_of})}
        new = [one for one in said if (known.get((one.field, one.unit_code, one.project_code)) or "") != one.words.strip()]
        if new:
            stamp = note("fill", None, {"as_of": f"{as_of:%Y-%m}", "said": [asdict(one) for one in new], "today": today})
            month = {"fiscal_year": as_of.year, "month": as_of.month, "reported_on": today or journal.now().date()}
            append(cursor, "form_words", [{**asdict(one), "words": one.words.strip(), **month, **stamp} for one in new])
    return len(new)


def _key(row: dict[str, Any]) -> tuple[str, str | None, str | None]:
    return (row["field"], row["unit_code"], row["project_code"])


def _refuse_unfit(one: Word, keys: set[tuple[str, str, str | None]], year: int) -> None:
    """ActError for a unit or project that no plan has, and for a word that is too long."""
    if (one.field, one.unit_code, one.project_code) not in keys:
        raise ActError("act.no_project", project=one.project_code or one.unit_code, year=year)
    if len(one.words.strip()) > MOST[one.field]:
        raise ActError("act.form_word_long", most=MOST[one.field])


def known(store: Store, as_of: date, known_at: queries.Moment = None) -> dict[tuple[str, str, str | None], str]:
    """What was written into the forms of a month, by field, unit and project; without what was taken back."""
    rows = store.ask("from form_words_on($as_of, $known_at)", {"as_of": as_of, "known_at": known_at})
    return {_key(row): row["words"] for row in rows if row["field"] != LAYOUT and row["words"]}


def history(store: Store, year: int, project: tuple[str, str]) -> Rows:
    """Every word of a year on a project (unit, code) and its unit, the newest first, with its person and moment."""
    question = """
        from form_words where fiscal_year = $year and unit_code = $unit and coalesce(project_code, $code) = $code
        order by act desc, field"""
    return store.ask(question, {"year": year, "unit": project[0], "code": project[1]})


def set_layout(store: Store, name: str, text: str, person: str, today: date | None = None) -> bool:
    """Let all forms have the layout of a file that was found to be in order, or an empty text the standard one; whether it is another."""
    with acting(store, person) as (cursor, record):
        before = ask(cursor, _LAYOUT, {"known_at": None})
        if (before[0]["words"] if before else "") == text:
            return False
        stamp = record("layout", None, {"file": name, "layout": text, "today": today})
        row = {"field": LAYOUT, "words": text, "file_name": name or None, "reported_on": today or journal.now().date()}
        append(cursor, "form_words", [{**row, **stamp}])
    return True


_LAYOUT = """
    from form_words where field = 'layout' and was_known(recorded_at, reported_on, $known_at)
    qualify row_number() over (order by act desc) = 1"""


def layout(store: Store, known_at: queries.Moment = None) -> Layout:
    """The layout of the official forms in force at a moment."""
    rows = store.ask(_LAYOUT, {"known_at": known_at})
    if not rows or not rows[0]["words"]:
        return Layout("", variants.standard_rows())
    return Layout(rows[0]["file_name"] or "", variants.rows_of(rows[0]["words"]))
