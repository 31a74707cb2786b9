"""What every step of the preparation shares: where things are, and how others are run."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


class PreparationError(Exception):
    """The preparation cannot go on: one line that says what to do."""


def say(line: str) -> None:
    print(f"  {line}", flush=True)


def fingerprint(files: Iterable[Path], *more: str) -> str:
    """A digest of the names and contents of files."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(ROOT)}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    digest.update("\0".join(more).encode())
    return digest.hexdigest()


def remembered(stamp: Path) -> str:
    try:
        return stamp.read_text()
    except OSError:
        return ""


def run(what: str, command: list[str], environment: dict[str, str], folder: Path = ROOT) -> None:
    """Run quietly; when it fails, show what it said."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stdout.decode(errors="replace"))
        raise PreparationError(f"{what} failed; what it said is above.")
