"""The verbs of the command line and what may be typed behind each."""

import argparse
import getpass
from collections.abc import Callable
from datetime import date
from functools import partial

from data.by_hand import AMOUNTS, INDICATOR, TEXTS
from data.changes import KINDS
from data.explaining import CAUSES
from data.indicators import ORDER
from data.notices import LEVELS
from data.official import FORMS, SUMMARY
from data.profiles import PROFILES
from data.rights import ROLES, SEPARATED
from data.words import Words
from loaders.schedules import READINGS
from pages.parts.selection import NO_CAUSE, SORTS, STATUSES
from pages.terminal import (
    asking,
    auditing,
    batches,
    explaining,
    filing,
    indicators,
    keeping,
    noticing,
    official,
    people,
    planning,
    serving,
    sharing,
)
from pages.terminal.typed import moment, month


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

    _add_files(verb)
    _add_batches(verb)
    _add_months(verb, say)
    _add_plans(verb, say)
    _add_questions(verb, say)
    _add_papers(verb, say)
    _add_keeping(verb)
    _add_indicators(verb, say)
    added = verb("sample", serving.sample)
    added.add_argument("--remove", action="store_true")
    _acting(added)
    added = verb("serve", serving.serve)
    added.add_argument("--port", type=int, default=8501)
    added.add_argument("--address", default="127.0.0.1")
    added.add_argument("--sign-in", choices=("none", "accounts", "oidc", "header"))
    _add_people(verb)
    return top


Verb = Callable[[str, Callable[..., int]], argparse.ArgumentParser]


def _add_files(verb: Verb) -> None:
    """What takes files in."""
    for name, does in (("load", filing.load), ("check", filing.check)):
        added = verb(name, does)
        added.add_argument("files", nargs="+", metavar="FILE")
        added.add_argument("--year", type=int)
        added.add_argument("--unit-of-money", choices=("元", "万元"))
        added.add_argument("--kind", choices=("month", "cumulative"))
        added.add_argument("--sheet", metavar="NAME")
        added.add_argument("--plan-reading", choices=READINGS)
        added.add_argument("--control-total", metavar="YUAN")
        added.add_argument("--certify", action="store_true")
        added.add_argument("--accept-warnings", metavar="REASON")
        added.add_argument("--answers", metavar="REPORT")
        added.add_argument("-o", "--output", metavar="REPORT.xlsx|REPORT.csv")
        _acting(added)


def _add_plans(verb: Verb, say: Words) -> None:
    """Plans by hand, and the moving year."""
    for name in ("correct", "enter", "end", "adjust", "revise"):
        added = verb(name, getattr(planning, name))
        added.add_argument("project", metavar="CODE")
        added.add_argument("--unit", metavar="CODE")
        added.add_argument("--year", type=int)
        added.add_argument("--reason", metavar="TEXT", required=True)
        if name in ("correct", "enter", "end"):
            added.add_argument("--certify", action="store_true")
            added.add_argument("--accept-warnings", metavar="REASON")
        else:
            added.add_argument("--document", metavar="NUMBER", required=True)
            added.add_argument("--effective", type=date.fromisoformat, metavar="YYYY-MM-DD", required=True)
        if name in ("enter", "revise"):
            needed = name == "revise"
            added.add_argument("--checkpoint", dest="checkpoints", action="append", default=[], metavar="MONTH=PERCENT", required=needed)
        _OWN.get(name, lambda _: None)(added)
        _acting(added)
    added = verb("profile", planning.profile)
    added.add_argument("project", metavar="CODE", nargs="?")
    added.add_argument("--unit", metavar="CODE")
    added.add_argument("--year", type=int)
    added.add_argument("--as-of", required=True, type=partial(month, say), metavar="YYYY-MM")
    added.add_argument("--set", dest="profile", choices=PROFILES)
    added.add_argument("--month", type=int, choices=range(1, 13), metavar="MONTH")
    added.add_argument("--reason", metavar="TEXT", default="")
    _acting(added)
    added = verb("reverse", planning.reverse)
    added.add_argument("act", type=int)
    added.add_argument("--reason", metavar="TEXT", required=True)
    _acting(added)
    verb("adjustments", planning.adjustments).add_argument("--year", type=int)


def _of_correction(added: argparse.ArgumentParser) -> None:
    added.add_argument("--field", choices=(*AMOUNTS, *TEXTS, "checkpoints", *INDICATOR), required=True)
    added.add_argument("--position", type=int, metavar="NUMBER")
    added.add_argument("--value", required=True)


def _of_entry(added: argparse.ArgumentParser) -> None:
    added.add_argument("--name", required=True)
    added.add_argument("--unit-name", metavar="NAME")
    added.add_argument("--budget", metavar="YUAN")


def _of_adjustment(added: argparse.ArgumentParser) -> None:
    added.add_argument("--kind", choices=KINDS, required=True)
    added.add_argument("--amount", metavar="YUAN", required=True)
    added.add_argument("--to", metavar="CODE")


