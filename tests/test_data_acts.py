"""Acts: wholly done or not at all, once only, and written down so that nothing can be lost unnoticed."""

import hashlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import places
import postgres
import pytest
from drawn import HEADINGS, QUARTERS, end_of, everything, new_store, pay, paying, progress, row_of, sending_of, status

from data import acting, acts, derived, incoming, journal, ledger, queries, staging
from data.acting import ActError
from data.acts import ANY
from data.addresses import Address
from data.arrivals import NO_SPENDING, Sending
from data.database import Store, StoreError
from data.lake import Lake
from data.opening import work_path

HERE = Path(__file__).resolve().parent
TWO_PROJECTS = f"""
{HEADINGS},{QUARTERS}
P1,会议费,001,局本级,100,25%,50%,75%,100%
P2,培训费,001,局本级,100,25%,50%,75%,100%
"""


@pytest.fixture
def path(place):
    """Where a store goes."""
    return place


@pytest.fixture
def store(path):
    """A store with a plan of two projects of one unit, with a journal and kept files."""
    made = new_store(TWO_PROJECTS, path)
    yield made
    made.close()


@contextmanager
def opened(path):
    """A store brought into use, and closed again."""
    store = places.opened(path)
    try:
        acting.prepare(store)
        yield store
    finally:
        store.close()


def tables(store):
    """The names of all tables of the store but the audit, which notes what was refused, too."""
    with store.cursor() as cursor:
        cursor.execute("select table_name from duckdb_tables() where not temporary and table_name <> 'audit' order by 1")
        return [row[0] for row in cursor.fetchall()]


def count_rows(store):
    """How many rows each table has, past any answer remembered."""
    with store.cursor() as cursor:
        return {name: cursor.execute(f"select count(*) from {name}").fetchone()[0] for name in tables(store)}


def journal_lines(store):
    """The lines of acts in the journal, without their ends."""
    path = journal.journal_path(store)
    lines = path.read_bytes().decode().split("\n")[:-1] if path.exists() else []
    return [line for line in lines if "act" in json.loads(line)]


def kept_names(store):
    """The names of the kept files."""
    folder = journal.files_path(store)
    return sorted(file.name for file in folder.iterdir()) if folder.exists() else []


def traces(store):
    """Everything that an act leaves behind: rows, kept files, journal."""
    return count_rows(store), kept_names(store), journal_lines(store)


def load(store, lines):
    """Load drawn disbursements; the outcome."""
    return acts.load(store, sending_of(paying(lines)), "test")


# Loading


@pytest.mark.parametrize(
    "text",
    [
        paying("P9 3 100"),
        paying("P1 13 100"),
        paying("P1 3 many"),
        paying("P1 3 100 999"),
        paying("P1 3 100\nP1 3 100"),
        "单位编码,项目编码,月份\n001,P1,2025-03",
        "nothing of ours\nat all",
        "",
    ],
    ids=["unknown project", "no such month", "no amount", "foreign unit", "same row twice", "no column", "no table", "empty"],
)
def test_of_a_rejected_file_nothing_is_stored(store, text):
    before = traces(store)
    outcome = acts.load(store, sending_of(text), "test")
    assert (outcome.batch, outcome.state, outcome.considered.verdict()) == (None, None, "rejected")
    assert traces(store) == before


def test_an_accepted_file_is_one_batch_that_waits_one_act_and_one_kept_file(store):
    before = count_rows(store)
    outcome = load(store, "P1 3 250000\nP2 3 1")
    grown = {name: count - before[name] for name, count in count_rows(store).items() if count != before[name]}
    assert outcome.state == "checked"
    assert grown == {"batches": 1, "events": 1, "acts": 1, "actuals": 2}
    assert len(kept_names(store)) == 2


@pytest.mark.parametrize("certified", [False, True])
def test_the_same_file_twice_changes_nothing_and_names_the_batch(store, certified):
    first = load(store, "P1 3 250000\nP2 3 1")
    if certified:
        acts.certify(store, first.batch, "test")
    before = traces(store)
    second = load(store, "P1 3 250000\nP2 3 1")
    assert (second.batch, second.state) == (first.batch, "certified" if certified else "checked")
    assert [(problem.code, problem.facts["batch"]) for problem in second.considered.problems] == [("M01", first.batch)]
    assert traces(store) == before


