"""Prepares a fresh clone: Python's packages, Node where it is wanted, the built client.

    environment.py run|test|load

What was done is remembered by the content it was done from, so the next time costs nothing.
Standard library only: it runs before anything is installed.
"""

import fcntl
import os
import sys

import client
import packages
from tools import ROOT, PreparationError

LOCKS = {
    "run": ("requirements.lock",),
    "test": ("requirements-dev.lock",),
}


def main() -> int:
    purpose = sys.argv[1] if len(sys.argv) > 1 else "run"
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)  # `make run` and `make test` may start together
        packages.prepare(LOCKS[purpose])
        client.prepare()
    except PreparationError as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        os.close(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
