"""滞后清单: the lagging projects as a list to hand out."""

from decimal import Decimal
from typing import Any

import streamlit as st

from data import explaining as explaining_data
from data import queries
from data.words import Words
from pages import explaining, noticing, official_forms
from pages.parts import blocks, exports, figures
from pages.parts.working_paper import behind_workbook
from pages.visit import Visit, foot, head, offer

STATUSES = ("behind", "far_behind")


def show(visit: Visit) -> None:
    """Filters, a sentence with count and sum, the table, the exports."""
    say = visit.say
    head(visit, say("page.behind"))
    everything = queries.progress(visit.store, visit.as_of, visit.known_at)
    if not everything:
        st.info(say("empty.no_plan_text"))
        return
    chosen = _filters(visit, everything)
    rows = [row for row in explaining_data.chased(visit.store, visit.as_of, visit.known_at) if _fits(row, chosen)]
    total = sum((row["gap_amount"] for row in rows), Decimal(0))
    whole = queries.summary(visit.store, visit.as_of, visit.known_at)[0]
    month = figures.month_name(visit.as_of, say)
    sentence = (
        say("behind.sentence", month=month, count=len(rows), sum=figures.wan(-total), follow=sum(row["follow_up"] for row in rows))
        if rows
        else _none(whole, month, say)
    )
    silent = sum(row["status"] == "not_reported" for row in everything if chosen["unit"] in ("", row["unit_code"]))
    rule = queries.rules(visit.store, visit.known_at)
    parts = [blocks.paragraph(sentence, "verdict")]
    if silent:
        parts.append(blocks.paragraph(say("behind.unjudged", count=silent)))
    if rows:
        parts.append(_table(rows, visit, total))
    st.html(blocks.block(*parts, foot(visit, whole), blocks.paragraph(figures.bands(rule, say), "foot")))
    if back := explaining_data.recovered(visit.store, visit.as_of, visit.known_at):
        names = say("month.and").join(row["project_name"] for row in back)
        st.html(blocks.block(blocks.paragraph(say("behind.recovered", count=len(back), names=names))))
    if rows:
        _show_exports(visit, rows, chosen, everything)
        explaining.show(visit, rows)
        noticing.show(visit, rows)
    official_forms.offer(visit)


def _none(whole: dict[str, Any], month: str, say: Words) -> str:
    """Why the list is empty: nothing reported, none lagging among those that reported, or none at all."""
    if not whole["reported"]:
        return say("verdict.nothing", month=month, projects=whole["projects"])
    if whole["reported"] == whole["projects"]:
        return say("behind.none", month=month)
    share = figures.percent(whole["coverage"])
    return say("behind.none_reported", month=month, reported=whole["reported"], projects=whole["projects"], share=share)


