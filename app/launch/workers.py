"""The serving processes: all on one socket, asked to end together."""

import os
import select
import socket
import sys
import time
from pathlib import Path

from app.launch import measuring
from app.launch.errors import LaunchError
from app.launch.processes import Child

READY_SECONDS = 60
# On top of the time in which open requests may end.
STOP_SECONDS = 5


class Worker:
    """One process that answers requests."""

    def __init__(self, name: str, listener: socket.socket, drain: float) -> None:
        self.name = name
        self.child: Child | None = None
        self._listener = listener
        self._drain = drain

    def start(self) -> int:
        """Start, and return the end of a pipe that says "1" when the worker answers."""
        heard, said = os.pipe()
        self._launch(said)
        os.close(said)
        return heard

    def restart(self) -> None:
        if self.child:
            measuring.forget(self.child.pid)
        self._launch(-1)

    def running(self) -> bool:
        return self.child is not None and self.child.running

    def stop(self) -> None:
        if self.child:
            self.child.stop(self._drain + STOP_SECONDS)

    def _launch(self, said: int) -> None:
        listener = self._listener.fileno()
        self.child = Child(
            [sys.executable, "-m", "app.launch.worker", str(listener), str(said)],
            handed=(listener, said) if said >= 0 else (listener,),
            folder=Path.cwd(),
        )
        self.child.start()


class Workers:
    """As many workers as were asked for."""

    def __init__(self, listener: socket.socket, count: int, drain: float) -> None:
        self.each = [Worker(f"Worker {n}", listener, drain) for n in range(1, count + 1)]

    def start(self) -> None:
        """Start all, and come back when all of them answer."""
        heard = [worker.start() for worker in self.each]
        deadline = time.monotonic() + READY_SECONDS
        try:
            for pipe in heard:
                _await(pipe, deadline)
        finally:
            for pipe in heard:
                os.close(pipe)

    def stop(self) -> None:
        for worker in self.each:
            if worker.child:
                worker.child.ask()
        for worker in self.each:
            worker.stop()


def _await(pipe: int, deadline: float) -> None:
    remaining = max(0.0, deadline - time.monotonic())
    if not select.select([pipe], [], [], remaining)[0]:
        raise LaunchError(f"The server was not ready after {READY_SECONDS} s.")
    if not os.read(pipe, 1):  # the pipe ended without a word, and so did the worker
        raise LaunchError("The server did not start; what it said is above.")
