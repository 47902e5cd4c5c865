"""Random acts of four people at the same time: what came of them is what the plain rules say of some order of them, to the 分.

A round is four acts at once, each on what its person saw before. The store says in which order they were recorded; the plain model
must give the same outcomes, refusals and figures in that order. What was known at earlier moments is asked again at the end.
"""

import random
import tempfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import date
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from threading import Barrier
from typing import Any

from tests.proofs.apart import apart
from tests.proofs.plain import FEN, MONTHS, File, Plain
from tests.proofs.served import warm

PEOPLE = ("赵", "钱", "孙", "李")
# A store grows with every act; after so many a new one is begun.
ACTS_OF_A_STORE = 200
SNAPSHOTS_EVERY = 10
TODAY = date(2025, 12, 31)
BUDGETS = {(unit, f"P{unit}{place}"): Decimal(400_000 * place) for unit in ("001", "002") for place in (1, 2, 3)}
VERBS = {
    **{"load": 26, "certify": 26, "recheck": 12, "withdraw": 6, "answer": 5},
    **{"lock": 4, "reopen": 6, "adjust": 6, "revise": 4, "reverse": 4, "rule": 1},
}
Op = tuple[Any, ...]


def text_of(file: File) -> str:
    """A file as a unit sends it."""
    kind = "累计" if file.is_cumulative else "当月"
    rows = (f"{file.unit},{code},2025-{file.month:02d},{amount},{kind},冲销后净额" for code, amount in file.amounts)
    return "\n".join(["单位编码,项目编码,月份,支出金额,口径,备注", *rows])


def done(store: Any, person: str, op: Op) -> Any:
    """What comes of an act at the product; the code where it is refused."""
    from data.acting import ActError

    verb, *told = op
    try:
        return DOES[verb](store, person, *told)
    except ActError as refused:
        return refused.code


def _load(store: Any, person: str, file: File) -> int | str:
    from drawn import sending_of

    from data import acts

    return acts.load(store, sending_of(text_of(file), TODAY), person).batch or "rejected"


def _certify(store: Any, person: str, batch: int) -> bool:
    from data import acts

    return acts.certify(store, batch, person, {acts.ANY: "test"}, today=TODAY)


def _recheck(store: Any, person: str, batch: int) -> str:
    from data import again

    again.recheck(store, batch, person, TODAY)
    return "checked"


def _answer(store: Any, person: str, batch: int) -> int:
    from data import acts, queries

    asked = [row["finding"] for row in queries.findings(store, batch) if row["code"] == "W07"]
    return acts.answer(store, batch, [{"finding": key, "reason_code": "no_spending", "reason": ""} for key in asked], person)


def _adjust(store: Any, person: str, *told: Any) -> int:
    from data import changes

    key, kind, amount, month, to = told
    basis = changes.Basis(f"{person}{amount}", date(2025, month, 20), "test")
    return changes.record(store, changes.Adjustment((2025, *key), kind, amount, basis, (2025, *to) if to else None), person, TODAY)


def _revise(store: Any, person: str, key: Any, points: Any, month: int) -> int:
    from data import changes

    return changes.record(store, changes.Revision((2025, *key), points, changes.Basis("号", date(2025, month, 20), "test")), person, TODAY)


def _acts(name: str, module: str) -> Callable[..., Any]:
    def act(store: Any, *told: Any) -> Any:
        from importlib import import_module

        return getattr(import_module(f"data.{module}"), name)(store, *told)

    return act


DOES: dict[str, Callable[..., Any]] = {
    **{"load": _load, "certify": _certify, "recheck": _recheck, "answer": _answer, "adjust": _adjust, "revise": _revise},
    "withdraw": lambda store, person, batch: _acts("withdraw", "acts")(store, batch, person, "误", TODAY),
    "lock": lambda store, person, month, unit: _acts("lock", "months")(store, date(2025, month, 28), person, unit, TODAY),
    "reopen": lambda store, person, month, unit: _acts("reopen", "months")(store, date(2025, month, 28), person, "误", unit, TODAY),
    "rule": lambda store, person, name, value: _acts("set_rules", "months")(store, {name: value}, person, "试"),
    "reverse": lambda store, person, act: _acts("reverse", "changes")(store, act, person, "误", TODAY),
}


def drawn(chance: random.Random, known: Plain) -> Op:
    """An act that somebody may think of who sees the ledger as it is."""
    verb = chance.choices(list(VERBS), list(VERBS.values()))[0]
    unit, month = chance.choice(("001", "002")), chance.randint(1, 12)
    if verb in ("certify", "recheck", "withdraw", "answer") and known.batches:
        return _on_a_batch(chance, known, verb)
    if verb in ("adjust", "revise", "reverse"):
        return _change(chance, known, verb, month)
    if verb in ("lock", "reopen"):
        return verb, month, chance.choice((unit, None))
    if verb == "rule":
        return verb, "behind", Decimal(chance.randint(30, 79)) / 100
    return "load", _file(chance, known, unit, month)


def _on_a_batch(chance: random.Random, known: Plain, verb: str) -> Op:
    """An act on a batch, mostly one that waits; who sees that it must be looked at again mostly does."""
    waiting = [number for number, batch in known.batches.items() if batch.state == "checked"]
    batch = chance.choice(waiting if waiting and verb != "withdraw" and chance.random() < 0.8 else list(known.batches))
    if verb == "certify" and known.is_stale(batch) and chance.random() < 0.7:
        return "recheck", batch
    return ("certify" if verb == "answer" and not known.absent(batch) else verb), batch


