"""Real server processes, and fixtures that hand them out."""

import os
import select
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import orjson
import pytest

from app.launch.processes import Child
from app.launch.valkey import Valkey
from tests.support.forked import FORKS_WELL, Fork
from tests.support.machines import Machine

ROOT: Final = Path(__file__).parents[2]
READY_SECONDS: Final = 60.0
STOP_SECONDS: Final = 20.0

Environment = dict[str, str]


class Server:
    """One process of Assent on a port of its own.

    A `fresh` one is started as the launcher does it; others are forked where they can be.
    """

    def __init__(
        self,
        folder: Path,
        environment: Environment,
        machine: Machine | None = None,
        *,
        fresh: bool = False,
    ) -> None:
        self.folder = folder
        self.fresh = fresh
        self.machine = machine or Machine()
        self.log = folder / "log"
        self.environment = environment
        self.port = 0
        self._heard: socket.socket | None = None
        self._child: Child | Fork | None = None

    @property
    def url(self) -> str:
        return f"http://{self.machine.address}:{self.port}"

    @property
    def pid(self) -> int:
        assert self._child is not None
        return self._child.pid

    @property
    def mails(self) -> Path:
        return self.folder / "data" / "mail"

    def start(self) -> None:
        """Start; again on the same port after an end. `ready` waits until it answers."""
        self._heard, said = socket.socketpair()
        with self.machine.listen(self.port) as listener, said:
            self.port = listener.getsockname()[1]
            self._child = self._process(listener, said)
            self._child.start()

    def ready(self) -> None:
        """Come back when it answers."""
        assert self._heard is not None
        with self._heard as heard:
            ready = select.select([heard], [], [], READY_SECONDS)[0] and heard.recv(1)
        assert ready, self.log.read_text()

    def terminate(self) -> None:
        """Ask for an orderly end, and do not wait for it."""
        self.send(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self.send(signal.SIGKILL)
        self.exit_code(STOP_SECONDS)

    def send(self, number: signal.Signals) -> None:
        assert self._child is not None
        os.kill(self._child.pid, number)

    def exit_code(self, seconds: float) -> int | None:
        """Wait for the end, and return how it ended."""
        assert self._child is not None
        self._child.wait(seconds)
        return self._child.exit_code

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop(STOP_SECONDS)
        if self._heard is not None:
            self._heard.close()

    def complaints(self) -> list[str]:
        """Return what it wrote down as an error of its own, or past its log altogether."""
        lines = self.log.read_text().splitlines()
        return [line for line in lines if _complains(line)]

    def _process(self, listener: socket.socket, said: socket.socket) -> Child | Fork:
        environment = self._environment()
        # A fork has this machine and its clock.
        elsewhere = self.machine.command or "LD_PRELOAD" in environment
        if FORKS_WELL and not (self.fresh or elsewhere):
            return Fork(listener, said, environment=environment, folder=ROOT, log=self.log)
        handed = (listener.fileno(), said.fileno())
        return Child(
            [*self.machine.command, sys.executable, "-m", "app.launch.worker", *map(str, handed)],
            environment=environment,
            handed=handed,
            folder=ROOT,
            log=self.log,
        )

    def _environment(self) -> Environment:
        settings = {
            "ASSENT_DATA_DIR": str(self.folder / "data"),
            "ASSENT_LOG_FORMAT": "json",
            "ASSENT_RATE_LIMITS": "0",
            "ASSENT_DRAIN": "1",
        }
        return {**os.environ, **settings, **self.environment}


def _complains(line: str) -> bool:
    if not line.startswith("{"):
        return True
    said = orjson.loads(line)
    return said["level"] in {"error", "critical"}


StartServers = Callable[..., list[Server]]


@pytest.fixture(scope="session")
def servers(
    tmp_path_factory: pytest.TempPathFactory, database_url: str, redis_url: str
) -> Iterator[tuple[Server, Server]]:
    """Two processes on one database and one Valkey, for all tests that break nothing.

    Whatever they call an error of their own by the end fails the last test that used them.
    """
    files = str(tmp_path_factory.mktemp("attachments"))
    shared = {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "ASSENT_ATTACHMENTS_DIR": files,
    }
    one = Server(tmp_path_factory.mktemp("server-1"), shared, fresh=True)
    two = Server(tmp_path_factory.mktemp("server-2"), shared, fresh=True)
    for server in (one, two):
        server.start()
    for server in (one, two):
        server.ready()
    yield one, two
    one.stop()
    two.stop()
    assert [*one.complaints(), *two.complaints()] == []


@pytest.fixture
def start_servers(
    tmp_path_factory: pytest.TempPathFactory, database_url: str, redis_url: str
) -> Iterator[StartServers]:
    """Start further processes, with settings of their own, that a test may break."""
    started: list[Server] = []

    def start(count: int = 1, **environment: str) -> list[Server]:
        own = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, **environment}
        fresh = [Server(tmp_path_factory.mktemp("server"), own) for _ in range(count)]
        started.extend(fresh)
        for server in fresh:
            server.start()
        for server in fresh:
            server.ready()
        return fresh

    yield start
    for server in started:
        server.stop()
    assert [line for server in started for line in server.complaints()] == []


@pytest.fixture
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    """A Valkey that a test may pause, kill and start again."""
    own = Valkey(tmp_path_factory.mktemp("valkey") / "log")
    own.start()
    yield own
    own.stop()
