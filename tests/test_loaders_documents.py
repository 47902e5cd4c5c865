"""Word documents, old and new, give the tables that a reader sees; text left by converters gives them back."""

import io
import os
import shutil
import stat
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm

from data.samples import PLAN
from loaders import documents
from loaders.files import read_file
from loaders.problems import LoadError
from loaders.tables import read_tables
from tests.dress import GOLDEN, as_text, as_word, grid, hebei

WORD = PLAN.with_suffix(".docx").read_bytes()
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le") + bytes(512)
A = GOLDEN[0]["project_code"]


def saved(document) -> bytes:
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def table_of(document, rows: list[list[str]]):
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return table


def rows_of(document) -> list[list[list[str]]]:
    return [table.rows for table in read_tables(saved(document)).tables]


def codes_of(content: bytes) -> list[str]:
    return [row["project_code"] for row in read_file(content).rows]


def test_a_cell_merged_sideways_or_downwards_is_its_text_once():
    document = docx.Document()
    table = table_of(document, [["甲", "", "丙"], ["丁", "戊", ""], ["", "己", "庚"]])
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(1, 2).merge(table.cell(2, 2))
    assert [[cell.strip() for cell in row] for row in rows_of(document)[0]] == [["甲", "", "丙"], ["丁", "戊", "庚"], ["", "己", ""]]


def test_columns_drawn_a_hair_apart_are_one():
    document = docx.Document()
    table = table_of(document, [["一级", "二级", "", "指标值"], ["产出", "", "数量", "5"]])
    for column, width in zip(table.columns, (4, 0.1, 4, 4), strict=True):
        column.width = Cm(width)
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(1, 0).merge(table.cell(1, 1))
    assert [[cell.strip() for cell in row] for row in rows_of(document)[0]] == [["一级", "二级", "指标值"], ["产出", "数量", "5"]]


def test_a_nested_table_follows_the_row_that_holds_it():
    document = docx.Document()
    table = table_of(document, [["外一", ""], ["外二", ""]])
    inner = table.cell(0, 1).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "内一", "内二"
    assert [[cell.strip() for cell in row] for row in rows_of(document)[0]] == [["外一", ""], ["内一", "内二"], ["外二", ""]]


