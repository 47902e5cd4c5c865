"""计划: the documents and what was read of them, the changes of the year, what a person corrected or entered."""

import json
from collections import Counter
from typing import Any

import streamlit as st

from data import journal, planned, queries
from pages import finding, intake, plan_changes, plan_hand, plan_intake
from pages.parts import answers as wording
from pages.parts import blocks, figures
from pages.visit import PLAIN, Visit, head, offer


def show(visit: Visit) -> None:
    """The plans in the store with their findings and another file to load; adjustments; corrections and entries by hand."""
    say = visit.say
    head(visit, say("page.plans"))
    intake.show_receipt(visit, "plan")
    find, begin = (st.session_state.get("plans_find") or "").strip(), finding.begins("plans_page")
    documents = planned.documents(visit.store, find, (begin, finding.AT_ONCE))
    tabs = st.tabs([say("plans.documents"), say("plans.changes"), *([say("plans.by_hand")] if visit.may("act.load") else [])])
    with tabs[0]:
        if not documents:
            st.info(say("plans.empty"))
        if find or any(document["count"] > finding.AT_ONCE for document in documents):
            with st.container(horizontal=True, vertical_alignment="bottom"):
                finding.words(visit, "plans_find")
                finding.turn(visit, "plans_page", max(document["fits"] for document in documents))
        for place, document in enumerate(documents):
            _show_document(visit, document, opened=place == 0)
        st.divider()
        if visit.may("act.load"):
            plan_intake.show(visit)
    with tabs[1]:
        plan_changes.show(visit)
    for tab in tabs[2:]:
        with tab:
            plan_hand.show(visit)


def _show_document(visit: Visit, document: dict[str, Any], opened: bool) -> None:
    """One document: totals, units, projects with their plan, findings with counts."""
    say = visit.say
    title = f"{document['fiscal_year']} · {document['file_name']} · {say('standing.' + document['state'])}"
    with st.expander(blocks.label(title), expanded=opened):
        st.html(
            blocks.block(
                blocks.paragraph(plan_intake.stands(say, document, document["total"])),
                f'<p class="foot">{say("column.batch")} {blocks.batch(document["batch"], visit.address)} · '
                f"{blocks.text(blocks.by(document['recorded_by'], say))} · {figures.moment_name(document['recorded_at'])} · "
                f"SHA-256 {blocks.text(document['sha256'])}</p>",
            )
        )
        if document["state"] == "checked":
            _offer_certify(visit, document)
        left, right = st.columns([2, 3], gap="large")
        stated = plan_intake.stated(visit, json.loads(document["stated"] or "[]"))
        left.html(blocks.block(f"<h3>{say('plans.units')}</h3>", plan_intake.of_units(visit, document["units"]), stated))
        with right:
            _show_lint(visit, document)
        st.html(blocks.block(f"<h3>{say('plans.projects')}</h3>", plan_intake.projects(visit, document["projects"], linked=True)))
        content = journal.kept(visit.store, document["sha256"])
        if content is not None:
            key = f"plan_file_{document['batch']}"
            offer(visit, "export.table", say("project.download"), content, document["file_name"], key=key, mime=PLAIN)


def _offer_certify(visit: Visit, document: dict[str, Any]) -> None:
    """A plan that waits is answered and certified on its batch's page."""
    say = visit.say
    st.warning(say("plans.waiting"))
    batch = document["batch"]
    st.html(blocks.block(f"<p>{blocks.batch(batch, visit.address, say('ledger.open', batch=batch) + ' →')}</p>"))


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
