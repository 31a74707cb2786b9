"""A Valkey of our own: in memory only, on the loopback address, behind a password."""

import secrets
import time
from pathlib import Path

import redis

from app.launch import binaries
from app.launch.accounts import Account
from app.launch.cluster import last_words
from app.launch.errors import LaunchError
from app.launch.ports import LOOPBACK, free_port
from app.launch.processes import Child

READY_SECONDS = 15
STOP_SECONDS = 3
ATTEMPTS = 3
PAUSE = 0.01


class Valkey:
    """What travels through it may be lost, as the database is the truth: nothing is kept."""

    name = "Valkey"

    def __init__(self, log: Path, account: Account | None = None) -> None:
        self.port = 0
        self.child: Child | None = None
        self._log = log
        self._account = account
        self._password = secrets.token_urlsafe(24)

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@{LOOPBACK}:{self.port}/0"

    def start(self) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            self.port = free_port()
            try:
                self.restart()
            except LaunchError:
                if attempt == ATTEMPTS:
                    raise
            else:
                return

    def restart(self) -> None:
        """Serve again on the same port, after a crash."""
        program = binaries.valkey(self._account)
        self.child = Child(
            [str(program), "-"],
            account=self._account,
            log=self._log,
            typed=self._configuration().encode(),  # not on the command line, which others can read
        )
        self.child.start()
        self._await(self.child)

    def running(self) -> bool:
        return self.child is not None and self.child.running

    def stop(self) -> None:
        if self.child:
            self.child.stop(STOP_SECONDS)

    def _configuration(self) -> str:
        return "\n".join(
            (
                f"bind {LOOPBACK}",
                f"port {self.port}",
                f"requirepass {self._password}",
                'save ""',
                "appendonly no",
                "tcp-backlog 128",
                "",
            )
        )

    def _await(self, child: Child) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if not child.running:
                raise LaunchError(f"Valkey did not start: {last_words(self._log)}")
            if self._answers():
                return
            time.sleep(PAUSE)
        raise LaunchError(f"Valkey was not ready after {READY_SECONDS} s; see {self._log}.")

    def _answers(self) -> bool:
        with redis.Redis.from_url(self.url, socket_timeout=1) as client:
            try:
                return bool(client.ping())
            except redis.ConnectionError:
                return False
