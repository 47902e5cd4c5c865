"""What a batch can be taken along as: the sender's file unchanged, the report, the list, the certificate in three forms."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

import streamlit as st

from data import again, ledger
from data.acting import ActError
from pages.parts import answers as wording
from pages.parts import blocks
from pages.parts.certificate import certificate_docx, certificate_html, certificate_pdf
from pages.parts.paper import has_font
from pages.parts.returned import list_csv, returned_csv, returned_workbook
from pages.visit import PLAIN, Visit, offer

Row = dict[str, Any]
OFFICE = (".xlsx", ".xls", ".ods")


def findings_of(visit: Visit, batch: int) -> list[Row]:
    """The worded findings of a batch with the answers they got."""
    return [wording.finding(problem, visit.say, row) for problem, row in ledger.findings(visit.store, batch)]


def offer_report(visit: Visit, name: str, content: bytes, findings: Sequence[Row], sheet: str | None, key: str) -> None:
    """Buttons for the sender's own file with what was found in it, and for the list alone."""
    say = visit.say
    stem = f"{say('upload.findings_name')}_{name.rsplit('.', 1)[0]}"
    with st.container(horizontal=True, key=f"reports_{key}"):
        button(
            visit,
            "export.table",
            say("papers.report"),
            lambda: returned_workbook(content, name, findings, sheet, say),
            f"{stem}.xlsx",
            f"report_{key}",
        )
        if not name.lower().endswith(OFFICE):
            button(
                visit, "export.table", say("papers.report_csv"), lambda: returned_csv(content, findings, say), f"{stem}.csv", f"back_{key}"
            )
        button(visit, "export.table", say("papers.list"), lambda: list_csv(findings, say), f"{say('report.list')}.csv", f"list_{key}")


def offer_batch(visit: Visit, batch: Row, key: str) -> None:
    """Every paper of a stored batch."""
    say, number, name = visit.say, batch["batch"], batch["file_name"]
    try:
        content = again.content_of(visit.store, number)
    except ActError as error:
        st.warning(blocks.refusal(error, say))
        return
    findings = findings_of(visit, number)
    with st.container(horizontal=True, key=f"papers_{key}"):
        offer(visit, "export.table", say("project.download"), content, name, key=f"original_{key}", mime=PLAIN)
        _offer_certificate(visit, number, findings, key)
    # A waiting batch has its report beside its questions.
    if findings and batch["kind"] == "actuals" and batch["state"] != "checked":
        offer_report(visit, name, content, findings, json.loads(batch["declared"] or "{}").get("sheet"), key)


def _offer_certificate(visit: Visit, number: int, findings: list[Row], key: str) -> None:
    say = visit.say
    facts = {**ledger.certificate(visit.store, number), "findings": findings}
    stem = say("papers.certificate_file", batch=number)
    if can_print():
        button(visit, "export.paper", say("papers.pdf"), lambda: certificate_pdf(facts, say), f"{stem}.pdf", f"pdf_{key}")
    else:
        st.text(say("paper.no_font"))
    button(visit, "export.paper", say("papers.docx"), lambda: certificate_docx(facts, say), f"{stem}.docx", f"docx_{key}")
    button(visit, "export.paper", say("papers.print"), lambda: certificate_html(facts, say).encode(), f"{stem}.html", f"print_{key}")


@cache
def can_print() -> bool:
    """Whether a PDF can be made here; looked up once, because the fonts are many."""
    return has_font()


def button(visit: Visit, right: str, label: str, data: Any, name: str, key: str) -> None:
    """A download whose file is made when it is asked for, by whoever has the right to it."""
    offer(visit, right, label, data, name, key=key)
