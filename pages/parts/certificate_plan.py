"""What the certificate of a plan says in place of months: units with projects and budgets, and what a person corrected."""

from decimal import Decimal
from typing import Any

from data.words import Words
from pages.parts import figures
from pages.parts.paper import Table


def blocks(facts: dict[str, Any], say: Words) -> list[Table]:
    """The tables of a plan: its units, then its corrected cells where there are some."""
    heads = [say(f"certificate.{name}") for name in ("unit_code", "unit_name", "projects", "wan", "yuan")]
    rows = [
        (str(row["unit_code"]), row["unit_name"] or "—", _count(row, say), figures.wan(row["amount"]), f"{row['amount']:,.2f}")
        for row in facts["units"]
    ]
    total = sum((row["amount"] for row in facts["units"]), Decimal(0))
    whole = (say("units.whole"), "", str(sum(row["projects"] for row in facts["units"])), figures.wan(total), f"{total:,.2f}")
    tables = [Table(say("certificate.units"), heads, rows, (14, 42, 14, 18, 22), (2, 3, 4), whole if rows else ())]
    if facts["corrections"]:
        heads = [say(f"by_hand.{name}") for name in ("field", "document_says", "holds")] + [say("changes.reason")]
        told = ("written", "holds", "reason")
        cells = [(say(f"column.{row['field']}"), *(row[name] or "—" for name in told)) for row in facts["corrections"]]
        tables.append(Table(say("by_hand.corrected"), heads, cells, (16, 32, 32, 30), ()))
    return tables


def _count(row: dict[str, Any], say: Words) -> str:
    ended = f" ({say('plans.dropped')} {row['ended']})" if row["ended"] else ""
    return f"{row['projects']}{ended}"
