"""The lagging list: one selection for page, address, workbook, CSV and JSON, with the same sums and the same foot everywhere."""

import contextlib
import csv
import io
import json
import re
import shutil
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from drawn import HEADINGS, QUARTERS, end_of, new_store, pay
from test_pages import fine, seen, visit

from data import acting, briefs, explaining, lagging, notices, official, queries
from data.database import open_store
from data.words import Words
from loaders.explanations import read_explanations
from pages import official_forms, terminal
from pages.parts import exports, figures, selection
from pages.parts.brief import brief
from pages.parts.notice import notice
from pages.parts.selection import Selection

ZH = Words("zh")
PLAN = f"""
{HEADINGS},{QUARTERS}
P1,会议费,001,局本级,100,25%,50%,75%,100%
P2,培训费,001,局本级,1000,25%,50%,75%,100%
P3,设备费,002,中心,40,25%,50%,75%,100%
P4,按期的,002,中心,40,25%,50%,75%,100%
P5,小差额,002,中心,8,25%,50%,75%,100%
"""
# The projects that lag at March, the gap of each in yuan: 25-5, 250-190, 10-2, 2-1.
GAPS = {"P1": -200_000, "P2": -600_000, "P3": -80_000, "P5": -10_000}
UNITS = {"P1": "001", "P2": "001", "P3": "002", "P5": "002"}


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    """A store of five projects, four lagging; the second and third have told why."""
    path = tmp_path_factory.mktemp("listed") / "monitor.duckdb"
    store = new_store(PLAN, path)
    for month in (1, 2):
        pay(store, f"P1 {month} 0 001\nP2 {month} 0 001\nP3 {month} 0 002\nP4 {month} 0 002\nP5 {month} 0 002")
    pay(store, "P1 3 50000 001\nP2 3 1900000 001\nP3 3 20000 002\nP4 3 100000 002\nP5 3 10000 002")
    said = [explaining.Explanation("001", "P2", "funding", "资金未到"), explaining.Explanation("002", "P3", "staff", "人手不足")]
    explaining.explain(store, end_of(3), said, "张")
    store.close()
    return path


@pytest.fixture(scope="module")
def rows(listed):
    store = open_store(listed)
    found = lagging.chased(store, end_of(3))
    assert {row["project_code"]: int(row["gap_amount"]) for row in found} == GAPS
    return found


def codes(chosen, path):
    return [row["project_code"] for row in lagging.listed(open_store(path), end_of(3), **asdict(chosen))["rows"]]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (Selection(), ["P2", "P1", "P3", "P5"]),
        (Selection(sort="percent"), ["P1", "P3", "P5", "P2"]),
        (Selection(sort="name"), ["P1", "P2", "P5", "P3"]),
        (Selection(sort="percent", grouped=True), ["P1", "P2", "P3", "P5"]),
        (Selection(units=("002",)), ["P3", "P5"]),
        (Selection(not_units=("002",)), ["P2", "P1"]),
        (Selection(not_projects=("P2", "P5")), ["P1", "P3"]),
        (Selection(causes=("none",)), ["P1", "P5"]),
        (Selection(causes=("staff", "none")), ["P1", "P3", "P5"]),
        (Selection(not_causes=("none",)), ["P2", "P3"]),
        (Selection(not_causes=("funding", "staff")), ["P1", "P5"]),
        (Selection(statuses=("behind",)), ["P2"]),
        (Selection(gate=Decimal(80_000)), ["P2", "P1", "P3"]),
        (Selection(gate=Decimal("80000.01")), ["P2", "P1"]),
        (Selection(follow=True), ["P2", "P1", "P3"]),
        (Selection(units=("001",), not_units=("001",)), []),
        (Selection(find="p3"), ["P3"]),
        (Selection(find="中心"), ["P3", "P5"]),
        (Selection(find="会", sort="name"), ["P1"]),
    ],
)
def test_a_selection_keeps_leaves_out_and_orders(listed, chosen, expected):
    assert codes(chosen, listed) == expected


