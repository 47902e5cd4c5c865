"""Every phrase a person may read, from words.csv: dictionary, translation and glossary in one."""

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any

from loaders.problems import Problem

FILE = Path(__file__).with_name("words.csv")
LANGUAGES = ("zh", "en")
_MONTH = re.compile(r"(1[0-2]|[1-9])月")
_ONLY_MONTHS = re.compile(r"((?:1[0-2]|[1-9])月[\d\s.,%/]*)+")


@cache
def all_words() -> dict[str, dict[str, str]]:
    """Every row of words.csv by its key: zh, en, meaning and meaning_en (a row may end before these)."""
    with FILE.open(encoding="utf-8-sig", newline="") as file:
        return {row["key"]: row for row in csv.DictReader(file)}


class Words:
    """The phrases in one language."""

    def __init__(self, language: str) -> None:
        """Speak zh or en."""
        self.language = language

    def __call__(self, key: str, **facts: Any) -> str:
        """The phrase of a key with its placeholders filled in; KeyError for a key without a row."""
        phrase = all_words()[key][self.language]
        return phrase.format(**facts) if facts else phrase

    def has(self, key: str) -> bool:
        """Whether there is a phrase for the key."""
        return key in all_words()

    def meaning(self, key: str) -> str:
        """What a word means, for a tooltip; empty where words.csv says nothing."""
        return all_words()[key]["meaning" if self.language == "zh" else "meaning_en"] or ""

    def problem(self, problem: Problem) -> str:
        """The sentence of a finding, led by its place in the sender's own file."""
        key = f"{problem.code}.{problem.facts['why']}" if "why" in problem.facts else problem.code
        key = "more" if problem.facts.get("why") == "more" and not self.has(key) else key
        # What a plan's check found out is said in the language; what the sender wrote in a cell stays as it is.
        value = self._months(problem.value) if problem.code.startswith(("L", "W2")) else problem.value
        facts = {"value": value, "expected": problem.expected, "code": problem.code, **problem.facts}
        column = problem.column and (self(f"column.{problem.column}") if self.has(f"column.{problem.column}") else problem.column)
        place = self("place.row", row=problem.row) if problem.row is not None else ""
        place = problem.facts.get("place") or place
        place = self("place.sheet", sheet=problem.facts["sheet"]) + place if problem.facts.get("sheet") else place
        place += self("place.column", column=column) if column else ""
        sentence = self(key, **{name: "" if value is None else value for name, value in facts.items()})
        return place + (self("place.colon") if place else "") + sentence

    def _months(self, value: Any) -> Any:
        """A value that names nothing but months, as the checks of plans give it, in the words of the language."""
        if self.language == "zh" or not isinstance(value, str) or not _ONLY_MONTHS.fullmatch(value):
            return value
        return _MONTH.sub(lambda found: self(f"month.{found[1]}"), value)

    def expected(self, problem: Problem) -> str | None:
        """What should stand in the place of a finding: as the check says, else as its rule says in general."""
        if problem.expected is not None or not self.has(f"{problem.code}.expected") or problem.facts.get("why") == "more":
            return problem.expected
        return self(f"{problem.code}.expected", **problem.facts)

    def remedy(self, problem: Problem) -> str:
        """What the sender can do about a finding."""
        facts = {"value": problem.value, "expected": problem.expected, **problem.facts}
        return self(f"{problem.code}.fix", **{name: "" if value is None else value for name, value in facts.items()})
