"""What became of a project's plan: its adjustments and revisions, its corrected cells, itself in other years."""

from typing import Any

from data import planned
from pages.parts import answers as wording
from pages.parts import blocks, figures
from pages.visit import Visit

Row = dict[str, Any]


def shown(visit: Visit, plan: dict[str, Any]) -> str:
    """All of it as HTML; nothing where nothing happened."""
    say, key = visit.say, (plan["unit_code"], plan["project_code"])
    changes = planned.changes_of(visit.store, plan["fiscal_year"], key)
    corrected = planned.corrections_of(visit.store, plan["fiscal_year"], key)
    kin = planned.kin_of(visit.store, plan)
    parts = []
    if changes:
        parts.append(f"<h3>{say('plans.changes')}</h3>{listed(visit, changes)}")
    if corrected:
        parts.append(f"<h3>{say('by_hand.corrected')}</h3>{corrections(visit, corrected)}")
    if kin:
        parts.append(f"<h3>{say('project.other_years')}</h3>{_kin(visit, kin)}")
    return "".join(parts)


def _kin(visit: Visit, rows: list[dict[str, Any]]) -> str:
    say = visit.say

    def name(row: dict[str, Any]) -> str:
        return blocks.project(row, {**visit.address, "as_of": f"{row['fiscal_year']}-12"})

    return blocks.table(
        [
            blocks.plain("fiscal_year", say("column.fiscal_year"), "n"),
            blocks.Cell(say("column.project_name"), name, "name"),
            blocks.plain("project_code", say("column.project_code"), "code"),
            blocks.Cell(f"{say('column.budget')}{say('unit.in')}", lambda row: figures.wan(row["budget"]), "n"),
        ],
        rows,
    )


def listed(visit: Visit, rows: list[Row]) -> str:
    """Changes as a table, those taken back struck out, as HTML; a sentence where there are none."""
    say = visit.say
    if not rows:
        return blocks.paragraph(say("changes.none"))

    def what(row: Row) -> str:
        money = f"{figures.signed_wan(row['amount'])} {say('unit.money')}"
        return blocks.text(wording.payment_plan(row["points"], say) if row["points"] else money)

    def state(row: Row) -> str:
        return blocks.text(f"{say('changes.reversed')} · {row['reversed_by']} · {row['reversed_why']}") if row["reversed_by"] else ""

    return blocks.table(
        [
            blocks.plain("act", say("ledger.act"), "n"),
            blocks.plain("effective_on", say("changes.effective"), "code"),
            blocks.Cell(say("changes.kind"), lambda row: say(f"change_kind.{row['kind']}")),
            blocks.Cell(say("column.project_name"), lambda row: blocks.project(row, visit.address), "name"),
            blocks.Cell(say("changes.what"), what, "n"),
            blocks.plain("document_number", say("changes.document")),
            blocks.plain("reason", say("changes.reason")),
            blocks.person("recorded_by", say),
            blocks.Cell(say("column.at"), lambda row: figures.moment_name(row["recorded_at"]), "code"),
            blocks.Cell(say("column.status"), state),
        ],
        rows,
        kind="stack",
        marked=lambda row: bool(row["reversed_by"]),
    )


def corrections(visit: Visit, rows: list[Row]) -> str:
    """What was corrected, each cell beside what the document says, as HTML."""
    say = visit.say
    return blocks.table(
        [
            blocks.Cell(say("by_hand.field"), lambda row: say(f"column.{row['field']}")),
            blocks.plain("written", say("by_hand.document_says")),
            blocks.plain("holds", say("by_hand.holds")),
            blocks.plain("reason", say("changes.reason")),
            blocks.person("recorded_by", say),
            blocks.Cell(say("column.batch"), lambda row: blocks.batch(row["batch"], visit.address), "n"),
        ],
        rows,
        kind="stack",
    )