def test_the_same_rows_in_another_order_are_the_same_file(store):
    first = load(store, "P1 3 250000\nP2 3 1")
    assert load(store, "P2 3 1\nP1 3 250000").batch == first.batch


def test_a_withdrawn_file_may_come_again(store):
    first = load(store, "P1 3 250000\nP2 3 1").batch
    acts.withdraw(store, first, "test", "by mistake")
    again = load(store, "P1 3 250000\nP2 3 1")
    assert (again.batch, again.state) == (first + 1, "checked")


def test_a_superseded_file_may_come_again(store):
    first = pay(store, "P1 3 250000\nP2 3 1")
    pay(store, "P1 3 100000\nP2 3 1")
    again = load(store, "P1 3 250000\nP2 3 1")
    assert again.batch not in (None, first)


def test_the_kept_file_is_the_original_to_the_byte(store):
    content = "﻿单位编码,项目编码,月份,支出金额\r\n001,P1,2025-03,1\r\n001,P2,2025-03,2\r\n".encode()
    sending = Sending("a.csv", content, sending_of(content.decode()).reading, date(2025, 12, 31), year=2025)
    outcome = acts.load(store, sending, "test")
    digest = hashlib.sha256(content).hexdigest()
    assert queries.batch_of(store, outcome.batch)["sha256"] == digest
    assert journal.kept(store, digest) == content
    assert digest in kept_names(store)
    assert (journal.files_path(store) / digest).read_bytes() == content


# Certifying and withdrawing


def test_an_open_question_must_be_answered_before_certifying(store):
    batch = load(store, "P1 3 250000\nP2 3 -5").batch
    before = traces(store)
    for reasons in (None, {}, {"W02": "other"}, {"W01": "  "}, {ANY: ""}):
        with pytest.raises(ActError) as raised:
            acts.certify(store, batch, "test", reasons)
        assert raised.value.code == "act.unanswered"
        assert raised.value.facts["count"] == 1
    assert traces(store) == before
    assert acts.certify(store, batch, "test", {"W01": "a refund"})
    assert [(row["code"], row["reason"], row["answered_by"]) for row in queries.findings(store, batch) if row["level"] == "confirm"] == [
        ("W01", "a refund", "test")
    ]


def test_an_act_on_another_batch_makes_the_preview_stale(store):
    told = load(store, "P1 3 250000\nP2 3 1")
    pay(store, "P1 4 1\nP2 4 1")
    before = traces(store)
    with pytest.raises(ActError) as raised:
        acts.certify(store, told.batch, "test", base=told.considered.base)
    assert raised.value.code == "act.stale"
    assert traces(store) == before


def test_a_fresh_preview_is_not_stale(store):
    told = load(store, "P1 3 250000\nP2 3 1")
    assert acts.certify(store, told.batch, "test", base=told.considered.base)


def test_certifying_twice_changes_nothing_the_second_time(store):
    batch = load(store, "P1 3 250000\nP2 3 1").batch
    assert acts.certify(store, batch, "test")
    before = traces(store)
    assert acts.certify(store, batch, "test") is False
    assert traces(store) == before


def test_withdrawing_twice_changes_nothing_the_second_time(store):
    batch = pay(store, "P1 3 250000\nP2 3 1")
    assert acts.withdraw(store, batch, "test", "by mistake")
    before = traces(store)
    assert acts.withdraw(store, batch, "test", "by mistake") is False
    assert traces(store) == before


def test_a_withdrawn_batch_cannot_be_certified(store):
    batch = pay(store, "P1 3 250000\nP2 3 1")
    acts.withdraw(store, batch, "test", "by mistake")
    before = traces(store)
    with pytest.raises(ActError) as raised:
        acts.certify(store, batch, "test")
    assert raised.value.code == "act.withdrawn"
    assert traces(store) == before


def test_an_unknown_batch_and_a_missing_reason_are_refused(store):
    batch = pay(store, "P1 3 250000\nP2 3 1")
    before = traces(store)
    refused = {
        "act.unknown": [lambda: acts.certify(store, 999, "test"), lambda: acts.withdraw(store, 999, "test", "x")],
        "act.reason": [lambda: acts.withdraw(store, batch, "test", "  ")],
    }
    for code, deeds in refused.items():
        for deed in deeds:
            with pytest.raises(ActError) as raised:
                deed()
            assert raised.value.code == code
    assert traces(store) == before


