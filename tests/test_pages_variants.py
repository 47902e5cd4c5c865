"""A province's variant of the official forms is a file, and what people write into the forms stays theirs: read, refused, in force."""

import csv
import io
import shutil
from decimal import Decimal

import docx
import openpyxl
import pytest
from drawn import HEADINGS, QUARTERS, end_of, new_store, pay, take_in
from test_pages import fine, seen, visit
from test_pages_listing import clicked
from test_pages_official import TWO_UNITS, cells, told, with_indicators

from data import acting, form_words, official, queries, rebuild, results, variants
from data.acting import ActError
from data.database import Store, open_store
from data.form_words import ACHIEVED, DEPARTMENT, Word
from data.results import Result
from data.words import LANGUAGES, Words
from loaders.files import read_file
from loaders.variants import read_variant
from pages.parts.exports import Context
from pages.parts.official_book import forms_workbook
from pages.parts.official_docx import forms_docx
from pages.parts.official_layout import achieved_text, laid_out, layout_csv

ZH = Words("zh")
STANDARD = layout_csv(variants.standard_rows())


def rows_of(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def file_of(rows):
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def read(content):
    """What a layout file says; each finding is worded in both languages, with a remedy."""
    reading = read_variant(content, variants.standard_rows(), variants.EXTRA)
    for language in LANGUAGES:
        assert all(Words(language).problem(found) and Words(language).remedy(found) for found in reading.problems)
    return reading


def found(content):
    return [(problem.code, problem.row, problem.value) for problem in read(content).problems]


def drawn():
    """The standard with the monitoring form in a province's own fashion: other order, labels, a column less, one of its own, one more."""
    rows = rows_of(STANDARD)
    monitor = {tuple(row[1:3]): row for row in rows if row[0] == "monitor"}
    target, reached = monitor["indicators", "target"], monitor["indicators", "reached"]
    target[3] = "=年度目标（{month}月）"
    rows.remove(monitor["indicators", "hardware"])
    rows.remove(reached)
    rows.insert(rows.index(target), reached)
    rows.insert(rows.index(monitor["head", "unit"]) + 1, ["monitor", "head", "own_person", "项目负责人", "", "", "", ""])
    rows.insert(rows.index(monitor["money", "spent"]), ["monitor", "money", "current_budget", "调整后预算数", "", "14", "", ""])
    money, goal = monitor["parts", "money"], monitor["parts", "goal"]
    first, second = rows.index(money), rows.index(goal)
    rows[first], rows[second] = goal, money
    return rows


def test_the_layout_that_is_given_out_is_read_back_as_the_standard():
    reading = read(STANDARD)
    assert reading.problems == []
    assert (tuple(reading.rows), variants.differing(reading.rows)) == (variants.standard_rows(), [])
    assert variants.rows_of(variants.text_of(reading.rows)) == variants.standard_rows()


def test_what_a_file_leaves_blank_or_out_is_as_in_the_standard():
    short = [[*row[:4], *[""] * 4] for row in rows_of(STANDARD) if row[0] in ("form", "monitor")]
    short[0] = rows_of(STANDARD)[0]
    reading = read(file_of(short))
    assert reading.problems == []
    assert [(row["en"], row["width"]) for row in reading.rows] == [(row["en"], row["width"]) for row in variants.standard_rows()]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda rows: [row[:3] for row in rows], ("A40", None, None)),
        (lambda rows: rows[:1], ("A40", None, None)),
        (lambda rows: [*rows, ["monitors", "head", "unit", "x", *[""] * 4]], ("A41", 75, "monitors")),
        (lambda rows: [*rows, ["monitor", "heads", "unit", "x", *[""] * 4]], ("A42", 75, "heads")),
        (lambda rows: [*rows, ["monitor", "head", "units", "x", *[""] * 4]], ("A43", 75, "units")),
        (lambda rows: [*rows, ["monitor", "parts", "own_part", "x", *[""] * 4]], ("A43", 75, "own_part")),
        (lambda rows: [*rows, ["monitor", "head", "unit", "x", *[""] * 4]], ("A44", 75, "unit")),
        (lambda rows: [*rows, ["monitor", "head", "own_x", "x", "", "wide", "", ""]], ("A45", 75, "wide")),
        (lambda rows: [*rows, ["monitor", "head", "own_x", "x", "", "0", "", ""]], ("A45", 75, "0")),
        (lambda rows: [*rows, ["monitor", "head", "own_x", "{year}年", *[""] * 4]], ("A46", 75, "{year}年")),
        (lambda rows: [*rows, ["monitor", "head", "own_x", "题" * 61, *[""] * 4]], ("A46", 75, "题" * 60)),
        (lambda rows: [*rows, ["monitor", "head", "own_x", "", *[""] * 4]], ("A47", 75, "own_x")),
        (lambda rows: [row for row in rows if row[:3] != ["monitor", "parts", "goal"]], ("A48", None, "goal")),
        (lambda rows: [row for row in rows if row[:2] != ["monitor", "goal"]], ("A49", None, "goal")),
        (lambda rows: [row for row in rows if row[:2] != ["summary", "projects"] or row[2] != "spent"], ("A50", None, "spent")),
        (lambda rows: [row for row in rows if row[:3] != ["selfeval", "indicators", "worth"]], ("A50", None, "worth")),
        (lambda rows: [r for r in rows if r[:2] != ["monitor", "indicators"] or r[2].startswith("level")], ("A51", None, "3")),
    ],
)
def test_a_file_that_is_wrong_is_told_where_and_how_it_is_mended(change, expected):
    rows = rows_of(STANDARD)
    assert len(rows) == 74
    assert found(file_of(change(rows))) == [expected]


