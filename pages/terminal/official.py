"""The official forms: `forms monitor`, `forms selfeval`, `forms summary`, what is filled into them by hand, their layout."""

from pathlib import Path

from data import form_words, official, queries, variants
from data.database import Store
from data.words import Words
from loaders.problems import Reading
from pages.parts import answers, exports
from pages.parts.grid import Sheet
from pages.parts.official_book import forms_workbook
from pages.parts.official_layout import laid_out, layout_csv
from pages.parts.summary_layout import summary_sheet
from pages.terminal.planning import key_of
from pages.terminal.told import DONE, PROBLEMS, Told, UsageError, asked, form_of, opened, tell, write

FORMATS = ("xlsx", "docx")


def forms(told: Told, say: Words) -> int:
    """Carry out the action named behind the verb."""
    if told.form in ACTIONS:
        return ACTIONS[told.form](told, say)
    _need(told, say, "--as-of YYYY-MM", "-o FILE.xlsx|FILE.docx|FOLDER")
    store = asked(told, say)
    layout = form_words.layout(store, told.known_at)
    if told.layout:
        reading = _read(told.layout, say)
        if reading.fatal:
            return _amiss(told, say, reading)
        layout = form_words.Layout(Path(told.layout).name, tuple(reading.rows))
    facts = {**queries.export_facts(store, told.as_of, told.known_at), "layout": layout.name}
    make = _summary if told.form == official.SUMMARY else _each
    return make(store, told, exports.Context(facts, say, {}), layout.columns)


def _need(told: Told, say: Words, *needs: str) -> None:
    """UsageError where an option of one of these names is missing."""
    for need in needs:
        names = {"-o": "output"}
        option = need.split(" ")[0]
        if not getattr(told, names.get(option, option.strip("-").replace("-", "_"))):
            raise UsageError(say("cli.forms_needs", needs=need))


def _each(store: Store, told: Told, about: exports.Context, columns: variants.Columns) -> int:
    """Fill the form of each project: into one file, a sheet each, or into a folder, a file each."""
    say = about.say
    made = official.filled(store, told.form, told.as_of, told.known_at, told.project, columns)
    if not made:
        raise UsageError(say("act.no_project", project=told.project, year=told.as_of.year) if told.project else say("empty.no_plan"))
    target = Path(told.output)
    if _is_folder(target, say):
        name, kind = say(f"forms.{told.form}"), told.format or FORMATS[0]
        stems = [f"{name}_{told.as_of:%Y-%m}_{number:02d}_{_bare(form)}.{kind}" for number, form in enumerate(made, 1)]
        books = {str(target / stem): [form] for stem, form in zip(stems, made, strict=True)}
    else:
        kind = form_of(told.output, FORMATS, say)
        books = {told.output: made}
    for path, part in books.items():
        write(told, _content([laid_out(form, about, columns, official.is_missing) for form in part], kind, say), say, path)
    silent = sum(form["unexplained"] for form in made)
    lines = [say("cli.forms_written", count=len(made), files=len(books), place=told.output), *(_open(form, say) for form in made)]
    tell(told, [_answer(form) for form in made], [*lines, *([say("forms.silent", count=silent)] if silent else [])])
    return DONE


def _open(form: official.Row, say: Words) -> str:
    """How many cells of a project's form are still to be filled in or looked at; the form itself names them."""
    head = form["head"]
    counts = {"missing": len(form["missing"]), "proposed": len(form["proposed"])}
    return say("cli.forms_open", code=head["project_code"], name=head["project_name"], **counts)


def _is_folder(target: Path, say: Words) -> bool:
    """Whether files are to go into a folder: one that is there, or a name without a form, whose folder is made."""
    if not target.suffix and not target.exists():
        try:
            target.mkdir()
        except OSError as error:
            raise UsageError(say("cli.cannot_write", file=target)) from error
    return target.is_dir()


def _summary(store: Store, told: Told, about: exports.Context, columns: variants.Columns) -> int:
    say, summary = about.say, official.summary(store, told.as_of, told.known_at, columns)
    if not summary["projects"]:
        raise UsageError(say("empty.no_plan"))
    sheet = summary_sheet(summary, about, columns)
    write(told, _content([sheet], form_of(told.output, FORMATS, say), say), say)
    answer = {part: [_plain(row) for row in summary[part]] for part in ("projects", "units")}
    tell(told, {**answer, "whole": _plain(summary["whole"])}, [say("cli.written", file=told.output, count=len(summary["projects"]))])
    return DONE


def _content(sheets: list[Sheet], kind: str, say: Words) -> bytes:
    if kind == "docx":
        from pages.parts.official_docx import forms_docx  # noqa: PLC0415 - a quarter of a second that only Word files need

        return forms_docx(sheets, say)
    return forms_workbook(sheets)


def _fill(told: Told, say: Words) -> int:
    """Say what a project has achieved, or which department a unit has; an empty text takes it back."""
    _need(told, say, "--as-of YYYY-MM")
    store, said = opened(told), []
    if told.achieved is not None:
        _need(told, say, "--project CODE")
        told.year = told.as_of.year
        _, unit, code = key_of(store, told)
        said.append(form_words.Word(form_words.ACHIEVED, unit, code, told.achieved))
    if told.department is not None:
        _need(told, say, "--unit CODE")
        said.append(form_words.Word(form_words.DEPARTMENT, told.unit, None, told.department))
    if not said:
        raise UsageError(say("cli.forms_needs", needs="--achieved TEXT | --department TEXT"))
    count = form_words.record(store, told.as_of, said, told.person, told.today)
    tell(told, {"recorded": count}, [say("forms.filled", count=count) if count else say("cli.no_change")])
    return DONE


def _layout(told: Told, say: Words) -> int:
    """Write the layout in force, as a file to start from; put another in force, or the standard one again."""
    if told.use or told.standard:
        name, text, forms = "", "", []
        if told.use:
            reading = _read(told.use, say)
            if reading.fatal:
                return _amiss(told, say, reading)
            name, text, forms = Path(told.use).name, variants.text_of(reading.rows), variants.differing(reading.rows)
        changed = form_words.set_layout(opened(told), name, text, told.person, told.today)
        lines = [say("forms.layout_differs", form=say(f"forms.{form}"), count=count) for form, count in forms]
        tell(told, {"changed": changed, "differing": dict(forms)}, [*lines, say("forms.layout_done" if changed else "cli.no_change")])
        return DONE
    _need(told, say, "-o FILE.csv")
    form_of(told.output, ("csv",), say)
    layout = form_words.layout(asked(told, say), told.known_at)
    write(told, layout_csv(layout.rows), say)
    said = say("cli.layout_written", file=told.output, count=len(layout.rows))
    tell(told, {"file": told.output, "layout": layout.name or None, "columns": len(layout.rows)}, [said])
    return DONE


ACTIONS = {"fill": _fill, "layout": _layout}


def _read(path: str, say: Words) -> Reading:
    try:
        return variants.read(Path(path).read_bytes())
    except OSError as error:
        raise UsageError(say("cli.not_found", file=path)) from error


def _amiss(told: Told, say: Words, reading: Reading) -> int:
    """What is to be mended in a layout file; nothing was made of it."""
    problems = [answers.problem(found, say) for found in reading.problems]
    lines = [f"[{found.code}] {say.problem(found)} → {say.remedy(found)}" for found in reading.problems]
    tell(told, {"problems": problems}, [say("forms.layout_amiss", count=len(problems)), *lines])
    return PROBLEMS


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
