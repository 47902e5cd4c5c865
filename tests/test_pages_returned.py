"""The sender's file comes back as it was sent, with what was found beside each row; nothing in it becomes a formula."""

import codecs
import csv
import io
import re
import tracemalloc
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from drawn import TODAY, new_store
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.formatting.rule import FormulaRule
from openpyxl.packaging.relationship import Relationship
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.external_link.external import ExternalBook, ExternalLink, ExternalSheetNames
from openpyxl.worksheet.datavalidation import DataValidation

from data import acts
from data.arrivals import Sending
from data.samples import PLAN
from data.words import LANGUAGES, Words
from loaders.files import read_file
from loaders.headings import APPENDED
from loaders.tables import read_tables
from pages.parts import marked, returned
from pages.parts.own_book import own_book
from pages.parts.plain_book import plain_book
from pages.parts.returned import list_csv, returned_csv, returned_workbook, write_plain
from pages.parts.sent import Sent, dress_of, records, sent_table

ZH = Words("zh")
HEADS = ["级别", "规则", "问题", "怎么改"]
LIST_HEADS = ["唯一标识", "级别", "规则", "行号", "字段", "填报值", "应为", "差额", "问题", "怎么改", "原因代码", "说明"]
RED, AMBER, BLUE = "F6B8B2", "FFE2A0", "D3E3F5"
SENT = "路南区支出表,,\r\n\r\n项目编码,月份,支出金额\r\nA1,2025-03,-5\r\n007,2025-03,abc\r\nA3,2025-03,1\r\n"
PAYLOADS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "＝1+1",
    "\t=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x.example","y")',
    "名称\n=1+1",
    "<b>&lt;script>alert(1)</script>",
    "#set text(red)",
    "$x^2$ *b* _i_ `c`",
    "\u202egnp.exe",
    "_x0041_x0041_",
    "'quoted'",
    '"quoted"',
]


def finding(code: str, row: int | None, column: str | None = None, **more: Any) -> dict[str, Any]:
    level = {"R": "fatal", "F": "fatal", "W": "confirm", "M": "note"}[code[0]]
    known = {
        "key": f"{code}-0000000{row or 0}",
        "code": code,
        "level": level,
        "row": row,
        "column": column,
        "value": None,
        "expected": None,
    }
    texts = {"difference": None, "project_code": None, "message": f"{code} 的问题", "fix": f"{code} 的办法"}
    return {**known, **texts, "reason_code": None, "answer": None, "answered_by": None, "carried_from": None, **more}


FINDINGS = [finding("W01", 4, "支出金额"), finding("M02", 5, "项目编码"), finding("R03", 5, "支出金额"), finding("W07", None)]


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def values(sheet: Any) -> list[list[Any]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def colour(cell: Any) -> str | None:
    return cell.fill.fgColor.rgb[2:] if cell.fill.fill_type else None


def rows_of(content: bytes, separator: str = ",") -> list[list[str]]:
    assert content.startswith(codecs.BOM_UTF8)
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=separator))


def parts_of(content: bytes) -> dict[str, str]:
    archive = zipfile.ZipFile(io.BytesIO(content))
    return {name: archive.read(name).decode(errors="replace") for name in archive.namelist()}


# A CSV comes back as a CSV.


def test_four_cells_stand_beside_each_row_and_nothing_above_the_header():
    assert rows_of(returned_csv(SENT.encode(), FINDINGS, ZH)) == [
        ["路南区支出表", "", ""],
        [],
        ["项目编码", "月份", "支出金额", *HEADS],
        ["A1", "2025-03", "-5", "需确认", "W01", "W01 的问题", "W01 的办法"],
        ["007", "2025-03", "abc", "致命\n提示", "R03\nM02", "R03 的问题\nM02 的问题", "R03 的办法\nM02 的办法"],
        ["A3", "2025-03", "1", "", "", "", ""],
    ]


