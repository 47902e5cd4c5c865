"""Nothing lost: a backup gives back the same store, a rebuild the same verdicts, and one changed byte anywhere is noticed."""

import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from drawn import HEADINGS, QUARTERS, end_of, everything, new_store, pay

from data import acting, acts, audit, backup, changes, control, doctor, explaining, journal, keeper, months, notices, rebuild
from data.copies import looked_into
from data.database import Store, StoreError, open_store
from data.opening import work_path
from pages.terminal import run

HERE = Path(__file__).resolve().parent.parent
PLAN = f"""
{HEADINGS},{QUARTERS}
P1,会议费,001,局本级,100,25%,50%,75%,100%
P2,培训费,001,局本级,100,25%,50%,75%,100%
"""
# FLIPS=100 asks for just so many changed bytes in each of store, journal and kept files.
FLIPS = int(os.environ.get("FLIPS", "12"))


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A store with every kind of act that moves money or says something of it."""
    path = tmp_path_factory.mktemp("made") / "our store.duckdb"
    store = new_store(PLAN, path)
    pay(store, "P1 3 2500\nP2 3 1")
    basis = changes.Basis("财预〔2025〕7号", date(2025, 2, 1), "追加")
    act = changes.record(store, changes.Adjustment((2025, "001", "P1"), "increase", Decimal("10.01"), basis), "张三", date(2025, 4, 1))
    points = ((6, Decimal("0.5")), (12, Decimal(1)))
    changes.record(store, changes.Revision((2025, "001", "P2"), points, basis), "张三", date(2025, 4, 1))
    changes.reverse(store, act, "张三", "登错了", date(2025, 4, 2))
    months.set_rules(store, {"behind": Decimal("0.5")}, "李四", "按通知")
    said = explaining.Explanation("001", "P1", "funding", "未到账", due_month=5, promised=Decimal("100.10"))
    explaining.explain(store, end_of(3), [said], "张三", date(2025, 4, 5))
    number = notices.issue(store, end_of(3), "001", {"level": "remind", "deadline": date(2025, 5, 1), "today": date(2025, 4, 6)}, "李四")
    notices.answer(store, 2025, number, "已催办", "张三", date(2025, 4, 7))
    months.lock(store, end_of(3), "李四")
    months.reopen(store, end_of(3), "李四", "补报")
    acts.withdraw(store, pay(store, "P1 4 100\nP2 4 7"), "李四", "报错了")
    audit.note(store, "export", "王五", "滞后清单.xlsx")
    store.close()
    return path


@pytest.fixture
def path(made, tmp_path) -> Path:
    """A copy of that store, to be harmed."""
    for part, _ in backup.parts(made):
        if part.exists():
            (shutil.copytree if part.is_dir() else shutil.copy)(part, tmp_path / part.name)
    return tmp_path / made.name


def archive_of(content: bytes) -> io.BytesIO:
    """An archive's bytes as a file."""
    return io.BytesIO(content)


def told(path: Path) -> tuple:
    """All that a store says: its totals, its verdicts, its lines."""
    store = Store(path)
    acting.prepare(store)
    with store.cursor() as cursor:
        found = control.totals(cursor), everything(store), journal.lines_of(journal.journal_path(store))
    store.close()
    return found


def test_a_backup_while_serving_gives_back_the_very_same_store(path, tmp_path):
    store, archive = Store(path), tmp_path / "backup.zip"
    acting.prepare(store)
    with store.cursor() as cursor:
        before = control.totals(cursor), everything(store)
    assert backup.make(store, archive, "李四")["totals"] == before[0]
    pay(store, "P1 5 1\nP2 5 1")
    with pytest.raises(StoreError) as raised:
        backup.restore(archive, path, "李四")
    assert raised.value.code == "store.held"
    store.close()
    aside = backup.restore(archive, path, "李四")
    assert {part.name for part in aside.iterdir()} >= {path.name, path.with_suffix(".journal.jsonl").name, path.with_suffix(".files").name}
    restored = Store(path)
    acting.prepare(restored)
    assert everything(restored) == before[1] and audit.trail(restored)[0]["event"] == "restore"
    restored.close()
    assert doctor.examine(path) == [] and list(work_path(path).iterdir()) == []


