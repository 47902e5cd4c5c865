"""An act on a page that is interrupted, as by a click, a closed tab or F5, wherever the framework can interrupt it: whole or nothing."""

import os

import pytest
from drawn import ONE_PROJECT
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.exceptions import StopException
from test_pages import fine, load_plan, sent

from data import acts, doctor, queries
from data.database import Store, open_store

# Each place where the page may be interrupted is tried where BUDGET_PROOFS asks for the full length.
LONG = os.environ.get("BUDGET_PROOFS") == "long"
# How many places further the next try is, while nothing was stored, and after the first that was stored, which takes longest.
STEPS = (1, 1) if LONG else (23, 115)


class Interruption:
    """Stops a run of a page at its n-th call of the framework; counts them."""

    def __init__(self) -> None:
        """Stop nothing yet."""
        self.calls, self.at = 0, 0

    def ask(self, runner: ScriptRunner) -> None:
        """What the framework asks at every call that shows something and at every look into the session's state."""
        if not runner._is_in_script_thread() or not runner._execing:
            return
        self.calls += 1
        if self.calls == self.at:
            raise StopException

    def arm(self, at: int) -> None:
        """Stop the next run at this call; at none for 0."""
        self.calls, self.at = 0, at


@pytest.fixture
def interruption(monkeypatch) -> Interruption:
    """The framework's own way to interrupt a page."""
    found = Interruption()

    def ask(runner: ScriptRunner) -> None:
        found.ask(runner)

    monkeypatch.setattr(ScriptRunner, "_maybe_handle_execution_control_request", ask)
    return found


def ready(app):
    """The page of a file on which everything is answered and a person has given a name."""
    for box in [box for box in app.selectbox if box.key.startswith("why_")]:
        app.selectbox(key=box.key).set_value(box.options[1]).run()
    app.text_input(key=next(box.key for box in app.text_input if box.key.startswith("person_"))).set_value("李")


def stored(store: Store) -> list[str]:
    """The states of all batches of disbursements that were not taken back."""
    return [row["state"] for row in queries.batches(store) if row["kind"] == "actuals" and row["state"] != "withdrawn"]


@pytest.mark.timeout(0 if LONG else 300)
def test_a_certificate_interrupted_at_any_call_of_the_page_is_whole_or_nothing(monkeypatch, tmp_path, interruption):
    path = tmp_path / "monitor.duckdb"
    store = open_store(path)
    load_plan(store, ONE_PROJECT.strip())
    outcomes, at, number, app = {"nothing": 0, "whole": 0}, 1, 1, None
    while True:
        text = f"项目编码,月份,支出金额\nP1,2025-01,{number}.01\n"
        app = app or sent(monkeypatch, path, (f"{number}.csv", text), as_of="2025-01")
        ready(app)
        interruption.arm(at)
        app.button(key=next(button.key for button in app.button if button.key.startswith("do_"))).click().run()
        calls = interruption.calls
        interruption.arm(0)
        states = stored(store)
        assert states in ([], ["certified"]), f"half an act at call {at} of {calls}"
        outcomes["whole" if states else "nothing"] += 1
        app.run()
        assert fine(app), (at, [error.value for error in app.error])
        if states:
            acts.withdraw(store, queries.batches(store)[0]["batch"], "test", "test")
            app, number = None, number + 1
        if calls < at:
            break
        at += STEPS[bool(states)]
    assert outcomes["nothing"] > 2 and outcomes["whole"] > 1
    assert doctor.examine_open(store) == []
