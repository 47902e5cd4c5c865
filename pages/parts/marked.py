"""What a report says of each finding: four cells beside the sender's row, twelve in the list."""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

from data.reasons import reasons_for
from data.words import LANGUAGES, Words

Finding = dict[str, Any]
BESIDE = ("level", "rule", "problem", "remedy")
BESIDE_WIDTHS = (8, 8, 46, 40)
LIST = ("key", "level", "rule", "row", "field", "value", "expected", "difference", "problem", "remedy", "reason_code", "explanation")
LIST_WIDTHS = (15, 8, 7, 7, 12, 15, 15, 12, 36, 28, 19, 24)
LEVELS = ("fatal", "confirm", "note")
FILLS = {"fatal": "F6B8B2", "confirm": "FFE2A0", "note": "D3E3F5"}
HEAD_FILL, ANSWER_FILL = "EEF1F4", "FFFBE6"
LONGEST, LATIN = 32_000, 0x2E80
LINE, TALLEST = 15.0, 405.0
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def sheet_name(name: str, taken: Sequence[str] = ()) -> str:
    """A name that a sheet may bear and none of those taken does, whatever their case."""
    bare = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "", clean(name)).strip(" '")[:26] or "1"
    names = [bare, *(f"{bare} ({number})" for number in range(2, len(taken) + 3))]
    low = {one.lower() for one in taken}
    return next(one for one in names if one.lower() not in low)


class Choice(NamedTuple):
    """The rows of the list, counted from its first finding, that allow the same words as reasons."""

    first: int
    last: int
    words: tuple[str, ...]


def clean(text: str) -> str:
    """Text that a cell can hold: no control characters, one kind of line break, not longer than a cell."""
    bare = _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return bare if len(bare) <= LONGEST else bare[:LONGEST] + "…"


def by_row(findings: Sequence[Finding]) -> dict[int, list[Finding]]:
    """The findings of each row of the sender's, the gravest first."""
    rows: dict[int, list[Finding]] = {}
    for finding in ordered(findings):
        if finding["row"] is not None:
            rows.setdefault(finding["row"], []).append(finding)
    return rows


def ordered(findings: Sequence[Finding]) -> list[Finding]:
    """The findings by level, rule and row, those without a row first."""
    return sorted(findings, key=lambda one: (LEVELS.index(one["level"]), one["code"], one["row"] or 0))


def beside(findings: Sequence[Finding], say: Words) -> tuple[str, ...]:
    """The four cells of one row: each finding a line of each; empty cells for a row without findings."""
    lines = [(say(f"level.{one['level']}"), one["code"], one["message"], one["fix"]) for one in findings]
    return tuple("\n".join(_line(text) for text in texts) for texts in zip(*lines, strict=True)) or ("",) * len(BESIDE)


def _line(text: str | None) -> str:
    return re.sub(r"\s*[\r\n]+\s*", " ", text or "")


def height(texts: Sequence[Any], widths: Sequence[int]) -> float | None:
    """The height in points of a row of wrapped cells; None for one line, which is a row's own height."""

    def lines(text: str, width: int) -> int:
        signs = (sum(2 if ord(sign) > LATIN else 1 for sign in line) for line in text.split("\n"))
        return sum(max(-(-count // max(width - 1, 1)), 1) for count in signs)

    most = max((lines(text, width) for text, width in zip(texts, widths, strict=False) if isinstance(text, str)), default=1)
    return None if most == 1 else min(most * LINE, TALLEST)


def beside_heads(say: Words) -> tuple[str, ...]:
    """The headings of the four cells."""
    return tuple(say(f"column.{name}") for name in BESIDE)


def texts_of(number: int, header: int, here: Sequence[Finding], say: Words) -> tuple[str, ...] | None:
    """The four cells of a row by its number: headings at the header, nothing above it unless something is found there.

    What is found in the header itself stands under the headings, because a file that lacks a column
    often has no other finding.
    """
    texts = beside(here, say)
    if number == header:
        return tuple("\n".join(filter(None, pair)) for pair in zip(beside_heads(say), texts, strict=True))
    return texts if here or number > header else None


def already_beside(heads: Sequence[str]) -> bool:
    """Whether a header ends with the four headings, in either language: the file is a report that came back mended."""
    last = tuple(head.strip().partition("\n")[0] for head in heads[-len(BESIDE) :])
    return any(last == beside_heads(Words(language)) for language in LANGUAGES)


def place_of(finding: Finding, heads: Sequence[str]) -> int | None:
    """The place of the column that a finding names among the sender's headings; None where it names none."""
    column = (finding["column"] or "").strip()
    return next((place for place, head in enumerate(heads) if column and head.strip() == column), None)


def list_heads(say: Words) -> tuple[str, ...]:
    """The headings of the list."""
    return tuple(say(f"column.{name}") for name in LIST)


def list_row(finding: Finding, say: Words) -> tuple[str | int | None, ...]:
    """One finding in the list; reason and explanation are filled in where it was answered before."""
    reason = finding["reason_code"]
    word = say(f"reason.{reason}") if reason and say.has(f"reason.{reason}") else reason
    return (
        finding["key"],
        say(f"level.{finding['level']}"),
        finding["code"],
        finding["row"],
        finding["column"],
        finding["value"],
        finding["expected"],
        finding["difference"],
        finding["message"],
        finding["fix"],
        word,
        finding["answer"],
    )


def choices(findings: Sequence[Finding], say: Words) -> list[Choice]:
    """Where in the list, as ordered, a reason may be chosen, and the words to choose from."""
    found, first = [], 0
    for code, group in groupby(findings, key=lambda one: (one["level"], one["code"])):
        size = len(list(group))
        if code[0] == "confirm":
            found.append(Choice(first, first + size - 1, tuple(say(f"reason.{reason}") for reason in reasons_for(code[1]))))
        first += size
    return found


def print_line(text: str) -> str:
    """Text for the head of a printed page, where an ampersand would be a command."""
    return re.sub(r"\s+", " ", clean(text))[:100].replace("&", "&&")
