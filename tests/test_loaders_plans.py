"""Plan documents and project tables become projects, checkpoints and indicators."""

import io
import json
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from data.arrivals import Sending
from data.database import open_store
from data.samples import PLAN
from data.staging import consider
from data.words import LANGUAGES, Words
from loaders.files import Declared, read_file
from loaders.problems import Reading

HERE = Path(__file__).resolve().parent
GOLDEN = json.loads((HERE / "golden" / "路南区人社局_2025.json").read_text(encoding="utf-8"))
ORIGINAL = HERE.parents[1] / "shared" / "documents" / "路南区人社局_2025_绩效目标.txt"
DRESSES = [PLAN.with_suffix(suffix) for suffix in (".txt", ".docx", ".pdf", ".xlsx", ".csv")]
DOCUMENTS = [*DRESSES, *([ORIGINAL] if ORIGINAL.exists() else [])]
A, B = "13020225P00781710002T", "13020225P00783310001Y"
WAN = 10_000


def without_places(reading: Reading) -> list[dict[str, Any]]:
    """What a document says, as JSON holds it, apart from where it stands."""

    def bare(row: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in row.items() if name not in ("place", "row")}

    rows = [{**bare(row), "indicators": [bare(indicator) for indicator in row["indicators"]]} for row in reading.rows]
    return json.loads(json.dumps(rows, ensure_ascii=False, default=str))


def read(text: str, **declared: object) -> Reading:
    """What a project table drawn with blanks after its commas says; each finding is worded in both languages."""
    lines = [",".join(cell.strip() for cell in line.split(",")) for line in text.strip().split("\n")]
    reading = read_file("\n".join(lines).encode(), Declared(**declared))
    for language in LANGUAGES:
        assert all(Words(language).problem(problem) and Words(language).remedy(problem) for problem in reading.problems)
    return reading


def workbook(rows: list[list[object]], percents: bool = False) -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    if percents:
        for cell in (cell for row in book.active.iter_rows(min_row=2) for cell in row if isinstance(cell.value, float)):
            cell.number_format = "0%"
    book.save(content)
    return content.getvalue()


def points(reading: Reading) -> list[dict[int, Decimal]]:
    return [{point["month"]: point["share"] for point in row["checkpoints"]} for row in reading.rows]


def found(reading: Reading) -> list[tuple[str, int | None, str | None, str | None]]:
    return [(problem.code, problem.row, problem.column, problem.value) for problem in reading.problems]


def considered(reading: Reading) -> list[tuple[str, int | None, str | None]]:
    """The findings after the checks too."""
    problems = consider(open_store(None), Sending("计划.csv", b"", reading, None)).problems
    return [(problem.code, problem.row, problem.value) for problem in problems]


@cache
def read_once(path: Path) -> Reading:
    return read_file(path.read_bytes())


@pytest.fixture(params=DOCUMENTS, ids=lambda path: path.parent.name + path.suffix)
def document(request: pytest.FixtureRequest) -> Reading:
    return read_once(request.param)


def test_every_dress_of_the_document_says_what_the_golden_file_says(document):
    assert without_places(document) == GOLDEN
    assert (document.recognised, document.layout, document.fiscal_year, document.unit_of_money) == ("plan", "hebei_target", 2025, "万元")
    assert (document.problems, document.stated) == ([], [])


def test_the_document_has_16_projects_in_three_units(document):
    assert Counter(row["unit_code"] for row in document.rows) == {"323001": 7, "323003": 4, "323005": 5}
    assert {row["unit_code"]: row["unit_name"] for row in document.rows} == {
        "323001": "唐山市路南区人力资源和社会保障局本级",
        "323003": "唐山市路南区就业服务中心",
        "323005": "唐山市路南区社会保险服务中心",
    }


def test_the_document_comes_to_8401_97_wan_and_each_unit_to_its_own_sum(document):
    sums: Counter[str] = Counter()
    for row in document.rows:
        sums[row["unit_code"]] += row["budget"]
    assert sums == {"323001": Decimal("3421.45") * WAN, "323003": Decimal("492.52") * WAN, "323005": Decimal("4488.00") * WAN}
    assert sums.total() == Decimal("8401.97") * WAN


def test_all_money_is_fiscal_and_other_funds_are_blank_everywhere(document):
    assert [row["fiscal_funds"] for row in document.rows] == [row["budget"] for row in document.rows]
    assert [row["other_funds"] for row in document.rows] == [None] * 16


