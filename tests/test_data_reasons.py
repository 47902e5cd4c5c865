"""Every question has its reasons, worded in both languages and short enough for a spreadsheet's list."""

import re

import pytest

from data.reasons import all_reasons, reasons_for, ways_for
from data.words import LANGUAGES, Words, all_words

QUESTIONS = sorted(key for key in all_words() if re.fullmatch(r"W\d\d", key.split(".")[0]) and not key.endswith(".fix"))
RULES = sorted({key.split(".")[0] for key in QUESTIONS})


@pytest.mark.parametrize(
    ("rule", "reasons"),
    [
        ("W01", ("reversal", "refund", "other")),
        ("W02", ("over_budget", "other")),
        ("W07", ("no_spending", "report_later", "other")),
        ("W08", ("short_name", "renamed", "other")),
        ("W09", ("detail_right", "other")),
        ("W10", ("detail_right", "other")),
        ("R06", ("reversal", "refund", "other")),
        ("W99", ("other",)),
    ],
)
def test_a_rule_has_its_own_reasons_and_last_any_other(rule, reasons):
    assert reasons_for(rule) == reasons


@pytest.mark.parametrize("rule", RULES)
def test_every_question_has_a_reason_of_its_own(rule):
    assert len(reasons_for(rule)) >= 2


@pytest.mark.parametrize("code", all_reasons())
def test_every_reason_has_a_word_in_both_languages(code):
    assert all(Words(language)(f"reason.{code}") for language in LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", RULES)
def test_the_words_fit_into_a_spreadsheets_list(rule, language):
    words = [Words(language)(f"reason.{code}") for code in reasons_for(rule)]
    assert not [word for word in words if "," in word or '"' in word]
    assert len(",".join(words)) <= 255


def test_a_reason_is_told_by_its_code_or_its_word():
    ways = ways_for("W01")
    assert (ways["refund"], ways["退款"], ways["Refund"]) == ("refund",) * 3
    assert "本月确无支出" not in ways
