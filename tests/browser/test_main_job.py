"""The main job, walked by a visitor in a real Chromium from an empty store to a withdrawn batch."""

import csv
import io
import re
import urllib.request

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server

pytestmark = pytest.mark.browser
TITLES = {"": "总览", "project": "项目", "behind": "滞后清单", "upload": "上报", "ledger": "台账", "plans": "计划"}
CODE = "13020225P00783510001A"
SALARY = "劳务费"


def settle(page: Page) -> None:
    """Wait until the page has been drawn."""
    expect(page.locator("[data-testid=stApp][data-test-script-state=running]")).to_have_count(0)
    expect(page.locator(".m h1").first).to_be_visible()


def visit(page: Page, url: str) -> None:
    """Open an address and wait until the page has been drawn."""
    page.goto(url)
    settle(page)
    expect(page.locator("[data-testid=stException]")).to_have_count(0)


def test_an_empty_store_has_the_plan_and_says_what_to_do_next(page, server):
    visit(page, server.url)
    expect(page.get_by_text("计划已就绪，还没有执行数")).to_be_visible()
    expect(page.get_by_text("16 个项目，8,401.97 万元")).to_be_visible()
    expect(page.get_by_role("link", name="上报执行数 →")).to_be_visible()


@pytest.mark.parametrize("name", TITLES)
def test_every_page_opens_on_the_empty_store(page, server, name):
    visit(page, f"{server.url}/{name}")
    expect(page.locator(".m h1").first).to_have_text(TITLES[name])


def test_one_click_loads_the_samples_and_marks_them(page, server):
    visit(page, server.url)
    page.get_by_role("button", name="载入示例月份").click()
    expect(page.get_by_text("【示例数据】")).to_be_visible(timeout=120_000)
    expect(page.locator(".verdict").first).to_contain_text("截至2025年9月底：应付 4,200.99 万元")
    expect(page).to_have_url(re.compile("as_of=2025-09"))


@pytest.mark.parametrize("name", TITLES)
def test_every_page_opens_on_the_samples_without_an_error(page, server, name):
    visit(page, f"{server.url}/{name}")
    expect(page.get_by_text("【示例数据】")).to_be_visible()
    expect(page.locator("[data-testid=stAlertContentError]")).to_have_count(0)


def test_the_overview_fits_a_desk_screen_and_a_phone(page, server):
    visit(page, server.url)
    expect(page.locator(".js-plotly-plot")).to_be_visible()
    assert page.locator("[data-testid=stMain]").evaluate("node => node.scrollHeight <= node.clientHeight + 2")
    page.set_viewport_size({"width": 390, "height": 844})
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_bar_leads_to_its_project(page, server):
    visit(page, server.url)
    page.get_by_role("link", name="职业年金虚账记实项目资金").click()
    expect(page.get_by_text("应付：预算 2,500.00 × 计划进度 50.0 % = 1,250.00 万元")).to_be_visible()