def test_the_projects_of_the_summary_cannot_be_left_out():
    assert ("A49", None, "indicators") in found(file_of([r for r in rows_of(STANDARD) if r[:2] != ["monitor", "indicators"]]))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """The folder of a store with three projects of two units, one with indicators."""
    path = tmp_path_factory.mktemp("prepared") / "monitor.duckdb"
    store = new_store(TWO_UNITS, path)
    with_indicators(store)
    pay(store, "P1 3 100000 001\nP2 3 0 001")
    store.close()
    return path.parent


@pytest.fixture
def kept(prepared, tmp_path):
    """A copy of it for one test, not open."""
    return shutil.copytree(prepared, tmp_path / "kept") / "monitor.duckdb"


@pytest.fixture(scope="module")
def store(prepared, tmp_path_factory):
    """A copy of it for all tests that leave no word behind."""
    made = open_store(shutil.copytree(prepared, tmp_path_factory.mktemp("open") / "open") / "monitor.duckdb")
    yield made
    made.close()


def test_a_form_is_laid_out_as_the_variant_says(store):
    reading = read(file_of(drawn()))
    assert reading.problems == [] and [form for form, _ in variants.differing(reading.rows)] == ["monitor"]
    columns = variants.columns_of(reading.rows)
    (made,) = official.filled(store, "monitor", end_of(3), code="P1", columns=columns)
    about = Context({**queries.export_facts(store, end_of(3)), "layout": "甲省.csv"}, ZH, {})
    content = forms_workbook([laid_out(made, about, columns, official.is_missing)])
    rows = cells(content)
    heads = next(row for row in rows if "三级指标" in row)
    assert heads.index("1～3月执行情况") == heads.index("=年度目标（3月）") - 1
    assert "硬件条件保障" not in [cell for row in rows for cell in row]
    person = next(row for row in rows if "项目负责人" in row)
    assert [cell for cell in person if cell] == ["项目负责人"]
    money = next(row for row in rows if "年初预算数（万元）" in row)
    assert [cell for cell in money if cell][3:5] == ["调整后预算数（万元）", "1～3月执行数（万元）"]
    first = [row[0] for row in rows if row[0]]
    assert first.index("年度总体目标") < first.index("项目资金") < first.index("绩效指标")
    assert "表格版式：甲省.csv" in first
    assert ("indicators", 1, "hardware") not in made["missing"]
    types = {cell.data_type for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row}
    assert "f" not in types
    assert made["points"] is None and "=年度目标" in layout_csv(reading.rows).decode().replace("'=", "=")
    assert read(layout_csv(reading.rows)).rows == reading.rows


def test_the_command_line_gives_a_layout_tries_another_and_says_what_is_amiss(kept, tmp_path):
    start, ours, made = tmp_path / "start.csv", tmp_path / "ours.csv", tmp_path / "made.xlsx"
    assert told(kept, "layout", "-o", str(start))[1]["columns"] == 73
    assert start.read_bytes() == STANDARD
    ours.write_bytes(file_of(drawn()))
    month = ("monitor", "--as-of", "2025-03", "-o", str(made), "--layout", str(ours))
    assert told(kept, *month)[0] == 0
    assert "项目负责人" in [cell for row in cells(made.read_bytes()) for cell in row]
    ours.write_bytes(file_of([*drawn(), ["monitor", "head", "unit", "x", *[""] * 4]]))
    code, answer = told(kept, *month)
    assert (code, [found["code"] for found in answer["problems"]]) == (1, ["A44"])


