"""Plans by hand: corrections beside the document, entries without one, projects that have ended; differences between plans."""

from decimal import Decimal

import pytest
from drawn import HEADINGS, QUARTERS, TODAY, end_of, everything, new_store, pay, progress, row_of, sending_of, status, take_in

from data import acts, by_hand, planned
from data.acting import ActError
from data.arrivals import Sending
from data.samples import PLAN
from data.staging import consider
from loaders.files import read_file
from loaders.own import written

KEY = (2025, "001", "P1")
TWO = f"""
{HEADINGS},{QUARTERS}
P1,会议费,001,局本级,100,25%,50%,75%,100%
P2,培训费,001,局本级,50,25%,50%,75%,100%
"""


def sending(file):
    name, content = file
    return Sending(name, content, read_file(content), TODAY)


def certify(store, file, reason="drawn"):
    outcome = acts.load(store, sending(file), "张")
    assert outcome.state == "checked", outcome.considered.problems
    acts.certify(store, outcome.batch, "张", {acts.ANY: reason}, today=TODAY)
    return outcome.batch


def changed(told):
    """What differs: change, code and the fields with both values."""
    return [
        (row["change"], row["project_code"], [(field["field"], field["old"], field["new"]) for field in row["fields"]])
        for row in told.changes
        if row["change"] != "unchanged"
    ]


@pytest.fixture
def store():
    made = new_store(TWO)
    pay(made, "P1 3 250000\nP2 3 125000")
    return made


@pytest.fixture(scope="module")
def bundled():
    made = new_store(None)
    plan = Sending(PLAN.name, PLAN.read_bytes(), read_file(PLAN.read_bytes()), TODAY)
    acts.certify(made, acts.load(made, plan, "张").batch, "张", today=TODAY)
    return made


def test_a_corrected_budget_holds_and_stands_beside_what_the_document_says(store):
    file = by_hand.corrected(store, KEY, [{"field": "budget", "holds": Decimal(2_000_000)}], "文件少写一位")
    told = consider(store, sending(file))
    assert changed(told) == [("changed", "P1", [("budget", Decimal("1000000.00"), Decimal("2000000.00"))])]
    assert [(row["project_code"], row["status_before"], row["status"]) for row in told.flips] == [("P1", "met", "far_behind")]
    batch = certify(store, file)
    assert (row_of(store, 3)["current_budget"], status(store, 3)) == (2_000_000, "far_behind")
    (row,) = planned.corrections_of(store, 2025, ("001", "P1"))
    assert (row["written"], row["holds"], row["reason"]) == ("1000000.00", "2000000.00", "文件少写一位")
    assert (row["batch"], row["corrected"]) == (batch, 1)


def test_a_correction_withdrawn_leaves_what_the_document_says(store):
    before = everything(store)
    batch = certify(store, by_hand.corrected(store, KEY, [{"field": "budget", "holds": Decimal(2_000_000)}], "错"))
    assert everything(store) != before
    acts.withdraw(store, batch, "张", "更正错了")
    assert everything(store) == before
    assert planned.corrections_of(store, 2025, ("001", "P1")) == []


def test_a_corrected_plan_and_target_keep_everything_else():
    store = new_store(None)
    plan = Sending(PLAN.name, PLAN.read_bytes(), read_file(PLAN.read_bytes()), TODAY)
    acts.certify(store, acts.load(store, plan, "张").batch, "张", today=TODAY)
    key = (2025, "323001", "13020225P00781710002T")
    before = by_hand.project_of(store, key)
    points = [(6, Decimal("0.5")), (12, Decimal(1))]
    changes = [{"field": "checkpoints", "holds": points}, {"field": "target", "position": 2, "holds": "≥120人"}]
    certify(store, by_hand.corrected(store, key, changes, "核对会议纪要"))
    after = by_hand.project_of(store, key)
    assert [(point["month"], point["share"]) for point in after["checkpoints"]] == points
    other = ("batch", "checkpoints", "indicators", "plan_reading", "dropped")
    assert {k: v for k, v in after.items() if k not in other} == {k: v for k, v in before.items() if k not in other}
    assert len(after["indicators"]) == len(before["indicators"]) == 9
    assert [(row["target"], row["comparator"], row["target_value"], row["target_unit"]) for row in after["indicators"][1:2]] == [
        ("≥120人", "≥", Decimal("120.0000"), "人")
    ]
    kept = ("level1", "level2", "level3", "description", "basis", "place")
    assert [[row[name] for name in kept] for row in after["indicators"]] == [[row[name] for name in kept] for row in before["indicators"]]
    assert {row["field"] for row in planned.corrections_of(store, 2025, key[1:])} == {"checkpoints", "target"}


