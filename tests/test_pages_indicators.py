"""The page of indicators: quadrant and table say the same, values are entered, lowered and taken back by people."""

import re
from decimal import Decimal
from html import unescape

import pytest
from drawn import end_of
from test_pages import fine, seen, visit

from data import indicators
from data.database import open_store
from data.words import LANGUAGES, Words
from pages.parts import dual

CODE = "13020225P00781710002T"
ADDRESS = {"as_of": "2025-09", "unit": "323001", "project": CODE, "lang": "zh"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chart_draws_each_project_of_the_table_once_in_its_quadrant(sampled, language):
    say = Words(language)
    seen = indicators.overview(open_store(sampled), end_of(9))
    rows = seen["rows"]
    chart, table = dual.quadrant(rows, say, {}, seen), dual.twin(rows, say, {})
    marks = re.findall(r'class="mark (\w+)" href="([^"]*)".*?left:([\d.]+)%;bottom:([\d.]+)%">(\d+)</a>', chart)
    placed = {row["number"]: row for row in rows if row["quadrant"]}
    assert sorted(int(mark[4]) for mark in marks) == sorted(placed)
    for worse, href, left, bottom, number in marks:
        row = placed[int(number)]
        assert (worse, f"project={row['project_code']}" in unescape(href)) == (row["worse"], True)
        assert (float(left) > 50, float(bottom) > 50) == (row["quadrant"].startswith("fast"), row["quadrant"].endswith("ahead"))
    spots = [(float(left), float(bottom)) for *_, left, bottom, _ in marks]
    assert all(abs(a[0] - b[0]) > 6 or abs(a[1] - b[1]) > 8 for place, a in enumerate(spots) for b in spots[:place])
    assert table.count("./project?") == len(rows) == 16
    for name in indicators.QUADRANTS:
        count = sum(row["quadrant"] == name for row in rows)
        word = say(f"quadrant.{name}")
        assert (f"{word} <b>{count}</b>" in chart, table.count(f">{word}<")) == (True, count)


def test_many_projects_at_one_place_stay_in_their_quadrant(sampled):
    row = next(row for row in indicators.standings(open_store(sampled), end_of(9)) if row["quadrant"] == "fast_ahead")
    chart = dual.quadrant([{**row, "number": number} for number in range(1, 61)], Words("zh"), {}, dict.fromkeys(indicators.QUADRANTS, 0))
    spots = re.findall(r"left:([\d.]+)%;bottom:([\d.]+)%", chart)
    assert len(spots) == 60
    assert all(float(left) > 50 and float(bottom) > 50 for left, bottom in spots)


def test_values_are_entered_lowered_and_taken_back_on_the_page(monkeypatch, sampled):
    app = visit(monkeypatch, sampled, "indicators", **ADDRESS)
    assert fine(app)
    cell = next(box for box in app.text_input if box.label.startswith("完成值 · 2 "))
    assert cell.value == "54"
    cell.set_value("四十")
    name = next(box for box in app.text_input if box.key.startswith("filler_"))
    name.set_value("张三")
    [button for button in app.button if button.label == "登记指标"][0].click().run()
    assert [error.value.replace("\\", "") for error in app.error] == [
        "2 表彰人数 “完成值”：这里要填数（指标值 ≥100人），写的是文字「四十」。 → 请填写数；文字说明写在备注里。"
    ]
    next(box for box in app.text_input if box.label.startswith("完成值 · 2 ")).set_value("40")
    [button for button in app.button if button.label == "登记指标"][0].click().run()
    assert fine(app) and app.success
    row = indicators.judged(open_store(sampled), end_of(9), project=("323001", CODE))[1]
    assert (row["reached"], row["expected"], row["status"], row["recorded_by"]) == (Decimal(40), Decimal(95), "slightly_behind", "张三")

    app = visit(monkeypatch, sampled, "indicators", **ADDRESS)
    app.text_area(key="lower_reason").set_value("名单未核实")
    next(box for box in app.text_input if box.key.startswith("lower_person")).set_value("王五")
    next(button for button in app.button if button.label == "调低判断").click().run()
    assert fine(app)
    lowered = indicators.judged(open_store(sampled), end_of(9), project=("323001", CODE))[0]
    assert (lowered["computed"], lowered["status"], lowered["lowered_by"]) == ("met", "slightly_behind", "王五")
    assert "王五 由“达标”调低：名单未核实" in seen(app)

    app = visit(monkeypatch, sampled, "indicators", **ADDRESS)
    next(box for box in app.text_input if box.key.startswith("reverse_reason")).set_value("已核实")
    next(box for box in app.text_input if box.key.startswith("reverse_person")).set_value("王五")
    next(button for button in app.button if button.label == "撤销一次填报或调低").click().run()
    assert fine(app)
    assert indicators.judged(open_store(sampled), end_of(9), project=("323001", CODE))[0]["status"] == "met"


def test_a_cell_that_is_emptied_says_that_its_value_is_not_known(monkeypatch, sampled):
    app = visit(monkeypatch, sampled, "indicators", **ADDRESS)
    next(box for box in app.text_input if box.label.startswith("完成值 · 1 ")).set_value("")
    next(box for box in app.text_input if box.key.startswith("filler_")).set_value("张三")
    [button for button in app.button if button.label == "登记指标"][0].click().run()
    assert fine(app)
    assert indicators.judged(open_store(sampled), end_of(9), project=("323001", CODE))[0]["status"] == "not_reported"


def test_the_project_page_shows_money_targets_and_the_worse_of_both(monkeypatch, sampled):
    page = seen(visit(monkeypatch, sampled, "project", as_of="2025-09", unit="323003", project="13020225P00787910001X", lang="zh"))
    row = next(row for row in indicators.standings(open_store(sampled), end_of(9)) if row["project_code"] == "13020225P00787910001X")
    assert dual.both(row, Words("zh")) in page
    assert (row["status"], row["results_status"], row["worse"]) == ("met", "far_behind", "far_behind")
    assert "./indicators?" in page
