"""Follow-up notices: `notice`, `notices`, `reply`."""

from typing import Any

from data import ladder, notices, queries
from data.database import Store
from data.words import Words
from pages.parts.notice import ladder_rule, notice_docx, notice_html, notice_pdf, number_of, proposal
from pages.terminal.told import DONE, Told, UsageError, asked, form_of, opened, tell, today, write

KEYS = (
    *("fiscal_year", "number", "month", "unit_code", "unit_name", "level", "deadline"),
    *("recorded_by", "recorded_at", "answer", "answered_by"),
)


def notice(told: Told, say: Words) -> int:
    """Issue a notice to a unit and write it, or write an earlier one again as it was issued."""
    form = form_of(told.output, ("pdf", "docx", "html"), say)
    if told.number is None and not (told.unit and told.as_of and told.deadline):
        raise UsageError(say("cli.notice_needs"))
    store = opened(told)
    number, year = told.number, told.year or (told.as_of.year if told.as_of else (queries.years(store) or [0])[0])
    if number is None:
        level = told.level or ladder.step_for(store, told.as_of, told.unit)
        facts = {"level": level, "deadline": told.deadline, "today": today(told)}
        number = notices.issue(store, told.as_of, told.unit, facts, told.person)
    facts = notices.facts(store, year, number)
    content = {"pdf": notice_pdf, "docx": notice_docx, "html": notice_html}[form](facts, say)
    write(told, content, say)
    tell(told, {**_told(facts["notice"]), "file": told.output, "projects": len(facts["projects"])}, [_line(facts["notice"], say)])
    return DONE


def listed(told: Told, say: Words) -> int:
    """The notices of a year with their answers, or the steps that are proposed for a month."""
    store = asked(told, say)
    if told.proposed:
        return _proposed(store, told, say)
    rows = notices.listed(store, told.year or (queries.years(store) or [0])[0])
    tell(told, [_told(row) for row in rows], [_line(row, say) for row in rows] or [say("notice.none")])
    return DONE


def _proposed(store: Store, told: Told, say: Words) -> int:
    if told.as_of is None:
        raise UsageError(say("cli.notices_needs"))
    rows = ladder.proposed(store, told.as_of, told.known_at, told.today)
    answer = [
        {
            **{name: row[name] for name in ("unit_code", "unit_name", "projects", "streak", "since", "level", "deadline")},
            **{"gap_amount": str(row["gap_amount"])},
            **{name: [_told(one) for one in row[name]] for name in ("earlier", "issued")},
        }
        for row in rows
    ]
    lines = [proposal(row, say) for row in rows] or [say("notice.none_proposed")]
    tell(told, answer, [*lines, ladder_rule(queries.rules(store, told.known_at), say)])
    return DONE


def reply(told: Told, say: Words) -> int:
    """Record the answer to a notice."""
    store = opened(told)
    year = told.year or (queries.years(store) or [0])[0]
    notices.answer(store, year, told.number, told.text, told.person, told.today)
    row = notices.notice(store, year, told.number)
    tell(told, _told(row), [_line(row, say)])
    return DONE


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in KEYS}


def _line(row: dict[str, Any], say: Words) -> str:
    answered = f"  {row['answered_by']}：{row['answer']}" if row["answer"] else f"  {say('notice.open')}"
    level = say(f"notice.level_{row['level']}")
    return f"{number_of(row, say)}  {level}  {row['unit_name'] or row['unit_code']}  {row['deadline']}{answered}"
