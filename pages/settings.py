"""设置: the thresholds, tried before they are set."""

from decimal import Decimal, InvalidOperation
from typing import Any

import streamlit as st

from data import looking_back, months, queries
from data.acting import ActError
from data.database import StoreError
from pages.deeds import carry_out, doer, tell_done
from pages.parts import blocks, figures
from pages.visit import Visit, ask_name, head

Row = dict[str, Any]
# Of the projects that come or go, those with the largest gaps.
MOST_SHOWN = 50
# How a threshold is typed: the factor between what is typed and what is kept.
PERCENT, WAN, NUMBER = Decimal("0.01"), Decimal(10_000), Decimal(1)
SHOWN = {
    "slightly_behind": PERCENT,
    "behind": PERCENT,
    "gate": WAN,
    "running_checkpoints": NUMBER,
    "pace": NUMBER,
    "recent_months": NUMBER,
    "report_day": NUMBER,
    "circular_months": NUMBER,
    "talk_months": NUMBER,
    "rectify_months": NUMBER,
    "answer_days": NUMBER,
}


def show(visit: Visit) -> None:
    """Each threshold with its meaning, what other ones would list, then the act with its reason; all versions below."""
    say = visit.say
    head(visit, say("page.settings"))
    tell_done("rules_done")
    rule = queries.rules(visit.store)
    st.html(blocks.block(f"<h3>{say('settings.thresholds')}</h3>", blocks.paragraph(say("settings.hint", version=rule["version"]), "soft")))
    changes = _typed(visit, rule)
    if changes is None:
        return
    if changes:
        _show_tried(visit, changes)
    else:
        st.text(say("settings.unchanged"))
    st.html(blocks.block(f"<h3>{say('settings.versions')}</h3>", _versions(visit)))


def _typed(visit: Visit, rule: Row) -> dict[str, Decimal] | None:
    """The thresholds that differ from those in force; None, with a word of it, where one cannot be read."""
    say, changes = visit.say, {}
    columns = st.columns(4)
    for place, (name, factor) in enumerate(SHOWN.items()):
        now = (Decimal(rule[name]) / factor).normalize()
        text = columns[place % 4].text_input(
            say(f"rule.{name}"), value=f"{now:f}", key=f"rule_{name}", help=say.meaning(f"rule.{name}") or None, max_chars=20
        )
        try:
            value = Decimal(text.strip()) * factor
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or value < 0:
            st.warning(say("settings.bad", name=say(f"rule.{name}"), value=blocks.label(text)))
            return None
        if value != rule[name]:
            changes[name] = value
    two = columns[3].toggle(say("rule.two_persons"), value=bool(rule["two_persons"]), key="rule_two_persons")
    if two != bool(rule["two_persons"]):
        changes["two_persons"] = Decimal(int(two))
    return changes


def _show_tried(visit: Visit, changes: dict[str, Decimal]) -> None:
    """Which projects and how much money would be listed, and which come and go; then the form."""
    say = visit.say
    try:
        found = looking_back.tried(visit.store, changes, visit.as_of)
    except (ActError, StoreError) as error:
        st.error(blocks.refusal(error, say))
        return
    keys = {when: {(row["unit_code"], row["project_code"]) for row in rows} for when, rows in found.items()}
    month = figures.month_name(visit.as_of, say)
    lines = [say(f"settings.{when}", month=month, **_summed(found[when])) for when in ("before", "after")]
    every = {(row["unit_code"], row["project_code"]): row for rows in found.values() for row in rows}
    order = sorted(keys["before"] ^ keys["after"], key=lambda key: (every[key]["gap_amount"], key))
    moved = [{**every[key], "move": "comes" if key in keys["after"] else "goes"} for key in order]
    table = blocks.table(
        [
            blocks.Cell(say("column.change"), lambda row: say(f"settings.{row['move']}")),
            blocks.Cell(say("column.project_name"), lambda row: blocks.project(row, visit.address), "name"),
            blocks.plain("unit_name", say("column.unit")),
            blocks.Cell(say("column.gap_amount"), lambda row: figures.signed_wan(row["gap_amount"]), "n"),
            blocks.share("completion", say("column.completion")),
        ],
        moved[:MOST_SHOWN],
        kind="stack",
    )
    if len(moved) > MOST_SHOWN:
        lines.append(say("settings.most", count=f"{len(moved):,}", most=MOST_SHOWN))
    nothing = blocks.paragraph(say("settings.same_list"))
    st.html(blocks.block(f"<h3>{say('settings.tried')}</h3>", *(blocks.paragraph(line) for line in lines), table if moved else nothing))
    if not visit.may("act.rules"):
        return
    with st.form("set_rules", border=False):
        reason = st.text_input(say("changes.reason"), key="rules_reason", max_chars=200)
        person = ask_name(visit, "rules_person", width=320)
        if st.form_submit_button(say("settings.set"), type="primary"):
            st.session_state["person"] = person
            _set(visit, changes, reason)


def _summed(rows: list[Row]) -> dict[str, Any]:
    follow_up = [row for row in rows if row["follow_up"]]
    total = sum((row["gap_amount"] for row in rows), Decimal(0))
    return {"count": len(rows), "amount": figures.wan(-total), "follow_up": len(follow_up)}


def _set(visit: Visit, changes: dict[str, Decimal], reason: str) -> None:
    def deed() -> str:
        return visit.say("settings.done", version=months.set_rules(visit.store, changes, doer(), reason))

    if carry_out(visit, deed, "rules_done"):
        for name in (*SHOWN, "two_persons"):
            st.session_state.pop(f"rule_{name}", None)
        st.rerun()


def _versions(visit: Visit) -> str:
    """Every version of the thresholds, the newest first, with what it changed, as HTML."""
    say, versions = visit.say, queries.rule_versions(visit.store)
    before = {row["version"]: older for row, older in zip(versions, [*versions[1:], {}], strict=True)}

    def written(row: Row, name: str) -> str:
        if row.get(name) is None:
            return "—"
        return say("yes" if row[name] else "no") if name == "two_persons" else figures.trimmed(row[name] / SHOWN[name])

    def changed(row: Row) -> str:
        older = before[row["version"]]
        moved = [name for name in (*SHOWN, "two_persons") if row[name] != older.get(name)]
        words = [f"{say(f'rule.{name}')} {f'{written(older, name)} → ' if older else ''}{written(row, name)}" for name in moved]
        return blocks.text(say("month.and").join(words))

    def reason(row: Row) -> str:
        return blocks.text(say("settings.default") if row["reason"] == "default" else row["reason"])

    columns = [
        blocks.plain("version", say("settings.version"), "n"),
        blocks.Cell(say("column.change"), changed, "w"),
        blocks.Cell(say("changes.reason"), reason),
        blocks.person("recorded_by", say),
        blocks.Cell(say("column.at"), lambda row: figures.moment_name(row["recorded_at"]), "code"),
    ]
    return blocks.table(columns, versions, kind="stack")