def test_an_archive_with_one_changed_byte_is_refused_and_nothing_moves(path, tmp_path):
    store, archive = Store(path), tmp_path / "backup.zip"
    backup.make(store, archive, "李四")
    store.close()
    content, before = archive.read_bytes(), path.read_bytes()
    with pytest.raises(StoreError):
        archive.write_bytes(content[: len(content) // 2])
        backup.restore(archive, path, "李四")
    with zipfile.ZipFile(archive_of(content)) as packed:
        whole = packed.getinfo(backup.DATABASE)
    refused = 0
    for place in random.Random(1).sample(range(whole.header_offset + 100, whole.header_offset + whole.compress_size), 16):
        archive.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        try:
            # A compressed run of zeros may be written in many ways; then every member still has its SHA-256.
            backup.examine(archive, tmp_path)
        except StoreError as error:
            assert error.code.startswith("backup."), place
            refused += 1
            with pytest.raises(StoreError):
                backup.restore(archive, path, "李四")
    assert refused and path.read_bytes() == before


def test_a_rebuilt_store_has_the_same_acts_verdicts_and_audit(path):
    before = told(path)
    done = rebuild.rebuild(path)
    assert (done["differs"], done["lost"]) == ([], []) and Path(done["aside"], path.name).exists()
    after = told(path)
    assert after[1:] == before[1:]
    same = {name for name in before[0]["tables"] if before[0]["tables"][name] == after[0]["tables"].get(name)}
    assert set(before[0]["tables"]) - same <= {"versions"}
    assert doctor.examine(path) == []


def test_a_store_that_cannot_be_opened_is_rebuilt_from_journal_and_files(path):
    before = told(path)[1]
    content = path.read_bytes()
    path.write_bytes(content[:4096] + bytes(8192) + content[12288:])
    with pytest.raises(StoreError) as raised:
        Store(path)
    assert raised.value.code == "store.damaged"
    assert rebuild.rebuild(path)["lost"] == list(rebuild.TAKEN_OVER)
    assert told(path)[1] == before


def test_a_figure_changed_behind_our_back_is_found_and_not_taken_over(path):
    connection = duckdb.connect(str(path))
    connection.execute("update actuals set amount = amount + 1 where project_code = 'P1' and month = 3")
    connection.close()
    assert [fault.code for fault in doctor.examine(path)] == ["doctor.total"]
    before = path.read_bytes()
    done = rebuild.rebuild(path)
    assert done["aside"] is None and done["differs"][0] == "2025-03 001 P1"
    assert path.read_bytes() == before


def test_every_act_can_be_done_again():
    sources = "".join(source.read_text(encoding="utf-8") for source in (HERE / "data").glob("*.py"))
    verbs = set(re.findall(r'\b(?:record|note|sealed)\("(\w+)", (?:None|batch)', sources)) | {"adjust", "revise"}
    assert len(verbs) >= 14 and verbs - set(rebuild.AGAIN) == set()


def test_one_changed_byte_in_store_journal_or_kept_file_is_noticed(path):
    moments = random.Random(2)
    kept = sorted(path.with_suffix(".files").iterdir())
    for flip in range(FLIPS):
        for file in (path, path.with_suffix(".journal.jsonl"), moments.choice(kept)):
            content = file.read_bytes()
            place = moments.randrange(len(content))
            file.write_bytes(content[:place] + bytes([content[place] ^ 1 << moments.randrange(8)]) + content[place + 1 :])
            assert doctor.examine(path), (flip, file.name, place)
            file.write_bytes(content)
    assert doctor.examine(path) == []


def test_a_changed_byte_of_the_store_is_noticed_at_its_start(path):
    content = path.read_bytes()
    for place in random.Random(3).sample(range(len(content)), FLIPS):
        path.write_bytes(content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :])
        with pytest.raises(StoreError) as raised:
            Store(path)
        assert raised.value.code == "store.damaged", place


def test_a_lost_write_ahead_log_is_noticed(path):
    old = path.read_bytes()
    store = Store(path)
    acting.prepare(store)
    audit.note(store, "export", "王五")
    store.close()
    path.write_bytes(old)
    assert {fault.code for fault in doctor.examine(path)} == {"store.journal_audit", "doctor.audit_missing"}


def test_the_command_line_asks_whoever_holds_the_store(path, tmp_path, monkeypatch):
    monkeypatch.setattr(keeper, "TAKEN_WITHIN", 1)
    store = Store(path)
    acting.prepare(store)
    with keeper.answering(lambda: store):
        answers = []
        asking = threading.Thread(target=lambda: answers.append(keeper.ask(path, "backup", "李四")))
        asking.start()
        asking.join()
        (manifest, archive), (examined, _) = answers[0], keeper.ask(path, "doctor", "李四")
        assert held_by_us(path), "looking into the file must not give up its lock"
    assert examined == {"faults": []} and manifest["totals"]["paid"] == "2608.00"
    assert backup.examine(archive, tmp_path) == manifest
    archive.unlink()
    with pytest.raises(StoreError) as raised:
        keeper.ask(path, "backup", "李四")
    assert raised.value.code == "store.held" and list(work_path(path).iterdir()) == []
    store.close()


def held_by_us(path: Path) -> bool:
    """Whether another process is kept out of the store."""
    code = f"import duckdb; duckdb.connect({str(path)!r})"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return told.returncode != 0 and "Could not set lock" in told.stderr


def command(path: Path, *arguments: str) -> int:
    """The exit code of a command, after which this process lets go of the store as that command's would."""
    code = run([*arguments, "--store", str(path)])
    if arguments[0] == "backup":
        open_store(path).close()
    return code


def test_the_commands_end_with_what_they_found(path, tmp_path, capsys):
    archive = str(tmp_path / "b.zip")
    assert [command(path, "backup", archive) for _ in range(2)] == [0, 2]
    assert command(path, "doctor") == 0
    next(path.with_suffix(".files").iterdir()).write_bytes(b"x")
    capsys.readouterr()
    assert command(path, "doctor", "--json") == 1
    assert [fault["code"] for fault in json.loads(capsys.readouterr().out)["faults"]] == ["doctor.file_changed"]
    assert command(path, "restore", archive, "--lang", "en") == 0
    assert "is now in" in capsys.readouterr().out
    assert command(path, "doctor") == 0


def test_an_older_store_is_copied_before_it_is_changed_and_a_newer_one_left_alone(path):
    connection = duckdb.connect(str(path))
    connection.execute("drop table results")
    connection.execute("alter table acts add column later text")
    connection.close()
    Store(path).close()
    copies = list(work_path(path).glob("before-*.duckdb"))
    assert len(copies) == 1
    with looked_into(copies[0]) as cursor:
        assert "results" not in control.totals(cursor)["tables"]
    Store(path).close()
    assert list(work_path(path).glob("before-*.duckdb")) == copies
    connection = duckdb.connect(str(path))
    connection.execute("insert into versions values (99, null)")
    connection.close()
    with pytest.raises(StoreError) as raised:
        Store(path)
    assert raised.value.code == "store.newer"
