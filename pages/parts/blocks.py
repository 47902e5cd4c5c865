"""Rows become HTML: figures, bars, tables, chips; every text from outside is escaped here."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from html import escape
from typing import Any, NamedTuple
from urllib.parse import urlencode

from data.words import Words
from pages.parts import figures

Row = dict[str, Any]
# Under this name the product records what it does when it is first started.
PRODUCT = "default"


class Cell(NamedTuple):
    """One column of a table: its heading, what it shows of a row (as HTML), its CSS class."""

    heading: str
    show: Callable[[Row], str]
    kind: str = ""


def block(*parts: str) -> str:
    """The parts as one block in the product's style."""
    return f'<div class="m">{"".join(parts)}</div>'


def text(value: Any) -> str:
    """A value from outside as text that can never become markup."""
    return "—" if value is None or value == "" else escape(str(value))


def label(words: str) -> str:
    """Words from outside as a label of the framework, which would take them for markdown."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|~:$<>&])", r"\\\1", words)


def refusal(error: Any, say: Words) -> str:
    """The sentence of a refusal (its code and facts) as the framework may be given it: what it names from outside stays text."""
    return say(error.code, **{name: label(fact) if isinstance(fact, str) else fact for name, fact in error.facts.items()})


def to(page: str, **address: Any) -> str:
    """The address of a page of the product with what it should show."""
    return f"./{page}?{urlencode({name: value for name, value in address.items() if value not in (None, '')})}"


def link(page: str, words: str, **address: Any) -> str:
    """A link to a page of the product; the address carries what it should show."""
    return f'<a href="{escape(to(page, **address))}" target="_self">{escape(words)}</a>'


def batch(number: int | None, address: Row, words: str | None = None, **more: Any) -> str:
    """A batch's number as a link to its page, where `more` names what to show of it; a dash for none."""
    return "—" if number is None else link("ledger", words or str(number), **address, batch=number, **more)


def project(row: Row, address: Row) -> str:
    """A project's name as a link to its page; its code where the plan has no name for it."""
    return link("project", row.get("project_name") or row["project_code"], **address, unit=row["unit_code"], project=row["project_code"])


def steps(names: Sequence[str], current: int) -> str:
    """The steps of a job on one line, the current one bold; they are counted from one."""
    here = {current: ' class="here" aria-current="step"'}
    return f'<ol class="steps">{"".join(f"<li{here.get(n, str())}>{escape(name)}</li>" for n, name in enumerate(names, 1))}</ol>'


def pairs(lines: Iterable[tuple[str, str]]) -> str:
    """Facts as two columns, the name and what is ready to show of it; an empty one is left out."""
    return f'<dl class="pairs">{"".join(f"<div><dt>{escape(name)}</dt><dd>{shown}</dd></div>" for name, shown in lines if shown)}</dl>'


def paragraph(words: str, kind: str = "") -> str:
    """A paragraph of plain text."""
    return f'<p class="{kind}">{escape(words)}</p>' if words else ""


def chip(status: str, say: Words, at_risk: bool = False) -> str:
    """A status as word, shape and colour, with the early warning beside it."""
    mark = say(f"mark.{status}") if say.has(f"mark.{status}") else ""
    return shaped(status, say(f"status.{status}"), (mark, say("at_risk") if at_risk else ""), say.meaning(f"status.{status}"))


def shaped(status: str, word: str, marks: tuple[str, str], meaning: str) -> str:
    """A word in the colour of a status, its shape before it and a warning behind it, where there are any."""
    mark = f'<i aria-hidden="true">{escape(marks[0])}</i>' if marks[0] else ""
    risk = f'<span class="risk">{escape(marks[1])}</span>' if marks[1] else ""
    return f'<span class="status {status}" title="{escape(meaning)}">{mark}{escape(word)}</span>{risk}'


def kpis(entries: Iterable[tuple[str, str, Sequence[str], str, str]]) -> str:
    """A row of figures: label, value, the lines under it, a sparkline or nothing, and the address to which all of it leads."""
    found = (
        f'<a class="kpi" href="{escape(address)}" target="_self"><span class="label">{escape(label)}</span>'
        f'<span class="value">{escape(value)}</span>'
        f"{''.join(f'<span class=sub>{escape(line)}</span>' for line in lines if line)}{spark}</a>"
        for label, value, lines, spark, address in entries
    )
    return f'<div class="kpis">{"".join(found)}</div>'


