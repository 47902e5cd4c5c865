"""Hostile and huge files are refused before they are unpacked, quickly and within little memory."""

import io
import json
import random
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path

import books
import pytest

from data.words import Words
from loaders.apart import SMALL_MEMORY
from loaders.compound import Compound
from loaders.files import Declared, read_file
from loaders.limits import LARGEST_UNPACKED
from loaders.packages import Package
from loaders.problems import LoadError

HERE = Path(__file__).resolve().parent.parent
HEADER = "项目编码,月份,支出金额\n".encode()
ROW = b"13020225P00781710002T,2025-03,5\n"
ONE = b'<row r="1"><c r="A1"><v>1</v></c></row>'
OPEN_ROW = '<table:table-row{}><table:table-cell{} office:value-type="float" office:value="1"/></table:table-row>'


def zipped(name: str, pieces: int, piece: bytes, size: int | None = None, checksum: int | None = None) -> bytes:
    """An archive of one member of many like pieces, which may lie about its size and checksum."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        with archive.open(name, "w", force_zip64=False) as member:
            for _ in range(pieces):
                member.write(piece)
        entry = archive.filelist[-1]
        entry.file_size = entry.file_size if size is None else size
        entry.CRC = entry.CRC if checksum is None else checksum
    return content.getvalue()


def raw_open(*rows: str) -> bytes:
    return books.raw_ods(f'<table:table table:name="S">{"".join(rows)}</table:table>')


def circle() -> bytes:
    """An .xls whose chain of sectors never ends."""
    content = bytearray(books.xls(s=[["x"] * 3] * 900))
    table = 512 + 512 * (int.from_bytes(content[48:52], "little") + 1)
    content[table + 4 * 20 : table + 4 * 21] = (3).to_bytes(4, "little")
    return bytes(content)


def area(rows: int, columns: int) -> bytes:
    """An .xls that says of its one cell that it spans so many."""
    said = b"\x00\x02\x0e\x00" + bytes(4) + rows.to_bytes(4, "little") + bytes(2) + columns.to_bytes(2, "little") + bytes(2)
    content = books.xls(s=[["x" * 20, 1.0]])
    place = content.index(b"\x04\x02")
    return content[:place] + said + content[place + len(said) :]


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><sst>&b;</sst>'
BOMBS = {
    "a zip bomb": (lambda: zipped("xl/worksheets/sheet1.xml", 1, bytes(2**20), LARGEST_UNPACKED + 1), "large"),
    "a zip bomb below the limit on size": (lambda: zipped("xl/worksheets/sheet1.xml", 20, bytes(2**20)), "large"),
    "a zip bomb that lies": (
        lambda: zipped("xl/worksheets/sheet1.xml", 30, bytes(2**20), 1000, zlib.crc32(bytes(1000))),
        "damaged",
    ),
    "entities that expand": (lambda: books.with_member(books.xlsx(["x"]), "xl/sharedStrings.xml", ENTITIES), "doctype"),
    "entities in the list of sheets": (lambda: books.with_member(books.xlsx(["x"]), "xl/workbook.xml", ENTITIES), "doctype"),
    "entities in utf-16": (
        lambda: books.with_member(books.xlsx(["x"]), "xl/sharedStrings.xml", ENTITIES.decode().encode("utf-16")),
        "doctype",
    ),
    "entities in an open document": (
        lambda: books.with_member(books.ods(s=[["x"]]), "content.xml", b"<!DOCTYPE x><x>spreadsheet</x>"),
        "doctype",
    ),
    "the last cell of all": (lambda: books.raw_sheet(ONE + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "wide"),
    "the last cell of all in other letters": (
        lambda: books.raw_sheet(ONE + b"<row r='1048576'><c r='xfd1048576'><v>1</v></c></row>"),
        "wide",
    ),
    "a far cell among few": (lambda: books.raw_sheet(ONE + b'<row r="1048576"><c r="GA1048576"><v>1</v></c></row>'), "sparse"),
    "a far cell first": (lambda: books.raw_sheet(b'<row r="1048576"><c r="Z1048576"><v>1</v></c></row>' + ONE), "sparse"),
    "sixteen thousand columns": (lambda: books.xlsx(list(range(16384))), "wide"),
    "hundreds of thousands of columns": (lambda: books.raw_sheet(b'<row r="1">' + b"<c><v>1</v></c>" * 300_000 + b"</row>"), "wide"),
    "columns without an end to their row": (lambda: books.raw_sheet(b'<row r="1">' + b"<c><v>1</v></c>" * 300 + b"</row>"), "wide"),
    "a cell repeated sideways": (lambda: raw_open(OPEN_ROW.format("", ' table:number-columns-repeated="16384"')), "wide"),
    "a row repeated downwards": (lambda: raw_open(OPEN_ROW.format(' table:number-rows-repeated="1048576"', "") * 40), "cells"),
    "rows and columns repeated": (
        lambda: raw_open(OPEN_ROW.format(' table:number-rows-repeated="1000000"', ' table:number-columns-repeated="20"')),
        "sparse",
    ),
    "an open document in an unknown encoding": (
        lambda: books.with_member(books.ods(s=[["x"]]), "content.xml", b'<?xml version="1.0" encoding="UTF-L"?><x/>'),
        "damaged",
    ),
    "an open document whose table never ends": (lambda: raw_open(OPEN_ROW.format("", ""), "<table:table>"), "damaged"),
    "an old workbook that is wide": (lambda: books.xls(s=[[1.0] * 300]), "wide"),
    "an old workbook that goes in circles": (circle, "damaged"),
    "an old workbook that claims an area": (lambda: area(2**31, 60000), "sparse"),
    "a password": (books.encrypted, "password"),
    "a password on an open document": (lambda: books.raw_ods("", "<manifest:encryption-data/>"), "password"),
    "a million columns of text": (lambda: b"a," * 1_000_000 + b"\n", "line"),
    "five thousand columns of text": (lambda: HEADER + b"a," * 5000 + b"\n", "wide"),
    "five thousand columns far below": (lambda: HEADER + ROW * 3000 + b"a," * 5000 + b"\n", "wide"),
    "a web page named .xls": (lambda: b"\xef\xbb\xbf\r\n<html><table><tr><td>1</td></tr></table></html>", "page"),
    "a web page in GBK": (lambda: "<HTML><TABLE><TR><TD>项目</TD></TR></TABLE>".encode("gb18030"), "page"),
    "an XML spreadsheet": (lambda: b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "page"),
    "a web archive": (lambda: b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n", "page"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_within_a_second(name):
    make, why = BOMBS[name]
    content = make()
    assert len(content) < 5 * 2**20
    started = time.process_time()
    reading = read_file(content)
    assert time.process_time() - started < 1
    assert [(problem.code, problem.facts.get("why")) for problem in reading.problems] == [("F05", why)]
    assert (reading.recognised, reading.rows) == (None, [])


HOSTILE = {
    "a zip bomb": (BOMBS["a zip bomb"][0], "F05"),
    "the last cell of all": (BOMBS["the last cell of all"][0], "F05"),
    "rows and columns repeated": (BOMBS["rows and columns repeated"][0], "F05"),
    "a million empty rows": (lambda: books.raw_sheet(b"<row>" + b"<c><v>1</v></c>" * 150 + b"</row>" + b"<row/>" * 1_000_000), "F05"),
    "a quote that is never closed": (lambda: HEADER + b'"' + b"x\n" * (2 * 2**20), "F04"),
    "a million short rows": (lambda: HEADER + b",\n" * 2**20, "F01"),
    "long cells": (lambda: HEADER + b"a" * 900_000 + b",2025-03,5\n" + b"(" * 900_000 + b",1,1\n", "F04"),
    "brackets": (lambda: b"(" * 100_000 + b"," + b"[" * 100_000 + b",x\n" + ROW * 10, "F06"),
    "totals without end": (lambda: HEADER + "合计,,1\n".encode() * 300_000, "F01"),
    "faults without end": (lambda: HEADER + b"X,y,z\n" * 300_000, "R05"),
    "mended cells without end": (lambda: HEADER + "x,2025-03,５\n".encode() * 200_000, "M02"),
}
MEASURE = """
import json, resource, sys
from pathlib import Path
from data.words import Words
from loaders.apart import read_apart
def used():
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    return now.ru_utime + now.ru_stime, now.ru_maxrss * 1024
read_apart(b"a,b")
idle, told = used()[1], {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    before = used()[0]
    codes = [problem.code for problem in read_apart(path.read_bytes(), seconds=100).problems]
    told[path.name] = (codes[0], used()[0] - before, used()[1] - idle)
print(json.dumps(told))
"""


def test_small_hostile_files_end_in_a_reading_within_ten_seconds_and_300_mb(tmp_path):
    """Seen from outside of the process that reads them; the memory is the most that any file before took, too."""
    for name, (make, _) in HOSTILE.items():
        (tmp_path / name).write_bytes(make())
        assert (tmp_path / name).stat().st_size < 5 * 2**20
    done = subprocess.run([sys.executable, "-c", MEASURE, str(tmp_path)], capture_output=True, cwd=HERE, check=True)
    told = json.loads(done.stdout)
    assert {name: code for name, (code, _, _) in told.items()} == {name: code for name, (_, code) in HOSTILE.items()}
    assert {name: seconds for name, (_, seconds, _) in told.items() if seconds > 10} == {}
    assert {name: memory for name, (_, _, memory) in told.items() if memory > SMALL_MEMORY} == {}


def test_a_line_of_a_hundred_megabytes_is_refused_before_it_is_looked_at():
    content = b"x" * (100 * 2**20)
    started = time.process_time()
    assert [(problem.code, problem.facts["why"]) for problem in read_file(content).problems] == [("F05", "line")]
    assert time.process_time() - started < 2


def test_a_cell_that_is_only_styled_is_no_cell():
    row = b"".join(b'<c r="%s1" t="inlineStr"><is><t>%s</t></is></c>' % pair for pair in ((b"A", b"a"), (b"B", b"b")))
    content = books.raw_sheet(b'<row r="1">' + row + b'</row><row r="1048576"><c r="XFD1048576" s="0"/></row>')
    assert [problem.code for problem in read_file(content).problems] == ["F06"]


def test_what_follows_the_rows_of_a_sheet_may_be_long():
    merged = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (number, number) for number in range(10, 200_000))
    content = books.with_sheet(
        books.xlsx(["项目编码", "月份", "支出金额"], ["A1", "2025-03", 5]),
        lambda xml: xml.replace(b"</sheetData>", b"</sheetData><mergeCells>" + merged + b"</mergeCells>"),
    )
    assert len(merged) > 4 * 2**20
    assert read_file(content).size == 1


def test_a_workbook_of_many_like_rows_is_no_bomb():
    data = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (number, number) for number in range(1, 60_000))
    content = books.raw_sheet(data)
    assert len(data) > 10 * len(content) / 2
    assert [problem.code for problem in read_file(content).problems] == ["F06"]


def test_a_member_is_never_unpacked_beyond_what_it_says():
    package = Package(zipped("a.xml", 100, bytes(2**20), size=1000))
    with pytest.raises(LoadError):
        sum(len(piece) for piece in package.pieces("a.xml"))


def test_a_member_with_a_wrong_checksum_is_damaged():
    content = bytearray(books.xlsx(["项目编码", "月份", "支出金额"], ["A1", "2025-03", 5]))
    package = Package(bytes(content))
    entry = package.members[books.SHEET]
    plain = package.read(books.SHEET).replace(b"<v>5</v>", b"<v>6</v>")
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = packer.compress(plain) + packer.flush()
    start = entry.header_offset + 30 + len(entry.filename)
    assert len(packed) == entry.compress_size
    content[start : start + len(packed)] = packed
    assert [problem.facts["why"] for problem in read_file(bytes(content)).problems] == ["damaged"]


def test_the_streams_of_an_old_workbook_are_found():
    stream = Compound(books.xls(s=[["x", 1.0]])).streams["Workbook"]
    assert stream.startswith(b"\x09\x08")
    assert len(Compound(books.xls(s=[["x" * 200, 1.0]] * 5000)).streams["Workbook"]) > 10**6


SEEDS = [
    f"支出表\n单位：万元\n项目编码,月份,支出金额\n{'X1,2025-03,5' + chr(10)}{'X2,1-3月,(6)' + chr(10) * 2}合计,,11\n".encode(),
    ("项目编码,1月,2月,合计\n" + "X1,5,6,11\n" * 30).encode("gb18030"),
    ("项目编码;月份;支出金额\n" + 'X1;2025-03;"1,5"\n' * 30).encode("utf-16"),
    books.xlsx(["项目编码", "月份", "支出金额"], ["X1", "2025-03", 1.005], formats={"C2": "0.00"}),
    books.xls(执行数=[["项目编码", "月份", "支出金额"], ["X1", "2025-03", "#REF!"]]),
    books.ods(执行数=[["项目编码", "月份", "支出金额"], ["X1", "2025-03", 5]]),
]


def mutated(content: bytes, chance: random.Random) -> bytes:
    """A file with a few bytes changed, lost, doubled or cut; of an archive often what a member holds."""
    if content.startswith(b"PK") and chance.random() < 0.7:
        name = chance.choice([name for name in zipfile.ZipFile(io.BytesIO(content)).namelist() if name.endswith(("xml", "rels"))])
        return books.with_member(content, name, mutated(zipfile.ZipFile(io.BytesIO(content)).read(name), chance))
    changed = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 5])):
        place = chance.randrange(len(changed) + 1)
        kind = chance.randrange(5)
        if kind == 0:
            changed[place : place + 1] = bytes([chance.randrange(256)])
        elif kind == 1:
            del changed[place : place + chance.choice([1, 3, 100])]
        elif kind == 2:
            changed[place:place] = chance.choice([b'"', b",", b"\n", b"\0", b"9" * 40, "合计".encode(), b"1048576", b"<!DOCTYPE x>"])
        elif kind == 3:
            changed[place:place] = changed[: chance.randrange(300)]
        else:
            del changed[place:]
    return bytes(changed)


def test_no_mutation_of_any_kind_of_file_ever_raises():
    chance = random.Random(2025)
    for _ in range(400):
        content = mutated(chance.choice(SEEDS), chance)
        reading = read_file(content, Declared(2025))
        assert reading.rows or reading.problems
        assert all(Words("zh").problem(problem) and Words("en").problem(problem) for problem in reading.problems)
