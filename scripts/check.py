"""Everything that must hold before a change is whole, the quick checks first."""

import os
import subprocess
import sys

import client
from tools import PYTHON, ROOT, PreparationError

MODULE = (str(PYTHON), "-m")
LINT = (
    ("ruff", (*MODULE, "ruff", "check")),
    ("format", (*MODULE, "ruff", "format", "--check")),
    ("types", (*MODULE, "mypy")),
    ("layers", (str(PYTHON.with_name("lint-imports")),)),
)
# The slow tests lie side by side: who is done takes over half of what another has not begun.
SHARED = ("-n", os.environ.get("TEST_PROCESSES", "2"), "--dist", "worksteal")
TESTS = ("tests", (*MODULE, "pytest", *SHARED))


def check(name: str, command: tuple[str, ...]) -> None:
    """Run one check in the open; what it prints is the report."""
    print(f"-- {name}", flush=True)
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise PreparationError(f"The check '{name}' failed.")


def check_client() -> None:
    if not (client.WEB / "package.json").exists():
        return
    for script in ("lint", "test"):
        print(f"-- client {script}", flush=True)
        if not client.check(script):
            raise PreparationError(f"The client's check '{script}' failed.")


def main() -> int:
    os.environ["PATH"] = os.pathsep.join((str(PYTHON.parent), os.environ.get("PATH", os.defpath)))
    try:
        for name, command in LINT:
            check(name, command)
        check_client()
        if sys.argv[1:] != ["lint"]:
            check(*TESTS)
    except PreparationError as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
