"""The command line: one function a verb; 0 done, 1 the input has problems, 2 cannot run."""

import json
import os
import sys

from data.acting import ActError
from data.addresses import place_of
from data.database import StoreError
from data.words import Words
from pages.terminal.options import parser
from pages.terminal.told import CANNOT, DONE, PROBLEMS, Told, UsageError


def run(arguments: list[str]) -> int:
    """Carry out one command; its exit code."""
    say = Words("en" if "--lang=en" in arguments or ("--lang" in arguments and "en" in arguments) else "zh")
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")
    told = parser(say).parse_args(arguments)
    told.json = getattr(told, "json", False)
    try:
        told.store = place_of(getattr(told, "store", None))
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


def _refuse(told: Told, code: str, sentence: str) -> int:
    print(sentence, file=sys.stderr)
    if told.json:
        print(json.dumps({"error": code, "message": sentence}, ensure_ascii=False))
    return PROBLEMS if code.startswith(("act.", "account.")) else CANNOT
