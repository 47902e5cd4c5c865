"""Answers kept in memory: each as long as what it rests on stands, those asked longest ago make room; what several ask at once is
looked for once.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

Rows = list[dict[str, Any]]
# So many values of all answers together, some 50 MB; an answer of more rows is not kept.
MOST_VALUES, MOST_ROWS = 400_000, 2000


class _Ahead:
    """An answer that somebody is looking for."""

    def __init__(self) -> None:
        self.rows: Rows | None = None
        self.there = threading.Event()


class Remembered:
    """The answers of a process."""

    def __init__(self) -> None:
        """None yet."""
        self._known: OrderedDict[Hashable, tuple[Hashable, Rows, int]] = OrderedDict()
        self._ahead: dict[Hashable, _Ahead] = {}
        self._values, self._alone = 0, threading.Lock()

    def answer(self, key: Hashable, good_for: Hashable, find: Callable[[], Rows]) -> Rows:
        """What is known of a question and still good, or what `find` says; whoever asks meanwhile waits for that."""
        with self._alone:
            known = self._known.get(key)
            if known and known[0] == good_for:
                self._known.move_to_end(key)
                return known[1]
            other, mine = self._ahead.get((key, good_for)), _Ahead()
            if other is None:
                self._ahead[key, good_for] = mine
        if other is not None:
            other.there.wait()
            # Where the other was interrupted or refused, it is asked again.
            return find() if other.rows is None else other.rows
        try:
            mine.rows = find()
            self._keep(key, good_for, mine.rows)
            return mine.rows
        finally:
            with self._alone:
                del self._ahead[key, good_for]
            mine.there.set()

    def _keep(self, key: Hashable, good_for: Hashable, rows: Rows) -> None:
        if len(rows) > MOST_ROWS:
            return
        size = _values(rows)
        with self._alone:
            self._drop(key)
            self._known[key] = (good_for, rows, size)
            self._values += size
            while self._values > MOST_VALUES:
                self._drop(next(iter(self._known)))

    def _drop(self, key: Hashable) -> None:
        known = self._known.pop(key, None)
        self._values -= known[2] if known else 0

    def clear(self) -> None:
        """Forget all."""
        with self._alone:
            self._known.clear()
            self._values = 0


def _values(thing: Any) -> int:
    """How many values there are in rows, lists and records."""
    if isinstance(thing, dict):
        return 1 + sum(map(_values, thing.values()))
    if isinstance(thing, list | tuple):
        return 1 + sum(map(_values, thing))
    return 1
