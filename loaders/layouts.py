"""The forms that plans come in, declared: what each label is called, where its value stands, what tells a form."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from loaders import cells

BESIDE, BELOW = "beside", "below"
LONGEST_LABEL = 24
MOST_LABELS = 12


class Term(NamedTuple):
    """A label of the forms: our name for it, the patterns of its words, whether its value may also stand below."""

    name: str
    words: str
    stands: str = BESIDE


class Label(NamedTuple):
    """A label found in a row: its name, its column, its text, and the value that stands in the same cell."""

    name: str
    column: int
    text: str
    inside: str


class Layout(NamedTuple):
    """One form: the labels that tell it, the labels of this year's budget by rank, whether a project needs a code."""

    name: str
    signs: frozenset[str]
    budget: tuple[str, ...]
    goal: tuple[str, ...]
    needs_code: bool


_OF = r"(?:其中)?(?:本年度?|当年|年度|本级|申请|省级?|市级?|区级?|县级?|中央)?"
TERMS = (
    Term("project_code", r"(?:预算)?项目(?:编码|代码|编号|代码编码|编码代码)"),
    Term("project_name", r"(?:预算|专项)?项目名称|专项名称|项目支出名称"),
    Term("unit_code", r"(?:预算|实施)?单位(?:编码|代码)"),
    Term("unit", r"(?:预算|实施|项目|项目实施|填报|申报|申请|用款|编制|项目承担|资金使用)?单位(?:名称)?(?:盖章|公章)?|预算单位编码及名称"),
    Term("department_code", r"(?:主管)?部门(?:编码|代码)"),
    Term("department", r"(?:项目|预算)?主管(?:部门|单位)(?:名称)?(?:及(?:代码|编码))?|部门名称"),
    Term("money", r"(?:金额|货币|计量|资金)单位"),
    Term("funds", r"预算规模及资金用途|预算规模|(?:项目|预算)资金(?:申请|情况|来源|构成|安排)?|资金(?:申请|情况|来源|构成|安排)"),
    Term("budget", r"预算数|本?年度?预算数|年初预算数|预算金额"),
    Term(
        "year_total",
        r"(?:本|当)?年度?(?:项目)?(?:申请)?资金(?:申请)?总额|(?:项目)?(?:当年|本年度?|年度)预算(?:金额|总额|额)?"
        r"|年度(?:总)?金额",
    ),
    Term("long_total", r"(?:中期|实施期|长期|中长期|全周期|三年|累计)(?:项目)?资金总额|项目?总(?:预算|投资)|(?:中期|实施期|长期)总?金额"),
    Term("total", r"(?:项目|申请|预算)?资金(?:总额|总计|合计)|总额|总计|合计|预算总额|总金额|项目预算(?:总额|金额)?"),
    Term("fiscal", _OF + r"财政性?(?:拨款|资金|拨款资金|资金拨款)"),
    Term("fiscal_part", _OF + r"(?:一般公共预算|政府性基金(?:预算)?|国有资本经营预算)(?:财政)?(?:拨款|资金)?"),
    Term("other", r"(?:其中)?其[他它](?:来源)?(?:资金)?"),
    Term(
        "other_part",
        r"(?:单位|自有|自筹|事业|社会投入|银行贷款)资金?|事业收入|(?:事业)?经营(?:性)?收入|财政专户(?:管理)?资金"
        r"|上级补助(?:资金)?",
    ),
    Term("carried", r"(?:其中)?(?:上年|以前年度)?结转(?:结余)?(?:资金)?"),
    Term("long_head", r"实施期|中期|长期|中长期|总体|项目总(?:额|预算)|实施期(?:总额|金额)"),
    Term("year_head", r"(?:20[0-9]{2}|本|当)年度?|年度(?:金额)?"),
    Term("purpose", r"(?:主要|资金)?用途"),
    Term(
        "plan",
        r"(?:资金|预算)?(?:支出|使用|支付|拨付|执行|用款)(?:进度)?计划|(?:分[月季]|[月季]度)(?:用款|支出)计划"
        r"|付款计划|资金支出进度",
        BELOW,
    ),
    Term("goal", r"(?:项目)?(?:总体)?(?:绩效)?目标(?:描述)?", BELOW),
    Term("year_goal", r"(?:本|当)?年度(?:总体)?(?:绩效)?目标", BELOW),
    Term("long_goal", r"(?:中期|实施期|长期|中长期)总?(?:体)?(?:绩效)?目标|(?:项目)?总目标", BELOW),
    Term("targets", r"(?:年度|长期)?绩效指标"),
    Term(
        "stranger",
        r"项目(?:负责人|属性|类别|类型|期|期限|级次|分类|性质|起止时间|概况|内容|背景|立项|立项依据|实施周期|主要内容|经办人)(?:及电话)?"
        r"|(?:联系)?(?:电话|人)|负责人|立项(?:依据|情况)|(?:计划)?(?:开始|完成|结束)(?:日期|时间)|特定目标类(?:项目|目)?|职能(?:活动|概述)"
        r"|支出功能分类|资金性质|同名项目上年预算(?:额|执行数)|备注|填报(?:人|日期|时间)|审核意见|(?:财政|主管)部门(?:审核)?意见|盖章|日期"
        r"|单位负责人|其他(?:需要)?说明的?问题|单位职能概述|项目(?:实施)?(?:进度)?(?:计划|方案)",
    ),
    Term(
        "evaluated",
        r"(?:全年|实际|预算|累计)执行数|执行数|(?:全年)?(?:实际)?完成值|(?:目标)?实际完成情况"
        r"|自?评?得分|自评(?:总分|结论)|评价结论",
    ),
    Term("watched", r"[0-9]{1,4}月(?:执行数|执行率|执行情况|完成情况|实际完成值)|全年预计(?:执行数|完成情况|完成值)|完成目标可能性"),
)
INDICATORS = (
    Term("level1", r"一级指标"),
    Term("level2", r"二级指标"),
    Term("level3", r"三级指标(?:名称)?|指标名称|指标内容|具体指标"),
    Term("description", r"(?:绩效)?指标(?:描述|解释|说明|内容描述)"),
    Term("target", r"(?:绩效|年度|预期|计划|当年|本年度?)?(?:绩效)?(?:指标|目标)(?:目标)?值|年度指标值"),
    Term("long_target", r"(?:实施期|中期|长期)(?:指标|目标)值"),
    Term("sign", r"(?:绩效)?指标性质|比较符|运算符号|指标符号"),
    Term("measure", r"(?:绩效)?(?:度量|计量)单位|单位"),
    Term("basis", r"(?:指标值)?(?:确定|设定|设置)依据|依据|备注"),
    Term("evaluated", r"(?:全年)?(?:实际)?完成值|实际完成情况|自?评?得分|[0-9]{1,4}月(?:执行情况|完成情况|实际完成值)"),
)
HEBEI = Layout("hebei_target", frozenset({"budget", "plan", "purpose"}), ("budget", "total", "year_total"), ("goal", "year_goal"), True)
DECLARATION = Layout(
    "declaration",
    frozenset({"year_total", "long_total", "total", "year_goal", "long_goal"}),
    ("year_total", "budget", "total"),
    ("year_goal", "goal"),
    False,
)
LAYOUTS = (HEBEI, DECLARATION)
HEAD = frozenset({"project_code", "project_name"})
UNITS = frozenset({"unit", "unit_code", "department", "department_code", "money"})
MONEY = frozenset({"budget", "year_total", "long_total", "total", "fiscal", "fiscal_part", "other", "other_part", "carried"})
GOALS = frozenset({"goal", "year_goal", "long_goal"})
BODY = MONEY | GOALS | {"funds", "plan", "purpose", "targets", "long_head", "year_head"}
RESULTS = frozenset({"evaluated", "watched"})
# Labels that stand in rows of their own in every form; a list has them in its header alone.
SIGNS = GOALS | RESULTS | {"funds", "budget", "year_total", "long_total", "plan", "purpose", "targets"}
TITLE = re.compile(r"(?:绩效|自评|监控|申报|评价).{0,12}(?:表|书)$")
YEAR_LINE = re.compile(r"\s*[（(]?\s*20[0-9]{2}\s*年度?\s*[）)]?\s*")
_TAIL = re.compile(r"^\s+|[\s;；,，]*(?:其中\s*[:：]?)?\s*$")
_FIGURES = re.compile(r"(?![0-9０-９]{1,2}[、.．][^0-9])[^年月]*[0-9０-９][^年月]*$|[^\u2e80-\uffff]*$")
_COLON = re.compile(r"(?:^|(?<=[\s;；,，。:：]))([^\s:：;；,，。]{2,24})\s*[:：]")


