"""The reasons that a person may give to a question, and the questions each of them answers."""

import csv
from functools import cache
from pathlib import Path

from data.words import LANGUAGES, Words

FILE = Path(__file__).with_name("reasons.csv")
ANY = "*"
OTHER = "other"


@cache
def all_reasons() -> dict[str, tuple[str, ...]]:
    """Every reason's code with the rules that it answers; ANY stands for all rules."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: tuple(row["rules"].split()) for row in csv.DictReader(file)}


@cache
def reasons_for(code: str) -> tuple[str, ...]:
    """The codes of the reasons that may answer a finding of this rule, in the order of the file."""
    return tuple(reason for reason, rules in all_reasons().items() if code in rules or ANY in rules)


@cache
def ways_for(code: str) -> dict[str, str]:
    """Every way to write a reason of this rule, its code and its word in each language, with the code it stands for."""
    speakers = [Words(language) for language in LANGUAGES]
    return {way: reason for reason in reasons_for(code) for way in (reason, *(say(f"reason.{reason}") for say in speakers))}
