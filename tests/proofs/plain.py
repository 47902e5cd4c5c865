"""The rules of the ledger said a second time, in plain Python and Decimals, sharing no code with the product."""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

FEN = Decimal("0.01")
MONTHS = range(1, 13)
CHECKPOINTS = ((3, Decimal("0.25")), (6, Decimal("0.5")), (10, Decimal("0.75")), (12, Decimal(1)))
# After these every waiting batch must be looked at again.
UNSETTLING = ("lock", "reopen", "rules", "adjust", "revise", "reverse")
Key = tuple[str, str]


@dataclass(frozen=True)
class File:
    """What a unit hands in for a month: an amount for each project that it names, of the month or since January."""

    unit: str
    month: int
    is_cumulative: bool
    amounts: tuple[tuple[str, Decimal], ...]


@dataclass
class Batch:
    """A file that was taken in, and how it stands."""

    file: File
    checked: int
    state: str = "checked"
    certified: int = 0
    answered: bool = False
    faulty: bool = False


@dataclass
class Change:
    """A change of budgets (amounts by project) or of one payment plan, in force from the end of a month."""

    month: int
    amounts: tuple[tuple[Key, Decimal], ...] = ()
    plan: tuple[Key, tuple[tuple[int, Decimal], ...]] | None = None
    taken_back: bool = False


class RefusedError(Exception):
    """The rules do not allow it; the code of the sentence."""


