"""The official forms: filled for every project from what is known, scored, and honest about what is missing."""

import contextlib
import io
import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import docx
import openpyxl
import pytest
from drawn import HEADINGS, QUARTERS, end_of, new_store, pay

from data import acting, explaining, forecasts, indicators, official, queries, results, samples
from data.database import Store, append, open_store
from data.results import Result
from data.variants import standard
from data.words import Words
from pages import terminal
from pages.parts import figures
from pages.parts.exports import Context
from pages.parts.grid import Sheet
from pages.parts.official_book import forms_workbook
from pages.parts.official_docx import forms_docx
from pages.parts.official_layout import laid_out
from pages.parts.summary_layout import summary_sheet

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


def sheets(store: Store, form: str, say: Words = SAY) -> list[Sheet]:
    about = Context(queries.export_facts(store, end_of(3), None), say, {})
    return [laid_out(made, about, standard, official.is_missing) for made in official.filled(store, form, end_of(3))]


def book(store: Store, form: str, say: Words = SAY) -> list[list[object]]:
    return cells(forms_workbook(sheets(store, form, say)))


def document(store: Store, form: str, say: Words = SAY) -> list[list[str | None]]:
    """The rows of the first table of the Word form as openpyxl gives a sheet's: what is merged stands once."""
    (table,) = docx.Document(io.BytesIO(forms_docx(sheets(store, form, say), say))).tables
    rows, seen = [], []
    for row in table.rows:
        first = [next((known for known in seen if known is cell._tc), None) is None and not seen.append(cell._tc) for cell in row.cells]
        rows.append([cell.text if is_first else None for cell, is_first in zip(row.cells, first, strict=True)])
    return rows


