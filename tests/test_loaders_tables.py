"""Files of any dress become tables of text; whatever cannot be read is refused with its code."""

import csv
import io
import re
import zipfile
from datetime import date, datetime

import docx
import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from data.samples import PLAN
from loaders import arrays, limits
from loaders.files import read_file
from loaders.problems import LoadError
from loaders.tables import read_tables

CODE = "13020225P00781710002T"
ROWS = [["项目编码", "月份", "支出金额"], [CODE, "2025-03", "1200.50"]]
TEXT = "项目编码,月份,支出金额\r\n13020225P00781710002T,2025-03,1200.50\r\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
DOC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le") + bytes(512)
WORD = PLAN.with_suffix(".docx").read_bytes()


def rows_of(content: bytes) -> list[list[str]]:
    return read_tables(content).tables[0].rows


def refusal(content: bytes) -> tuple[str, str | None]:
    """Code and reason with which the whole file is refused, through the door that pages use."""
    with pytest.raises(LoadError) as caught:
        read_tables(content)
    reading = read_file(content)
    assert reading.problems == [caught.value.problem]
    assert (reading.recognised, reading.rows) == (None, [])
    return caught.value.problem.code, caught.value.problem.facts.get("why")


def remark(content: bytes) -> list[tuple[str, str | None, str]]:
    return [(problem.code, problem.value, problem.facts["why"]) for problem in read_tables(content).problems]


def by_openpyxl(rows: list[list[object]]) -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


