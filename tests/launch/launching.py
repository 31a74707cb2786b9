"""Starts the real command in a process of its own, and sees what is left of it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil

TIRED = 20.0


class Launched:
    """An `assent` command under way."""

    def __init__(self, *words: str, prefix: tuple[str, ...] = (), **environment: str) -> None:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "REDIS_URL", "ASSENT_SECRET_KEY")
        }
        self.process = subprocess.Popen(
            [*prefix, sys.executable, "-m", "app.cli", *words],
            env={**inherited, "PORT": "0", "NO_COLOR": "1", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""

    def until(self, words: str) -> str:
        """Read what it says up to the line with these words; return that line."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line
            if words in line:
                return line
        raise AssertionError(f"ended without {words!r}:\n{self.said}")

    def address(self) -> str:
        address = self.until("Open").split()[-1]
        self.until("Ctrl-C")
        return address

    def end(self) -> tuple[int, str]:
        """Wait for the end; return the exit code and everything it said."""
        rest, _ = self.process.communicate(timeout=TIRED)
        return self.process.returncode, self.said + rest

    def family(self) -> list[psutil.Process]:
        """Every process that it started, directly or not."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def put_away(self) -> None:
        """Leave nothing behind, whatever a test did."""
        self.process.kill()
        self.process.communicate()


def await_end(family: list[psutil.Process]) -> None:
    """Return when none of them runs; a dead one that nobody collected does not."""
    deadline = time.monotonic() + TIRED
    while alive := [process for process in family if _runs(process)]:
        assert time.monotonic() < deadline, f"still running: {alive}"
        time.sleep(0.02)


def database_of(folder: Path) -> str:
    """The address of the PostgreSQL that serves a data folder."""
    password = (folder / "postgres" / "password").read_text()
    port = (folder / "postgres" / "cluster" / "postmaster.pid").read_text().splitlines()[3]
    return f"postgresql://assent:{password}@127.0.0.1:{port}/assent"


def _runs(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
