"""项目: one project against its own checkpoints, and where each of its figures comes from."""

from typing import Any

import streamlit as st

from data import forecasts, indicators, journal, ledger, queries
from data.glance import glance
from pages import explaining, finding, outlook, plan_history, profiling
from pages.parts import blocks, charts, dual, figures
from pages.parts.verdict import curve_told
from pages.visit import PLAIN, Visit, foot, head, offer


def show(visit: Visit) -> None:
    """Head line, curve, arithmetic; months, indicators, sources and document as tabs."""
    say = visit.say
    head(visit, say("page.project"))
    row = _pick(visit)
    if row is None:
        return
    key = (row["unit_code"], row["project_code"])
    plan = queries.plan_of(visit.store, visit.as_of.year, key, visit.known_at) or {}
    months = queries.months_of(visit.store, visit.as_of.year, key, visit.known_at)
    st.html(
        blocks.block(
            f'<p class="verdict">{blocks.text(row["project_name"])}</p>',
            dual.both(_standing(visit, key), say),
            f'<p class="soft">{blocks.text(row["project_code"])} · {blocks.text(row["unit_name"])} · {_budget(row, visit)}</p>',
        )
    )
    left, right = st.columns([3, 2], gap="large")
    restated = _restated(visit, key)
    curve = [
        {
            **month,
            "budget": month["current_budget"],
            "projects": 1,
            "reported": int(month["reported"]),
            "restated": restated.get(month["month"]),
        }
        for month in months
    ]
    ahead = forecasts.points(visit.store, visit.as_of, visit.known_at, key)
    with left:
        st.html(blocks.block(f"<h3>{say('chart.curve')}</h3>"))
        st.plotly_chart(
            charts.curve(curve, say, visit.as_of.month, 340, ahead),
            key="project_curve",
            config=charts.CONFIG,
            width="stretch",
            alt=curve_told(curve, visit.as_of.month, ahead, say),
        )
    whole = queries.altogether(visit.store, visit.as_of, visit.known_at)
    lines = [*_arithmetic(row, visit), outlook.of_checkpoint(visit, row), outlook.of_year(visit, ahead, row["current_budget"])]
    lines += [sentence for month, sentence in restated.items() if month <= visit.as_of.month]
    right.html(
        blocks.block(f"<h3>{say('project.arithmetic')}</h3>", blocks.facts(lines), profiling.verdicts(visit, row), foot(visit, whole))
    )
    with right:
        profiling.show(visit, row)
    tabs = st.tabs([say("project.months"), say("project.indicators"), say("project.sources"), say("project.document")])
    tabs[0].html(blocks.block(_months(months, visit), explaining.history(visit, key)))
    tabs[1].html(blocks.block(_indicators(visit, plan, key)))
    with tabs[2]:
        _show_sources(visit, key)
    with tabs[3]:
        _show_document(visit, plan)


def _restated(visit: Visit, key: tuple[str, str]) -> dict[int, str]:
    """A sentence for each month whose figure was another one at first."""
    say = visit.say
    return {
        row["month"]: say(
            "project.restated_total" if row["cumulative"] else "project.restated",
            month=figures.month_short(row["month"], say),
            first=figures.wan(row["first_amount"]),
            amount=figures.wan(row["amount"]),
            first_batch=row["first_batch"],
            batch=row["batch"],
        )
        for row in ledger.restated(visit.store, visit.as_of.year, key, visit.known_at)
    }


def _budget(row: dict[str, Any], visit: Visit) -> str:
    """The budget in force; where it was adjusted, the original one beside it."""
    say, unit = visit.say, visit.say("unit.money")
    if row["original_budget"] == row["current_budget"]:
        return f"{say('column.budget')} {figures.wan(row['current_budget'])} {unit}"
    return say("project.budgets", original=figures.wan(row["original_budget"]), current=figures.wan(row["current_budget"]), unit=unit)