def test_withdrawing_several_with_an_unknown_one_withdraws_none(store):
    batch = pay(store, "P1 3 250000\nP2 3 1")
    before = traces(store)
    with pytest.raises(ActError):
        acts.withdraw_all(store, [batch, 999], "test", "clean up")
    assert traces(store) == before
    assert status(store, 3) == "met"


def test_an_absent_project_confirmed_as_unspent_is_reported_as_zero(store):
    batch = load(store, "P1 3 250000").batch
    assert [row["code"] for row in queries.findings(store, batch) if row["level"] == "confirm"] == ["W07"]
    acts.certify(store, batch, "test", {"W07": NO_SPENDING})
    row = row_of(store, 3, "P2")
    assert (row["reported"], str(row["spent"]), row["status"]) == (True, "0.00", "far_behind")
    line = queries.lines_of(store, 2025, ("001", "P2"))[0]
    assert (line["file_row"], line["batch"], line["note"]) == (None, batch, NO_SPENDING)


def test_an_absent_project_answered_otherwise_stays_unreported(store):
    batch = load(store, "P1 3 250000").batch
    acts.certify(store, batch, "test", {"W07": "later"})
    row = row_of(store, 3, "P2")
    assert (row["reported"], row["spent"], row["status"]) == (False, None, "not_reported")


# Previews


def keyed_statuses(store, month):
    return {code: row["status"] for code, row in progress(store, month).items()}


@pytest.mark.parametrize(
    ("lines", "month"),
    [("P1 4 100000\nP2 4 500000", 4), ("P1 3 0\nP2 3 250000", 3), ("P1 3 250000\nP2 3 250000", 3), ("P1 2 250000\nP2 2 250000", 3)],
)
def test_a_preview_keeps_nothing_and_foretells_what_certifying_changes(store, lines, month):
    pay(store, "P1 3 250000\nP2 3 0")
    before, seen, statuses = traces(store), everything(store), keyed_statuses(store, month)
    told = staging.consider(store, sending_of(paying(lines)))
    assert traces(store) == before
    assert everything(store) == seen
    assert told.as_of == end_of(month)
    acts.certify(store, load(store, lines).batch, "test", {ANY: "drawn"})
    after = keyed_statuses(store, month)
    foretold = {row["project_code"]: (row["status_before"], row["status"]) for row in told.flips}
    assert foretold == {code: (statuses[code], after[code]) for code in after if statuses[code] != after[code]}
    assert told.after == queries.summary(store, end_of(month))[0]


def test_a_preview_with_absent_as_zero_foretells_the_zero(store):
    sending = sending_of(paying("P1 3 250000"))
    told = staging.consider(store, Sending(**{**vars(sending), "absent_is_zero": True}))
    assert {row["project_code"]: row["status"] for row in told.flips} == {"P1": "met", "P2": "far_behind"}


def test_a_preview_of_a_plan_foretells_what_certifying_it_changes(store):
    pay(store, "P1 3 250000\nP2 3 0")
    text = f"{HEADINGS},{QUARTERS}\nP1,会议费,001,局本级,100,50%,60%,75%,100%\nP3,差旅费,001,局本级,100,25%,50%,75%,100%"
    before, statuses = traces(store), keyed_statuses(store, 3)
    told = staging.consider(store, sending_of(text))
    assert traces(store) == before
    acts.certify(store, acts.load(store, sending_of(text), "test").batch, "test", {ANY: "drawn"})
    after = keyed_statuses(store, 3)
    foretold = {row["project_code"]: (row["status_before"], row["status"]) for row in told.flips}
    codes = statuses.keys() | after.keys()
    assert foretold == {code: (statuses.get(code), after.get(code)) for code in codes if statuses.get(code) != after.get(code)}


# The journal


def chained(lines):
    """Whether each line bears the hash of its own rest and of the line before."""
    previous = "0" * 64
    for line in lines:
        told = json.loads(line)
        rest = {name: value for name, value in told.items() if name != "hash"}
        text = json.dumps(rest, ensure_ascii=False, sort_keys=True)
        if told["previous"] != previous or hashlib.sha256(text.encode()).hexdigest() != told["hash"]:
            return False
        previous = told["hash"]
    return bool(lines)


