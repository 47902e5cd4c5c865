"""Every sentence a person may read stands in words.csv, in both languages."""

import csv
import re
from pathlib import Path

import pytest

from data.words import FILE, LANGUAGES, Words, all_words

HERE = Path(__file__).resolve().parent.parent
STATUSES = ("met", "slightly_behind", "behind", "far_behind", "overspent", "not_reported", "not_due", "no_basis")
SOURCES = [path for room in ("data", "loaders", "pages") for path in (HERE / room).rglob("*.py")]


def said() -> set[str]:
    """The keys that the sources ask for by name."""
    found: set[str] = set()
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"""\bsay\(\s*["']([\w.]+)["']""", text))
        found |= set(re.findall(r"""(?:ActError|StoreError)\(\s*["']([\w.]+)["']""", text))
    return {key for key in found if not key.endswith(".")}


def test_no_translation_is_empty():
    assert [key for key, row in all_words().items() if not row["zh"] or not row["en"]] == []


def test_no_key_stands_twice():
    with FILE.open(encoding="utf-8-sig", newline="") as file:
        keys = [row[0] for row in csv.reader(file) if row]
    assert sorted(key for key in set(keys) if keys.count(key) > 1) == []


def test_every_phrase_that_the_code_says_has_a_row():
    assert len(said()) > 150
    assert sorted(said() - set(all_words())) == []


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_a_word_a_shape_and_a_meaning(status):
    for language in LANGUAGES:
        say = Words(language)
        assert say(f"status.{status}") and say(f"mark.{status}") and say.meaning(f"status.{status}")


def test_the_statuses_of_the_views_are_the_statuses_of_the_words():
    text = (HERE / "data/views/11_status_of.sql").read_text(encoding="utf-8")
    assert set(re.findall(r"then '(\w+)'", text)) | set(re.findall(r"else '(\w+)'", text)) == set(STATUSES)


def test_every_act_and_store_error_can_be_worded():
    for key in said():
        if key.startswith(("act.", "store.")):
            assert all_words()[key]["zh"]


def test_placeholders_are_the_same_in_both_languages():
    for key, row in all_words().items():
        names = [set(re.findall(r"{(\w+)", row[language])) for language in LANGUAGES]
        assert names[0] == names[1], key


def test_no_chinese_is_left_in_english_phrases_but_the_names_of_headings():
    allowed = re.compile(r"(项目编码|预算数|月份|支出金额|当月|累计|百分比|中文|元|万元|3月底|[（）、“”])")
    strays = {key: row["en"] for key, row in all_words().items() if re.search("[一-鿿]", allowed.sub("", row["en"]))}
    assert strays == {}