EVERYTHING = Selection(
    *(("001", "002"), ("behind",), ("none", "staff"), ("002",), ("P1", "P2"), ("other",), Decimal("55000"), True, "percent", True)
)


@pytest.mark.parametrize("chosen", [Selection(), EVERYTHING, Selection(gate=Decimal("0.01"), sort="name")])
def test_an_address_gives_back_the_selection_that_it_was_made_of(rows, chosen):
    assert selection.of_address(chosen.address, rows) == chosen


@pytest.mark.parametrize("gate", ["x", "-1", "nan", "inf", "1e999", "9" * 40])
def test_an_address_that_nobody_wrote_is_read_as_far_as_it_can_be(rows, gate):
    asked = {"unit": "nobody,001,<b>", "not_project": "P9,,P1", "cause": "why", "sort": "up", "group": "x", "gate": gate}
    assert selection.of_address(asked, rows) == Selection(units=("001",), not_projects=("P1",))


def test_the_filters_are_told_in_words(rows):
    names = {"001": "局本级", "P1": "会议费"}
    told = Selection(not_units=("001",), not_projects=("P1",), causes=("none",), gate=Decimal(50_000), sort="percent").told(ZH, names)
    assert told == {
        **{"排除单位": "局本级（001）", "排除项目": "会议费（P1）", "偏差原因": "尚未说明", "差额不少于（万元）": "5.00"},
        "排序": "按进度差（百分点）",
    }


def test_the_reasons_owed_are_counted_by_unit(rows):
    assert selection.owed(rows, ZH) == "有 2 个滞后项目本月尚未说明原因（局本级 1 个、中心 1 个）。"
    assert selection.owed([row for row in rows if row["cause"]], ZH) == ""


def test_what_is_at_risk_or_has_recovered_stands_beside_the_list():
    rows = [{"kind": "at_risk", "count": 2, "names": ["会议费", "P4"]}, {"kind": "recovered", "count": 9, "names": ["P4"]}]
    risk, back = selection.beside(rows, ZH)
    assert risk.startswith("达标但预警的有 2 个") and risk.endswith("：会议费、P4。")
    assert back == "上次判定滞后、现已恢复的有 9 个：P4等。"
    facts = {**dict.fromkeys(("as_of", "whole", "rule")), "beside": [risk]}
    assert risk in exports.list_feet([], type("About", (), {"facts": facts, "say": ZH, "feet": []})())


def test_a_promise_kept_in_part_says_how_much_of_it(rows):
    promised = {**rows[0], "outcome": "part", "kept_share": Decimal("0.4"), "repeated": True}
    told = {name: exports.cell_of(promised, name, ZH) for name in ("outcome", "repeated")}
    assert told == {"outcome": "部分兑现 40.0 %", "repeated": "是"}
    assert exports.cell_of({**promised, "outcome": "kept"}, "outcome", ZH) == "兑现"


def amount(words):
    return Decimal(words.replace("−", "-").replace(",", "")) * figures.WAN


def of_page(page):
    """Codes and sums of each table of the list on a page."""
    tables = []
    for table in re.findall(r"<tbody[^>]*>(.*?)</tbody>", page, re.S):
        lines = [re.findall(r'data-label="([^"]*)">(.*?)</td>', line, re.S) for line in re.findall(r"<tr[^>]*>(.*?)</tr>", table, re.S)]
        told = [{unescape(head): unescape(re.sub(r"<[^>]+>", "", cell)) for head, cell in line} for line in lines if line]
        if told and ZH("column.gap_amount") in told[0]:
            tables.append(([one[ZH("column.project_code")] for one in told[:-1]], told[-1]))
    return tables


def verb(store, *arguments):
    """Exit code and JSON of a verb within this process."""
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8")) as said:
        code = terminal.run([*arguments, "--json", "--store", str(store)])
    open_store(store).close()
    said.seek(0)
    return code, json.loads(said.read())


