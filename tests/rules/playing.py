"""How Hypothesis plays: people on plain lines to both servers, and how long a game lasts."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from uuid import uuid4

import orjson
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from app.launch.ports import LOOPBACK
from tests.support.server import Server

PEOPLE = 6


@dataclass(frozen=True)
class Answer:
    asked: str
    status: int
    kind: str
    text: bytes

    def json(self) -> Any:
        return orjson.loads(self.text)


class Line:
    """Plain connections to both servers, in turn: thousands of requests, one after another."""

    def __init__(self, servers: Sequence[Server]) -> None:
        self._both = [HTTPConnection(LOOPBACK, server.port, timeout=60) for server in servers]
        self._turns = itertools.cycle(self._both)
        self.people = [self._sign_up(n) for n in range(PEOPLE)]

    def close(self) -> None:
        for connection in self._both:
            connection.close()

    def _sign_up(self, n: int) -> tuple[str, str]:
        email = f"player.{n}.{uuid4().hex[:8]}@example.org"
        body = {"email": email, "password": "correct horse", "name": f"Player {n}"}
        made = self._send("POST", "/auth/signup", body, {})
        assert made.status == 201, made.text
        return made.json()["token"], made.json()["user"]["id"]

    def ask(self, who: int, method: str, path: str, body: Any = None) -> Answer:
        return self._send(method, path, body, {"Authorization": f"Bearer {self.people[who][0]}"})

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
        connection = next(self._turns)
        text = b"" if body is None else orjson.dumps(body)
        kind = {} if body is None else {"Content-Type": "application/json"}
        connection.request(method, f"/api{path}", text, headers | kind)
        said = connection.getresponse()
        return Answer(f"{method} {path}", said.status, said.headers["content-type"], said.read())


def play(game: type[RuleBasedStateMachine]) -> None:
    """Play some games of it, and look for the shortest that goes wrong."""
    run_state_machine_as_test(
        game,
        settings=settings(
            max_examples=10,
            stateful_step_count=40,
            deadline=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