def _change(chance: random.Random, known: Plain, verb: str, month: int) -> Op:
    """A change of budgets or of a payment plan, or the end of one."""
    key = chance.choice(list(BUDGETS))
    if verb == "reverse" and known.changes:
        return verb, chance.choice(list(known.changes))
    if verb == "adjust":
        kind = chance.choice(("increase", "cut", "virement"))
        to = chance.choice([other for other in BUDGETS if other != key]) if kind == "virement" else None
        return verb, key, kind, Decimal(chance.randint(1, 30_000_000)) * FEN, month, to
    return "revise", key, ((chance.randint(1, 11), Decimal(chance.randint(10, 90)) / 100), (12, Decimal(1))), month


def _file(chance: random.Random, known: Plain, unit: str, month: int) -> File:
    """A new file, or now and then one that was sent before."""
    if known.batches and chance.random() < 0.15:
        return chance.choice(list(known.batches.values())).file
    codes = [code for other, code in BUDGETS if other == unit]
    named = codes if chance.random() < 0.6 else sorted(chance.sample(codes, 2))
    is_cumulative = chance.random() < 0.3
    most = 40_000_000 * (month if is_cumulative else 1) // 12
    return File(unit, month, is_cumulative, tuple((code, Decimal(chance.randint(1, most)) * FEN) for code in named))


def order_of(known: Plain, ops: list[tuple[str, Op]], outcomes: list[Any], recorded: list[tuple[Any, ...]]) -> Plain | None:
    """The plain ledger after the acts in an order in which it says the same of each, and records the same; None where there is none."""
    for order in permutations(range(len(ops))):
        after = deepcopy(known)
        if all(after.do(ops[n][1][0], ops[n][0], *ops[n][1][1:]) == outcomes[n] for n in order) and after.acts == recorded:
            return after
    return None


def differences(store: Any, known: Plain, month: int, moment: Any = None) -> list[str]:
    """Every figure at a month's end that is not what the plain ledger says."""
    from data import queries
    from data.calendar import month_end

    found = []
    for row in queries.progress(store, month_end(2025, month), moment):
        key = (row["unit_code"], row["project_code"])
        for name, value in known.standing(key, month).items():
            if row[name] != value:
                found.append(f"{key} at {month} {'as known at ' + str(moment) if moment else ''}: {name} is {row[name]}, not {value}")
    return found


def played(seed: int, count: int, path: Path) -> tuple[Counter[str], list[str]]:
    """So many acts in one store, by four people at once; what came of them and what was wrong."""
    from drawn import HEADINGS, QUARTERS, new_store

    from data import again, doctor, journal
    from loaders.files import read_file

    # A process for each file to be read again would take most of the time.
    again.read_apart = read_file
    rows = (f"{code},{code},{unit},{unit},{budget / 10_000},25%,50%,75%,100%" for (unit, code), budget in BUDGETS.items())
    store = new_store("\n".join([f"{HEADINGS},{QUARTERS}", *rows]), path)
    chance, outcomes, wrong = random.Random(seed), Counter(), []
    known = Plain(BUDGETS, recorded(store))
    snapshots = []
    with ThreadPoolExecutor(len(PEOPLE)) as sessions:
        for turn in range(-(-count // len(PEOPLE))):
            ops = [(person, drawn(chance, known)) for person in PEOPLE]
            together = Barrier(len(PEOPLE))
            told = list(sessions.map(lambda one, gate=together: (gate.wait(), done(store, *one))[1], ops))
            after = order_of(known, ops, told, recorded(store))
            if after is None:
                wrong.append(f"seed {seed} turn {turn}: no order of {ops} gives {told}; recorded {recorded(store)[len(known.acts) :]}")
                break
            known = after
            outcomes.update(f"{op[0]} {_worded(one)}" for (_, op), one in zip(ops, told, strict=True))
            wrong += [f"seed {seed} turn {turn}: {one}" for one in differences(store, known, chance.randint(1, 12))]
            if turn % SNAPSHOTS_EVERY == 0:
                snapshots.append((journal.now(), known))
    for moment, then in snapshots:
        month = chance.randint(1, 12)
        wrong += [f"seed {seed}: {one}" for one in differences(store, then, month, moment)]
    wrong += [f"seed {seed}: {one}" for month in MONTHS for one in differences(store, known, month)]
    wrong += [f"seed {seed}: {fault}" for fault in doctor.examine_open(store)]
    store.close()
    return outcomes, wrong


def recorded(store: Any) -> list[tuple[str, int | None, str]]:
    """Every act that the store has, in its order."""
    with store.cursor() as cursor:
        return cursor.execute("select verb, batch, person from acts order by act").fetchall()


def _worded(outcome: Any) -> str:
    return outcome if isinstance(outcome, str) else "nothing" if outcome is False or outcome == 0 else "done"


def run(times: int) -> tuple[dict[str, int], list[str]]:
    """How many acts came to what, and every difference from the plain ledger."""
    warm()
    all_done: Counter[str] = Counter()
    found: list[str] = []
    for seed, first in enumerate(range(0, times, ACTS_OF_A_STORE)):
        with tempfile.TemporaryDirectory() as folder:
            told, wrong = apart(played, seed, min(ACTS_OF_A_STORE, times - first), Path(folder) / "monitor.duckdb")
        all_done += told
        found += wrong
        print(sum(all_done.values()), len(found), flush=True)
    return {"acts": sum(all_done.values()), **dict(sorted(all_done.items()))}, found