def test_a_layout_is_in_force_for_all_from_when_it_was_set_until_the_standard_one_is(store):
    before = store.ask("select max(recorded_at) as moment from acts")[0]["moment"]
    text = variants.text_of(read(file_of(drawn())).rows)
    assert [form_words.set_layout(store, "甲省.csv", text, "管") for _ in range(2)] == [True, False]
    layout = form_words.layout(store)
    assert layout.name == "甲省.csv" and [row["name"] for row in layout.columns("monitor", "head")][-1] == "own_person"
    assert form_words.layout(store, before).name == ""
    assert form_words.set_layout(store, "", "", "管") is True
    assert form_words.layout(store) == form_words.Layout("", variants.standard_rows())


def goal(store, month=3, known_at=None):
    """What the self-evaluation says was achieved, and whether it is proposed."""
    (made,) = official.filled(store, "selfeval", end_of(month), known_at, "P1")
    text = made["achieved"]
    return achieved_text(text, ZH) if isinstance(text, dict) else text, ("goal", 1, "achieved") in made["proposed"]


def head(store, code="P1"):
    (made,) = official.filled(store, "monitor", end_of(3), code=code)
    return made["head"]["department"], ("head", 1, "department") in made["proposed"]


def test_a_sentence_on_what_was_achieved_is_proposed_from_the_figures(store):
    results.record(store, end_of(3), [Result("001", "P1", 1, reached=Decimal(100)), Result("001", "P1", 2, reached=Decimal(10))], "张")
    said = "截至3月底，已支出 10.00 万元，占全年预算 10.0 %；3 项绩效指标中，1 项已达到年度指标值，1 项未达到，1 项待填。"
    assert goal(store) == (said, True)
    (made,) = official.filled(store, "selfeval", end_of(3), code="P1")
    about = Context(queries.export_facts(store, end_of(3)), ZH, {})
    sheet = laid_out(made, about, variants.standard, official.is_missing)
    assert [box.kind for box in sheet.boxes if box.value == said] == ["proposed"]
    assert ZH("forms.proposed_achieved") in sheet.feet


def test_nothing_is_proposed_where_nothing_is_known(store):
    assert goal(store, 4) == (None, False)
    (made,) = official.filled(store, "selfeval", end_of(4), code="P1")
    assert ("goal", 1, "achieved") in made["missing"]


def test_what_staff_write_stands_in_place_of_the_proposal_until_they_take_it_back(store):
    before = store.ask("select max(recorded_at) as moment from acts")[0]["moment"]
    word = Word(ACHIEVED, "001", "P1", " 完成招聘 12 人。\n")
    assert [form_words.record(store, end_of(3), [word], "张") for _ in range(2)] == [1, 0]
    assert goal(store) == ("完成招聘 12 人。", False)
    assert goal(store, known_at=before)[1] is True
    assert goal(store, 4) == (None, False)
    assert form_words.record(store, end_of(3), [Word(ACHIEVED, "001", "P1", "")], "李") == 1
    assert goal(store)[1] is True
    told = form_words.history(store, 2025, ("001", "P1"))
    assert [(row["recorded_by"], row["words"]) for row in told] == [("李", ""), ("张", "完成招聘 12 人。")]


@pytest.mark.parametrize(
    ("word", "code"),
    [
        (Word(ACHIEVED, "001", "P9", "x"), "act.no_project"),
        (Word(DEPARTMENT, "009", None, "x"), "act.no_project"),
        (Word(ACHIEVED, "001", "P1", "x" * 1001), "act.form_word_long"),
        (Word("layout", "001", None, "x"), "act.no_project"),
    ],
)
def test_a_word_that_cannot_stand_is_refused_whole(store, word, code):
    with pytest.raises(ActError) as refused:
        form_words.record(store, end_of(3), [Word(DEPARTMENT, "001", None, "人社局"), word], "张")
    assert refused.value.code == code and form_words.known(store, end_of(3)) == {}


