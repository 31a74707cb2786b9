"""An event full of people, made over the ordinary API."""

import asyncio
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from math import lcm
from typing import Any
from urllib.parse import urlsplit

from loadtests.bench.wire import Connection, connect

# People come in at several doors at once.
DOORS = 8
CHOICES = (b'{"choice":"AGREE"}', b'{"choice":"DISAGREE"}', b'{"choice":"ABSTAIN"}')


@dataclass(frozen=True)
class Hall:
    """One started event, with proposals that nothing decides and people who vote."""

    host: str
    port: int
    event_id: str
    owner: str
    proposals: list[str]
    tokens: list[str]
    _turns: Iterator[int] = field(default_factory=count)

    def turn(self) -> int:
        """Return a number that was not returned before."""
        return next(self._turns)

    async def vote(self, door: Connection) -> None:
        """Let the next person vote on the next proposal, and always change something."""
        turn = self.turn()
        token = self.tokens[turn % len(self.tokens)]
        # Whoever comes to the same proposal again votes differently.
        again = turn // lcm(len(self.proposals), len(self.tokens))
        await door.insist("PUT", self.vote_path(turn), token, CHOICES[again % len(CHOICES)])

    def vote_path(self, turn: int) -> str:
        proposal = self.proposals[turn % len(self.proposals)]
        return f"/api/events/{self.event_id}/assumption-proposals/{proposal}/votes"


async def fill(url: str, people: int, proposals: int = 20) -> Hall:
    """Open an event and let people in."""
    place = urlsplit(url)
    host, port = place.hostname or "", place.port or 80
    door = await connect(host, port)
    owner = {"email": f"{uuid.uuid4()}@example.org", "password": "long enough", "name": "Owner"}
    token = (await _ask(door, "POST", "/auth/signup", None, owner))["token"]
    policies = {"assumption": {"auto_approve": False}, "max_pending_per_member": 100}
    body = {"subject": "Bench", "options": ["A", "B"], "capacity": 100_000, "policies": policies}
    event = await _ask(door, "POST", "/events", token, body)
    where = f"/events/{event['id']}"
    await _ask(door, "PATCH", f"{where}/status", token, {"status": "IN_PROGRESS"})
    made = [
        await _ask(
            door,
            "POST",
            f"{where}/assumption-proposals",
            token,
            {"category": "CREATION", "content": f"Assumption {number}"},
        )
        for number in range(proposals)
    ]
    door.close()
    queues = [people // DOORS + (place < people % DOORS) for place in range(DOORS)]
    came = await asyncio.gather(*(_guests(host, port, event, queue) for queue in queues))
    tokens = [token for tokens in came for token in tokens]
    return Hall(host, port, event["id"], token, [one["id"] for one in made], tokens)


async def _guests(host: str, port: int, event: dict[str, Any], number: int) -> list[str]:
    door = await connect(host, port)
    body = {"name": "Guest", "entrance_code": event["entrance_code"]}
    came = [await _ask(door, "POST", "/auth/guest", None, body) for _ in range(number)]
    door.close()
    return [str(one["token"]) for one in came]


async def _ask(
    door: Connection, method: str, path: str, token: str | None, body: object
) -> dict[str, Any]:
    answer = await door.insist(method, f"/api{path}", token, json.dumps(body).encode())
    content: dict[str, Any] = json.loads(answer)
    await asyncio.sleep(0)
    return content