def sparkline(values: Sequence[Decimal | int | None], label: str, is_step: bool = False) -> str:
    """A small line of the months' values as a picture; a month without a value is a gap, the last one a dot."""
    known = [float(value) for value in values if value is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    span = (high - low) or 1
    runs: list[list[tuple[float, float]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        point = (2 + place * 96 / 11, 17 - 14 * (float(value) - low) / span)
        if is_step and runs[-1]:
            runs[-1].append((point[0], runs[-1][-1][1]))
        runs[-1].append(point)
    lines = "".join(f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in run)}"/>' for run in runs if run)
    x, y = next(run for run in reversed(runs) if run)[-1]
    # A picture of its own, because the page's own drawing is taken out of ready HTML; its blue reads on white and on black.
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="20" viewBox="0 0 100 20" fill="none" stroke="#3b82d0" '
        f'stroke-width="1.5">{lines}<circle cx="{x:.1f}" cy="{y:.1f}" r="1.8" fill="#3b82d0"/></svg>'
    )
    return f'<img class="spark" alt="{escape(label)}" src="data:image/svg+xml;base64,{b64encode(drawn.encode()).decode()}">'


def ranked(rows: Sequence[Row], say: Words, address: dict[str, Any]) -> str:
    """One bar a project: the paid share over a track with the plan's checkpoints, the due one bold, the gap at the right."""
    found = []
    for row in rows:
        share = row["spent_share"] if row["spent_share"] is not None else Decimal(0)
        due = row["due_share"]
        ticks = "".join(
            f'<span class="tick{" due" if point == due else ""}" style="left:{min(float(point), 1) * 100:.2f}%"></span>'
            for point in row["points"]
        )
        label = f"{say('column.spent_share')} {figures.percent(row['spent_share'])}, {say('column.due_share')} {figures.percent(due)}"
        hatched = "" if row["reported"] else " hatched"
        name = link("project", row["project_name"], **address, unit=row["unit_code"], project=row["project_code"])
        found.append(
            f'<div class="row"><div class="name" title="{escape(row["project_name"])}">{name}</div>'
            f'<div class="bar{hatched}" role="img" aria-label="{escape(label)}" title="{escape(label)}">'
            f'<span class="fill" style="width:{max(min(float(share), 1), 0) * 100:.2f}%"></span>{ticks}</div>'
            f'<div class="gap">{figures.signed_wan(row["gap_amount"])}</div>'
            f'<div class="chip">{chip(row["status"], say, row["at_risk"])}</div></div>'
        )
    return f'<div class="bars">{"".join(found)}</div>'


def table(
    columns: Sequence[Cell],
    rows: Sequence[Row],
    whole: Sequence[str] | None = None,
    kind: str = "",
    marked: Callable[[Row], bool] = lambda row: False,
) -> str:
    """A real table that prints; `whole` is a last line of ready cells, `marked` tells which rows stand out."""
    head = "".join(f'<th scope="col" class="{column.kind}">{escape(column.heading)}</th>' for column in columns)
    lines = [(' class="marked"' if marked(row) else "", "".join(_cell(column, column.show(row)) for column in columns)) for row in rows]
    body = "".join(f"<tr{kind}>{cells}</tr>" for kind, cells in lines)
    if whole:
        cells = "".join(_cell(column, cell) for column, cell in zip(columns, whole, strict=True))
        body += f'<tr class="whole">{cells}</tr>'
    return f'<div class="scroll" tabindex="0"><table class="{kind}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def grouped(columns: Sequence[Cell], groups: Sequence[tuple[str, Sequence[Row], Sequence[str]]], kind: str = "") -> str:
    """One table whose rows stand in groups, each below its words and above a line of its ready cells."""
    head, *_ = table(columns, [], kind=kind).split("<tbody>")
    parts = []
    for words, rows, whole in groups:
        inner = table(columns, rows, whole).split("<tbody>")[1].split("</tbody>")[0]
        parts.append(f'<tbody class="group"><tr><th colspan="{len(columns)}">{escape(words)}</th></tr>{inner}</tbody>')
    return f"{head}{''.join(parts)}</table></div>"


def _cell(column: Cell, content: str) -> str:
    """One cell; a phone shows its heading beside it, because there the rows are stacked."""
    return f'<td class="{column.kind}" data-label="{escape(column.heading)}">{content}</td>'


def money(name: str, heading: str) -> Cell:
    """A column of 万元."""
    return Cell(heading, lambda row: figures.wan(row[name]), "n")


def share(name: str, heading: str) -> Cell:
    """A column of percentages."""
    return Cell(heading, lambda row: figures.percent(row[name]), "n")


def plain(name: str, heading: str, kind: str = "") -> Cell:
    """A column of text as it is."""
    return Cell(heading, lambda row: text(row[name]), kind)


def by(person: str | None, say: Words) -> str:
    """Who did something, in plain text; what the product does by itself has no person."""
    return say("person.product") if person == PRODUCT else person or ""


def person(name: str, say: Words) -> Cell:
    """A column of who did it."""
    return Cell(say("column.person"), lambda row: text(by(row[name], say)))


def facts(lines: Iterable[str]) -> str:
    """A list of short sentences."""
    return f'<ul class="facts">{"".join(f"<li>{escape(line)}</li>" for line in lines if line)}</ul>'


def findings(rows: Sequence[Row], say: Words) -> str:
    """All findings as a table: level, place, value, expected, what is wrong and what to do."""
    return table(
        [
            Cell(say("column.level"), lambda row: f'<span class="level-{row["level"]}">{escape(say("level." + row["level"]))}</span>'),
            plain("code", say("column.rule"), "code"),
            plain("row", say("column.row"), "n"),
            plain("column", say("column.column"), "code"),
            plain("value", say("column.value")),
            plain("expected", say("column.expected")),
            plain("message", say("column.problem")),
            plain("fix", say("column.remedy")),
        ],
        rows,
        kind="stack",
    )
