"""The store as one visitor may use it: every question and every act asks for the right at that moment."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from data import noting
from data.acting import ActError
from data.database import Cursor, Rows, Store, ask
from data.rights import Visitor

# Who is there now, asked anew each time; None for nobody.
Seek = Callable[[], Visitor | None]


class Sight(Store):
    """A store seen by a visitor with one right (a page's): their units' rows alone, their name on every act."""

    def __init__(self, whole: Store, seek: Seek, right: str) -> None:
        """See `whole` with a right of rights.csv; `seek` says who looks."""
        self._whole, self._seek, self._right = whole.whole, seek, right
        self.path, self.home, self.kept = whole.path, whole.home, whole.kept
        self.writing, self.previewing = whole.writing, whole.previewing

    @property
    def whole(self) -> Store:
        """The store without limits, for what belongs to nobody: the journal."""
        return self._whole

    def permit(self, right: str) -> Visitor:
        """Who is there now, if they have a right; ActError where nobody is or the table does not give it.

        A refused act is noted where it is refused.
        """
        visitor = self._seek()
        if visitor is None:
            raise ActError("act.signed_out")
        if not visitor.may(right):
            if right == self._right:
                noting.refused(self._whole, visitor.name, right)
            raise ActError("act.no_right", right=right)
        return visitor

    def actor(self, person: str, right: str) -> str:
        """The name of whoever is signed in, whatever name was given; ActError without the right."""
        visitor = self.permit(right)
        return visitor.name if visitor.signed_in else person

    def look(self) -> None:
        """ActError for whoever may not look at this now."""
        self.permit(self._right)

    def named(self, person: str) -> str:
        """The name of whoever is signed in, whatever name was given."""
        visitor = self._seek()
        return visitor.name if visitor and visitor.signed_in else person

    def confine(self, cursor: Cursor, act: int, batch: int | None) -> None:
        """ActError where an act of a person limited to units has touched another, or the whole bureau."""
        visitor = self.permit(self._right)
        if visitor.units is not None and ask(cursor, "from strays($act, $batch) limit 1", {"act": act, "batch": batch}):
            raise ActError("act.not_your_unit")

    def cursor(self, units: Any = None) -> AbstractContextManager[Cursor]:
        """A cursor that sees what the visitor may."""
        return self._whole.cursor(self.permit(self._right).units)

    def ask(self, question: str, facts: dict[str, Any] | None = None, units: Any = None) -> Rows:
        """The answer's rows, as far as the visitor may see them."""
        return self._whole.ask(question, facts, self.permit(self._right).units)

    def _forget(self) -> None:
        self._whole._forget()

    def _commit(self, cursor: Cursor) -> None:
        self._whole._commit(cursor)
