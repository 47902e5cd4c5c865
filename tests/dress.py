"""One plan in every dress: the same forms as CSV, workbook, page, Word or converter's text; also draws data/documents anew.

`python -m tests.dress` writes the CSV, XLSX and PDF forms of the sixteen tables beside the text and Word ones.
"""

import csv
import html
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import docx
import xlsxwriter

HERE = Path(__file__).resolve().parent
GOLDEN = json.loads((HERE / "golden" / "路南区人社局_2025.json").read_text(encoding="utf-8"))
DOCUMENTS = HERE.parent / "data" / "documents"
NAME = "路南区人社局_2025_项目绩效目标"
WIDTH = 12
HEADINGS = ("一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据")


class Cell(NamedTuple):
    """A cell of a form: its text, how many columns and rows it spans, the number that it is in a workbook."""

    text: str
    columns: int
    rows: int = 1
    number: float | None = None
    form: str = ""


Rows = list[list[Cell | None]]


def hebei(project: dict[str, Any], unit: str = "万元", title: str = "") -> Rows:
    """The rows of the form of the real document; a None stands below a cell that goes on."""
    rows: Rows = [[Cell(title, WIDTH)]] if title else []
    rows.append([Cell(f"{project['unit_code']}{project['unit_name']}", 8), Cell(f"单位：{unit}", 4)])
    rows.append([Cell("项目编码", 2), Cell(project["project_code"], 4), Cell("项目名称", 2), Cell(project["project_name"], 4)])
    rows.append([Cell("预算规模及资金用途", 2, 2), *money(project, unit)])
    rows.append([None, Cell(project["purpose"], 10)])
    rows += plan(project["checkpoints"])
    rows.append([Cell("绩效目标", 2), Cell(project["goal"], 10)])
    rows.append([Cell(heading, 2) for heading in HEADINGS])
    return rows + indicators(project)


def money(project: dict[str, Any], unit: str) -> list[Cell]:
    """The budget and its funds, each behind its label."""
    cells = []
    for label, name, wide in (("预算数", "budget", 2), ("其中：财政    资金", "fiscal_funds", 2), ("其他资金", "other_funds", 1)):
        value = project[name] and Decimal(project[name]) / (10_000 if unit == "万元" else 1)
        cells += [
            Cell(label, 1 if label != "其中：财政    资金" else 2),
            Cell(f"{value:.2f}" if value else "", wide, number=value and float(value)),
        ]
    return [*cells[:-1], cells[-1]._replace(columns=10 - sum(cell.columns for cell in cells[:-1]))]


