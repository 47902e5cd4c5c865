"""The bench: its ratios and bars, what it compares with, and that it says what it left out."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from data import lagging
from data.database import Store
from tests.bench import scripts
from tests.bench.made import Size, make
from tests.bench.measured import Line, Took, as_row
from tests.bench.questions import AS_OF, PAGE

HERE = Path(__file__).resolve().parent.parent


def test_a_bar_is_the_most_of_a_ratio_or_with_faster_the_least():
    slow, quick = Took(0.4, 3 * 2**20), Took(0.1)
    assert [Line("a", slow, "b", quick, bar).holds for bar in (4, 3.9, None)] == ["yes", "NO", ""]
    assert [Line("b", quick, "a", slow, bar, faster=True).holds for bar in (4, 4.1)] == ["yes", "NO"]
    assert as_row(Line("a", slow, "b", quick, 4)) == "| a | 400 ms | 3 MB | b | 100 ms | 4 × | ≤ 4 | yes |"


@pytest.mark.parametrize("name", scripts.SCRIPTS)
def test_a_script_finds_the_same_projects_as_the_list_where_nothing_was_changed(name, tmp_path):
    pytest.importorskip(name)
    path = tmp_path / "m.duckdb"
    store = Store(path)
    make(store, Size(90, chances=dict.fromkeys(("late", "refund", "restated", "adjusted", "revised"), 10**9)))
    rows = lagging.listed(store, AS_OF, None, PAGE)["rows"]
    store.close()
    assert scripts.found(path, name) == [row["project_code"] for row in rows] and len(rows) > 10


def test_a_part_is_measured_alone_and_what_the_machine_lacks_is_said():
    command = [sys.executable, "-m", "tests.bench", "--sizes", "16", "24", "--parts", "pandas", "polars"]
    told = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=True).stdout
    assert "| lagging list: 24 projects |" in told and "certify" not in told
    assert ("polars over loaded frames" in told) == (find_spec("polars") is not None)
    assert ("Left out: polars" in told) == (find_spec("polars") is None)
