"""Every phrase a person may read, from words.csv: dictionary, translation and glossary in one."""

import csv
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("words.csv")
LANGUAGES = ("zh", "en")


@cache
def all_words() -> dict[str, dict[str, str]]:
    """Every row of words.csv by its key: zh, en, meaning."""
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
        return all_words()[key]["meaning"]

    def problem(self, code: str, row: int | None, column: str | None, facts: dict[str, Any]) -> str:
        """The sentence of a finding, led by its place in the sender's file."""
        key = f"{code}.{facts['why']}" if "why" in facts else code
        known = {name: "" if value is None else value for name, value in facts.items()}
        place = self("place.row", row=row) if row is not None else ""
        place += self("place.column", column=column) if column else ""
        return place + (self("place.colon") if place else "") + self(key, **known)

    def remedy(self, code: str) -> str:
        """What the sender can do about a finding."""
        return self(f"{code}.fix")