def test_the_headings_are_english_for_an_english_reader():
    assert rows_of(returned_csv(SENT.encode(), FINDINGS, Words("en")))[2][3:] == ["Level", "Rule", "Problem", "Remedy"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_every_dress_comes_back_as_utf8_in_its_own_separator(encoding, separator):
    sent = SENT.replace(",", separator)
    back = returned_csv(sent.encode(encoding), [], ZH).decode("utf-8-sig")
    own = [line.removesuffix(separator * 4) for line in back.split("\r\n")]
    assert own[:2] + [own[2].removesuffix(separator.join(["", *HEADS])), *own[3:]] == sent.split("\r\n")


def test_the_senders_own_text_comes_back_sign_for_sign():
    sent = '项目编码,月份, 支出金额 ,自定义\n"A,1",2025-03,"1,234.56",=1+1\n A2 ,"a ""b"" c",\'5,"两\r\n行"\n'
    back = returned_csv(sent.encode(), [], ZH).decode("utf-8-sig")
    assert back == sent.replace("自定义\n", "自定义,级别,规则,问题,怎么改\n").replace("=1+1\n", "=1+1,,,,\n").replace('行"\n', '行",,,,\n')


def test_a_file_that_quotes_every_cell_is_quoted_throughout():
    sent = '"项目编码","月份","支出金额"\n"A1","2025-03","5"\n'
    assert returned_csv(sent.encode(), [finding("W01", 2)], ZH).decode("utf-8-sig").splitlines() == [
        '"项目编码","月份","支出金额","级别","规则","问题","怎么改"',
        '"A1","2025-03","5","需确认","W01","W01 的问题","W01 的办法"',
    ]


def test_a_short_row_is_filled_up_so_that_the_columns_stand_in_line():
    sent = "项目编码,月份,支出金额,备注\nA1,2025-03\n"
    assert rows_of(returned_csv(sent.encode(), [finding("F04", 2)], ZH))[1] == [
        "A1",
        "2025-03",
        "",
        "",
        "致命",
        "F04",
        "F04 的问题",
        "F04 的办法",
    ]


def test_what_is_found_in_the_header_stands_under_the_headings():
    sent = "项目编码,支出金额\nA1,5\n"
    head = rows_of(returned_csv(sent.encode(), [finding("F03", 1, "月份")], ZH))[0]
    assert head == ["项目编码", "支出金额", "级别\n致命", "规则\nF03", "问题\nF03 的问题", "怎么改\nF03 的办法"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_appended_cells_are_safe_and_the_senders_are_not_touched(payload):
    quoted = '"' + payload.replace('"', '""') + '"'
    sent = f"项目编码,月份,支出金额\n{quoted},2025-03,5\n"
    row = rows_of(returned_csv(sent.encode(), [finding("R01", 2, message=payload, fix=payload)], ZH))[1]
    assert row[0] == payload
    assert not [cell for cell in row[3:] if cell[:1] in "=+-@＝\t"]
    shown = re.sub(r"\s*\n\s*", " ", payload)
    assert row[5] in (shown, f"'{shown}")


def test_a_report_that_comes_back_mended_gets_new_findings_in_the_place_of_the_old():
    first = returned_csv(SENT.encode("gb18030"), FINDINGS, Words("en"))
    second = returned_csv(first.replace(b"abc", b"8.50"), FINDINGS[:1], ZH)
    assert second == returned_csv(SENT.replace("abc", "8.50").encode(), FINDINGS[:1], ZH)


@pytest.mark.parametrize("sent", ['a,b\n1,"2\n3,4\n', 'a,b\n"x"y,2\n3,4\n', f"a,b\n{'x' * 200_000},1\n3,4\n", "a\n", "", "\n\n", "\ufeff"])
def test_a_text_that_cannot_be_split_comes_back_whole(sent):
    own = [record.text for record in records(sent.encode(), dress_of(sent.encode()))]
    assert "".join(own) == sent.removeprefix("\ufeff")
    assert returned_csv(sent.encode(), [finding("F04", 2)], ZH).startswith(codecs.BOM_UTF8)


def test_bytes_that_are_no_text_do_not_stop_the_report():
    assert (
        rows_of(returned_csv("项目编码,月份,支出金额\nA".encode() + b"\xff\xfe\x81,2025-03,5\n", [finding("F02", 2)], ZH))[1][3] == "致命"
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.text("ab,;\"' \n\t中=", max_size=6), min_size=1, max_size=5), min_size=1, max_size=6),
    st.sampled_from(["\r\n", "\n"]),
)
def test_any_table_comes_back_with_its_own_cells(rows, end):
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end).writerows([["项目编码", "月份", "支出金额"], *rows])
    back = rows_of(returned_csv(text.getvalue().encode(), [finding("W01", 2)], ZH))
    width = max(3, *(len(row) for row in rows))
    assert [row[: len(own)] for row, own in zip(back[1:], rows, strict=True)] == rows
    assert {len(row) for row in back} == {width + 4}


