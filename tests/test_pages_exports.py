"""Exports open rightly in a spreadsheet: no formula slips in, sums are exact, the template comes back as it went out."""

import csv
import io
import os
import re
import shutil
import subprocess
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from data import acting, acts, queries
from data.arrivals import Sending
from data.database import Store
from data.samples import PLAN
from data.staging import consider
from data.words import LANGUAGES, Words
from loaders.actuals import TEMPLATE
from loaders.files import read_file
from pages.parts import exports, figures
from pages.parts.working_paper import FORMULAS, behind_workbook

PAYLOADS = [
    "=1+1",
    "+1",
    "-1",
    "@x",
    "＝1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1",
    " =1+1",
    "\u3000=1",
    "\u00a0=1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x","y")',
    "名称\n=1+1",
    "\x01=1+1",
    "\x00=1",
]
HARMLESS = ["表彰", "1+1", "a=b", "劳务费-2025", "x@y.cn", "《办法》=1", "'x"]
SOFFICE = shutil.which("soffice")
MARCH, TODAY, ZH = date(2025, 3, 31), date(2025, 12, 31), Words("zh")


def rows_of(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheet_of(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content)).active


def shown_of(content: bytes) -> Any:
    """The first sheet with the results of its formulas, as they were written."""
    return openpyxl.load_workbook(io.BytesIO(content), data_only=True).worksheets[0]


