"""The process that reads one file: it limits itself, tells how far it is, and leaves the Reading in a folder."""

import gc
import json
import pickle
import sys
from pathlib import Path


def main(folder: Path) -> None:
    """Read what lies in the folder, and leave its Reading there."""
    # Arrow reads without numpy, which would take half of the time in which this process starts.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    # What is made here is needed to the end, which comes soon: there is nothing to collect.
    gc.disable()
    from loaders.files import Declared, read_file  # noqa: PLC0415 - after numpy was left out

    asked = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    content = (folder / "content").read_bytes()
    limit(asked["memory"], asked["seconds"])
    reading = read_file(content, Declared(**asked["declared"]), tell)
    with (folder / "reading").open("wb") as file:
        pickle.dump(reading, file, protocol=pickle.HIGHEST_PROTOCOL)


def tell(stage: str, share: float) -> None:
    """Say to the parent which stage is reached and how much of the whole is done."""
    print(stage, f"{share:.2f}", flush=True)


def limit(memory: int, seconds: float) -> None:
    """Let this process take so much memory more than it has now and so much time, where the system can say that."""
    try:
        import resource  # noqa: PLC0415 - not on every system

        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
        held = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmData"))
        resource.setrlimit(resource.RLIMIT_DATA, (held + memory,) * 2)
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1,) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, StopIteration, ValueError):
        return  # The parent's limit on time holds all the same.


if __name__ == "__main__":
    main(Path(sys.argv[1]))
