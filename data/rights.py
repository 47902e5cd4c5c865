"""Who may do what: the written table rights.csv, and the visitor of whom it speaks."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("rights.csv")
ROLES = ("viewer", "staff", "finance", "certifier", "admin")
# In place of admin where the administrators are separated: accounts, roles, the audit trail; none of them sees figures.
SEPARATED = ("system", "security", "audit")
LOCAL_ROLE = "local"


@cache
def table() -> dict[str, frozenset[str]]:
    """The roles that have each right, in the order of the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row.pop("right"): frozenset(role for role, mark in row.items() if mark) for row in csv.DictReader(file)}


@dataclass(frozen=True)
class Visitor:
    """Somebody at the pages: name, role, the units that they see (None: all), and the hash of their session's token."""

    name: str
    role: str
    units: frozenset[str] | None = None
    session: str = ""
    must_change: bool = False

    def may(self, right: str) -> bool:
        """Whether the table gives the right; a person at the machine itself has all of them."""
        return self.role == LOCAL_ROLE or self.role in table().get(right, ())

    @property
    def signed_in(self) -> bool:
        """Whether the visitor has shown who they are."""
        return self.role != LOCAL_ROLE


LOCAL = Visitor("", LOCAL_ROLE)