_OWN = {"correct": _of_correction, "enter": _of_entry, "adjust": _of_adjustment}


def _add_batches(verb: Verb) -> None:
    """What is done to a batch, and what it gives."""
    for name, does in (("certify", batches.certify), ("withdraw", batches.withdraw), ("answer", batches.answer)):
        added = verb(name, does)
        added.add_argument("batch", type=int)
        if name == "withdraw":
            added.add_argument("--reason", metavar="TEXT", required=True)
        else:
            added.add_argument("--answers", metavar="REPORT")
        if name == "certify":
            added.add_argument("--accept-warnings", dest="reason", metavar="TEXT")
        if name == "answer":
            added.add_argument("--finding", metavar="KEY")
            added.add_argument("--reason-code", metavar="CODE")
            added.add_argument("--text", metavar="TEXT")
        _acting(added)
    for name, does, forms in (
        ("report", batches.report, "FILE.xlsx|FILE.csv"),
        ("certificate", batches.certificate, "FILE.pdf|FILE.docx|FILE.html"),
        ("original", batches.original, "FILE"),
    ):
        added = verb(name, does)
        added.add_argument("batch", type=int)
        added.add_argument("-o", "--output", metavar=forms, required=True)
        if name == "report":
            added.add_argument("--list", action="store_true")
        _acting(added)


def _add_months(verb: Verb, say: Words) -> None:
    """What is done to months and thresholds."""
    for name, does in (("lock", batches.lock), ("reopen", batches.reopen)):
        added = verb(name, does)
        added.add_argument("month", type=partial(month, say), metavar="YYYY-MM")
        added.add_argument("--unit", metavar="CODE")
        if name == "reopen":
            added.add_argument("--reason", metavar="TEXT", required=True)
        _acting(added)
    added = verb("months", asking.months)
    added.add_argument("--year", type=int)
    _acting(added)
    added = verb("rules", batches.rules)
    added.add_argument("--set", dest="changes", action="append", metavar="NAME=VALUE", default=[])
    added.add_argument("--reason", metavar="TEXT", default="")
    _acting(added)


def _add_questions(verb: Verb, say: Words) -> None:
    """What only asks."""
    for name, does in (("progress", asking.progress), ("behind", asking.behind), ("brief", asking.brief)):
        added = verb(name, does)
        added.add_argument("--as-of", required=True, type=partial(month, say), metavar="YYYY-MM")
        added.add_argument("--known-at", type=partial(moment, say), metavar="MOMENT")
        if name == "progress":
            added.add_argument("--unit", metavar="CODE")
        if name == "behind":
            _of_list(added)
        if name == "brief":
            added.add_argument("-o", "--output", metavar="FILE.pdf|FILE.docx|FILE.html", required=True)
    added = verb("forecast", asking.forecast)
    added.add_argument("--as-of", required=True, type=partial(month, say), metavar="YYYY-MM")
    added.add_argument("--by", type=int, choices=range(1, 13), default=12, metavar="MONTH")
    added.add_argument("--known-at", type=partial(moment, say), metavar="MOMENT")
    added = verb("changes", asking.changes)
    for name, place in (("from", "first"), ("to", "second")):
        added.add_argument(f"--{name}", dest=place, required=True, type=partial(month, say), metavar="YYYY-MM")
        added.add_argument(f"--known-{name}", dest=f"known_{place}", type=partial(moment, say), metavar="MOMENT")
    added = verb("forms", official.forms)
    added.add_argument("form", choices=(*FORMS, SUMMARY, *official.ACTIONS))
    added.add_argument("--as-of", type=partial(month, say), metavar="YYYY-MM")
    added.add_argument("--known-at", type=partial(moment, say), metavar="MOMENT")
    for name in ("project", "unit", "layout", "use", "achieved", "department"):
        added.add_argument(f"--{name}")
    added.add_argument("--format", choices=official.FORMATS)
    added.add_argument("--standard", action="store_true")
    added.add_argument("-o", "--output", metavar="FILE.xlsx|FILE.docx|FILE.csv|FOLDER")
    _acting(added)
    verb("plans", asking.plans)
    verb("batches", asking.batches)
    verb("history", asking.history).add_argument("batch", type=int, nargs="?")


def _of_list(added: argparse.ArgumentParser) -> None:
    """What narrows and orders the lagging list."""
    added.add_argument("--unit", action="append", metavar="CODE")
    added.add_argument("--status", action="append", choices=STATUSES, default=[])
    added.add_argument("--cause", action="append", choices=(*CAUSES, NO_CAUSE), default=[])
    added.add_argument("--exclude", action="append", metavar="UNIT|PROJECT|CAUSE", default=[])
    added.add_argument("--gate", metavar="YUAN")
    added.add_argument("--follow", action="store_true")
    added.add_argument("--sort", choices=tuple(SORTS), default="money")
    added.add_argument("--group", choices=("unit",))
    added.add_argument("-o", "--output", metavar="FILE.xlsx|FILE.csv")


