"""The real document damaged in every way: never a wrong budget without a finding, compared with the known sixteen."""

import random
from decimal import Decimal
from pathlib import Path

import pytest

from data.samples import PLAN
from loaders.files import read_file
from loaders.problems import Reading
from tests.independent import PROJECTS

ORIGINAL = Path(__file__).resolve().parents[2] / "shared" / "documents" / "路南区人社局_2025_绩效目标.txt"
KNOWN = {code: (unit, Decimal(budget)) for unit, code, budget in (line.split() for line in PROJECTS.strip().splitlines())}
LINES = (ORIGINAL if ORIGINAL.exists() else PLAN).read_text(encoding="utf-8").split("\n")
STARTS = [place for place, line in enumerate(LINES) if line.strip().startswith("32300")]
HEAD = LINES[: STARTS[0]]
BLOCKS = [LINES[start:end] for start, end in zip(STARTS, [*STARTS[1:], len(LINES)], strict=True)]
FEW = [line for block in BLOCKS[3:6] for line in block]


def joined(blocks: list[list[str]]) -> list[str]:
    return [*HEAD, *(line for block in blocks for line in block)]


def wrong(reading: Reading) -> list[str]:
    """The projects whose code, unit or budget is not the known one, without a finding of their own."""
    told = {problem.facts.get("project_code") for problem in reading.problems}
    found = []
    for row in reading.rows:
        unit, budget = KNOWN.get(row["project_code"], ("", None))
        funds = (row["fiscal_funds"] or Decimal(0)) + (row["other_funds"] or Decimal(0))
        # A blank budget is L08's finding, funds that do not make up the budget are L11's.
        is_found = row["project_code"] in told or row["budget"] is None or (row["fiscal_funds"] is not None and funds != row["budget"])
        if (row["unit_code"], row["budget"]) != (unit, budget) and not is_found:
            found.append(f"{row['project_code']} {row['unit_code']} {row['budget']}")
    return found


def lost(reading: Reading, codes: set[str]) -> set[str]:
    """The projects that are not read, where no finding stops or asks."""
    asked = any(problem.level != "note" for problem in reading.problems)
    return set() if asked else codes - {row["project_code"] for row in reading.rows}


def read(lines: list[str]) -> Reading:
    return read_file("\n".join(lines).encode())


def codes(lines: list[str]) -> set[str]:
    return {line.strip() for line in lines if line.strip() in KNOWN}


@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize("damage", ["deleted", "doubled", "swapped with the next", "without its tab"])
def test_no_single_damaged_line_gives_a_wrong_budget_or_loses_a_project_unseen(damage, half):
    for place in range(half, len(FEW) - 1, 2):
        before, line, after = FEW[:place], FEW[place], FEW[place + 1 :]
        damaged = {
            "deleted": [*before, *after],
            "doubled": [*before, line, line, *after],
            "swapped with the next": [*before, after[0], line, *after[1:]],
            "without its tab": [*before, line.lstrip("\t"), *after],
        }[damage]
        reading = read(damaged)
        assert wrong(reading) == [], (place, line)
        if damage != "deleted" or line.strip() not in KNOWN:
            assert lost(reading, codes(damaged)) == set(), (place, line)


@pytest.mark.parametrize("seed", range(20))
def test_blocks_in_any_order_are_the_same_sixteen(seed):
    blocks = random.Random(seed).sample(BLOCKS, len(BLOCKS))
    reading = read(joined(blocks))
    assert {row["project_code"]: (row["unit_code"], row["budget"]) for row in reading.rows} == KNOWN
    assert [problem.level for problem in reading.problems if problem.level != "note"] == []


@pytest.mark.parametrize("seed", range(10))
def test_a_block_that_stands_twice_is_read_once_and_noted(seed):
    rng = random.Random(seed)
    place, copy = rng.randrange(len(BLOCKS)), rng.randrange(len(BLOCKS))
    reading = read(joined([*BLOCKS[:place], BLOCKS[copy], *BLOCKS[place:]]))
    assert {row["project_code"]: row["budget"] for row in reading.rows} == {code: budget for code, (_, budget) in KNOWN.items()}
    assert len(reading.rows) == 16
    assert [problem.code for problem in reading.problems] == ["M26"]


def test_a_block_left_out_leaves_the_others_as_they_are():
    for place in range(len(BLOCKS)):
        reading = read(joined([*BLOCKS[:place], *BLOCKS[place + 1 :]]))
        assert (len(reading.rows), wrong(reading), reading.problems) == (15, [], [])


@pytest.mark.parametrize("lose", ["绩效目标表", "[bookmark", "Evaluation"])
def test_lost_titles_and_noise_change_nothing(lose):
    reading = read([line for line in LINES if lose not in line])
    assert (len(reading.rows), wrong(reading), reading.problems) == (16, [], [])


def test_lost_lines_of_the_unit_of_money_change_no_amount():
    reading = read([line for line in LINES if "单位：" not in line])
    assert (len(reading.rows), wrong(reading), [problem.code for problem in reading.problems]) == (16, [], ["M04"])


def test_lost_unit_lines_are_asked_about_project_by_project():
    reading = read([line for line in LINES if not line.strip().startswith("32300")])
    assert {row["project_code"]: row["budget"] for row in reading.rows} == {code: budget for code, (_, budget) in KNOWN.items()}
    assert [problem.code for problem in reading.problems] == ["W23"] * 16


def test_lost_blank_lines_between_rows_change_nothing():
    reading = read([line for place, line in enumerate(LINES) if line or place < STARTS[0]])
    assert ({row["project_code"]: row["budget"] for row in reading.rows}, wrong(reading)) == (
        {code: budget for code, (_, budget) in KNOWN.items()},
        [],
    )


@pytest.mark.parametrize("seed", range(60))
def test_several_damaged_lines_give_no_wrong_budget(seed):
    rng = random.Random(seed)
    lines = list(LINES)
    for _ in range(rng.randint(2, 9)):
        place = rng.randrange(STARTS[0], len(lines) - 1)
        damage = rng.choice(("delete", "double", "swap", "move", "break", "page"))
        if damage == "delete":
            del lines[place]
        elif damage == "double":
            lines.insert(place, lines[place])
        elif damage == "swap":
            lines[place], lines[place + 1] = lines[place + 1], lines[place]
        elif damage == "move":
            lines.insert(rng.randrange(STARTS[0], len(lines)), lines.pop(place))
        elif damage == "break":
            lines.insert(place, "")
        else:
            lines[place] = "\f" + lines[place]
    assert wrong(read(lines)) == []


@pytest.mark.parametrize("seed", range(30))
def test_a_block_cut_off_at_any_line_gives_no_wrong_budget(seed):
    rng = random.Random(seed)
    place = rng.randrange(len(BLOCKS))
    cut = rng.randrange(1, len(BLOCKS[place]))
    for rest in (BLOCKS[place][cut:], BLOCKS[place][:cut]):
        assert wrong(read(joined([*BLOCKS[:place], rest, *BLOCKS[place + 1 :]]))) == []


def test_the_measure_sees_a_wrong_budget_and_a_lost_project():
    lines = [line.replace("2040.22", "2040.23") for line in LINES]
    assert [entry.split()[0] for entry in wrong(read(lines))] == ["13020225P00783510001A"]
    assert lost(read(joined(BLOCKS[1:])), set(KNOWN)) == {"13020225P00781710002T"}
