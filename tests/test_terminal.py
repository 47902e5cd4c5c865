"""The command line, run as people and schedulers run it: by itself, on a store of its own."""

import contextlib
import csv
import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from data.database import open_store
from data.samples import HERE as DATA
from data.samples import PLAN
from data.words import Words
from pages import terminal

ROOT = Path(__file__).resolve().parent.parent
JANUARY = DATA / "samples" / "2025-01.csv"
CODE, NAME = "13020225P00781710002T", "高质量发展先进集体和先进个人表彰"
LOAD_KEYS = {"effect", "file", "recognised", "verdict", "rows", "total_yuan", "batch", "state", "projects", "problems"}
LOAD_KEYS |= {"document", "layout", "fiscal_year", "unit_of_money", "stated"}
PROBLEM_KEYS = {"difference", "finding", "answer", "code", "level", "row", "column", "value", "expected", "message", "fix"}
PROJECT_KEYS = {
    "unit_code",
    "unit_name",
    "project_code",
    "project_name",
    "budget_yuan",
    "fiscal_yuan",
    "other_yuan",
    "checkpoints",
    "plan_reading",
    "indicators",
    "findings",
    "place",
}
PROGRESS_KEYS = [
    "fiscal_year",
    "unit_code",
    "unit_name",
    "project_code",
    "project_name",
    "original_budget",
    "current_budget",
    "spent",
    "spent_share",
    "due_share",
    "expected_share",
    "calendar_share",
    "completion",
    "gap_share",
    "gap_amount",
    "needed_to_next",
    "status",
    "at_risk",
    "last_reported",
]

CHASED_KEYS = [
    *("due_amount", "follow_up", "months_left", "streak", "trend", "cause", "reason", "repeated", "measure", "responsible"),
    *("promise", "promise_due", "outcome", "kept_share"),
]
VERBS = ["load", "check", "progress", "behind", "plans", "batches", "certify", "withdraw", "sample", "serve"]
Done = subprocess.CompletedProcess[str]


