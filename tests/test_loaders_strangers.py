"""Every document that is no plan ends in one sentence that names what it is or what is missing, and in no figure."""

import io

import docx
import pytest

from data.words import LANGUAGES, Words
from loaders.files import Declared, read_file
from tests.inked import Sheet, pdf
from tests.test_loaders_forms import HEAD, INDICATORS, QUARTERS, A, drawn, sheets

GOALS = "年度总体目标 | 预期目标 | | 实际完成情况\n | 做好 | | 做了"
EVALUATION = f"""
项目支出绩效自评表
（2024年度）
项目名称 | 委托业务项目
主管部门 | 219-人社局 | 实施单位 | 219001-本级
项目资金（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
 | 年度资金总额 | 90 | 89.974 | 89.974 | 10 | 100% | 10
 | 其中：财政拨款 | 90 | 89.974 | 89.974
{GOALS}
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
 | 产出指标 | 数量指标 | 个数 | ≥50个 | 50 | 8 | 8
"""
MONITORING = """
项目支出绩效目标执行监控表
（2025年度）
项目名称 | 委托业务项目
主管部门及代码 | 人社局 219 | 实施单位 | 本级
项目资金（万元） | | 年初预算数 | 1～7月执行数 | 1～7月执行率 | 全年预计执行数
 | 年度资金总额 | 90 | 40 | 44.4% | 90
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 1～7月执行情况 | 全年预计完成情况 | 完成目标可能性
 | 产出指标 | 数量指标 | 个数 | ≥50个 | 20 | 50 | 确定能
"""
SICHUAN = """
部门预算项目支出绩效自评表（2023年度）
项目名称 | 51000021R000000019951-工资性支出
主管部门 | 发改局本级 | 实施单位（盖章） | 发改局
预算执行情况 | 年度预算数（万元） | 年初预算 | 调整后预算数 | 预算执行数 | 预算执行率 | 得分
 | 总额 | 238.93 | 251.89 | 251.89 | 100.00% | 10
一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 完成值 | 权重 | 得分
产出指标 | 数量指标 | 覆盖率 | = | 100 | % | 100 | 60 | 60
"""
DEPARTMENT = f"部门整体支出绩效目标申报表\n部门名称 | 人社局\n年度总体目标 | 做好\n预算情况（万元） | 资金总额 | 100\n{INDICATORS}"


def blank_of(text: str) -> str:
    """The same form with every value taken out."""
    for value in ("323001本级", A, "表彰", "26.00", "发放奖金", "25%", "50%", "75%", "100%", "产出指标 | 数量指标 | 发放人数 | ≥100人"):
        text = text.replace(value, "")
    return text


def word(*parts: str | list[list[str]]) -> bytes:
    """A Word document of paragraphs and tables."""
    document, content = docx.Document(), io.BytesIO()
    for part in parts:
        if isinstance(part, str):
            document.add_paragraph(part)
        else:
            table = document.add_table(rows=len(part), cols=len(part[0]))
            for row, texts in zip(table.rows, part, strict=True):
                for cell, text in zip(row.cells, texts, strict=True):
                    cell.text = text
    document.save(content)
    return content.getvalue()


def page(*lines: str) -> bytes:
    sheet = Sheet()
    for place, line in enumerate(lines):
        sheet.text(40, 40 + 20 * place, line)
    return pdf([sheet])


def ruled(text: str) -> bytes:
    sheet = Sheet()
    rows = drawn(text)
    sheet.table(rows, [40 + place * 500 / len(rows[0]) for place in range(len(rows[0]) + 1)], 40)
    return pdf([sheet])


APPROVAL = (
    "关于批复2025年部门预算的通知\n各单位：现批复你单位2025年预算8401.97万元，其中项目支出8401.97万元。\n"
    "请按批复的绩效目标执行。项目编码另行下达。\n"
)
ALLOTMENT = "关于下达2025年就业补助资金预算的通知\n现下达你区资金393万元，项目名称为中央就业补助资金。\n请加强绩效目标管理。\n"
NARRATIVE = "本单位将加强绩效目标管理。\n项目编码、项目名称和预算数等内容见附件。\n资金支出计划按季度安排，3月底25%，6月底50%。\n"
REGULATION = (
    "路南区预算绩效管理办法\n第一条 为规范绩效目标管理，制定本办法。\n第二条 项目编码由财政部门统一编制。\n第三条 预算数以批复为准。\n"
)
ACCOUNTS = "2024年度部门决算公开说明\n2024年度收、支总计均为1523.26万元。\n项目支出绩效目标完成情况良好。预算数与决算数基本一致。\n"
ADJUSTMENT = "预算调整申请\n因工作需要，申请追加预算50万元。\n调整后项目预算数为76万元。绩效目标不变。\n"