def test_the_document_has_64_checkpoints_with_october_in_the_third_place(document):
    assert sum(len(row["checkpoints"]) for row in document.rows) == 64
    assert points(document) == [{3: Decimal("0.25"), 6: Decimal("0.5"), 10: Decimal("0.75"), 12: Decimal(1)}] * 16


def test_the_planned_sums_at_the_checkpoints_are_exact(document):
    planned = {
        month: sum(
            row["budget"] * share
            for row, shares in zip(document.rows, points(document), strict=True)
            for at, share in shares.items()
            if at == month
        )
        / WAN
        for month in (3, 6, 10, 12)
    }
    assert planned == {3: Decimal("2100.4925"), 6: Decimal("4200.985"), 10: Decimal("6301.4775"), 12: Decimal("8401.97")}


def test_the_document_has_130_indicators_of_which_27_are_no_numbers(document):
    indicators = [indicator for row in document.rows for indicator in row["indicators"]]
    assert len(indicators) == 130
    assert Counter(len(row["indicators"]) for row in document.rows) == {9: 9, 7: 7}
    assert sum(indicator["value"] is None for indicator in indicators) == 27
    assert all(indicator["level1"] and indicator["level2"] and indicator["level3"] and indicator["target"] for indicator in indicators)


def test_every_project_and_indicator_knows_its_place(document):
    assert all(row["place"] and row["row"] for row in document.rows)
    assert all(indicator["place"] and indicator["row"] for row in document.rows for indicator in row["indicators"])


def test_the_lines_of_a_text_are_the_places_of_its_projects():
    lines = PLAN.read_text(encoding="utf-8").split("\n")
    for row in read_file(PLAN.read_bytes()).rows:
        assert lines[row["row"] - 1].strip() == "项目编码"
        assert lines[row["row"]].strip() == row["project_code"]
        assert row["place"] == f"第{row['row']}行"


def test_the_text_is_read_alike_in_gb18030_and_with_windows_line_ends():
    text = PLAN.read_text(encoding="utf-8")
    assert without_places(read_file(text.encode("gb18030"))) == GOLDEN
    assert without_places(read_file(text.replace("\n", "\r\n").encode())) == GOLDEN


def test_a_project_whose_unit_line_was_lost_is_still_a_project_of_its_own():
    text = PLAN.read_text(encoding="utf-8")
    head = "\t323001唐山市路南区人力资源和社会保障局本级\n\t单位：万元\n\n"
    assert [row["project_code"] for row in read_file(text.replace(head, "\n").encode()).rows] == [row["project_code"] for row in GOLDEN]


def test_a_blank_budget_in_the_document_stays_blank():
    reading = read_file(PLAN.read_text(encoding="utf-8").replace("\t26.00\n", "\t\n").encode())
    assert (reading.rows[0]["budget"], reading.rows[0]["fiscal_funds"], len(reading.rows[0]["indicators"])) == (None, None, 9)
    assert [code for code, *_ in considered(reading) if code == "L08"] == ["L08"]


def test_text_for_a_budget_in_the_document_is_found():
    reading = read_file(PLAN.read_text(encoding="utf-8").replace("\t预算数\n\t26.00\n", "\t预算数\n\t待定\n").encode())
    assert [(code, value) for code, _, _, value in found(reading)] == [("R03", "待定")]


def test_a_payment_plan_that_does_not_match_its_months_is_found():
    text = PLAN.read_text(encoding="utf-8")
    reading = read_file(text.replace("\t25%\n", "\t一季度付清\n", 1).encode())
    assert [code for code, *_ in found(reading)] == ["P02"]
    assert reading.rows[0]["checkpoints"] == []
    assert reading.rows[1]["checkpoints"] != []


def test_code_name_and_budget_are_enough():
    reading = read(f"项目编码, 项目名称, 预算数（万元）\n{A}, 表彰, 26.00\n{B}, 系统, 3.5")
    assert found(reading) == []
    assert [(row["project_code"], row["project_name"], row["budget"], row["fiscal_year"]) for row in reading.rows] == [
        (A, "表彰", 260_000, 2025),
        (B, "系统", 35_000, 2025),
    ]


def test_a_missing_plan_is_found_and_no_checkpoints_are_invented():
    reading = read(f"项目编码, 项目名称, 预算数（万元）, 3月底, 12月底\n{A}, 表彰, 26, , \n{B}, 系统, 3.5, 50%, 100%")
    assert points(reading) == [{}, {3: Decimal("0.5"), 12: Decimal(1)}]
    assert [entry for entry in considered(reading) if entry[0] == "L09"] == [("L09", 2, A)]


