"""The command line: one function a verb; 0 done, 1 the input has problems, 2 cannot run."""

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from data import acting, acts, queries, samples
from data.acts import ANY, ActError, Outcome
from data.arrivals import NO_SPENDING, Sending
from data.database import DEFAULT_STORE, Store, StoreError, open_store
from data.staging import consider
from data.words import Words
from loaders.files import Declared, read_file
from pages.parts import answers, exports, figures

DONE, PROBLEMS, CANNOT = 0, 1, 2


class UsageError(Exception):
    """The command cannot be carried out as typed; its text is the sentence for the person."""


def parser(say: Words) -> argparse.ArgumentParser:
    """The parser of all verbs and their options."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--store", metavar="PATH", default=argparse.SUPPRESS)
    common.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
    common.add_argument("--lang", choices=("zh", "en"), default=argparse.SUPPRESS)
    top = argparse.ArgumentParser(prog="dashboard.py", description=say("cli.description"), parents=[common])
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(name: str, does: Callable[..., int]) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=say(f"cli.{name}"), description=say(f"cli.{name}"), parents=[common])
        added.set_defaults(does=does)
        return added

    for name, does in (("load", load), ("check", check)):
        added = verb(name, does)
        added.add_argument("files", nargs="+", metavar="FILE")
        added.add_argument("--year", type=int)
        added.add_argument("--unit-of-money", choices=("元", "万元"))
        added.add_argument("--kind", choices=("month", "cumulative"))
        added.add_argument("--certify", action="store_true")
        added.add_argument("--accept-warnings", metavar="REASON")
        _acting(added)
    for name, does in (("progress", progress), ("behind", behind)):
        added = verb(name, does)
        added.add_argument("--as-of", required=True, type=partial(_month, say), metavar="YYYY-MM")
        added.add_argument("--known-at", type=partial(_moment, say), metavar="MOMENT")
        added.add_argument("--unit", metavar="CODE")
        if name == "behind":
            added.add_argument("-o", "--output", metavar="FILE.xlsx|FILE.csv")
    verb("plans", plans)
    verb("batches", batches)
    for name, does in (("certify", certify), ("withdraw", withdraw)):
        added = verb(name, does)
        added.add_argument("batch", type=int)
        added.add_argument(
            "--reason" if name == "withdraw" else "--accept-warnings", dest="reason", metavar="TEXT", required=name == "withdraw"
        )
        _acting(added)
    added = verb("sample", sample)
    added.add_argument("--remove", action="store_true")
    _acting(added)
    verb("serve", serve).add_argument("--port", type=int, default=8501)
    return top


def _acting(added: argparse.ArgumentParser) -> None:
    added.add_argument("--as", dest="person", metavar="NAME", default=getpass.getuser())
    added.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD")


def _month(say: Words, text: str) -> date:
    try:
        year, month = text.split("-")
        return queries.month_end(int(year), int(month))
    except ValueError as error:
        raise argparse.ArgumentTypeError(say("cli.bad_month", value=text)) from error


def _moment(say: Words, text: str) -> datetime:
    """A moment as UTC without a zone; without an offset it is this machine's time."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
    except ValueError as error:
        raise argparse.ArgumentTypeError(say("cli.bad_moment", value=text)) from error


def run(arguments: list[str]) -> int:
    """Carry out one command; its exit code."""
    say = Words("en" if "--lang=en" in arguments or ("--lang" in arguments and "en" in arguments) else "zh")
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")
    told = parser(say).parse_args(arguments)
    told.store = Path(getattr(told, "store", None) or os.environ.get("BUDGET_STORE") or DEFAULT_STORE)
    told.json = getattr(told, "json", False)
    try:
        code = told.does(told, say)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (StoreError, ActError) as error:
        return _refuse(told, error.code, say(error.code, **error.facts))
    except UsageError as error:
        return _refuse(told, "usage", str(error))
    except OSError as error:
        return _refuse(told, "store.full", f"{say('store.full')} ({error.strerror})")


def _refuse(told: argparse.Namespace, code: str, sentence: str) -> int:
    print(sentence, file=sys.stderr)
    if told.json:
        print(json.dumps({"error": code, "message": sentence}, ensure_ascii=False))
    return PROBLEMS if code.startswith("act.") else CANNOT


