"""The official forms: `forms monitor` and `forms selfeval`."""

from pathlib import Path

from data import official, queries
from data.words import Words
from pages.parts import exports
from pages.parts.official_book import forms_workbook
from pages.terminal.told import DONE, Told, UsageError, asked, form_of, tell, write


def forms(told: Told, say: Words) -> int:
    """Fill the form of each project: into one workbook, a sheet each, or into a folder, a workbook each."""
    store = asked(told, say)
    made = official.filled(store, told.form, told.as_of, told.known_at, told.project)
    if not made:
        raise UsageError(say("act.no_project", project=told.project, year=told.as_of.year) if told.project else say("empty.no_plan"))
    about = exports.Context(queries.export_facts(store, told.as_of, told.known_at), say, {})
    target = Path(told.output)
    if target.is_dir():
        name = say(f"forms.{told.form}")
        books = {str(target / f"{name}_{told.as_of:%Y-%m}_{number:02d}_{_bare(form)}.xlsx"): [form] for number, form in enumerate(made, 1)}
    else:
        form_of(told.output, ("xlsx",), say)
        books = {told.output: made}
    for path, part in books.items():
        write(told, forms_workbook(part, about, official.columns, official.is_missing), say, path)
    tell(told, [_answer(form) for form in made], [say("cli.forms_written", count=len(made), files=len(books), place=told.output)])
    return DONE


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
        "missing": [dict(zip(names, place, strict=True)) for place in form["missing"]],
    }