def parts_of(content: bytes) -> str:
    """All sheets of a workbook as their XML."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    return "".join(archive.read(name).decode() for name in archive.namelist() if "worksheets/" in name)


@pytest.fixture(scope="module")
def store() -> Store:
    """The real plan and a first quarter in which all but two projects paid next to nothing."""
    store = Store(None)
    acting.prepare(store)
    plan = read_file(PLAN.read_bytes())
    lines = [
        f"{row['unit_code']},{row['project_code']},2025-03,{Decimal(number) / 100 + (row['budget'] / 4 if number < 2 else 0):.2f}"
        for number, row in enumerate(plan.rows)
    ]
    report = "\n".join(["单位编码,项目编码,月份,支出金额", *lines]).encode()
    for name, content in ((PLAN.name, PLAN.read_bytes()), ("report.csv", report)):
        outcome = acts.load(store, Sending(name, content, read_file(content), TODAY), "test")
        assert outcome.state == "checked", outcome.considered.problems
        acts.certify(store, outcome.batch, "test", today=TODAY)
    return store


@pytest.fixture(scope="module")
def lagging(store: Store) -> list[dict[str, Any]]:
    rows = queries.behind(store, MARCH)
    assert len(rows) == 14
    return rows


@pytest.fixture(scope="module")
def about(store: Store) -> exports.Context:
    return exports.Context(queries.export_facts(store, MARCH), ZH, {"单位": "=1+1", "状态": ""})


@pytest.mark.parametrize("text", PAYLOADS)
def test_a_text_that_could_be_a_formula_is_led_by_an_apostrophe(text):
    assert re.fullmatch(r"'[^\x00-\x08]*", exports.safe(text), re.DOTALL)


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_text_is_left_as_it_is(text):
    assert exports.safe(text) == text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_name_becomes_a_formula_in_a_csv(lagging, about, payload):
    rows = [{**lagging[0], "project_name": payload, "unit_name": payload}]
    header, row, _, *feet = rows_of(exports.behind_csv(rows, about))
    for name in ("项目名称", "单位名称"):
        assert row[header.index(name)].startswith("'")
    assert not [cell for foot in feet for cell in foot if cell[:1] in "=+-@" and cell]


def test_no_name_becomes_a_formula_in_a_workbook(lagging, about):
    rows = [{**lagging[0], "project_name": payload, "unit_name": payload} for payload in PAYLOADS]
    content = behind_workbook(rows, about)
    assert "<hyperlink" not in parts_of(content)
    sheet = sheet_of(content)
    assert {sheet.cell(number, column).data_type for number in range(3, 3 + len(rows)) for column in (2, 4)} == {"s"}
    ours = {exports.BEHIND.index(name) + 1 for name in (*FORMULAS, "status")}
    reckoned = {cell.column for row in sheet.iter_rows(min_row=3, max_row=2 + len(rows)) for cell in row if cell.data_type == "f"}
    assert reckoned == ours
    assert sheet.cell(3, 2).value == "=1+1"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_name_becomes_a_formula_in_a_template(payload):
    plan = [{"unit_code": "323001", "project_code": "13020225P00781710002T", "project_name": payload}]
    assert rows_of(exports.template_csv(plan, MARCH, TEMPLATE))[1][4].startswith("'")
    content = exports.template_workbook(plan, MARCH, TEMPLATE, ZH)
    assert not re.search(r"<f[ >]", parts_of(content))
    assert sheet_of(content).cell(2, 5).data_type == "s"


def test_the_sum_in_the_workbook_is_the_exact_sum(lagging, about):
    sheet = shown_of(behind_workbook(lagging, about))
    heads = [cell.value for cell in sheet[2]]
    end = 3 + len(lagging)
    assert sheet.cell(end, 1).value == "合计"
    for name in exports.MONEY & set(exports.BEHIND):
        column = heads.index(exports.heading(name, ZH)) + 1
        total = sum((row[name] for row in lagging if row.get(name) is not None), Decimal(0)) / 10_000
        assert Decimal(str(sheet.cell(end, column).value)) == total.normalize()
        assert sheet.cell(end, column).number_format == "#,##0.00"


def test_sums_of_tenths_do_not_drift(lagging, about):
    rows = [{**lagging[0], "spent": Decimal("0.10")}] * 3
    sheet = shown_of(behind_workbook(rows, about))
    assert sheet.cell(6, exports.BEHIND.index("spent") + 1).value == 0.00003


def test_the_workbook_keeps_codes_as_text_and_figures_as_numbers(lagging, about):
    sheet = shown_of(behind_workbook(lagging, about))
    types = {
        name: {sheet.cell(number, column).data_type for number in range(3, 3 + len(lagging))}
        for column, name in enumerate(exports.BEHIND, start=1)
    }
    texts = {"project_code", "project_name", "unit_code", "unit_name", "status", "at_risk", "follow_up"}
    said = {"trend", "cause", "reason", "measure", "responsible", "outcome", "promise", "promise_due"}
    assert {name: kinds for name, kinds in types.items() if name in texts} == dict.fromkeys(texts, {"s"})
    assert {name: kinds for name, kinds in types.items() if name not in texts} == dict.fromkeys(set(exports.BEHIND) - texts, {"n"})
    assert {sheet.cell(3, exports.BEHIND.index(name) + 1).value for name in said} == {None}
    assert [sheet.cell(3 + place, exports.BEHIND.index("streak") + 1).value for place in range(len(lagging))] == [
        row["streak"] for row in lagging
    ]


def test_an_empty_cell_stays_empty_and_counts_nothing(lagging, about):
    sheet = shown_of(behind_workbook([{**lagging[0], "needed_to_next": None}], about))
    place = exports.BEHIND.index("needed_to_next") + 1
    assert (sheet.cell(3, place).value, sheet.cell(4, place).value) == (None, 0)
    header, row, *_ = rows_of(exports.behind_csv([{**lagging[0], "needed_to_next": None}], about))
    assert row[place - 1] == ""


def test_the_csv_says_amounts_in_wan_exactly_and_shares_as_fractions(lagging, about):
    header, *rows = rows_of(exports.behind_csv(lagging, about))
    for row, told in zip(lagging, rows, strict=False):
        shown = dict(zip(exports.BEHIND, told, strict=True))
        assert shown["project_code"] == row["project_code"]
        assert {name: Decimal(shown[name]) * 10_000 for name in ("spent", "gap_amount", "due_amount")} == {
            name: row[name] for name in ("spent", "gap_amount", "due_amount")
        }
        assert (Decimal(shown["due_share"]), Decimal(shown["gap_share"])) == (row["due_share"], row["gap_share"] * 100)
    assert header[0] == "项目编码"


def test_the_csv_ends_every_line_as_windows_does(lagging, about):
    content = exports.behind_csv(lagging, about)
    assert content.count(b"\r\n") == content.count(b"\n") == 2 + len(lagging) + 2 + len(exports.list_feet(lagging, about))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_export_says_month_coverage_rules_batches_and_filters(store, lagging, language):
    say = Words(language)
    about = exports.Context(queries.export_facts(store, MARCH), say, {say("control.unit"): "323001"})
    written = exports.behind_csv(lagging, about).decode("utf-8-sig")
    assert about.title in written
    assert all(foot.replace('"', '""') in written for foot in about.feet)
    assert say("foot.rule", version=1) in about.feet[0]
    assert say("foot.coverage", reported=16, projects=16, share="100.0 %") in about.feet[0]
    assert say("behind.batches", batches="1, 2") in about.feet
    assert say("behind.filters", filters=f"{say('control.unit')}=323001") in about.feet
    assert say("sample.banner") not in about.feet


def test_an_export_of_a_past_moment_says_so(store):
    facts = queries.export_facts(store, MARCH)
    moment = queries.batches(store)[0]["recorded_at"]
    said = ZH("behind.known", moment=figures.moment_name(moment))
    assert said in exports.Context({**facts, "known_at": moment}, ZH, {}).feet
    assert said not in exports.Context(facts, ZH, {}).feet


def test_an_export_with_sample_months_is_marked(store, lagging):
    about = exports.Context({**queries.export_facts(store, MARCH), "sample": True}, ZH, {})
    assert sheet_of(behind_workbook(lagging, about))["A1"].value.startswith("【示例数据】")
    assert "【示例数据】" in exports.behind_csv(lagging, about).decode("utf-8-sig")


def test_a_list_without_rows_is_a_valid_workbook(about):
    sheet = sheet_of(behind_workbook([], about))
    assert (sheet.cell(2, 1).value, sheet.cell(3, 1).value, sheet.cell(3, 5).value) == ("项目编码", "合计", 0)


def filled(plan: list[dict[str, Any]], dress: str) -> bytes:
    """The template for April with an amount for each project."""
    april = date(2025, 4, 30)
    if dress == "csv":
        header, *rows = rows_of(exports.template_csv(plan, april, TEMPLATE))
        text = io.StringIO(newline="")
        csv.writer(text).writerows([header, *([*row[:5], f"{number}.05", *row[6:]] for number, row in enumerate(rows, start=1))])
        return text.getvalue().encode("gb18030")
    book = openpyxl.load_workbook(io.BytesIO(exports.template_workbook(plan, april, TEMPLATE, ZH)))
    for number in range(1, book.active.max_row):
        book.active.cell(number + 1, 6).value = number + 0.05
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.parametrize("dress", ["csv", "xlsx"])
def test_the_filled_template_is_read_back_and_raises_no_question(store, dress):
    plan = queries.progress(store, MARCH)
    content = filled(plan, dress)
    reading = read_file(content)
    assert [(row["unit_code"], row["project_code"], row["project_name"]) for row in reading.rows] == [
        (row["unit_code"], row["project_code"], row["project_name"]) for row in plan
    ]
    assert [str(row["amount"]) for row in reading.rows] == [f"{number}.05" for number in range(1, 17)]
    assert {(row["fiscal_year"], row["month"], row["figure"], row["fund"]) for row in reading.rows} == {(2025, 4, "month", "财政资金")}
    assert consider(store, Sending("april", content, reading, TODAY)).open_questions == []


def test_the_empty_template_asks_for_every_amount_and_invents_none(store):
    reading = read_file(exports.template_csv(queries.progress(store, MARCH), MARCH, TEMPLATE))
    assert reading.rows == []
    blank = [(problem.code, problem.row, problem.facts["why"]) for problem in reading.problems]
    assert blank == [("R03", row, "blank") for row in range(2, 18)]


def test_the_csv_ends_its_list_with_the_sums(lagging, about):
    header, *rows = rows_of(exports.behind_csv(lagging, about))
    told = dict(zip(exports.BEHIND, rows[len(lagging)], strict=True))
    assert told["project_code"] == "合计"
    for name in ("current_budget", "spent", "gap_amount", "needed_to_next"):
        assert Decimal(told[name]) * 10_000 == sum(row[name] or Decimal(0) for row in lagging)
        assert header[exports.BEHIND.index(name)].endswith("（万元）")


def test_each_unit_has_its_sheet_with_its_own_sums(lagging, about):
    book = openpyxl.load_workbook(io.BytesIO(behind_workbook(lagging, about)), data_only=True)
    units = sorted({row["unit_code"] for row in lagging})
    assert [sheet.title.split(" ")[0] for sheet in book.worksheets] == ["滞后清单", *units, "规则"]
    place = exports.BEHIND.index("gap_amount") + 1
    for unit, sheet in zip(units, book.worksheets[1:], strict=False):
        rows = [row for row in lagging if row["unit_code"] == unit]
        assert [sheet.cell(number, 1).value for number in range(3, 3 + len(rows))] == [row["project_code"] for row in rows]
        total = sum(row["gap_amount"] for row in rows) / 10_000
        assert sheet.cell(3 + len(rows), place).value == pytest.approx(float(total), abs=1e-9)


def test_sheets_bear_names_that_a_spreadsheet_allows(lagging, about):
    names = ["[甲]:*?/\\乙" * 9, "甲" * 60, "甲" * 60 + "2", "'x'", ""]
    rows = [{**lagging[0], "unit_code": f"{'9' * 20}", "unit_name": "滞后清单"}]
    rows += [{**lagging[0], "unit_code": f"00{number}", "unit_name": name} for number, name in enumerate(names)]
    book = openpyxl.load_workbook(io.BytesIO(behind_workbook(rows, about)))
    titles = [sheet.title for sheet in book.worksheets]
    assert len(titles) == len({title.lower() for title in titles}) == 2 + len(rows)
    assert all(0 < len(title) <= 31 and not re.search(r"[\[\]:*?/\\]", title) for title in titles)


def without_results(content: bytes) -> bytes:
    """The same workbook without the results that we wrote, so that what is read later is what a spreadsheet reckons."""
    raw, bare = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(bare, "w") as archive:
        for name in raw.namelist():
            part = raw.read(name)
            archive.writestr(name, re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", part) if "worksheets/" in name else part)
    return bare.getvalue()


def yuan(cell: Any) -> Decimal:
    return round(Decimal(str(cell.value)) * 10_000, 2)


@pytest.mark.skipif(not (SOFFICE or os.environ.get("CI")), reason="LibreOffice is not on this machine")
def test_a_spreadsheet_reckons_the_same_figures_again(lagging, about, tmp_path):
    """Every formula of every sheet is reckoned anew by LibreOffice, in one start with a CSV whose names would be formulas."""
    assert SOFFICE, "under CI this may not be skipped"
    hostile = [{**lagging[0], "project_name": payload} for payload in PAYLOADS]
    lagging = [*lagging, *(at_the_edge(lagging[0], fen) for fen in EDGES)]
    beside = [{**recovered(row), "project_name": name} for row, name in zip(lagging, PAYLOADS, strict=False)]
    beside += [recovered(lagging[0], Decimal("0.01"))]
    about = exports.Context({**about.facts, "watched": beside}, ZH, {})
    (tmp_path / "list.xlsx").write_bytes(without_results(behind_workbook(lagging, about, grouped=True)))
    (tmp_path / "hostile.csv").write_bytes(exports.behind_csv(hostile, about))
    command = [SOFFICE, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
    files = [str(tmp_path / name) for name in ("list.xlsx", "hostile.csv")]
    subprocess.run([*command, "--outdir", str(tmp_path / "made"), *files], check=True, capture_output=True, timeout=180)
    opened = openpyxl.load_workbook(tmp_path / "made" / "hostile.xlsx").active
    assert {cell.data_type for row in opened.iter_rows() for cell in row} <= {"n", "s", "inlineStr"}
    book = openpyxl.load_workbook(tmp_path / "made" / "list.xlsx", data_only=True)
    units = sorted({row["unit_code"] for row in lagging})
    shown = [lagging, *([row for row in lagging if row["unit_code"] == unit] for unit in units), beside]
    for sheet, rows in zip(book.worksheets[:-1], shown, strict=True):
        are_reckoned(sheet, rows)
    below = {book.worksheets[0].cell(number, PLACE["unit_code"]).value: number for number in range(4 + len(lagging), 7 + len(lagging))}
    for unit, rows in zip(units, shown[1:-1], strict=True):
        for name in exports.MONEY & set(PLACE):
            assert yuan(book.worksheets[0].cell(below[unit], PLACE[name])) == sum(row.get(name) or 0 for row in rows)


# What is due, in fen, where six tenths of it divided by it are less than six tenths in binary fractions.
EDGES = [due for due in range(5, 4000, 5) if due * 3 // 5 / 10**6 / (due / 10**6) < 0.6][:3]


def at_the_edge(row: dict[str, Any], fen: int) -> dict[str, Any]:
    """A project that has paid just as much of what is due as still counts as behind."""
    due, spent = Decimal(fen) / 100, Decimal(fen * 3 // 5) / 100
    told = {"current_budget": due * 4, "due_amount": due, "spent": spent, "gap_amount": spent - due, "completion": Decimal("0.6")}
    return {**row, **told, "spent_share": Decimal("0.15"), "gap_share": Decimal("-0.1"), "status": "behind"}


def reckoned(formula: str, cells: dict[str, float]) -> str:
    """What a verdict's formula gives where no spreadsheet is lenient with the last binary digit."""
    for place, value in cells.items():
        formula = formula.replace(place, repr(value))
    return eval(
        formula.removeprefix("=").replace("ROUND(", "round(").replace("IF(", "choose("), {"choose": lambda so, yes, no: yes if so else no}
    )