@pytest.mark.parametrize(
    ("change", "reason", "code"),
    [
        ({"field": "budget", "holds": Decimal(1_000_000)}, "错", "act.nothing_differs"),
        ({"field": "budget", "holds": Decimal(1)}, " ", "act.reason"),
        ({"field": "project_code", "holds": "P9"}, "错", "act.no_field"),
        ({"field": "target", "position": 7, "holds": "≥1"}, "错", "act.no_field"),
    ],
)
def test_a_correction_of_nothing_or_of_what_is_not_there_is_refused(store, change, reason, code):
    with pytest.raises(ActError) as refused:
        by_hand.corrected(store, KEY, [change], reason)
    assert refused.value.code == code


def test_a_falling_plan_by_hand_is_a_question_like_in_any_document(store):
    file = by_hand.corrected(store, KEY, [{"field": "checkpoints", "holds": [(3, Decimal("0.6")), (6, Decimal("0.5"))]}], "照抄")
    assert [problem.code for problem in consider(store, sending(file)).open_questions] == ["W11"]


def test_a_blank_budget_corrected_leaves_the_project_without_a_basis(store):
    certify(store, by_hand.corrected(store, KEY, [{"field": "budget", "holds": None}], "尚未批复"))
    assert (row_of(store, 3)["current_budget"], status(store, 3)) == (None, "no_basis")


def test_a_project_entered_by_hand_is_judged_like_any_other(store):
    project = {
        "fiscal_year": 2025,
        "unit_code": "001",
        "unit_name": "局本级",
        "project_code": "P7",
        "project_name": "应急采购",
        "budget": Decimal(80_000),
        "checkpoints": [(3, Decimal("0.5")), (12, Decimal(1))],
    }
    told = consider(store, sending(by_hand.entered(project, "年中追加，没有文件")))
    assert (changed(told), told.delta) == ([("added", "P7", [])], Decimal("80000.00"))
    certify(store, by_hand.entered(project, "年中追加，没有文件"))
    assert progress(store, 3).keys() == {"P1", "P2", "P7"}
    pay(store, "P1 3 250000\nP2 3 125000\nP7 3 40000")
    assert status(store, 3, "P7") == "met"


@pytest.mark.parametrize("lacks", ["project_code", "project_name"])
def test_an_entry_without_code_or_name_is_refused(lacks):
    told = {"unit_code": "001", "unit_name": "", "project_code": "P7", "project_name": "采购", "checkpoints": []}
    with pytest.raises(ActError, match="entry_incomplete"):
        by_hand.entered({**told, lacks: ""}, "补录")


def test_a_project_that_has_ended_is_listed_no_more_until_that_is_withdrawn(store):
    file = by_hand.ended(store, KEY, "任务取消")
    assert changed(consider(store, sending(file))) == [("missing", "P1", [])]
    batch = certify(store, file)
    assert progress(store, 3).keys() == {"P2"}
    acts.withdraw(store, batch, "张", "仍要做")
    assert progress(store, 3).keys() == {"P1", "P2"}


# Differences


def test_a_newer_document_says_what_is_new_changed_and_gone_and_asks_of_the_gone(store):
    text = f"{HEADINGS},{QUARTERS}\nP1,会议费,001,局本级,120,30%,50%,75%,100%\nP3,差旅费,001,局本级,10,25%,50%,75%,100%"
    told = consider(store, sending_of(text))
    assert changed(told) == [
        (
            "changed",
            "P1",
            [
                ("budget", Decimal("1000000.00"), Decimal("1200000.00")),
                ("checkpoints", "3月 25% / 6月 50% / 10月 75% / 12月 100%", "3月 30% / 6月 50% / 10月 75% / 12月 100%"),
            ],
        ),
        ("added", "P3", []),
        ("missing", "P2", []),
    ]
    assert (told.counts, told.delta) == ({"added": 1, "changed": 1, "unchanged": 0, "missing": 1}, Decimal("300000.00"))
    assert [(p.code, p.value, p.facts["unit_code"]) for p in told.open_questions] == [("W28", "P2", "001")]


@pytest.mark.parametrize(("reason", "stays"), [("cancelled", False), ("still_planned", True)])
def test_a_project_left_out_ends_or_stays_as_it_is_answered(store, reason, stays):
    text = f"{HEADINGS},{QUARTERS}\nP1,会议费,001,局本级,120,30%,50%,75%,100%"
    outcome = acts.load(store, sending_of(text), "张")
    (question,) = outcome.considered.open_questions
    acts.answer(store, outcome.batch, [{"finding": question.key, "reason_code": reason, "reason": None}], "张")
    foretold = consider(store, Sending(**{**vars(sending_of(text)), "absent": () if stays else (("001", "P2"),)}))
    acts.certify(store, outcome.batch, "张", today=TODAY)
    assert ("P2" in progress(store, 3)) is stays
    assert [row["project_code"] for row in foretold.flips if row["status"] is None] == ([] if stays else ["P2"])


def test_a_document_of_other_projects_asks_of_none(store):
    text = f"{HEADINGS},{QUARTERS}\nP9,差旅费,001,局本级,10,25%,50%,75%,100%"
    told = consider(store, sending_of(text))
    assert (changed(told), told.open_questions) == ([("added", "P9", [])], [])


