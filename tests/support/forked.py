"""Serving processes forked from one that has read the program.

Reading it is nine tenths of what a start costs, and a test run starts hundreds. What is forked has
opened nothing and asked for no setting: from there on it does what `python -m app.launch.worker`
does. The two servers that most tests share are started afresh, and so are those of `tests/launch/`.
"""

import os
import socket
import sys
from multiprocessing import get_context, parent_process
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Thread
from typing import Final

from app.launch import worker

# Elsewhere some system libraries cannot be used on both sides of a fork.
FORKS_WELL: Final = sys.platform == "linux"
FORKS: Final = get_context("forkserver")
FORKS.set_forkserver_preload(["app.main", __name__])


class Fork:
    """One such process, in the shape of the launcher's `Child`."""

    def __init__(
        self,
        listener: socket.socket,
        said: socket.socket,
        *,
        environment: dict[str, str],
        folder: Path,
        log: Path,
    ) -> None:
        self._process: ForkServerProcess = FORKS.Process(
            target=_serve, args=(listener, said, environment, folder, log), daemon=True
        )

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    @property
    def exit_code(self) -> int | None:
        return self._process.exitcode

    def start(self) -> None:
        self._process.start()

    def stop(self, timeout: float) -> None:
        if self._process.is_alive():
            self._process.terminate()
        self.wait(timeout)

    def wait(self, timeout: float) -> None:
        self._process.join(timeout)
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join()


def _serve(
    listener: socket.socket,
    said: socket.socket,
    environment: dict[str, str],
    folder: Path,
    log: Path,
) -> None:
    """Become a worker."""
    Thread(target=_follow_the_tests, daemon=True).start()
    os.setsid()
    os.chdir(folder)
    with log.open("wb") as output:
        for number in (1, 2):
            os.dup2(output.fileno(), number)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[1:] = map(str, (listener.detach(), said.detach()))
    worker.main()


def _follow_the_tests() -> None:
    """End when they do, even if they are killed."""
    tests = parent_process()
    assert tests
    tests.join()
    os._exit(1)