def plan(points: list[dict[str, Any]]) -> Rows:
    """The months of a payment plan and the shares below them."""
    wide = [10 // len(points)] * len(points)
    wide[-1] += 10 - sum(wide)
    shares = [Decimal(point["share"]) for point in points]
    return [
        [Cell("资金支出计划（%）", 2, 2), *(Cell(f"{point['month']}月底", columns) for point, columns in zip(points, wide, strict=True))],
        [
            None,
            *(
                Cell(f"{(share * 100).normalize():f}%", columns, number=float(share), form="0%")
                for share, columns in zip(shares, wide, strict=True)
            ),
        ],
    ]


def indicators(project: dict[str, Any]) -> Rows:
    """The indicators, a level that goes on being one cell over several rows."""
    found = project["indicators"]
    rows: Rows = []
    for place, row in enumerate(found):
        before = found[place - 1] if place else None
        levels: list[Cell | None] = [None, None]
        if before is None or before["level1"] != row["level1"]:
            levels[0] = Cell(row["level1"], 2, _run(found, place, "level1"))
        if before is None or (before["level1"], before["level2"]) != (row["level1"], row["level2"]):
            levels[1] = Cell(row["level2"], 2, _run(found, place, "level2"))
        rows.append([*levels, *(Cell(row[name], 2) for name in ("level3", "description", "target", "basis"))])
    return rows


def _run(found: list[dict[str, Any]], place: int, name: str) -> int:
    keys = ("level1",) if name == "level1" else ("level1", "level2")
    first = tuple(found[place][key] for key in keys)
    length = 1
    while place + length < len(found) and tuple(found[place + length][key] for key in keys) == first:
        length += 1
    return length


def placed(rows: Rows) -> list[list[tuple[int, Cell]]]:
    """Each row's own cells with the column at which each begins."""
    taken: dict[int, set[int]] = {}
    found = []
    for number, row in enumerate(rows):
        column, cells = 0, []
        for cell in row:
            while column in taken.get(number, ()):
                column += 1
            if cell is None:
                continue
            cells.append((column, cell))
            for below in range(1, cell.rows):
                taken.setdefault(number + below, set()).update(range(column, column + cell.columns))
            column += cell.columns
        found.append(cells)
    return found


def grid(rows: Rows) -> list[list[str]]:
    """The rows as a spreadsheet without merged cells has them: a text where a cell begins, else blank."""
    lines = [[""] * WIDTH for _ in rows]
    for line, cells in zip(lines, placed(rows), strict=True):
        for column, cell in cells:
            line[column] = cell.text
    return lines


def as_csv(forms: list[Rows]) -> bytes:
    """All forms one below the other, as a spreadsheet saves them."""
    content = io.StringIO()
    csv.writer(content).writerows(line for rows in forms for line in [*grid(rows), [""] * WIDTH])
    return content.getvalue().encode("utf-8-sig")


def as_workbook(sheets: dict[str, list[Rows]]) -> bytes:
    """Forms on sheets, several below each other, with merged cells and figures as numbers."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for name, forms in sheets.items():
            sheet, top = book.add_worksheet(name), 0
            for rows in forms:
                for number, cells in enumerate(placed(rows), start=top):
                    for column, cell in cells:
                        style = book.add_format({"num_format": cell.form or "0.00"} if cell.number is not None else {"text_wrap": True})
                        value = cell.number if cell.number is not None else cell.text
                        if cell.rows > 1 or cell.columns > 1:
                            sheet.merge_range(number, column, number + cell.rows - 1, column + cell.columns - 1, value, style)
                        else:
                            sheet.write(number, column, value, style)
                top += len(rows) + 1
    return content.getvalue()


def as_page(forms: list[Rows], titles: list[str] | None = None, style: str = "") -> str:
    """The forms as a page that a browser prints."""
    tables = []
    for number, rows in enumerate(forms):
        lines = [
            "".join(
                f'<td colspan="{cell.columns}" rowspan="{cell.rows}">{html.escape(cell.text).replace(chr(10), "<br>")}</td>'
                for _, cell in cells
            )
            for cells in placed(rows)
        ]
        title = f"<h3>{html.escape(titles[number])}</h3>" if titles else ""
        columns = "<col>" * WIDTH
        tables.append(f"{title}<table><colgroup>{columns}</colgroup>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>")
    look = "table{border-collapse:collapse;width:100%;table-layout:fixed;font-size:10pt;margin-bottom:2em}"
    look += "td{border:1px solid #000;padding:3px}"
    return f"<!doctype html><meta charset=utf-8><style>body{{font-family:sans-serif}}{look}{style}</style>{''.join(tables)}"


def as_word(forms: list[Rows]) -> bytes:
    """The forms as tables of a Word document, with merged cells."""
    document, content = docx.Document(), io.BytesIO()
    for rows in forms:
        table = document.add_table(rows=len(rows), cols=WIDTH)
        for number, cells in enumerate(placed(rows)):
            for column, cell in cells:
                merged = table.cell(number, column).merge(table.cell(number + cell.rows - 1, column + cell.columns - 1))
                merged.text = cell.text
        document.add_paragraph("")
    document.save(content)
    return content.getvalue()


def as_text(forms: list[Rows]) -> str:
    """The forms as a converter leaves them: a cell a line, a blank line ends a row."""
    lines = [line for rows in forms for row in rows for line in [*(f"\t{cell.text if cell else ''}" for cell in row), ""]]
    return "\n".join(lines) + "\n"


def printed(page: str) -> bytes:
    """The page as a Chromium prints it to PDF."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import ARGUMENTS, CHROMIUM

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        sheet = browser.new_page()
        sheet.set_content(page)
        content = sheet.pdf(format="A4", margin={"top": "15mm", "bottom": "15mm", "left": "12mm", "right": "12mm"})
        browser.close()
    return content


def main() -> None:
    """Draw the CSV, XLSX and PDF forms of the sixteen tables."""
    forms = [hebei(project) for project in GOLDEN]
    sheets: dict[str, list[Rows]] = {}
    for project, rows in zip(GOLDEN, forms, strict=True):
        sheets.setdefault(project["unit_code"], []).append(rows)
    (DOCUMENTS / f"{NAME}.csv").write_bytes(as_csv(forms))
    (DOCUMENTS / f"{NAME}.xlsx").write_bytes(as_workbook(sheets))
    titles = [f"{number}.{project['project_name']}绩效目标表" for number, project in enumerate(GOLDEN, start=1)]
    (DOCUMENTS / f"{NAME}.pdf").write_bytes(printed(as_page(forms, titles)))


if __name__ == "__main__":
    main()
