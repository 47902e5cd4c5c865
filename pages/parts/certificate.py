"""The certificate of a batch (签认页): what was recorded, what was asked and answered, who stands for it."""

from datetime import date
from decimal import Decimal
from typing import Any

from data.words import Words
from pages.parts import certificate_plan, figures
from pages.parts.paper import Facts, Note, Paper, Signatures, Table, as_html, as_pdf

Row = dict[str, Any]
MOST_QUESTIONS = 500
ROLES = ("handled", "reviewed", "responsible")
UNOFFICIAL = ("checked", "withdrawn", "superseded")


def certificate_pdf(facts: Row, say: Words) -> bytes:
    """The certificate as PDF; PaperError where this machine cannot set one."""
    return as_pdf(certificate(facts, say), say)


def certificate_docx(facts: Row, say: Words) -> bytes:
    """The certificate as a Word document."""
    from pages.parts.paper_docx import as_docx  # noqa: PLC0415 - a quarter of a second that only Word files need

    return as_docx(certificate(facts, say), say)


def certificate_html(facts: Row, say: Words) -> str:
    """The certificate as one HTML file to print."""
    return as_html(certificate(facts, say), say)


def certificate(facts: Row, say: Words) -> Paper:
    """What the certificate says, the same for all its forms.

    `facts`: batch, months (a unit and month each), findings (all of the batch), whole (reported,
    projects, coverage), rule_version, rule_set (its digest) and as_of (a month's end); of a plan its
    units (projects, ended, amount) and corrections.
    """
    batch, months = facts["batch"], facts["months"]
    is_plan = batch.get("kind") == "plan"
    foot = say("certificate.foot", batch=batch["batch"], sha=batch["sha256"][:12], version=facts["rule_version"])
    return Paper(
        title=say("certificate.title_plan" if is_plan else "certificate.title"),
        under=[" · ".join(_units(facts["units"] if is_plan else months)) or "—", _period(batch, months, say)],
        blocks=[
            Facts("", _file(batch, say)),
            Facts(say("certificate.figures"), _figures(facts, say)),
            *(certificate_plan.blocks(facts, say) if is_plan else _months(batch, months, say)),
            *_questions(facts["findings"], batch, say),
            Facts(say("certificate.record"), _record(facts, say)),
            Signatures([say(f"certificate.{role}") for role in ROLES], say("certificate.date")),
        ],
        foot=foot,
        mark=" · ".join(_marks(batch, say)),
    )


def _marks(batch: Row, say: Words) -> list[str]:
    """What must not be overlooked: that the figures are samples, or not the official ones."""
    standing = batch["standing"]
    return [
        *([say("certificate.sample")] if batch["sample"] else []),
        *([say(f"certificate.mark_{standing}")] if standing in UNOFFICIAL else []),
    ]


def _units(months: list[Row]) -> list[str]:
    """The units of the batch by their codes, each once."""
    names = {row["unit_code"]: row["unit_name"] for row in months}
    return [f"{code} {name}" if name else str(code) for code, name in sorted(names.items())]


def _month(row: Row, say: Words) -> str:
    return figures.month_name(date(row["fiscal_year"], row["month"], 1), say)


def _period(batch: Row, months: list[Row], say: Words) -> str:
    """The fiscal year and the months of the batch, runs of months as a span."""
    year = say("certificate.year", year=batch["fiscal_year"]) if batch["fiscal_year"] else ""
    known = sorted({(row["fiscal_year"], row["month"]) for row in months})
    spans: list[list[tuple[int, int]]] = []
    for one in known:
        follows = spans and one in ((spans[-1][-1][0], spans[-1][-1][1] + 1), (spans[-1][-1][0] + 1, spans[-1][-1][1] - 11))
        spans[-1].append(one) if follows else spans.append([one])
    words = ["–".join(dict.fromkeys(figures.month_name(date(*end, 1), say) for end in (span[0], span[-1]))) for span in spans]
    return " · ".join(part for part in (year, say("month.and").join(words)) if part) or "—"


def _file(batch: Row, say: Words) -> list[tuple[str, str]]:
    standing = say(f"standing.{batch['standing']}")
    return [
        (say("column.batch"), str(batch["batch"])),
        (say("column.state"), standing),
        (say("column.file"), batch["file_name"]),
        ("SHA-256", batch["sha256"]),
        (say("column.rows"), str(batch["row_count"])),
        (say("column.money"), batch["unit_of_money"] or "—"),
        (say("column.figure"), say("month.and").join(say(f"figure.{kind}") for kind in (batch["figure"] or "").split("/") if kind) or "—"),
    ]