def asked(store, *arguments):
    """The same of the lagging list at March."""
    return verb(store, "behind", "--as-of", "2025-03", *arguments)


SUMMED = ("current_budget", "gap_amount", "needed_to_next")


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        ({}, ()),
        ({"unit": "001"}, ("--unit", "001")),
        ({"not_project": "P2", "not_cause": "staff", "sort": "percent"}, ("--exclude", "P2", "--exclude", "staff", "--sort", "percent")),
        ({"gate": "8", "group": "unit", "sort": "name"}, ("--gate", "80000", "--group", "unit", "--sort", "name")),
        ({"not_unit": "001,002"}, ("--exclude", "001", "--exclude", "002")),
    ],
)
def test_page_workbook_csv_and_json_say_the_same_projects_and_sums(monkeypatch, listed, tmp_path, address, arguments):
    app = visit(monkeypatch, listed, "behind", as_of="2025-03", lang="zh", **address)
    assert fine(app)
    page, tables = seen(app), of_page(seen(app))
    files = {form: tmp_path / f"list.{form}" for form in ("xlsx", "csv")}
    answers = [asked(listed, *arguments, "-o", str(file)) for file in files.values()]
    assert [code for code, _ in answers] == [0, 0] and answers[0][1] == answers[1][1]
    told = answers[0][1]
    shown = [code for own, _ in tables for code in own]
    assert shown == [row["project_code"] for row in told]
    sheet = [list(row) for row in openpyxl.load_workbook(files["xlsx"], data_only=True).worksheets[0].iter_rows(values_only=True)]
    text = list(csv.reader(io.StringIO(files["csv"].read_text(encoding="utf-8-sig"), newline="")))
    count = len(told)
    assert [row[0] for row in sheet[2 : 2 + count]] == [row[0] for row in text[1 : 1 + count]] == shown
    assert sheet[2 + count][0] == text[1 + count][0] == "合计"
    for name in SUMMED:
        place = exports.BEHIND.index(name)
        whole = sum((Decimal(row[name] or 0) for row in told), Decimal(0))
        assert Decimal(str(sheet[2 + count][place])) * 10_000 == Decimal(text[1 + count][place]) * 10_000 == whole
        column = {"current_budget": "column.budget"}.get(name, f"column.{name}")
        assert sum((amount(last[ZH(column)]) for _, last in tables), Decimal(0)) == amount(figures.wan(whole))
    total = -sum((Decimal(row["gap_amount"]) for row in told), Decimal(0))
    assert not told or f"{count} 个项目滞后，共少付 {figures.wan(total)} 万元" in page
    store = open_store(listed)
    chosen = selection.of_address(address, queries.progress(store, end_of(3)))
    facts = queries.export_facts(store, end_of(3))
    names = {row[f"{kind}_code"]: row[f"{kind}_name"] for row in queries.progress(store, end_of(3)) for kind in ("unit", "project")}
    feet = exports.Context(facts, ZH, chosen.told(ZH, names)).feet
    assert any("筛选" in line for line in feet) == bool(address)
    known = figures.moment_name(facts["newest"])
    for foot in (ZH("foot.as_of", month="2025年3月"), "规则 v1", "依据批次：1, 2, 3, 4", "已报 5/5 项目", known):
        assert any(foot in line for line in feet)
    for line in feet:
        assert line in [cell for row in sheet for cell in row] and line in [row[0] for row in text if row]


