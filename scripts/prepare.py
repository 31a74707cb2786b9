"""Finds a Python that is new enough, and lets it prepare the environment.

Written for any Python 3 there may be, so that one that is too old can say so in a sentence.
"""

import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)
OTHERS = ("python3.14", "python3.13", "python3.12", "python3.11")
QUESTION = "import sys; print(sys.version.split()[0]); sys.exit(sys.version_info < (3, 11))"


def version(python: str) -> "tuple[str, bool]":
    """Return what it calls itself, and whether that is enough."""
    try:
        process = subprocess.Popen(
            [python, "-c", QUESTION], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError:
        return "nothing", False
    said = process.communicate()[0].decode().strip()
    return said or "nothing", process.returncode == 0


def choose() -> str:
    """Return the Python to use: the one that was asked for, this one, or a newer one beside it."""
    asked = os.environ.get("PYTHON", "")
    if not asked and sys.version_info >= OLDEST:
        return sys.executable
    first = shutil.which(asked) or asked if asked else sys.executable
    candidates = [first] if asked else [first] + [shutil.which(name) for name in OTHERS]
    for candidate in filter(None, candidates):
        if version(candidate)[1]:
            return candidate
    found = "{} ({})".format(version(first)[0], first)  # noqa: UP032 - see above
    sys.exit("Assent needs Python 3.11 or newer; found " + found + ". PYTHON=... names another.")


def main() -> None:
    python = choose()
    work = os.path.join(os.path.dirname(os.path.abspath(__file__)), "environment.py")  # noqa: PTH100, PTH118, PTH120
    sys.stdout.flush()
    os.execv(python, [python, work] + sys.argv[1:])  # noqa: RUF005, S606 - see above


if __name__ == "__main__":
    main()
