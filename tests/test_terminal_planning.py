"""Plans by hand and the moving year on the command line: one store, its verbs one after the other."""

import contextlib
import io
import json
from pathlib import Path

import docx
import pdfplumber
import pytest

from data.database import open_store
from data.samples import PLAN
from pages import terminal

CODE, OTHER = "13020225P00781710002T", "13020225P00783310001Y"
BASIS = ("--document", "南财预〔2025〕31号", "--effective", "2025-06-10", "--reason", "追加会务费", "--as", "张", "--today", "2025-12-31")
BY_HAND = ("--reason", "文件漏写", "--as", "张", "--today", "2025-12-31")


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("planning") / "monitor.duckdb"
    assert told(path, "load", str(PLAN), "--certify", "--today", "2025-12-31")[0] == 0
    return path


def told(store: Path, *arguments: str) -> tuple[int, object, str]:
    """Exit code, JSON and errors of a verb within this process, which lets go of the store again."""
    errors = io.StringIO()
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8")) as said:
        errors = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        with contextlib.redirect_stderr(errors):
            code = terminal.run([*arguments, "--json", "--store", str(store)])
    open_store(store).close()
    said.seek(0)
    errors.seek(0)
    return code, json.loads(said.read() or "null"), errors.read()


def project(store: Path, month: str, code: str = CODE) -> dict:
    _, rows, _ = told(store, "progress", "--as-of", month)
    return next((row for row in rows if row["project_code"] == code), {})


def test_a_budget_is_adjusted_listed_and_taken_back(store):
    code, (row,), _ = told(store, "adjust", CODE, "--kind", "increase", "--amount", "12万元", *BASIS)
    assert (code, row["kind"], row["amount_yuan"], row["effective_on"], row["checkpoints"], row["reversed_by"]) == (
        0,
        "increase",
        "120000.00",
        "2025-06-10",
        [],
        None,
    )
    assert [project(store, month)["current_budget"] for month in ("2025-05", "2025-06")] == ["260000.00", "380000.00"]
    assert told(store, "adjust", CODE, "--kind", "increase", "--amount", "120000", *BASIS)[0] == 1
    assert told(store, "reverse", str(row["act"]), "--reason", "错", "--as", "李")[:2] == (0, {"act": row["act"], "changed": True})
    assert project(store, "2025-06")["current_budget"] == "260000.00"
    _, (listed,), _ = told(store, "adjustments", "--year", "2025")
    assert (listed["act"], listed["reversed_by"], listed["document_number"]) == (row["act"], "李", "南财预〔2025〕31号")


def test_money_is_moved_between_two_projects(store):
    code, rows, _ = told(store, "adjust", CODE, "--kind", "virement", "--amount", "10000", "--to", OTHER, *BASIS)
    assert (code, sorted(row["amount_yuan"] for row in rows)) == (0, ["-10000.00", "10000.00"])
    assert [project(store, "2025-06", each)["current_budget"] for each in (CODE, OTHER)] == ["250000.00", "45000.00"]
    told(store, "reverse", str(rows[0]["act"]), "--reason", "错")


def test_a_payment_plan_is_revised_from_its_day_on(store):
    code, (row,), _ = told(store, "revise", CODE, "--checkpoint", "9=60%", "--checkpoint", "12=100", *BASIS)
    assert (code, row["checkpoints"]) == (0, [{"month": 9, "share": "0.6"}, {"month": 12, "share": "1"}])
    assert [project(store, month)["due_share"] for month in ("2025-03", "2025-06", "2025-09")] == ["0.25", "0", "0.6"]
    told(store, "reverse", str(row["act"]), "--reason", "错")


def test_a_cell_is_corrected_as_a_batch_that_can_be_withdrawn(store):
    code, (answer,), _ = told(store, "correct", CODE, "--field", "budget", "--value", "270000", "--certify", *BY_HAND)
    assert (code, answer["layout"], answer["verdict"], answer["state"]) == (0, "correction", "accepted", "certified")
    assert {name: answer["effect"][name] for name in ("added", "changed", "unchanged", "missing", "delta_yuan")} == {
        "added": 0,
        "changed": 1,
        "unchanged": 0,
        "missing": 0,
        "delta_yuan": "10000.00",
    }
    assert project(store, "2025-06")["original_budget"] == "270000.00"
    assert told(store, "withdraw", str(answer["batch"]), "--reason", "错")[0] == 0
    assert project(store, "2025-06")["original_budget"] == "260000.00"


