"""The columns of the official forms: those of forms.csv, or of a province's variant of that file."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from loaders.problems import Reading
from loaders.variants import OWN, read_variant_apart

FILE = Path(__file__).with_name("forms.csv")
NAMES = ("form", "part", "name", "zh", "en", "width", "group_zh", "group_en")
# What a part may have beside the columns of forms.csv: known of every project, asked for by some provinces.
EXTRA = {
    ("monitor", "money"): ("current_budget",),
    ("monitor", "indicators"): ("description", "basis"),
    ("selfeval", "indicators"): ("description", "basis", "note"),
    ("summary", "projects"): ("unit_code",),
}
Row = dict[str, str]
# The columns of a part of a form in their order: name, zh, en, width, and the heading above several.
Columns = Callable[[str, str], Sequence[Row]]


def columns_of(rows: Iterable[Row]) -> Columns:
    """The columns of each form and part among the rows of a layout."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row["form"], row["part"]), []).append(row)
    return lambda form, part: found.get((form, part), ())


@cache
def _standard() -> tuple[tuple[Row, ...], Columns]:
    rows = rows_of(FILE.read_text(encoding="utf-8"))
    return rows, columns_of(rows)


def standard_rows() -> tuple[Row, ...]:
    """Every row of forms.csv."""
    return _standard()[0]


def standard(form: str, part: str) -> Sequence[Row]:
    """The columns of a part of a form as forms.csv has them."""
    return _standard()[1](form, part)


def rows_of(text: str) -> tuple[Row, ...]:
    """The rows of a layout from its text, which was found to be in order."""
    return tuple(csv.DictReader(io.StringIO(text, newline="")))


def text_of(rows: Iterable[Row]) -> str:
    """The text of a layout's rows, as `rows_of` reads it."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, NAMES, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def differing(rows: Sequence[Row]) -> list[tuple[str, int]]:
    """The forms of a layout that are not as in forms.csv, and in how many places: a column changed, added, left out or moved."""
    found = []
    for form in dict.fromkeys(row["form"] for row in standard_rows()):
        usual, own = ([tuple(row[name] for name in NAMES) for row in part if row["form"] == form] for part in (standard_rows(), rows))
        steps = SequenceMatcher(None, usual, own, autojunk=False).get_opcodes()
        if count := sum(max(step[2] - step[1], step[4] - step[3]) for step in steps if step[0] != "equal"):
            found.append((form, count))
    return found


def read(content: bytes) -> Reading:
    """The rows of a layout file, or what is amiss in it as problems."""
    return read_variant_apart(content, _standard()[0], EXTRA)


def is_own(name: str) -> bool:
    """Whether a column is the province's own, left open to be filled in by hand."""
    return name.startswith(OWN)