def test_the_journal_says_what_the_acts_table_says_and_its_chain_holds(store):
    batch = pay(store, "P1 3 250000\nP2 3 1")
    acts.withdraw(store, batch, "王丽", "报错了")
    lines = journal_lines(store)
    rows = store.ask("select act, verb, batch, person, recorded_at, payload, previous, hash from acts order by act")
    assert [json.loads(line) for line in lines] == [{**row, "recorded_at": row["recorded_at"].isoformat()} for row in rows]
    assert [row["verb"] for row in rows] == ["rules", "load", "certify", "load", "certify", "withdraw"]
    assert [row["act"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert chained(lines)
    assert not chained([lines[0], *lines[2:]])
    assert not chained([lines[0].replace("default", "Default"), *lines[1:]])


def acts_in(content):
    """The lines of acts in a journal's bytes."""
    return [line for line in content.decode().splitlines() if "act" in json.loads(line)]


def with_history(path):
    """Make a store with a few acts; the journal's path and bytes."""
    store = new_store(TWO_PROJECTS, path)
    batch = pay(store, "P1 3 250000\nP2 3 1", reason="补报")
    acts.withdraw(store, batch, "王丽", "报错了，撤销")
    store.close()
    file = journal.journal_path(store)
    return file, file.read_bytes()


def test_one_changed_byte_in_the_journal_is_noticed_at_the_next_opening(path):
    file, content = with_history(path)
    for place in random.Random(1).sample(range(len(content) - 1), 12):
        for put in (b"0", b"\xff"):
            if content[place : place + 1] == put:
                continue
            file.write_bytes(content[:place] + put + content[place + 1 :])
            with pytest.raises(StoreError) as raised, opened(path):
                pass
            assert raised.value.code.startswith("store.journal_"), (place, put)
    file.write_bytes(content)
    with opened(path) as store:
        assert chained(journal_lines(store))


def test_a_changed_line_end_is_noticed_too(path):
    file, content = with_history(path)
    file.write_bytes(content.replace(b"\n", b"\r", 1))
    with pytest.raises(StoreError), opened(path):
        pass


def test_a_line_too_few_in_the_middle_is_noticed(path):
    file, content = with_history(path)
    lines = content.splitlines(keepends=True)
    file.write_bytes(b"".join([*lines[:2], *lines[3:]]))
    with pytest.raises(StoreError) as raised, opened(path):
        pass
    assert raised.value.code == "store.journal_differs"


@pytest.mark.parametrize("missing", [1, 2, 6])
def test_missing_last_lines_are_completed_from_the_store(path, missing):
    file, content = with_history(path)
    lines = content.splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:-missing]))
    with opened(path) as store:
        assert journal_lines(store) == acts_in(content)


def test_a_missing_journal_is_written_anew_from_the_store(path):
    file, content = with_history(path)
    file.unlink()
    with opened(path) as store:
        assert journal_lines(store) == acts_in(content)


def test_a_last_line_cut_at_any_byte_is_repaired(path):
    file, content = with_history(path)
    start = content.rindex(b"\n", 0, -1) + 1
    chinese = content.rindex("王".encode())
    for cut in (start, start + 1, chinese, chinese + 1, chinese + 2, len(content) - 2, len(content) - 1):
        file.write_bytes(content[:cut])
        with opened(path):
            assert file.read_bytes() == content, cut


@pytest.mark.file_store("a copy of the file that is older than the journal")
def test_a_journal_ahead_of_the_store_is_refused(path, tmp_path):
    old = tmp_path / "old.duckdb"
    with opened(path) as store:
        pay_plan = sending_of(TWO_PROJECTS)
        acts.load(store, pay_plan, "test")
    old.write_bytes(path.read_bytes())
    with opened(path) as store:
        acts.certify(store, 1, "test")
    path.write_bytes(old.read_bytes())
    with pytest.raises(StoreError) as raised, opened(path):
        pass
    assert (raised.value.code, raised.value.facts) == ("store.journal_ahead", {"store": 2, "journal": 3})


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x1c", "\r\n", "\n", "\x00", "\U0001f600", '"', "\\"])
def test_any_sign_in_a_reason_leaves_a_journal_that_opens_again(path, sign):
    with opened(path) as store:
        batch = acts.load(store, sending_of(TWO_PROJECTS), "test").batch
        acts.withdraw(store, batch, "test", f"报错{sign}撤销")
    with opened(path) as store:
        assert len(journal_lines(store)) == 3
        assert queries.batch_of(store, batch)["reason"] == f"报错{sign}撤销"