def test_the_department_is_what_staff_or_the_document_say_else_it_is_proposed_from_the_units_code_else_open():
    plan = f"""{HEADINGS},{QUARTERS}
P1,会议费,323001,人社局（本级）,100,25%,50%,75%,100%
P2,培训费,323002,中心,100,25%,50%,75%,100%
P3,别局的,401002,站,100,25%,50%,75%,100%"""
    store = new_store(plan)
    assert [head(store, code) for code in ("P1", "P2", "P3")] == [("人社局（323）", True), ("人社局（323）", True), (None, False)]
    form_words.record(store, end_of(2), [Word(DEPARTMENT, "323002", None, "[323]区人社局")], "张")
    assert [head(store, code) for code in ("P1", "P2")] == [("人社局（323）", True), ("[323]区人社局", False)]


def test_the_department_of_a_document_is_read_and_stands_in_the_form():
    lines = ["项目支出绩效目标申报表", "（2025年度）", "项目名称,会议费,项目编码,P1", "主管部门及代码,区人社局 323,实施单位,001 局本级"]
    form = "\n".join([*lines, "年度资金总额,100万元", "年度总体目标,办会", ""])
    reading = read_file(form.encode())
    assert [row.get("department") for row in reading.rows] == ["区人社局 323"]
    store = Store(None)
    acting.prepare(store)
    take_in(store, form)
    assert head(store) == ("区人社局323", False) or head(store) == ("区人社局 323", False)


def test_the_page_takes_words_and_a_layout_and_says_who_wrote_them(monkeypatch, kept):
    app = visit(monkeypatch, kept, "behind", as_of="2025-03", lang="zh")
    app.radio(key="forms_tab").set_value("fill").run()
    assert fine(app) and "拟填：截至3月底，已支出 10.00 万元" in seen(app)
    department, achieved = ((DEPARTMENT, "001", None), (ACHIEVED, "001", "P1"))
    app.text_area(key=f"fill_{department}").set_value("区人社局")
    app.text_area(key=f"fill_{achieved}").set_value("办会 <b>3</b> 次")
    app.text_input(key="form_filler_('001', 'P1')").set_value("张")
    assert [one.value for one in clicked(app, "保存").success] == ["已保存 2 处。"]
    assert "办会 &lt;b&gt;3&lt;/b&gt; 次" in seen(app) and fine(app)
    app.radio(key="forms_tab").set_value("layout").run()
    app.file_uploader(key="layout_file").set_value(
        [("坏.csv", file_of([*drawn(), ["x", "head", "unit", "x", *[""] * 4]]), "text/csv")]
    ).run()
    assert "版式文件有 1 处要改" in seen(app) and "没有“x”这种表。" in seen(app)
    app.file_uploader(key="layout_file").set_value([("甲省.csv", file_of(drawn()), "text/csv")]).run()
    assert "项目支出绩效目标执行监控表：7 处与标准不同" in seen(app)
    app.text_input(key="layout_person").set_value("管")
    assert [one.value for one in clicked(app, "采用这个版式").success] == ["以后的官方表格都用这个版式。"]
    assert "现用版式：甲省.csv。" in seen(app)


def test_words_and_layout_are_recorded_by_the_command_line_and_done_again_by_a_rebuild(kept, tmp_path):
    month, ours = ("--as-of", "2025-03"), tmp_path / "ours.csv"
    ours.write_bytes(file_of(drawn()))
    said = ("--unit", "001", "--department", "人社局", "--project", "P1", "--achieved", "办会 3 次")
    assert told(kept, "fill", *month, *said, "--as", "张")[1] == {"recorded": 2}
    assert told(kept, "fill", *month)[0] == 2
    assert told(kept, "layout", "--use", str(ours))[1] == {"changed": True, "differing": {"monitor": 7}}
    assert rebuild.rebuild(kept)["differs"] == []
    store = open_store(kept)
    assert (goal(store), head(store), form_words.layout(store).name) == (("办会 3 次", False), ("人社局", False), "ours.csv")
    store.close()


def test_the_word_form_of_a_variant_has_its_columns_too(store):
    columns = variants.columns_of(read(file_of(drawn())).rows)
    (made,) = official.filled(store, "monitor", end_of(3), code="P1", columns=columns)
    sheet = laid_out(made, Context(queries.export_facts(store, end_of(3)), ZH, {}), columns, official.is_missing)
    (table,) = docx.Document(io.BytesIO(forms_docx([sheet], ZH))).tables
    texts = [cell.text for row in table.rows for cell in row.cells]
    assert "项目负责人" in texts and "硬件条件保障" not in texts