@pytest.mark.parametrize("heading", ["预算数", "年初预算数", "年度预算", "预算金额", "年度预算数", "年度预算(万元)", "项目预算", "Budget"])
def test_the_budget_goes_by_its_synonyms(heading):
    reading = read(f"项目代码, 预算项目名称, {heading}\n{A}, 表彰, 26", unit_of_money="万元")
    assert [row["budget"] for row in reading.rows] == [260_000]


@pytest.mark.parametrize("heading", ["主管部门", "部门", "预算单位", "单位名称", "实施单位", "Department"])
def test_a_unit_given_by_name_only_is_keyed_by_its_name(heading):
    reading = read(f"{heading}, 项目编码, 项目名称, 年度预算(万元)\n人社局本级, {A}, 表彰, 26\n就业中心, {B}, 系统, 3.5")
    assert [(row["unit_code"], row["unit_name"]) for row in reading.rows] == [("人社局本级", "人社局本级"), ("就业中心", "就业中心")]


def test_a_unit_with_code_and_name_is_keyed_by_its_code():
    reading = read(f"单位编码, 单位名称, 项目编码, 项目名称, 预算数（万元）\n323001, 人社局本级, {A}, 表彰, 26")
    assert [(row["unit_code"], row["unit_name"]) for row in reading.rows] == [("323001", "人社局本级")]


@pytest.mark.parametrize("shares", ["25%, 50%, 75%, 100%", "25, 50, 75, 100", "0.25, 0.5, 0.75, 1", "２５％, 50 %, 75%, 100百分比"])
def test_checkpoints_are_read_as_percents_or_fractions(shares):
    reading = read(f"项目编码, 项目名称, 预算数（万元）, 3月底, 6月底, 10月底, 12月底\n{A}, 表彰, 26, {shares}")
    assert points(reading) == [{3: Decimal("0.25"), 6: Decimal("0.5"), 10: Decimal("0.75"), 12: Decimal(1)}]


def test_percent_cells_and_plain_numbers_of_a_workbook_are_the_same_plan():
    head = ["项目编码", "项目名称", "预算数（万元）", "3月底", "6月底", "9月底", "12月底"]
    shown = workbook([head, [A, "表彰", 26, 0.25, 0.5, 0.75, 1.0]], percents=True)
    plain = workbook([head, [A, "表彰", 26, 25, 50, 75, 100]])
    shares = {3: Decimal("0.25"), 6: Decimal("0.5"), 9: Decimal("0.75"), 12: Decimal(1)}
    assert points(read_file(shown)) == points(read_file(plain)) == [shares]
    assert read_file(shown).rows[0]["budget"] == 260_000


def test_a_plan_may_skip_checkpoints():
    reading = read(f"项目编码, 项目名称, 预算数（万元）, 3月底, 6月底, 12月底\n{A}, 表彰, 26, , 40%, 100%")
    assert (points(reading), found(reading)) == ([{6: Decimal("0.4"), 12: Decimal(1)}], [])


def test_checkpoint_columns_may_stand_in_any_order():
    reading = read(f"项目编码, 项目名称, 预算数（万元）, 12月底, 3月底\n{A}, 表彰, 26, 100%, 25%")
    assert (points(reading), found(reading)) == ([{3: Decimal("0.25"), 12: Decimal(1)}], [])


@pytest.mark.parametrize("shares", ["50%, 25%", "50%, 125%"])
def test_a_plan_that_falls_or_exceeds_the_budget_is_asked_about(shares):
    reading = read(f"项目编码, 项目名称, 预算数（万元）, 3月底, 12月底\n{A}, 表彰, 26, 50%, 100%\n{B}, 系统, 3.5, {shares}")
    assert [(code, row, value) for code, row, _, value in found(reading)] == [("W11", 3, shares.replace(",", ""))]
    assert reading.problems[0].level == "confirm"


def test_a_share_that_is_no_number_is_found():
    reading = read(f"项目编码, 项目名称, 预算数（万元）, 3月底, 12月底\n{A}, 表彰, 26, 一半, 100%")
    assert [(code, row, value) for code, row, _, value in found(reading)] == [("P02", 2, "一半 100%")]


