"""The sample months, and the server of the pages."""

import os
import socket
from pathlib import Path

from data import samples
from data.addresses import setting_of
from data.words import Words
from pages.terminal.told import DONE, Told, UsageError, opened, tell


def sample(told: Told, say: Words) -> int:
    """Load the sample months, or withdraw them."""
    store = opened(told)
    if told.remove:
        count = samples.remove_samples(store, told.person, say("sample.remove_reason"))
    else:
        count = sum(1 for _ in samples.load_samples(store, told.person, say("sample.reason")))
    tell(told, {"batches": count}, [say("sample.removed" if told.remove else "sample.loaded")])
    return DONE


def serve(told: Told, say: Words) -> int:
    """Serve the pages until stopped: on this machine to whoever sits at it, elsewhere only where sign-in is set up."""
    from streamlit.web import cli  # noqa: PLC0415 - half a second that no other verb needs

    from pages import ways  # noqa: PLC0415 - knows Streamlit as well

    os.environ["BUDGET_STORE"] = setting_of(told.store)
    if told.sign_in:
        os.environ["BUDGET_SIGN_IN"] = told.sign_in
    if why := ways.hindrance(opened(told), told.address):
        raise UsageError(say(why, address=told.address))
    script = Path(__file__).resolve().parent.parent.parent / "dashboard.py"
    with socket.socket(socket.AF_INET6 if ":" in told.address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((told.address.strip("[]"), told.port))
        except (OSError, OverflowError) as error:
            raise UsageError(say("cli.port_busy", port=told.port)) from error
    at = ["--server.port", str(told.port), "--server.address", told.address]
    cli.main(["run", str(script), *at], standalone_mode=False)
    return DONE
