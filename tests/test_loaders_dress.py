"""Whatever a month is dressed in, the same rows come back; whatever spoils it, money is never wrong without a finding."""

from decimal import Decimal

from dressed import Dress, dresses, exact_lines, lines, multiset, numbered, spoilt
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.files import Declared, read_file
from loaders.problems import Reading

QUICK = settings(max_examples=80, deadline=None, database=None)


def read(content: bytes, dress: Dress) -> Reading:
    return read_file(content, Declared(2025, dress.declared))


def said(reading: Reading) -> list[tuple[str, int, Decimal]]:
    assert {row["fiscal_year"] for row in reading.rows} <= {2025}
    return [(row["project_code"], row["month"], row["amount"]) for row in reading.rows]


def asked(reading: Reading) -> list[tuple[str, int | None, str | None]]:
    """What the sender must mend or confirm."""
    return [(problem.code, problem.row, problem.value) for problem in reading.problems if problem.level != "note"]


@QUICK
@given(st.data(), lines)
def test_a_month_in_any_dress_of_text_comes_back_as_it_is(data, told):
    dress = data.draw(dresses(told))
    reading = read(dress.csv(), dress)
    assert asked(reading) == []
    assert multiset(said(reading)) == multiset(told)


@settings(QUICK, max_examples=40)
@given(st.data(), lines)
def test_a_month_in_any_workbook_comes_back_as_it_is(data, told):
    dress = data.draw(dresses(told))
    reading = read(dress.xlsx(), dress)
    assert asked(reading) == []
    assert multiset(said(reading)) == multiset(told)


@settings(QUICK, max_examples=40)
@given(st.data(), exact_lines)
def test_numbers_of_a_workbook_come_back_to_the_cent(data, told):
    dress = data.draw(dresses(told, plain=True))
    reading = read(numbered(dress).xlsx(), dress)
    assert asked(reading) == []
    assert multiset(said(reading)) == multiset(told)


@settings(QUICK, max_examples=250)
@given(st.data(), lines, st.sampled_from(["top", "bottom"]))
def test_what_spoils_a_month_never_changes_its_total_without_a_finding(data, told, control):
    """The control is the sender's own totals row; where a cut takes that away, it is the total that the sender types (W10)."""
    dress = data.draw(dresses(told, control))
    content = data.draw(spoilt(dress))
    reading = read(content, dress)
    total = sum((amount for *_, amount in told), Decimal(0))
    found = sum((row["amount"] for row in reading.rows), Decimal(0))
    if control == "bottom" and len(content) < len(dress.csv()) and dress.csv().startswith(content):
        return
    assert found == total or asked(reading)