def test_a_form_inside_the_one_cell_of_a_frame_is_read():
    document = docx.Document()
    frame = document.add_table(rows=1, cols=1).cell(0, 0)
    lines = grid(hebei(GOLDEN[0]))
    inner = frame.add_table(rows=len(lines), cols=len(lines[0]))
    for row, texts in zip(inner.rows, lines, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    assert codes_of(saved(document)) == [A]


def test_what_was_deleted_in_track_changes_is_gone_and_what_was_inserted_stands():
    document = docx.Document()
    table = table_of(document, [["项目编码", A], ["预算数", ""], ["作废", "作废"]])
    paragraph = table.cell(1, 1).paragraphs[0]._p
    for name, text in (("w:del", "99.00"), ("w:ins", "26.00")):
        change = OxmlElement(name)
        run = OxmlElement("w:r")
        inner = OxmlElement("w:delText" if name == "w:del" else "w:t")
        inner.text = text
        run.append(inner)
        change.append(run)
        paragraph.append(change)
    properties = OxmlElement("w:trPr")
    properties.append(OxmlElement("w:del"))
    table.rows[2]._tr.insert(0, properties)
    assert rows_of(document) == [[["项目编码", A], ["预算数", "26.00"]]]


def test_text_boxes_headers_and_footers_are_left_out():
    document = docx.Document()
    table = table_of(document, [["预算数", "26.00"]])
    box = f"""<w:r {nsdecls("w")}><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent>
        <w:p><w:r><w:t>文本框 99.00</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"""
    table.cell(0, 1).paragraphs[0]._p.append(parse_xml(box))
    document.sections[0].header.paragraphs[0].text = "页眉 项目编码"
    document.sections[0].footer.paragraphs[0].text = "页脚"
    found = read_tables(saved(document))
    assert [table.rows for table in found.tables] == [[["预算数", "26.00"]]]
    assert "页" not in found.text and "99" not in found.text


def test_a_table_in_a_content_control_is_read():
    document = docx.Document()
    table = table_of(document, [["项目编码", A]])._tbl
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    table.getparent().replace(table, control)
    control.append(content)
    content.append(table)
    assert rows_of(document) == [[["项目编码", A]]]


def test_tabs_and_line_breaks_of_a_cell_are_kept():
    document = docx.Document()
    table_of(document, [["项目\n编码", "甲\t乙"]])
    assert rows_of(document) == [[["项目\n编码", "甲\t乙"]]]


def test_the_document_may_lie_under_another_name_in_its_package():
    old, new = zipfile.ZipFile(io.BytesIO(WORD)), io.BytesIO()
    with zipfile.ZipFile(new, "w") as archive:
        for entry in old.infolist():
            name = entry.filename.replace("word/document.xml", "word/document2.xml")
            archive.writestr(name, old.read(entry.filename).replace(b"word/document.xml", b"word/document2.xml"))
    assert len(codes_of(new.getvalue())) == 16


def test_a_form_cut_over_two_word_tables_is_one_project():
    lines = grid(hebei(GOLDEN[0]))
    for head in ([], [lines[7]]):
        document = docx.Document()
        table_of(document, lines[:11])
        document.add_paragraph("")
        table_of(document, [*head, *lines[11:]])
        reading = read_file(saved(document))
        assert ([(row["project_code"], len(row["indicators"])) for row in reading.rows], reading.problems) == ([(A, 9)], [])


def test_entities_are_not_expanded():
    bomb = (
        b'<!DOCTYPE x [<!ENTITY a "'
        + b"z" * 1000
        + b'"><!ENTITY b "'
        + b"&a;" * 1000
        + b'">]><w:document xmlns:w="w"><w:body>&b;</w:body></w:document>'
    )
    new = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WORD)) as old, zipfile.ZipFile(new, "w") as archive:
        for entry in old.infolist():
            archive.writestr(entry.filename, bomb if entry.filename == "word/document.xml" else old.read(entry.filename))
    reading = read_file(new.getvalue())
    assert (reading.recognised, reading.rows) == (None, [])


def test_a_document_that_unpacks_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(documents, "LARGEST_PART", 1000)
    assert [(p.code, p.facts["why"]) for p in read_file(WORD).problems] == [("F05", "large")]


