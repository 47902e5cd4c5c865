"""The verb `indicators`: template out, filled template in, all or nothing; lowering and undo; the official forms have the values."""

import contextlib
import csv
import io
import json
from decimal import Decimal

import openpyxl
import pytest
from drawn import end_of

from data import acting, samples
from data.database import open_store
from pages import terminal

CODE = "13020225P00781710002T"


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """A store on disk with the bundled plan."""
    made = tmp_path_factory.mktemp("indicators") / "monitor.duckdb"
    store = open_store(made)
    acting.prepare(store)
    samples.load_plan(store, "test", end_of(12))
    return made


def told(path, *arguments):
    """Exit code and JSON of a command within this process."""
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8")) as said:
        code = terminal.run([*arguments, "--json", "--store", str(path)])
    said.seek(0)
    return code, json.loads(said.read())


def filled(path, tmp_path, cells, form="csv"):
    """A template written by the command line with cells filled in, by position and heading, of the first project."""
    file = tmp_path / f"template.{form}"
    assert told(path, "indicators", "template", "-o", str(file))[0] == 0
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))
    for (position, heading), text in cells.items():
        rows[position][rows[0].index(heading)] = text
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out).writerows(rows)
    return str(file)


def acts(path):
    return len(open_store(path).ask("from acts"))


def test_the_template_holds_the_plan_or_a_part_of_it(path, tmp_path):
    for options, count in (([], 130), (["--project", CODE], 9), (["--unit", "323005"], 35)):
        code, answer = told(path, "indicators", "template", "-o", str(tmp_path / "t.xlsx"), *options)
        assert (code, answer["indicators"]) == (0, count)
        assert openpyxl.load_workbook(tmp_path / "t.xlsx").worksheets[0].max_row == count + 1
    assert told(path, "indicators", "template", "-o", str(tmp_path / "t.xlsx"), "--unit", "9")[0] == 2
    assert told(path, "indicators", "template", "-o", str(tmp_path / "t.xlsx"), "--project", "9")[0] == 1
    assert told(path, "indicators", "template", "-o", str(tmp_path / "t.pdf"))[0] == 2
    assert told(path, "indicators", "template")[0] == 2


def test_a_filled_template_is_checked_loaded_listed_lowered_and_taken_back(path, tmp_path):
    file = filled(path, tmp_path, {(2, "完成值"): "60", (2, "全年预计值"): "90", (3, "完成值"): "98%", (8, "等级"): "达成 90"})
    before = acts(path)
    code, answer = told(path, "indicators", "check", file, "--as-of", "2025-10")
    assert (code, answer["recorded"], acts(path)) == (0, 0, before)
    assert [(row["position"], row["before"]["status"], row["status"]) for row in answer["changes"]] == [
        (2, "not_reported", "slightly_behind"),
        (3, "not_reported", "slightly_behind"),
        (8, "not_reported", "met"),
    ]
    assert told(path, "indicators", "load", file, "--as-of", "2025-10", "--as", "张")[1]["recorded"] == 3
    assert told(path, "indicators", "load", file, "--as-of", "2025-10", "--as", "张")[1]["recorded"] == 0
    assert acts(path) == before + 1
    code, answer = told(path, "indicators", "--as-of", "2025-10", "--project", CODE)
    rows = {row["position"]: row for row in answer["indicators"]}
    assert (code, len(rows), rows[1]["reached"]) == (0, 9, None)
    assert [rows[2][name] for name in ("reached", "due", "recorded_by")] == ["60", "75", "张"]
    assert [(row["results_status"], row["worse"], row["open"]) for row in answer["projects"]] == [("slightly_behind", "slightly_behind", 6)]
    (kept,) = open_store(path).ask("select distinct file_name, sha256, act from results")
    assert (kept["file_name"], (path.with_suffix(".files") / kept["sha256"]).is_file()) == ("template.csv", True)

    options = ["--as-of", "2025-10", "--position", "8", "--reason", "未见材料", "--as", "王"]
    code, answer = told(path, "indicators", "lower", CODE, "--to", "far_behind", *options)
    assert (code, answer["status"], answer["computed"], answer["lowered_by"]) == (0, "far_behind", "met", "王")
    assert told(path, "indicators", "lower", CODE, "--to", "behind", *options)[0] == 1
    assert told(path, "reverse", str(answer["act"]), "--reason", "已补")[1]["changed"] is True
    assert told(path, "reverse", str(kept["act"]), "--reason", "录错")[1]["changed"] is True
    rows = told(path, "indicators", "--as-of", "2025-10", "--project", CODE)[1]["indicators"]
    assert {row["status"] for row in rows} == {"not_reported"}


