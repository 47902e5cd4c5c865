"""Reading a file in a process of its own, so that a hostile or huge one harms nobody else."""

import pickle
import subprocess
import sys
from pathlib import Path

from loaders.files import NOTHING, Declared, read_file
from loaders.problems import Problem, Reading

MOST_SECONDS = 60
MOST_BYTES = 2 * 2**30
HERE = Path(__file__).resolve().parent.parent


def read_apart(content: bytes, declared: Declared = NOTHING, seconds: float = MOST_SECONDS) -> Reading:
    """What `read_file` gives back; finding F07 where reading took too long or too much memory."""
    command = [sys.executable, "-m", "loaders.apart", str(MOST_BYTES)]
    try:
        done = subprocess.run(command, input=pickle.dumps((content, declared)), capture_output=True, timeout=seconds, cwd=HERE, check=False)
    except subprocess.TimeoutExpired:
        return Reading(None, problems=[Problem("F07")])
    return pickle.loads(done.stdout) if done.returncode == 0 else Reading(None, problems=[Problem("F07")])


def main() -> None:
    """The child: limit the memory where the system can, read what came in, hand the Reading back."""
    try:
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
    except (ImportError, ValueError, OSError):
        pass  # noqa: SIM105 - the time limit holds all the same
    content, declared = pickle.load(sys.stdin.buffer)
    sys.stdout.buffer.write(pickle.dumps(read_file(content, declared)))


if __name__ == "__main__":
    main()
