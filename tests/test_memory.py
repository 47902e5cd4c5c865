"""A large file goes through the server's own steps within 300 MB over what it takes idle, and comes out right."""

import os
import subprocess
import sys
from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import independent
import pytest
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from data.database import Store
from pages import intake

# ROWS=1000000 asks for as many as the page takes at most, which takes three times as long.
ROWS, MONTHS, MEGABYTE = int(os.environ.get("ROWS", "300000")), 9, 1024
# A million rows take 300 MB at most; what is taken once, whatever the rows, is within.
MOST = (60 + 240 * ROWS / 1_000_000) * MEGABYTE
STEPS = """
import sys
from datetime import date
from pathlib import Path
import pages.overview
from data import acts, samples
from data.arrivals import Sending
from data.database import Store
from pages import intake
from data.staging import consider
from loaders.apart import read_apart
from loaders.memory import give_back_soon

def held(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))

give_back_soon()
store = Store(Path(sys.argv[1]))
samples.load_plan(store, "张", date(2025, 1, 5))
idle = held("VmRSS")
content = Path(sys.argv[2]).read_bytes()
sending = Sending("large.csv", content, read_apart(content), date(2025, 10, 2))
told = consider(store, sending)
found = acts.load(store, sending, "张", told)
print(told.verdict(), found.batch, held("VmHWM") - idle)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells how much memory a process has taken")
def test_a_large_file_takes_little_memory_and_loses_nothing(tmp_path):
    codes = [line.split()[1] for line in independent.PROJECTS.split("\n") if line]
    lines = (f"2025-0{1 + n % MONTHS},{codes[n % len(codes)]},{n % 50}.{n % 100:02},v{n}" for n in range(ROWS))
    large = tmp_path / "large.csv"
    large.write_text("\n".join(["月份,项目编码,支出金额,凭证号", *lines]), encoding="utf-8")
    # A file of its own: the database draws a bar for whoever it takes for a person at a prompt.
    steps, here = tmp_path / "steps.py", Path(__file__).parents[1]
    steps.write_text(STEPS, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, steps, tmp_path / "m.duckdb", large],
        capture_output=True,
        text=True,
        check=True,
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(here)},
    )
    verdict, batch, kilobytes = done.stdout.split()
    assert verdict == "warnings"
    assert int(kilobytes) < MOST
    store = Store(tmp_path / "m.duckdb")
    row = store.ask(
        "select count(*) as n, sum(amount) as total, count(distinct file_row) as places from actuals where batch = $b", {"b": int(batch)}
    )
    store.close()
    assert row == [{"n": ROWS, "total": sum((Decimal(f"{n % 50}.{n % 100:02}") for n in range(ROWS)), Decimal(0)), "places": ROWS}]


def test_what_was_sent_stands_in_memory_once_however_often_its_page_runs(monkeypatch):
    content = bytes(MEGABYTE)
    chosen = lambda *_, **__: deepcopy([UploadedFile(UploadedFileRec("1", "a.csv", "text/csv", content), FileURLs())])  # noqa: E731
    monkeypatch.setattr("pages.intake.st.file_uploader", chosen)
    assert all(intake.choose("a", ["csv"], several=True)[0].getvalue() is content for _ in range(3))
