"""The architecture, executed: who may import whom, and which module is the one door to which library."""

import ast
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent.parent

# A room, and what of ours its modules may import. The longest matching name of a module counts.
MAY_IMPORT = {
    "loaders": {"loaders"},
    "data": {"data", "loaders"},
    "data.words": {"loaders.problems"},
    "data.reasons": {"data.words"},
    "pages.parts": {"pages.parts", "data.words", "data.reasons", "loaders.problems", "loaders.confined"},
    "pages.parts.sent": {"pages.parts", "loaders"},
    "pages.opened": {"data"},
    "pages.ways": {"data"},
    "pages.present": {"data", "pages.ways"},
    "pages.accounts": {"data", "pages.parts", "pages.visit", "pages.deeds"},
    "pages.guard": {"data", "pages.opened", "pages.present", "pages.ways"},
    "pages.signing": {"data", "pages.opened", "pages.ways"},
    "pages.server": {
        *("data.database", "data.keeper", "data.words", "loaders.memory", "pages.opened", "pages.overview"),
        *("pages.guard", "pages.health", "pages.logbook", "pages.signing", "pages.ways"),
    },
    "pages.health": {"data", "pages.opened"},
    "pages.logbook": set(),
    "pages.visit": {"data", "pages.parts", "pages.present"},
    "pages.judging": {"data", "loaders", "pages.visit"},
    "pages.answering": {"data", "loaders", "pages.parts", "pages.visit"},
    "pages.papers": {"data", "pages.parts", "pages.visit"},
    "pages.effects": {"data", "pages.parts", "pages.visit", "pages.judging"},
    "pages.intake": {"data", "loaders", "pages.parts", "pages.visit", "pages.judging", "pages.answering", "pages.effects", "pages.papers"},
    "pages.finding": {"data", "pages.parts", "pages.visit"},
    "pages.discipline": {"data", "pages.parts", "pages.visit", "pages.deeds", "pages.finding"},
    "pages.chronicle": {"pages.parts", "pages.visit"},
    "pages.batch": {
        *("data", "pages.parts", "pages.visit"),
        *("pages.judging", "pages.intake", "pages.papers", "pages.chronicle", "pages.deeds", "pages.finding"),
    },
    "pages.ledger": {"data", "pages.parts", "pages.visit", "pages.batch", "pages.chronicle", "pages.discipline"},
    "pages.briefing": {"data", "pages.parts", "pages.visit", "pages.papers"},
    "pages.deeds": {"data", "pages.parts", "pages.visit", "pages.intake"},
    "pages.settings": {"data", "pages.parts", "pages.visit", "pages.intake", "pages.deeds"},
    "pages.explaining": {"data", "loaders", "pages.parts", "pages.visit", "pages.intake", "pages.deeds"},
    "pages.noticing": {"data", "pages.parts", "pages.visit", "pages.intake", "pages.papers", "pages.deeds"},
    "pages.form_filling": {"data", "pages.parts", "pages.visit", "pages.papers", "pages.deeds"},
    "pages.official_forms": {"data", "pages.parts", "pages.visit", "pages.papers", "pages.deeds", "pages.finding", "pages.form_filling"},
    "pages.listing": {"data", "pages.parts", "pages.visit"},
    "pages.behind": {
        *("data", "pages.parts", "pages.visit"),
        *("pages.explaining", "pages.finding", "pages.listing", "pages.noticing", "pages.official_forms"),
    },
    "pages.filling": {
        *("data", "loaders", "pages.parts", "pages.visit"),
        *("pages.intake", "pages.papers", "pages.deeds", "pages.finding"),
    },
    "pages.indicators": {"data", "pages.parts", "pages.visit", "pages.filling", "pages.finding"},
    "pages.outlook": {"data", "pages.parts", "pages.visit"},
    "pages.headline": {"pages.parts", "pages.visit"},
    "pages.wall": {"data", "pages.parts", "pages.visit", "pages.headline"},
    "pages.overview": {"data", "pages.parts", "pages.visit", "pages.intake", "pages.briefing", "pages.outlook", "pages.headline"},
    "pages.plan_history": {"data", "pages.parts", "pages.visit"},
    "pages.plan_intake": {"data", "loaders", "pages.parts", "pages.visit", "pages.intake", "pages.judging"},
    "pages.plan_changes": {
        *("data", "loaders", "pages.parts", "pages.visit"),
        *("pages.intake", "pages.plan_history", "pages.deeds", "pages.finding"),
    },
    "pages.plan_hand": {
        *("data", "loaders", "pages.parts", "pages.visit", "pages.judging"),
        *("pages.plan_changes", "pages.plan_history", "pages.plan_intake"),
    },
    "pages.plans": {
        *("data", "pages.parts", "pages.visit", "pages.intake", "pages.finding"),
        *("pages.plan_changes", "pages.plan_hand", "pages.plan_intake"),
    },
    "pages.profiling": {"data", "pages.parts", "pages.visit", "pages.intake", "pages.deeds"},
    "pages.project": {
        *("data", "pages.parts", "pages.visit"),
        *("pages.plan_history", "pages.outlook", "pages.explaining", "pages.finding", "pages.profiling"),
    },
    "pages.audit": {"data", "pages.parts", "pages.visit"},
    "pages.terminal": {"data", "loaders", "pages.parts", "pages.terminal"},
    "pages.terminal.serving": {"data", "pages.terminal", "pages.ways"},
    "pages.frame": {"data.acting", "data.database", "data.rights", "data.sight", "data.words", "pages"},
    "pages": {"data", "loaders", "pages.parts", "pages.visit", "pages.intake", "pages.judging", "pages.discipline"},
    "dashboard": {"pages.terminal", "pages.server"},
}
# A library, and the modules through which alone it is reached.
DOORS = {
    "duckdb": {"data.database", "data.copies", "data.opening", "data.lake", "data.tables"},
    # The columns of a file of disbursements are arrays from its bytes to the store.
    "pyarrow": {
        *("data.database", "data.incoming"),
        *(f"loaders.{name}" for name in ("actuals", "amounts", "arrays", "declared", "findings", "lines", "packed", "spending", "totals")),
    },
    "plotly": {"pages.parts.charts"},
    "xlsxwriter": {
        *("pages.parts.exports", "pages.parts.trail", "pages.parts.plain_book", "pages.parts.working_paper"),
        *("pages.parts.official_book", "pages.parts.indicator_book"),
    },
    "openpyxl": {"pages.parts.own_book"},
    "docx": {"pages.parts.paper_docx", "pages.parts.official_docx"},
    "lxml": {"loaders.documents"},
    "pdfplumber": {"loaders.printed"},
    "pypdfium2": {"loaders.printed"},
    "typst": {"pages.parts.paper"},
    "python_calamine": {"loaders.workbooks"},
    "starlette": {"pages.server", "pages.guard", "pages.health", "pages.signing"},
    "streamlit": {"dashboard", "pages"},
}
# The streamlit door is shut for what the command line needs as well.
WITHOUT_STREAMLIT = ("pages.parts", "pages.opened")
OURS = ("dashboard", "data", "loaders", "pages")


