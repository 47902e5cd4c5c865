"""The log of the server: JSON lines in a file beside the store, which rotates; what happened and where, never who or about what."""

import json
import logging
import os
import traceback
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

SIZE, KEPT = 5_000_000, 5
LOG = logging.getLogger("budget")


class Lines(logging.Formatter):
    """One JSON object a record: its words before anything was put into them, the kind of an exception, the places it passed."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; values that a message or an exception carries may be a person's or a figure, so they are left out."""
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": str(record.msg),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[0]:
            told["error"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            told["trace"] = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(told, ensure_ascii=False)


def keep_log(store: Path | None) -> logging.Handler | None:
    """Write the product's log beside the store from now on; None where BUDGET_LOG is off, or nothing can be written there."""
    if store is None or os.environ.get("BUDGET_LOG") == "off":
        return None
    try:
        handler = RotatingFileHandler(store.with_suffix(".log.jsonl"), maxBytes=SIZE, backupCount=KEPT, encoding="utf-8")
    except OSError:
        return None
    handler.setFormatter(Lines())
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)
    return handler


def log(event: str, **facts: object) -> None:
    """Log an event with facts that are nobody's: counts, codes, seconds."""
    LOG.info(event, extra={"facts": facts})