def test_a_journal_line_that_could_not_be_written_is_made_up_for(path, monkeypatch):
    store = new_store(TWO_PROJECTS, path)
    whole, failed = journal._write, []

    def full_once(store, *recorded):
        if not failed:
            failed.append(recorded)
            raise OSError(28, "No space left on device")
        whole(store, *recorded)

    monkeypatch.setattr(journal, "_write", full_once)
    with pytest.raises(StoreError, match="store.journal_late"):
        load(store, "P1 3 250000\nP2 3 1")
    pay(store, "P1 4 1\nP2 4 1")
    store.close()
    monkeypatch.undo()
    with opened(path) as store:
        assert chained(journal_lines(store))
        assert len(journal_lines(store)) == count_rows(store)["acts"]


# Interruptions


class Interruption(BaseException):
    """What a page that is run again, or Ctrl-C, throws into the middle of an act."""


# What is struck whatever its number.
COMMIT = "commit"


class Counting:
    """A cursor that counts its statements up to the commit and is interrupted just before, or just after, one of them."""

    def __init__(self, cursor, counter):
        self._cursor, self._counter = cursor, counter

    def execute(self, *said):
        if self._counter["done"]:
            return self._cursor.execute(*said)
        self._counter["n"] += 1
        struck = self._counter["strike"] in (self._counter["n"], said[0])
        if struck and not self._counter["after"]:
            raise Interruption
        answer = self._cursor.execute(*said)
        self._counter["done"] = said[0] == "commit"
        if struck:
            raise Interruption
        return answer

    def __getattr__(self, name):
        return getattr(self._cursor, name)


@contextmanager
def struck(monkeypatch, at, after=False):
    """Every cursor counted; the statement of number `at`, or the commit, is interrupted. Gives the counter."""
    counter = {"n": 0, "strike": at, "after": after, "done": False}
    plain = Store.cursor

    @contextmanager
    def counted(self, units=None):
        with plain(self, units) as cursor:
            yield Counting(cursor, counter)

    publish = Lake.publish

    def published(self, *told):
        """What commits an act on a shared store."""
        counter["n"] += 1
        struck = counter["strike"] in (counter["n"], COMMIT)
        if struck and not after:
            raise Interruption
        publish(self, *told)
        counter["done"] = True
        if struck:
            raise Interruption

    with monkeypatch.context() as patch:
        patch.setattr(Store, "cursor", counted)
        patch.setattr(Lake, "publish", published)
        yield counter


# Each statement is interrupted where BUDGET_PROOFS asks for the full length, else one of so many.
LONG = os.environ.get("BUDGET_PROOFS") == "long"
ONE_OF = 1 if LONG else 4


def interrupt_everywhere(store, monkeypatch, deed, step=ONE_OF):
    """Interrupt a deed at statement after statement until one run gets through; how many there are."""
    before, at = traces(store), 1
    while True:
        with struck(monkeypatch, at) as counter:
            try:
                deed()
            except Interruption:
                pass
            else:
                assert counter["n"] < at
                return counter["n"]
        rows, _, lines = traces(store)
        assert (rows, lines) == (before[0], before[2]), f"statement {at}"
        at += step


def test_an_interruption_at_any_statement_of_loading_leaves_no_row(store, monkeypatch):
    pay(store, "P1 2 1\nP2 2 1")
    sending = sending_of(paying("P1 3 -250000"))
    told = staging.consider(store, sending)
    monkeypatch.setattr(acts, "consider", lambda *_: told)
    before = count_rows(store)
    assert interrupt_everywhere(store, monkeypatch, lambda: acts.load(store, sending, "test")) > 20
    grown = {name: count - before[name] for name, count in count_rows(store).items() if count != before[name]}
    assert grown == {"batches": 1, "events": 1, "acts": 1, "actuals": 1, "findings": 2}


def test_an_interruption_at_any_statement_of_considering_leaves_no_row(store, monkeypatch):
    pay(store, "P1 2 1\nP2 2 1")
    sending = sending_of(paying("P1 3 250000\nP2 3 1"))
    assert interrupt_everywhere(store, monkeypatch, lambda: staging.consider(store, sending), step=3 * ONE_OF) > 40