def _pick(visit: Visit) -> dict[str, Any] | None:
    """The project of the address, or the one chosen, or the one furthest behind; the address follows. None without any."""
    say, store, as_of, asked = visit.say, visit.store, visit.as_of, st.query_params
    wanted = queries.progress(store, as_of, visit.known_at, (asked.get("unit"), asked["project"])) if asked.get("project") else []
    if not wanted and asked.get("project"):
        st.warning(say("project.unknown"))
    first = (wanted or glance(store, as_of, visit.known_at)["furthest"] or [None])[0]
    if first is None:
        st.info(say("empty.no_plan_text"))
        return None
    st.session_state["project_picked"] = f"{first['unit_code']} {first['project_code']}"

    def keep() -> None:
        unit, _, code = st.session_state["project_picked"].partition(" ")
        asked.update({"unit": unit, "project": code})

    label = {"label": say("project.pick"), "label_visibility": "collapsed"}
    picked = finding.pick(visit, "project_picked", first, as_of.year, on_change=keep, **label) or first
    asked.update({"unit": picked["unit_code"], "project": picked["project_code"]})
    if "status" in picked:
        return picked
    return queries.progress(store, as_of, visit.known_at, (picked["unit_code"], picked["project_code"]))[0]


def _arithmetic(row: dict[str, Any], visit: Visit) -> list[str]:
    """Due, paid, gap and what is needed next, each as one line that can be reckoned after."""
    say, as_of = visit.say, visit.as_of
    if row["due_share"] is None:
        return [say("project.no_plan"), _paid(row, visit)]
    due = (
        say(
            "project.due",
            budget=figures.wan(row["current_budget"]),
            share=figures.percent(row["due_share"]),
            due=figures.wan(row["due_amount"]),
        )
        if row["due_share"]
        else say("project.nothing_due", month=figures.month_short(row["next_month"], say))
    )
    lines = [due, _paid(row, visit)]
    if row["gap_amount"] is not None:
        lines.append(
            say(
                "project.gap",
                gap=figures.signed_wan(row["gap_amount"]),
                points=figures.points(row["gap_share"]),
                completion=figures.percent(row["completion"]),
            )
        )
    if row["needed_to_next"] is not None:
        monthly = row["needed_to_next"] / (row["next_month"] - as_of.month)
        lines.append(
            say(
                "project.next",
                month=figures.month_short(row["next_month"], say),
                share=figures.percent(row["next_share"]),
                needed=figures.wan(row["needed_to_next"]),
                monthly=figures.wan(monthly),
                recent=figures.wan(row["recent_monthly"]),
            )
        )
    lines.append(say("project.line", line=figures.percent(row["expected_share"]), calendar=figures.percent(row["calendar_share"])))
    if row["missing"] and row["reported"]:
        lines.append(say("project.missing", count=row["missing"]))
    return lines


def _paid(row: dict[str, Any], visit: Visit) -> str:
    say = visit.say
    if row["spent"] is None:
        return say("project.unpaid")
    if not row["reported"]:
        return say(
            "project.stale",
            paid=figures.wan(row["spent"]),
            month=figures.month_short(row["last_reported"], say),
            as_of=figures.month_name(visit.as_of, say),
        )
    return say(
        "project.paid",
        paid=figures.wan(row["spent"]),
        share=figures.percent(row["spent_share"]),
        original=figures.percent(row["original_share"]),
    )


def _months(months: list[dict[str, Any]], visit: Visit) -> str:
    """The twelve months; a month after the one shown is not filled in, a month without a report says so."""
    say = visit.say

    def paid(name: str) -> Any:
        def cell(row: dict[str, Any]) -> str:
            if row["month"] > visit.as_of.month:
                return ""
            return figures.wan(row[name]) if row["reported"] else f'<span class="not_reported">○ {say("status.not_reported")}</span>'

        return cell

    return blocks.table(
        [
            blocks.Cell(say("column.month"), lambda row: figures.month_short(row["month"], say), "code"),
            blocks.share("due_share", say("column.due_share")),
            blocks.money("due_amount", say("column.due_amount")),
            blocks.money("expected_amount", say("column.expected_amount")),
            blocks.Cell(say("column.paid"), paid("paid"), "n"),
            blocks.Cell(say("column.spent"), paid("spent"), "n"),
            blocks.Cell(
                say("column.batch"),
                lambda row: blocks.batch(row["batch"] if row["month"] <= visit.as_of.month else None, visit.address),
                "n",
            ),
            blocks.plain("file_name", say("column.file_name")),
        ],
        months,
    )


