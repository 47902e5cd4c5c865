"""PDF documents with ruled tables are read with their pages joined; every other PDF is refused with what it is."""

import pytest

from data.samples import PLAN
from data.words import LANGUAGES, Words
from loaders import printed
from loaders.files import read_file
from loaders.tables import read_tables
from tests.inked import Sheet, pdf

PDF = PLAN.with_suffix(".pdf").read_bytes()
A, B = "13020225P00781710002T", "13020225P00783310001Y"
EDGES = (40, 140, 240, 340, 440, 540)
HEAD = [
    ["323001本级", None, None, None, "单位：万元"],
    ["项目编码", A, "项目名称", "高质量发展先进集体和先进个人表彰", None],
    ["预算数", "26.00", "财政资金", "26.00", ""],
]
HEADER = ["一级指标", "二级指标", "三级指标", "指标值", "确定依据"]
ROWS = [
    ["产出指标", "数量指标", "表彰人数", "≥100人", "按照每年支出情况测算"],
    ["", "质量指标", "资金发放准确率", "≥95%", "按照每年支出情况测算"],
    ["效益指标", "社会效益指标", "激励干部职工干劲", "长期", "按照每年支出情况测算"],
]


def drawn(*pages: tuple[list[list[str]], dict]) -> bytes:
    """A PDF with one table a page."""
    sheets = []
    for rows, how in pages:
        sheet = Sheet()
        sheet.table(rows, EDGES, **{"top": 40, **how})
        sheets.append(sheet)
    return pdf(sheets)


def low(rows: list[list[str]]) -> dict:
    """Where a table begins that ends at the foot of the page."""
    return {"top": 700 - 15 * len(rows)}


def refusal(content: bytes) -> tuple[str, str | None, str | None]:
    reading = read_file(content)
    [problem] = reading.problems
    for say in map(Words, LANGUAGES):
        assert say.problem(problem) and say.remedy(problem)
    assert (reading.recognised, reading.rows) == (None, [])
    return problem.code, problem.facts.get("why"), problem.value


def targets(content: bytes) -> list[tuple[str, str, str, str, str]]:
    names = ("level1", "level2", "level3", "target", "basis")
    return [tuple(found[name] for name in names) for row in read_file(content).rows for found in row["indicators"]]


WHOLE = [
    ("产出指标", "数量指标", "表彰人数", "≥100人", "按照每年支出情况测算"),
    ("产出指标", "质量指标", "资金发放准确率", "≥95%", "按照每年支出情况测算"),
    ("效益指标", "社会效益指标", "激励干部职工干劲", "长期", "按照每年支出情况测算"),
]


def test_a_table_on_one_page_is_read_with_its_places():
    row = read_file(drawn(([*HEAD, HEADER, *ROWS], {}))).rows[0]
    assert (row["project_code"], row["project_name"], row["budget"]) == (A, "高质量发展先进集体和先进个人表彰", 260_000)
    assert (row["place"], row["indicators"][0]["place"]) == ("第1页 第2行", "第1页 第5行")
    assert targets(drawn(([*HEAD, HEADER, *ROWS], {}))) == WHOLE


@pytest.mark.parametrize("cut", [4, 5, 6])
def test_a_table_that_a_page_break_cuts_between_rows_goes_on(cut):
    rows = [*HEAD, HEADER, *ROWS]
    assert targets(drawn((rows[:cut], low(rows[:cut])), (rows[cut:], {}))) == WHOLE


def test_a_header_that_stands_again_on_the_new_page_is_passed_over():
    rows = [*HEAD, HEADER, *ROWS]
    assert targets(drawn((rows[:5], low(rows)), ([HEADER, *rows[5:]], {}))) == WHOLE


@pytest.mark.parametrize("closed", [True, False])
def test_a_row_that_a_page_break_cuts_is_whole_again(closed):
    upper = [*HEAD, HEADER, [*ROWS[0][:4], "按照每年支出情况测算"]]
    lower = [["", "", "", "", "并经集体研究"], *ROWS[1:]]
    found = targets(drawn((upper, {**low(upper), "closed": closed}), (lower, {})))
    assert found == [(*WHOLE[0][:4], "按照每年支出情况测算并经集体研究"), *WHOLE[1:]]


def test_a_row_of_which_several_cells_are_cut_is_whole_again():
    upper = [*HEAD, HEADER, ROWS[0], ["", "质量指标", "资金发放准确率达到规", "≥95%", "按照每年支出情况测算"]]
    lower = [["", "", "定要求", "", "并经研究"], ROWS[2]]
    cut = ("产出指标", "质量指标", "资金发放准确率达到规定要求", "≥95%", "按照每年支出情况测算并经研究")
    assert targets(drawn((upper, low(upper)), (lower, {}))) == [WHOLE[0], cut, WHOLE[2]]


def test_a_label_that_a_page_break_cuts_is_whole_again():
    upper = [HEAD[0], HEAD[1], ["预算", "26.00", "财政", "26.00", ""]]
    lower = [["数", "", "资金", "", ""], HEADER, *ROWS]
    row = read_file(drawn((upper, low(upper)), (lower, {}))).rows[0]
    assert (row["budget"], row["fiscal_funds"], len(row["indicators"])) == (260_000, 260_000, 3)