def test_an_interruption_at_any_statement_of_certifying_leaves_no_row(store, monkeypatch):
    batch = load(store, "P1 3 250000").batch
    before = count_rows(store)
    assert interrupt_everywhere(store, monkeypatch, lambda: acts.certify(store, batch, "test", {"W07": NO_SPENDING})) > 8
    grown = {name: count - before[name] for name, count in count_rows(store).items() if count != before[name]}
    assert grown == {"events": 1, "acts": 1, "answers": 1, "actuals": 1}


def test_an_interruption_at_any_statement_of_withdrawing_leaves_no_row(store, monkeypatch):
    batches = [pay(store, f"P1 {month} 1\nP2 {month} 1") for month in (1, 2)]
    assert interrupt_everywhere(store, monkeypatch, lambda: acts.withdraw_all(store, batches, "test", "clean up")) > 8
    assert [queries.batch_of(store, batch)["state"] for batch in batches] == ["withdrawn"] * 2


def test_an_interruption_just_after_the_commit_leaves_the_act_whole_and_seen(path, monkeypatch):
    store = new_store(TWO_PROJECTS, path)
    batch = load(store, "P1 3 250000\nP2 3 1").batch
    assert status(store, 3) == "not_reported"
    with struck(monkeypatch, COMMIT, after=True), pytest.raises(Interruption):
        acts.certify(store, batch, "test")
    assert status(store, 3) == "met"
    assert acts.certify(store, batch, "test") is False
    store.close()
    with opened(path) as store:
        assert chained(journal_lines(store))
        assert len(journal_lines(store)) == count_rows(store)["acts"]


# Several at once


def at_once(*deeds):
    """Run deeds in threads that start together; what each gave back or raised."""
    barrier, answers = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(place, deed):
        barrier.wait()
        try:
            answers[place] = deed()
        except Exception as error:
            answers[place] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_of_two_files_of_one_month_certified_at_once_the_second_is_checked_again_first(store):
    paid = {load(store, f"P1 3 {amount}\nP2 3 {amount}").batch: amount for amount in (250_000, 300_000)}
    done = at_once(*(lambda batch=batch: acts.certify(store, batch, "test") for batch in paid))
    assert sorted(map(str, done)) == ["True", "act.stale"]
    late = list(paid)[[str(answer) for answer in done].index("act.stale")]
    again = acts.recheck(store, late, sending_of(paying(f"P1 3 {paid[late]}\nP2 3 {paid[late]}")), "test")
    assert [problem.code for problem in again.open_questions] == ["W06"]
    assert acts.certify(store, late, "test", {ANY: "restated"})
    official = row_of(store, 3)["batch"]
    assert official == late
    assert {row["spent"] for row in progress(store, 3).values()} == {paid[official]}
    certified = store.ask("select batch, act from events where event = 'certified' and batch > 1 order by act")
    assert sorted(row["batch"] for row in certified) == sorted(paid)
    assert certified[-1]["batch"] == official
    for batch, amount in paid.items():
        rows = store.ask("select amount from actuals where batch = $batch", {"batch": batch})
        assert [row["amount"] for row in rows] == [amount, amount]
    assert chained(journal_lines(store))


def test_one_batch_certified_twice_at_once_is_certified_once(store):
    batch = load(store, "P1 3 250000\nP2 3 1").batch
    assert sorted(at_once(*[lambda: acts.certify(store, batch, "test")] * 2)) == [False, True]
    assert store.ask("select count(*) as n from events where event = 'certified' and batch = $b", {"b": batch}) == [{"n": 1}]


def test_one_file_loaded_twice_at_once_is_one_batch(store):
    outcomes = at_once(*[lambda: load(store, "P1 3 250000\nP2 3 1")] * 2)
    assert {outcome.batch for outcome in outcomes} == {2}
    assert count_rows(store)["batches"] == 2


def test_readers_see_only_whole_states_while_files_are_certified(store):
    amounts = [1000 * place for place in range(1, 6)]
    seen, done = set(), threading.Event()

    def read():
        while not done.is_set():
            seen.add(tuple(row["spent"] for row in progress(store, 3).values()))

    def write():
        try:
            files = (f"P1 3 {amount}\nP2 3 {amount}" for amount in amounts)
            return [acts.certify(store, load(store, file).batch, "test", {ANY: "drawn"}) for file in files]
        finally:
            done.set()

    assert at_once(read, read, write) == [None, None, [True] * 5]
    assert seen <= {(amount, amount) for amount in (None, *amounts)}
    assert row_of(store, 3)["spent"] == amounts[-1]