def test_one_row_that_cannot_stand_keeps_out_all(path, tmp_path):
    file = filled(path, tmp_path, {(2, "完成值"): "60", (3, "完成值"): "98人", (4, "完成值"): "好"})
    before = acts(path)
    code, answer = told(path, "indicators", "load", file, "--as-of", "2025-09")
    assert (code, answer["recorded"], acts(path)) == (1, 0, before)
    assert [(found["code"], found["row"], found["column"], found["value"]) for found in answer["problems"]] == [
        ("A26", 4, "完成值", "98人"),
        ("A24", 5, "完成值", "好"),
    ]


def test_a_blank_cell_keeps_what_was_said_of_the_month(path, tmp_path):
    told(path, "indicators", "load", filled(path, tmp_path, {(2, "完成值"): "40", (2, "备注"): "已核实"}), "--as-of", "2025-06")
    told(path, "indicators", "load", filled(path, tmp_path, {(2, "全年预计值"): "90"}), "--as-of", "2025-06")
    rows = told(path, "indicators", "--as-of", "2025-06", "--project", CODE)[1]["indicators"]
    assert (rows[1]["reached"], rows[1]["expected"], rows[1]["note"]) == ("40", "90", "已核实")


@pytest.mark.parametrize(
    "arguments", [["load"], ["load", "--as-of", "2025-06"], ["load", "none.csv", "--as-of", "2025-06"], ["lower", CODE], []]
)
def test_what_is_missing_behind_the_verb_is_said(path, arguments):
    assert told(path, "indicators", *arguments)[0] == 2


def test_the_official_forms_have_the_values(path, tmp_path):
    cells = {(2, "完成值"): "73", (2, "全年预计值"): "90", (4, "完成值"): "99%", (8, "等级"): "部分达成 70"}
    told(path, "indicators", "load", filled(path, tmp_path, cells), "--as-of", "2025-11")
    for form, heading in (("monitor", "1～11月执行情况"), ("selfeval", "实际完成值")):
        code, _ = told(path, "forms", form, "--as-of", "2025-11", "--project", CODE, "-o", str(tmp_path / "form.xlsx"))
        sheet = openpyxl.load_workbook(tmp_path / "form.xlsx").worksheets[0]
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        place = next(number for number, row in enumerate(rows) if heading in row)
        head, below = rows[place], rows[place + 1]
        name = head.index("三级指标")
        head = head if below[name] else [second or first for first, second in zip(head, below, strict=True)]
        lines = [row for row in rows[place + 1 :] if row[name]]
        assert code == 0
        assert [lines[place][head.index(heading)] for place in (1, 3, 7)] == ["73人", "99%", "部分达成 70%"]
        if form == "monitor":
            assert lines[1][head.index("全年预计完成情况")] == "90人"
        else:
            # Four output indicators of 12.50 each: 73 of 100, 99 of 100; three benefits of 7.50: 70 %.
            assert [Decimal(str(lines[place][head.index("得分")])) for place in (1, 3)] == [Decimal("9.13"), Decimal("12.38")]
        why = next(place for place, name in enumerate(head) if name and name.startswith(("原因", "偏差原因")))
        assert [lines[place][why] for place in (1, 3)] == ["待填", "待填"]
