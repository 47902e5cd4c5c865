"""A document that is no plan is told what it is, or what it lacks to be one."""

import re

from loaders import cells
from loaders.blocks import Block
from loaders.layouts import HEAD, MONEY
from loaders.problems import Problem, Reading
from loaders.shapes import Tables

# What a plan cannot do without, by the words that a reader looks for.
WORDS = ("项目编码", "项目名称", "预算数", "年度资金总额", "资金支出计划", "绩效目标", "一级指标")
NEEDED = ("项目编码", "项目名称", "预算数")
_KINDS = (
    ("department", re.compile(r"(?:部门|单位)(?:预算)?整体(?:支出)?(?:绩效)?(?:目标|评价|自评)")),
    ("evaluation", re.compile(r"绩效自评(?:表|报告|情况)|(?:支出)?绩效评价(?:表|报告)")),
    ("monitoring", re.compile(r"绩效(?:运行|执行)?监控(?:表|报告|情况)|双监控")),
    ("accounts", re.compile(r"决算(?:公开)?(?:报表|表|说明|情况)|决算公开")),
    ("approval", re.compile(r"预算的?批复|批复(?:表|如下|的通知)|关于批复|预算指标的?(?:通知|下达)|下达.{0,30}(?:预算|资金)的通知")),
    ("adjustment", re.compile(r"预算调[整剂](?:表|方案|申请|的)|追加预算|调剂申请")),
    ("regulation", re.compile(r"第[一二三四五六七八九十]{1,3}条|^.{0,60}(?:管理办法|实施细则|的通知)")),
)
_HEADINGS = 1500
_NAMES = {"evaluated": "evaluation", "watched": "monitoring"}


def strange(tables: Tables, found: list[Block]) -> Reading:
    """Not a plan, and why: the form that it is instead, or which of the words of a plan are missing."""
    problems = list(tables.problems)
    results = [(block, kind) for block in found for name, kind in _NAMES.items() if name in block.said]
    if results:
        block, kind = max(results, key=lambda result: result[1] == "monitoring")
        return _told(problems, kind, found, block.titles[0] if block.titles else "", block.number)
    text = "\n".join([tables.text, *(cell for table in tables.tables for row in table.rows for cell in row)])
    said = [word for word in WORDS if word in re.sub(r"\s", "", text)]
    kind = next((kind for kind, pattern in _KINDS if pattern.search(text[:_HEADINGS])), None)
    if found and any(_is_filled(block) for block in found) and kind != "department":
        return _told(problems, "unnamed", found, "", found[0].number)
    if found:
        return _told(problems, "department" if kind == "department" else "blank", found, "", found[0].number)
    missing = [word for word in NEEDED if word not in said]
    if kind is None and (not said or tables.form in ("csv", "workbook")):
        return Reading(None, problems=[*problems, Problem("F06")])
    why = kind or ("incomplete" if tables.tables and missing else "narrative")
    facts = {"why": why, "found": "、".join(said), "missing": "、".join(missing), "count": 0, "names": ""}
    return Reading(None, problems=[*problems, Problem("F21", value="", facts=facts)])


def _told(problems: list[Problem], kind: str, found: list[Block], title: str, row: int) -> Reading:
    names = [name for block in found if (name := cells.plain(block.text("project_name")))]
    facts = {"why": kind, "count": len(found), "names": "、".join(names[:3]), "found": "", "missing": ""}
    return Reading(None, problems=[*problems, Problem("F21", row=row, value=title, facts=facts)])


def _is_filled(block: Block) -> bool:
    """Whether a form says anything about its project or its money."""
    return any(block.text(name) for name in HEAD | MONEY) or bool(block.payments.points)