def verdict_of(row: dict[str, Any], about: exports.Context) -> str:
    """What the workbook's own formula says of a project."""
    sheet = sheet_of(behind_workbook([row], about))
    values = {name: float(row[name] / 10_000) for name in ("spent", "due_amount", "current_budget")}
    cells = {"'规则'!$B$2": 0.8, "'规则'!$B$3": 0.6}
    cells |= {f"${openpyxl.utils.get_column_letter(PLACE[name])}3": value for name, value in values.items()}
    if row["due_amount"]:
        cells[f"${openpyxl.utils.get_column_letter(PLACE['completion'])}3"] = values["spent"] / values["due_amount"]
    return reckoned(sheet.cell(3, PLACE["status"]).value, cells)


@pytest.mark.parametrize("fen", EDGES)
def test_a_verdict_at_its_edge_does_not_rest_on_the_last_binary_digit(lagging, about, fen):
    assert verdict_of(at_the_edge(lagging[0], fen), about) == "滞后"


def test_a_verdict_over_the_budget_or_before_anything_is_due_is_that_of_the_view(lagging, about):
    done = recovered(lagging[0])
    assert verdict_of(done, about) == "达标"
    assert verdict_of(recovered(lagging[0], Decimal("0.01")), about) == "超预算"
    assert verdict_of({**done, "due_amount": Decimal(0), "completion": None, "status": "not_due"}, about) == "未到节点"


