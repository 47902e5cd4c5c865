"""A follow-up notice (督办单) as a paper: to whom, on which projects, by which rule, until when; the same in PDF, Word and HTML."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from data.words import Words
from pages.parts import figures
from pages.parts.exports import Context
from pages.parts.paper import Facts, Note, Paper, Signatures, Table, as_html, as_pdf

Row = dict[str, Any]
ROLES = ("issued", "received", "responsible")


def notice_pdf(facts: Row, say: Words) -> bytes:
    """The notice as PDF; PaperError where this machine cannot set one."""
    return as_pdf(notice(facts, say), say)


def notice_html(facts: Row, say: Words) -> bytes:
    """The notice as one HTML file to print."""
    return as_html(notice(facts, say), say).encode()


def notice_docx(facts: Row, say: Words) -> bytes:
    """The notice as a Word document."""
    from pages.parts.paper_docx import as_docx  # noqa: PLC0415 - a quarter of a second that only Word files need

    return as_docx(notice(facts, say), say)


def number_of(row: Row, say: Words) -> str:
    """The number of a notice as it is written on it."""
    return say("notice.number", year=row["fiscal_year"], number=row["number"])


def steps(sent: Sequence[Row], say: Words) -> str:
    """What a unit was sent before: month, step, number, the day it was issued, and what came of it."""
    return say("month.and").join(
        say(
            "notice.step",
            month=figures.month_short(one["month"], say),
            level=say(f"notice.level_{one['level']}"),
            number=number_of(one, say),
            day=f"{one['reported_on']:%Y-%m-%d}",
            answer=say("notice.answered") if one["answer"] else say("notice.unanswered", deadline=f"{one['deadline']:%Y-%m-%d}"),
        )
        for one in sent
    )


def proposal(row: Row, say: Words) -> str:
    """A proposed step in a sentence with its reason."""
    told = {"unit": row["unit_name"] or row["unit_code"], "count": row["projects"], "sum": figures.wan(-row["gap_amount"])}
    told |= {"streak": row["streak"], "since": figures.month_short(row["since"], say), "level": say(f"notice.level_{row['level']}")}
    before = steps(row["earlier"], say) or say("notice.never")
    issued = say("notice.issued_now", sent=steps(row["issued"], say)) if row["issued"] else ""
    return say("notice.proposal", **told, earlier=before, deadline=f"{row['deadline']:%Y-%m-%d}") + issued


def ladder_rule(rule: Row, say: Words) -> str:
    """The thresholds of the ladder in words."""
    names = ("circular_months", "talk_months", "rectify_months", "answer_days", "version")
    return say("notice.ladder", **{name: rule[name] for name in names})


def notice(facts: Row, say: Words) -> Paper:
    """What the notice says, the same for all its forms.

    `facts`: notice (number, unit, level, deadline, month, who issued it when), its projects as in the working paper, what was
    sent earlier in this lag, and about (what every export says beside its rows).
    """
    row, projects, about = facts["notice"], facts["projects"], facts["about"]
    month = figures.month_name(about["as_of"], say)
    total = sum((project["gap_amount"] for project in projects), Decimal(0))
    told = {"unit": row["unit_name"] or row["unit_code"], "month": month, "count": len(projects), "amount": figures.wan(-total)}
    return Paper(
        title=say(f"notice.title_{row['level']}"),
        under=[number_of(row, say)],
        blocks=[
            Note(say("notice.to", **told)),
            Note(say("notice.text", **told)),
            _projects(projects, say),
            *([Note(say("notice.before", sent=steps(facts["earlier"], say)))] if facts["earlier"] else []),
            *([Note(say("notice.owed", count=owed))] if (owed := sum(project["cause"] is None for project in projects)) else []),
            Note(figures.bands(about["rule"], say)),
            Note(say(f"notice.ask_{row['level']}", deadline=f"{row['deadline']:%Y-%m-%d}")),
            Facts("", [(say("notice.issued"), f"{row['recorded_by']} · {row['reported_on']:%Y-%m-%d}")]),
            Signatures([say(f"notice.{role}") for role in ROLES], say("certificate.date")),
        ],
        foot=" · ".join(_feet(row, about, say)),
        mark=say("sample.mark") if about["sample"] else "",
    )


def _feet(row: Row, about: Row, say: Words) -> list[str]:
    """Month, coverage, method and rules; the batches it rests on; as known when it was issued."""
    first, _, batches, *_ = Context(about, say, {}).feet
    return [first, batches, say("behind.known", moment=figures.moment_name(row["recorded_at"]))]


def _projects(rows: list[Row], say: Words) -> Table:
    heads = ["project_name", "current_budget", "due_share", "spent_share", "gap_amount", "needed_to_next", "streak", "reason_and_promise"]
    lines = [
        (
            f"{row['project_name']}\n{row['project_code']}",
            figures.wan(row["current_budget"]),
            figures.percent(row["due_share"]),
            figures.percent(row["spent_share"]),
            figures.signed_wan(row["gap_amount"]),
            figures.wan(row["needed_to_next"]),
            figures.streak(row["streak"], say) or "—",
            "\n".join(filter(None, (row["reason"] or say("explain.missing"), figures.promise(row, say)))),
        )
        for row in rows
    ]
    sums = {name: sum((row[name] or Decimal(0) for row in rows), Decimal(0)) for name in ("current_budget", "gap_amount", "needed_to_next")}
    whole = (say("behind.sum"), figures.wan(sums["current_budget"]), "", "", figures.signed_wan(sums["gap_amount"]))
    last = (*whole, figures.wan(sums["needed_to_next"]), "", "")
    title = say("notice.projects") + say("unit.in")
    widths = (38, 16, 12, 12, 16, 16, 12, 22)
    return Table(title, [say(f"column.{name}") for name in heads], lines, widths, (1, 2, 3, 4, 5), last)