def command(*arguments: object, **environment: str) -> Done:
    """One run of the command line, with no store told by the environment unless asked."""
    around = {name: value for name, value in os.environ.items() if name != "BUDGET_STORE"} | environment
    done = subprocess.run(
        [sys.executable, "dashboard.py", *map(str, arguments)],
        cwd=ROOT,
        env=around,
        timeout=240,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done


def answer(done: Done, code: int = 0) -> list[dict]:
    """The JSON of a run that ended with this exit code."""
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def asked(store: Path, *arguments: str) -> list[dict]:
    """The JSON that a verb answers within this process, which lets go of the store again."""
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8")) as said:
        assert terminal.run([*arguments, "--json", "--store", str(store)]) == 0
    open_store(store).close()
    said.seek(0)
    return json.load(said)


def amended(path: Path, old: str, new: str) -> Path:
    """January's file at a place of its own with a text replaced."""
    text = JANUARY.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def copied(store: Path, folder: Path) -> Path:
    """A store with its journal and kept files at another place."""
    for path in store.parent.glob(f"{store.stem}.*"):
        (shutil.copytree if path.is_dir() else shutil.copy)(path, folder / path.name)
    return folder / store.name


@pytest.fixture(scope="module")
def first_load(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """A store with the real plan certified in it, and the run that did it."""
    store = tmp_path_factory.mktemp("plan") / "store.duckdb"
    return store, command("load", PLAN, "--certify", "--json", "--store", store, "--today", "2025-01-10", "--as", "李四")


@pytest.fixture
def store(first_load: tuple[Path, Done], tmp_path: Path) -> Path:
    """A fresh copy of the store with the plan."""
    return copied(first_load[0], tmp_path)


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the plan and the nine sample months."""
    store = tmp_path_factory.mktemp("sample") / "store.duckdb"
    assert command("sample", "--store", store).returncode == 0
    return store


@pytest.fixture(scope="module")
def lagging(sampled: Path) -> list[dict]:
    return answer(command("behind", "--as-of", "2025-09", "--json", "--store", sampled))


def test_loading_the_plan_gives_the_documented_keys(first_load):
    (plan,) = answer(first_load[1])
    assert set(plan) == LOAD_KEYS
    assert (plan["file"], plan["recognised"], plan["verdict"], plan["state"]) == (str(PLAN), "plan", "accepted", "certified")
    assert (plan["rows"], plan["total_yuan"], plan["batch"]) == (16, "84019700.00", 1)
    assert {frozenset(project) for project in plan["projects"]} == {frozenset(PROJECT_KEYS)}
    assert {frozenset(problem) for problem in plan["problems"]} == {frozenset(PROBLEM_KEYS)}
    assert {problem["level"] for problem in plan["problems"]} == {"note"}


def test_a_project_of_the_plan_is_told_in_decimal_text_and_null_for_blanks(first_load):
    project = answer(first_load[1])[0]["projects"][0]
    assert project == {
        "unit_code": "323001",
        "unit_name": "唐山市路南区人力资源和社会保障局本级",
        "project_code": CODE,
        "project_name": NAME,
        "budget_yuan": "260000.00",
        "fiscal_yuan": "260000.00",
        "other_yuan": None,
        "checkpoints": [
            {"month": 3, "share": "0.25"},
            {"month": 6, "share": "0.5"},
            {"month": 10, "share": "0.75"},
            {"month": 12, "share": "1"},
        ],
        "plan_reading": "cumulative",
        "indicators": 9,
        "findings": ["L03", "L02"],
        "place": "第4行",
    }


def test_a_good_month_is_stored_and_certified_by_the_named_person(store):
    (month,) = answer(command("load", JANUARY, "--certify", "--json", "--store", store, "--as", "王五"))
    assert (month["recognised"], month["verdict"], month["rows"], month["total_yuan"]) == ("actuals", "accepted", 16, "4685300.66")
    assert (month["batch"], month["state"], month["projects"], month["problems"]) == (2, "certified", None, [])
    newest, plan = asked(store, "batches")
    assert (newest["batch"], newest["standing"], newest["recorded_by"], newest["certified_by"]) == (2, "certified", "王五", "王五")
    assert (newest["months"], newest["units"], newest["total"]) == (["2025-01"], ["323001", "323003", "323005"], "4685300.66")
    assert (plan["batch"], plan["kind"], plan["recorded_by"], plan["file_name"]) == (1, "plan", "李四", PLAN.name)


def test_a_month_that_is_not_certified_does_not_count(store):
    (month,) = answer(command("load", JANUARY, "--json", "--store", store))
    assert month["state"] == "checked"
    assert {row["status"] for row in asked(store, "progress", "--as-of", "2025-01")} == {"not_reported"}
    assert command("certify", 2, "--store", store).returncode == 0
    assert {row["status"] for row in asked(store, "progress", "--as-of", "2025-01")} == {"not_due"}


def test_a_rejected_file_stores_nothing(store, tmp_path):
    before = asked(store, "batches")
    faulty = amended(tmp_path / "faulty.csv", CODE, f"{CODE[:-1]}X")
    (told,) = answer(command("load", faulty, "--certify", "--json", "--store", store), code=1)
    assert (told["verdict"], told["batch"], told["state"]) == ("rejected", None, None)
    assert [problem["code"] for problem in told["problems"] if problem["level"] == "fatal"] == ["R01"]
    problem = told["problems"][0]
    assert (problem["row"], problem["column"], problem["value"]) == (2, "项目编码", f"{CODE[:-1]}X")
    assert problem["expected"].startswith(CODE)
    assert "第 2 行" in problem["message"]
    assert asked(store, "batches") == before


def test_a_file_that_is_no_table_is_rejected_with_a_sentence(store, tmp_path):
    (tmp_path / "scan.csv").write_bytes(b"%PDF-1.7\n" + bytes(100))
    (told,) = answer(command("load", tmp_path / "scan.csv", "--json", "--store", store), code=1)
    assert (told["recognised"], told["verdict"], told["rows"], told["total_yuan"], told["batch"]) == (None, "rejected", 0, None, None)
    assert [problem["code"] for problem in told["problems"]] == ["F05"]


def test_unanswered_warnings_are_not_certified_and_a_reason_certifies_them(store, tmp_path):
    doubtful = amended(tmp_path / "doubtful.csv", NAME, "表彰")
    (told,) = answer(command("load", doubtful, "--certify", "--json", "--store", store), code=1)
    assert (told["verdict"], told["state"]) == ("warnings", "checked")
    assert [(problem["code"], problem["level"]) for problem in told["problems"]] == [("W08", "confirm")]
    refused = command("certify", told["batch"], "--json", "--store", store)
    assert answer(refused, code=1)["error"] == "act.unanswered"
    (told,) = answer(command("load", doubtful, "--certify", "--accept-warnings", "简称", "--json", "--store", store))
    assert (told["verdict"], told["batch"], told["state"]) == ("accepted", 2, "certified")
    newest = asked(store, "batches")[0]
    assert (newest["batch"], newest["state"], newest["reason"]) == (2, "certified", "简称")


def test_a_doubtful_file_sent_again_without_an_answer_still_has_warnings(store, tmp_path):
    doubtful = amended(tmp_path / "doubtful.csv", NAME, "表彰")
    assert command("load", doubtful, "--store", store).returncode == 1
    assert answer(command("load", doubtful, "--json", "--store", store), code=1)[0]["verdict"] == "warnings"


def test_blank_reasons_answer_nothing(store, tmp_path):
    doubtful = amended(tmp_path / "doubtful.csv", NAME, "表彰")
    (told,) = answer(command("load", doubtful, "--certify", "--accept-warnings", "  ", "--json", "--store", store), code=1)
    assert (told["verdict"], told["state"]) == ("warnings", "checked")


def test_the_same_file_twice_changes_nothing_and_says_so(store):
    command("load", JANUARY, "--certify", "--store", store)
    (told,) = answer(command("load", JANUARY, "--certify", "--json", "--store", store))
    assert (told["verdict"], told["batch"], told["state"]) == ("accepted", 2, "certified")
    assert [problem["code"] for problem in told["problems"]] == ["M01"]
    assert len(asked(store, "batches")) == 2


def test_several_files_are_told_one_by_one_and_one_fault_makes_the_exit_code(store, tmp_path):
    faulty = amended(tmp_path / "faulty.csv", CODE, "X")
    good, bad = answer(command("load", JANUARY, faulty, "--certify", "--json", "--store", store), code=1)
    assert (good["verdict"], good["state"], bad["verdict"], bad["batch"]) == ("accepted", "certified", "rejected", None)


def test_check_tells_what_load_would_and_stores_nothing(store):
    journal = store.with_suffix(".journal.jsonl")
    before = journal.read_bytes()
    (told,) = answer(command("check", JANUARY, "--certify", "--json", "--store", store))
    assert set(told) == LOAD_KEYS
    assert (told["verdict"], told["rows"], told["total_yuan"], told["batch"], told["state"]) == ("accepted", 16, "4685300.66", None, None)
    assert len(asked(store, "batches")) == 1
    assert journal.read_bytes() == before


def test_check_needs_no_store_and_makes_none(tmp_path):
    store = tmp_path / "none" / "store.duckdb"
    (told,) = answer(command("check", PLAN, "--json", "--store", store))
    assert (told["recognised"], told["verdict"], told["rows"], told["batch"]) == ("plan", "accepted", 16, None)
    assert not store.parent.exists()


def test_progress_gives_exactly_the_documented_keys_with_decimals_as_text(sampled):
    rows = answer(command("progress", "--as-of", "2025-06", "--json", "--store", sampled))
    assert [list(row) for row in rows] == [PROGRESS_KEYS] * 16
    for row in rows:
        numbers = [row[name] for name in PROGRESS_KEYS[5:16] if row[name] is not None]
        assert numbers
        assert all(isinstance(number, str) and Decimal(number).is_finite() for number in numbers)
        assert isinstance(row["at_risk"], bool)
        assert row["fiscal_year"] == 2025
        assert row["due_share"] == "0.5"
        assert row["last_reported"] in {f"2025-{month:02d}" for month in range(1, 7)}
        if row["gap_amount"] is not None:
            assert Decimal(row["gap_amount"]) == Decimal(row["spent"]) - Decimal(row["current_budget"]) / 2


def test_progress_of_one_unit_leaves_out_the_others(sampled):
    assert {row["unit_code"] for row in asked(sampled, "progress", "--as-of", "2025-06", "--unit", "323003")} == {"323003"}


def test_an_unreported_month_is_no_zero(store):
    rows = asked(store, "progress", "--as-of", "2025-03")
    assert {(row["status"], row["spent"], row["gap_amount"], row["last_reported"]) for row in rows} == {("not_reported", None, None, None)}


def test_a_moment_between_two_loads_gives_the_old_answer_again(store, tmp_path):
    def spent(*more: str) -> Decimal:
        return sum(Decimal(row["spent"]) for row in asked(store, "progress", "--as-of", "2025-01", *more))

    command("load", JANUARY, "--certify", "--store", store)
    old, between = spent(), datetime.now(UTC)
    restated = amended(tmp_path / "restated.csv", f"{NAME},0.00", f"{NAME},1000.00")
    (told,) = answer(command("load", restated, "--certify", "--accept-warnings", "更正", "--json", "--store", store))
    assert [problem["code"] for problem in told["problems"]] == ["W06"]
    assert spent() == old + 1000
    assert spent("--known-at", between.isoformat()) == old
    in_shanghai = (between + timedelta(hours=8)).replace(tzinfo=None).isoformat()
    local = command("progress", "--as-of", "2025-01", "--known-at", in_shanghai, "--json", "--store", store, TZ="Asia/Shanghai")
    assert sum(Decimal(row["spent"]) for row in answer(local)) == old


def test_behind_lists_the_lagging_with_the_largest_gap_first(lagging):
    assert lagging
    assert {row["status"] for row in lagging} <= {"behind", "far_behind"}
    assert [list(row) for row in lagging] == [[*PROGRESS_KEYS, *CHASED_KEYS]] * len(lagging)
    gaps = [Decimal(row["gap_amount"]) for row in lagging]
    assert gaps == sorted(gaps)
    assert gaps[-1] < 0


def test_the_lagging_list_opens_in_a_spreadsheet(sampled, lagging, tmp_path):
    file = tmp_path / "list.xlsx"
    done = command("behind", "--as-of", "2025-09", "-o", file, "--store", sampled)
    assert (done.returncode, str(file) in done.stdout) == (0, True)
    sheet = openpyxl.load_workbook(file, data_only=True).worksheets[0]
    assert "2025年9月" in sheet["A1"].value
    assert "示例" in sheet["A1"].value
    heads = {cell.value: cell.column for cell in sheet[2]}
    assert list(heads)[:5] == ["项目编码", "项目名称", "单位编码", "单位名称", "预算数（万元）"]
    for number, row in enumerate(lagging, start=3):
        code, unit, spent, share = (sheet.cell(number, heads[name]) for name in ("项目编码", "单位编码", "已付（万元）", "执行率"))
        assert (code.value, code.data_type, code.number_format) == (row["project_code"], "s", "@")
        assert (unit.value, unit.data_type) == (row["unit_code"], "s")
        assert (spent.data_type, spent.value) == ("n", pytest.approx(float(Decimal(row["spent"]) / 10_000), abs=1e-9))
        assert (share.data_type, share.value) == ("n", pytest.approx(float(row["spent_share"])))
    end = 3 + len(lagging)
    assert sheet.cell(end, 1).value == "合计"
    total = sum(Decimal(row["gap_amount"]) for row in lagging) / 10_000
    assert sheet.cell(end, heads["差额（万元）"]).value == pytest.approx(float(total), abs=1e-9)
    feet = [cell for row in sheet.iter_rows(min_row=end + 2, values_only=True) for cell in row if cell]
    assert any("规则 v1" in foot for foot in feet)
    assert any("依据批次" in foot for foot in feet)
    assert any("示例" in foot for foot in feet)


def test_the_lagging_list_as_csv_begins_with_a_bom_and_ends_its_lines_as_windows_does(sampled, lagging, tmp_path):
    file = tmp_path / "list.csv"
    assert command("behind", "--as-of", "2025-09", "--output", file, "--store", sampled).returncode == 0
    content = file.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\n") == content.count(b"\r\n") > len(lagging)
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [row["项目编码"] for row in rows[: len(lagging)]] == [row["project_code"] for row in lagging]
    assert [Decimal(row["差额（万元）"]) for row in rows[: len(lagging)]] == [Decimal(row["gap_amount"]) / 10_000 for row in lagging]


def test_an_export_of_another_kind_is_refused_with_a_sentence(sampled, tmp_path):
    done = command("behind", "--as-of", "2025-09", "-o", tmp_path / "list.doc", "--store", sampled)
    assert (done.returncode, ".xlsx" in done.stderr, list(tmp_path.iterdir())) == (2, True, [])


def test_an_export_into_a_folder_that_is_not_there_is_refused_with_a_sentence(sampled, tmp_path):
    done = command("behind", "--as-of", "2025-09", "-o", tmp_path / "no" / "list.csv", "--store", sampled)
    assert (done.returncode, done.stderr.strip()) == (2, Words("zh")("cli.cannot_write", file=str(tmp_path / "no" / "list.csv")))


def test_plans_tells_documents_units_and_projects(store):
    (document,) = answer(command("plans", "--json", "--store", store))
    assert (document["document"], document["state"], document["total_yuan"], len(document["projects"])) == (
        PLAN.name,
        "certified",
        "84019700.00",
        16,
    )
    assert [(unit["unit_code"], unit["projects"], unit["budget_yuan"]) for unit in document["units"]] == [
        ("323001", 7, "34214500.00"),
        ("323003", 4, "4925200.00"),
        ("323005", 5, "44880000.00"),
    ]
    assert sum(project["indicators"] for project in document["projects"]) == 130


def test_a_withdrawn_month_does_not_count_and_cannot_be_certified_again(store):
    command("load", JANUARY, "--certify", "--store", store)
    assert command("withdraw", 2, "--reason", "报错", "--store", store).returncode == 0
    assert {row["status"] for row in asked(store, "progress", "--as-of", "2025-01")} == {"not_reported"}
    assert answer(command("certify", 2, "--json", "--store", store), code=1)["error"] == "act.withdrawn"
    newest = asked(store, "batches")[0]
    assert (newest["state"], newest["reason"]) == ("withdrawn", "报错")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(("certify", 99), "没有第 99 批"), (("withdraw", 1, "--reason", " "), "请写明原因"), (("sample", "--remove"), "没有可撤销的示例数据")],
)
def test_an_act_that_cannot_be_done_is_refused_with_a_sentence(first_load, arguments, sentence):
    done = command(*arguments, "--store", first_load[0])
    assert (done.returncode, sentence in done.stderr) == (1, True)


def test_the_sample_is_marked_and_can_be_taken_back(sampled, tmp_path):
    store = copied(sampled, tmp_path)
    kinds = [(row["kind"], row["sample"], row["state"]) for row in asked(store, "batches")]
    assert kinds == [("actuals", True, "certified")] * 9 + [("plan", False, "certified")]
    assert answer(command("sample", "--remove", "--json", "--store", store)) == {"batches": 9}
    states = {(row["kind"], row["state"]) for row in asked(store, "batches")}
    assert states == {("actuals", "withdrawn"), ("plan", "certified")}


def test_the_sample_is_refused_beside_real_figures(store):
    command("load", JANUARY, "--certify", "--store", store)
    assert answer(command("sample", "--json", "--store", store), code=1)["error"] == "act.sample_real"
    assert len(asked(store, "batches")) == 2


@pytest.fixture
def held(store: Path) -> Iterator[Path]:
    """A store that another process holds open."""
    script = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", script, store], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"held\n"
        yield store
        holder.stdin.close()


def test_a_store_that_another_process_holds_is_refused_quickly_with_a_plain_sentence(held):
    begun = time.monotonic()
    done = command("load", JANUARY, "--store", held)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip() == Words("zh")("store.held", store="store.duckdb")
    assert time.monotonic() - begun < 10
    done = command("check", JANUARY, "--json", "--lang", "en", "--store", held)
    assert json.loads(done.stdout) == {"error": "store.held", "message": Words("en")("store.held", store="store.duckdb")}
    assert done.returncode == 2


def test_a_damaged_store_is_refused_with_a_plain_sentence(tmp_path):
    (tmp_path / "store.duckdb").write_bytes(b"not a store" * 1000)
    done = command("batches", "--store", tmp_path / "store.duckdb")
    assert (done.returncode, done.stderr.strip()) == (2, Words("zh")("store.damaged", store="store.duckdb"))


def test_a_file_that_is_not_there_is_named_and_no_other_is_loaded(store, tmp_path):
    done = command("load", JANUARY, tmp_path / "no.csv", "--store", store)
    assert (done.returncode, done.stderr.strip()) == (2, Words("zh")("cli.not_found", file=str(tmp_path / "no.csv")))
    assert len(asked(store, "batches")) == 1


@pytest.mark.parametrize("month", ["2025-13", "2025", "2025-00", "三月", "25-3-1", ""])
@pytest.mark.parametrize("verb", ["progress", "behind"])
def test_a_bad_month_is_refused_with_a_sentence(verb, month, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        terminal.run([verb, "--as-of", month, "--store", str(tmp_path / "store.duckdb")])
    assert ended.value.code == 2
    assert Words("zh")("cli.bad_month", value=month) in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_bad_month_is_refused_in_the_language_of_the_command(tmp_path):
    done = command("progress", "--as-of", "2025-13", "--lang", "en", "--store", tmp_path / "store.duckdb")
    assert done.returncode == 2
    assert Words("en")("cli.bad_month", value="2025-13") in done.stderr


def test_a_bad_moment_is_refused_with_a_sentence(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        terminal.run(["progress", "--as-of", "2025-03", "--known-at", "gestern", "--store", str(tmp_path / "store.duckdb")])
    assert ended.value.code == 2
    assert Words("zh")("cli.bad_moment", value="gestern") in capsys.readouterr().err


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_verb_has_its_help(verb, language, capsys):
    with pytest.raises(SystemExit) as ended:
        terminal.run([verb, "--help", "--lang", language])
    shown = "".join(capsys.readouterr().out.split())
    assert ended.value.code == 0
    assert "".join(Words(language)(f"cli.{verb}").split()) in shown


def test_the_help_names_every_verb_and_a_call_without_a_verb_is_refused():
    done = command("--help")
    assert done.returncode == 0
    assert all(f"\n    {verb} " in done.stdout for verb in VERBS)
    assert command().returncode == 2


def test_the_environment_names_the_store_and_the_option_wins_over_it(store, tmp_path):
    assert len(answer(command("batches", "--json", BUDGET_STORE=str(store)))) == 1
    other = tmp_path / "other.duckdb"
    assert answer(command("--store", other, "batches", "--json", BUDGET_STORE=str(store))) == []
    assert not other.exists()


def test_english_is_spoken_where_asked(store, tmp_path):
    faulty = amended(tmp_path / "faulty.csv", CODE, "X")
    (told,) = answer(command("load", faulty, "--json", "--lang", "en", "--store", store), code=1)
    assert told["problems"][0]["message"].startswith("Row 2“项目编码”: Project code “X” is not in the plan of 2025")
    done = command("load", faulty, "--lang", "en", "--store", store)
    assert "Fatal R01" in done.stdout
    assert "rejected" in done.stdout


def test_the_screen_tells_verdict_findings_and_remedies(store, tmp_path):
    faulty = amended(tmp_path / "faulty.csv", "当月", "季度")
    done = command("load", faulty, "--store", store)
    assert done.returncode == 1
    assert "退回，未存入" in done.stdout
    assert done.stdout.count("R08") == 16
    assert "请填“当月”或“累计”" in done.stdout


def test_a_reader_who_goes_away_is_not_told_that_nothing_was_stored(store):
    with subprocess.Popen(
        [sys.executable, "dashboard.py", "load", JANUARY, "--certify", "--json", "--store", store],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as loading:
        loading.stdout.close()
        said = loading.stderr.read().decode()
    assert len(asked(store, "batches")) == 2
    assert "Traceback" not in said
    assert Words("zh")("store.full") not in said


def test_changes_tells_what_moved_between_two_months(sampled):
    rows = asked(sampled, "changes", "--from", "2025-06", "--to", "2025-09")
    assert {frozenset(row) for row in rows} == {
        frozenset({"fiscal_year", "unit_code", "unit_name", "project_code", "project_name", "move", "before", "after", "gap_change"})
    }
    lists = [{row["project_code"] for row in asked(sampled, "behind", "--as-of", month)} for month in ("2025-06", "2025-09")]
    assert {row["project_code"] for row in rows if row["move"] == "lagging"} == lists[1] - lists[0]
    assert asked(sampled, "changes", "--from", "2025-09", "--to", "2025-09") == []


def test_a_month_that_nobody_reported_has_no_list_and_says_so(sampled):
    done = command("behind", "--as-of", "2025-12", "--store", sampled)
    assert (done.returncode, "16" in done.stdout, "12月" in done.stdout) == (0, True, True)
