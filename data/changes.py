"""The year moves: budgets increased, cut or moved, payment plans revised; each an act with its document, day and reason."""

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from data import journal
from data.acting import ActError, acting
from data.database import Cursor, Rows, Store, append, ask

# Where the rows of an act stand that can be taken back by its number.
REVERSIBLE = ("adjustments", "revisions", "profiles", "results", "lowerings")
INCREASE, CUT, VIREMENT = KINDS = ("increase", "cut", "virement")
Key = tuple[int, str, str]


@dataclass(frozen=True)
class Basis:
    """What a change rests on: the number of its document, the day from which it holds, its reason."""

    document_number: str
    effective_on: date
    reason: str


@dataclass(frozen=True)
class Adjustment:
    """A change of a budget: `amount` in yuan above zero; a virement moves it from `project` to `to` (year, unit, code)."""

    project: Key
    kind: str
    amount: Decimal
    basis: Basis
    to: Key | None = None


@dataclass(frozen=True)
class Revision:
    """A payment plan in place of the one before: month and cumulative share of each checkpoint."""

    project: Key
    points: tuple[tuple[int, Decimal], ...]
    basis: Basis


Change = Adjustment | Revision


def record(store: Store, change: Change, person: str, today: date | None = None) -> int:
    """Record a change; the number of its act. ActError where it cannot hold, or stands already."""
    with acting(store, person) as (cursor, sealed):
        _refuse_unfit(cursor, change)
        stamp = sealed("adjust" if isinstance(change, Adjustment) else "revise", None, {**asdict(change), "today": today})
        _insert(cursor, change, {**stamp, "reported_on": today or journal.now().date()})
    return stamp["act"]


def reverse(store: Store, act: int, person: str, reason: str, today: date | None = None) -> bool:
    """Take back an act on budgets, payment plans, payment profiles or indicators by its number; False if it was taken back already."""
    if not reason.strip():
        raise ActError("act.reason")
    with acting(store, person) as (cursor, sealed):
        if not any(ask(cursor, f"from {table} where act = $act limit 1", {"act": act}) for table in REVERSIBLE):
            raise ActError("act.no_change", act=act)
        if ask(cursor, "from reversals where reversed = $act", {"act": act}):
            return False
        stamp = sealed("reverse", None, {"reversed": act, "reason": reason, "today": today})
        row = {"reversed": act, "reason": reason, "reported_on": today or journal.now().date(), **stamp}
        append(cursor, "reversals", [row])
        _refuse_negative(cursor, None)
    return True


def foresee(store: Store, change: Change, as_of: date) -> Rows:
    """The projects whose budget or status a change would alter at a month's end, before and after; nothing is kept."""
    verdict = "select unit_code, project_code, project_name, current_budget, due_amount, gap_amount, status from progress_on($as_of, null)"
    with store.transaction(keep=False) as cursor:
        before = {(row["unit_code"], row["project_code"]): row for row in ask(cursor, verdict, {"as_of": as_of})}
        _refuse_unfit(cursor, change)
        _insert(cursor, change, {"act": 0, "recorded_at": journal.now(), "reported_on": as_of, "recorded_by": ""})
        after = {(row["unit_code"], row["project_code"]): row for row in ask(cursor, verdict, {"as_of": as_of})}
    return [{**row, "before": before[key]} for key, row in after.items() if key in before and before[key] != row]


def _insert(cursor: Cursor, change: Change, stamp: dict[str, Any]) -> None:
    """The rows of a change; of a virement two that come to nothing."""
    stamp = {**asdict(change.basis), **stamp}
    if isinstance(change, Revision):
        points = [{"month": month, "share": share} for month, share in change.points]
        append(cursor, "revisions", [{**_named(change.project), **point, **stamp} for point in points])
        return
    sign = 1 if change.kind == INCREASE else -1
    rows = [{**_named(change.project), "amount": sign * change.amount, "kind": change.kind, **stamp}]
    if change.to:
        rows.append({**_named(change.to), "amount": change.amount, "kind": change.kind, **stamp})
    append(cursor, "adjustments", rows)


def _named(key: Key) -> dict[str, Any]:
    return dict(zip(("fiscal_year", "unit_code", "project_code"), key, strict=True))


def _refuse_unfit(cursor: Cursor, change: Change) -> None:
    """ActError where a change lacks its basis, names no planned project, or leaves what cannot be."""
    if not change.basis.reason.strip():
        raise ActError("act.reason")
    if not change.basis.document_number.strip():
        raise ActError("act.no_document")
    if change.basis.effective_on.year != change.project[0]:
        raise ActError("act.effective", year=change.project[0])
    for key in filter(None, (change.project, getattr(change, "to", None))):
        if not ask(cursor, "from plans_on(null) where fiscal_year = $y and unit_code = $u and project_code = $c", _bound(key)):
            raise ActError("act.no_project", project=key[2], year=key[0])
    _refuse_revision(change) if isinstance(change, Revision) else _refuse_adjustment(cursor, change)


def _bound(key: Key) -> dict[str, Any]:
    return dict(zip("yuc", key, strict=True))


def _refuse_revision(change: Revision) -> None:
    months, shares = [month for month, _ in change.points], [share for _, share in change.points]
    if not months or months != sorted(set(months)) or not all(1 <= month <= 12 for month in months):  # noqa: PLR2004
        raise ActError("act.plan_months")
    if shares != sorted(shares) or shares[0] < 0 or shares[-1] > 1:
        raise ActError("act.plan_falls")


def _refuse_adjustment(cursor: Cursor, change: Adjustment) -> None:
    if change.kind not in KINDS or (change.kind == VIREMENT) != (change.to is not None) or change.to == change.project:
        raise ActError("act.adjust_kind")
    if change.amount <= 0 or change.amount != change.amount.quantize(Decimal("0.01")):
        raise ActError("act.adjust_amount")
    sign = 1 if change.kind == INCREASE else -1
    same = ask(
        cursor,
        """select act from adjustments_on(null) where fiscal_year = $y and unit_code = $u and project_code = $c and amount = $amount
            and kind = $kind and document_number = $number and effective_on = $day""",
        {
            **_bound(change.project),
            "amount": sign * change.amount,
            "kind": change.kind,
            "number": change.basis.document_number,
            "day": change.basis.effective_on,
        },
    )
    if same:
        raise ActError("act.adjust_same", act=same[0]["act"])
    _refuse_negative(cursor, change)


def _refuse_negative(cursor: Cursor, change: Adjustment | None) -> None:
    """ActError where a budget would fall below nothing in some month, counting a change that is not stored yet."""
    coming = _named(change.project) if change and change.kind != INCREASE else dict.fromkeys(("fiscal_year", "unit_code", "project_code"))
    told = {"coming": change.amount if change else Decimal(0), "from_month": change.basis.effective_on.month if change else 13}
    found = ask(
        cursor,
        """
        select project_code, current_budget from monthly_budgets_on(null)
        where current_budget < case when fiscal_year = $fiscal_year and unit_code = $unit_code and project_code = $project_code
            and month >= $from_month then $coming::decimal(18, 2) else 0 end
        order by current_budget limit 1""",
        {**coming, **told},
    )
    if found:
        raise ActError("act.adjust_below", project=found[0]["project_code"], budget=f"{found[0]['current_budget'] / 10000:,.2f}")