def test_a_grouped_list_has_each_unit_s_sum_on_page_in_workbook_and_csv(monkeypatch, listed, tmp_path, rows):
    page = of_page(seen(visit(monkeypatch, listed, "behind", as_of="2025-03", lang="zh", group="unit")))
    assert [codes for codes, _ in page] == [["P2", "P1"], ["P3", "P5"]]
    gaps = [sum(GAPS[code] for code in own) for own, _ in page]
    assert [amount(last[ZH("column.gap_amount")]) for _, last in page] == gaps
    place = exports.BEHIND.index("gap_amount")
    for form in ("xlsx", "csv"):
        file = tmp_path / f"grouped.{form}"
        asked(listed, "--group", "unit", "-o", str(file))
        if form == "xlsx":
            lines = [list(row) for row in openpyxl.load_workbook(file, data_only=True).worksheets[0].iter_rows(values_only=True)]
            written = openpyxl.load_workbook(file).worksheets[0].cell(8, place + 1).value
            assert written.startswith("=ROUND(SUMIF(")
        else:
            lines = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))
        sums = [(row[2], Decimal(str(row[place])) * 10_000) for row in lines if row and row[0] == "小计"]
        assert sums == [("001", gaps[0]), ("002", gaps[1])]
        reading = read_explanations(file.read_bytes(), explaining.ways())
        assert not reading.fatal and [row["project_code"] for row in reading.rows] == ["P2", "P3"]


def test_the_cells_of_a_reason_still_owed_are_yellow_and_no_others(listed, tmp_path):
    file = tmp_path / "list.xlsx"
    asked(listed, "-o", str(file))
    sheet = openpyxl.load_workbook(file).worksheets[0]
    columns = {name: exports.BEHIND.index(name) + 1 for name in ("cause", "reason")}
    yellow = {
        (sheet.cell(number, 1).value, name)
        for number in range(3, 7)
        for name, column in columns.items()
        if sheet.cell(number, column).fill.fgColor.rgb == "FFFFF3C4"
    }
    assert yellow == {(code, name) for code in ("P1", "P5") for name in columns}
    feet = [cell for row in sheet.iter_rows(min_row=8, values_only=True) for cell in row if isinstance(cell, str)]
    assert any(line.startswith("有 2 个滞后项目本月尚未说明原因") for line in feet)


def test_what_cannot_be_excluded_is_said(listed):
    assert asked(listed, "--exclude", "P9")[0] == asked(listed, "--unit", "009")[0] == asked(listed, "--gate", "much")[0] == 2


def test_a_change_on_the_page_goes_into_its_address(monkeypatch, listed):
    app = visit(monkeypatch, listed, "behind", as_of="2025-03", lang="zh")
    app.multiselect(key="behind_not_units").set_value(["002"]).run()
    app.radio(key="behind_sort").set_value("percent").run()
    app.checkbox(key="behind_grouped").check().run()
    assert fine(app)
    assert [app.query_params[name] for name in ("not_unit", "sort", "group")] == ["002", "percent", "unit"]
    assert [codes for codes, _ in of_page(seen(app))] == [["P1", "P2"]]
    assert "not_unit=002&sort=percent&group=unit" in app.code[0].value


@pytest.fixture
def own(listed, tmp_path):
    """A copy of the store to act upon."""
    open_store(listed).close()
    return Path(shutil.copytree(listed.parent, tmp_path / "own")) / listed.name


def opened(path):
    """The store at a path, ready for an act."""
    store = open_store(path)
    acting.prepare(store)
    return store


def clicked(app, label):
    return next(button for button in app.button if button.label == label).click().run()


def test_locking_a_month_asks_for_the_reasons_owed_and_goes_on_at_a_second_click(monkeypatch, own):
    app = visit(monkeypatch, own, "ledger", as_of="2025-03", lang="zh")
    app.text_input(key="month_person").set_value("王")
    clicked(app, "锁定")
    assert fine(app) and not app.success
    assert "有 2 个滞后项目本月尚未说明原因（局本级 1 个、中心 1 个）" in seen(app) and "cause=none" in seen(app)
    clicked(app, "仍要锁定")
    assert [message.value for message in app.success] and "尚未说明原因" not in seen(app)
    assert {row["event"] for row in open_store(own).ask("from month_events")} == {"locked"}


