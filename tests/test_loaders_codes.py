"""The check character of project codes, proven on the sixteen codes of the 2025 plan."""

import pytest

from data.samples import PLAN
from loaders.codes import ALPHABET, LENGTH, check_character, closes, destroyed, year_of
from loaders.files import read_file

CODES = [row["project_code"] for row in read_file(PLAN.read_bytes()).rows]


def test_the_plan_has_sixteen_different_codes_of_full_length():
    assert len(set(CODES)) == 16
    assert {len(code) for code in CODES} == {LENGTH}


@pytest.mark.parametrize("code", CODES)
def test_the_check_character_closes_every_code_of_the_plan(code):
    assert closes(code)
    assert check_character(code[:-1]) == check_character(code) == code[-1]


@pytest.mark.parametrize("code", CODES)
def test_every_wrong_character_is_found(code):
    missed = [
        (place, sign)
        for place in range(LENGTH)
        for sign in ALPHABET
        if sign != code[place] and closes(code[:place] + sign + code[place + 1 :])
    ]
    assert missed == []


@pytest.mark.parametrize("code", CODES)
def test_every_swap_of_neighbours_is_found(code):
    missed = [
        place
        for place in range(LENGTH - 1)
        if code[place] != code[place + 1] and closes(code[:place] + code[place + 1] + code[place] + code[place + 2 :])
    ]
    assert missed == []


@pytest.mark.parametrize("code", ["", "1302", CODES[0][:-1], CODES[0] + "0", "I" + CODES[0][1:], CODES[0].lower(), CODES[0][:-1] + "Z"])
def test_a_code_of_another_length_or_alphabet_does_not_close(code):
    assert not closes(code)


def test_a_foreign_sign_has_no_check_character():
    assert check_character("O" * 20) is None
    assert check_character("1" * 19) is None


def test_the_alphabet_has_31_signs_without_the_mistakable_ones():
    assert len(set(ALPHABET)) == len(ALPHABET) == 31
    assert not set("IOSVZ") & set(ALPHABET)


def test_a_code_tells_its_year():
    assert {year_of(code) for code in CODES} == {2025}
    assert year_of("13020226P00781710002T") == 2026
    assert [year_of(code) for code in ("", "X1", "1302022500781710002T", "合计")] == [None] * 4


@pytest.mark.parametrize("code", ["1.30202E+20", "1.30202e+20", "1E20", "1.3E+5"])
def test_a_code_in_scientific_notation_is_destroyed(code):
    assert destroyed(code)


@pytest.mark.parametrize("code", [*CODES[:2], "", "E", "130202"])
def test_a_code_as_text_is_not_destroyed(code):
    assert not destroyed(code)