@pytest.mark.parametrize(
    ("heading", "cell"),
    [("预算数（元）", '"260,000.00"'), ("预算数（万元）", "26"), ("预算数（万元）", "260000元"), ("预算数（千元）", "260")],
)
def test_a_budget_is_read_in_the_unit_that_stands_nearest(heading, cell):
    assert [row["budget"] for row in read_file(f"项目编码,项目名称,{heading}\n{A},表彰,{cell}\n".encode()).rows] == [260_000]


def test_a_budget_without_a_unit_is_taken_as_wan_and_said_so():
    reading = read(f"项目编码, 项目名称, 预算数\n{A}, 表彰, 26")
    assert (reading.rows[0]["budget"], found(reading)) == (260_000, [("M04", 1, "预算数", "万元")])


def test_a_title_row_may_name_the_unit_and_the_year():
    reading = read("2026年部门预算（单位：元）,,\n项目编码, 项目名称, 预算数\nX-1, 表彰, 26")
    assert [(row["budget"], row["fiscal_year"], row["row"]) for row in reading.rows] == [(26, 2026, 3)]
    assert found(reading) == []


def test_the_heading_wins_over_what_was_declared():
    assert [row["budget"] for row in read(f"项目编码, 项目名称, 预算数（万元）\n{A}, 表彰, 26", unit_of_money="元").rows] == [260_000]


def test_a_blank_budget_stays_blank_and_is_noted():
    reading = read(f"项目编码, 项目名称, 预算数（万元）\n{A}, 表彰, \n{B}, 系统, 3.5")
    assert ([row["budget"] for row in reading.rows], found(reading)) == ([None, 35_000], [])
    assert [entry for entry in considered(reading) if entry[0] == "L08"] == [("L08", 2, None)]


@pytest.mark.parametrize("text", ["待定", "1e5", "3.5.1", "0.0000001"])
def test_text_for_a_budget_is_found_and_the_other_rows_are_read(text):
    reading = read(f"项目编码, 项目名称, 预算数（万元）\n{A}, 表彰, {text}\n{B}, 系统, 3.5")
    assert [(code, row, value) for code, row, _, value in found(reading)] == [("R03", 2, text)]
    assert reading.rows[-1]["budget"] == 35_000


def test_a_finding_of_a_project_table_names_the_senders_own_heading():
    assert found(read(f"项目编码, 项目名称, 年度预算(万元)\n{A}, 表彰, 待定")) == [("R03", 2, "年度预算(万元)", "待定")]


@pytest.mark.parametrize("digits", [17, 40])
def test_a_budget_beyond_all_bounds_is_found_and_never_raises(digits):
    reading = read(f"项目编码, 项目名称, 预算数（元）\n{A}, 表彰, {'9' * digits}\n{B}, 系统, 3.5")
    assert [(code, row) for code, row, *_ in found(reading)] == [("R03", 2)]


def test_the_same_project_twice_in_the_same_words_is_read_once_and_said_with_its_first_row():
    reading = read(f"单位编码, 项目编码, 项目名称, 预算数（万元）\n323001, {A}, 表彰, 26\n323001, {B}, 系统, 3.5\n323001, {A}, 表彰, 26")
    assert found(reading) == [("M26", 4, "项目编码", A)]
    assert reading.problems[0].facts == {"first": "第2行", "unit_code": "323001", "project_code": A}
    assert [row["project_code"] for row in reading.rows] == [A, B]


def test_the_same_project_twice_with_another_budget_is_fatal_and_says_what_differs():
    reading = read(f"单位编码, 项目编码, 项目名称, 预算数（万元）\n323001, {A}, 表彰, 26\n323001, {B}, 系统, 3.5\n323001, {A}, 表彰, 27")
    assert found(reading) == [("P04", 4, "项目编码", A)]
    assert reading.problems[0].level == "fatal"
    assert reading.problems[0].facts == {"first": "第2行", "differing": "预算数", "unit_code": "323001", "project_code": A}


def test_the_same_code_under_two_units_is_two_projects_and_noted():
    reading = read(f"单位编码, 项目编码, 项目名称, 预算数（万元）\n323001, {A}, 表彰, 26\n323003, {A}, 表彰, 26")
    assert (len(reading.rows), found(reading)) == (2, [])
    assert [entry for entry in considered(reading) if entry[0] == "L10"] == [("L10", 3, A)]


def test_a_project_without_a_code_is_found():
    assert found(read(f"项目编码, 项目名称, 预算数（万元）\n{A}, 表彰, 26\n, 系统, 3.5"))[0][:2] == ("P01", 3)