def _standing(visit: Visit, key: tuple[str, str]) -> dict[str, Any]:
    """The project by money, by targets and by the worse of both."""
    return indicators.standings(visit.store, visit.as_of, visit.known_at, key)[0]


def _indicators(visit: Visit, plan: dict[str, Any], key: tuple[str, str]) -> str:
    """The indicators with what was reached by the month shown, their places in the document, the way to enter values."""
    say = visit.say
    places = {row["position"]: row["place"] for row in queries.indicators_of(visit.store, plan["batch"], key)} if plan else {}
    rows = [{**row, "place": places.get(row["position"])} for row in indicators.judged(visit.store, visit.as_of, visit.known_at, key)]
    if not rows:
        return blocks.paragraph(say("indicators.none"))
    enter = blocks.link("indicators", say("indicators.go"), **visit.address, unit=key[0], project=key[1])
    return f"<p>{enter}</p>{dual.indicators(rows, say)}"


def _show_sources(visit: Visit, key: tuple[str, str]) -> None:
    """Every official row with its batch, file and row, and the files themselves."""
    say = visit.say
    rows = [row for row in queries.lines_of(visit.store, visit.as_of.year, key, visit.known_at) if row["month"] <= visit.as_of.month]
    if not rows:
        st.text(say("project.no_lines"))
        return
    st.html(
        blocks.block(
            blocks.table(
                [
                    blocks.Cell(say("column.month"), lambda row: figures.month_short(row["month"], say)),
                    blocks.money("amount", say("column.amount")),
                    blocks.Cell(say("column.figure"), lambda row: say(f"figure.{row['figure']}")),
                    blocks.Cell(say("column.batch"), lambda row: blocks.batch(row["batch"], visit.address), "n"),
                    blocks.plain("file_name", say("column.file_name")),
                    blocks.Cell(say("column.row"), lambda row: _file_row(row, visit), "n"),
                    blocks.plain("voucher", say("column.voucher")),
                    blocks.plain("note", say("column.note")),
                    blocks.person("recorded_by", say),
                    blocks.Cell(say("column.at"), lambda row: figures.moment_name(row["recorded_at"])),
                ],
                rows,
            )
        )
    )
    files = {row["sha256"]: row["file_name"] for row in rows}
    chosen = st.selectbox(say("column.file_name"), list(files), format_func=files.__getitem__, key="source_file")
    _offer_file(visit, chosen, files[chosen], "download_source")


def _file_row(row: dict[str, Any], visit: Visit) -> str:
    """The row of the file as a link to it in its batch; a dash for a person's word that nothing was spent."""
    number = row["file_row"]
    return "—" if number is None else blocks.batch(row["batch"], visit.address, str(number), row=number)


def _offer_file(visit: Visit, sha256: str, name: str, key: str) -> None:
    content = journal.kept(visit.store, sha256)
    if content is not None:
        offer(visit, "export.table", visit.say("project.download"), content, name, key=key, mime=PLAIN)


def _show_document(visit: Visit, plan: dict[str, Any]) -> None:
    say = visit.say
    if not plan:
        return
    other = say("project.blank") if plan["other_funds"] is None else figures.wan(plan["other_funds"])
    parts = [
        f"<h3>{say('project.purpose')}</h3><p class='text'>{blocks.text(plan['purpose'])}</p>",
        f"<h3>{say('project.goal')}</h3><p class='text'>{blocks.text(plan['goal'])}</p>",
        blocks.paragraph(say("project.funds", fiscal=figures.wan(plan["fiscal_funds"]), other=other)),
        f'<p class="foot">{blocks.text(say("project.place", file=plan["file_name"], place=plan["place"], batch=plan["batch"]))} '
        f"{blocks.batch(plan['batch'], visit.address, say('ledger.open', batch=plan['batch']))}</p>",
    ]
    st.html(blocks.block(*parts, plan_history.shown(visit, plan)))
    _offer_file(visit, plan["sha256"], plan["file_name"], "download_plan")
