"""The briefing (简报): what a director holds in the hand, from the rows that the pages show; a Paper for HTML, PDF and Word."""

from typing import Any

from data.words import Words
from pages.parts import drawing, figures, selection
from pages.parts.exports import Context
from pages.parts.paper import Facts, Note, Paper, Picture, Table, as_html, as_pdf
from pages.parts.verdict import curve_told, expected, verdict

Row = dict[str, Any]


def brief_pdf(facts: Row, say: Words) -> bytes:
    """The briefing as PDF; PaperError where this machine cannot set one."""
    return as_pdf(brief(facts, say), say)


def brief_html(facts: Row, say: Words) -> bytes:
    """The briefing as one HTML file that needs nothing else."""
    return as_html(brief(facts, say), say).encode()


def brief_docx(facts: Row, say: Words) -> bytes:
    """The briefing as a Word document that an office can edit."""
    from pages.parts.paper_docx import as_docx  # noqa: PLC0415 - a quarter of a second that only Word files need

    return as_docx(brief(facts, say), say)


def brief(facts: Row, say: Words) -> Paper:
    """What the briefing says, the same for all its forms.

    `facts`: seen (the month at a glance), summary, months (the curve), ahead (the range), behind, and about
    (as_of, known_at, whole, rule, batches, sample).
    """
    about, summary = facts["about"], facts["summary"]
    as_of = about["as_of"]
    lines = [*verdict(facts["seen"], summary[0], as_of, say), expected(facts["ahead"], summary[0]["budget"], say)]
    behind, units, curve = _behind(facts["behind"], say), _units(summary, say), say("chart.curve")
    context, left_out = Context(about, say, {}), facts["behind"]["projects"] - len(facts["behind"]["rows"])
    more_units = summary[0]["units"] - len(summary[1:])
    return Paper(
        title=say("brief.title"),
        under=[say("foot.as_of", month=figures.month_name(as_of, say)), say("brief.unit")],
        blocks=[
            *(Note(line) for line in lines if line),
            Facts(
                say("brief.figures"),
                _figures(summary[0], say),
                [units.heading, curve, curve, say("brief.map"), behind.heading, units.heading],
            ),
            Picture(
                curve,
                drawing.curve(facts["months"], say, as_of.month, facts["ahead"]),
                curve_told(facts["months"], as_of.month, facts["ahead"], say),
            ),
            behind,
            *([Note(say("brief.more", count=left_out))] if left_out else []),
            *([Note(told)] if (told := selection.owed_by(facts["behind"], say)) else []),
            units,
            *([Note(say("units.more", count=more_units))] if more_units else []),
            Picture(say("brief.map"), drawing.gaps(facts["seen"]["dots"], say), say("brief.map_alt")),
            *(Note(line) for line in context.feet),
        ],
        foot=figures.foot(about["whole"], about["rule"], as_of, say),
        mark=say("sample.mark") if about["sample"] else "",
    )


def _figures(whole: Row, say: Words) -> list[tuple[str, str]]:
    """Budget, paid, due, gap and lagging projects, each with its unit; paid, due and gap of the reported projects."""
    money, share = say("unit.money"), say("kpi.share", share=figures.percent(whole["spent_share"]))
    return [
        (say("kpi.budget"), f"{figures.wan(whole['budget'])} {money} · {say('kpi.projects', projects=whole['projects'])}"),
        (say("kpi.paid"), f"{figures.wan(whole['judged_spent'])} {money} · {share}"),
        (say("kpi.due"), f"{figures.wan(whole['judged_due'])} {money} · {figures.percent(whole['judged_due_share'])}"),
        (say("kpi.gap"), f"{figures.signed_wan(whole['gap_amount'])} {money}"),
        (say("kpi.lagging"), f"{whole['lagging']} / {whole['projects']} · {say('kpi.risk', count=whole['at_risk'])}"),
        (say("kpi.coverage"), f"{whole['reported']} / {whole['projects']} · {figures.percent(whole['coverage'])}"),
    ]


def _behind(listed: Row, say: Words) -> Table:
    """The lagging projects, the largest gap first, with their sum."""
    heads = ["project_name", "unit_name", "current_budget", "due_share", "spent_share", "gap_amount", "needed_to_next", "status"]
    told = [
        (
            row["project_name"],
            row["unit_name"],
            figures.wan(row["current_budget"]),
            figures.percent(row["due_share"]),
            figures.percent(row["spent_share"]),
            figures.signed_wan(row["gap_amount"]),
            figures.wan(row["needed_to_next"]),
            say(f"status.{row['status']}"),
        )
        for row in listed["rows"]
    ]
    whole = (say("behind.sum"), "", figures.wan(listed["current_budget"]), "", "", figures.signed_wan(listed["gap_amount"]))
    last = (*whole, figures.wan(listed["needed_to_next"]), "") if listed["rows"] else ()
    title = say("brief.behind", count=listed["projects"]) + say("unit.in")
    return Table(title, [say(f"column.{name}") for name in heads], told, (25, 21, 16, 12, 11, 16, 17, 13), (2, 3, 4, 5, 6), last)


def _units(summary: list[Row], say: Words) -> Table:
    """Each unit and all together: budget, due, paid, gap, lagging projects, who has reported."""
    heads = ["unit", "budget", "due_amount", "spent", "gap_amount", "spent_share", "lagging", "reported"]
    lines = [
        (
            row["unit_name"] if row["unit_code"] else say("units.whole"),
            figures.wan(row["budget"]),
            figures.wan(row["judged_due"]),
            figures.wan(row["judged_spent"]),
            figures.signed_wan(row["gap_amount"]),
            figures.percent(row["spent_share"]),
            str(row["lagging"]),
            f"{row['reported']}/{row['projects']}",
        )
        for row in [*summary[1:], summary[0]]
    ]
    named = [say(f"column.{name}") for name in heads]
    widths, numbers = (28, 16, 16, 16, 16, 12, 12, 12), (1, 2, 3, 4, 5, 6, 7)
    return Table(say("units.title") + say("unit.in"), named, lines[:-1], widths, numbers, lines[-1])
