"""A template of indicators that comes back filled in: values and grades to record, and what cannot be read or is not meant so."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from loaders import cells
from loaders.columns import Column
from loaders.confined import confined
from loaders.filled import read_filled
from loaders.problems import Problem, Reading

COLUMNS = (
    Column("unit_code", ("单位编码", "unit code", "unit_code")),
    Column("project_code", ("项目编码", "project code", "project_code"), needed=True),
    Column("project_name", ("项目名称", "project name")),
    Column("position", ("指标序号", "序号", "indicator no.", "position"), needed=True),
    Column("level1", ("一级指标", "level 1")),
    Column("level2", ("二级指标", "level 2")),
    Column("level3", ("三级指标", "level 3", "指标名称")),
    Column("comparator", ("比较符", "comparator")),
    Column("target", ("指标值", "target", "年度指标值")),
    Column("target_unit", ("计量单位", "unit of measure")),
    Column("reached", ("完成值", "value reached", "实际完成值", "截至完成值"), needed=True),
    Column("expected", ("全年预计值", "expected year-end value", "全年预计完成值")),
    Column("grade", ("等级", "grade", "评价等级")),
    Column("percent", ("得分率%", "grade percent", "得分率")),
    Column("note", ("备注", "note")),
)
FILLED = ("reached", "expected", "grade", "percent", "note")
TOTAL = ("合计", "总计", "TOTAL")
DECIMALS, MOST = 4, Decimal(10) ** 13
# A unit of this length still counts something; what is longer is a remark that stands in its place.
LONGEST_UNIT = 3
_NUMBER = re.compile(r"([+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)\s*([^0-9.,]*)")
_GRADED = re.compile(r"([^0-9]+?)\s*([0-9]+(?:\.[0-9]+)?)\s*%?")
Row = dict[str, Any]


@dataclass
class _Told:
    """What a row is compared with: the plan's indicators by code, the ways of writing a grade, the bands, rows seen before."""

    planned: dict[str, list[Row]]
    grades: Mapping[str, str]
    bands: Mapping[str, tuple[int, int]]
    seen: dict[tuple[str, str, int], int] = field(default_factory=dict)


def read_indicators_apart(
    content: bytes, planned: Sequence[Row], grades: Mapping[str, str], bands: Mapping[str, tuple[int, int]]
) -> Reading:
    """What `read_indicators` gives back, read in a process of its own; finding F07 where that failed."""
    return confined(read_indicators, content, list(planned), dict(grades), dict(bands)) or Reading(None, problems=[Problem("F07")])


def read_indicators(content: bytes, planned: Sequence[Row], grades: Mapping[str, str], bands: Mapping[str, tuple[int, int]]) -> Reading:
    """The filled rows of the first list of indicators in a file; never an exception.

    `planned` are the indicators of the plan (unit_code, project_code, position, level3, target, comparator, target_value,
    target_unit), `grades` gives the code of every way of writing a grade, `bands` the percents that each allows. Each row:
    row, unit_code, project_code, position, reached, expected, grade, percent, note; None for a cell left blank.
    """
    reading, rows = read_filled(content, COLUMNS, "indicators", "A20")
    told = _Told({}, {cells.label(way): code for way, code in grades.items()}, bands)
    for row in planned:
        told.planned.setdefault(row["project_code"], []).append(row)
    for number, row in rows:
        texts = {name: _text(cell) for name, cell in row.items()}
        if any(not cells.no_amount(texts.get(name, "")) for name in FILLED) and cells.code(texts["project_code"]) not in TOTAL:
            _Row(reading, number, texts, told).read()
    return reading


def _text(cell: str) -> str:
    """A cell without the mark that keeps it from acting as a formula, and without outer blanks."""
    return cell.strip().removeprefix("'").strip()


