"""计划: the documents, what was read of them, what a careful reader notices."""

from collections import Counter
from datetime import date
from typing import Any

import streamlit as st

from data import journal, queries
from data.database import StoreError
from data.staging import Consideration
from loaders.files import Declared
from loaders.problems import Reading
from pages import intake
from pages.judging import Chosen, Judged, Pairs, judged
from pages.parts import answers as wording
from pages.parts import blocks, figures
from pages.visit import Visit, head

KINDS = ["txt", "docx", "csv", "xlsx", "xls", "ods"]


def show(visit: Visit) -> None:
    """The plans in the store with their findings, then another file to load."""
    say = visit.say
    head(visit, say("page.plans"))
    intake.show_receipt(visit, "plan")
    documents = queries.documents(visit.store)
    if not documents:
        st.info(say("plans.empty"))
    for place, document in enumerate(documents):
        _show_document(visit, document, opened=place == 0)
    st.divider()
    _show_intake(visit)


def _show_document(visit: Visit, document: dict[str, Any], opened: bool) -> None:
    """One document: totals, units, projects with their plan, findings with counts."""
    say = visit.say
    projects = document["projects"]
    units = {row["unit_code"]: row["unit_name"] for row in projects}
    title = f"{document['fiscal_year']} · {document['file_name']} · {say('standing.' + document['state'])}"
    with st.expander(blocks.label(title), expanded=opened):
        st.html(
            blocks.block(
                blocks.paragraph(_read(say, projects, units, document["total"])),
                f'<p class="foot">{say("column.batch")} {blocks.batch(document["batch"], visit.address)} · '
                f"{blocks.text(document['recorded_by'])} · {figures.moment_name(document['recorded_at'])} · "
                f"SHA-256 {blocks.text(document['sha256'])}</p>",
            )
        )
        if document["state"] == "checked":
            _offer_certify(visit, document)
        left, right = st.columns([2, 3], gap="large")
        left.html(blocks.block(f"<h3>{say('plans.units')}</h3>", _units(visit, projects, units)))
        with right:
            _show_lint(visit, document)
        st.html(blocks.block(f"<h3>{say('plans.projects')}</h3>", _projects(visit, document)))
        content = journal.kept(visit.store, document["sha256"])
        if content is not None:
            st.download_button(
                say("project.download"), content, document["file_name"], key=f"plan_file_{document['batch']}", on_click="ignore"
            )


def _read(say: Any, projects: list[dict[str, Any]], units: dict[str, str], total: Any) -> str:
    return say(
        "plans.read",
        projects=len(projects),
        units=len(units),
        budget=figures.wan(total),
        checkpoints=sum(len(row["checkpoints"]) for row in projects),
        indicators=sum(row["indicators"] if isinstance(row["indicators"], int) else len(row["indicators"]) for row in projects),
    )


def _offer_certify(visit: Visit, document: dict[str, Any]) -> None:
    """A plan that waits is answered and certified on its batch's page."""
    say = visit.say
    st.warning(say("plans.waiting"))
    batch = document["batch"]
    st.html(blocks.block(f"<p>{blocks.batch(batch, visit.address, say('ledger.open', batch=batch) + ' →')}</p>"))


def _units(visit: Visit, projects: list[dict[str, Any]], units: dict[str, str]) -> str:
    say = visit.say
    rows = [
        {
            "unit_code": code,
            "unit_name": name,
            "projects": sum(row["unit_code"] == code for row in projects),
            "budget": sum(row["budget"] or 0 for row in projects if row["unit_code"] == code),
        }
        for code, name in units.items()
    ]
    return blocks.table(
        [
            blocks.plain("unit_code", say("column.unit_code")),
            blocks.plain("unit_name", say("column.unit_name")),
            blocks.plain("projects", say("column.projects"), "n"),
            blocks.money("budget", f"{say('column.budget')}{say('unit.in')}"),
        ],
        rows,
    )


def _show_lint(visit: Visit, document: dict[str, Any]) -> None:
    """The findings kept with the document: a count for each rule, then each place."""
    say = visit.say
    problems = [queries.problem_of(row) for row in queries.findings(visit.store, document["batch"])]
    st.html(blocks.block(f"<h3>{say('plans.lint')}</h3>"))
    if not problems:
        st.text(say("plans.no_lint"))
        return
    told = [wording.finding(problem, say) for problem in problems]
    counts = Counter(row["code"] for row in told)
    for code, count in counts.items():
        rows = [row for row in told if row["code"] == code]
        with st.expander(f"{code} · {say('plans.lint_count', count=count)} · {say('lint.' + code) if say.has('lint.' + code) else code}"):
            st.html(
                blocks.block(
                    blocks.table(
                        [
                            blocks.plain("row", say("column.row"), "n"),
                            blocks.plain("message", say("column.problem")),
                            blocks.plain("fix", say("column.remedy")),
                        ],
                        rows,
                    )
                )
            )


def _projects(visit: Visit, document: dict[str, Any]) -> str:
    say = visit.say
    return blocks.table(
        [
            blocks.Cell(
                say("column.project_name"),
                lambda row: blocks.link(
                    "project", row["project_name"], **visit.address, unit=row["unit_code"], project=row["project_code"]
                ),
                "name",
            ),
            blocks.plain("project_code", say("column.project_code"), "code"),
            blocks.plain("unit_name", say("column.unit")),
            blocks.money("budget", f"{say('column.budget')}{say('unit.in')}"),
            blocks.Cell(
                say("column.checkpoints"),
                lambda row: blocks.text(
                    " ".join(f"{figures.month_short(p['month'], say)} {figures.trimmed(p['share'] * 100)}%" for p in row["checkpoints"])
                ),
            ),
            blocks.plain("indicators", say("column.indicators"), "n"),
            blocks.plain("place", say("column.place")),
        ],
        document["projects"],
    )


def _show_intake(visit: Visit) -> None:
    """Load another plan: what was read, findings, statuses that would change, certify."""
    say = visit.say
    uploaded = intake.choose(say("plans.file"), KINDS)
    this_year = date.today().year
    year = st.selectbox(say("upload.year"), range(this_year + 1, this_year - 5, -1), index=1, key="plan_year", width=240)
    if uploaded is None:
        return
    chosen = Chosen(uploaded.name, uploaded.getvalue(), Declared(this_year=year))
    receipt = st.session_state.get("receipt") or {}
    if receipt.get("file") == chosen.key:
        receipt.pop("file")
        st.session_state["uploads"] = st.session_state.get("uploads", 0) + 1
        st.rerun()

    def judge(unspent: Pairs) -> Judged:
        return judged(visit, chosen, unspent)

    try:
        first = judge(())
        if first.told.recognised == "actuals":
            st.warning(say("upload.wrong_kind_plan"))
            return
        if first.told.recognised:
            _show_reading(visit, first.sending.reading, first.told)
        intake.walk(visit, judge, chosen.key, (say("plans.certify"), "plans.certified"))
    except StoreError as error:
        st.error(say(error.code, **error.facts))


def _show_reading(visit: Visit, reading: Reading, told: Consideration) -> None:
    units = {row["unit_code"]: row["unit_name"] for row in reading.rows}
    st.html(blocks.block(blocks.paragraph(_read(visit.say, reading.rows, units, told.total or 0)), _units(visit, reading.rows, units)))