def test_a_month_that_was_asked_about_is_not_locked_by_itself_once_the_reasons_are_there(monkeypatch, own):
    app = visit(monkeypatch, own, "ledger", as_of="2025-03", lang="zh")
    app.text_input(key="month_person").set_value("王")
    clicked(app, "锁定")
    said = [explaining.Explanation(UNITS[code], code, "other", "合同未签") for code in ("P1", "P5")]
    explaining.explain(opened(own), end_of(3), said, "张")
    app.run()
    assert fine(app) and not app.success and not open_store(own).ask("from month_events")
    assert clicked(app, "锁定").success


def test_a_unit_that_has_told_its_reasons_is_locked_at_once(monkeypatch, own):
    store = opened(own)
    explaining.explain(store, end_of(3), [explaining.Explanation("001", "P1", "other", "合同未签")], "张")
    app = visit(monkeypatch, own, "ledger", as_of="2025-03", lang="zh")
    app.selectbox(key="handled_unit").set_value("001")
    app.text_input(key="month_person").set_value("王")
    assert clicked(app, "锁定").success


def test_the_command_line_locks_and_names_the_reasons_owed(own):
    code, answer = verb(own, "lock", "2025-03")
    assert (code, sorted(answer["unexplained"])) == (0, ["P1", "P5"])


def test_the_briefing_and_the_notice_say_what_is_owed(own):
    store = opened(own)
    noted = [block.words for block in brief(briefs.facts(store, end_of(3)), ZH).blocks if block.kind == "note"]
    assert "有 2 个滞后项目本月尚未说明原因（局本级 1 个、中心 1 个）。" in noted
    day = date(2025, 4, 12)
    number = notices.issue(store, end_of(3), "001", {"level": "remind", "deadline": day + timedelta(days=9), "today": day}, "张")
    said = [block.words for block in notice(notices.facts(store, 2025, number), ZH).blocks if block.kind == "note"]
    assert ZH("notice.owed", count=1) in said


def test_the_page_proposes_a_step_for_each_unit_and_the_form_and_the_verb_take_it(monkeypatch, own, tmp_path):
    store = opened(own)
    pay(store, "P1 4 0 001\nP2 4 0 001\nP3 4 0 002\nP4 4 0 002\nP5 4 0 002")
    day = date(2025, 4, 12)
    notices.issue(store, end_of(3), "001", {"level": "remind", "deadline": day + timedelta(days=9), "today": day}, "张")
    app = visit(monkeypatch, own, "behind", as_of="2025-04", lang="zh")
    assert fine(app) and "建议签发 2 份" in " ".join(one.label for one in app.expander)
    assert "3月提醒（督办〔2025〕1 号，2025-04-12 签发，期限 2025-04-21，未反馈）" in seen(app)
    for unit, step in (("001", "circular"), ("002", "remind")):
        app.selectbox(key="notice_unit").set_value(unit).run()
        assert next(box for box in app.selectbox if (box.key or "").startswith("notice_level_")).value == step
    open_store(own).close()
    code, rows = verb(own, "notices", "--proposed", "--as-of", "2025-04", "--today", "2025-05-02")
    told = [(row["unit_code"], row["level"], row["deadline"], len(row["earlier"])) for row in rows]
    assert (code, told) == (0, [("001", "circular", "2025-05-12", 1), ("002", "remind", "2025-05-12", 0)])
    common = ("--as-of", "2025-04", "--deadline", "2025-05-12", "--today", "2025-05-02", "-o", str(tmp_path / "n.html"))
    assert verb(own, "notice", "--unit", "001", *common)[1]["level"] == "circular"


def test_the_forms_count_the_reasons_of_all_projects_whatever_the_list_shows(monkeypatch, listed):
    app = visit(monkeypatch, listed, "behind", as_of="2025-03", unit="002")
    assert fine(app)
    assert "有 1 个滞后项目本月尚未说明原因（中心 1 个）" in seen(app)
    assert "有 2 个滞后项目本月尚未说明原因，监控表" in seen(app)