def by_xlsxwriter(rows: list[list[object]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()


def packed(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), member)
    return content.getvalue()


def with_member(content: bytes, name: str, member: bytes) -> bytes:
    """The same archive with one member replaced."""
    old, new = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(new, "w") as archive:
        for entry in old.infolist():
            archive.writestr(entry.filename, member if entry.filename == name else old.read(entry.filename))
    return new.getvalue()


def declaring(size: int) -> bytes:
    """A workbook whose archive says that one member unpacks to so many bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.filelist[0].file_size = size
    return content.getvalue()


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", []),
        ("utf-8-sig", []),
        ("gb18030", [("M02", "GB18030", "encoding")]),
        ("gbk", [("M02", "GB18030", "encoding")]),
        ("utf-16", [("M02", "UTF-16", "encoding")]),
    ],
)
def test_every_encoding_gives_the_same_rows_and_is_reported(encoding, told):
    assert rows_of(TEXT.encode(encoding)) == ROWS
    assert remark(TEXT.encode(encoding)) == told


def test_both_byte_orders_of_utf_16_are_read():
    assert rows_of(b"\xff\xfe" + TEXT.encode("utf-16-le")) == rows_of(b"\xfe\xff" + TEXT.encode("utf-16-be")) == ROWS


def test_a_rare_name_in_gb18030_is_read():
    assert rows_of("项目名称,支出金额\n㐀𠀀镕,1\n".encode("gb18030"))[1] == ["㐀𠀀镕", "1"]


@pytest.mark.parametrize(("sign", "name"), [("\t", "Tab"), (";", ";")])
def test_tabs_and_semicolons_separate_and_are_reported(sign, name):
    content = TEXT.replace(",", sign).encode()
    assert rows_of(content) == ROWS
    assert remark(content) == [("M02", name, "separator")]


def test_a_semicolon_inside_a_comma_file_is_text():
    assert rows_of(b"a,b\n1;2,3\n")[1] == ["1;2", "3"]


def test_a_quoted_field_may_hold_separators_quotes_and_line_breaks():
    assert rows_of('项目编码,备注\n1,"第一行\n第二行, 又说""好"""\n2,x\n'.encode())[1:] == [["1", '第一行\n第二行, 又说"好"'], ["2", "x"]]


def test_a_table_that_is_read_in_many_pieces_is_what_the_whole_is(monkeypatch):
    words = ["", "甲乙", "x" * 40, "1,5", "第一行\n第二行", '说"好"', " 空 ", "㐀𠀀"]
    rows = [[str(number), words[number % 8], words[number * 5 % 7], "" if number % 3 else words[number % 5]] for number in range(500)]
    content = io.StringIO()
    csv.writer(content).writerows(rows)
    for block in (arrays.BLOCK, 4096, 256):
        monkeypatch.setattr(arrays, "BLOCK", block)
        assert rows_of(content.getvalue().encode()) == rows


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_ending_is_read(end):
    assert rows_of(TEXT.replace("\r\n", end).encode()) == ROWS


def test_rows_keep_the_numbers_of_the_senders_file():
    table = read_tables("支出表\n\n,,\n项目编码,月份\n1,2\n\n3,4\n".encode()).tables[0]
    assert table.rows == [["支出表"], ["项目编码", "月份"], ["1", "2"], ["3", "4"]]
    assert table.numbers == [1, 4, 5, 7]


@pytest.mark.parametrize("make", [by_openpyxl, by_xlsxwriter])
def test_a_workbook_gives_text_with_the_numbers_of_its_rows(make):
    table = read_tables(make([["支出表"], [], ROWS[0], [CODE, 45717, 1200.5], [CODE, "2025-04", 3]])).tables[0]
    assert table.numbers == [1, 3, 4, 5]
    assert [row[:3] for row in table.rows[1:]] == [ROWS[0], [CODE, "45717", "1200.5"], [CODE, "2025-04", "3"]]


def test_a_float_of_a_workbook_is_its_shortest_text():
    assert rows_of(by_openpyxl([[0.25, 1234567.89, 0.07, 1e14, -3.0]])) == [["0.25", "1234567.89", "0.07", "100000000000000", "-3"]]


def test_a_sum_that_excel_stored_with_17_digits_is_the_amount_that_it_shows():
    name = "xl/worksheets/sheet1.xml"
    plain = by_openpyxl([ROWS[0], [CODE, "2025-03", 0.25]])
    sheet = zipfile.ZipFile(io.BytesIO(plain)).read(name)
    reading = read_file(with_member(plain, name, sheet.replace(b"<v>0.25</v>", b"<v>0.30000000000000004</v>")))
    assert [str(row["amount"]) for row in reading.rows] == ["0.30"]


def test_a_date_of_a_workbook_is_its_day():
    assert rows_of(by_openpyxl([["月份", "日"], [date(2025, 3, 31), datetime(2025, 4, 1, 8, 30)]]))[1] == ["2025-03-31", "2025-04-01"]


def test_a_workbook_gives_every_sheet_that_holds_anything():
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "空"
    book.create_sheet("数据").append(["项目编码", "月份"])
    book.save(content)
    assert [(table.name, table.rows) for table in read_tables(content.getvalue()).tables] == [("数据", [["项目编码", "月份"]])]


def test_a_word_document_gives_its_tables():
    document, content = docx.Document(), io.BytesIO()
    table = document.add_table(rows=3, cols=2)
    for row, texts in zip(table.rows, (("一级", "二级"), ("产出", "数量"), ("", "质量")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    document.save(content)
    assert [[cell.strip() for cell in row] for row in rows_of(content.getvalue())] == [["一级", "二级"], ["产出", "数量"], ["", "质量"]]


def test_a_converters_text_is_one_cell_a_line_and_noise_is_passed_over():
    text = "\t项目编码\n\tX1\n\n[bookmark: a]\nEvaluation Warning: Spire.Doc\n\t323001本级\n\t单位：万元\n" + "\t甲\n\t\n\t乙\n\n" * 4
    found = read_tables(text.encode())
    assert found.form == "text"
    assert found.tables[0].rows == [["项目编码", "X1"], ["323001本级"], ["单位：万元", "甲", "", "乙"], *[["甲", "", "乙"]] * 3]
    assert found.tables[0].numbers == [1, 6, 7, 12, 16, 20]


@pytest.mark.parametrize("content", [b"", b"   \r\n\r\n", b"\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n", b"\xff\xfe"])
def test_an_empty_file_is_refused_as_empty(content):
    assert [problem.code for problem in read_file(content).problems if problem.level == "fatal"] == ["F01"]


def test_an_empty_workbook_is_refused_as_empty():
    assert [problem.code for problem in read_file(by_openpyxl([])).problems] == ["F01"]


@pytest.mark.parametrize(
    "content", [b"\x00" * 40, TEXT.encode().replace(b"2025", b"20\x0025"), TEXT.encode("utf-16-le"), TEXT.encode() + b"\x01"]
)
def test_control_bytes_are_refused(content):
    assert refusal(content)[0] == "F02"


def test_a_text_cut_inside_a_character_is_refused_with_its_line():
    content = (TEXT + "1,2025-03,高质量").encode()[:-1]
    assert refusal(content)[0] == "F02"
    assert read_file(content).problems[0].row == 3


def test_gb18030_cut_inside_a_character_is_refused():
    assert refusal((TEXT + "1,2025-03,高质量").encode("gb18030")[:-1])[0] == "F02"


def test_mixed_encodings_are_refused():
    assert refusal(TEXT.encode() + "1,2025-03,表彰\n".encode("gb18030"))[0] == "F02"


def test_a_file_that_begins_as_utf_8_with_bom_is_never_read_as_gb18030():
    assert refusal(b"\xef\xbb\xbfproject_code,month,amount,note\n1,2025-03,5," + "表彰".encode("gb18030"))[0] == "F02"


def test_utf_16_cut_inside_a_character_is_refused():
    assert refusal(TEXT.encode("utf-16")[:-1])[0] == "F02"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "PNG"),
        (b"\xff\xd8\xff\xe0" + bytes(64), "JPEG"),
        (b"GIF89a" + bytes(64), "GIF"),
        (b"\x1f\x8b\x08" + bytes(64), "gzip"),
        (b"Rar!\x1a\x07" + bytes(64), "RAR"),
        (b"{\\rtf1 x}", "RTF"),
    ],
)
def test_what_is_no_table_is_refused_by_its_name(content, kind):
    assert refusal(content) == ("F05", "kind")
    assert read_file(content).problems[0].value == kind