@pytest.mark.parametrize("text", [SENT, '项目编码,月份,支出金额\n\n"A\n1",2025-03,1\nA2,2025-03,2\n'])
def test_the_rows_are_counted_as_the_loader_counts_them(text):
    table = read_tables(text.encode()).tables[0]
    kept = [(record.number, record.cells) for record in records(text.encode(), dress_of(text.encode())) if any(record.cells)]
    assert kept == list(zip(table.numbers, table.rows, strict=True))


def test_a_long_table_takes_little_more_memory_than_the_text_that_comes_back():
    content = ("项目编码,月份,支出金额,备注\n" + "13020225P00781710002T,2025-03,1200.50,付款\n" * 60_000).encode()
    findings = [finding("R03", row) for row in range(2, 60_000, 500)]
    tracemalloc.start()
    back = returned_csv(content, findings, ZH)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1.3 * len(back) + 2 * 2**20


def test_an_office_file_comes_back_as_csv_row_for_row():
    content = own_workbook()
    rows = rows_of(returned_csv(content, [finding("R03", 5, "支出金额")], ZH))
    assert rows[0][0] == "路南区支出表"
    assert rows[2] == ["项目编码", "项目名称", "月份", "支出金额", *HEADS]
    assert rows[4][:8] == ["00700000000000000002T", "会议费", "2025-03-01", "-100.25", "致命", "R03", "R03 的问题", "R03 的办法"]
    assert rows[5][1] == "'=1+1"


