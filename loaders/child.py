"""The process that reads one file: it limits itself, tells how far it is, and leaves the Reading in a folder."""

import gc
import json
import pickle
import sys
from pathlib import Path

# How this process ends where what it has read cannot be written.
NO_ROOM = 28


def main(folder: Path) -> None:
    """Read what lies in the folder, and leave its Reading there."""
    # Arrow reads without numpy, which would take half of the time in which this process starts.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    # What is made here is needed to the end, which comes soon: there is nothing to collect.
    gc.disable()
    from loaders.files import Declared, read_file  # noqa: PLC0415 - after numpy was left out
    from loaders.memory import limit, yield_to_others  # noqa: PLC0415

    asked = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    content = [(folder / "content").read_bytes()]
    yield_to_others()
    limit(asked["memory"], asked["seconds"])
    # The bytes are handed over, not shared: they can go once they have become a table.
    reading = read_file(content.pop(), Declared(**asked["declared"]), tell)
    try:
        with (folder / "reading").open("wb") as file:
            pickle.dump(reading, file, protocol=pickle.HIGHEST_PROTOCOL)
    except OSError:
        # No fault of the file: whoever asked can ask again when there is room.
        sys.exit(NO_ROOM)


def tell(stage: str, share: float) -> None:
    """Say to the parent which stage is reached and how much of the whole is done."""
    print(stage, f"{share:.2f}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
