"""What stands around the hub and the lanes in a schedule: a log and a wire.

They are as slow as chance wants, and lose what may be lost; the hub, its rooms, the streams and the
lanes are the real ones.
"""

import asyncio
from collections import namedtuple
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import orjson

from app.models.base import now
from app.models.errors import Forbidden
from app.models.payloads import Me
from app.models.statuses import ChangeType, EventStatus
from app.services.hub import Hub
from app.services.snapshots import Shared, View
from app.utils.frames import LoggedChange, change_frame, pack
from app.utils.transaction import Published

Head = namedtuple("Head", "epoch seq status")  # noqa: PYI024 - as SQLAlchemy's rows are
Row = namedtuple("Row", "seq type at actor_id name for_user_id payload")  # noqa: PYI024


class Rows(list[Any]):
    def one_or_none(self) -> Any:
        return self[0] if self else None


@dataclass
class Log:
    """The database of one event. Every question takes a while, and is answered in the middle."""

    event_id: UUID
    epoch: UUID
    chance: Random
    changes: list[LoggedChange] = field(default_factory=list)
    banned: dict[UUID, int] = field(default_factory=dict)

    @property
    def head(self) -> int:
        return len(self.changes)

    async def dawdle(self, most: float = 0.05) -> None:
        await asyncio.sleep(self.chance.choice((0.0, self.chance.uniform(0, most))))

    @asynccontextmanager
    async def read(self) -> AsyncIterator["Log"]:
        yield self

    async def execute(self, statement: Any, parameters: Any = None) -> Rows:
        await self.dawdle()
        rows = self._answer(statement, parameters)
        await self.dawdle()
        return rows

    def _answer(self, statement: Any, parameters: Any) -> Rows:
        if parameters is not None:
            return Rows([(self.event_id, self.epoch, self.head)])
        names = [column.name for column in statement.selected_columns]
        if "payload" not in names:
            return Rows([Head(self.epoch, self.head, EventStatus.IN_PROGRESS)])
        given = statement.compile().params
        after, limit = given["seq_1"], given["param_1"]
        found = self.changes[after : after + limit]
        return Rows(
            Row(c.seq, c.type, c.at, c.actor_id, c.actor_name, c.for_user_id, c.payload.decode())
            for c in found
        )

    def commit(self, count: int, banned: UUID | None = None) -> Published:
        """Add changes; with `banned` the first of them sends that person out."""
        first = self.head + 1
        for _ in range(count):
            self.changes.append(self._change(banned))
            if banned is not None:
                self.banned[banned] = self.head
            banned = None
        frames = [change_frame(self.epoch, change) for change in self.changes[first - 1 :]]
        return Published(self.event_id, self.epoch, tuple(frames))

    def _change(self, banned: UUID | None) -> LoggedChange:
        seq = self.head + 1
        if banned is None:
            body = orjson.dumps({"text": f"change {seq}"})
            # Some are for admins, and nobody here is one: they see the number alone.
            whose = UUID(int=9) if self.chance.random() < 0.1 else None
            return LoggedChange(seq, ChangeType.TURNOUT, now(), None, None, whose, body)
        membership = {"user": {"id": banned}, "status": "BANNED", "role": "MEMBER"}
        body = orjson.dumps(membership)
        return LoggedChange(seq, ChangeType.MEMBERSHIP, now(), None, None, None, body)

    async def snapshot(self, caller: Any, _event_id: UUID) -> View:
        """What `Snapshots.read` does."""
        await self.dawdle()
        if caller.id in self.banned:
            raise Forbidden("membership_banned", "You are banned from this event.")
        body = orjson.dumps({"seq": self.head})
        shared = Shared(self.epoch, self.head, body)
        me = Me(membership=None, votes={}, has_ballot=False, read_seq=0)
        view = View(shared, me, checked=self.head, admin=False)
        await self.dawdle()
        return view


@dataclass
class Wire:
    """A bus that is late, loses messages, repeats them, and breaks off and comes back."""

    log: Log
    lossy: float
    hub: Hub | None = None
    connected: bool = True
    channels: set[str] = field(default_factory=set)
    flights: set["asyncio.Task[None]"] = field(default_factory=set)

    def start(self, *_: Any) -> None:
        pass

    async def close(self) -> None:
        pass

    def publish(self, channel: str, message: bytes) -> None:
        """Nobody else is there to hear it."""

    async def subscribe(self, channel: str) -> None:
        self.channels.add(channel)
        await self.log.dawdle()
        self._later(self._confirm(channel))

    async def unsubscribe(self, channel: str) -> None:
        self.channels.discard(channel)
        await self.log.dawdle()

    async def _confirm(self, channel: str) -> None:
        await self.log.dawdle(0.2)
        if self.hub is not None:
            self.hub._on_subscribed(channel)

    def bring(self, channel: str, published: Published) -> None:
        """Carry what another process said: late, twice, in parts, or never."""
        chance = self.log.chance
        if channel not in self.channels or chance.random() < self.lossy:
            return
        message = pack(published.epoch, published.frames)
        for _ in range(chance.choice((1, 1, 1, 2))):
            self._later(self._arrive(channel, message))

    async def _arrive(self, channel: str, message: bytes) -> None:
        await self.log.dawdle(0.3)
        if self.hub is not None:
            self.hub._on_message(channel, message)

    def break_off(self) -> None:
        """Lose what flies; every channel is subscribed again."""
        for flight in self.flights:
            flight.cancel()
        for channel in self.channels:
            self._later(self._confirm(channel))

    def _later(self, work: Any) -> None:
        flight = asyncio.ensure_future(work)
        self.flights.add(flight)
        flight.add_done_callback(self.flights.discard)