@pytest.mark.parametrize("total", ["合计,, 29.5", ", 合计, 29.5", "总计,, 29.5", "合 计,, 29.5", "小计,, 29.5"])
def test_a_totals_row_is_no_project(total):
    reading = read(f"项目编码, 项目名称, 预算数（万元）\n{A}, 表彰, 26\n{B}, 系统, 3.5\n{total}")
    assert ([row["project_code"] for row in reading.rows], found(reading)) == ([A, B], [])


@pytest.mark.parametrize(("total", "difference"), [("30", "0.5"), ("29", "-0.5")])
def test_a_totals_row_that_differs_from_the_projects_is_found_and_kept_as_stated(total, difference):
    reading = read(f"项目编码, 项目名称, 预算数（万元）\n{A}, 表彰, 26\n{B}, 系统, 3.5\n合计,, {total}")
    assert found(reading) == [("W22", 4, "预算数（万元）", total)]
    assert reading.problems[0].facts == {"why": "budget", "read": "29.5", "difference": difference}
    assert reading.stated == [{"place": "第4行", "what": "whole", "yuan": Decimal(total) * WAN}]


def test_subtotals_of_units_and_the_whole_total_are_compared_each_with_its_own_rows():
    rows = f"一, {A}, 表彰, 26\n小计,,, 26\n二, {B}, 系统, 3.5\n小计,,, 3.5\n合计,,, 29.5"
    reading = read(f"单位名称, 项目编码, 项目名称, 预算数（万元）\n{rows}")
    assert found(reading) == []
    stated = [(told["what"], told["yuan"] / WAN) for told in reading.stated]
    assert stated == [("part", 26), ("part", Decimal("3.5")), ("whole", Decimal("29.5"))]


def test_every_finding_of_a_project_bears_its_keys():
    rows = f"323001, {A}, 表彰, 待定, 50%, 100%\n323001, {B}, 系统, 3.5, 90%, 80%"
    reading = read(f"单位编码, 项目编码, 项目名称, 预算数（万元）, 3月底, 12月底\n{rows}")
    assert [(p.code, p.facts["unit_code"], p.facts["project_code"]) for p in reading.problems] == [
        ("R03", "323001", A),
        ("W11", "323001", B),
    ]
    problems = consider(open_store(None), Sending("计划.csv", b"", reading, None)).problems
    assert all({"unit_code", "project_code"} <= problem.facts.keys() for problem in problems if problem.code not in ("L01", "L07"))


def test_a_code_that_a_spreadsheet_destroyed_is_found():
    reading = read(f"项目编码, 项目名称, 预算数（万元）\n1.30202E+20, 表彰, 26\n{B}, 系统, 3.5")
    assert [(code, row, value) for code, row, _, value in found(reading)] == [("R07", 2, "1.30202E+20")]


@pytest.mark.parametrize(("row", "cells"), [(f"{A}, 表彰, 26, 9", 4), (f"{A}, 表彰", 2)])
def test_a_ragged_row_is_found(row, cells):
    reading = read(f"项目编码, 项目名称, 预算数（万元）\n{row}\n{B}, 系统, 3.5")
    assert [(p.code, p.row, p.facts) for p in reading.problems] == [("F04", 2, {"why": "ragged", "cells": cells, "headings": 3})]
    assert [found["project_code"] for found in reading.rows] == [B]


def test_empty_cells_beyond_the_header_do_no_harm():
    assert found(read(f"项目编码, 项目名称, 预算数（万元）\n{A}, 表彰, 26,,")) == []


def test_a_code_that_tells_no_year_needs_a_declared_one():
    table = "项目编码, 项目名称, 预算数（万元）\nX-1, 表彰, 26"
    assert [code for code, *_ in found(read(table))] == ["P05"]
    assert [row["fiscal_year"] for row in read(table, year=2026).rows] == [2026]


def test_a_column_of_years_is_each_projects_year():
    reading = read("年度, 项目编码, 项目名称, 预算数（万元）\n2026, X-1, 表彰, 26\n2026年, X-2, 系统, 3.5")
    assert ([row["fiscal_year"] for row in reading.rows], reading.fiscal_year) == ([2026, 2026], 2026)


def test_a_project_table_with_a_header_alone_is_empty():
    assert [code for code, *_ in found(read("项目编码, 项目名称, 预算数（万元）"))] == ["F01"]