def recovered(row: dict[str, Any], over: Decimal = Decimal(0)) -> dict[str, Any]:
    """The same project once it has paid all of its budget, and so much over it."""
    budget, due = row["current_budget"], row["due_amount"]
    spent, status = budget + over, "overspent" if over else "met"
    shares = {"spent_share": spent / budget, "completion": spent / due, "gap_share": (spent - due) / budget}
    told = {"spent": spent, "gap_amount": spent - due, "status": status, "at_risk": not over, "streak": 0, "trend": "recovered"}
    return {**row, **shares, **told, "needed_to_next": Decimal(0)}


def test_what_is_at_risk_or_has_recovered_stands_behind_the_list_in_workbook_and_csv_and_in_no_sum(lagging, about):
    about = exports.Context({**about.facts, "watched": [recovered(lagging[0])]}, ZH, {})
    book = openpyxl.load_workbook(io.BytesIO(behind_workbook(lagging[1:], about)), data_only=True)
    assert [sheet.title for sheet in book.worksheets][-2:] == ["预警与恢复", "规则"]
    sheet = book["预警与恢复"]
    assert sheet["A1"].value == about.watched_title and "1 个，不在滞后清单内" in about.watched_title
    told = {name: sheet.cell(3, PLACE[name]).value for name in ("project_code", "status", "at_risk", "streak", "trend")}
    assert told == {"project_code": lagging[0]["project_code"], "status": "达标", "at_risk": "是", "streak": 0, "trend": "已恢复"}
    assert sheet.cell(3, PLACE["cause"]).fill.fill_type is None and not [
        cell for row in sheet.iter_rows(values_only=True) for cell in row if isinstance(cell, str) and "尚未说明原因" in cell
    ]
    rows = rows_of(exports.behind_csv(lagging[1:], about))
    place = rows.index([about.watched_title])
    assert (rows[place - 2][0], rows[place - 1]) == ("合计", []) and rows[place + 1][PLACE["trend"] - 1] == "已恢复"
    whole = sum(row["gap_amount"] for row in lagging[1:]) / 10_000
    assert Decimal(rows[len(lagging)][PLACE["gap_amount"] - 1]) == whole


PLACE = {name: column for column, name in enumerate(exports.BEHIND, start=1)}


def are_reckoned(sheet: Any, rows: list[dict[str, Any]]) -> None:
    """Each row's formulas and the sums below give the figures of these rows."""
    for number, row in enumerate(rows, start=3):
        cells = {name: sheet.cell(number, PLACE[name]) for name in (*FORMULAS, "status")}
        assert cells["status"].value == ZH(f"status.{row['status']}")
        assert yuan(cells["gap_amount"]) == row["gap_amount"]
        for name, factor in (("spent_share", 1), ("completion", 1), ("gap_share", 100)):
            assert cells[name].value / factor == pytest.approx(float(row[name]), abs=6e-5)
    for name in exports.MONEY & set(PLACE):
        assert yuan(sheet.cell(3 + len(rows), PLACE[name])) == sum(row.get(name) or 0 for row in rows)
