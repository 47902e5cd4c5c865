"""One long proof by its name: `python -m tests.proofs NAME [--times N]`; ends with 1 where something was lost."""

import argparse
import importlib
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent)]
# How often each is done where nothing is said.
PROOFS = {"kills": 500, "flips": 100, "disk": 50, "permissions": 50, "model": 10_000, "together": 50}


def main() -> int:
    """Carry out one proof and print what it found."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs", description=__doc__)
    parser.add_argument("name", choices=PROOFS)
    parser.add_argument("--times", type=int)
    parser.add_argument("--longest", type=float, help="seconds until a kill at most; more on a machine that is busy otherwise")
    told = parser.parse_args()
    begun = time.monotonic()
    more = {"longest": told.longest} if told.longest else {}
    done, wrong = importlib.import_module(f"tests.proofs.{told.name}").run(told.times or PROOFS[told.name], **more)
    print(told.name, done, f"{time.monotonic() - begun:.0f} s", "wrong:", len(wrong), *wrong[:50], sep="\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