def test_a_locked_office_file_is_refused_with_its_own_sentence():
    locked = OLD.replace("WordDocument".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le"))
    assert [(p.code, p.facts["why"]) for p in read_file(locked).problems] == [("F05", "password")]


def office(folder: Path, does: str) -> None:
    """A program named soffice that notes its arguments and then does as told; `$folder` is where it is to write."""
    program = folder / "soffice"
    lines = ["#!/bin/sh", f'echo "$@" > "{folder}/asked"', 'while [ "$1" != --outdir ]; do shift; done', 'folder="$2"', does]
    program.write_text("\n".join(lines))
    program.chmod(program.stat().st_mode | stat.S_IEXEC)


def test_an_old_word_file_is_converted_by_the_office_program_of_the_machine(tmp_path, monkeypatch):
    (tmp_path / "new.docx").write_bytes(WORD)
    office(tmp_path, f'cp "{tmp_path}/new.docx" "$folder/old.docx"')
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert len(codes_of(OLD)) == 16
    asked = (tmp_path / "asked").read_text()
    assert "--headless" in asked and "-env:UserInstallation=file://" in asked
    assert not Path(asked.split("--outdir ")[1].split()[0]).exists()


@pytest.mark.parametrize("does", ["exit 1", "sleep 60"])
def test_a_conversion_that_fails_or_never_ends_is_refused(tmp_path, monkeypatch, does):
    office(tmp_path, does)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(documents, "MOST_SECONDS", 1)
    assert [(p.code, p.value, p.facts["why"]) for p in read_file(OLD).problems] == [("F05", ".doc", "converter")]


def test_without_an_office_program_an_old_word_file_is_refused_with_the_way_out(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(LoadError) as caught:
        read_tables(OLD)
    assert (caught.value.problem.value, caught.value.problem.facts) == (".doc", {"why": "doc"})


# Text that converters leave.


def as_bars(lines: list[list[str]]) -> str:
    rule = "|" + "---|" * len(lines[0])
    return (
        "\n".join([*("| " + " | ".join(cell.replace("\n", "<br>") for cell in line) + " |" for line in lines[:1]), rule])
        + "\n"
        + "\n".join("| " + " | ".join(cell.replace("\n", "<br>") for cell in line) + " |" for line in lines[1:])
    )


@pytest.mark.parametrize(
    "dress",
    [
        lambda lines: "\n".join("\t".join(line) for line in lines),
        lambda lines: "\n".join("\t" + "\t".join(line) for line in lines),
        as_bars,
        lambda lines: as_bars(lines).replace("|", "│"),
        lambda lines: as_bars(lines).replace("|", "｜"),
    ],
    ids=["tabs", "led tabs", "bars", "drawn bars", "wide bars"],
)
def test_cells_between_tabs_or_bars_are_told_apart(dress):
    text = "第一部分 绩效目标\n\n" + "\n\n".join(dress(grid(hebei(project))) for project in GOLDEN[:3])
    reading = read_file(text.encode())
    assert [(row["project_code"], row["budget"], len(row["indicators"])) for row in reading.rows] == [
        (project["project_code"], int(float(project["budget"])), 9) for project in GOLDEN[:3]
    ]
    assert reading.problems == []


def test_a_label_broken_over_lines_is_one_cell():
    text = as_text([hebei(GOLDEN[0])])
    broken = text.replace("\t项目编码\n", "\t项目\n编码\n").replace("\t预算规模及资金用途\n", "\t预算规模\n及资金用途\n")
    assert broken != text
    assert read_file(broken.encode()).rows[0]["budget"] == 260_000


def test_a_title_right_below_a_cell_is_no_part_of_it():
    text = as_text([hebei(GOLDEN[0])]).rstrip("\n") + "\n2.河北省机关事业单位工资管理信息系统经费绩效目标表\n" + as_text([hebei(GOLDEN[1])])
    assert [row["indicators"][-1]["basis"] for row in read_file(text.encode()).rows] == ["按照每年支出情况测算", "冀人社字【2022】74号"]


def test_word_tables_drawn_here_say_what_the_golden_file_says():
    reading = read_file(as_word([hebei(project) for project in GOLDEN]))
    assert [(row["project_code"], f"{row['budget']:.2f}", row["goal"]) for row in reading.rows] == [
        (project["project_code"], project["budget"], project["goal"]) for project in GOLDEN
    ]


@pytest.mark.skipif(not (shutil.which("soffice") or os.environ.get("CI")), reason="LibreOffice is not on this machine")
def test_an_old_word_file_of_a_real_office_program_says_what_the_golden_file_says(tmp_path):
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", home, "--headless", "--convert-to", "doc", "--outdir", str(tmp_path), str(PLAN.with_suffix(".docx"))]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    (made,) = tmp_path.glob("*.doc")
    assert made.read_bytes().startswith(b"\xd0\xcf\x11\xe0")
    reading = read_file(made.read_bytes())
    assert [(row["project_code"], str(row["budget"]), len(row["indicators"])) for row in reading.rows] == [
        (row["project_code"], row["budget"], len(row["indicators"])) for row in GOLDEN
    ]
    assert reading.problems == []
