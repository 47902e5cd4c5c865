"""Every page runs in both languages, with samples and without any, and says what it must."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data import acting, queries, samples
from data.database import Store, open_store
from pages.parts import figures

PAGES = ("overview", "project", "behind", "indicators", "upload", "ledger", "plans", "compare", "settings", "audit")


def show_alone(name: str) -> None:
    """One page without its frame: AppTest cannot open a page of st.navigation by its address."""
    from importlib import import_module

    from data.words import Words
    from pages import visit as visits
    from pages.opened import open_seeded

    store = open_seeded()
    import_module(f"pages.{name}").show(visits.Visit(store, Words(visits.language()), visits.as_of(store), visits.known_at()))


def visit(monkeypatch, path: Path, page: str, **address: str) -> AppTest:
    """A page of the store at `path`, run once."""
    monkeypatch.setenv("BUDGET_STORE", str(path))
    monkeypatch.setenv("STREAMLIT_CLIENT_SHOW_ERROR_DETAILS", "full")
    app = AppTest.from_function(show_alone, default_timeout=60, kwargs={"name": page})
    for name, value in address.items():
        app.query_params[name] = value
    return app.run()


def seen(app: AppTest) -> str:
    """All HTML and text of a page."""
    return "\n".join(str(node.proto.body) for node in app.get("html")) + "\n".join(node.value for node in app.text)


def fine(app: AppTest) -> bool:
    """Whether nothing failed on the page."""
    return not app.exception and not app.error


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_shows_the_samples_marked_as_such(monkeypatch, sampled, page, language):
    app = visit(monkeypatch, sampled, page, lang=language)
    assert fine(app)
    assert {"zh": "示例数据", "en": "Sample data"}[language] in seen(app)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_shows_a_new_store_with_the_plan_and_no_figures(monkeypatch, tmp_path, page, language):
    app = visit(monkeypatch, tmp_path / "new.duckdb", page, lang=language)
    assert fine(app)
    assert "示例数据" not in seen(app)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("month", ["2025-01", "2025-07", "2025-12", "2024-05", "nonsense", "0001-13"])
def test_every_page_stands_any_month_in_its_address(monkeypatch, sampled, page, month):
    assert fine(visit(monkeypatch, sampled, page, as_of=month))


def test_the_overview_says_the_figures_of_the_views(monkeypatch, sampled):
    page = seen(visit(monkeypatch, sampled, "overview", as_of="2025-09", lang="zh"))
    whole = queries.summary(open_store(sampled), date(2025, 9, 30))[0]
    for figure in (whole["budget"], whole["judged_spent"], whole["judged_due"], abs(whole["gap_amount"])):
        assert figures.wan(figure) in page
    assert "已报 16/16 项目（100.0 % 预算）" in page
    assert f"{whole['lagging']} / 16" in page


def test_a_month_that_a_unit_has_not_reported_says_so_and_judges_the_others(monkeypatch, sampled):
    page = seen(visit(monkeypatch, sampled, "overview", as_of="2025-07", lang="zh"))
    assert "唐山市路南区就业服务中心尚未上报" in page
    assert "已报 12/16 项目" in page


def test_the_list_and_the_view_name_the_same_projects(monkeypatch, sampled):
    page = seen(visit(monkeypatch, sampled, "behind", as_of="2025-09", lang="zh"))
    store = open_store(sampled)
    listed = {row["project_code"] for row in queries.behind(store, date(2025, 9, 30))}
    assert listed
    for row in queries.progress(store, date(2025, 9, 30)):
        assert (f">{row['project_code']}</td>" in page) == (row["project_code"] in listed)


def test_the_filters_of_the_address_narrow_the_list(monkeypatch, sampled):
    app = visit(monkeypatch, sampled, "behind", as_of="2025-09", unit="323003", status="far_behind", gate="10", lang="zh")
    page = seen(app)
    assert "就业创业补助资金" in page and "职业年金虚账记实项目资金</a>" not in page
    assert app.multiselect(key="behind_units").value == ["323003"]
    assert app.number_input(key="behind_gate").value == 10


def test_the_project_of_the_address_is_shown_with_its_arithmetic(monkeypatch, sampled):
    page = seen(visit(monkeypatch, sampled, "project", as_of="2025-09", unit="323005", project="13020225P00784810001J", lang="zh"))
    row = next(row for row in queries.progress(open_store(sampled), date(2025, 9, 30)) if row["project_code"] == "13020225P00784810001J")
    assert f"应付：预算 2,500.00 × 计划进度 50.0 % = {figures.wan(row['due_amount'])} 万元" in page
    assert f"差额：{figures.wan(row['gap_amount'])} 万元" in page


def test_an_unknown_project_is_said_and_another_is_shown(monkeypatch, sampled):
    app = visit(monkeypatch, sampled, "project", project="nobody", lang="zh")
    assert fine(app)
    assert app.warning[0].value == "没有这个项目；请从列表中选择。"


def test_a_moment_in_the_address_shows_what_was_known_then(monkeypatch, sampled):
    page = seen(visit(monkeypatch, sampled, "overview", as_of="2025-09", known_at="2031-01-01T00:00:00+00:00", lang="zh"))
    assert "当时所知的数字" in page


def test_names_from_outside_never_become_markup(monkeypatch, tmp_path):
    hostile = "<img src=x onerror=alert(1)>**粗**[x](http://a)"
    path = tmp_path / "hostile.duckdb"
    load_plan(open_store(path), f'项目编码,项目名称,预算数(万元),3月底,12月底\nA1,"{hostile}",10,50%,100%\n')
    for page in PAGES:
        app = visit(monkeypatch, path, page, lang="zh", as_of="2025-09")
        assert fine(app)
        assert "<img src=x" not in seen(app)


def load_plan(store: Store, text: str) -> None:
    """Load and certify a project table of 2025."""
    from data import acts
    from data.arrivals import Sending
    from loaders.files import Declared, read_file

    acting.prepare(store)
    reading = read_file(text.encode(), Declared(2025))
    outcome = acts.load(store, Sending("plan.csv", text.encode(), reading, date(2026, 1, 1)), "test")
    acts.certify(store, outcome.batch, "test", {"*": "test"})


def sent(monkeypatch, path: Path, *files: tuple[str, str], **address: str) -> AppTest:
    """The upload page with files chosen, judged once."""
    app = visit(monkeypatch, path, "upload", lang="zh", **address)
    app.file_uploader[0].set_value([(name, text.encode(), "text/csv") for name, text in files])
    return app.run()


CODE = "13020225P00783510001A"


def test_the_ledger_of_the_address_shows_only_what_fits(monkeypatch, sampled):
    def listed(**address: str) -> str:
        page = seen(visit(monkeypatch, sampled, "ledger", lang="zh", **address))
        return next(part for part in page.split("<table") if "SHA-256" in part)

    one = listed(month="2025-04", kind="actuals", state="certified", unit="323001")
    assert "2025-04.csv" in one and "2025-05.csv" not in one
    plans = listed(kind="plan")
    assert "绩效目标.txt" in plans and "2025-04.csv" not in plans


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("number", ["1", "5"])
def test_a_batch_of_the_address_shows_its_hash_and_its_acts(monkeypatch, sampled, language, number):
    app = visit(monkeypatch, sampled, "ledger", lang=language, batch=number)
    assert fine(app)
    row = queries.batch_of(open_store(sampled), int(number))
    assert row["sha256"] in seen(app) and row["file_name"] in seen(app)


@pytest.mark.parametrize("number", ["99", "0", "-1", "x", "<b>", "9" * 30])
def test_a_batch_that_is_not_there_is_said(monkeypatch, sampled, number):
    app = visit(monkeypatch, sampled, "ledger", lang="zh", batch=number)
    assert not app.exception and app.error[0].value.startswith("没有第")


def test_the_row_of_the_address_is_marked_and_leads_to_its_project(monkeypatch, sampled):
    page = seen(visit(monkeypatch, sampled, "ledger", lang="zh", batch="5", row="7"))
    marked = page.split('<tr class="marked">')[1].split("</tr>")[0]
    assert marked.startswith('<td class="n" data-label="行号">7</td>')
    assert "./project?as_of=2025-04" in marked


def test_the_sources_of_a_project_lead_to_the_row_of_the_batch(monkeypatch, sampled):
    page = seen(visit(monkeypatch, sampled, "project", as_of="2025-09", unit="323001", project=CODE, lang="zh"))
    assert "batch=2&amp;row=" in page and "./ledger?as_of=2025-09&amp;lang=zh&amp;batch=10" in page


def test_the_calendar_names_who_is_late_and_by_how_many_days(monkeypatch, sampled):
    page = seen(visit(monkeypatch, sampled, "ledger", as_of="2025-09", lang="zh"))
    cell = next(part for part in page.split("<a role") if "2025年6月" in part)
    assert "晚 6 天" in cell and "batch=7" in cell and "应于 2025-07-10 前上报" in cell
    silent = page.split('title="2025年7月 · 唐山市路南区就业服务中心')[1].split("</span></span>")[0]
    assert "未报" in silent and "逾期" in silent and "href" not in silent


def test_a_file_with_open_questions_cannot_be_certified_until_each_has_an_answer(monkeypatch, tmp_path):
    app = sent(monkeypatch, tmp_path / "new.duckdb", ("一月.csv", f"项目编码,月份,支出金额\n{CODE},2025-01,100000\n"))
    assert fine(app) and app.info[0].value.startswith("还有 6 处问题没有答复")
    whys = [box for box in app.selectbox if box.key.startswith("why_")]
    assert len(whys) == 6
    for number, box in enumerate(whys, start=1):
        app.selectbox(key=box.key).set_value("no_spending").run()
        assert len(app.info) == (0 if number == 6 else 1)
    assert "7/16 项目" in seen(app), "what is answered to be zero counts in the preview"
    assert next(b for b in app.button if b.key.startswith("FormSubmitter") or b.label == "确认上报").disabled is False


def test_the_other_reason_needs_words(monkeypatch, tmp_path):
    app = sent(monkeypatch, tmp_path / "new.duckdb", ("一月.csv", f"项目编码,月份,支出金额\n{CODE},2025-01,-5\n"))
    why = next(box for box in app.selectbox if box.key.startswith("why_") and "W01" in box.key)
    before = app.info[0].value
    app.selectbox(key=why.key).set_value("other").run()
    assert app.info[0].value == before
    app.text_input(key=why.key.replace("why_", "words_")).set_value("收回垫款").run()
    assert app.info[0].value != before


def test_nobody_lagging_is_said_of_those_that_reported_only(monkeypatch, sampled):
    page = seen(visit(monkeypatch, sampled, "behind", as_of="2025-10", lang="zh"))
    assert "16 个项目均未报（覆盖 0 % 预算）" in page and "没有滞后项目" not in page


def test_thresholds_are_tried_by_the_views_before_they_are_set(monkeypatch, tmp_path):
    path = tmp_path / "monitor.duckdb"
    store = open_store(path)
    acting.prepare(store)
    list(samples.load_samples(store, "test", "示例"))
    app = visit(monkeypatch, path, "settings", as_of="2025-09", lang="zh")
    assert "现行规则 v1" in seen(app)
    app.text_input(key="rule_behind").set_value("10").run()
    app.text_input(key="rule_slightly_behind").set_value("20").run()
    assert fine(app)
    would = queries.progress(store, date(2025, 9, 30))
    listed = [row for row in would if row["due_amount"] and row["gap_amount"] is not None and row["spent"] < row["due_amount"] * 2 / 10]
    amount = figures.wan(-sum((row["gap_amount"] for row in listed), Decimal(0)))
    words = f"滞后 {len(listed)} 个，共少付 {amount} 万元"
    assert words in seen(app) and words not in seen(app).split("改后")[0]
    assert queries.rules(store)["version"] == 1
    app.text_input(key="rules_reason").set_value("按区财政局通知")
    app.text_input(key="rules_person").set_value("王科长")
    next(button for button in app.button if button.label == "设为新的规则").click().run()
    assert [message.value for message in app.success] == ["已生效：规则 v2。"]
    assert queries.rules(store)["behind"] == Decimal("0.1000")
    assert len(queries.behind(store, date(2025, 9, 30))) == len(listed)