def test_the_next_form_at_the_top_of_a_page_is_no_rest_of_the_last_row():
    first, second = [*HEAD, HEADER, *ROWS], [[(cell or "").replace(A, B) if cell is not None else None for cell in row] for row in HEAD]
    reading = read_file(drawn((first, low(first)), ([*second, HEADER, *ROWS], {})))
    assert [(row["project_code"], row["project_name"], len(row["indicators"])) for row in reading.rows] == [
        (A, "高质量发展先进集体和先进个人表彰", 3),
        (B, "高质量发展先进集体和先进个人表彰", 3),
    ]


def test_a_text_broken_by_the_edge_of_its_cell_is_one_line_and_a_new_paragraph_another():
    sheet = Sheet()
    sheet.table([*HEAD, ["绩效目标", "1.开好表彰大会，发放奖金到位并公开。\n2.做好宣传。", None, None, None], HEADER, *ROWS], EDGES, 40)
    goal = read_file(pdf([sheet])).rows[0]["goal"]
    assert goal == "1.开好表彰大会，发放奖金到位并公开。\n2.做好宣传。"
    assert read_file(drawn(([*HEAD, HEADER, *ROWS], {}))).rows[0]["indicators"][0]["basis"] == "按照每年支出情况测算"


def test_the_text_around_the_tables_is_kept_and_its_totals_are_compared():
    sheet = Sheet()
    sheet.text(40, 30, "全局项目共2个，资金26万元。")
    sheet.table([*HEAD, HEADER, *ROWS], EDGES, 40)
    reading = read_file(pdf([sheet]))
    assert [(stated["what"], stated.get("count")) for stated in reading.stated] == [("whole", 2), ("whole", None)]
    assert [(problem.code, problem.value) for problem in reading.problems] == [("W22", "2")]


def test_signs_of_parts_of_characters_are_read_as_the_characters():
    assert "⽬⾦⻓".translate(printed._WHOLE) == "目金长"
    assert "⽬" in "".join(char["text"] for page in _opened(PDF).pages[:2] for char in page.chars)
    text = "".join(cell for table in read_tables(PDF).tables for row in table.rows for cell in row)
    assert not [sign for sign in text if 0x2E80 <= ord(sign) <= 0x2FDF]


def _opened(content: bytes):
    import io

    import pdfplumber

    return pdfplumber.open(io.BytesIO(content))


def test_pages_without_any_word_of_a_form_are_passed_over_quickly(monkeypatch):
    sheets = [Sheet() for _ in range(40)]
    for sheet in sheets:
        for place in range(40):
            sheet.text(40, 40 + 15 * place, "坚持稳中求进工作总基调，扎实做好各项工作。")
    sheets[20] = Sheet()
    sheets[20].table([*HEAD, HEADER, *ROWS], EDGES, 40)
    seen = []
    read_page = printed._page
    monkeypatch.setattr(printed, "_page", lambda page: seen.append(page.page_number) or read_page(page))
    assert [row["place"] for row in read_file(pdf(sheets)).rows] == ["第21页 第2行"]
    assert seen == [21, 22]


@pytest.mark.parametrize("pages", [1, 3])
def test_a_scan_is_refused_with_its_own_sentence(pages):
    assert refusal(pdf([Sheet() for _ in range(pages)], picture=True)) == ("F05", "scanned", str(pages))


def test_a_locked_file_is_refused_with_its_own_sentence():
    assert refusal(pdf([Sheet()], locked=True)) == ("F05", "locked", "PDF")


def test_a_form_without_rules_is_refused_with_its_own_sentence():
    sheet = Sheet()
    for place, line in enumerate(("项目编码  " + A, "项目名称  表彰", "预算数  26.00", "一级指标  二级指标")):
        sheet.text(40, 40 + 20 * place, line)
    assert refusal(pdf([sheet])) == ("F05", "unruled", "PDF")


def test_running_text_that_speaks_of_targets_is_told_so():
    sheet = Sheet()
    sheet.text(40, 40, "各单位要加强绩效目标管理，认真填报。")
    assert refusal(pdf([sheet]))[:2] == ("F21", "narrative")


@pytest.mark.parametrize("keep", [9, 300, 2000, -400])
def test_a_damaged_file_is_refused(keep):
    assert refusal(drawn(([*HEAD, HEADER, *ROWS], {}))[:keep])[0] == "F05"


def test_a_file_of_too_many_pages_is_refused(monkeypatch):
    monkeypatch.setattr(printed, "MOST_PAGES", 2)
    assert refusal(pdf([Sheet(), Sheet(), Sheet()])) == ("F05", "large", "PDF")


def test_the_committed_pdf_has_page_breaks_inside_its_forms():
    tables = read_tables(PDF)
    pages = {table.name for table in tables.tables}
    assert len(pages) == 12
    starts = [row for table in tables.tables for row in table.rows if any(cell.startswith("13020225P") for cell in row)]
    assert len(starts) == 16 and len(tables.tables) > 16
