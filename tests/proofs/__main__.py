"""Long proofs by their names: `python -m tests.proofs NAME… [--times N | --short]`; ends with 1 where something was lost."""

import argparse
import importlib
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent)]
# How often each is done where nothing is said, and in the suite.
PROOFS = {
    "kills": (500, 1),
    "flips": (100, 1),
    "disk": (50, 1),
    "permissions": (50, 1),
    "model": (10_000, 24),
    "load": (50, 4),
    "together": (50, 1),
}


def main() -> int:
    """Carry out proofs and print what each found."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs", description=__doc__)
    parser.add_argument("names", nargs="+", choices=PROOFS, metavar="NAME", help=", ".join(PROOFS))
    parser.add_argument("--times", type=int)
    parser.add_argument("--short", action="store_true", help="as few as in the suite")
    parser.add_argument("--longest", type=float, help="seconds until a kill at most; more on a machine that is busy otherwise")
    told = parser.parse_args()
    lost = 0
    for name in told.names:
        begun = time.monotonic()
        more = {"longest": told.longest} if told.longest and name == "kills" else {}
        proof = importlib.import_module(f"tests.proofs.{name}")
        done, wrong = proof.run(told.times or PROOFS[name][told.short], **more)
        if told.short and wrong == [getattr(proof, "CANNOT", None)]:
            print(name, "passed over:", *wrong, sep="\n")
            continue
        print(name, done, f"{time.monotonic() - begun:.0f} s", "wrong:", len(wrong), *wrong[:50], sep="\n", flush=True)
        lost += len(wrong)
    return int(bool(lost))


if __name__ == "__main__":
    sys.exit(main())