def test_the_lagging_list_downloads_as_a_workbook_and_as_csv(page, server, tmp_path):
    visit(page, f"{server.url}/behind?as_of=2025-09")
    with page.expect_download() as download:
        page.get_by_role("button", name="导出 Excel").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == "示例_滞后清单_2025-09.xlsx"
    sheet = openpyxl.load_workbook(path).active
    assert sheet["A1"].value.startswith("【示例数据】滞后项目清单")
    codes = [row[0].value for row in sheet.iter_rows(min_row=3) if isinstance(row[0].value, str) and row[0].value.startswith("1302")]
    shown = page.locator("tr:not(.whole) td.code", has_text="1302").all_inner_texts()
    assert codes == shown and len(codes) == 4
    with page.expect_download() as download:
        page.get_by_role("button", name="导出 CSV").click()
    download.value.save_as(tmp_path / "list.csv")
    content = (tmp_path / "list.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert [row[0] for row in csv.reader(io.StringIO(content[3:].decode())) if row][1:5] == codes


def test_a_deep_link_shows_the_same_right_after_a_restart(page, server):
    server.stop()
    server.start()
    address = f"{server.url}/behind?as_of=2025-06&unit=323005&status=far_behind&lang=en"
    visit(page, address)
    expect(page.locator(".m h1").first).to_have_text("Lagging list")
    expect(page.get_by_text("At the end of 2025-06: 2 projects lag")).to_be_visible()
    expect(page.locator("tr:not(.whole) td.code", has_text="1302")).to_have_count(2)
    expect(page.get_by_role("link", name="Overview")).to_have_count(1)
    expect(page.locator("[data-testid=stNavSectionHeader]")).to_have_count(0)
    for name, value in {"as_of": "2025-06", "unit": "323005", "status": "far_behind", "lang": "en"}.items():
        assert f"{name}={value}" in page.url


def test_the_other_language_is_one_click_away(page, server):
    visit(page, f"{server.url}/?as_of=2025-09&lang=zh")
    page.get_by_role("button", name="English").click()
    expect(page.locator(".m h1").first).to_have_text("Overview")
    expect(page).to_have_url(re.compile("lang=en"))
    page.get_by_role("button", name="中文").click()
    expect(page.locator(".m h1").first).to_have_text("总览")


def test_the_uploader_speaks_chinese(page, server):
    visit(page, f"{server.url}/upload?lang=zh")
    expect(page.get_by_role("button", name="选择文件").last).to_be_visible()
    expect(page.get_by_text("每个文件不超过 50 MB", exact=False).first).to_be_visible()


def send(page: Page, name: str, text: str) -> None:
    """Choose a file on the upload page."""
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": text.encode("gb18030")})


def batches(page: Page, server: Server) -> list[str]:
    """The numbers of the ledger's batches as shown."""
    visit(page, f"{server.url}/ledger?lang=zh")
    expect(page.locator("th", has_text="SHA-256")).to_be_visible()
    return page.locator("table:has(th:text('SHA-256')) tbody tr td:first-child").all_inner_texts()


def answer_absent(page: Page) -> None:
    """Answer every absent project with a later report."""
    page.get_by_role("combobox", name="W07 的各处都选这个原因").click()
    page.get_by_role("option", name="以后补报").click()
    page.get_by_role("button", name=re.compile("用于 W07 全部")).first.click()
    expect(page.get_by_text("已全部答复")).to_be_visible()


def certify(page: Page, person: str) -> None:
    """Answer what must be answered, and certify the file."""
    answer_absent(page)
    page.get_by_label("经办人").first.fill(person)
    page.get_by_role("button", name="确认上报").click()


def test_a_file_with_three_faults_names_them_all_and_stores_nothing(page, server):
    before = batches(page, server)
    visit(page, f"{server.url}/upload?lang=zh")
    send(page, "十月.csv", f"项目编码,月份,支出金额\n{CODE[:-1]}B,2025-10,100\n{CODE},2025-10,一百元\n{CODE},2025-13,5\n")
    expect(page.get_by_text("这个文件还不能上报：请改好下面 3 处")).to_be_visible()
    for sentence in (
        f"第 2 行“项目编码”：项目编码「{CODE[:-1]}B」不在 2025 年计划中；最接近：{CODE} {SALARY}。",
        "第 3 行“支出金额”：「一百元」不是金额",
        "第 4 行“月份”：月份「2025-13」读不懂",
    ):
        expect(page.get_by_text(sentence)).to_be_visible()
    expect(page.get_by_role("button", name="确认上报")).to_have_count(0)
    assert batches(page, server) == before


def test_a_good_file_shows_what_flips_is_certified_and_withdrawn(page, server):
    visit(page, f"{server.url}/upload?lang=zh")
    send(page, "十月.csv", f"项目编码,月份,支出金额\n{CODE},2025-10,100000\n")
    expect(page.get_by_text("新增 1 行，更改 0 行，不变 0 行，缺少 0 行")).to_be_visible()
    expect(page.get_by_text("确认后状态会改变的项目")).to_be_visible()
    expect(page.locator("tr", has_text=SALARY).locator(".status.not_reported").first).to_be_visible()
    expect(page.get_by_role("button", name="确认上报")).to_be_disabled()
    expect(page.get_by_text("还有 6 处问题没有答复")).to_be_visible()
    certify(page, "王会计")
    expect(page.get_by_text("已确认：第", exact=False)).to_be_visible()
    newest = batches(page, server)[0]
    expect(page.locator("tr", has_text="十月.csv").first).to_contain_text("已确认")
    visit(page, f"{server.url}/project?lang=zh&as_of=2025-10&project={CODE}&unit=323001")
    page.get_by_role("tab", name="数据来源").click()
    row = page.locator("tr", has_text="十月.csv").filter(has_text="王会计").filter(visible=True)
    expect(row.first).to_contain_text("10.00")
    visit(page, f"{server.url}/ledger?lang=zh&batch={newest}")
    page.get_by_text("撤销批次").click()
    page.get_by_label("经办人").fill("王会计")
    page.get_by_label("原因（必填）").fill("演练")
    page.get_by_role("button", name="撤销", exact=True).click()
    expect(page.locator(".verdict").first).to_contain_text("已撤销")


def test_a_reload_in_the_middle_of_an_upload_leaves_nothing_behind(page, server):
    before = batches(page, server)
    visit(page, f"{server.url}/upload?lang=zh")
    send(page, "十一月.csv", f"项目编码,月份,支出金额\n{CODE},2025-11,100000\n")
    page.reload()
    settle(page)
    assert batches(page, server) == before


def test_two_people_certifying_the_same_month_leave_whole_batches(page, context, server):
    other = context.new_page()
    other.set_default_timeout(60_000)
    tabs = (page, other)
    for number, tab in enumerate(tabs, start=1):
        visit(tab, f"{server.url}/upload?lang=zh")
        send(tab, f"同月{number}.csv", f"项目编码,月份,支出金额\n{CODE},2025-10,{number + 1}00000\n")
        answer_absent(tab)
        expect(tab.get_by_role("button", name="确认上报")).to_be_enabled()
        tab.get_by_label("经办人").first.fill("两人同时")
    for tab in tabs:
        tab.get_by_role("button", name="确认上报").dispatch_event("click")
    late = 0
    for tab in tabs:
        done, overtaken = tab.get_by_text("已确认：第", exact=False), tab.get_by_text("请重新核对影响")
        expect(done.or_(overtaken)).to_be_visible()
        if overtaken.is_visible():
            late += 1
            settle(tab)
            tab.get_by_role("combobox", name="W06 第 1 处的原因").click()
            tab.get_by_role("option", name="更正前期数").click()
            tab.get_by_role("button", name="确认上报").click()
            expect(done).to_be_visible()
    assert late == 1
    visit(page, f"{server.url}/ledger?lang=zh")
    rows = page.locator("tr", has_text=re.compile("同月[12].csv")).filter(visible=True)
    expect(rows).to_have_count(2)
    assert sorted(re.sub(r"\s+", " ", text).split(" ")[1] for text in rows.all_inner_texts()) == ["已确认", "被更正"]
    for tab in tabs:
        visit(tab, f"{server.url}/upload?lang=zh")
    other.close()


def test_the_samples_are_withdrawn_in_one_click(page, server):
    visit(page, f"{server.url}/upload?lang=zh")
    page.get_by_role("button", name="撤销示例数据").click()
    expect(page.get_by_text("【示例数据】")).to_have_count(0)
    visit(page, f"{server.url}/?as_of=2025-09&lang=zh")
    expect(page.get_by_text("截至2025年9月底 16 个项目均未报（覆盖 0 % 预算），无法判定是否滞后。")).to_be_visible()


def test_an_unknown_page_is_said_in_chinese(page, server):
    page.goto(f"{server.url}/nowhere?lang=zh")
    expect(page.get_by_text("没有这个页面").first).to_be_visible()


def test_every_answer_carries_the_security_headers(server):
    for path in ("/", "/_stcore/health"):
        headers = urllib.request.urlopen(server.url + path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"