# Killed

WORKER = """
import sys
sys.path[:0] = {paths!r}
from drawn import paying, sending_of
from data import acting, acts
from data.addresses import place_of
from data.shared import open_place
store = open_place(place_of())
acting.prepare(store)
start = int(sys.argv[1])
sendings = [sending_of(paying("P1 3 %d\\nP2 3 %d\\nP1 4 -%d\\nP2 4 %d" % ((start + i + 1,) * 4))) for i in range(50)]
print("ready", flush=True)
for sending in sendings:
    batch = acts.load(store, sending, "test").batch
    print("certify", flush=True)
    acts.certify(store, batch, "test", {{"*": "kill"}})
    print("done", flush=True)
"""


LEAST_KILLS, MOST_KILLS = 8, 40
# KILLS=200 asks for just so many, which takes some minutes.
KILLS = int(os.environ.get("KILLS", "0"))
# A load takes about a second and a certificate a tenth of it: two kills of three fall into a certificate.
LONGEST_LOAD, LONGEST_CERTIFY = 2.5, 0.15


def killed(path, folder, start, after, wait):
    """Load and certify in another process, killed so many seconds after it has said a word; whether a certificate was cut."""
    # A file of its own: the database draws a bar for whoever it takes for a person at a prompt.
    code = folder / "worker.py"
    code.write_text(WORKER.format(paths=[str(HERE), str(HERE.parent)]), encoding="utf-8")
    around = os.environ | (postgres.around(path) if isinstance(path, Address) else {"BUDGET_STORE": str(path)})
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([sys.executable, code, str(start)], env=around, **pipes) as worker:
        said = worker.stdout.readline()
        assert said == b"ready\n", worker.stderr.read().decode()
        while said != after:
            said = worker.stdout.readline()
            assert said, worker.stderr.read().decode()
        time.sleep(wait)
        worker.send_signal(signal.SIGKILL)
        rest = worker.stdout.read()
        worker.wait()
    return (said + rest).splitlines()[-1] == b"certify"


def whole(store):
    """Assert that every batch of four rows is wholly there, with its act, file, finding and answer; their number."""
    batches = store.ask("from batches_on(null) where kind = 'actuals' order by batch")
    kept = set(kept_names(store))
    for batch in batches:
        number = {"b": batch["batch"]}
        verbs = [row["verb"] for row in store.ask("select verb from acts where batch = $b order by act", number)]
        assert verbs == (["load", "certify"] if batch["state"] == "certified" else ["load"])
        assert store.ask("select count(*) as n, count(distinct abs(amount)) as kinds from actuals where batch = $b", number) == [
            {"n": 4, "kinds": 1}
        ]
        questions = store.ask("select count(*) as n from findings where level = 'confirm' and batch = $b", number)[0]["n"]
        answers = store.ask("select count(*) as n from answers where batch = $b", number)[0]["n"]
        assert questions >= 1
        assert answers == (questions if batch["state"] == "certified" else 0)
        assert batch["sha256"] in kept
        assert hashlib.sha256(journal.kept(store, batch["sha256"])).hexdigest() == batch["sha256"]
    assert [batch["batch"] for batch in batches] == list(range(2, len(batches) + 2))
    assert chained(journal_lines(store))
    assert len(journal_lines(store)) == count_rows(store)["acts"]
    return len(batches)


@pytest.mark.timeout(240 + 10 * KILLS)
def test_a_kill_at_any_moment_leaves_each_batch_wholly_in_or_wholly_out(path, tmp_path):
    new_store(TWO_PROJECTS, path).close()
    moments = random.Random(7)
    batches = cut = 0
    for round_ in range(KILLS or MOST_KILLS):
        after, longest = (b"certify\n", LONGEST_CERTIFY) if moments.random() < 2 / 3 else (b"ready\n", LONGEST_LOAD)
        cut += killed(path, tmp_path, round_ * 1000, after, moments.uniform(0, longest))
        with opened(path) as store:
            found = whole(store)
            assert found >= batches
            batches = found
        if not KILLS and round_ >= LEAST_KILLS and batches >= 3 and cut:
            break
    print(f"{round_ + 1} kills, {cut} within a certificate, {batches} batches")
    assert batches >= 3 and cut