def test_a_seven_zip_archive_is_refused_by_its_name():
    assert refusal(b"7z\xbc\xaf\x27\x1c" + bytes(64)) == ("F05", "kind")


def test_an_old_word_file_is_told_apart_from_an_old_workbook():
    assert refusal(DOC)[0] == "F05" and refusal(DOC)[1] in ("doc", "converter")
    assert refusal(DOC[:512] + bytes(600)) == ("F05", "damaged")


@pytest.mark.parametrize("keep", [5, 40, 400, -30])
def test_a_damaged_archive_is_refused(keep):
    assert refusal(by_openpyxl(ROWS)[:keep]) == ("F05", "damaged")


@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_workbook_with_a_damaged_member_is_refused(name):
    assert refusal(with_member(by_openpyxl(ROWS), name, b"<broken"))[0] == "F05"


@pytest.mark.parametrize(
    ("name", "member"), [("word/document.xml", b""), ("word/document.xml", b"<broken"), ("[Content_Types].xml", b"\xff")]
)
def test_a_word_document_with_a_damaged_member_is_refused(name, member):
    assert refusal(with_member(WORD, name, member)) == ("F05", "damaged")


def test_a_word_document_with_flipped_bytes_is_refused():
    place = WORD.index(b"word/document.xml") + 200
    assert refusal(WORD[:place] + bytes(byte ^ 0xFF for byte in WORD[place : place + 40]) + WORD[place + 40 :]) == ("F05", "damaged")


def test_an_archive_that_is_no_office_file_is_refused():
    assert refusal(packed(a_dot_csv=TEXT.encode())) == ("F05", "kind")


def test_a_file_with_macros_is_refused():
    assert refusal(packed(xl__workbook_dot_xml=b"<x/>", xl__vbaProject_dot_bin=b"x")) == ("F05", "macro")