def test_csv_and_workbook_of_a_table_say_the_same():
    rows = [
        ["单位编码", "项目编码", "项目名称", "预算数（万元）", "3月底", "12月底"],
        ["323001", A, "表彰", "26", "25%", "100%"],
        ["323003", B, "系统", "3.5", "40%", "100%"],
    ]
    assert without_places(read_file(workbook(rows))) == without_places(read("\n".join(",".join(row) for row in rows)))


def test_a_year_that_nobody_says_is_taken_as_this_one_and_said():
    reading = read_file("项目编码,项目名称,预算数(万元)\nA1,甲,10\n".encode(), Declared(this_year=2026))
    assert [row["fiscal_year"] for row in reading.rows] == [2026]
    assert ("M05", "2026") in [(problem.code, problem.value) for problem in reading.problems]


def test_a_year_in_the_heading_is_the_plans_year():
    reading = read_file("项目编码,项目名称,2025年预算数(万元)\nA1,甲,10\n".encode(), Declared(this_year=2026))
    assert [(row["fiscal_year"], row["budget"]) for row in reading.rows] == [(2025, 100_000)]


@pytest.mark.parametrize("heading", ["预算（万元）", "年初预算（万元）", "全年预算数（万元）"])
def test_a_budget_goes_by_the_names_that_offices_give_it(heading):
    reading = read(f"项目编码, 项目名称, {heading}, 单位名称, 3月底, 12月底\n{A}, 表彰, 26, 323001 本级, 30%, 100%")
    assert [(row["budget"], row["unit_code"]) for row in reading.rows] == [(260_000, "323001")]
    assert reading.problems == []


@pytest.mark.parametrize("heading", ["三月底", "一季度末", "2025年3月底", "计划3月底"])
def test_a_checkpoint_goes_by_the_names_that_offices_give_it(heading):
    reading = read(f"项目编码, 项目名称, 预算数（万元）, 单位名称, {heading}, 12月底\n{A}, 表彰, 26, 323001 本级, 30%, 100%")
    assert [point["month"] for point in reading.rows[0]["checkpoints"]] == [3, 12]


@pytest.mark.parametrize("heading", ["所属单位", "主管单位"])
def test_a_unit_goes_by_the_names_that_offices_give_it(heading):
    reading = read(f"项目编号, 项目名称, 预算数（万元）, {heading}, 12月底\n{A}, 表彰, 26, 323001 本级, 100%")
    assert [(row["project_code"], row["unit_code"]) for row in reading.rows] == [(A, "323001")]


def test_a_column_that_looks_like_a_part_of_the_plan_but_is_not_read_is_said():
    reading = read(f"项目编码, 项目名称, 预算数（万元）, 单位名称, 首季节点计划, 12月底\n{A}, 表彰, 26, 323001 本级, 30%, 100%")
    assert [(problem.code, problem.value) for problem in reading.problems] == [("M32", "首季节点计划")]


def book(**sheets: str) -> bytes:
    content = io.BytesIO()
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, text in sheets.items():
        sheet = workbook.create_sheet(name)
        for line in text.split("\n"):
            sheet.append([cell.strip() for cell in line.split(",")])
    workbook.save(content)
    return content.getvalue()


LIST = "项目编码, 项目名称, 预算数（万元）, 单位名称, 12月底\n"


def test_every_sheet_that_lists_projects_is_read_with_its_name_in_the_place():
    two = LIST.replace("万元", "元")
    reading = read_file(book(本级=f"{LIST}{A}, 表彰, 26, 323001 本级, 100%", 二级=f"{two}{B}, 系统, 35000, 323002 二级, 100%"))
    assert [(row["project_code"], row["budget"], row["place"]) for row in reading.rows] == [
        (A, 260_000, "本级 第2行"),
        (B, 35_000, "二级 第2行"),
    ]
    assert (reading.sheets, reading.problems) == (["本级", "二级"], [])


def test_a_project_on_two_sheets_with_another_budget_is_fatal():
    reading = read_file(book(甲=f"{LIST}{A}, 表彰, 26, 323001 本级, 100%", 乙=f"{LIST}{A}, 表彰, 27, 323001 本级, 100%"))
    assert [(problem.code, problem.facts["place"]) for problem in reading.problems] == [("P04", "乙 第2行")]


def test_a_sheet_that_lacks_a_heading_is_passed_over_and_said():
    reading = read_file(book(甲=f"{LIST}{A}, 表彰, 26, 323001 本级, 100%", 汇总="单位名称, 预算数（万元）\n323001 本级, 26"))
    assert [(p.code, p.value, p.facts["missing"]) for p in reading.problems] == [("M31", "汇总", "项目编码、项目名称")]