# History


def test_the_history_is_told_a_page_at_a_time_the_newest_first(store):
    for amount in range(1, 4):
        acts.certify(store, acts.load(store, sending_of(paying(f"P1 3 {amount}\nP2 3 2")), "test").batch, "test", {ANY: "x"})
    whole_story = ledger.history(store)
    numbers = [row["act"] for row in whole_story]
    assert numbers == sorted(numbers, reverse=True) and len(numbers) == ledger.act_count(store) > 6
    pages = [ledger.history(store, limit=4, offset=start) for start in range(0, len(numbers) + 4, 4)]
    assert [row for page in pages for row in page] == whole_story and pages[-1] == []
    one = ledger.history(store, 2)
    assert [row["verb"] for row in one] == ["certify", "load"] and ledger.act_count(store, 2) == 2
    assert ledger.history(store, 2, limit=1, offset=1) == one[1:]


# Given back


def test_a_stored_file_leaves_no_rows_of_it_in_temporary_tables_and_none_beside_the_store(tmp_path, monkeypatch):
    monkeypatch.setattr(incoming, "MOST_IN_MEMORY", 1)
    store = new_store(TWO_PROJECTS, tmp_path / "m.duckdb")
    batch = acts.load(store, sending_of(paying("P1 3 10\nP2 3 20")), "test").batch
    with store.cursor() as cursor:
        names = [name for (name,) in cursor.execute("select table_name from duckdb_tables() where temporary").fetchall()]
        assert {"planned", "faulty", "told"} <= set(names)
        assert cursor.execute("select count(*) from duckdb_databases() where database_name = 'staged'").fetchone() == (0,)
        assert [name for name in names if cursor.execute(f"select count(*) from {name}").fetchone() != (0,)] == []
    assert list(work_path(store.path).iterdir()) == []
    assert acts.certify(store, batch, "test", {ANY: "x"}) and row_of(store, 3)["spent"] == 10
    store.close()


def test_a_preview_leaves_the_views_as_they_are_and_judges_by_what_is_official_now(store):
    for amount in (10, 30):
        told = staging.consider(store, sending_of(paying(f"P1 3 {amount}\nP2 3 20")))
        asked = store.ask("from summary_on($as_of, null) where unit_code is null", {"as_of": end_of(3)})[0]
        assert told.before["spent"] == asked["spent"] and told.after["spent"] == amount + 20
        acts.certify(store, acts.load(store, sending_of(paying(f"P1 3 {amount}\nP2 3 20")), "test").batch, "test", {ANY: "x"})
        assert row_of(store, 3)["spent"] == amount
        now = store.ask("from summary_on($as_of, null) where unit_code is null", {"as_of": end_of(3)})[0]
        assert {**now, "unit_name": None} == {**told.after, "unit_name": None}


# Append-only


def test_no_source_of_the_store_updates_or_deletes_a_row_of_the_ledger():
    schema = (HERE.parent / "data" / "schema.sql").read_text(encoding="utf-8")
    # The table of verdicts alone is made anew: it says what the others say.
    names = "|".join(name for name in re.findall(r"create table if not exists (\w+)", schema) if name != derived.TABLE)
    assert names.count("|") >= 10
    written_over = re.compile(
        rf"\b(update\s+({names})\b|delete\s+from\s+({names})\b|truncate\s+(table\s+)?({names})\b|drop\s+table|alter\s+table(?!\s+(\S+\s+add\s+column|{derived.TABLE}\s))"
        rf"|insert\s+or\s+(replace|ignore)|on\s+conflict|create\s+or\s+replace\s+table)",
        re.IGNORECASE,
    )
    assert written_over.search("update batches set batch = 1") and written_over.search("DELETE  FROM acts")
    assert written_over.search("alter table acts drop column hash") and not written_over.search("alter table acts add column note text")
    sources = [path for room in ("data", "pages", "loaders") for path in (HERE.parent / room).rglob("*") if path.suffix in (".py", ".sql")]
    assert len(sources) > 50
    found = {path.name: match[0] for path in sources if (match := written_over.search(path.read_text(encoding="utf-8")))}
    assert found == {}