@cache
def _patterns(terms: tuple[Term, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((term.name, re.compile(term.words)) for term in terms)


@lru_cache(maxsize=20_000)
def name_of(text: str, terms: tuple[Term, ...] = TERMS) -> str | None:
    """The name of the label that a cell's text is, blanks, brackets and colons aside; None for any other text."""
    # Most cells of a long list are figures, codes and dates: no label, and not worth a closer look.
    bare = "" if len(text) > 3 * LONGEST_LABEL or _FIGURES.match(text) else cells.term(text)
    if not bare or len(bare) > LONGEST_LABEL:
        return None
    return next((name for name, pattern in _patterns(terms) if pattern.fullmatch(bare)), None)


def labels(row: Sequence[str]) -> list[Label]:
    """The labels of a row in their order, each with the value that its own cell holds behind a colon."""
    return [label for column, cell in enumerate(row) for label in _of_cell(column, cell)]


def _of_cell(column: int, cell: str) -> list[Label]:
    if not cell.strip():
        return []
    if name := name_of(cell):
        return [Label(name, column, cell, "")]
    found = [(match, name) for match in _COLON.finditer(cell) if (name := name_of(match[1]))] if ":" in cell or "：" in cell else []
    if not found or len(found) > MOST_LABELS or cells.term(cell[: found[0][0].start()]) not in ("", "其中"):
        return []
    if found[0][1] not in HEAD | UNITS | MONEY:
        found = found[:1]
    ends = [match.start() for match, _ in found[1:]] + [len(cell)]
    return [Label(name, column, m[1], _TAIL.sub("", cell[m.end() : end])) for (m, name), end in zip(found, ends, strict=True)]


def indicator_columns(row: Sequence[str]) -> dict[str, int]:
    """Where the header of the indicators puts each of their texts; empty for any other row.

    Where a form sets the whole period beside the year, the last group of columns is the year's.
    """
    names = {column: name for column, cell in enumerate(row) if (name := name_of(cell, INDICATORS))}
    if len({"level1", "level2", "level3", "target"} & set(names.values())) < 3:  # noqa: PLR2004 - one or two may be a text
        return {}
    return {name: column for column, name in names.items()}


def is_title(text: str) -> bool:
    """Whether a cell is the title of a form, such as 项目支出绩效目标申报表（2025年度）, or its second line, the year."""
    return len(text) <= 3 * LONGEST_LABEL and bool(YEAR_LINE.fullmatch(text) or TITLE.search(cells.term(text)))