class _Row:
    """One filled row: what it says, or what is amiss with it."""

    def __init__(self, reading: Reading, number: int, texts: dict[str, str], told: _Told) -> None:
        self.reading, self.number, self.texts, self.told, self.found = reading, number, texts, told, 0

    def read(self) -> None:
        """Add what the row says to the reading, or its findings."""
        indicator = self._indicator()
        if indicator is None:
            return
        key = (indicator["unit_code"], indicator["project_code"], indicator["position"])
        if first := self.told.seen.get(key):
            self._amiss("A30", "position", first=first)
            return
        self.told.seen[key] = self.number
        said: Row = dict.fromkeys(FILLED)
        said["note"] = self._given("note") or None
        if indicator["comparator"]:
            self._refuse("A25", ("grade", "percent"), indicator, "number")
            for name in ("reached", "expected"):
                said[name] = self._number(name, indicator)
        else:
            self._refuse("A25", ("expected",), indicator, "grade")
            said["grade"], said["percent"] = self._grade(indicator)
        if not self.found:
            names = ("unit_code", "project_code", "position")
            self.reading.rows.append({"row": self.number, **dict(zip(names, key, strict=True)), **said})

    def _given(self, name: str) -> str:
        """A cell's text, empty where it is blank or holds but a dash."""
        text = self.texts.get(name, "")
        return "" if cells.no_amount(text) else text

    def _amiss(self, code: str, name: str, expected: str | None = None, **facts: Any) -> None:
        self.found += 1
        value = self.texts.get(name, "")[:60]
        column = self.reading.headings.get(name, name)
        self.reading.problems.append(Problem(code, row=self.number, column=column, value=value, expected=expected, facts=facts))

    def _indicator(self) -> Row | None:
        """The indicator that the row means; None, and a finding, where the plan has none or it reads otherwise there."""
        code, unit = cells.code(self.texts["project_code"]), cells.code(self.texts.get("unit_code", ""))
        kin = [row for row in self.told.planned.get(code, []) if unit in ("", row["unit_code"].upper())]
        if not kin:
            near = [other for other in get_close_matches(code, self.told.planned, 2, 0.8) if other != code]
            self._amiss("A21", "project_code", near[0] if near else None, why="near" if near else "project")
            return None
        if len({row["unit_code"] for row in kin}) > 1:
            self._amiss("A21", "unit_code", " / ".join(sorted({row["unit_code"] for row in kin})), why="unit")
            return None
        position = cells.plain(self.texts["position"]).removesuffix(".0")
        indicator = next((row for row in kin if str(row["position"]) == position), None)
        if indicator is None:
            self._amiss("A21", "position", f"1–{max(row['position'] for row in kin)}", why="position", project=code)
            return None
        for name in ("level3", "target"):
            if self.texts.get(name) and _bare(self.texts[name]) != _bare(indicator[name] or ""):
                self._amiss("A22", name, indicator[name], project=code, position=position)
                return None
        return indicator

    def _refuse(self, code: str, names: Sequence[str], indicator: Row, why: str) -> None:
        """Tell of cells that an indicator of this kind does not have."""
        for name in names:
            if self._given(name):
                self._amiss(code, name, why=why, target=indicator["target"])

    def _number(self, name: str, indicator: Row) -> Decimal | None:
        """The number of a cell in the unit of its target; None for a blank, and with a finding for what is none."""
        text = cells.plain(self._given(name))
        if not text:
            return None
        found = _NUMBER.fullmatch(text)
        if not found:
            self._amiss("A23" if any(sign.isdigit() for sign in text) or cells.is_error(text) else "A24", name, target=indicator["target"])
            return None
        value, unit = Decimal(found[1].replace(",", "")), _unit(found[2])
        if abs(value) > MOST or value != round(value, DECIMALS):
            self._amiss("A31", name)
        elif problem := self._other_unit(value, unit, indicator):
            self._amiss(problem, name, unit=indicator["target_unit"] or "", written=unit, target=indicator["target"])
        return value

    def _other_unit(self, value: Decimal, unit: str, indicator: Row) -> str | None:
        """The code of what is amiss with the unit of a value: another unit, or a share of one where hundredths belong."""
        own = _unit(indicator["target_unit"] or "")
        if unit and unit != own and not (unit == "%" and (not own or len(own) > LONGEST_UNIT)):
            return "A26"
        if own == "%" and not unit and 0 < abs(value) <= 1 < indicator["target_value"]:
            return "A27"
        return None

    def _grade(self, indicator: Row) -> tuple[str | None, Decimal | None]:
        """The grade and its percent; a grade may stand in the column of values, its percent behind it."""
        name = "grade" if self._given("grade") else "reached"
        text, percent = self._given(name), self._given("percent")
        if self._given("grade") and self._given("reached"):
            self._amiss("A25", "reached", why="grade", target=indicator["target"])
        if (together := _GRADED.fullmatch(cells.plain(text))) and not percent:
            text, percent = together[1], together[2]
        if not text and not percent:
            return None, None
        grade = self.told.grades.get(cells.label(text))
        if grade is None:
            is_number = name == "reached" and _NUMBER.fullmatch(cells.plain(text))
            self._amiss("A25" if is_number else "A28", name, **({"why": "grade"} if is_number else {}), target=indicator["target"])
            return None, None
        low, high = self.told.bands[grade]
        value = cells.percent(percent)
        if value is None or not low <= value <= high or value != round(value, DECIMALS):
            self._amiss("A29", "percent" if "percent" in self.texts else name, f"{low}–{high}", low=low, high=high)
        return grade, value


def _unit(text: str) -> str:
    """A unit reduced to what it names."""
    bare = cells.plain(text).strip(" 。.()")
    return "%" if bare in ("%", "百分比", "percent") else bare


def _bare(text: str) -> str:
    return re.sub(r"\s", "", cells.plain(text.removeprefix("'")))