def test_a_zip_bomb_is_refused_by_its_declared_size():
    assert refusal(declaring(limits.LARGEST_UNPACKED + 1)) == ("F05", "large")
    assert refusal(declaring(1000)) == ("F05", "damaged")


def test_an_archive_of_too_many_members_is_refused():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for number in range(limits.MOST_MEMBERS + 1):
            archive.writestr(str(number), b"")
    assert refusal(content.getvalue()) == ("F05", "large")


def test_a_thousand_columns_are_refused_and_two_hundred_read():
    assert refusal(",".join(f"c{n}" for n in range(1000)).encode()) == ("F05", "wide")
    assert refusal(by_openpyxl([list(range(1000))])) == ("F05", "wide")
    assert len(rows_of(",".join(f"c{n}" for n in range(200)).encode())[0]) == 200


def test_an_endless_line_is_refused():
    assert refusal(b"a,b\n" + b"x" * (limits.LONGEST_LINE + 1)) == ("F05", "line")


def test_a_field_of_more_than_a_cell_may_hold_never_raises():
    assert [problem.code for problem in read_file(b"a,b\n" + b"x" * 200_000 + b",1\n").problems] == ["F04"]


def test_an_unclosed_quote_is_refused_with_its_line():
    assert refusal(f'{TEXT}{CODE},2025-04,"5\n'.encode()) == ("F04", "quote")
    assert read_file(f'{TEXT}{CODE},2025-04,"5\n'.encode()).problems[0].row == 3


@pytest.mark.parametrize(("row", "cells"), [(f"{CODE},2025-04,1,234.56", 4), (f"{CODE},2025-04", 2)])
def test_a_ragged_row_is_found_with_its_number_and_the_others_are_read(row, cells):
    reading = read_file(f"{TEXT}{row}\r\n{CODE},2025-05,7\r\n".encode())
    assert [(p.code, p.row, p.facts) for p in reading.problems] == [("F04", 3, {"why": "ragged", "cells": cells, "headings": 3})]
    assert [found["row"] for found in reading.rows] == [2, 4]


def test_a_header_alone_is_refused_as_empty():
    assert [problem.code for problem in read_file(TEXT.splitlines()[0].encode()).problems] == ["F01"]
    assert [problem.code for problem in read_file(by_openpyxl(ROWS[:1])).problems] == ["F01"]


@pytest.mark.parametrize("content", [b"hello", b"a,b\n1,2\n", b'{"a": 1}', by_openpyxl([["a", "b"], [1, 2]])])
def test_a_table_of_something_else_is_refused_as_unknown(content):
    assert [problem.code for problem in read_file(content).problems] == ["F06"]


@settings(max_examples=150, deadline=None, database=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", TEXT.encode(), b"PK\x03\x04", b"\xd0\xcf\x11\xe0"]))
def test_no_bytes_ever_raise(content, start):
    reading = read_file(start + content)
    assert reading.rows or reading.problems


@settings(max_examples=100, deadline=None, database=None)
@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12), min_size=3, max_size=3), max_size=4))
def test_no_cells_ever_raise(rows):
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [ROWS[0], *rows]]
    reading = read_file("\n".join(lines).encode())
    assert reading.rows or reading.problems


def test_a_long_document_of_one_cell_a_line_is_read_to_its_end():
    block = "323001本级\n\t项目编码\n\t{code}\n\t项目名称\n\t" + "甲" * 4000 + "\n\n"
    text = "".join(block.format(code=f"C{number:03}").replace("323001", "\t323001") for number in range(120))
    assert len(text.encode()) > 2**20
    tables = read_tables(text.encode())
    cells = [cell.strip() for row in tables.tables[0].rows for cell in row]
    assert tables.form == "text"
    assert [cell for cell in cells if re.fullmatch(r"C\d{3}", cell)] == [f"C{number:03}" for number in range(120)]