def test_a_project_is_entered_and_ended(store):
    code, (answer,), _ = told(
        store, "enter", "P7", "--name", "应急采购", "--unit", "323001", "--budget", "8万元", "--checkpoint", "12=100", "--certify", *BY_HAND
    )
    (entered,) = answer["projects"]
    assert (code, answer["layout"], entered["budget_yuan"], entered["plan_reading"]) == (0, "entry", "80000.00", "cumulative")
    assert project(store, "2025-06", "P7")["unit_name"] == "唐山市路南区人力资源和社会保障局本级"
    assert told(store, "end", "P7", "--certify", *BY_HAND)[0] == 0
    assert project(store, "2025-06", "P7") == {}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("adjust", "P9", "--kind", "increase", "--amount", "1", *BASIS), 1, "P9"),
        (("adjust", CODE, "--kind", "increase", "--amount", "many", *BASIS), 2, "many"),
        (("adjust", CODE, "--kind", "cut", "--amount", "99999999", *BASIS), 1, "26.00"),
        (("revise", CODE, "--checkpoint", "June=50", *BASIS), 2, "June=50"),
        (("correct", CODE, "--field", "budget", "--value", "260000", *BY_HAND), 1, "没有不同"),
        (("enter", "P8", "--name", "采购", *BY_HAND), 1, "预算单位"),
        (("reverse", "1", "--reason", "错"), 1, "1"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(store, arguments, code, words):
    found, answer, said = told(store, *arguments)
    assert (found, words in said, "message" in answer) == (code, True, True)


def test_the_way_in_which_plans_are_written_can_be_said(store, tmp_path):
    file = tmp_path / "plan.csv"
    heading = "项目编码,项目名称,单位名称,预算数（万元）,3月底,6月底,9月底,12月底"
    file.write_text(f"{heading}\nQ1,会议费,局本级,100,10,30,40,20\n", encoding="utf-8")
    found = {}
    for way in ("cumulative", "increments", "amounts"):
        _, (answer,), _ = told(store, "check", str(file), "--year", "2025", "--plan-reading", way)
        (row,) = answer["projects"]
        found[way] = (row["plan_reading"], [point["share"] for point in row["checkpoints"]])
    assert found == {
        "cumulative": ("cumulative", ["0.1", "0.3", "0.4", "0.2"]),
        "increments": ("increments", ["0.1", "0.4", "0.8", "1"]),
        "amounts": ("amounts", ["0.1", "0.4", "0.8", "1"]),
    }


def test_plans_tells_of_each_document_its_layout_findings_and_places(store):
    _, documents, _ = told(store, "plans")
    document = documents[-1]
    assert (document["document"], document["layout"], document["fiscal_year"], document["unit_of_money"]) == (
        PLAN.name,
        "hebei_target",
        2025,
        "万元",
    )
    first = document["projects"][0]
    assert (first["plan_reading"], first["findings"], first["place"]) == ("cumulative", ["L03", "L02"], "第4行")
    assert {problem["code"] for problem in document["problems"]} >= {"L01", "L02", "L03", "L04", "L05", "L06", "L07"}


@pytest.mark.parametrize("form", ["pdf", "docx", "html"])
def test_a_plan_has_its_certificate_with_units_and_corrections(store, tmp_path, form):
    _, (answer,), _ = told(store, "correct", CODE, "--field", "goal", "--value", "做好表彰", "--certify", *BY_HAND)
    for batch, wanted in ((1, ("323005", "8,401.97", "16")), (answer["batch"], ("人工更正", "做好表彰", "26.00"))):
        file = tmp_path / f"{batch}.{form}"
        assert told(store, "certificate", str(batch), "-o", str(file))[0] == 0
        words = said_by[form](file)
        assert all(word in words for word in (*wanted, "计划签认页")), words
    told(store, "withdraw", str(answer["batch"]), "--reason", "错")


def _of_docx(file: Path) -> str:
    found = docx.Document(str(file))
    return "\n".join([*(p.text for p in found.paragraphs), *(c.text for table in found.tables for row in table.rows for c in row.cells)])


def _of_pdf(file: Path) -> str:
    with pdfplumber.open(file) as pages:
        return "\n".join(page.extract_text() for page in pages.pages)


said_by = {"docx": _of_docx, "pdf": _of_pdf, "html": lambda file: file.read_text(encoding="utf-8")}


def test_reasons_and_promises_are_recorded_one_by_one_and_by_the_list(store, tmp_path):
    said = ("--cause", "system", "--reason", "合同未签", "--promise", "50万元", "--due", "6", "--as", "张")
    assert told(store, "explain", CODE, "--as-of", "2025-03", *said)[:2] == (0, {"recorded": 1, "problems": []})
    assert told(store, "explain", CODE, "--as-of", "2025-03", *said)[1]["recorded"] == 0
    (row,) = told(store, "explain", "--as-of", "2025-03")[1]
    assert (row["cause"], row["promised"], row["due_month"], row["outcome"]) == ("system", "500000.00", 6, "running")
    file = tmp_path / "list.csv"
    file.write_text(f"项目编码,偏差原因,原因说明,承诺支付（万元）,承诺月份\n{OTHER},人员保障,缺人,,\n", encoding="utf-8")
    assert told(store, "explain", "--as-of", "2025-03", "--file", str(file))[:2] == (0, {"recorded": 1, "problems": []})
    file.write_text(f"项目编码,偏差原因,原因说明\n{OTHER},天气,下雨\n", encoding="utf-8")
    code, answer, _ = told(store, "explain", "--as-of", "2025-03", "--file", str(file))
    assert (code, answer["recorded"], [problem["code"] for problem in answer["problems"]]) == (1, 0, ["A13"])
    assert told(store, "explain", CODE, "--as-of", "2025-03", "--reason", "原因", "--promise", "5")[0] == 1


@pytest.mark.parametrize("form", ["pdf", "docx", "html"])
def test_a_notice_is_issued_numbered_and_written_again_as_it_was(store, tmp_path, form):
    if not told(store, "behind", "--as-of", "2025-03")[1]:
        file = tmp_path / "march.csv"
        codes = [row["project_code"] for row in told(store, "plans")[1][-1]["projects"]]
        lines = "\n".join(f"{code},2025-03,{'0' if code == CODE else '20000000'}" for code in codes)
        file.write_text(f"项目编码,月份,支出金额\n{lines}\n", encoding="utf-8")
        assert told(store, "load", str(file), "--certify", "--accept-warnings", "试", "--today", "2025-12-31")[0] == 0
    file = tmp_path / f"notice.{form}"
    common = ("--unit", "323001", "--as-of", "2025-03", "--deadline", "2026-01-10", "--today", "2025-12-31", "--as", "张")
    code, answer, _ = told(store, "notice", *common, "--level", "circular", "-o", str(file))
    assert (code, answer["level"], answer["projects"], answer["answer"]) == (0, "circular", 1, None)
    words = said_by[form](file)
    assert all(part in words for part in ("通报", "高质量发展", "−6.50", f"{answer['number']} 号")), words
    told(store, "explain", CODE, "--as-of", "2025-03", "--reason", f"后来才说的话{form}", "--as", "张")
    again = tmp_path / f"again.{form}"
    assert told(store, "notice", "--number", str(answer["number"]), "--year", "2025", "-o", str(again))[0] == 0
    assert f"后来才说的话{form}" not in said_by[form](again)
    assert told(store, "reply", str(answer["number"]), "--text", "已签合同", "--year", "2025", "--as", "李")[1]["answer"] == "已签合同"
    assert [row["answered_by"] for row in told(store, "notices", "--year", "2025")[1] if row["number"] == answer["number"]] == ["李"]


@pytest.mark.parametrize(
    "wrong",
    [
        ("--unit", "323003", "--as-of", "2025-03", "--deadline", "2026-01-10"),
        ("--unit", "323001", "--as-of", "2025-03", "--deadline", "2025-12-31"),
        ("--number", "99"),
    ],
)
def test_a_notice_without_reason_or_number_is_refused(store, tmp_path, wrong):
    code, answer, _ = told(store, "notice", *wrong, "--today", "2025-12-31", "-o", str(tmp_path / "n.html"))
    assert (code, "message" in answer, list(tmp_path.iterdir())) == (1, True, [])


def test_a_payment_profile_is_set_with_both_verdicts_told_and_taken_back(store):
    code, (row,), _ = told(
        store, "profile", CODE, "--as-of", "2025-06", "--set", "once", "--month", "12", "--reason", "合同约定", "--as", "张"
    )
    assert (code, row["profile"], row["due_in"], row["status"], row["profile_status"]) == (0, "once", 12, "not_reported", "not_reported")
    assert (row["due_amount"], row["profile_due"], row["recorded_by"]) == ("130000.00", "0.00", "张")
    assert told(store, "profile", CODE, "--as-of", "2025-06", "--set", "once", "--month", "12", "--reason", "再来")[0] == 1
    assert told(store, "profile", "--as-of", "2025-06", "--set", "even", "--reason", "x")[0] == 2
    assert told(store, "profile", "--as-of", "2025-12")[1][0]["profile_due"] == "260000.00"
    assert told(store, "reverse", str(row["act"]), "--reason", "错")[:2] == (0, {"act": row["act"], "changed": True})
    assert told(store, "profile", "--as-of", "2025-06")[1] == []
