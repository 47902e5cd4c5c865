"""A store of any size, made by a seed: `python -m tests.bench.made FILE --projects 170000` writes one.

Its rows are set down in SQL, its acts by the recorder of every act, so `doctor` finds nothing. The kept files only say how the rows
were made: `rebuild` cannot read them again.
"""

import argparse
import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from data import journal
from data.acting import acting, prepare
from data.calendar import month_end
from data.database import Cursor, Store, append, ask, open_store

PERSON, YEAR = "示例", 2025
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True)
class Size:
    """How much a store holds; the same figures give the same rows. `units` is a share of the projects where it is not said."""

    projects: int
    units: int = 0
    months: int = 10
    indicators: int = 2
    seed: int = 7
    chances: dict[str, int] = field(default_factory=lambda: {"late": 20, "refund": 80, "restated": 25, "adjusted": 60, "revised": 90})

    @property
    def offices(self) -> int:
        """How many units there are: one for every eighty projects, three at least."""
        return min(self.units or max(3, self.projects // 80), self.projects)


def make(store: Store, size: Size) -> None:
    """Fill an empty store: a plan, a certified batch for each month, batches that correct one, changed budgets and payment plans."""
    prepare(store)
    with acting(store, PERSON) as (cursor, record):
        _number(cursor, size)
        _insert_plan(cursor, size, _begin(store, record, 1, "plan"))
        for month in range(1, size.months + 1):
            _insert_month(cursor, month, size, _begin(store, record, month + 1, f"month-{month}"))
        _restate(cursor, size, _begin(store, record, size.months + 2, "restated"))
        for table in ("adjustments", "revisions"):
            _change(cursor, table, size, record)
        cursor.execute("drop table made_projects; drop table made_points")


# What is drawn of a number, a name for the draw and the seed: evenly between 0 and 1, the same at every run.
_DRAWN = """
create or replace temp macro drawn(number, name, seed) as (hash(number, name, seed) % 1000003) / 1000003.0;
create or replace temp macro one_in(number, name, seed, chance) as hash(number, name, seed) % chance = 0;
"""
# The check character of a project's code as loaders/codes.py reckons it, from its twenty signs.
_CODES = f"""
create or replace temp macro closed(body) as body || substr('{SIGNS}', 1 + ((30 - list_sum(list_transform(
    range(20), lambda n: (strpos('{SIGNS}', substr(body, n + 1, 1)) - 1) * [{", ".join(str(pow(3, n, 31)) for n in range(20))}][n + 1]
)) % 31 + 31) % 31)::integer, 1);
"""


def _number(cursor: Cursor, size: Size) -> None:
    """The projects with their units, budgets and pace, and the checkpoints of each kind of plan, in temporary tables."""
    for macro in (*_DRAWN.strip().split(";\n"), _CODES):
        cursor.execute(macro)
    cursor.execute(
        """
        create temp table made_projects as
        select
            n, $year::integer as fiscal_year,
            closed('13020225P' || lpad(n::text, 11, '0')) as project_code,
            -- A few units have most of the projects, and each has one.
            if(n < $offices, n, floor($offices * pow(drawn(n, 'unit', $seed), 2)))::integer as office,
            (30000 + 50 * floor(pow(10, 2.3 + 4 * pow(drawn(n, 'budget', $seed), 2))))::decimal(18, 2) as budget,
            0.55 + 0.6 * drawn(n, 'pace', $seed) as pace,
            case when drawn(n, 'plan', $seed) < 0.6 then 'usual' when drawn(n, 'plan', $seed) < 0.8 then 'halves'
                when drawn(n, 'plan', $seed) < 0.9 then 'quarters' else 'once' end as plan
        from range($projects) as numbers(n)""",
        {"projects": size.projects, "offices": size.offices, "seed": size.seed, "year": YEAR},
    )
    cursor.execute("alter table made_projects add column unit_code text")
    cursor.execute("update made_projects set unit_code = (400001 + office)::text")
    cursor.execute("""create temp table made_points as from (values
        ('usual', 3, 0.25), ('usual', 6, 0.5), ('usual', 10, 0.75), ('usual', 12, 1),
        ('halves', 6, 0.5), ('halves', 12, 1), ('once', 12, 1),
        ('quarters', 3, 0.25), ('quarters', 6, 0.5), ('quarters', 9, 0.75), ('quarters', 12, 1)) as points(plan, month, share)""")


@dataclass(frozen=True)
class _Sent:
    """A batch to be: its number, the name and checksum of its file, the recorder of its acts."""

    batch: int
    name: str
    sha256: str
    record: Any


def _begin(store: Store, record: Any, batch: int, name: str) -> _Sent:
    """A batch whose file is kept: a line that says what was made."""
    return _Sent(batch, f"{name}.csv", journal.keep(store, f"made: {name}\n".encode()), record)


def _close(cursor: Cursor, sent: _Sent, kind: str, reported: date) -> None:
    """The acts of a batch whose rows are in: taken in and certified."""
    table = "projects" if kind == "plan" else "actuals"
    money = "budget" if kind == "plan" else "amount"
    sums = ask(cursor, f"select count(*) as rows, sum({money}) as total from {table} where batch = $batch", {"batch": sent.batch})[0]
    said = {"file": sent.name, "sha256": sent.sha256, "digest": sent.sha256, "kind": kind, "declared": {}, "sample": False}
    stamp = sent.record("load", sent.batch, {**said, **sums, "today": reported})
    told = {name: said[name] for name in ("sha256", "digest", "kind")} | {"file_name": sent.name, "row_count": sums["rows"]}
    told |= {"total": sums["total"], "batch": sent.batch, "fiscal_year": YEAR, "unit_of_money": "元", "sample": False}
    figure = {} if kind == "plan" else {"figure": "month"}
    append(cursor, "batches", [{**told, **figure, "declared": json.dumps({}), "rule_set": "v1-made", "reported_on": reported, **stamp}])
    event = {"batch": sent.batch, "reported_on": reported}
    append(cursor, "events", [{**event, "event": "checked", **stamp}])
    stamp = sent.record("certify", sent.batch, {"reasons": {}, "today": reported})
    append(cursor, "events", [{**event, "event": "certified", **stamp}])


def _insert_plan(cursor: Cursor, size: Size, sent: _Sent) -> None:
    """Every project with its checkpoints and indicators."""
    cursor.execute(
        """
        insert into projects by name
        select $batch::integer as batch, fiscal_year, unit_code, '单位' || unit_code as unit_name, project_code,
            ['道路养护', '设备购置', '就业补助', '信息系统', '校舍维修', '公共卫生', '农田水利', '绿化养护'][1 + n % 8]
                || '（' || (n + 1) || '）' as project_name,
            budget, budget as fiscal_funds, '行 ' || (n + 2) as place, 'cumulative' as plan_reading, false as dropped
        from made_projects order by n""",
        {"batch": sent.batch},
    )
    cursor.execute(
        """
        insert into checkpoints by name
        select $batch::integer as batch, fiscal_year, unit_code, project_code, month, share::decimal(9, 6) as share
        from made_projects join made_points using (plan) order by n, month""",
        {"batch": sent.batch},
    )
    cursor.execute(
        """
        insert into indicators by name
        select $batch::integer as batch, fiscal_year, unit_code, project_code, position, '产出指标' as level1, '数量指标' as level2,
            '完成数量' || position as level3, '≥' || (10 + n % 90) || '个' as target, '≥' as comparator,
            (10 + n % 90)::decimal(18, 4) as target_value, '个' as target_unit, '行 ' || (n + 2) as place
        from made_projects, range(1, 1 + $count) as positions(position) order by n, position""",
        {"batch": sent.batch, "count": size.indicators},
    )
    _close(cursor, sent, "plan", date(YEAR, 1, 5))


def _insert_month(cursor: Cursor, month: int, size: Size, sent: _Sent) -> None:
    """What each project paid in a month, some of it taken back in a second row; of the newest month some units say nothing."""
    newest = month == size.months
    cursor.execute(
        """
        insert into actuals by name
        with paid as (
            select *, (budget / 12 * pace * (0.4 + 1.2 * drawn(n, 'month' || $month, $seed)))::decimal(18, 2) as amount
            from made_projects
            where not ($newest and office > 0 and one_in(office, 'late', $seed, $late))
        ),
        lines as (
            select *, false as back from paid
            union all by name
            select * exclude (amount), -(amount / 10)::decimal(18, 2) as amount, true as back from paid
            where one_in(n, 'refund' || $month, $seed, $refund)
        )
        select $batch::integer as batch, (1 + row_number() over (order by n, back))::integer as file_row, fiscal_year,
            $month::integer as month, unit_code, project_code, amount, 'month' as figure
        from lines order by file_row""",
        _draws(size, "late", "refund") | {"batch": sent.batch, "month": month, "newest": newest},
    )
    _close(cursor, sent, "actuals", min(month_end(YEAR, month).replace(day=1).replace(month=month % 12 + 1), date(YEAR, 12, 31)))


def _restate(cursor: Cursor, size: Size, sent: _Sent) -> None:
    """Some units say their second month anew."""
    cursor.execute(
        """
        insert into actuals by name
        select $batch::integer as batch, (1 + row_number() over (order by n, file_row))::integer as file_row, actuals.fiscal_year,
            month, actuals.unit_code, actuals.project_code, (amount * 1.02)::decimal(18, 2) as amount, figure
        from actuals join made_projects using (project_code)
        where batch = 3 and (office = 0 or one_in(office, 'restated', $seed, $restated)) order by n, actuals.file_row""",
        _draws(size, "restated") | {"batch": sent.batch},
    )
    _close(cursor, sent, "actuals", date(YEAR, 4, 8))


def _change(cursor: Cursor, table: str, size: Size, record: Any) -> None:
    """One act that changes some budgets, or some payment plans."""
    verb, chance = {"adjustments": ("adjust", "adjusted"), "revisions": ("revise", "revised")}[table]
    columns = {
        "adjustments": "(budget / 10)::decimal(18, 2) as amount, 'increase' as kind",
        "revisions": "unnest([8, 12]) as month, unnest([0.5, 1.0])::decimal(9, 6) as share",
    }[table]
    stamp = record(verb, None, {"made": table, "seed": size.seed})
    cursor.execute(
        f"""
        insert into {table} by name
        select fiscal_year, unit_code, project_code, {columns}, '批复' || n as document_number, '{YEAR}-05-01'::date as effective_on,
            '中期调整' as reason, $act::integer as act, '{YEAR}-05-02'::date as reported_on, $recorded_at as recorded_at,
            $recorded_by as recorded_by
        from made_projects where one_in(n, '{chance}', $seed, ${chance}) order by n""",
        _draws(size, chance) | {name: stamp[name] for name in ("act", "recorded_at", "recorded_by")},
    )


def _draws(size: Size, *names: str) -> dict[str, int]:
    return {"seed": size.seed} | {name: size.chances[name] for name in names}


def main(words: list[str] | None = None) -> None:
    """Write the store that the command line asks for."""
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("file", type=Path)
    for name, usual in {"projects": 1000, "units": 0, "months": 10, "indicators": 2, "seed": 7}.items():
        told.add_argument(f"--{name}", type=int, default=usual)
    given = vars(told.parse_args(words))
    store = open_store(given.pop("file"))
    make(store, Size(**given))
    store.close()


if __name__ == "__main__":
    main()