def test_the_same_document_again_differs_in_nothing(store):
    told = consider(store, sending_of(TWO))
    assert (changed(told), told.same_as) == ([], 1)


@pytest.mark.parametrize("form", [".docx", ".pdf", ".xlsx", ".csv"])
def test_the_same_tables_in_another_dress_are_the_same_plan(form, bundled):
    path = PLAN.with_suffix(form)
    told = consider(bundled, Sending(path.name, path.read_bytes(), read_file(path.read_bytes()), TODAY))
    assert (changed(told), told.same_as, told.counts["unchanged"]) == ([], 1, 16)


def test_a_document_over_a_correction_is_asked_about(store):
    certify(store, by_hand.corrected(store, KEY, [{"field": "budget", "holds": Decimal(2_000_000)}], "错"))
    told = consider(store, sending_of(TWO))
    assert [(problem.code, problem.value) for problem in told.open_questions] == [("W29", "P1")]
    take_in(store, TWO, reason="新文件已改")
    assert row_of(store, 3)["current_budget"] == 1_000_000


def test_of_indicators_only_those_that_differ_are_told():
    store = new_store(None)
    text = PLAN.read_text(encoding="utf-8")
    first = Sending("plan.txt", text.encode(), read_file(text.encode()), TODAY)
    acts.certify(store, acts.load(store, first, "张").batch, "张", today=TODAY)
    other = text.replace("\t≥100人", "\t≥120人", 1)
    told = consider(store, Sending("plan.txt", other.encode(), read_file(other.encode()), TODAY))
    ((change, _, [(field, old, new)]),) = changed(told)
    assert (change, field, old.count("\n"), new.count("\n")) == ("changed", "indicators", 0, 0)
    assert ("≥100人" in old, "≥120人" in new) == (True, True)


# The file


def test_a_file_written_by_hand_says_just_what_it_was_made_of(store):
    _, content = by_hand.corrected(store, KEY, [{"field": "goal", "holds": "=1+1 <b>"}], "原文漏写")
    reading = read_file(content)
    assert (reading.recognised, reading.layout, reading.fiscal_year, reading.problems) == ("plan", "correction", 2025, [])
    (row,) = reading.rows
    assert (row["goal"], row["budget"], row["dropped"]) == ("=1+1 <b>", Decimal("1000000.00"), False)
    assert reading.corrections == [
        {
            "corrected": 1,
            "fiscal_year": 2025,
            "unit_code": "001",
            "project_code": "P1",
            "field": "goal",
            "position": None,
            "written": None,
            "holds": "=1+1 <b>",
            "reason": "原文漏写",
        }
    ]


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:-9],
        lambda text: text.replace('"share": "0.250000"', '"share": "NaN"'),
        lambda text: text.replace('"share": "0.250000"', '"share": "11"'),
        lambda text: text.replace('"month": 3', '"month": 13'),
        lambda text: text.replace('"1000000.00"', '"1e99"'),
        lambda text: text.replace('"1000000.00"', '"0.001"'),
        lambda text: text.replace('"correction"', '"anything"'),
        lambda text: text.replace('"project_name": "会议费"', '"project_name": ["会议费"]'),
        lambda text: text.replace('"projects": [', '"projects": [7, '),
        lambda text: text.replace('"fiscal_year": 2025', '"fiscal_year": "MMXXV"'),
        lambda text: text[:40] + "[" * 100_000,
    ],
)
def test_a_damaged_file_by_hand_is_refused_and_never_read_in_part(store, damage):
    _, content = by_hand.corrected(store, KEY, [{"field": "goal", "holds": "做好"}], "漏写")
    text = content.decode()
    assert damage(text) != text
    reading = read_file(damage(text).encode())
    assert (reading.recognised, reading.rows) == (None, [])
    assert [problem.code for problem in reading.problems] == ["F06"]


def test_a_project_that_stands_twice_with_another_budget_in_one_file_is_fatal(store):
    project = by_hand.project_of(store, KEY)
    reading = read_file(written("entry", [project, {**project, "budget": Decimal(1)}], "补录"))
    assert [problem.code for problem in reading.problems] == ["P04"]


def test_the_same_project_of_other_years_is_known_by_its_serial():
    store = new_store(None)
    for year, code in ((24, "13020224P00781710002"), (25, "13020225P00781710002"), (25, "13020225P00781720002")):
        from loaders.codes import check_character

        whole = code + check_character(code)
        text = f"{HEADINGS},{QUARTERS}\n{whole},会议费{year},001,局本级,100,25%,50%,75%,100%"
        content = text.encode()
        acts.certify(store, acts.load(store, Sending("p.csv", content, read_file(content), TODAY), "张").batch, "张", today=TODAY)
    project = next(row for row in store.ask("from plans_on(null) where fiscal_year = 2025 order by project_code"))
    assert [(row["fiscal_year"], row["project_name"]) for row in planned.kin_of(store, project)] == [(2024, "会议费24")]
    assert end_of(3).year == 2025