def _figures(facts: Row, say: Words) -> list[tuple[str, str]]:
    batch, whole = facts["batch"], facts["whole"]
    if facts["as_of"] is None:
        return [(say("certificate.total"), _money(batch["total"], say))]
    control = batch["control_total"]
    coverage = say(
        "certificate.coverage",
        month=figures.month_name(facts["as_of"], say),
        reported=whole["reported"],
        projects=whole["projects"],
        share=figures.percent(whole["coverage"]),
    )
    compared = [] if control is None else [(say("certificate.control"), _compared(control, batch["total"], say))]
    return [(say("certificate.total"), _money(batch["total"], say)), *compared, (say("certificate.covered"), coverage)]


def _yuan(amount: Decimal | None) -> str:
    return "—" if amount is None else f"{amount:,.2f}".replace("-", "−")


def _money(amount: Decimal | None, say: Words) -> str:
    """An amount in 万元 and in yuan, each with its unit."""
    return say("certificate.money", wan=figures.wan(amount), yuan=_yuan(amount))


def _compared(control: Decimal, total: Decimal | None, say: Words) -> str:
    """The total that the sender typed, and whether it is the file's."""
    if total is None or control == total:
        return _money(control, say) + (say("certificate.same") if total is not None else "")
    return _money(control, say) + say("certificate.differs", difference=_yuan(total - control))


def _months(batch: Row, months: list[Row], say: Words) -> list[Table | Note]:
    """Each unit and month with its rows and sum; a remark where the sums of months must not be added up."""
    rows = [
        (
            str(row["unit_code"]),
            row["unit_name"] or "—",
            _month(row, say),
            str(row["rows"]),
            f"{row['reported']}/{row['projects']}",
            figures.wan(row["amount"]),
            _yuan(row["amount"]),
        )
        for row in sorted(months, key=lambda row: (row["unit_code"], row["fiscal_year"], row["month"]))
    ]
    heads = [say(f"certificate.{name}") for name in ("unit_code", "unit_name", "month", "rows", "reported", "wan", "yuan")]
    is_cumulative = batch["figure"] == "cumulative" and len({(row["fiscal_year"], row["month"]) for row in months}) > 1
    amount = sum((row["amount"] for row in months), Decimal(0))
    whole = (say("units.whole"), "", "", str(sum(row["rows"] for row in months)), "", figures.wan(amount), _yuan(amount))
    table = Table(say("certificate.months"), heads, rows, (13, 36, 17, 10, 14, 17, 22), (3, 4, 5, 6), whole if rows else ())
    return [table, *([Note(say("certificate.cumulative"))] if is_cumulative else [])]


def _questions(findings: list[Row], batch: Row, say: Words) -> list[Table | Note]:
    """The questions that were asked and what was answered, by whom and when; how many remarks there were beside."""
    questions = [finding for finding in findings if finding["level"] == "confirm"]
    notes = sum(finding["level"] == "note" for finding in findings)
    heads = [say(f"certificate.{name}") for name in ("rule", "question", "answer", "person", "carried")]
    rows = [(finding["code"], finding["message"], *_answer(finding, batch, say)) for finding in questions[:MOST_QUESTIONS]]
    told: list[Table | Note] = []
    if rows:
        told.append(Table(say("certificate.questions", count=len(questions)), heads, rows, (8, 46, 34, 22, 12)))
    else:
        told.append(Note(say("certificate.no_questions")))
    if len(questions) > MOST_QUESTIONS:
        told.append(Note(say("certificate.more", count=len(questions) - MOST_QUESTIONS)))
    return [*told, *([Note(say("certificate.notes", count=notes))] if notes else [])]


def _answer(finding: Row, batch: Row, say: Words) -> tuple[str, str, str]:
    """The answer to a question, who gave it and when, and the batch that it was carried over from."""
    reason = finding["reason_code"]
    if not reason and not finding["answer"]:
        return say("certificate.unanswered"), "—", "—"
    word = say(f"reason.{reason}") if reason and say.has(f"reason.{reason}") else reason
    moment = finding.get("answered_at") or batch["certified_at"]
    person = "\n".join(part for part in (finding["answered_by"], figures.moment_name(moment) if moment else None) if part)
    carried = say("certificate.batch", batch=finding["carried_from"]) if finding["carried_from"] else "—"
    return "\n".join(part for part in (word, finding["answer"]) if part), person or "—", carried


def _record(facts: Row, say: Words) -> list[tuple[str, str]]:
    batch = facts["batch"]
    certified = say("certificate.by", person=batch["certified_by"] or "—", moment=figures.moment_name(batch["certified_at"]))
    return [
        (say("certificate.uploaded"), say("certificate.by", person=batch["recorded_by"], moment=figures.moment_name(batch["recorded_at"]))),
        (say("certificate.certified"), certified if batch["certified_at"] else "—"),
        (say("certificate.rules"), say("certificate.rule_set", version=facts["rule_version"], digest=facts["rule_set"])),
    ]