def _opened(told: argparse.Namespace) -> Store:
    store = open_store(told.store)
    acting.prepare(store)
    return store


def _print(told: argparse.Namespace, answer: Any, lines: list[str]) -> None:
    print(json.dumps(answer, ensure_ascii=False, indent=1, default=answers.plain) if told.json else "\n".join(lines))


def load(told: argparse.Namespace, say: Words) -> int:
    """Store each file as a batch, and certify it where asked."""
    return _take(told, say, keep=True)


def check(told: argparse.Namespace, say: Words) -> int:
    """Say of each file what load would, and store nothing."""
    return _take(told, say, keep=False)


def _take(told: argparse.Namespace, say: Words, keep: bool) -> int:
    missing = [file for file in told.files if not Path(file).is_file()]
    if missing:
        raise UsageError(say("cli.not_found", file=missing[0]))
    store = _opened(told) if keep or told.store.exists() else open_store(None)
    taken = []
    for file in told.files:
        content = Path(file).read_bytes()
        reading = read_file(content, Declared(told.year, told.unit_of_money, told.kind, (told.today or date.today()).year))
        sending = Sending(
            Path(file).name,
            content,
            reading,
            told.today or date.today(),
            year=told.year,
            absent_is_zero=told.accept_warnings == NO_SPENDING,
            declared={"year": told.year, "unit_of_money": told.unit_of_money, "kind": told.kind},
        )
        outcome = acts.load(store, sending, told.person) if keep else Outcome(consider(store, sending))
        answered = bool((told.accept_warnings or "").strip())
        verdict = outcome.considered.verdict(answered)
        if keep and told.certify and verdict == "accepted" and outcome.batch is not None:
            acts.certify(store, outcome.batch, told.person, {ANY: told.accept_warnings or ""}, today=told.today)
            outcome.state = "certified"
        taken.append(_answer(file, outcome, verdict, sending, say))
    _print(told, taken, [line for answer in taken for line in answers.lines(answer, say)])
    return DONE if all(answer["verdict"] == "accepted" for answer in taken) else PROBLEMS


def _answer(file: str, outcome: Outcome, verdict: str, sending: Sending, say: Words) -> dict[str, Any]:
    considered = outcome.considered
    return {
        "file": file,
        "recognised": considered.recognised,
        "verdict": verdict,
        "rows": considered.rows,
        "total_yuan": None if considered.total is None else f"{considered.total:.2f}",
        "batch": outcome.batch,
        "state": outcome.state,
        "projects": [answers.project(row) for row in sending.reading.rows] if considered.recognised == "plan" else None,
        "problems": [answers.problem(problem, say) for problem in considered.problems],
    }


def progress(told: argparse.Namespace, say: Words) -> int:
    """Each project's progress at a month's end."""
    rows = [row for row in queries.progress(_opened(told), told.as_of, told.known_at) if told.unit in (None, row["unit_code"])]
    _print(
        told,
        [answers.row(row, answers.PROGRESS) for row in rows],
        [answers.progress_line(row, say) for row in rows] or [say("empty.no_plan")],
    )
    return DONE


def behind(told: argparse.Namespace, say: Words) -> int:
    """The lagging projects, to the screen or into a workbook or CSV."""
    store = _opened(told)
    rows = [row for row in queries.behind(store, told.as_of, told.known_at) if told.unit in (None, row["unit_code"])]
    if told.output:
        path = Path(told.output)
        if path.suffix.lower() not in (".xlsx", ".csv"):
            raise UsageError(say("cli.bad_output", value=told.output))
        make = exports.behind_workbook if path.suffix.lower() == ".xlsx" else exports.behind_csv
        content = make(rows, exports.Context(queries.export_facts(store, told.as_of, told.known_at), say, {say("control.unit"): told.unit}))
        try:
            path.write_bytes(content)
        except OSError as error:
            raise UsageError(say("cli.cannot_write", file=told.output)) from error
    lines = [answers.progress_line(row, say) for row in rows] or [say("behind.none", month=figures.month_name(told.as_of, say))]
    if told.output:
        lines = [say("cli.written", file=told.output, count=len(rows))]
    _print(
        told,
        [{**answers.row(row, answers.PROGRESS), "follow_up": row["follow_up"], "months_left": row["months_left"]} for row in rows],
        lines,
    )
    return DONE


