"""What is amiss in the lines of a file, found column by column and told row by row."""

from collections import Counter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from loaders.arrays import places_of, some
from loaders.lines import Lines
from loaders.problems import LEVELS, MOST_FINDINGS, Problem, curbed

MOST_TEXT = 60


class Findings:
    """The findings of a file's lines, and which lines a fatal one keeps out of its rows."""

    def __init__(self, lines: Lines) -> None:
        """Nothing is amiss yet."""
        self.faulty = pa.repeat(False, lines.size)
        self._lines = lines
        self._found: list[tuple[int, int, Problem]] = []
        self._counts: Counter[str] = Counter()

    def add(self, code: str, name: str, mask: pa.Array, why: str | None = None, expected: pa.Array | None = None, **facts: Any) -> None:
        """A finding at a column in every line that a mask marks; a fatal one keeps the line out."""
        if not some(mask):
            return
        lines = self._lines
        for line in places_of(mask, MOST_FINDINGS):
            text = lines.text(name)[line].as_py()
            problem = Problem(
                code,
                row=lines.numbers[line].as_py(),
                column=lines.heading(name, line),
                value=(text if code == "M02" else text.strip())[:MOST_TEXT],
                expected=None if expected is None else str(expected[line].as_py()),
                facts={**({"why": why} if why else {}), **facts},
            )
            self.put(problem, 0)
        self._counts[code] += pc.sum(mask).as_py() or 0
        if LEVELS[code[0]] == "fatal":
            self.faulty = pc.or_(self.faulty, mask)

    def put(self, problem: Problem, count: int = 1) -> None:
        """A finding that stands for itself, or is counted elsewhere."""
        self._found.append((problem.row or 0, len(self._found), problem))
        self._counts[problem.code] += count

    def take(self, problems: list[Problem], beyond: int) -> None:
        """Findings made elsewhere, and how many more there are of the last one's kind."""
        for problem in problems:
            self.put(problem)
        if beyond:
            self._counts[problems[-1].code] += beyond

    def told(self) -> list[Problem]:
        """All findings row by row, past a thousand of one code only how many more."""
        return curbed([problem for *_, problem in sorted(self._found, key=lambda found: found[:2])], self._counts)
