"""Plans by hand: `correct`, `enter`, `end`; the moving year: `adjust`, `revise`, `profile`, `reverse`, `adjustments`."""

from decimal import Decimal
from typing import Any

from data import by_hand, changes, planned, profiles, queries
from data.acting import ActError
from data.database import Store
from data.words import Words
from loaders import cells
from pages.parts import answers, figures
from pages.terminal.filing import take_content
from pages.terminal.told import DONE, Told, UsageError, asked, opened, tell


def correct(told: Told, say: Words) -> int:
    """Correct one cell of a project's plan, as a batch of its own."""
    store = opened(told)
    change = {"field": told.field, "position": told.position, "holds": _holds(told, say)}
    return take_content(store, told, say, by_hand.corrected(store, key_of(store, told), [change], told.reason))


def enter(told: Told, say: Words) -> int:
    """Enter a project that no document has."""
    store = opened(told)
    years = queries.years(store)
    project = {
        "fiscal_year": told.year or (years[0] if years else None),
        "unit_code": told.unit or told.unit_name,
        "unit_name": told.unit_name or _unit_name(store, told.unit),
        "project_code": told.project,
        "project_name": told.name,
        "budget": _amount(told.budget, say),
        "checkpoints": _points(told.checkpoints, say),
    }
    if project["fiscal_year"] is None:
        raise UsageError(say("cli.year_needed"))
    return take_content(store, told, say, by_hand.entered(project, told.reason))


def end(told: Told, say: Words) -> int:
    """Say that a project has ended."""
    store = opened(told)
    return take_content(store, told, say, by_hand.ended(store, key_of(store, told), told.reason))


def adjust(told: Told, say: Words) -> int:
    """Record an increase, a cut or a virement of a budget."""
    store = opened(told)
    to = key_of(store, told, told.to) if told.to else None
    change = changes.Adjustment(key_of(store, told), told.kind, _amount(told.amount, say) or Decimal(0), _basis(told), to)
    return _told(store, told, say, changes.record(store, change, told.person, told.today))


def revise(told: Told, say: Words) -> int:
    """Record a payment plan in place of the one before."""
    store = opened(told)
    change = changes.Revision(key_of(store, told), tuple(_points(told.checkpoints, say)), _basis(told))
    return _told(store, told, say, changes.record(store, change, told.person, told.today))


def profile(told: Told, say: Words) -> int:
    """Say how a project pays by its nature, or tell both verdicts of those that have a profile."""
    if told.profile:
        if not told.project:
            raise UsageError(say("cli.profile_project"))
        store = opened(told)
        profile = profiles.Profile(key_of(store, told), told.profile, told.month)
        profiles.record(store, profile, told.person, told.reason, told.today)
    else:
        store = asked(told, say)
    key = key_of(store, told)[1:] if told.project else None
    rows = profiles.profiled(store, told.as_of, project=key)
    tell(told, [answers.profiled(row) for row in rows], [_both(row, say) for row in rows] or [say("profile.none")])
    return DONE


def _both(row: dict[str, Any], say: Words) -> str:
    """A project with its official status and the one against its profile."""
    named = say(f"profile.{row['profile']}") + ("" if row["due_in"] is None else f" {figures.month_short(row['due_in'], say)}")
    official, other = say(f"status.{row['status']}"), say(f"status.{row['profile_status']}")
    against = f"{named}: {other} {figures.signed_wan(row['profile_gap'])}"
    return f"{row['act']:>5}  {row['project_code']}  {official}  |  {against}  {row['project_name']}"


def reverse(told: Told, say: Words) -> int:
    """Take back an adjustment or a revision."""
    store = opened(told)
    changed = changes.reverse(store, told.act, told.person, told.reason, told.today)
    line = say("cli.reversed", act=told.act) if changed else say("cli.no_change")
    tell(told, {"act": told.act, "changed": changed}, [line])
    return DONE


def adjustments(told: Told, say: Words) -> int:
    """The adjustments and revisions of a year, those taken back marked."""
    store = asked(told, say)
    years = queries.years(store)
    rows = planned.changes_of(store, told.year or (years[0] if years else 0))
    tell(told, [answers.change(row) for row in rows], [_line(row, say) for row in rows] or [say("changes.none")])
    return DONE


def key_of(store: Store, told: Told, project: str | None = None) -> changes.Key:
    """Year, unit and code of a project named by its code; UsageError where the code stands under several units."""
    rows = planned.projects_of(store, project or told.project, told.year, told.unit if project is None else None)
    if not rows:
        raise ActError("act.no_project", project=project or told.project, year=told.year or "")
    if len({row["unit_code"] for row in rows}) > 1:
        raise UsageError(_several(rows))
    return rows[0]["fiscal_year"], rows[0]["unit_code"], rows[0]["project_code"]


def _several(rows: list[dict[str, Any]]) -> str:
    return "--unit " + " | ".join(row["unit_code"] for row in rows)


def _told(store: Store, told: Told, say: Words, act: int) -> int:
    rows = [row for row in planned.changes_of(store, key_of(store, told)[0]) if row["act"] == act]
    tell(told, [answers.change(row) for row in rows], [_line(row, say) for row in rows])
    return DONE


def _line(row: dict[str, Any], say: Words) -> str:
    what = answers.payment_plan(row["points"], say) if row["points"] else f"{figures.signed_wan(row['amount'])} {say('unit.money')}"
    back = f"  [{say('changes.reversed')}]" if row["reversed_by"] else ""
    kind = say("change_kind." + row["kind"])
    return f"{row['act']:>5}  {row['effective_on']}  {kind}  {what}  {row['project_code']}  {row['document_number']}{back}"


def _basis(told: Told) -> changes.Basis:
    return changes.Basis(told.document, told.effective, told.reason)


def _unit_name(store: Store, code: str | None) -> str | None:
    return next((row["unit_name"] for row in planned.units(store) if row["unit_code"] == code), code)


def _holds(told: Told, say: Words) -> Any:
    if told.field == "checkpoints":
        return _points(told.value.split(), say)
    return _amount(told.value, say) if told.field in by_hand.AMOUNTS else told.value


def _amount(text: str | None, say: Words) -> Decimal | None:
    if not (text or "").strip():
        return None
    amount = cells.money(text, "元")
    if amount is None:
        raise UsageError(say("cli.bad_amount", value=text))
    return amount.yuan


def _points(texts: list[str], say: Words) -> list[tuple[int, Decimal]]:
    """Checkpoints typed as MONTH=PERCENT."""
    points = []
    for text in texts:
        month, _, share = text.partition("=")
        percent = cells.percent(share)
        if not month.strip().isdecimal() or percent is None:
            raise UsageError(say("cli.bad_checkpoint", value=text))
        points.append((int(month), percent / 100))
    return sorted(points)