def test_a_table_with_a_column_a_month_has_its_header_too():
    sent = "路南区,,\n项目编码,1月,2月\nA1,5,6\n"
    assert [row[3:] for row in rows_of(returned_csv(sent.encode(), [finding("R03", 3, "2月")], ZH))] == [
        [],
        HEADS,
        ["致命", "R03", "R03 的问题", "R03 的办法"],
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_sent_back_unmended_is_as_faulty_as_before(language):
    sent = "单位编码,项目编码,月份,支出金额\n001,P1,2025-03,500\n001,P1,2025-03,500\n".encode()
    found = [finding("R04", 3, "项目编码"), finding("F03", 1)]
    for content in (returned_csv(sent, found, Words(language)), returned_workbook(sent, "x.csv", found, None, Words(language))):
        outcome = acts.load(new_store(), Sending("x", content, read_file(content), TODAY), "test")
        assert [(problem.code, problem.row) for problem in outcome.considered.problems if problem.level == "fatal"] == [("R04", 3)]


# A workbook comes back as the sender's own workbook.


def own_workbook() -> bytes:
    """A workbook as an office makes it: title, formats, a formula with its value, text that looks like one, more sheets."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        money, text = (
            book.add_format({"num_format": "#,##0.00", "font_color": "#008000"}),
            book.add_format({"num_format": "@", "italic": True}),
        )
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("执行数")
        sheet.merge_range(0, 0, 0, 3, "路南区支出表", book.add_format({"bold": True, "bg_color": "#CCFFCC"}))
        sheet.write_row(2, 0, ["项目编码", "项目名称", "月份", "支出金额"])
        for line, (code, name, amount) in enumerate(
            [("13020225P00781710002T", "劳务费", 1200.5), ("00700000000000000002T", "会议费", -100.25), ("X", "=1+1", 0.1 + 0.2)], start=3
        ):
            sheet.write_string(line, 0, code, text)
            sheet.write_string(line, 1, name)
            sheet.write_datetime(line, 2, date(2025, 3, 1), day)
            sheet.write_number(line, 3, amount, money)
        sheet.write_string(6, 0, "合计")
        sheet.write_formula(6, 3, "=SUM(D4:D6)", money, 1100.55)
        sheet.set_column(0, 0, 31)
        sheet.freeze_panes(3, 1)
        sheet.autofilter(2, 0, 5, 3)
        other = book.add_worksheet("说明页")
        other.write_rich_string(0, 0, "请", book.add_format({"bold": True}), "勿", "改")
        other.set_row(0, 45)
    return content.getvalue()


def test_the_senders_cells_formats_and_sheets_are_the_same():
    before = openpyxl.load_workbook(io.BytesIO(own_workbook()), data_only=True, rich_text=True)
    after = openpyxl.load_workbook(io.BytesIO(returned_workbook(own_workbook(), "三月.xlsx", [], "执行数", ZH)), rich_text=True)
    assert after.sheetnames == ["执行数", "问题清单", "说明页"]
    for name in before.sheetnames:
        for row in before[name].iter_rows():
            for cell in row:
                back = after[name][cell.coordinate]
                assert (back.value, back.data_type, back.number_format) == (cell.value, cell.data_type, cell.number_format)
                assert (back.font.b, back.font.i, back.font.color, back.fill.fgColor.rgb) == (
                    cell.font.b,
                    cell.font.i,
                    cell.font.color,
                    cell.fill.fgColor.rgb,
                )
    assert after["执行数"].column_dimensions["A"].width == before["执行数"].column_dimensions["A"].width > 31
    assert after["说明页"].row_dimensions[1].height == 45
    assert (after["执行数"].freeze_panes, after["执行数"].merged_cells.ranges) == ("B4", before["执行数"].merged_cells.ranges)
    assert after.active.title == "执行数"
    assert [sheet.title for sheet in after.worksheets if sheet.sheet_view.tabSelected] == ["执行数"]


def test_the_four_cells_stand_right_of_the_last_column_and_faults_are_coloured():
    found = [finding("R03", 4, "支出金额"), finding("W08", 4, "项目名称"), finding("M02", 4, "支出金额"), finding("W01", 5, "支出金额")]
    sheet = opened(returned_workbook(own_workbook(), "三月.xlsx", found, "执行数", ZH))["执行数"]
    assert [cell.value for cell in sheet[3][4:]] == HEADS
    assert [cell.value for cell in sheet[4][4:]] == [
        "致命\n需确认\n提示",
        "R03\nW08\nM02",
        "R03 的问题\nW08 的问题\nM02 的问题",
        "R03 的办法\nW08 的办法\nM02 的办法",
    ]
    assert [colour(cell) for cell in sheet[4][:5]] == [None, AMBER, None, RED, RED]
    assert [colour(cell) for cell in sheet[5][:5]] == [None, None, None, AMBER, AMBER]
    assert [cell.value for cell in sheet[6][4:]] == [None] * 4
    assert [cell.value for cell in sheet[1][4:]] == [None] * 4
    assert sheet.auto_filter.ref == "A3:H6"


def test_a_fault_in_a_merged_cell_is_seen():
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in (["项目编码", "月份", "支出金额"], ["A1", "2025-03", 1], [None, "2025-04", 2]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.save(content)
    sheet = opened(returned_workbook(content.getvalue(), "x", [finding("R01", 3, "项目编码")], None, ZH)).worksheets[0]
    assert colour(sheet["A2"]) == RED


def test_columns_hidden_to_the_end_do_not_hide_what_is_appended():
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in (["项目编码", "月份", "支出金额"], ["A1", "2025-03", 1]):
        book.active.append(row)
    hidden = book.active.column_dimensions["D"]
    hidden.min, hidden.max, hidden.hidden = 4, 16384, True
    book.save(content)
    back = returned_workbook(content.getvalue(), "x", [finding("R01", 2)], None, ZH)
    columns = re.findall(r"<col ([^>]*)/>", parts_of(back)["xl/worksheets/sheet1.xml"])
    spans = sorted((int(re.search(r'min="(\d+)"', told)[1]), int(re.search(r'max="(\d+)"', told)[1]), "hidden" in told) for told in columns)
    assert spans == [(4, 4, False), (5, 5, False), (6, 6, False), (7, 7, False), (8, 16384, True)]


def test_no_formula_link_or_foreign_name_survives():
    book, content = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    for row in (["项目编码", "月份", "支出金额"], ["A1", "2025-03", "=[1]Sheet1!A1"], ["A2", "2025-03", '=WEBSERVICE("http://x.example")']):
        sheet.append(row)
    sheet["A2"].hyperlink = "http://x.example/steal"
    file_link = Relationship(type="externalLinkPath", Target="file:///x.example/far.xlsx", TargetMode="External", Id="rId1")
    link = ExternalLink(externalBook=ExternalBook(sheetNames=ExternalSheetNames(["Sheet1"]), id="rId1"))
    link.file_link = file_link
    book._external_links.append(link)
    book.defined_names["Far"] = DefinedName("Far", attr_text="[1]Sheet1!$A$1")
    book.defined_names["Near"] = DefinedName("Near", attr_text="Sheet!$A$1:$A$3")
    for source in ('"甲,乙"', "[1]Sheet1!$A$1:$A$9"):
        rule = DataValidation("list", source)
        rule.add("B2")
        sheet.add_data_validation(rule)
    fill = PatternFill("solid", bgColor="FF0000")
    sheet.conditional_formatting.add("A1:A3", FormulaRule(formula=['WEBSERVICE("http://x.example")="1"'], fill=fill))
    sheet.conditional_formatting.add("A1:A3", FormulaRule(formula=["A1=1"], fill=fill))
    book.save(content)
    assert "xl/externalLinks/externalLink1.xml" in parts_of(content.getvalue())
    back = returned_workbook(content.getvalue(), "x.xlsx", FINDINGS, None, ZH)
    parts = parts_of(back)
    assert not [name for name, text in parts.items() if "x.example" in text or "<f>" in text or "externalLink" in name + text]
    assert not [name for name, text in parts.items() if "[1]" in text or 'TargetMode="External"' in text]
    sheet = opened(back).worksheets[0]
    assert list(opened(back).defined_names) == ["Near"]
    assert [rule.formula1 for rule in sheet.data_validations.dataValidation] == ['"甲,乙"']
    assert [rule.formula for place in sheet.conditional_formatting for rule in place.rules] == [["A1=1"]]


def test_a_report_that_comes_back_mended_has_one_list_and_four_columns():
    first = returned_workbook(
        own_workbook(), "三月.xlsx", [finding("R03", 4, "支出金额"), finding("W01", 5, "支出金额")], "执行数", Words("en")
    )
    second = opened(returned_workbook(first, "三月.xlsx", [finding("R01", 6, "项目编码")], "执行数", ZH))
    assert second.sheetnames == ["执行数", "问题清单", "说明页"]
    assert [row[4:] for row in values(second["执行数"])[2:6]] == [
        HEADS,
        [None] * 4,
        [None] * 4,
        ["致命", "R01", "R01 的问题", "R01 的办法"],
    ]
    assert [row[0] for row in values(second["问题清单"])] == ["唯一标识", "R01-00000006"]


def test_a_sheet_of_the_senders_that_bears_the_lists_name_is_kept():
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["项目编码", "月份", "支出金额"])
    book.create_sheet("问题清单")["A1"] = "自己的"
    book.save(content)
    back = opened(returned_workbook(content.getvalue(), "x", FINDINGS, None, ZH))
    assert back.sheetnames == ["Sheet", "问题清单 (2)", "问题清单"]
    assert back["问题清单"]["A1"].value == "自己的"


@pytest.mark.parametrize("write", [own_book, write_plain], ids=["own", "plain"])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_becomes_a_formula_in_a_workbook(write, payload):
    book, sent = openpyxl.Workbook(), io.BytesIO()
    for row in (["项目编码", "月份", "支出金额", payload], [payload, "2025-03", 1, payload]):
        book.active.append(row)
        for cell in book.active[book.active.max_row]:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    book.save(sent)
    found = finding("W01", 2, payload, key=payload, value=payload, expected=payload, message=payload, fix=payload, answer=payload)
    content = write(sent.getvalue(), payload, [found], None, ZH)
    assert not [name for name, text in parts_of(content).items() if re.search(r"<f[ >]|<hyperlink", text)]
    first, second = opened(content).worksheets
    shown = {
        str(cell.value).replace("_x005F_", "_") for sheet in (first, second) for row in sheet.iter_rows() for cell in row if cell.value
    }
    assert payload in shown or payload.replace("\t", "") in shown
    assert {cell.data_type for sheet in (first, second) for row in sheet.iter_rows() for cell in row if cell.value} <= {"s", "n"}


def test_control_characters_do_not_spoil_a_workbook():
    found = finding("W01", 2, message="a\x00b\x0bc\ufffed\ud800e\r\nf", fix="x" * 40_000)
    for content in (own_book(own_workbook(), "\x01", [found], None, ZH), write_plain(SENT.encode(), "\x01", [found], None, ZH)):
        row = values(opened(content)["问题清单"])[1]
        assert row[8] == "abcde\nf"
        assert len(row[9]) < 32_767 and row[9].endswith("…")


# The list.


@pytest.mark.parametrize("content", [own_workbook(), SENT.encode()], ids=["own", "plain"])
def test_the_list_names_every_finding_the_gravest_first(content):
    found = [*FINDINGS, finding("W05", 4, "支出金额", value="9", expected="8", difference="1", reason_code="one_off", answer="合同约定")]
    sheet = opened(returned_workbook(content, "三月", found, None, ZH))["问题清单"]
    assert values(sheet) == [
        LIST_HEADS,
        ["R03-00000005", "致命", "R03", 5, "支出金额", None, None, None, "R03 的问题", "R03 的办法", None, None],
        ["W01-00000004", "需确认", "W01", 4, "支出金额", None, None, None, "W01 的问题", "W01 的办法", None, None],
        ["W05-00000004", "需确认", "W05", 4, "支出金额", "9", "8", "1", "W05 的问题", "W05 的办法", "一次性支付", "合同约定"],
        ["W07-00000000", "需确认", "W07", None, None, None, None, None, "W07 的问题", "W07 的办法", None, None],
        ["M02-00000005", "提示", "M02", 5, "项目编码", None, None, None, "M02 的问题", "M02 的办法", None, None],
    ]
    assert [colour(sheet.cell(row, 2)) for row in range(2, 7)] == [RED, AMBER, AMBER, AMBER, BLUE]
    assert (sheet.freeze_panes, sheet.page_setup.orientation, sheet.print_title_rows) == ("B2", "landscape", "$1:$1")
    assert sheet.column_dimensions["L"].width >= 20


@pytest.mark.parametrize("content", [own_workbook(), SENT.encode()], ids=["own", "plain"])
def test_each_question_offers_the_reasons_of_its_rule(content):
    found = [*FINDINGS, finding("W01", 6, "支出金额"), finding("W08", 6)]
    sheet = opened(returned_workbook(content, "三月", found, None, ZH))["问题清单"]
    offered = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert offered == {
        "K3:K4": '"冲销,退款,其他（须说明）"',
        "K5": '"本月确无支出,以后补报,其他（须说明）"',
        "K6": '"名称为简写,项目已更名,其他（须说明）"',
    }
    assert all(rule.showErrorMessage for rule in sheet.data_validations.dataValidation)


def test_the_list_as_csv_says_the_same():
    rows = rows_of(list_csv(FINDINGS, ZH))
    assert rows[:2] == [LIST_HEADS, ["R03-00000005", "致命", "R03", "5", "支出金额", "", "", "", "R03 的问题", "R03 的办法", "", ""]]
    assert [row[0] for row in rows[1:]] == ["R03-00000005", "W01-00000004", "W07-00000000", "M02-00000005"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_cell_of_the_list_as_csv_becomes_a_formula(payload):
    found = finding(
        "W01", 2, payload, key=payload, value=payload, expected=payload, difference=payload, message=payload, fix=payload, answer=payload
    )
    row = rows_of(list_csv([found], ZH))[1]
    assert not [cell for cell in row if cell[:1] in ("=", "+", "-", "@", "＝", "\t")]


# Any other file comes back as a table of text.


def test_a_csv_as_a_workbook_keeps_its_codes_as_text_in_their_own_rows():
    sheet = opened(returned_workbook(SENT.encode(), "三月.csv", FINDINGS, None, ZH)).worksheets[0]
    assert values(sheet)[2:5] == [
        ["项目编码", "月份", "支出金额", *HEADS],
        ["A1", "2025-03", "-5", "需确认", "W01", "W01 的问题", "W01 的办法"],
        ["007", "2025-03", "abc", "致命\n提示", "R03\nM02", "R03 的问题\nM02 的问题", "R03 的办法\nM02 的办法"],
    ]
    assert (sheet["A5"].number_format, sheet["A5"].data_type) == ("@", "s")
    assert [colour(sheet.cell(5, column)) for column in range(1, 5)] == [BLUE, None, RED, RED]


@pytest.mark.parametrize("form", ["ods", "txt", "docx"])
def test_other_kinds_of_files_come_back_as_tables(form):
    content = PLAN.with_suffix(".docx").read_bytes() if form == "docx" else PLAN.read_bytes()
    if form == "ods":
        content = ods([["项目编码", "月份", "支出金额"], ["007", "2025-03", "5"]])
    table = read_tables(content).tables[0]
    book = opened(returned_workbook(content, f"x.{form}", [finding("R03", table.numbers[1])], None, ZH))
    sheet = book.worksheets[0]
    assert [sheet.cell(table.numbers[1], column + 1).value or "" for column in range(len(table.rows[1]))] == table.rows[1]
    assert "R03 的问题" in [cell.value for cell in sheet[table.numbers[1]]]
    assert book.sheetnames[-1] == "问题清单"


def ods(rows: list[list[str]]) -> bytes:
    """A small OpenDocument table."""
    space = "urn:oasis:names:tc:opendocument:xmlns"
    cells = [[f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row] for row in rows]
    lines = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in cells)
    body = (
        f'<office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="表">{lines}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", body)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return content.getvalue()


def test_of_more_rows_than_a_sheet_holds_only_the_faulty_ones_come_back(monkeypatch):
    monkeypatch.setattr(returned, "MOST_ROWS", 5)
    assert len(values(opened(write_plain(SENT.encode(), "x", [], None, ZH)).worksheets[0])) == 2
    sheet = opened(write_plain(SENT.encode(), "x", FINDINGS, None, ZH)).worksheets[0]
    assert [row[:5] for row in values(sheet)[1:]] == [
        ["行号", "项目编码", "月份", "支出金额", "级别"],
        ["4", "A1", "2025-03", "-5", "需确认"],
        ["5", "007", "2025-03", "abc", "致命\n提示"],
    ]
    assert sheet["A1"].value.startswith("原文件到第 6 行")


def test_a_workbook_of_many_rows_is_written_in_little_memory():
    def peak(count: int) -> int:
        rows = (
            (number, ["13020225P00781710002T", "2025-03", "1"] if number > 1 else ["项目编码", "月份", "支出金额"])
            for number in range(1, count)
        )
        sent = Sent("", 1, ["项目编码", "月份", "支出金额"], 3, count, lambda: rows)
        tracemalloc.start()
        plain_book(sent, "x", FINDINGS, ZH)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(20_000) < peak(1_000) + 3 * 2**20


# Whatever is sent, something comes back.


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"%PDF-1.7", own_workbook()[:-400], b"\xd0\xcf\x11\xe0" + bytes(600), b"\x00" * 50, PLAN.read_bytes()[:5001]],
    ids=["empty", "zip", "pdf", "cut", "xls", "nul", "text"],
)
def test_a_file_that_cannot_be_read_comes_back_as_its_list(content):
    book = opened(returned_workbook(content, "坏的", FINDINGS, None, ZH))
    assert [row[0] for row in values(book["问题清单"])] == ["唯一标识", "R03-00000005", "W01-00000004", "W07-00000000", "M02-00000005"]
    assert returned_csv(content, FINDINGS, ZH).startswith(codecs.BOM_UTF8)


def test_what_is_no_text_is_not_taken_for_a_table():
    for content in (b"%PDF-1.7\nplain", b"\x89PNG\r\n\x1a\n", bytes(50)):
        assert opened(returned_workbook(content, "坏的", FINDINGS, None, ZH)).sheetnames == ["问题清单"]
        assert returned_csv(content, FINDINGS, ZH) == list_csv(FINDINGS, ZH)


@pytest.mark.parametrize("limit", ["OWN_AT_MOST", "OWN_UNPACKED", "OWN_BYTES", "OWN_SECONDS"])
def test_a_workbook_too_large_to_be_opened_whole_comes_back_as_text(monkeypatch, limit):
    monkeypatch.setattr(returned, limit, 0.01 if limit == "OWN_SECONDS" else 1)
    content = own_workbook()
    if limit == "OWN_BYTES":
        # What the process holds already may have room left, but not for so many cells.
        book, saved = openpyxl.load_workbook(io.BytesIO(content)), io.BytesIO()
        for number in range(40_000):
            book["执行数"].append([f"{number:021d}", "会议费", number])
        book.save(saved)
        content = saved.getvalue()
    book = opened(returned_workbook(content, "大", [finding("R03", 5, "支出金额")], "执行数", ZH))
    assert book.sheetnames == ["执行数", "问题清单"]
    assert values(book["执行数"])[4] == [
        "00700000000000000002T",
        "会议费",
        "2025-03-01",
        "-100.25",
        "致命",
        "R03",
        "R03 的问题",
        "R03 的办法",
    ]


def test_where_nothing_can_be_read_in_time_the_list_comes_back_alone(monkeypatch):
    monkeypatch.setattr(returned, "OWN_SECONDS", 0.01)
    monkeypatch.setattr(returned, "PLAIN_SECONDS", 0.01)
    assert opened(returned_workbook(own_workbook(), "慢", FINDINGS, None, ZH)).sheetnames == ["问题清单"]


def test_a_sheet_is_taken_by_its_name_else_by_its_header():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.add_worksheet("封面").write_string(0, 0, "封面")
        for name in ("一月", "二月"):
            book.add_worksheet(name).write_row(0, 0, ["项目编码", "月份", "支出金额"])
    for sheet, expected in ((None, "一月"), ("二月", "二月"), ("没有", "一月")):
        back = opened(returned_workbook(content.getvalue(), "x", [finding("R03", 2)], sheet, ZH))
        assert [page.title for page in back if page["D1"].value == "级别"] == [expected]
        assert sent_table(content.getvalue(), sheet).name == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_appended_headings_are_told_in_either_language(language):
    assert marked.already_beside(["项目编码", *marked.beside_heads(Words(language))])
    assert tuple(head.lower() for head in marked.beside_heads(Words(language))) in APPENDED
    assert not marked.already_beside(["级别", "规则", "怎么改", "问题"])


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("问题清单", [], "问题清单"),
        ("A", ["a"], "A (2)"),
        ("a/b:c", [], "abc"),
        ("'x'", [], "x"),
        ("", [], "1"),
        ("长" * 50, [], "长" * 26),
    ],
)
def test_a_sheet_gets_a_name_that_a_spreadsheet_takes(name, taken, expected):
    assert marked.sheet_name(name, taken) == expected


def test_a_row_is_as_high_as_its_longest_cell():
    assert marked.height(["一", "two"], [8, 8]) is None
    assert marked.height(["一\n二\n三"], [8]) == 45
    assert marked.height(["字" * 20], [21]) == 30
    assert marked.height(["x" * 30_000], [8]) == 405


def test_the_font_of_the_sender_is_kept_on_a_coloured_cell():
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["项目编码", "月份", "支出金额"])
    book.active.append(["A1", "2025-03", 5])
    book.active["C2"].font = Font(name="仿宋", size=13)
    book.active["C2"].number_format = "0.000"
    book.save(content)
    cell = opened(returned_workbook(content.getvalue(), "x", [finding("R03", 2, "支出金额")], None, ZH)).worksheets[0]["C2"]
    assert (cell.font.name, cell.font.sz, cell.number_format, cell.value, colour(cell)) == ("仿宋", 13, "0.000", 5, RED)