STRANGERS = [
    ("evaluation", sheets(EVALUATION)),
    ("evaluation", word(drawn(EVALUATION))),
    ("evaluation", sheets(EVALUATION, EVALUATION)),
    ("evaluation", sheets(SICHUAN)),
    ("evaluation", ruled(EVALUATION)),
    ("monitoring", sheets(MONITORING)),
    ("monitoring", "\n".join("\t".join(row) for row in drawn(MONITORING)).encode()),
    ("monitoring", sheets(EVALUATION, MONITORING)),
    ("department", sheets(DEPARTMENT)),
    ("department", word("部门整体支出绩效目标表", drawn(DEPARTMENT))),
    ("blank", sheets(blank_of(HEAD + QUARTERS + INDICATORS))),
    ("blank", word("项目绩效目标表", drawn(blank_of(HEAD + QUARTERS + INDICATORS)))),
    ("unnamed", sheets((HEAD + QUARTERS + INDICATORS).replace(A, "").replace("表彰", ""))),
    ("approval", APPROVAL.encode()),
    ("approval", word(APPROVAL, [["单位", "金额（万元）"], ["本级", "3421.45"], ["就业中心", "492.52"]])),
    ("approval", page(*APPROVAL.split("\n"))),
    ("approval", ALLOTMENT.encode()),
    ("narrative", NARRATIVE.encode()),
    ("narrative", word(NARRATIVE)),
    ("narrative", NARRATIVE.encode("gb18030")),
    ("regulation", REGULATION.encode()),
    ("regulation", page(*REGULATION.split("\n"))),
    ("accounts", word(ACCOUNTS, [["项目", "预算数", "决算数"], ["基本支出", "1000", "990"]])),
    ("adjustment", ADJUSTMENT.encode()),
    ("incomplete", word([["项目名称", "金额"], ["表彰", "26"], ["系统", "3.5"]])),
]


@pytest.mark.parametrize(("kind", "content"), STRANGERS, ids=[f"{number}-{kind}" for number, (kind, _) in enumerate(STRANGERS, start=1)])
def test_a_document_that_is_no_plan_is_told_what_it_is(kind, content):
    reading = read_file(content, Declared(this_year=2025))
    assert (reading.recognised, reading.rows, reading.stated) == (None, [], [])
    told = [problem for problem in reading.problems if problem.level == "fatal"]
    assert [(problem.code, problem.facts["why"]) for problem in told] == [("F21", kind)]
    for say in map(Words, LANGUAGES):
        assert say.problem(told[0]) and say.remedy(told[0])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (sheets(EVALUATION), ("自评表", "不是计划")),
        (sheets(MONITORING), ("监控表", "不是计划")),
        (APPROVAL.encode(), ("批复", "缺少：项目名称、预算数")),
        (NARRATIVE.encode(), ("项目编码、项目名称、预算数", "没有")),
        (word([["项目名称", "金额"], ["表彰", "26"]]), ("项目名称", "缺少项目编码、预算数")),
    ],
)
def test_the_sentence_names_the_form_or_what_is_missing(content, words):
    sentence = Words("zh").problem(read_file(content).problems[-1])
    assert all(word in sentence for word in words), sentence


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "F01"),
        (word(), "F06"),
        (word("会议通知：请于周五参会。"), "F06"),
        (b"<html><body><p>x</p></body></html>", "F05"),
        (pdf([Sheet()], picture=True), "F05"),
        (pdf([Sheet()], locked=True), "F05"),
        (page("项目编码", "项目名称", "预算数", "一级指标"), "F05"),
    ],
)
def test_every_other_file_is_refused_with_a_sentence(content, code):
    reading = read_file(content)
    assert (reading.recognised, [problem.code for problem in reading.problems]) == (None, [code])
    for say in map(Words, LANGUAGES):
        assert say.problem(reading.problems[0]) and say.remedy(reading.problems[0])


def test_a_results_form_never_passes_its_figures_as_a_budget():
    for text in (EVALUATION, MONITORING, SICHUAN):
        mixed = read_file(sheets(text, HEAD + QUARTERS + INDICATORS))
        assert [(row["project_code"], row["budget"]) for row in mixed.rows] == [(A, 260_000)]