@dataclass
class Plain:
    """A ledger: budgets in yuan by unit and project, and all that was done; `acts` are verb, batch and person by their number."""

    budgets: dict[Key, Decimal]
    acts: list[tuple[str, int | None, str]]
    batches: dict[int, Batch] = field(default_factory=dict)
    changes: dict[int, Change] = field(default_factory=dict)
    locked: dict[tuple[str, int], bool] = field(default_factory=dict)
    rules: dict[str, Decimal] = field(default_factory=lambda: {"slightly_behind": Decimal("0.8"), "behind": Decimal("0.6")})
    versions: int = 1

    def do(self, verb: str, person: str, *told: Any) -> Any:
        """What comes of an act; the code where it is refused."""
        try:
            return getattr(self, verb)(person, *told)
        except RefusedError as refused:
            return str(refused)

    def _record(self, verb: str, batch: int | None, person: str) -> int:
        self.acts.append((verb, batch, person))
        return len(self.acts)

    def load(self, person: str, file: File) -> int | str:
        """The batch that now holds the file, or the one that says the same already."""
        if self.locked.get((file.unit, file.month)):
            return "rejected"
        same = [number for number, batch in self.batches.items() if batch.file == file and self._speaks(number)]
        if same:
            return max(same)
        number = max(self.batches, default=1) + 1
        self.batches[number] = Batch(file, self._record("load", number, person))
        return number

    def _speaks(self, number: int) -> bool:
        batch = self.batches[number]
        return batch.state == "checked" or batch.state == "certified" and self.official(batch.file.unit, batch.file.month) == number

    def official(self, unit: str, month: int) -> int | None:
        """The batch that speaks for a unit and month."""
        found = [n for n, b in self.batches.items() if b.state == "certified" and (b.file.unit, b.file.month) == (unit, month)]
        return max(found, key=lambda number: self.batches[number].certified, default=None)

    def certify(self, person: str, number: int) -> bool:
        """Whether the batch has become official by this."""
        batch = self.batches[number]
        if batch.state == "certified":
            return False
        if batch.state == "withdrawn":
            raise RefusedError("act.withdrawn")
        if batch.faulty:
            raise RefusedError("act.faulty")
        if self._is_locked(batch):
            raise RefusedError("act.locked")
        if self.is_stale(number):
            raise RefusedError("act.stale")
        batch.state, batch.certified = "certified", self._record("certify", number, person)
        return True

    def is_stale(self, number: int) -> bool:
        """Whether something that a batch was checked against has changed since."""
        batch = self.batches[number]
        kin = {n for n, other in self.batches.items() if other.file.unit == batch.file.unit and n != number}
        return any(v in UNSETTLING or v in ("certify", "withdraw") and n in kin for v, n, _ in self.acts[batch.checked :])

    def _is_locked(self, batch: Batch) -> bool:
        return self.locked.get((batch.file.unit, batch.file.month), False)

    def recheck(self, person: str, number: int) -> str:
        """A waiting batch looked at again."""
        batch = self._waiting(number)
        batch.checked, batch.faulty = self._record("recheck", number, person), self._is_locked(batch)
        return "checked"

    def _waiting(self, number: int) -> Batch:
        if self.batches[number].state != "checked":
            raise RefusedError("act.not_waiting")
        return self.batches[number]

    def answer(self, person: str, number: int) -> int:
        """How many projects are now answered to have spent nothing."""
        batch = self._waiting(number)
        # In a month that is locked nothing is asked.
        if batch.answered or batch.faulty:
            return 0
        batch.answered = True
        self._record("answer", number, person)
        return len(self.absent(number))

    def absent(self, number: int) -> list[str]:
        """The projects of its unit that a batch leaves out."""
        file = self.batches[number].file
        return [code for unit, code in self.budgets if unit == file.unit and code not in dict(file.amounts)]

    def withdraw(self, person: str, number: int) -> bool:
        """Whether the batch is taken back by this."""
        batch = self.batches[number]
        if batch.state == "withdrawn":
            return False
        if batch.state == "certified" and self._is_locked(batch):
            raise RefusedError("act.locked")
        batch.state = "withdrawn"
        self._record("withdraw", number, person)
        return True

    def _units(self, unit: str | None) -> list[str]:
        return sorted({known for known, _ in self.budgets if unit in (None, known)})

    def lock(self, person: str, month: int, unit: str | None) -> bool:
        """Whether a month of a unit, or of all, is closed by this."""
        units = self._units(unit)
        if not any(self.official(one, month) for one in units):
            raise RefusedError("act.lock_unreported")
        if all(self.locked.get((one, month)) for one in units):
            return False
        self.locked |= {(one, month): True for one in units}
        self._record("lock", None, person)
        return True

    def reopen(self, person: str, month: int, unit: str | None) -> bool:
        """Whether a month of a unit, or of all, is opened by this."""
        units = self._units(unit)
        if not any(self.locked.get((one, month)) for one in units):
            return False
        self.locked |= {(one, month): False for one in units}
        self._record("reopen", None, person)
        return True

    def rule(self, person: str, name: str, value: Decimal) -> int:
        """The version of the thresholds that now holds."""
        self.rules = {**self.rules, name: value}
        self.versions += 1
        self._record("rules", None, person)
        return self.versions

    def adjust(self, person: str, key: Key, kind: str, amount: Decimal, month: int, to: Key | None) -> int:
        """The number of the act that changed one budget or moved money between two."""
        if kind != "increase" and any(self.budget(key, later) < amount for later in range(month, 13)):
            raise RefusedError("act.adjust_below")
        amounts = ((key, amount if kind == "increase" else -amount), *([(to, amount)] if to else []))
        number = self._record("adjust", None, person)
        self.changes[number] = Change(month, amounts=amounts)
        return number

    def revise(self, person: str, key: Key, points: tuple[tuple[int, Decimal], ...], month: int) -> int:
        """The number of the act that put a payment plan in place of another."""
        number = self._record("revise", None, person)
        self.changes[number] = Change(month, plan=(key, points))
        return number

    def reverse(self, person: str, number: int) -> bool:
        """Whether a change is taken back by this."""
        change = self.changes[number]
        if change.taken_back:
            return False
        change.taken_back = True
        if any(self.budget(key, month) < 0 for key in self.budgets for month in MONTHS):
            change.taken_back = False
            raise RefusedError("act.adjust_below")
        self._record("reverse", None, person)
        return True

    def budget(self, key: Key, month: int) -> Decimal:
        """A project's budget at a month's end."""
        held = [change for change in self.changes.values() if not change.taken_back and change.month <= month]
        return self.budgets[key] + sum((amount for change in held for project, amount in change.amounts if project == key), Decimal(0))

    def share(self, key: Key, month: int) -> Decimal:
        """The share of its budget that is due of a project at a month's end."""
        plans = [(1, 0, CHECKPOINTS)]
        for number, change in self.changes.items():
            if change.plan and change.plan[0] == key and not change.taken_back:
                plans.append((change.month, number, change.plan[1]))
        points = max(plan for plan in plans if plan[0] <= month)[2]
        return max((share for at, share in points if at <= month), default=Decimal(0))

    def reports(self, key: Key) -> dict[int, tuple[bool, Decimal]]:
        """What is officially reported of a project, by month: whether since January, and the amount."""
        found, (unit, code) = {}, key
        for month in MONTHS:
            number = self.official(unit, month)
            if number is None:
                continue
            batch = self.batches[number]
            amounts = dict(batch.file.amounts)
            if code in amounts:
                found[month] = (batch.file.is_cumulative, amounts[code])
            elif batch.answered:
                found[month] = (False, Decimal(0))
        return found

    def standing(self, key: Key, month: int) -> dict[str, Any]:
        """All that is to be compared of a project at a month's end."""
        reports = {at: told for at, told in self.reports(key).items() if at <= month}
        anchor = max((at for at, (is_total, _) in reports.items() if is_total), default=0)
        spent = sum((amount for at, (_, amount) in reports.items() if at >= anchor), Decimal(0)) if reports else None
        budget, due = self.budget(key, month), self.budget(key, month) * self.share(key, month)
        status = self._status(budget, spent, due, month in reports)
        is_judged = status not in ("no_basis", "not_reported")
        rounded = due.quantize(FEN, ROUND_HALF_UP)
        return {
            "current_budget": budget,
            "spent": spent,
            "reported": month in reports,
            "missing": sum(at not in reports for at in range(anchor or 1, month + 1)),
            "due_amount": rounded,
            "gap_amount": spent - rounded if is_judged else None,
            "status": status,
        }

    def _status(self, budget: Decimal, spent: Decimal | None, due: Decimal, is_reported: bool) -> str:
        if budget <= 0:
            return "no_basis"
        if not is_reported or spent is None:
            return "not_reported"
        if spent > budget:
            return "overspent"
        if due == 0:
            return "not_due"
        bands = (("met", Decimal(1)), ("slightly_behind", self.rules["slightly_behind"]), ("behind", self.rules["behind"]))
        return next((name for name, part in bands if spent >= part * due), "far_behind")
