"""账号: who may sign in, as what, for which units; and the written table of who may do what."""

from collections.abc import Callable

import streamlit as st

from data import accounts, rights
from data.words import Words
from pages.deeds import carry_out, tell_done
from pages.parts import blocks, figures
from pages.visit import Visit, head


def show(visit: Visit) -> None:
    """Every account, what the visitor may do to one of them, the table of rights."""
    say = visit.say
    head(visit, say("page.accounts"))
    tell_done("account_done")
    people = accounts.people(visit.store)
    columns = [
        blocks.plain("person", say("signin.person"), "name"),
        blocks.Cell(say("column.role"), lambda row: _role(row["role"], say)),
        blocks.Cell(say("column.unit"), lambda row: blocks.text(", ".join(row["units"] or [say("control.all_units")]))),
        blocks.Cell(say("column.state"), lambda row: _state(row, say)),
        blocks.Cell(say("account.added"), lambda row: figures.moment_name(row["added_at"]), "code"),
    ]
    st.html(blocks.block(blocks.table(columns, people, kind="stack") if people else blocks.paragraph(say("cli.people_none"))))
    if visit.may("accounts.add"):
        _add(visit)
    if people:
        _change(visit, [row["person"] for row in people])
    st.html(blocks.block(f"<h3>{say('rights.title')}</h3>", table_of_rights(say)))


def _role(role: str, say: Words) -> str:
    return say(f"role.{role}") if role else say("role.none")


def _state(row: dict[str, object], say: Words) -> str:
    return say("account.disabled") if row["disabled"] else say("account.locked") if row["locked"] else ""


def _roles(visit: Visit, place: str) -> tuple[str, list[str]]:
    """The role and units that are chosen; none where the visitor gives no roles."""
    if not visit.may("accounts.role"):
        return "", []
    say = visit.say
    role = st.selectbox(
        say("column.role"), [*rights.ROLES, *rights.SEPARATED], key=f"{place}_role", format_func=lambda name: say(f"role.{name}")
    )
    return role, st.text_input(say("account.units"), key=f"{place}_units", max_chars=200).replace(",", " ").replace("，", " ").split()


def _add(visit: Visit) -> None:
    say = visit.say
    with st.expander(say("right.accounts.add")), st.form("add_account", border=False):
        name = st.text_input(say("signin.person"), key="add_name", max_chars=40)
        role, units = _roles(visit, "add")
        if st.form_submit_button(say("right.accounts.add"), type="primary"):

            def deed() -> str:
                secret = accounts.add(visit.store, name, role, units, None, visit.visitor.name)
                return say("cli.person_added", person=accounts.named(name), role=_role(role, say), password=secret)

            if carry_out(visit, deed, "account_done"):
                st.rerun()


def _change(visit: Visit, people: list[str]) -> None:
    """One account: whichever of its changes the visitor may make."""
    say, by = visit.say, visit.visitor.name
    deeds = [name for name in ("role", "disable", "password", "signout") if visit.may(f"accounts.{name}")]
    if not deeds:
        return
    with st.expander(say("account.change")), st.form("change_account", border=False):
        person = st.selectbox(say("signin.person"), people, key="changed_person")
        role, units = _roles(visit, "changed")
        done = {
            "role": lambda: accounts.set_role(visit.store, person, role, units, by),
            "disable": lambda: accounts.disable(visit.store, person, by, not _is_disabled(visit, person)),
            "password": lambda: accounts.set_password(visit.store, person, by),
            "signout": lambda: accounts.sign_out_everywhere(visit.store, person, by),
        }
        with st.container(horizontal=True):
            pressed = [name for name in deeds if st.form_submit_button(say(f"right.accounts.{name}"), key=f"account_{name}")]
        for name in pressed:

            def deed(name: str = name) -> str:
                secret = done[name]()
                told = {"person": person}
                return say("cli.person_password", password=secret, **told) if secret else say("cli.person_done", **told)

            if carry_out(visit, deed, "account_done"):
                st.rerun()


def _is_disabled(visit: Visit, person: str) -> bool:
    return any(row["person"] == person and row["disabled"] for row in accounts.people(visit.store))


def table_of_rights(say: Words) -> str:
    """The written table, a row a right and a column a role, as HTML."""
    roles = (*rights.ROLES, *rights.SEPARATED)
    rows = [{"right": right, "roles": given} for right, given in rights.table().items()]

    def mark(role: str) -> Callable[[dict[str, object]], str]:
        return lambda row: "✓" if role in row["roles"] else ""

    columns = [
        blocks.Cell(say("rights.right"), lambda row: blocks.text(name_of(row["right"], say))),
        *(blocks.Cell(say(f"role.{role}"), mark(role)) for role in roles),
    ]
    return blocks.table(columns, rows)


def name_of(right: str, say: Words) -> str:
    """A right in words."""
    kind, _, name = right.partition(".")
    words = {"page": "page", "act": "verb"}
    return say(f"right.{kind}", name=say(f"{words[kind]}.{name}")) if kind in words else say(f"right.{right}")