def modules() -> dict[str, str]:
    """Every module of the product by its dotted name, with its source."""
    paths = [HERE / "dashboard.py", *(path for room in ("data", "loaders", "pages") for path in (HERE / room).rglob("*.py"))]
    return {
        ".".join(path.relative_to(HERE).with_suffix("").parts).removesuffix(".__init__"): path.read_text(encoding="utf-8") for path in paths
    }


def imported(source: str) -> set[str]:
    """The dotted names that a source imports, `from a import b` giving both a and a.b."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def within(name: str, room: str) -> bool:
    """Whether a dotted name is a room or lies in it."""
    return name == room or name.startswith(f"{room}.")


def breaches(name: str, source: str) -> list[str]:
    """What a module imports that it may not."""
    allowed = MAY_IMPORT[max((room for room in MAY_IMPORT if within(name, room)), key=len)]
    known = set(modules())
    found = []
    for target in imported(source):
        ours = target in known and target not in OURS
        if ours and not any(within(target, room) for room in allowed):
            found.append(f"{name} may not import {target}")
        library = target.split(".")[0]
        if library in DOORS and not any(within(name, door) for door in DOORS[library]):
            found.append(f"{name} is not the door to {library}")
        if library == "streamlit" and any(within(name, room) for room in WITHOUT_STREAMLIT):
            found.append(f"{name} must do without streamlit")
    return found


@pytest.mark.parametrize("name", sorted(modules()))
def test_every_module_imports_only_what_its_room_allows(name):
    assert breaches(name, modules()[name]) == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("loaders.cells", "from data.database import Store"),
        ("data.queries", "import streamlit as st"),
        ("data.words", "from data import queries"),
        ("data.queries", "from pages.parts import figures"),
        ("pages.overview", "from pages.upload import show"),
        ("pages.behind", "import plotly.graph_objects as go"),
        ("pages.parts.blocks", "from data import queries"),
        ("pages.parts.exports", "import streamlit"),
        ("pages.project", "import duckdb"),
        ("loaders.plans", "import pdfplumber"),
        ("loaders.tables", "from lxml import etree"),
    ],
)
def test_a_planted_breach_is_found(name, source):
    assert breaches(name, source)


def test_no_module_is_larger_than_a_reader_can_hold():
    sizes = {name: len(source.splitlines()) for name, source in modules().items()}
    assert {name: size for name, size in sizes.items() if size > 340} == {}


@pytest.mark.parametrize("path", sorted((HERE / "data").rglob("*.sql")), ids=lambda path: path.name)
def test_every_query_file_opens_with_its_question_and_is_short(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("-- ")
    if path.name != "schema.sql":
        assert len(lines) <= 65


def test_no_query_of_the_store_says_today():
    for path in (HERE / "data").rglob("*.sql"):
        text = path.read_text(encoding="utf-8").lower()
        assert "current_date" not in text and "now()" not in text and "today()" not in text, path.name