def _add_papers(verb: Verb, say: Words) -> None:
    """Reasons and promises, notices, official forms."""
    added = verb("explain", explaining.explain)
    added.add_argument("project", nargs="?", metavar="CODE")
    added.add_argument("--as-of", required=True, type=partial(month, say), metavar="YYYY-MM")
    added.add_argument("--file", metavar="LIST.xlsx|LIST.csv")
    added.add_argument("--unit", metavar="CODE")
    added.add_argument("--cause", choices=CAUSES, default="other")
    for name in ("reason", "measure", "responsible"):
        added.add_argument(f"--{name}", metavar="TEXT", default="")
    added.add_argument("--promise", metavar="YUAN")
    added.add_argument("--due", type=int, choices=range(1, 13), metavar="MONTH")
    _acting(added)
    added = verb("notice", noticing.notice)
    added.add_argument("--unit", metavar="CODE")
    added.add_argument("--as-of", type=partial(month, say), metavar="YYYY-MM")
    added.add_argument("--level", choices=LEVELS)
    added.add_argument("--deadline", type=date.fromisoformat, metavar="YYYY-MM-DD")
    added.add_argument("--number", type=int, metavar="NUMBER")
    added.add_argument("--year", type=int)
    added.add_argument("-o", "--output", metavar="FILE.pdf|FILE.docx|FILE.html", required=True)
    _acting(added)
    added = verb("notices", noticing.listed)
    added.add_argument("--year", type=int)
    added.add_argument("--proposed", action="store_true")
    added.add_argument("--as-of", type=partial(month, say), metavar="YYYY-MM")
    added.add_argument("--known-at", type=partial(moment, say), metavar="MOMENT")
    added.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD")
    added = verb("reply", noticing.reply)
    added.add_argument("number", type=int)
    added.add_argument("--text", metavar="TEXT", required=True)
    added.add_argument("--year", type=int)
    _acting(added)


def _add_people(verb: Verb) -> None:
    """What is done to accounts."""
    added = verb("person", people.person)
    added.add_argument("deed", choices=people.DEEDS)
    added.add_argument("name", nargs="?", metavar="NAME")
    added.add_argument("--role", choices=(*ROLES, *SEPARATED))
    added.add_argument("--unit", dest="units", action="append", default=[], metavar="CODE")
    added.add_argument("--password-stdin", action="store_true")
    added.add_argument("--undo", action="store_true")
    _acting(added)


def _add_keeping(verb: Verb) -> None:
    """What is asked of the audit, and what keeps the store."""
    added = verb("audit", auditing.show)
    added.add_argument("--person", dest="of", metavar="NAME")
    added.add_argument("--event", metavar="NAME")
    added.add_argument("--from", dest="first", type=date.fromisoformat, metavar="YYYY-MM-DD")
    added.add_argument("--to", dest="last", type=date.fromisoformat, metavar="YYYY-MM-DD")
    added.add_argument("--verify", action="store_true")
    added.add_argument("-o", "--output", metavar="FILE.xlsx|FILE.csv")
    for name in ("backup", "restore"):
        added = verb(name, getattr(keeping, name))
        added.add_argument("file", metavar="FILE")
        _acting(added)
    verb("rebuild", keeping.rebuild).add_argument("--accept-differences", action="store_true")
    _acting(verb("doctor", keeping.doctor))
    added = verb("copy", sharing.copy)
    added.add_argument("--to", required=True, metavar="STORE")
    _acting(added)
    added = verb("shared", sharing.run)
    added.add_argument("action", choices=sharing.ACTIONS)
    added.add_argument("--older-than", type=int, default=sharing.DAYS, metavar="DAYS")
    _acting(added)


def _add_indicators(verb: Verb, say: Words) -> None:
    """What indicators have reached."""
    added = verb("indicators", indicators.run)
    added.add_argument("action", nargs="?", choices=tuple(indicators.ACTIONS), default="list")
    added.add_argument("subject", nargs="?", metavar="FILE|CODE")
    added.add_argument("--as-of", type=partial(month, say), metavar="YYYY-MM")
    added.add_argument("--known-at", type=partial(moment, say), metavar="MOMENT")
    added.add_argument("--unit", metavar="CODE")
    added.add_argument("--project", metavar="CODE")
    added.add_argument("--position", type=int, metavar="NUMBER")
    added.add_argument("--to", choices=ORDER[1:])
    added.add_argument("--reason", metavar="TEXT", default="")
    added.add_argument("-o", "--output", metavar="FILE.xlsx|FILE.csv")
    _acting(added)


def _acting(added: argparse.ArgumentParser) -> None:
    added.add_argument("--as", dest="person", metavar="NAME", default=getpass.getuser())
    added.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD")
