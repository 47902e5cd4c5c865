"""The official forms: filled for every project from what is known, scored, and honest about what is missing."""

import contextlib
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from drawn import HEADINGS, QUARTERS, end_of, new_store, pay

from data import acting, official, queries, results, samples
from data.database import Store, append, open_store
from data.results import Result
from data.words import Words
from pages import terminal
from pages.parts.exports import Context
from pages.parts.official_book import forms_workbook

SAY = Words("zh")
ONE = f"""
{HEADINGS},{QUARTERS}
P1,会议费,001,局本级,100,25%,50%,75%,100%
"""
# level1, comparator, target, unit
INDICATORS = [
    ("产出指标", "≥", "100", "人"),
    ("产出指标", "≤", "412", "人"),
    ("产出指标", "=", "0", "起"),
    ("效益指标", None, None, None),
    ("满意度指标", "≥", "95", "%"),
]


@pytest.fixture
def store():
    """One project with five indicators, 40 of 100 万元 spent by March."""
    made = new_store(ONE)
    (plan,) = made.ask("from plans_on(null)")
    key = {name: plan[name] for name in ("batch", "fiscal_year", "unit_code", "project_code")}
    rows = [
        {
            **{**key, "position": place, "level1": level, "level3": f"指标{place}", "comparator": sign, "target_unit": unit},
            **{"target": f"{sign}{value}{unit}" if sign else "长期", "target_value": Decimal(value) if sign else None},
        }
        for place, (level, sign, value, unit) in enumerate(INDICATORS, start=1)
    ]
    with made.transaction() as cursor:
        append(cursor, "indicators", rows)
    pay(made, "P1 3 400000")
    return made


def say_results(store, *values, grade=("partly", "70")):
    """Record the values of the numeric indicators in order, and the grade of the fourth."""
    said = [
        Result("001", "P1", place, reached=Decimal(value)) for place, value in zip((1, 2, 3, 5), values, strict=True) if value is not None
    ]
    if grade:
        said.append(Result("001", "P1", 4, grade=grade[0], percent=Decimal(grade[1])))
    results.record(store, end_of(3), said, "张")


def form_of(store, form="selfeval", month=3):
    (made,) = official.filled(store, form, end_of(month))
    return made


def test_a_form_is_scored_as_by_hand(store):
    # 40 % of 10 is 4; output 50 over three: 16.67, 16.67, 16.66; benefit 30, satisfaction 10.
    # 73/100 of 16.67 = 12.17; 515 is a quarter over 412: 12.50; 0 of 0: 16.66; 70 % of 30: 21; 94.05/95 of 10: 9.90.
    say_results(store, "73", "515", "0", "94.05")
    made = form_of(store)
    assert made["money"][0]["score"] == Decimal("4.00")
    assert [str(one["worth"]) for one in made["indicators"]] == ["16.67", "16.67", "16.66", "30.00", "10.00"]
    assert [str(one["score"]) for one in made["indicators"]] == ["12.17", "12.50", "16.66", "21.00", "9.90"]
    assert (made["points"], made["grade"], made["estimated"]) == (Decimal("76.23"), "fair", True)


def test_over_achievement_earns_no_more_than_its_points_and_fewer_than_at_most_is_good(store):
    say_results(store, "1000", "3", "0", "100", grade=("met", "100"))
    assert form_of(store)["points"] == Decimal("94.00")


def test_a_value_that_is_missing_leaves_score_total_and_grade_open_and_is_listed(store):
    say_results(store, "73", None, "0", "94.05")
    made = form_of(store)
    assert (made["indicators"][1]["score"], made["points"], made["grade"]) == (None, None, None)
    assert {("indicators", 2, "reached"), ("indicators", 2, "score")} <= set(made["missing"])
    assert ("indicators", 1, "score") not in made["missing"]


def test_only_an_indicator_that_is_not_reached_asks_why(store):
    say_results(store, "73", "412", "0", "95", grade=("met", "90"))
    asks = {row for part, row, name in form_of(store)["missing"] if (part, name) == ("indicators", "why")}
    assert asks == {1}


def test_a_month_that_is_not_reported_gives_no_money_and_no_points(store):
    made = form_of(store, month=4)
    assert (made["money"][0]["spent"], made["money"][0]["spent_share"], made["money"][0]["score"]) == (None, None, None)
    assert ("money", 1, "spent") in made["missing"]