def _filters(visit: Visit, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The filters, kept in the address so that a link shows the same list."""
    say = visit.say
    units = {"": say("control.all_units"), **{row["unit_code"]: row["unit_name"] for row in rows}}
    asked = st.query_params
    unit = asked.get("unit", "") if asked.get("unit", "") in units else ""
    statuses = [status for status in asked.get("status", "").split(",") if status in STATUSES]
    try:
        gate = max(float(asked.get("gate", "0")), 0.0)
    except ValueError:
        gate = 0.0
    st.session_state.update(
        {"behind_unit": unit, "behind_status": statuses or list(STATUSES), "behind_gate": gate, "behind_follow": asked.get("follow") == "1"}
    )

    def keep() -> None:
        now = st.session_state
        wanted = {
            "unit": now["behind_unit"],
            "gate": f"{now['behind_gate']:g}" if now["behind_gate"] else "",
            "status": ",".join(now["behind_status"]) if 0 < len(now["behind_status"]) < len(STATUSES) else "",
            "follow": "1" if now["behind_follow"] else "",
        }
        for name, value in wanted.items():
            st.query_params.pop(name, None)
            if value:
                st.query_params[name] = value

    places = st.columns([3, 3, 2, 2], vertical_alignment="bottom")
    places[0].selectbox(say("control.unit"), list(units), format_func=units.__getitem__, key="behind_unit", on_change=keep)
    places[1].multiselect(
        say("behind.status"),
        STATUSES,
        format_func=lambda status: say(f"status.{status}"),
        key="behind_status",
        on_change=keep,
        placeholder=say("behind.status"),
    )
    places[2].number_input(say("behind.gate"), min_value=0.0, step=5.0, format="%.2f", key="behind_gate", on_change=keep)
    places[3].checkbox(say("behind.follow"), key="behind_follow", on_change=keep, help=say.meaning("follow_up"))
    now = st.session_state
    return {
        "unit": now["behind_unit"],
        "status": now["behind_status"] or list(STATUSES),
        "gate": Decimal(str(now["behind_gate"])) * figures.WAN,
        "follow": now["behind_follow"],
    }


def _fits(row: dict[str, Any], chosen: dict[str, Any]) -> bool:
    return (
        chosen["unit"] in ("", row["unit_code"])
        and row["status"] in chosen["status"]
        and -row["gap_amount"] >= chosen["gate"]
        and (row["follow_up"] or not chosen["follow"])
    )


def _table(rows: list[dict[str, Any]], visit: Visit, total: Decimal) -> str:
    say = visit.say
    columns = [
        blocks.Cell(
            say("column.project_name"),
            lambda row: blocks.link("project", row["project_name"], **visit.address, unit=row["unit_code"], project=row["project_code"]),
            "name",
        ),
        blocks.plain("project_code", say("column.project_code"), "code"),
        blocks.plain("unit_name", say("column.unit")),
        blocks.Cell(say("column.status"), lambda row: blocks.chip(row["status"], say)),
        blocks.money("current_budget", say("column.budget")),
        blocks.share("due_share", say("column.due_share")),
        blocks.share("spent_share", say("column.spent_share")),
        blocks.Cell(say("column.gap_share"), lambda row: figures.points(row["gap_share"]), "n"),
        blocks.money("gap_amount", say("column.gap_amount")),
        blocks.money("needed_to_next", say("column.needed_to_next")),
        blocks.plain("months_left", say("column.months_left"), "n"),
        blocks.Cell(say("column.follow_up"), lambda row: say("yes") if row["follow_up"] else ""),
        blocks.Cell(say("column.streak"), lambda row: blocks.text(say("behind.streak", count=row["streak"]) if row["streak"] else ""), "n"),
        blocks.Cell(say("column.reason"), lambda row: _reason(row, say), "w"),
        blocks.Cell(say("column.promise"), lambda row: blocks.text(explaining.promise(row, say))),
    ]
    sums = {name: figures.wan(sum((row[name] or Decimal(0) for row in rows), Decimal(0))) for name in ("current_budget", "needed_to_next")}
    last = [blocks.text(say("behind.sum")), "", "", "", sums["current_budget"], *[""] * 3, figures.wan(total), sums["needed_to_next"]]
    last += [""] * (len(columns) - len(last))
    return f'<p class="foot">{say("unit.money")}</p>' + blocks.table(columns, rows, last, kind="stack")


def _reason(row: dict[str, Any], say: Words) -> str:
    """Cause, reason and measure in one cell; a word that it is still missing."""
    if row["cause"] is None:
        return f'<span class="soft">{say("explain.missing")}</span>'
    same = f" （{say('explain.repeated')}）" if row["repeated"] else ""
    parts = [say(f"cause.{row['cause']}"), f"{row['reason']}{same}", row["measure"], row["responsible"]]
    return blocks.text(" · ".join(part for part in parts if part))


def _show_exports(visit: Visit, rows: list[dict[str, Any]], chosen: dict[str, Any], everything: list[dict[str, Any]]) -> None:
    say = visit.say
    names = {row["unit_code"]: row["unit_name"] for row in everything}
    filters = {
        say("control.unit"): names.get(chosen["unit"]),
        say("behind.gate"): figures.wan(chosen["gate"]) if chosen["gate"] else None,
        say("behind.status"): "、".join(say(f"status.{status}") for status in chosen["status"])
        if len(chosen["status"]) < len(STATUSES)
        else None,
        say("behind.follow"): say("yes") if chosen["follow"] else None,
    }
    facts = queries.export_facts(visit.store, visit.as_of, visit.known_at)
    about = exports.Context(facts, say, filters)
    name = ("示例_" if facts["sample"] else "") + say("behind.file", month=f"{visit.as_of:%Y-%m}")
    left, right, _ = st.columns([2, 2, 6])
    offer(
        visit,
        "export.table",
        say("behind.excel", count=len(rows)),
        lambda: behind_workbook(rows, about),
        f"{name}.xlsx",
        key="export_xlsx",
        place=left,
        width="stretch",
    )
    offer(
        visit,
        "export.table",
        say("behind.csv", count=len(rows)),
        lambda: exports.behind_csv(rows, about),
        f"{name}.csv",
        key="export_csv",
        place=right,
        width="stretch",
    )
