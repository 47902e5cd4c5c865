"""Finance's month in a real Chromium: faults, answers, certificate, lock, restatement, and the way back from any figure."""

import hashlib
import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, TimeoutError, expect

from tests.browser.test_main_job import settle, visit

pytestmark = pytest.mark.browser
CODE = "13020225P00783510001A"
NAME = "劳务费"
# The other projects of the unit, which a file of one row leaves out.
ABSENT = 6
HEAD = "项目编码,月份,支出金额\n"


def text_file(name: str, text: str) -> dict[str, Any]:
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode()}


def one_row(name: str, month: str, amount: str) -> dict[str, Any]:
    return text_file(name, f"{HEAD}{CODE},{month},{amount}\n")


def send(page: Page, *files: dict[str, Any]) -> None:
    """Choose files on the upload page and wait for the verdict."""
    page.locator("[data-testid=stFileUploader]").first.locator("input[type=file]").set_input_files(list(files))
    expect(page.get_by_role("heading", name="2 核对问题")).to_be_visible()
    settle(page)


def choose(page: Page, label: str | re.Pattern[str], option: str) -> None:
    """Choose an option of a selectbox; a page that is drawn anew meanwhile closes it, so it is opened again."""
    box, wanted = page.get_by_role("combobox", name=label).first, page.get_by_role("option", name=re.compile(f"^{option}"))
    for _ in range(5):
        box.click()
        try:
            wanted.click(timeout=2000)
            break
        except TimeoutError:
            settle(page)
    expect(box).to_have_value(re.compile(f"^{option}"))
    page.wait_for_timeout(300)
    settle(page)


def answer_all(page: Page, reason: str) -> None:
    """Answer every question of W07 with one reason."""
    choose(page, "W07 的各处都选这个原因", reason)
    page.get_by_role("button", name=re.compile("用于 W07 全部")).first.click()
    expect(page.get_by_text("已全部答复")).to_be_visible()
    settle(page)


def certify(page: Page, person: str) -> None:
    page.get_by_label("经办人").first.fill(person)
    page.get_by_role("button", name="确认上报").click()
    expect(page.get_by_text(re.compile("已确认：第 \\d+ 批"))).to_be_visible()
    settle(page)


