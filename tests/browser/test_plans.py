"""The plan in a real Chromium: read from any dress, corrected by hand, adjusted in the year, each with its effect shown first."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from data.samples import PLAN
from tests.browser.test_main_job import settle, visit

pytestmark = pytest.mark.browser
NAME = "高质量发展先进集体和先进个人表彰"


def plans(page: Page, server, tab: str) -> None:
    visit(page, f"{server.url}/plans?lang=zh&as_of=2025-06")
    page.get_by_role("tab", name=tab).click()
    settle(page)


def fill(page: Page, label: str, text: str) -> None:
    """Type into a field of the tab that is seen, and let the page take it."""
    field = page.get_by_label(label, exact=True).locator("visible=true").first
    field.fill(text)
    field.press("Tab")
    settle(page)


def test_the_same_plan_as_pdf_is_known_and_as_a_new_list_shows_what_differs(page, server, tmp_path):
    plans(page, server, "文件与计划")
    uploader = page.locator("[data-testid=stFileUploader]").first.locator("input[type=file]")
    uploader.set_input_files(PLAN.with_suffix(".pdf"))
    expect(page.get_by_text("与批次 1 内容相同").first).to_be_visible(timeout=60_000)
    file = Path(tmp_path, "调整后.csv")
    file.write_text(
        "项目编码,项目名称,单位编码,单位名称,预算数（万元）,3月底,6月底,9月底,12月底\n"
        f"13020225P00781710002T,{NAME},323001,唐山市路南区人力资源和社会保障局本级,30,10,30,40,20\n",
        encoding="utf-8",
    )
    visit(page, f"{server.url}/plans?lang=zh&as_of=2025-06")
    page.locator("[data-testid=stFileUploader]").first.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text(re.compile("新增 0 个项目，更改 1 个，不变 0 个，缺少 15 个"))).to_be_visible(timeout=60_000)
    settle(page)
    table = page.get_by_role("table").filter(has_text="3月 25% / 6月 50% / 10月 75% / 12月 100%")
    expect(table.filter(has_text="3月 10% / 6月 40% / 9月 80% / 12月 100%")).to_be_visible()
    expect(page.get_by_role("button", name="确认计划")).to_be_disabled()


def test_an_adjustment_shows_its_effect_is_recorded_seen_on_the_project_and_taken_back(page, server):
    plans(page, server, "预算与计划调整")
    fill(page, "金额（万元）", "12.5")
    fill(page, "文号", "南财预〔2025〕31号")
    fill(page, "原因", "追加会务费")
    expect(page.get_by_text("26.00 → 38.50")).to_be_visible()
    page.get_by_label("经办人").locator("visible=true").first.fill("张三")
    page.get_by_role("button", name="登记调整").click()
    expect(page.get_by_text(re.compile("已登记（操作 \\d+）"))).to_be_visible()
    settle(page)
    expect(page.get_by_text("+12.50 万元")).to_be_visible()
    page.get_by_role("link", name=NAME).locator("visible=true").first.click()
    expect(page.get_by_text("38.50 万元").first).to_be_visible()
    plans(page, server, "预算与计划调整")
    page.get_by_text("撤销一次调整").first.click()
    page.get_by_label("原因", exact=True).locator("visible=true").last.fill("登记错了")
    page.get_by_label("经办人").locator("visible=true").last.fill("李四")
    page.get_by_role("button", name="撤销一次调整").click()
    expect(page.get_by_text("已撤销 · 李四 · 登记错了")).to_be_visible()


def test_a_cell_is_corrected_with_its_effect_shown_and_the_document_beside_it(page, server):
    plans(page, server, "更正与补录")
    expect(page.get_by_text("现在是：26.00 万元")).to_be_visible()
    fill(page, "应为（万元）", "27")
    fill(page, "原因", "文件漏写一万元")
    page.get_by_role("button", name="看影响").click()
    expect(page.get_by_text(re.compile("更改 1 个.*预算合计变化 \\+1.00 万元"))).to_be_visible(timeout=60_000)
    settle(page)
    page.get_by_label("经办人").locator("visible=true").first.fill("张三")
    page.get_by_role("button", name="确认计划").locator("visible=true").click()
    expect(page.get_by_text(re.compile("计划已确认：第 \\d+ 批"))).to_be_visible(timeout=60_000)
    plans(page, server, "更正与补录")
    row = page.get_by_role("row").filter(has_text="文件漏写一万元")
    expect(row).to_contain_text("260000.00")
    expect(row).to_contain_text("270000.00")
