"""Events to test in, and the people in them."""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.support.client import Json, Person, problem

MANUAL = {
    "assumption": {"auto_approve": False},
    "criterion": {"auto_approve": False},
    "conclusion": {"auto_approve": False},
}
"""Policies under which only admins decide."""


@dataclass(frozen=True, slots=True)
class Room:
    """An event and its owner."""

    owner: Person
    event: Json

    @property
    def id(self) -> str:
        return str(self.event["id"])

    @property
    def code(self) -> str:
        return str(self.event["entrance_code"])

    @property
    def path(self) -> str:
        return f"/events/{self.id}"

    @property
    def criterion(self) -> str:
        return str(self.event["criteria"][0]["id"])

    async def join(self, person: Person) -> Json:
        """Let somebody who has an account come in, or ask to."""
        return dict(await person.ok("POST", "/events/entry", {"entrance_code": self.code}))

    async def guests(self, count: int) -> list[Person]:
        """Let people come in who have only a name."""
        api = self.owner.api
        return await asyncio.gather(*(api.guest(self.code, f"Guest {n}") for n in range(count)))

    async def propose(
        self, author: Person, content: str = "It will rain.", *, at: int | None = None
    ) -> str:
        body = {"category": "CREATION", "content": content}
        made = await author.ok("POST", f"{self.path}/assumption-proposals", body, at=at)
        return str(made["id"])

    def votes_on(self, proposal: str) -> str:
        return f"{self.path}/assumption-proposals/{proposal}/votes"

    async def insist(self, voter: Person, proposal: str, answered: asyncio.Semaphore) -> None:
        """Vote with one key until that is acknowledged, at whichever process is next.

        `answered` is released with each answer.
        """
        key = str(uuid4())
        while (answer := await voter.send("POST", self.votes_on(proposal), key=key)).is_error:
            answered.release()
            problem(answer, 503)
            assert answer.headers["retry-after"]
        answered.release()

    async def move(self, status: str) -> Json:
        return dict(await self.owner.ok("PATCH", f"{self.path}/status", {"status": status}))

    async def manage(self, membership: str, deed: str, by: Person | None = None) -> Json:
        path = f"{self.path}/memberships/{membership}/{deed}"
        return dict(await (by or self.owner).ok("PATCH", path))

    async def give_role(self, membership: str, role: str) -> Json:
        path = f"{self.path}/memberships/{membership}/role"
        return dict(await self.owner.ok("PATCH", path, {"role": role}))


async def open_room(owner: Person, *, start: bool = True, **fields: Any) -> Room:
    """Open an event that has something of everything, and start it."""
    body = {
        "subject": f"Where do we meet? {uuid4().hex[:6]}",
        "options": ["Here", "There"],
        "assumptions": ["Everybody can come."],
        "criteria": ["Near", "Cheap"],
        "capacity": 200,
        **fields,
    }
    room = Room(owner, await owner.ok("POST", "/events", body))
    if start:
        await room.move("IN_PROGRESS")
    return room