def plans(told: argparse.Namespace, say: Words) -> int:
    """What was read of each plan that is not withdrawn."""
    answer = []
    for document in queries.documents(_opened(told)):
        projects = [answers.project(row) for row in document["projects"]]
        units = {row["unit_code"]: row["unit_name"] for row in projects}
        answer.append(
            {
                "document": document["file_name"],
                "batch": document["batch"],
                "state": document["state"],
                "fiscal_year": document["fiscal_year"],
                "unit_of_money": document["unit_of_money"],
                "sha256": document["sha256"],
                "total_yuan": str(document["total"]),
                "units": [
                    {
                        "unit_code": code,
                        "unit_name": name,
                        "projects": sum(row["unit_code"] == code for row in projects),
                        "budget_yuan": str(sum(Decimal(row["budget_yuan"] or 0) for row in projects if row["unit_code"] == code)),
                    }
                    for code, name in units.items()
                ],
                "projects": projects,
            }
        )
    lines = [
        line
        for document in answer
        for line in (
            f"{document['document']}  {say('standing.' + document['state'])}  "
            f"{figures.wan(Decimal(document['total_yuan']))} {say('unit.money')}",
            *(
                f"  {row['unit_code']}  {row['project_code']}  {figures.wan(Decimal(row['budget_yuan'])) if row['budget_yuan'] else '—'}  "
                f"{row['project_name']}"
                for row in document["projects"]
            ),
        )
    ]
    _print(told, answer, lines or [say("empty.no_plan")])
    return DONE


def batches(told: argparse.Namespace, say: Words) -> int:
    """Every batch with its state, the newest first."""
    rows = queries.batches(_opened(told))
    keys = (
        "batch",
        "kind",
        "state",
        "standing",
        "file_name",
        "sha256",
        "fiscal_year",
        "months",
        "units",
        "row_count",
        "total",
        "unit_of_money",
        "figure",
        "sample",
        "recorded_at",
        "recorded_by",
        "certified_at",
        "certified_by",
        "reason",
    )
    lines = [
        f"{row['batch']:>4}  {say('standing.' + row['standing'])}  {say('kind.' + row['kind'])}  {figures.wan(row['total'])}  "
        f"{', '.join(row['months'] or [])}  {row['file_name']}{'  ' + say('sample.mark') if row['sample'] else ''}"
        for row in rows
    ]
    _print(told, [{key: row[key] for key in keys} for row in rows], lines or [say("history.empty")])
    return DONE


def certify(told: argparse.Namespace, say: Words) -> int:
    """Make a batch official."""
    changed = acts.certify(_opened(told), told.batch, told.person, {ANY: told.reason or ""}, today=told.today)
    _print(told, {"batch": told.batch, "changed": changed}, [say("cli.certified", batch=told.batch) if changed else say("cli.no_change")])
    return DONE


def withdraw(told: argparse.Namespace, say: Words) -> int:
    """Take a batch back."""
    changed = acts.withdraw(_opened(told), told.batch, told.person, told.reason, told.today)
    _print(told, {"batch": told.batch, "changed": changed}, [say("cli.withdrawn", batch=told.batch) if changed else say("cli.no_change")])
    return DONE


def sample(told: argparse.Namespace, say: Words) -> int:
    """Load the sample months, or withdraw them."""
    store = _opened(told)
    if told.remove:
        count = samples.remove_samples(store, told.person, say("sample.remove_reason"))
    else:
        count = sum(1 for _ in samples.load_samples(store, told.person, say("sample.reason")))
    _print(told, {"batches": count}, [say("sample.removed" if told.remove else "sample.loaded")])
    return DONE


def serve(told: argparse.Namespace, say: Words) -> int:
    """Serve the pages on this machine until stopped."""
    from streamlit.web import cli  # noqa: PLC0415 - half a second that no other verb needs

    os.environ["BUDGET_STORE"] = str(told.store.resolve())
    script = Path(__file__).resolve().parent.parent / "dashboard.py"
    _opened(told)
    cli.main(["run", str(script), "--server.port", str(told.port)], standalone_mode=False)
    return DONE
