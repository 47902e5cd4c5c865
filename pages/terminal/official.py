"""The official forms: `forms monitor`, `forms selfeval` and `forms summary`."""

from pathlib import Path

from data import official, queries
from data.database import Store
from data.words import Words
from pages.parts import exports
from pages.parts.grid import Sheet
from pages.parts.official_book import forms_workbook
from pages.parts.official_layout import laid_out
from pages.parts.summary_layout import summary_sheet
from pages.terminal.told import DONE, Told, UsageError, asked, form_of, tell, write

FORMATS = ("xlsx", "docx")


def forms(told: Told, say: Words) -> int:
    """Fill the form of each project: into one file, a sheet each, or into a folder, a file each; or the department's summary."""
    store = asked(told, say)
    about = exports.Context(queries.export_facts(store, told.as_of, told.known_at), say, {})
    if told.form == official.SUMMARY:
        return _summary(store, told, about)
    made = official.filled(store, told.form, told.as_of, told.known_at, told.project)
    if not made:
        raise UsageError(say("act.no_project", project=told.project, year=told.as_of.year) if told.project else say("empty.no_plan"))
    target = Path(told.output)
    if target.is_dir():
        name, kind = say(f"forms.{told.form}"), told.format or FORMATS[0]
        stems = [f"{name}_{told.as_of:%Y-%m}_{number:02d}_{_bare(form)}.{kind}" for number, form in enumerate(made, 1)]
        books = {str(target / stem): [form] for stem, form in zip(stems, made, strict=True)}
    else:
        kind = form_of(told.output, FORMATS, say)
        books = {told.output: made}
    for path, part in books.items():
        write(told, _content([laid_out(form, about, official.columns, official.is_missing) for form in part], kind, say), say, path)
    silent = sum(form["unexplained"] for form in made)
    lines = [say("cli.forms_written", count=len(made), files=len(books), place=told.output)]
    tell(told, [_answer(form) for form in made], [*lines, *([say("forms.silent", count=silent)] if silent else [])])
    return DONE


def _summary(store: Store, told: Told, about: exports.Context) -> int:
    say, summary = about.say, official.summary(store, told.as_of, told.known_at)
    if not summary["projects"]:
        raise UsageError(say("empty.no_plan"))
    sheet = summary_sheet(summary, about, official.columns)
    write(told, _content([sheet], form_of(told.output, FORMATS, say), say), say)
    answer = {part: [_plain(row) for row in summary[part]] for part in ("projects", "units")}
    tell(told, {**answer, "whole": _plain(summary["whole"])}, [say("cli.written", file=told.output, count=len(summary["projects"]))])
    return DONE


def _content(sheets: list[Sheet], kind: str, say: Words) -> bytes:
    if kind == "docx":
        from pages.parts.official_docx import forms_docx  # noqa: PLC0415 - a quarter of a second that only Word files need

        return forms_docx(sheets, say)
    return forms_workbook(sheets)


def _plain(row: official.Row) -> official.Row:
    return {name: str(value) if isinstance(value, official.Decimal) else value for name, value in row.items()}


def _bare(form: official.Row) -> str:
    """A project's code as it may stand in the name of a file."""
    return "".join(sign for sign in form["head"]["project_code"] if sign.isalnum())


def _answer(form: official.Row) -> official.Row:
    head, names = form["head"], ("part", "row", "column")
    return {
        **{name: head[name] for name in ("unit_code", "project_code", "project_name")},
        "points": None if form["points"] is None else str(form["points"]),
        "grade": form["grade"],
        "estimated": form["estimated"],
        "unexplained": form["unexplained"],
        "proposed": [dict(zip(names, place, strict=True)) for place in sorted(form["proposed"])],
        "missing": [dict(zip(names, place, strict=True)) for place in form["missing"]],
    }