def test_the_form_of_a_month_shows_its_own_promise_and_keeps_it_when_the_reason_is_mended(monkeypatch, own):
    store = opened(own)
    told = {"measure": "催办", "responsible": "王", "due_month": 6, "promised": Decimal("123456.78")}
    explaining.explain(store, end_of(3), [explaining.Explanation("001", "P2", "funding", "资金未到", **told)], "张")
    app = visit(monkeypatch, own, "behind", as_of="2025-03", lang="zh")
    filled = {box.key.split("_")[0]: box for box in [*app.text_area, *app.text_input, *app.selectbox] if "P2" in (box.key or "")}
    assert (filled["promise"].value, filled["due"].value, filled["reason"].value) == ("12.345678", 6, "资金未到")
    filled["reason"].set_value("资金分两次到")
    next(box for box in app.text_input if box.key.startswith("explainer_")).set_value("王")
    assert clicked(app, "登记说明").success
    (row,) = explaining.explained(open_store(own), end_of(3), None, ("001", "P2"))
    assert (row["reason"], row["promised"], row["due_month"]) == ("资金分两次到", Decimal("123456.78"), 6)
    pay(opened(own), "P1 4 0 001\nP2 4 0 001\nP3 4 0 002\nP4 4 0 002\nP5 4 0 002")
    april = visit(monkeypatch, own, "behind", as_of="2025-04", lang="zh")
    assert {box.value for box in [*april.text_area, *april.text_input] if "P2" in (box.key or "")} == {""}


def test_a_notice_names_what_was_sent_before_it_and_what_became_of_the_promise(own):
    store, day = opened(own), date(2025, 4, 12)
    promised = {"due_month": 4, "promised": Decimal(125_000)}
    explaining.explain(store, end_of(3), [explaining.Explanation("001", "P2", "funding", "资金未到", **promised)], "张")
    pay(store, "P1 4 0 001\nP2 4 50000 001\nP3 4 0 002\nP4 4 0 002\nP5 4 0 002")
    first = notices.issue(store, end_of(3), "001", {"level": "remind", "deadline": day + timedelta(days=9), "today": day}, "张")
    later = notices.issue(store, end_of(4), "001", {"level": "circular", "deadline": day + timedelta(days=30), "today": day}, "张")
    notices.answer(store, 2025, first, "已催办", "王", day)
    other = notices.issue(store, end_of(4), "001", {"level": "talk", "deadline": day + timedelta(days=40), "today": day}, "张")

    def said(number):
        paper = notice(notices.facts(store, 2025, number), ZH)
        table = next(block for block in paper.blocks if block.kind == "table")
        told = {row[0].split("\n")[-1]: row[-1] for row in table.rows}
        return [block.words for block in paper.blocks if block.kind == "note" and "已发" in block.words], told["P2"]

    step = "3月提醒（督办〔2025〕1 号，2025-04-12 签发，{}）"
    assert said(first)[0] == []
    assert said(later) == (
        ["此次滞后期间已发：" + step.format("期限 2025-04-21，未反馈") + "。"],
        "待说明\n4月底前 12.50 万元 · 部分兑现 40.0 %",
    )
    assert said(other)[0] == ["此次滞后期间已发：" + step.format("已反馈") + "。"]


def test_the_forms_of_one_project_are_to_be_had_on_the_page(monkeypatch, listed):
    app = visit(monkeypatch, listed, "behind", as_of="2025-03", lang="zh")
    app.checkbox(key="forms_only_one").check().run()
    app.selectbox(key="forms_project").set_value("002 P3").run()
    assert fine(app)
    asked = SimpleNamespace(store=open_store(listed), as_of=end_of(3), known_at=None, say=ZH)
    for form in official.FORMS:
        (sheet,) = official_forms.sheets(asked, form, {"unit_code": "002", "project_code": "P3"})
        assert "P3" in [box.value for box in sheet.boxes]
        assert len(official_forms.sheets(asked, form, None)) == len(UNITS) + 1
    assert official_forms.sheets(asked, official.FORMS[0], {"unit_code": "001", "project_code": "P3"}) == []