def test_a_plan_without_a_level_of_indicators_has_no_total(store):
    with store.transaction() as cursor:
        cursor.execute("delete from indicators where position = 5")
    say = [Result("001", "P1", place, reached=Decimal(0)) for place in (1, 2, 3)]
    results.record(store, end_of(3), [*say, Result("001", "P1", 4, grade="met", percent=Decimal(100))], "张")
    made = form_of(store)
    assert (made["levels_missing"], made["points"]) == (["满意度指标"], None)


def cells(content: bytes) -> list[list[object]]:
    """The rows of the first sheet."""
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)]


def book(store: Store, form: str, say: Words = SAY) -> list[list[object]]:
    about = Context(queries.export_facts(store, end_of(3), None), say, {})
    return cells(forms_workbook(official.filled(store, form, end_of(3)), about, official.columns, official.is_missing))


@pytest.mark.parametrize("form", official.FORMS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sheet_has_the_columns_of_the_file_in_their_order_and_marks_each_missing_cell(store, form, language):
    say = Words(language)
    say_results(store, "73", None, "0", "94.05")
    rows = book(store, form, say)
    heads = [column[language].format(month=3) for column in official.columns(form, "indicators")]
    assert heads in [row[: len(heads)] for row in rows]
    marked = sum(cell == say("forms.missing") for row in rows for cell in row)
    assert marked == len(form_of(store, form)["missing"]) > 0


def test_the_sheet_shows_money_in_ten_thousands_values_with_their_unit_and_grades(store):
    say_results(store, "73", "515", "0", "94.05")
    rows = book(store, "selfeval")
    whole = next(row for row in rows if row[0] == "年度资金总额")
    assert whole[1:7] == [100, 100, 40, 10, 0.4, 4]
    reached = [row[4] for row in rows if row[0] in official.scoring.LEVELS]
    assert reached == ["73人", "515人", "0起", "部分达成 70%", "94.05%"]
    assert "总分 76.23，等级：中" in [row[0] for row in rows]
    assert rows[0][0] == "项目支出绩效自评表（预估）"


def test_text_of_a_plan_never_acts_as_a_formula(store):
    with store.transaction() as cursor:
        cursor.execute("update indicators set level3 = '=1+1' where position = 1")
    content = forms_workbook(
        official.filled(store, "monitor", end_of(3)),
        Context(queries.export_facts(store, end_of(3), None), SAY, {}),
        official.columns,
        official.is_missing,
    )
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"} == {"s"}


@pytest.fixture(scope="module")
def bundled(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("forms") / "monitor.duckdb"
    store = open_store(path)
    acting.prepare(store)
    samples.load_plan(store, "test", date(2025, 12, 31))
    store.close()
    return path


def told(store: Path, *arguments: str) -> tuple[int, object]:
    """Exit code and JSON of the verb within this process."""
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8")) as said:
        code = terminal.run(["forms", *arguments, "--json", "--store", str(store)])
    open_store(store).close()
    said.seek(0)
    return code, json.loads(said.read())


@pytest.mark.parametrize("form", official.FORMS)
def test_the_forms_of_all_sixteen_projects_are_made_in_one_act(bundled, tmp_path, form):
    file = tmp_path / "forms.xlsx"
    code, answer = told(bundled, form, "--as-of", "2025-07", "-o", str(file))
    assert (code, len(answer), len(openpyxl.load_workbook(file).sheetnames)) == (0, 16, 16)
    assert {one["points"] for one in answer} == {None}
    code, answer = told(bundled, form, "--as-of", "2025-07", "-o", str(tmp_path))
    assert (code, len(list(tmp_path.glob("项目*.xlsx")))) == (0, 16)


def test_one_project_is_filled_alone_and_an_unknown_one_is_said(bundled, tmp_path):
    file = str(tmp_path / "one.xlsx")
    code, (answer,) = told(bundled, "monitor", "--as-of", "2025-07", "--project", "13020225P00781710002T", "-o", file)
    assert (code, answer["project_code"]) == (0, "13020225P00781710002T")
    assert told(bundled, "monitor", "--as-of", "2025-07", "--project", "P0", "-o", file)[0] == 2
    assert told(bundled, "monitor", "--as-of", "2025-07", "-o", str(tmp_path / "x.pdf"))[0] == 2