def saved(page: Page, button: str, folder: Path) -> bytes:
    """The bytes of the file that a button gives."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).first.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path.read_bytes()


def handle_month(page: Page, month: str, button: str, reason: str = "") -> None:
    """Lock a month of the calendar or open it again."""
    page.get_by_text("锁定或重开月份").click()
    choose(page, "月份", month)
    page.get_by_label("经办人").last.fill("李科长")
    page.get_by_label("重开原因").fill(reason)
    page.get_by_role("button", name=button, exact=True).click()


def test_a_workbook_with_faults_comes_back_with_them_marked(page, server, tmp_path):
    book = openpyxl.Workbook()
    for row in (["项目编码", "月份", "支出金额"], [f"{CODE[:-1]}B", "2025-01", 100], [CODE, "2025-01", "一百元"]):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    visit(page, f"{server.url}/upload?lang=zh&as_of=2025-01")
    send(page, {"name": "一月.xlsx", "mimeType": "application/octet-stream", "buffer": content.getvalue()})
    expect(page.get_by_text("请改好下面 2 处")).to_be_visible()
    expect(page.get_by_role("button", name="确认上报")).to_have_count(0)
    expect(page.locator(".steps .here")).to_have_text("2 核对问题")
    report = openpyxl.load_workbook(io.BytesIO(saved(page, "下载问题报告（Excel）", tmp_path)))
    sheet = report.worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["项目编码", "月份", "支出金额", "级别", "规则", "问题", "怎么改"]
    assert [sheet.cell(row, 5).value for row in (2, 3)] == ["R01", "R03"]
    assert sheet.cell(3, 3).fill.start_color.rgb.endswith("F6B8B2") and len(report.worksheets) == 2


def test_each_question_is_answered_before_the_month_is_certified(page, server, tmp_path):
    visit(page, f"{server.url}/upload?lang=zh&as_of=2025-01")
    send(page, one_row("一月.csv", "2025-01", "100000"))
    button = page.get_by_role("button", name="确认上报")
    for place in range(1, ABSENT + 1):
        expect(button).to_be_disabled()
        expect(page.get_by_text(f"还有 {ABSENT - place + 1} 处问题没有答复")).to_be_visible()
        choose(page, f"W07 第 {place} 处的原因", "以后补报")
    expect(button).to_be_enabled()
    expect(page.locator("tr", has_text="覆盖").first).to_contain_text("1/16 项目")
    certify(page, "王会计")
    expect(page.locator(".steps .here")).to_have_text("4 确认")
    assert saved(page, "签认页 PDF", tmp_path).startswith(b"%PDF")
    assert saved(page, "签认页 Word", tmp_path).startswith(b"PK")
    printed = saved(page, "签认页（打印用网页）", tmp_path).decode()
    assert "支出数据签认页" in printed and "王会计" in printed and printed.count("以后补报") == ABSENT


def test_the_answers_of_the_month_before_are_taken_over_and_say_so(page, server):
    visit(page, f"{server.url}/upload?lang=zh&as_of=2025-02")
    send(page, one_row("二月.csv", "2025-02", "50000"))
    expect(page.get_by_text("沿用批次 2")).to_have_count(ABSENT)
    expect(page.get_by_role("button", name="确认上报")).to_be_enabled()


def test_the_original_comes_back_to_the_byte(page, server, tmp_path):
    visit(page, f"{server.url}/ledger?lang=zh&batch=2")
    content = saved(page, "下载原文件", tmp_path)
    assert hashlib.sha256(content).hexdigest() == hashlib.sha256(one_row("", "2025-01", "100000")["buffer"]).hexdigest()
    expect(page.get_by_text(hashlib.sha256(content).hexdigest())).to_be_visible()


def test_a_figure_leads_to_batch_and_row_and_back(page, server):
    visit(page, f"{server.url}/project?lang=zh&as_of=2025-01&unit=323001&project={CODE}")
    page.get_by_role("tab", name="数据来源").click()
    row = page.locator("tr", has_text="一月.csv").filter(visible=True)
    row.get_by_role("link", name="2", exact=True).last.click()
    settle(page)
    expect(page).to_have_url(re.compile("batch=2"))
    expect(page.locator("tr.marked")).to_contain_text("10.00")
    page.locator("tr.marked").get_by_role("link", name=NAME).click()
    settle(page)
    expect(page.locator(".verdict").first).to_contain_text(NAME)


def test_a_locked_month_refuses_a_file_until_it_is_reopened_and_the_ledger_shows_old_and_new(page, server):
    visit(page, f"{server.url}/upload?lang=zh&as_of=2025-01")
    handle_month(page, "1月", "锁定")
    expect(page.get_by_text("2025年1月：已锁定。")).to_be_visible()
    send(page, one_row("一月更正.csv", "2025-01", "200000"))
    expect(page.get_by_text(re.compile(r"2025-01 已由 李科长 于 [\d: -]+ 锁定"))).to_be_visible()
    expect(page.get_by_role("button", name="确认上报")).to_have_count(0)
    visit(page, f"{server.url}/ledger?lang=zh&as_of=2025-01")
    expect(page.locator(".year [role=columnheader].locked")).to_have_text("1月已锁定")
    handle_month(page, "1月", "重开")
    expect(page.get_by_text("请写明原因")).to_be_visible()
    page.get_by_label("重开原因").fill("一月漏报一笔")
    page.get_by_role("button", name="重开", exact=True).click()
    expect(page.get_by_text("2025年1月：已重开。")).to_be_visible()
    visit(page, f"{server.url}/upload?lang=zh&as_of=2025-01")
    send(page, one_row("一月更正.csv", "2025-01", "200000"))
    choose(page, "W06 第 1 处的原因", "更正前期数")
    certify(page, "王会计")
    visit(page, f"{server.url}/ledger?lang=zh&as_of=2025-01")
    page.get_by_role("tab", name="更正（1）").click()
    row = page.locator("tr", has_text="323001").filter(visible=True).first
    for figure in ("10.00", "20.00", "+10.00", "王会计"):
        expect(row).to_contain_text(figure)
    expect(page.locator(".year a", has_text="更正 1 次")).to_have_count(1)
    page.get_by_role("tab", name="经过").click()
    expect(page.locator("tr", has_text="一月漏报一笔").filter(visible=True)).to_contain_text("李科长")


def test_several_files_are_judged_in_order_and_done_one_by_one(page, server):
    visit(page, f"{server.url}/upload?lang=zh&as_of=2025-03")
    send(
        page,
        one_row("三月.csv", "2025-03", "30000"),
        text_file("坏.csv", f"{HEAD}{CODE},2025-04,一百\n"),
        one_row("四月.csv", "2025-04", "40000"),
    )
    labels = page.locator("[data-testid=stRadioOption]")
    expect(labels).to_have_text(["三月.csv · 需答复", "坏.csv · 需修正", "四月.csv · 需答复"])
    certify(page, "王会计")
    expect(labels.first).to_have_text("三月.csv · 已确认")
    labels.nth(2).click()
    settle(page)
    expect(page.get_by_text("将记录：四月.csv")).to_be_visible()
    certify(page, "王会计")
    expect(labels).to_have_text(["三月.csv · 已确认", "坏.csv · 需修正", "四月.csv · 已确认"])
    expect(page.get_by_text("请改好下面 1 处")).to_be_visible()


def test_a_draft_waits_in_the_ledger_and_is_finished_there(page, server):
    visit(page, f"{server.url}/upload?lang=zh&as_of=2025-05")
    send(page, text_file("五月.csv", f"{HEAD}{CODE},2025-05,-500\n"))
    expect(page.get_by_role("button", name="确认上报")).to_be_disabled()
    page.get_by_role("button", name="暂存，以后确认").click()
    expect(page.get_by_text("请填写经办人。")).to_be_visible()
    page.get_by_label("经办人").first.fill("王会计")
    page.get_by_role("button", name="暂存，以后确认").click()
    expect(page.get_by_text(re.compile("已暂存为第 \\d+ 批"))).to_be_visible()
    page.locator("tr", has_text="五月.csv").get_by_role("link").first.click()
    settle(page)
    expect(page.locator(".verdict").first).to_contain_text("五月.csv")
    expect(page.get_by_role("button", name="确认上报")).to_be_disabled()
    choose(page, "W01 第 1 处的原因", "退款")
    certify(page, "赵复核")
    expect(page.locator(".verdict").first).to_contain_text("已确认")
    page.get_by_role("tab", name=re.compile("问题与答复")).click()
    expect(page.locator("tr", has_text="W01").filter(visible=True)).to_contain_text("退款")


def test_the_answered_report_answers_all_its_questions(page, server, tmp_path):
    visit(page, f"{server.url}/upload?lang=zh&as_of=2025-06")
    send(page, text_file("六月.csv", f"{HEAD}{CODE},2025-06,-600\n"))
    report = openpyxl.load_workbook(io.BytesIO(saved(page, "下载问题报告（Excel）", tmp_path)))
    sheet = report.worksheets[-1]
    row = next(row for row in sheet.iter_rows() if row[2].value == "W01")
    row[10].value, row[11].value = "退款", "培训机构退回"
    answered = io.BytesIO()
    report.save(answered)
    page.get_by_text("传回已答复的问题报告").click()
    file = {"name": "答复.xlsx", "mimeType": "application/octet-stream", "buffer": answered.getvalue()}
    page.locator("[data-testid=stFileUploader]").last.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text(re.compile("已取到 \\d 处答复"))).to_be_visible()
    expect(page.get_by_label("W01 第 1 处的说明")).to_have_value("培训机构退回")
    expect(page.get_by_role("button", name="确认上报")).to_be_enabled()


def test_a_file_above_the_limit_is_refused_with_a_sentence(page, server, tmp_path):
    large = tmp_path / "大.csv"
    with large.open("wb") as file:
        file.truncate(60 * 2**20)
    for language, sentence in (("zh", "文件不能超过 50 MB，没有读取；请按月拆成较小的文件"), ("en", "50.0MB or smaller")):
        visit(page, f"{server.url}/upload?lang={language}")
        page.locator("[data-testid=stFileUploader]").first.locator("input[type=file]").set_input_files(large)
        expect(page.get_by_text(sentence)).to_be_visible()


def test_the_calendar_stands_on_its_side_on_a_phone(page, server):
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, f"{server.url}/ledger?lang=zh&as_of=2025-01")
    heads = page.locator(".year [role=columnheader]:not(.corner)")
    places = [heads.nth(number).bounding_box() for number in (0, 1, 11)]
    assert places[0]["x"] == places[1]["x"] == places[2]["x"] and places[0]["y"] < places[1]["y"] < places[2]["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1440, "height": 900})
