"""What a batch can be taken along as: the sender's file unchanged, the report, the list, the certificate in three forms."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

import streamlit as st

from data import again, ledger
from data.acting import ActError
from pages.parts import answers as wording
from pages.parts.certificate import certificate_docx, certificate_html, certificate_pdf
from pages.parts.paper import has_font
from pages.parts.returned import list_csv, returned_csv, returned_workbook
from pages.visit import Visit

Row = dict[str, Any]
OFFICE = (".xlsx", ".xls", ".ods")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def findings_of(visit: Visit, batch: int) -> list[Row]:
    """The worded findings of a batch with the answers they got."""
    return [wording.finding(problem, visit.say, row) for problem, row in ledger.findings(visit.store, batch)]


def offer_report(visit: Visit, name: str, content: bytes, findings: Sequence[Row], sheet: str | None, key: str) -> None:
    """Buttons for the sender's own file with what was found in it, and for the list alone."""
    say = visit.say
    stem = f"{say('upload.findings_name')}_{name.rsplit('.', 1)[0]}"
    with st.container(horizontal=True, key=f"reports_{key}"):
        button(say("papers.report"), lambda: returned_workbook(content, name, findings, sheet, say), f"{stem}.xlsx", f"report_{key}", XLSX)
        if not name.lower().endswith(OFFICE):
            button(say("papers.report_csv"), lambda: returned_csv(content, findings, say), f"{stem}.csv", f"back_{key}", "text/csv")
        button(say("papers.list"), lambda: list_csv(findings, say), f"{say('report.list')}.csv", f"list_{key}", "text/csv")


def offer_batch(visit: Visit, batch: Row, key: str) -> None:
    """Every paper of a stored batch."""
    say, number, name = visit.say, batch["batch"], batch["file_name"]
    try:
        content = again.content_of(visit.store, number)
    except ActError as error:
        st.warning(say(error.code, **error.facts))
        return
    findings = findings_of(visit, number)
    with st.container(horizontal=True, key=f"papers_{key}"):
        button(say("project.download"), content, name, f"original_{key}", "application/octet-stream")
        _offer_certificate(visit, number, findings, key)
    # A waiting batch has its report beside its questions.
    if findings and batch["kind"] == "actuals" and batch["state"] != "checked":
        offer_report(visit, name, content, findings, json.loads(batch["declared"] or "{}").get("sheet"), key)


def _offer_certificate(visit: Visit, number: int, findings: list[Row], key: str) -> None:
    say = visit.say
    facts = {**ledger.certificate(visit.store, number), "findings": findings}
    stem = say("papers.certificate_file", batch=number)
    if can_print():
        button(say("papers.pdf"), lambda: certificate_pdf(facts, say), f"{stem}.pdf", f"pdf_{key}", "application/pdf")
    else:
        st.text(say("paper.no_font"))
    button(say("papers.docx"), lambda: certificate_docx(facts, say), f"{stem}.docx", f"docx_{key}", DOCX)
    button(say("papers.print"), lambda: certificate_html(facts, say).encode(), f"{stem}.html", f"print_{key}", "text/html")


@cache
def can_print() -> bool:
    """Whether a PDF can be made here; looked up once, because the fonts are many."""
    return has_font()


def button(label: str, data: Any, name: str, key: str, mime: str) -> None:
    """A download whose file is made when it is asked for."""
    st.download_button(label, data, name, key=key, on_click="ignore", mime=mime)