@pytest.mark.parametrize("form", official.FORMS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sheet_has_the_columns_of_the_file_in_their_order_and_marks_each_missing_cell(store, form, language):
    say = Words(language)
    say_results(store, "73", None, "0", "94.05")
    heads = [column[language].format(month=3) for column in standard(form, "indicators")]
    for rows in (book(store, form, say), document(store, form, say)):
        top = next(number for number, row in enumerate(rows) if heads[0] in row)
        assert [low or high for high, low in zip(rows[top], rows[top + 1], strict=True)][1:] == heads or rows[top][1:] == heads
        told = [cell for row in rows for cell in row]
        assert told.count(say("forms.missing")) == len(form_of(store, form)["missing"]) > 0


def test_the_open_cells_are_listed_below_the_form_by_their_headings(store):
    say_results(store, "73", None, "0", "94.05")
    (made,), (sheet,) = official.filled(store, "selfeval", end_of(3)), sheets(store, "selfeval")
    (told,) = [line for line in sheet.feet if line.startswith("本表待填")]
    counts = [int(found) for found in re.findall(r" (\d+)(?:、|。)", told)]
    assert sum(counts) == len(made["missing"]) and "实际完成值 1" in told and "得分 1" in told
    assert "主管部门及代码 1" in told


def test_the_word_form_says_what_the_sheet_says(store):
    say_results(store, "73", None, "0", "94.05")
    for form in official.FORMS:
        shown, written = book(store, form)[2:], document(store, form)
        for left, right in zip(shown, written, strict=False):
            for cell, text in zip(left, right, strict=True):
                if isinstance(cell, (int, float)):
                    assert text in (f"{cell:,.2f}", f"{cell * 100:.1f}%")
                else:
                    assert (text or "") == (cell or "")


def test_the_sheet_shows_money_in_ten_thousands_values_with_their_unit_and_grades(store):
    say_results(store, "73", "515", "0", "94.05")
    rows = book(store, "selfeval")
    whole = next(row for row in rows if row[1] == "年度资金总额")
    assert [cell for cell in whole[2:] if cell is not None] == [100, 100, 40, 10, 0.4, 4]
    start = next(number for number, row in enumerate(rows) if row[1] == "产出指标")
    reached = [row[5] for row in rows[start : start + 5]]
    assert reached == ["73人", "515人", "0起", "部分达成 70%", "94.05%"]
    assert "总分 76.23，等级：中" in [row[0] for row in rows]
    assert rows[0][0] == "项目支出绩效自评表（预估）"


def test_text_of_a_plan_never_acts_as_a_formula(store):
    with store.transaction() as cursor:
        cursor.execute("update indicators set level3 = '=1+1' where position = 1")
    sheet = openpyxl.load_workbook(io.BytesIO(forms_workbook(sheets(store, "monitor")))).worksheets[0]
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
    code, text = said(store, *arguments, "--json")
    return code, json.loads(text)


def said(store: Path, *arguments: str) -> tuple[int, str]:
    """Exit code and words of the verb within this process."""
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8")) as written:
        code = terminal.run(["forms", *arguments, "--store", str(store)])
    open_store(store).close()
    written.seek(0)
    return code, written.read()


@pytest.mark.parametrize("form", official.FORMS)
def test_the_forms_of_all_sixteen_projects_are_made_in_one_act(bundled, tmp_path, form):
    file = tmp_path / "forms.xlsx"
    code, answer = told(bundled, form, "--as-of", "2025-07", "-o", str(file))
    assert (code, len(answer), len(openpyxl.load_workbook(file).sheetnames)) == (0, 16, 16)
    assert {one["points"] for one in answer} == {None}
    # A folder is made where there is none, but not the way to it.
    code, answer = told(bundled, form, "--as-of", "2025-07", "-o", str(tmp_path / "forms"))
    assert (code, len(list((tmp_path / "forms").glob("项目*.xlsx")))) == (0, 16)
    assert told(bundled, form, "--as-of", "2025-07", "-o", str(tmp_path / "forms"))[0] == 0
    assert told(bundled, form, "--as-of", "2025-07", "-o", str(tmp_path / "none" / "forms"))[0] == 2
    file = tmp_path / "forms.docx"
    assert (told(bundled, form, "--as-of", "2025-07", "-o", str(file))[0], len(docx.Document(file).tables)) == (0, 16)


def test_one_project_is_filled_alone_and_an_unknown_one_is_said(bundled, tmp_path):
    file = str(tmp_path / "one.xlsx")
    code, (answer,) = told(bundled, "monitor", "--as-of", "2025-07", "--project", "13020225P00781710002T", "-o", file)
    assert (code, answer["project_code"]) == (0, "13020225P00781710002T")
    counts = f"待填 {len(answer['missing'])} 处，拟填待核 {len(answer['proposed'])} 处"
    assert counts in said(bundled, "monitor", "--as-of", "2025-07", "--project", "13020225P00781710002T", "-o", file)[1]
    assert told(bundled, "monitor", "--as-of", "2025-07", "--project", "P0", "-o", file)[0] == 2
    assert told(bundled, "monitor", "--as-of", "2025-07", "-o", str(tmp_path / "x.pdf"))[0] == 2


TWO_UNITS = f"""
{HEADINGS},{QUARTERS}
P1,会议费,001,局本级,100,25%,50%,75%,100%
P2,培训费,001,局本级,60,25%,50%,75%,100%
P3,设备费,002,中心,40,25%,50%,75%,100%
"""


@pytest.fixture
def units():
    """Three projects of two units: the first lags at March with 10 of 25 万元, the second is on plan, the third is not reported."""
    made = new_store(TWO_UNITS)
    pay(made, "P1 1 50000 001\nP2 1 75000 001")
    pay(made, "P1 2 30000 001\nP2 2 75000 001")
    pay(made, "P1 3 20000 001\nP2 3 0 001")
    return made


def explain(store, month=3, **more):
    explaining.explain(store, end_of(month), [explaining.Explanation("001", "P1", "staff", "人手不足", "已招聘", **more)], "张")


def test_the_expected_spending_is_the_middle_of_the_forecast_and_is_marked_as_an_estimate(units):
    made = {form["head"]["project_code"]: form for form in official.filled(units, "monitor", end_of(3))}
    (ahead,) = [row for row in forecasts.forecast(units, end_of(3)) if row["project_code"] == "P1"]
    assert made["P1"]["money"][0]["expected_spent"] == ahead["middle"]
    assert ("money", 1, "expected_spent") in made["P1"]["proposed"]
    low, high = figures.wan(ahead["low"]), figures.wan(ahead["high"])
    notes = laid_out(made["P1"], about(units), standard, official.is_missing).feet
    assert SAY("forms.range", low=low, high=high) in notes
    assert ("money", 1, "expected_spent") in made["P3"]["missing"] and made["P3"]["proposed"] == set()


@pytest.mark.parametrize(
    ("middle", "high", "word"),
    [("100", "100", "certain"), ("99.99", "100", "possible"), ("50", "99.99", "impossible")],
)
def test_the_likelihood_follows_the_range_of_the_year(middle, high, word):
    assert forecasts.likelihood({"middle": Decimal(middle), "high": Decimal(high), "current_budget": Decimal(100)}) == word
    assert forecasts.likelihood(None) is None


def with_indicators(store, code="P1"):
    plan = next(row for row in store.ask("from plans_on(null)") if row["project_code"] == code)
    key = {name: plan[name] for name in ("batch", "fiscal_year", "unit_code", "project_code")}
    one = {**key, "level1": "产出指标", "comparator": "≥", "target_unit": "人", "target": "≥100人", "target_value": Decimal(100)}
    with store.transaction() as cursor:
        append(cursor, "indicators", [{**one, "position": place, "level3": f"指标{place}"} for place in (1, 2, 3)])


def test_the_causes_and_reasons_of_a_laggard_are_proposed_to_what_is_not_on_course_and_nowhere_else(units):
    with_indicators(units)
    said = [Result("001", "P1", 1, reached=Decimal(100)), Result("001", "P1", 2, reached=Decimal(10), expected=Decimal(100))]
    results.record(units, end_of(3), said, "张")
    explain(units)
    first, second, third = official.filled(units, "monitor", end_of(3), code="P1")[0]["indicators"]
    assert (first.get("staff"), first["certain"]) == (None, "√")
    assert (second["staff"], second["why"]["reason"], second["certain"]) == ("√", "人手不足", "√")
    assert third["staff"] == "√" and [name for name in ("certain", "possible", "impossible") if third.get(name)] == ["impossible"]
    self_evaluated = official.filled(units, "selfeval", end_of(3), code="P1")[0]["indicators"]
    assert [bool(one.get("why")) for one in self_evaluated] == [False, True, False]
    assert "人手不足；措施：已招聘" in [box.value for box in sheets(units, "monitor")[0].boxes]


def test_the_monitoring_form_asks_why_only_of_what_the_indicators_view_calls_late(units):
    """Of 100 persons 25 are due at March: 25 are on course, 24 are not; the self-evaluation asks of both, short of the year's target."""
    with_indicators(units)
    results.record(units, end_of(3), [Result("001", "P1", 1, reached=Decimal(25)), Result("001", "P1", 2, reached=Decimal(24))], "张")
    statuses = [one["status"] for one in indicators.judged(units, end_of(3), project=("001", "P1"))]
    assert statuses == ["met", "slightly_behind", "not_reported"]

    def asks(form):
        (made,) = official.filled(units, form, end_of(3), code="P1")
        return {row for part, row, name in made["missing"] if (part, name) == ("indicators", "why")}

    assert (asks("monitor"), asks("selfeval")) == ({2}, {1, 2})
    indicators.lower(units, end_of(3), indicators.Lowering("001", "P1", 1, "behind", "数据存疑"), "审")
    assert asks("monitor") == {1, 2}


def test_a_laggard_without_a_reason_is_said_and_its_causes_stay_open(units):
    with_indicators(units)
    results.record(units, end_of(3), [Result("001", "P1", 2, reached=Decimal(10))], "张")
    made = official.filled(units, "monitor", end_of(3), code="P1")[0]
    assert made["unexplained"] and ("indicators", 2, "why") in made["missing"]
    assert not [name for _, _, name in made["proposed"] if name in explaining.CAUSES]
    assert SAY("forms.unexplained") in sheets(units, "monitor")[0].feet
    explain(units)
    assert not official.filled(units, "monitor", end_of(3), code="P1")[0]["unexplained"]


def about(store: Store) -> Context:
    return Context(queries.export_facts(store, end_of(3), None), SAY, {})


def test_the_summary_has_a_row_a_project_and_sums_that_are_those_of_the_views(units):
    summary, whole = official.summary(units, end_of(3)), queries.summary(units, end_of(3))
    assert [row["project_code"] for row in summary["projects"]] == ["P1", "P2", "P3"]
    sums = [summary["whole"], *summary["units"]]
    for told, one in zip(sums, whole, strict=True):
        assert (told["gap_amount"], told["due_amount"], told["spent"]) == (one["gap_amount"], one["judged_due"], one["judged_spent"])
        assert told["current_budget"] == one["budget"]
    assert [one["expected"] for one in sums] == [2, 2, 0]
    assert [row["unexplained"] for row in summary["projects"]] == [True, False, False]


def test_the_summary_marks_what_is_not_reported_and_still_to_be_explained_in_both_its_forms(units):
    sheet = summary_sheet(official.summary(units, end_of(3)), about(units), standard)
    rows = cells(forms_workbook([sheet]))
    heads = rows[2]
    gap, cause = heads.index("差额（万元）"), heads.index("偏差原因")
    told = {row[heads.index("项目编码")]: row for row in rows[3:] if row[heads.index("项目编码")]}
    assert (told["P1"][gap], told["P1"][cause], told["P3"][gap]) == (-15, "待说明", "未报")
    totals = [row for row in rows if row[0] and ("小计" in row[0] or row[0].startswith("合计（"))]
    assert [row[gap] for row in totals] == [-15, "", -15]
    (table,) = docx.Document(io.BytesIO(forms_docx([sheet], SAY))).tables
    assert [cell.text for cell in table.rows[-1].cells][gap] == "-15.00"
    assert len(table.rows) == 1 + 3 + 2 + 1


@pytest.mark.parametrize("suffix", ["xlsx", "docx"])
def test_the_summary_is_a_verb_whose_json_gives_the_same_sums(bundled, tmp_path, suffix):
    code, answer = told(bundled, "summary", "--as-of", "2025-07", "-o", str(tmp_path / f"summary.{suffix}"))
    assert (code, len(answer["projects"]), answer["whole"]["current_budget"]) == (0, 16, "84019700.00")
    assert (tmp_path / f"summary.{suffix}").stat().st_size > 5000
